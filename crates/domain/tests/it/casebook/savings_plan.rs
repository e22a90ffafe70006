//! Cases of buying savings plans.

use super::form::{Account, Commit, Expect, Native};
use super::{Amounts, book, compare, replay, run};
use jiff::Timestamp;
use prorata_domain::savings_plan::purchase::{Facts, Plan, Request, decide};
use prorata_domain::{Decision, Finding};
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
    savings_plan: Commit,
    expect: Expect,
    /// Every payment, where the case is about them: `2022-10-19 0.73 USD`.
    #[serde(default)]
    schedule: Vec<String>,
}

#[test]
fn casebook() {
    findings();
}

pub fn findings() -> Vec<Finding> {
    run("savings-plan", check)
}

fn check(case: &Case) -> Vec<Finding> {
    let now = case.now.0;
    let book = book(&case.policy);
    let facts = case.savings_plan.facts(&case.account.read());
    let request = case.savings_plan.request();
    let decide = |facts: &Facts, request: &Request| decide(&book, facts, request, now).unwrap();
    let decision = decide(&facts, &request);
    let amounts = decision.proposal.as_ref().map(|plan| amounts("", plan)).unwrap_or_default();
    compare(&case.expect, &decision, &amounts);
    replay(&facts, &request, &decision, decide);
    if !case.schedule.is_empty() {
        assert_eq!(schedule(&decision), case.schedule, "schedule");
    }
    decision.findings
}

fn schedule(decision: &Decision<Plan>) -> Vec<String> {
    let plan = decision.proposal.as_ref().expect("a plan");
    plan.schedule.iter().map(|payment| format!("{} {}", payment.due, payment.amount)).collect()
}

/// The amounts of a plan, each name after `prefix`.
pub fn amounts(prefix: &str, plan: &Plan) -> Amounts {
    let bought = &plan.commitment;
    [
        ("kind", bought.kind.to_string()),
        ("hourly", bought.hourly.to_string()),
        ("whole_term", bought.whole_term.to_string()),
        ("payment", bought.payment.to_string()),
        ("payments", plan.schedule.len().to_string()),
        ("total", plan.total.to_string()),
        ("total_usd", plan.total_usd.to_string()),
        ("expires_on", plan.expires_on.to_string()),
    ]
    .map(|(name, amount)| (format!("{prefix}{name}"), amount))
    .into()
}
