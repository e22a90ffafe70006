//! Cases of what agents of a partner may do for a customer.

use super::form::{Expect, Native};
use super::{Amounts, book, compare, replay, run};
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_domain::Finding;
use prorata_domain::ids::TenantId;
use prorata_domain::partner::{Facts, PartnerKind, PartnerRole, PartnerTask, Relationship, decide};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "note")]
    _note: Option<String>,
    now: Native<Timestamp>,
    task: PartnerTask,
    roles: Vec<PartnerRole>,
    #[serde(default = "direct")]
    kind: PartnerKind,
    provider: Option<String>,
    relationship: Option<Known>,
    #[serde(default)]
    is_guest: bool,
    #[serde(default)]
    is_named: bool,
    expect: Expect,
}

/// A relationship; where nothing is said it began in 2019 and has no end.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    since: Option<Native<Date>>,
    until: Option<Native<Date>>,
    market: Option<String>,
}

#[test]
fn casebook() {
    findings();
}

pub fn findings() -> Vec<Finding> {
    run("partner", check)
}

fn check(case: &Case) -> Vec<Finding> {
    let (now, book) = (case.now.0, book(&[]));
    let facts = Facts {
        partner: TenantId(uuid::Uuid::from_u128(1)),
        partner_name: "Partner".to_owned(),
        kind: case.kind,
        provider: case.provider.clone(),
        relationship: case.relationship.as_ref().map(|known| Relationship {
            since: known.since.map_or(jiff::civil::date(2019, 1, 1), |day| day.0),
            until: known.until.map(|day| day.0),
            azure_plan: true,
            market: known.market.clone(),
        }),
        roles: case.roles.clone(),
        is_guest: case.is_guest,
        is_named: case.is_named,
    };
    let decide = |facts: &Facts, task: &PartnerTask| decide(&book, facts, task, now).unwrap();
    let decision = decide(&facts, &case.task);
    let amounts = decision.plan().map_or_else(Amounts::new, |grant| {
        [("role".to_owned(), grant.role.title().to_owned())].into()
    });
    compare(&case.expect, &decision, &amounts);
    replay(&facts, &case.task, &decision, decide);
    decision.findings
}

fn direct() -> PartnerKind {
    PartnerKind::DirectBill
}
