//! Cases of splitting a reservation.

use super::form::{Expect, Native};
use super::item::Item;
use super::{Amounts, book, compare, replay, run};
use jiff::Timestamp;
use prorata_domain::Finding;
use prorata_domain::split::{Facts, Request, decide};
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
    held: Item,
    quantities: Vec<u32>,
    expect: Expect,
}

#[test]
fn casebook() {
    findings();
}

pub fn findings() -> Vec<Finding> {
    run("split", check)
}

fn check(case: &Case) -> Vec<Finding> {
    let (now, book) = (case.now.0, book(&[]));
    let facts = Facts { item: case.held.read(1) };
    let request = Request { quantities: case.quantities.clone() };
    let decide = |facts: &Facts, request: &Request| decide(&book, facts, request, now).unwrap();
    let decision = decide(&facts, &request);
    let amounts = decision.plan().map_or_else(Amounts::new, |plan| {
        let parts: Vec<String> = plan.quantities.iter().map(ToString::to_string).collect();
        [
            ("parts".to_owned(), parts.join(", ")),
            ("ends_renewal".to_owned(), plan.ends_renewal.to_string()),
        ]
        .into()
    });
    compare(&case.expect, &decision, &amounts);
    replay(&facts, &request, &decision, decide);
    decision.findings
}
