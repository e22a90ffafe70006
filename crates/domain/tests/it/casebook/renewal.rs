//! Cases of renewing.

use super::form::{Account, Amount, Buy, Expect, Native};
use super::purchase::amounts;
use super::{book, compare, replay, run};
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_domain::Finding;
use prorata_domain::renewal::{Facts, Lock, Request, decide};
use prorata_domain::reservation::ReservationState;
use prorata_domain::term::utc_day;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "note")]
    _note: Option<String>,
    /// The end of the term.
    now: Native<Timestamp>,
    #[serde(default)]
    policy: Vec<String>,
    #[serde(default)]
    account: Account,
    /// Whether renewal is switched on.
    #[serde(default = "yes")]
    on: bool,
    state: Option<ReservationState>,
    /// What was said about renewing what is bought.
    renew: Option<bool>,
    lock: Option<Locked>,
    buy: Buy,
    expect: Expect,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Locked {
    on: Native<Date>,
    unit_total: Amount,
}

fn yes() -> bool {
    true
}

#[test]
fn casebook() {
    findings();
}

pub fn findings() -> Vec<Finding> {
    run("renewal", check)
}

fn check(case: &Case) -> Vec<Finding> {
    let now = case.now.0;
    let book = book(&case.policy);
    let facts = Facts {
        purchase: case.buy.facts(&case.account.read(), now),
        on: case.on,
        state: case.state.clone().unwrap_or(ReservationState::Active),
        expires_on: utc_day(now),
        lock: case.lock.as_ref().map(|lock| Lock {
            locked_on: lock.on.0,
            unit_total: lock.unit_total.0,
            // What it came to then is for showing only.
            total: lock.unit_total.0,
            total_usd: lock.unit_total.0,
        }),
    };
    let request = Request { purchase: case.buy.request(), renew: case.renew };
    let decide = |facts: &Facts, request: &Request| decide(&book, facts, request, now).unwrap();
    let decision = decide(&facts, &request);
    let amounts = decision.proposal.as_ref().map(|plan| {
        let mut amounts = amounts("", &plan.bought);
        amounts.insert("renew".to_owned(), if plan.renew { "on" } else { "off" }.to_owned());
        amounts
    });
    compare(&case.expect, &decision, &amounts.unwrap_or_default());
    replay(&facts, &request, &decision, decide);
    decision.findings
}
