//! Cases of granting an exception.

use super::form::{Account, Expect, Held, Native};
use super::{Amounts, book, compare, replay, run};
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_domain::ids::PrincipalId;
use prorata_domain::policy::ClauseId;
use prorata_domain::waiver::{Facts, Plan, Request, decide};
use prorata_domain::{Decision, Finding};
use serde::Deserialize;
use uuid::Uuid;

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
    held: Held,
    clauses: Vec<ClauseId>,
    lapses_on: Native<Date>,
    /// Who opened the ticket, and who grants.
    opened_by: u128,
    granted_by: u128,
    expect: Expect,
}

#[test]
fn casebook() {
    findings();
}

pub fn findings() -> Vec<Finding> {
    run("waiver", check)
}

fn check(case: &Case) -> Vec<Finding> {
    let now = case.now.0;
    let account = case.account.read();
    let book = book(&case.policy);
    let person = |number| PrincipalId(Uuid::from_u128(number));
    let facts = Facts {
        held: case.held.read(1, &account, now),
        ticket: "please".to_owned(),
        opened_by: person(case.opened_by),
        granted_by: person(case.granted_by),
    };
    let request = Request { clauses: case.clauses.clone(), lapses_on: case.lapses_on.0 };
    let decide = |facts: &Facts, request: &Request| decide(&book, facts, request, now).unwrap();
    let decision = decide(&facts, &request);
    compare(&case.expect, &decision, &amounts(&decision));
    replay(&facts, &request, &decision, decide);
    decision.findings
}

fn amounts(decision: &Decision<Plan>) -> Amounts {
    let Some(plan) = &decision.proposal else { return Amounts::new() };
    let names: Vec<&str> = plan.clauses.iter().map(|clause| clause.as_str()).collect();
    let all = [("clauses", names.join(", ")), ("lapses_on", plan.lapses_on.to_string())];
    all.map(|(name, amount)| (name.to_owned(), amount)).into()
}
