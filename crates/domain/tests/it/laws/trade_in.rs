//! Trading in, and plans inside an exchange: the totals add up, and what is offered would do.

use super::world::{self, noon};
use crate::proof;
use proptest::prelude::*;
use prorata_domain::decision::Repair;
use prorata_domain::exchange::{Facts, Plan, Request};
use prorata_domain::policy::{Book, ClauseId};
use prorata_domain::reservation::AppliedScope;
use prorata_domain::savings_plan::purchase as savings_plan;
use prorata_domain::term::{BillingPlan, Term};
use prorata_domain::{Decision, exchange, trade_in};
use prorata_ledger::{Hourly, Money};

/// A plan for so many thousandths an hour, for what is held in a refund.
fn asked(
    case: &world::Refund,
    thousandths: i64,
    term: Term,
    plan: BillingPlan,
) -> (Facts, Request) {
    let held = case.facts.held.clone();
    let currency = held.commitment.unit_total.currency();
    let known = savings_plan::Facts { account: held.account.clone(), scope_fault: None };
    let wanted = savings_plan::Request {
        sku: "Compute_Savings_Plan".to_owned(),
        billing_subscription: prorata_domain::ids::SubscriptionId(uuid::Uuid::from_u128(7)),
        term,
        plan,
        hourly: Hourly::new(thousandths, currency),
        display_name: "law".to_owned(),
        applied_scope: AppliedScope::Shared,
        renew: false,
    };
    let facts = Facts { returns: vec![held], savings_plans: vec![known], ..Facts::default() };
    let request = Request {
        returns: vec![case.request.quantity],
        purchases: Vec::new(),
        savings_plans: vec![wanted],
    };
    (facts, request)
}

fn terms() -> impl Strategy<Value = (Term, BillingPlan)> {
    let terms = prop_oneof![Just(Term::P1Y), Just(Term::P3Y)];
    (terms, prop_oneof![Just(BillingPlan::Monthly), Just(BillingPlan::Upfront)])
}

fn adds_up(plan: &Plan) {
    let mut given_up = Money::zero(plan.refunds_total.currency());
    for given in &plan.returns {
        assert_eq!(given.value.used.plus(given.value.refund).unwrap(), given.value.paid);
        given_up = given_up.plus(given.value.given_up().unwrap()).unwrap();
    }
    assert_eq!(given_up, plan.refunds_total);
    let bought = plan.purchases.iter().map(|it| it.total);
    let bought = bought.chain(plan.savings_plans.iter().map(|it| it.total));
    assert_eq!(Money::sum(given_up.currency(), bought).unwrap(), plan.purchases_total);
    assert_eq!(plan.purchases_total.minus(plan.refunds_total).unwrap(), plan.net_payable);
    for bought in &plan.savings_plans {
        let paid = Money::sum(given_up.currency(), bought.schedule.iter().map(|it| it.amount));
        assert_eq!(paid.unwrap(), bought.total);
        assert!(bought.total.minor() <= bought.commitment.whole_term.minor());
    }
}

fn decided(case: &world::Refund, facts: &Facts, request: &Request) -> Decision<Plan> {
    let decision = trade_in::decide(Book::built_in(), facts, request, noon(case.today)).unwrap();
    proof::check(&decision);
    decision
}

proptest! {
    #[test]
    fn what_is_traded_in_is_never_worth_more_than_the_plan(
        case in world::refunds(),
        thousandths in 1..5_000_000i64,
        (term, plan) in terms(),
    ) {
        let (facts, request) = asked(&case, thousandths, term, plan);
        let decision = decided(&case, &facts, &request);
        let Some(plan) = &decision.proposal else { return Ok(()) };
        adds_up(plan);
        if decision.is_approved() {
            prop_assert!(!plan.net_payable.is_negative());
        }
    }

    /// What is offered is the smallest commitment that would do.
    #[test]
    fn the_commitment_that_is_offered_would_do_and_none_below_it(
        case in world::refunds(),
        (term, plan) in terms(),
    ) {
        let (facts, request) = asked(&case, 1, term, plan);
        let decision = decided(&case, &facts, &request);
        let Some(refusal) = &decision.refusal else { return Ok(()) };
        if refusal.clause != ClauseId::TradeInFloor {
            return Ok(());
        }
        let [Repair::RaiseCommitment { to, .. }, ..] = refusal.repairs.as_slice() else {
            panic!("{:?}", refusal.repairs);
        };
        let (facts, request) = asked(&case, to.thousandths(), term, plan);
        prop_assert!(decided(&case, &facts, &request).is_approved());
        let (facts, request) = asked(&case, to.thousandths() - 1, term, plan);
        let below = decided(&case, &facts, &request);
        prop_assert_eq!(below.refusal.map(|refusal| refusal.clause), Some(ClauseId::TradeInFloor));
    }

    /// A plan beside reservations is worth its whole term, and no more.
    #[test]
    fn a_plan_inside_an_exchange_adds_what_it_costs(
        case in world::exchanges(),
        thousandths in 1..5_000_000i64,
        (term, plan) in terms(),
    ) {
        let now = noon(case.today);
        let without =
            exchange::decide(Book::built_in(), &case.facts, &case.request, now).unwrap();
        let Some(first) = case.facts.returns.first() else { return Ok(()) };
        let refund = world::Refund {
            facts: prorata_domain::refund::Facts { held: first.clone(), cap_used: Vec::new() },
            request: prorata_domain::refund::Request { quantity: 1 },
            today: case.today,
        };
        let (planned, wanted) = asked(&refund, thousandths, term, plan);
        let facts = Facts { savings_plans: planned.savings_plans, ..case.facts.clone() };
        let request = Request { savings_plans: wanted.savings_plans, ..case.request.clone() };
        let with = exchange::decide(Book::built_in(), &facts, &request, now).unwrap();
        proof::check(&with);
        let (Some(without), Some(with)) = (&without.proposal, &with.proposal) else {
            return Ok(());
        };
        if without.swaps.is_empty() && !without.returns.is_empty() {
            adds_up(with);
            let more = with.purchases_total.minus(without.purchases_total).unwrap();
            prop_assert_eq!(more, with.savings_plans[0].total);
            prop_assert_eq!(with.refunds_total, without.refunds_total);
        }
    }
}

#[test]
fn a_hundred_reservations_are_traded_in_at_once_and_one_more_is_not() {
    let today = jiff::civil::date(2026, 8, 1);
    let held = world::upfront(&world::Upfront {
        unit_total: "365.00 USD",
        price_today: None,
        quantity: 1,
        starts_on: today,
    });
    for (many, wanted) in [(100u128, true), (101, false)] {
        let returns: Vec<_> = (0..many)
            .map(|number| prorata_domain::reservation::Held {
                reservation: prorata_domain::ids::ReservationId(uuid::Uuid::from_u128(number)),
                ..held.clone()
            })
            .collect();
        let case = world::Refund {
            facts: prorata_domain::refund::Facts { held: held.clone(), cap_used: Vec::new() },
            request: prorata_domain::refund::Request { quantity: 1 },
            today,
        };
        let (facts, request) = asked(&case, 10_000_000, Term::P3Y, BillingPlan::Monthly);
        let facts = Facts { returns, ..facts };
        let request = Request { returns: vec![1; facts.returns.len()], ..request };
        let decision = decided(&case, &facts, &request);
        let clause = decision.refusal.as_ref().map(|refusal| refusal.clause);
        assert_eq!(clause == Some(ClauseId::TradeInLimit), !wanted, "{clause:?}");
    }
}
