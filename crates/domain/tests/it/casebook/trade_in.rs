//! Cases of trading reservations in for savings plans.

use super::exchange::amounts;
use super::form::{Account, Commit, Expect, Held, Native};
use super::{book, compare, replay, run};
use jiff::Timestamp;
use prorata_domain::Finding;
use prorata_domain::exchange::{Facts, Request};
use prorata_domain::trade_in::decide;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "note")]
    _note: Option<String>,
    now: Native<Timestamp>,
    #[serde(default)]
    policy: Vec<String>,
    #[serde(default)]
    account: Account,
    held: Vec<Held>,
    savings_plan: Vec<Commit>,
    expect: Expect,
}

#[test]
fn casebook() {
    findings();
}

pub fn findings() -> Vec<Finding> {
    run("trade-in", check)
}

fn check(case: &Case) -> Vec<Finding> {
    let now = case.now.0;
    let account = case.account.read();
    let book = book(&case.policy);
    let held = case.held.iter().zip(1..).map(|(held, position)| held.read(position, &account, now));
    let facts = Facts {
        returns: held.collect(),
        savings_plans: case.savings_plan.iter().map(|plan| plan.facts(&account)).collect(),
        ..Facts::default()
    };
    let request = Request {
        returns: case.held.iter().map(|held| held.returned).collect(),
        purchases: Vec::new(),
        savings_plans: case.savings_plan.iter().map(Commit::request).collect(),
    };
    let decide = |facts: &Facts, request: &Request| decide(&book, facts, request, now).unwrap();
    let decision = decide(&facts, &request);
    compare(&case.expect, &decision, &amounts(&decision));
    replay(&facts, &request, &decision, decide);
    decision.findings
}
