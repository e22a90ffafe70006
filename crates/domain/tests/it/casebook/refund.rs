//! Cases of returning for money.

use super::form::{Account, Amount, Expect, Held, Native};
use super::{Amounts, book, compare, replay, run};
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_domain::accounting;
use prorata_domain::ids::OrderId;
use prorata_domain::refund::{Facts, Plan, Request, decide};
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
    /// Files that stand in place of those of the built-in book.
    #[serde(default)]
    policy: Vec<String>,
    #[serde(default)]
    account: Account,
    held: Held,
    /// What earlier refunds of the same scope counted.
    #[serde(default)]
    counted: Vec<Counted>,
    expect: Expect,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Counted {
    on: Native<Date>,
    amount: Amount,
}

#[test]
fn casebook() {
    findings();
}

pub fn findings() -> Vec<Finding> {
    run("refund", check)
}

fn check(case: &Case) -> Vec<Finding> {
    let now = case.now.0;
    let account = case.account.read();
    let book = book(&case.policy);
    let facts = Facts {
        held: case.held.read(1, &account, now),
        cap_used: case.counted.iter().map(|one| (one.on.0, one.amount.0.minor())).collect(),
    };
    let request = Request { quantity: case.held.returned };
    let decide = |facts: &Facts, request: &Request| decide(&book, facts, request, now).unwrap();
    let decision = decide(&facts, &request);
    compare(&case.expect, &decision, &amounts(&decision));
    replay(&facts, &request, &decision, decide);
    if let Some(plan) = decision.plan() {
        let order = OrderId(uuid::Uuid::from_u128(1));
        let booked =
            accounting::given_back(&account, order, &plan.value, plan.fee, plan.destination);
        booked.expect("an approved refund can be booked");
    }
    decision.findings
}

fn amounts(decision: &Decision<Plan>) -> Amounts {
    let Some(plan) = &decision.proposal else { return Amounts::new() };
    let value = &plan.value;
    let after = plan.cap_used.plus(plan.counted).unwrap();
    let mut amounts = super::value_amounts("", value);
    let more = [
        ("kept", plan.kept.to_string()),
        ("fee", plan.fee.to_string()),
        ("payout", plan.payout.to_string()),
        ("counted", plan.counted.to_string()),
        ("cap_used", plan.cap_used.to_string()),
        ("cap_left_after", plan.cap.minus(after).unwrap().to_string()),
        ("destination", plan.destination.to_string()),
        ("waivers", plan.waivers.len().to_string()),
        ("credit_lapses", plan.credit_lapses.map_or("never".to_owned(), |day| day.to_string())),
    ];
    amounts.extend(more.map(|(name, amount)| (name.to_owned(), amount)));
    amounts
}
