//! `prorata policy show`: the rules, their figures by date, and where they stand.

use crate::database;
use crate::failure::{Failure, Outcome};
use crate::output::Output;
use crate::proof::push_wrapped;
use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_domain::policy::{ClauseInfo, ValueInfo};
use prorata_domain::term::utc_day;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Show the clauses in force on a day, or every value of one clause.
#[derive(Debug, Args)]
pub struct Show {
    /// The day; without it, today (UTC).
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,

    /// Only this clause, such as refund-cap; without --as-of, with all its values.
    #[arg(long, value_name = "NAME")]
    clause: Option<String>,

    /// A directory with policy files that replace or add to the built-in ones.
    #[arg(long, value_name = "DIR")]
    policy: Option<PathBuf>,

    #[command(flatten)]
    output: Output,
}

impl Show {
    pub fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let book = database::policy(self.policy.as_deref())?;
        let wanted: Vec<ClauseInfo<'_>> = book
            .clauses()
            .filter(|clause| self.clause.as_deref().is_none_or(|name| name == clause.name))
            .collect();
        if let (Some(name), true) = (&self.clause, wanted.is_empty()) {
            let names: Vec<&str> = book.clauses().map(|clause| clause.name).collect();
            return Err(Failure::usage(format!("there is no clause `{name}`"))
                .with_hint(format_args!("there are {}", names.join(", "))));
        }
        let day = self.as_of.unwrap_or_else(|| utc_day(Timestamp::now()));
        let all_values = self.clause.is_some() && self.as_of.is_none();
        let rows = wanted.iter().flat_map(|clause| {
            let in_force = clause.on(day).map(|value| value.since);
            let shown = clause
                .values
                .iter()
                .filter(move |value| all_values || Some(value.since) == in_force);
            shown.map(move |value| row(clause, value))
        });
        self.output.print(&Value::Array(rows.collect()), table)?;
        Ok(Outcome::Done)
    }
}

fn row(clause: &ClauseInfo<'_>, value: &ValueInfo<'_>) -> Value {
    let applies: Vec<&str> = clause.applies.iter().map(|job| job.as_str()).collect();
    json!({
        "clause": clause.name,
        "since": value.since.to_string(),
        "value": value.summary,
        "says": clause.says,
        "applies": applies,
        "source": value.source,
        "read": value.read.map(|day| day.to_string()),
    })
}

fn table(rows: &Value) -> String {
    let mut text = String::new();
    let mut before = "";
    for row in rows.as_array().into_iter().flatten() {
        let of = |member: &str| row[member].as_str().unwrap_or_default();
        let clause = of("clause");
        if clause != before {
            if !before.is_empty() {
                text.push('\n');
            }
            text.push_str(&format!("{clause}\n"));
            push_wrapped(&mut text, "  ", of("says"));
            before = clause;
        }
        push_wrapped(&mut text, "  ", &format!("since {}: {}", of("since"), of("value")));
        let read = row["read"].as_str().map_or_else(String::new, |day| format!(" (read {day})"));
        push_wrapped(&mut text, "    ", &format!("source: {}{read}", of("source")));
    }
    text
}
