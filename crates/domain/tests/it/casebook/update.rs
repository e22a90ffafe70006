//! Cases of changing a reservation.

use super::form::{Buy, Expect, Native};
use super::item::Item;
use super::{Amounts, book, compare, replay, run};
use jiff::Timestamp;
use prorata_domain::Finding;
use prorata_domain::partner::Asker;
use prorata_domain::reservation::AppliedScope;
use prorata_domain::update::{Facts, Request, decide};
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
    #[serde(default)]
    wanted: Wanted,
    scope_fault: Option<String>,
    #[serde(default)]
    asker: Asker,
    expect: Expect,
}

/// What is to be changed; what is left out stays as it is.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Wanted {
    scope: Option<AppliedScope>,
    flexible: Option<bool>,
    name: Option<String>,
    renew: Option<bool>,
    renew_as: Option<Buy>,
    review_at: Option<Native<Timestamp>>,
}

#[test]
fn casebook() {
    findings();
}

pub fn findings() -> Vec<Finding> {
    run("update", check)
}

fn check(case: &Case) -> Vec<Finding> {
    let (now, book) = (case.now.0, book(&[]));
    let facts = Facts {
        item: case.held.read(1),
        scope_fault: case.scope_fault.clone(),
        asker: case.asker.clone(),
    };
    let wanted = &case.wanted;
    let renew_as = wanted.renew_as.as_ref().map(|bought| Box::new(bought.request()));
    let request = Request {
        applied_scope: wanted.scope.clone(),
        instance_flexibility: wanted.flexible,
        display_name: wanted.name.clone(),
        renew: wanted.renew,
        renew_as,
        review_at: wanted.review_at.map(|at| at.0),
    };
    let decide = |facts: &Facts, request: &Request| decide(&book, facts, request, now).unwrap();
    let decision = decide(&facts, &request);
    let amounts = decision.plan().map_or_else(Amounts::new, |plan| {
        let changes = &plan.changes;
        let mut amounts = Amounts::new();
        let mut put = |name: &str, value: Option<String>| {
            amounts.extend(value.map(|value| (name.to_owned(), value)));
        };
        put("scope", changes.applied_scope.as_ref().map(ToString::to_string));
        put("flexible", changes.instance_flexibility.map(|on| on.to_string()));
        put("name", changes.display_name.clone());
        put("renew", changes.renew.map(|on| on.to_string()));
        put("renew_quantity", changes.renew_as.as_ref().map(|wish| wish.quantity.to_string()));
        put("review_at", changes.review_at.map(|at| at.to_string()));
        amounts
    });
    compare(&case.expect, &decision, &amounts);
    replay(&facts, &request, &decision, decide);
    decision.findings
}
