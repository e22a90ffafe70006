//! Cases of what becomes of a scope when the world changes.

use super::form::{Expect, Native};
use super::item::Item;
use super::{Amounts, book, compare, replay, run};
use jiff::Timestamp;
use prorata_domain::Finding;
use prorata_domain::reservation::NoBenefit;
use prorata_domain::scope::{Facts, Members, Request, decide};
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
    lacks: Option<NoBenefit>,
    /// The payer's subscriptions in the group, before and now.
    members: Option<[u32; 2]>,
    expect: Expect,
}

#[test]
fn casebook() {
    findings();
}

pub fn findings() -> Vec<Finding> {
    run("scope", check)
}

fn check(case: &Case) -> Vec<Finding> {
    let (now, book) = (case.now.0, book(&[]));
    let members = case.members.map(|[before, now]| Members { before, now });
    let facts = Facts { item: case.held.read(1), lacks: case.lacks, members };
    let request = Request {};
    let decide = |facts: &Facts, request: &Request| decide(&book, facts, request, now).unwrap();
    let decision = decide(&facts, &request);
    let amounts = decision.plan().map_or_else(Amounts::new, |plan| {
        let lacks = plan.no_benefit.map_or("nothing", NoBenefit::as_str);
        [
            ("falls_back".to_owned(), plan.falls_back.to_string()),
            ("lacks".to_owned(), lacks.to_owned()),
        ]
        .into()
    });
    compare(&case.expect, &decision, &amounts);
    replay(&facts, &request, &decision, decide);
    decision.findings
}
