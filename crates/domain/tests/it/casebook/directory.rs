//! Cases of moving an order to another tenant.

use super::form::{Expect, Native};
use super::item::Item;
use super::{Amounts, book, compare, replay, run};
use jiff::Timestamp;
use prorata_domain::Finding;
use prorata_domain::directory::{Facts, Request, decide};
use prorata_domain::ids::{OrderId, TenantId};
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
    /// The number of the tenant; 200 has the order.
    to: u128,
    #[serde(default = "yes")]
    is_known: bool,
    expect: Expect,
}

#[test]
fn casebook() {
    findings();
}

pub fn findings() -> Vec<Finding> {
    run("change-directory", check)
}

fn check(case: &Case) -> Vec<Finding> {
    let (now, book) = (case.now.0, book(&[]));
    let tenant = |number| TenantId(uuid::Uuid::from_u128(number));
    let facts = Facts {
        order: OrderId(uuid::Uuid::from_u128(100)),
        tenant: tenant(200),
        items: (1..).zip(&case.held).map(|(at, held)| held.read(at)).collect(),
        caller_is_known_there: case.is_known,
    };
    let request = Request { destination: tenant(case.to) };
    let decide = |facts: &Facts, request: &Request| decide(&book, facts, request, now).unwrap();
    let decision = decide(&facts, &request);
    let amounts = decision.plan().map_or_else(Amounts::new, |plan| {
        [
            ("reservations".to_owned(), plan.reservations.len().to_string()),
            ("without_benefit".to_owned(), plan.without_benefit.len().to_string()),
        ]
        .into()
    });
    compare(&case.expect, &decision, &amounts);
    replay(&facts, &request, &decision, decide);
    decision.findings
}

fn yes() -> bool {
    true
}
