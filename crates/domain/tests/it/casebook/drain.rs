//! Cases of paying usage from pre-purchase plans.

use super::form::{Expect, Native};
use super::{Amounts, book, compare, replay, run};
use jiff::Timestamp;
use jiff::civil::date;
use prorata_domain::Finding;
use prorata_domain::commit_units::CommitUnits;
use prorata_domain::drain::{Facts, Request, decide};
use prorata_domain::ids::{OrderId, ReservationId};
use prorata_domain::reservation::ReservationState;
use prorata_domain::term::day_start;
use serde::Deserialize;
use uuid::Uuid;

/// A plan that runs from 2026-03-01 to the end of February 2027.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    #[serde(rename = "source")]
    _source: String,
    now: Native<Timestamp>,
    #[serde(default = "databricks")]
    resource_type: String,
    /// What one unit of the plan holds.
    holds: Option<CommitUnits>,
    #[serde(default = "one")]
    quantity: u32,
    #[serde(default)]
    drained: CommitUnits,
    state: Option<ReservationState>,
    used_at: Native<Timestamp>,
    units: CommitUnits,
    expect: Expect,
}

fn databricks() -> String {
    "Databricks".to_owned()
}

fn one() -> u32 {
    1
}

#[test]
fn casebook() {
    findings();
}

pub fn findings() -> Vec<Finding> {
    run("drain", check)
}

fn check(case: &Case) -> Vec<Finding> {
    let book = book(&[]);
    let facts = Facts {
        order: OrderId(Uuid::from_u128(101)),
        reservation: ReservationId(Uuid::from_u128(1)),
        resource_type: case.resource_type.clone(),
        state: case.state.clone().unwrap_or(ReservationState::Active),
        quantity: case.quantity,
        holds: case.holds,
        drained: case.drained,
        started_at: day_start(date(2026, 3, 1)),
        expires_on: date(2027, 3, 1),
    };
    let request =
        Request { usage_id: "usage".to_owned(), used_at: case.used_at.0, units: case.units };
    let decide =
        |facts: &Facts, request: &Request| decide(&book, facts, request, case.now.0).unwrap();
    let decision = decide(&facts, &request);
    let amounts = match &decision.proposal {
        None => Amounts::new(),
        Some(plan) => [
            ("bought", plan.bought),
            ("covered", plan.covered),
            ("overage", plan.overage),
            ("left", plan.left),
        ]
        .map(|(name, units)| (name.to_owned(), units.to_string()))
        .into(),
    };
    compare(&case.expect, &decision, &amounts);
    replay(&facts, &request, &decision, decide);
    decision.findings
}
