//! What a trade-in changes, beside the published members of its quote.

use crate::azure::number::{hourly_price, price};
use prorata_domain::trade_in::comparison::Comparison;
use serde_json::{Value, json};

/// The comparison that a quote of a trade-in carries.
pub fn comparison(told: &Comparison) -> Value {
    let passing: Vec<Value> = told
        .passing
        .iter()
        .map(|(term, hourly)| json!({ "term": term.as_str(), "commitment": hourly_price(*hourly) }))
        .collect();
    let extra =
        told.plan_monthly.and_then(|after| after.minus(told.reservations_monthly).ok()).map(price);
    let mut body = json!({
        "smallestCommitments": passing,
        "term": told.term.as_str(),
        "reservationsMonthly": price(told.reservations_monthly),
        "withoutRate": told.without_rate,
    });
    let known = [
        ("savingsPlanMonthly", told.plan_monthly.map(price)),
        ("extraMonthly", extra),
        ("coveringCommitment", told.covering.map(hourly_price)),
    ];
    for (name, value) in known {
        if let Some(value) = value {
            body[name] = value;
        }
    }
    body
}
