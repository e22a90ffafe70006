//! Cases of requests: who has to approve, who may, and what may not be done without.

use super::run;
use crate::proof;
use jiff::Timestamp;
use jiff::civil::date;
use prorata_domain::Finding;
use prorata_domain::ids::{PrincipalId, TenantId};
use prorata_domain::request::approval::{Approver, Facts, Payer, Policy, decide, refuse_direct};
use prorata_domain::request::figures::Figures;
use prorata_domain::request::form::{self, Form};
use prorata_domain::request::{Kind, Person, State};
use prorata_ledger::{Currency, Money, Rounding, rounding};
use rust_decimal::Decimal;
use serde::Deserialize;
use uuid::Uuid;

const TENANT: TenantId = TenantId(Uuid::from_u128(0x11));

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "note")]
    _note: Option<String>,
    kind: String,
    stake: String,
    /// US dollars for one unit of the currency.
    #[serde(default = "one")]
    usd_rate: Decimal,
    #[serde(default = "enrollment")]
    account: String,
    customer: Option<String>,
    /// Of who asks.
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default = "yes")]
    may_do: bool,
    #[serde(default)]
    policies: Vec<PolicyRow>,
    /// Who says yes in turn, after principal 1 of account `app/1` has submitted.
    #[serde(default)]
    approvals: Vec<Yes>,
    expect: Expect,
}

fn one() -> Decimal {
    Decimal::ONE
}

fn yes() -> bool {
    true
}

fn enrollment() -> String {
    "enrollment-1".to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyRow {
    name: String,
    scope: String,
    policy: Form,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Yes {
    principal: u128,
    /// The account behind the principal; one of its own when left out.
    account: Option<String>,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    may_do: bool,
    /// What it counts for, or why it does not count.
    counts: Option<Vec<String>>,
    refused: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    demands: Vec<String>,
    /// The reason why it cannot be done without a request; nothing where it can.
    direct: Option<String>,
    /// What the request is after everybody spoke.
    status: String,
    life_days: Option<i64>,
    #[serde(default)]
    tolerances: Vec<String>,
    #[serde(default)]
    findings: Vec<String>,
    #[serde(default)]
    lines: Vec<String>,
}

#[test]
fn casebook() {
    findings();
}

pub fn findings() -> Vec<Finding> {
    run("request", check)
}

fn money(text: &str) -> Money {
    let (amount, currency) = text.split_once(' ').unwrap();
    Money::from_decimal(amount.parse().unwrap(), Currency::parse(currency).unwrap()).unwrap()
}

fn policies(case: &Case) -> Vec<Policy> {
    let read = |row: &PolicyRow| {
        let scope = form::read_scope(&row.scope, TENANT).expect("a scope");
        let policy = form::read(&row.policy, scope.clone(), &row.name, 1, date(2026, 8, 1));
        let policy = policy.unwrap_or_else(|faults| panic!("{faults:?}"));
        assert_eq!(form::write(&policy).rules, row.policy.rules, "it is written as it was read");
        assert_eq!(form::read_scope(&form::scope_path(&scope), TENANT), Some(scope));
        policy
    };
    case.policies.iter().map(read).collect()
}

fn check(case: &Case) -> Vec<Finding> {
    let stake = money(&case.stake);
    let usd = rounding::scale(stake, case.usd_rate, Currency::USD, Rounding::Conversion).unwrap();
    let facts = Facts {
        tenant: TENANT,
        payers: vec![Payer {
            billing_account: case.account.clone(),
            customer: case.customer.clone(),
        }],
        kind: Kind::parse(&case.kind).expect("a kind"),
        figures: Figures { stake, stake_usd: usd, lines: Vec::new() },
        roles: case.roles.clone(),
        may_do: case.may_do,
    };
    let policies = policies(case);
    let (need, findings) = decide(&policies, &facts);
    let expect = &case.expect;
    let demands: Vec<String> = need
        .demands
        .iter()
        .map(|demand| format!("{}: {} by {}", demand.policy, demand.approvals, demand.approvers))
        .collect();
    assert_eq!(demands, expect.demands, "demands");
    assert_eq!(need.life_days, expect.life_days, "life");
    let tolerances: Vec<String> = need.tolerances.iter().map(ToString::to_string).collect();
    assert_eq!(tolerances, expect.tolerances, "tolerances");
    let direct = refuse_direct(&need, &facts);
    assert_eq!(direct.as_ref().map(|refusal| &refusal.reason), expect.direct.as_ref());
    if let Some(refusal) = direct {
        assert_eq!(refusal.code, "Forbidden");
        assert_eq!(refusal.repairs.len(), 1, "how to ask");
    }
    let lines = proof::lines(&findings);
    for line in &expect.lines {
        assert!(lines.contains(line), "no line `{line}` in\n{}", lines.join("\n"));
    }
    if !expect.findings.is_empty() {
        let heads: Vec<_> = findings.iter().map(proof::head).collect();
        assert_eq!(heads, expect.findings, "findings");
    }
    assert_eq!(decided(case, &need.demands).status().as_str(), expect.status, "status");
    findings
}

/// The request after everybody spoke.
fn decided(case: &Case, demands: &[prorata_domain::request::approval::Demand]) -> State {
    let at = Timestamp::UNIX_EPOCH;
    let requester = person(1, None);
    let mut state = State::draft(requester.clone(), None);
    state = state.submit(requester, demands.to_vec(), at).unwrap();
    for yes in &case.approvals {
        let approver = Approver {
            person: person(yes.principal, yes.account.as_deref()),
            roles: yes.roles.clone(),
            may_do: yes.may_do,
        };
        match state.clone().approve(&approver, Vec::new(), String::new(), at) {
            Ok(after) => {
                let given = after.submitted().unwrap().approvals().last().unwrap();
                assert_eq!(Some(&given.counts_for), yes.counts.as_ref(), "counts");
                state = after;
            }
            Err(error) => assert_eq!(Some(error.to_string()), yes.refused, "refused"),
        }
    }
    state
}

fn person(number: u128, account: Option<&str>) -> Person {
    Person {
        principal: PrincipalId(Uuid::from_u128(number)),
        account: account.map_or_else(|| format!("app/{number}"), str::to_owned),
        name: format!("person {number}"),
    }
}
