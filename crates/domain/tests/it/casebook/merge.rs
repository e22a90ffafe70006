//! Cases of merging reservations.

use super::form::{Expect, Native};
use super::item::Item;
use super::{Amounts, book, compare, replay, run};
use jiff::Timestamp;
use prorata_domain::Finding;
use prorata_domain::merge::{Facts, Request, decide};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "note")]
    _note: Option<String>,
    now: Native<Timestamp>,
    held: Vec<Item>,
    expect: Expect,
}

#[test]
fn casebook() {
    findings();
}

pub fn findings() -> Vec<Finding> {
    run("merge", check)
}

fn check(case: &Case) -> Vec<Finding> {
    let (now, book) = (case.now.0, book(&[]));
    let items: Vec<_> = (1..).zip(&case.held).map(|(at, held)| held.read(at)).collect();
    let sources = items.iter().map(|item| item.reservation.id).collect();
    let (facts, request) = (Facts { items }, Request { sources });
    let decide = |facts: &Facts, request: &Request| decide(&book, facts, request, now).unwrap();
    let decision = decide(&facts, &request);
    let amounts = decision.plan().map_or_else(Amounts::new, |plan| {
        [
            ("quantity".to_owned(), plan.quantity.to_string()),
            ("ends_renewal".to_owned(), plan.ends_renewal.to_string()),
        ]
        .into()
    });
    compare(&case.expect, &decision, &amounts);
    replay(&facts, &request, &decision, decide);
    decision.findings
}
