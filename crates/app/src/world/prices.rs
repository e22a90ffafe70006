//! The prices of a world document.

use crate::{App, Fault};
use jiff::civil::Date;
use prorata_domain::catalog::PriceRow;
use prorata_domain::commit_units::CommitUnits;
use prorata_domain::term::{BillingPlan, Term};
use prorata_ledger::{Currency, Money};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PriceDocument {
    pub resource_type: String,
    pub sku: String,
    pub location: String,
    pub term: String,
    /// Every plan that the type allows, when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billing_plan: Option<String>,
    pub currency: String,
    /// The price of one unit for the whole term, as a decimal in text.
    pub unit_total: Decimal,
    /// What one unit of a pre-purchase plan holds, as a decimal in text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit_units: Option<String>,
    pub since: Date,
}

/// Reads a price row, or tells all that is wrong with it.
pub(super) fn price(
    app: &App,
    row: &PriceDocument,
    at: &impl Fn(&str) -> String,
    faults: &mut Vec<Fault>,
) -> Option<PriceRow> {
    let resource_type = app.catalog.resource_type(&row.resource_type);
    if resource_type.is_none() {
        faults.push(Fault::new(at("resourceType"), "is not a known resource type"));
    }
    let term = Term::parse(&row.term);
    if term.is_none() {
        faults.push(Fault::new(at("term"), "must be one of P1M, P1Y, P3Y, P5Y"));
    }
    let plan = row.billing_plan.as_deref().map(BillingPlan::parse);
    if plan == Some(None) {
        faults.push(Fault::new(at("billingPlan"), "must be Upfront or Monthly"));
    }
    let currency = Currency::parse(&row.currency)
        .map_err(|error| faults.push(Fault::new(at("currency"), error.to_string())));
    let unit_total = currency.ok().and_then(|currency| {
        Money::from_decimal(row.unit_total, currency)
            .map_err(|error| faults.push(Fault::new(at("unitTotal"), error.to_string())))
            .ok()
    });
    if row.unit_total <= Decimal::ZERO {
        faults.push(Fault::new(at("unitTotal"), "must be more than 0"));
    }
    let (resource_type, unit_total) = (resource_type?, unit_total?);
    let commit_units = row.commit_units.as_deref().map(CommitUnits::parse);
    if let Err(wrong) = resource_type.check_commit_units(commit_units) {
        faults.push(Fault::new(at("commitUnits"), wrong));
        return None;
    }
    Some(PriceRow {
        resource_type: resource_type.name.clone(),
        sku: row.sku.clone(),
        location: row.location.replace(' ', "").to_ascii_lowercase(),
        term: term?,
        billing_plan: plan.flatten(),
        currency: unit_total.currency(),
        unit_total,
        since: row.since,
        series: resource_type.series_of(&row.sku),
        commit_units: commit_units.flatten(),
        tier: None,
        size: None,
        flexibility_group: None,
    })
}
