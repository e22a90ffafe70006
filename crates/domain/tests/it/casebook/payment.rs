//! Cases of payments that fall due.

use super::form::{Account, Amount, Expect, Native};
use super::{Amounts, book, compare, replay, run};
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_domain::Finding;
use prorata_domain::payment::{Facts, decide};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    #[serde(rename = "source")]
    _source: String,
    now: Native<Timestamp>,
    #[serde(default)]
    policy: Vec<String>,
    #[serde(default)]
    account: Account,
    /// The payments that are taken together.
    numbers: Vec<i32>,
    since: Native<Date>,
    amount: Amount,
    attempts: i64,
    expect: Expect,
}

#[test]
fn casebook() {
    findings();
}

pub fn findings() -> Vec<Finding> {
    run("payment", check)
}

fn check(case: &Case) -> Vec<Finding> {
    let now = case.now.0;
    let book = book(&case.policy);
    let facts = Facts {
        account: case.account.read(),
        numbers: case.numbers.clone(),
        since: case.since.0,
        amount: case.amount.0,
        attempts: case.attempts,
    };
    let decide = |facts: &Facts, (): &()| decide(&book, facts, now).unwrap();
    let decision = decide(&facts, &());
    let amounts: Amounts = decision.proposal.as_ref().map_or_else(Amounts::new, |plan| {
        let next_on = plan.next_on.map_or("with the next".to_owned(), |day| day.to_string());
        let amount = plan.amount.to_string();
        [("amount".to_owned(), amount), ("next_on".to_owned(), next_on)].into()
    });
    compare(&case.expect, &decision, &amounts);
    replay(&facts, &(), &decision, decide);
    decision.findings
}
