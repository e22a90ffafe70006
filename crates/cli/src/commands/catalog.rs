//! `prorata catalog types`: what can be reserved, how it is sold, and what may become of it.

use crate::database;
use crate::failure::{Failure, Outcome};
use crate::output::{Output, columns, plain};
use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_domain::catalog::Catalog;
use prorata_domain::catalog::types::{TypeRow, rows};
use prorata_domain::term::utc_day;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Show every resource type as it is on a day.
#[derive(Debug, Args)]
pub struct Types {
    /// The day; without it, today (UTC).
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,

    /// Only this type, such as VirtualMachines.
    #[arg(long = "type", value_name = "NAME")]
    name: Option<String>,

    /// A directory with policy files that replace or add to the built-in ones.
    #[arg(long, value_name = "DIR")]
    policy: Option<PathBuf>,

    #[command(flatten)]
    output: Output,
}

impl Types {
    pub fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let book = database::policy(self.policy.as_deref())?;
        let catalog = Catalog::built_in();
        if let Some(name) = &self.name
            && catalog.resource_type(name).is_none()
        {
            let names: Vec<&str> =
                catalog.resource_types().map(|kind| kind.name.as_str()).collect();
            return Err(Failure::usage(format!("there is no resource type `{name}`"))
                .with_hint(format_args!("there are {}", names.join(", "))));
        }
        let day = self.as_of.unwrap_or_else(|| utc_day(Timestamp::now()));
        let asked = self.name.as_deref();
        let shown = rows(&catalog, &book, day)
            .into_iter()
            .filter(|row| asked.is_none_or(|name| name.eq_ignore_ascii_case(row.name)));
        self.output.print(&Value::Array(shown.map(|row| shape(&row)).collect()), table)?;
        Ok(Outcome::Done)
    }
}

fn shape(row: &TypeRow<'_>) -> Value {
    let sources = row.sources.iter().map(|source| {
        json!({
            "what": source.what,
            "since": source.since.to_string(),
            "source": source.source,
        })
    });
    json!({
        "type": row.name,
        "title": row.title,
        "sold": row.sold,
        "terms": row.terms.iter().map(|term| term.as_str()).collect::<Vec<_>>(),
        "billingPlans": row.billing_plans.iter().map(|plan| plan.as_str()).collect::<Vec<_>>(),
        "unit": row.unit,
        "sizeFlexible": row.size_flexible,
        "prePurchase": row.pre_purchase,
        "refundable": row.refundable,
        "exchangeable": row.exchangeable,
        "exchangeGroup": row.group,
        "becomes": row.becomes,
        "exchangeEnds": row.exchange_ends.map(|day| day.to_string()),
        "splitAndMerged": row.rearranged,
        "note": row.note,
        "sources": sources.collect::<Vec<_>>(),
    })
}

fn table(rows: &Value) -> String {
    let yes = |value: &Value| if *value == json!(true) { "yes" } else { "no" }.to_owned();
    let list = |value: &Value| {
        let items = value.as_array().into_iter().flatten();
        items.map(plain).collect::<Vec<_>>().join(", ")
    };
    columns(
        &["Type", "Sold", "Terms", "Paid", "Returned", "Exchanged", "Group", "Exchange ends"],
        rows.as_array().into_iter().flatten().map(|row| {
            vec![
                plain(&row["type"]),
                yes(&row["sold"]),
                list(&row["terms"]),
                list(&row["billingPlans"]),
                yes(&row["refundable"]),
                yes(&row["exchangeable"]),
                plain(&row["exchangeGroup"]),
                plain(&row["exchangeEnds"]),
            ]
        }),
    )
}
