//! Cases of exchanging.

use super::form::{Account, Buy, Commit, Expect, Held, Native};
use super::{Amounts, book, compare, purchase, replay, run, savings_plan, value_amounts};
use jiff::Timestamp;
use prorata_domain::exchange::{Facts, Plan, Request, decide};
use prorata_domain::term::utc_day;
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
    #[serde(default)]
    policy: Vec<String>,
    #[serde(default)]
    account: Account,
    #[serde(default)]
    held: Vec<Held>,
    #[serde(default)]
    buy: Vec<Buy>,
    #[serde(default)]
    savings_plan: Vec<Commit>,
    expect: Expect,
}

#[test]
fn casebook() {
    findings();
}

pub fn findings() -> Vec<Finding> {
    run("exchange", check)
}

fn check(case: &Case) -> Vec<Finding> {
    let now = case.now.0;
    let account = case.account.read();
    let book = book(&case.policy);
    let held = case.held.iter().zip(1..).map(|(held, position)| held.read(position, &account, now));
    let facts = Facts {
        returns: held.collect(),
        purchases: case.buy.iter().map(|buy| buy.facts(&account, now)).collect(),
        twins: case.held.iter().map(Held::twin).collect(),
        savings_plans: case.savings_plan.iter().map(|plan| plan.facts(&account)).collect(),
    };
    let request = Request {
        returns: case.held.iter().map(|held| held.returned).collect(),
        purchases: case.buy.iter().map(Buy::request).collect(),
        savings_plans: case.savings_plan.iter().map(Commit::request).collect(),
    };
    let decide = |facts: &Facts, request: &Request| decide(&book, facts, request, now).unwrap();
    let decision = decide(&facts, &request);
    compare(&case.expect, &decision, &amounts(&decision));
    replay(&facts, &request, &decision, decide);
    decision.findings
}

/// The amounts of an exchange or a trade-in.
pub fn amounts(decision: &Decision<Plan>) -> Amounts {
    let Some(plan) = &decision.proposal else { return Amounts::new() };
    let mut amounts = Amounts::from(
        [
            ("refunds_total", plan.refunds_total),
            ("purchases_total", plan.purchases_total),
            ("net_payable", plan.net_payable),
        ]
        .map(|(name, amount)| (name.to_owned(), amount.to_string())),
    );
    for (given, position) in plan.returns.iter().zip(1..) {
        let prefix = format!("return {position} ");
        amounts.extend(value_amounts(&prefix, &given.value));
        amounts.extend(given.fee.map(|fee| (format!("{prefix}fee"), fee.to_string())));
        amounts.insert(format!("{prefix}kept"), given.kept.to_string());
        amounts.insert(format!("{prefix}destination"), given.destination.to_string());
        let lapses = given.credit_lapses.map_or("never".to_owned(), |day| day.to_string());
        amounts.insert(format!("{prefix}credit_lapses"), lapses);
    }
    for (swap, position) in plan.swaps.iter().zip(1..) {
        let mut put = |name, amount: String| {
            amounts.insert(format!("swap {position} {name}"), amount);
        };
        put("of", (swap.returned + 1).to_string());
        put("sku", swap.commitment.sku.clone());
        put("quantity", swap.quantity.to_string());
        put("kept", swap.kept.to_string());
        put("unit_total", swap.commitment.unit_total.to_string());
        put("expires_on", swap.expires_on.to_string());
    }
    for (carried, position) in plan.carried.iter().zip(1..) {
        let said = carried.map_or("nothing".to_owned(), |carried| {
            format!("bought on {}, {} used", utc_day(carried.bought_at), carried.used)
        });
        amounts.insert(format!("purchase {position} carries"), said);
    }
    for (bought, position) in plan.purchases.iter().zip(1..) {
        amounts.extend(purchase::amounts(&format!("purchase {position} "), bought));
    }
    for (bought, position) in plan.savings_plans.iter().zip(1..) {
        amounts.extend(savings_plan::amounts(&format!("savings plan {position} "), bought));
    }
    amounts
}
