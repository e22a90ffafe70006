//! A repair repairs, and nothing smaller would.

use super::world::{self, noon, plus_days};
use crate::proof::refuses;
use jiff::civil::Date;
use proptest::prelude::*;
use prorata_domain::policy::{Book, ClauseId};
use prorata_domain::refund::{Facts, Request};
use prorata_domain::term::{BillingPlan, Term, days_between};
use prorata_domain::{Outcome, Repair, exchange, purchase, refund};
use prorata_ledger::Money;

/// Whether the cap refuses a quantity on a day, all payments made that fall due until then.
fn over_cap(facts: &Facts, quantity: u32, asked_on: Date, on: Date) -> bool {
    let mut facts = facts.clone();
    if on > asked_on {
        let due = world::due_by(&facts.held.commitment, facts.held.starts_on, on);
        facts.held.payments_made = facts.held.payments_made.max(due);
    }
    let decided =
        refund::decide(Book::built_in(), &facts, &Request { quantity }, noon(on)).unwrap();
    refuses(&decided.findings, ClauseId::RefundCap)
}

/// The request again, with more of something bought, paid at once and of the kind returned.
fn with_more(case: &world::Exchange, more: Money) -> world::Exchange {
    let mut case = case.clone();
    let mut facts = case.facts.purchases[0].clone();
    let mut request = case.request.purchases[0].clone();
    let offer = facts.offer.as_mut().unwrap();
    offer.unit_total = Some(more);
    (request.plan, request.term, request.quantity) = (BillingPlan::Upfront, Term::P1Y, 1);
    case.facts.purchases.push(facts);
    case.request.purchases.push(request);
    case
}

fn under_floor(case: &world::Exchange) -> bool {
    let decided =
        exchange::decide(Book::built_in(), &case.facts, &case.request, noon(case.today)).unwrap();
    refuses(&decided.findings, ClauseId::ExchangeFloor)
}

/// Whether every rule that a refund's cap depends on is the same on two days.
fn same_rules(one: Date, other: Date) -> bool {
    let book = Book::built_in();
    let rules = |day| {
        let clauses = book.in_force(day);
        (
            clauses.refund_cap,
            clauses.refund_cap_counts,
            clauses.lowest_price,
            clauses.young_return,
            clauses.proration,
        )
    };
    rules(one) == rules(other)
}

proptest! {
    #![proptest_config(ProptestConfig { max_global_rejects: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn of_the_cap(case in world::refunds()) {
        let world::Refund { facts, request, today } = case;
        let decided = refund::decide(Book::built_in(), &facts, &request, noon(today)).unwrap();
        let refusal = decided.refusal.filter(|refusal| refusal.clause == ClauseId::RefundCap);
        prop_assume!(refusal.is_some());
        let (mut less, mut wait) = (None, None);
        for repair in refusal.unwrap().repairs {
            match repair {
                Repair::ReduceQuantity { to, .. } => less = Some(to),
                Repair::WaitUntil { day } => wait = Some(day),
                other => prop_assert!(false, "{other}"),
            }
        }
        let fits = less.unwrap_or(0);
        prop_assert!(fits == 0 || !over_cap(&facts, fits, today, today));
        prop_assert!(over_cap(&facts, fits + 1, today, today));

        let end = wait.unwrap_or(facts.held.expires_on);
        // The day is told by the rules of today; where others begin before it, it may be another.
        prop_assume!(same_rules(today, end));
        if let Some(day) = wait {
            prop_assert!(today < day && day < facts.held.expires_on);
            prop_assert!(!over_cap(&facts, request.quantity, today, day));
        }
        // Every earlier day is asked near the end, and some of them before.
        let length = days_between(today, end);
        for ahead in (1..length).filter(|ahead| ahead % 29 == 0 || length - ahead < 5) {
            prop_assert!(over_cap(&facts, request.quantity, today, plus_days(today, ahead)));
        }
    }

    #[test]
    fn of_the_floor(mut case in world::exchanges(), alone in any::<bool>()) {
        if alone {
            case.facts.returns.truncate(1);
            case.request.returns.truncate(1);
        }
        let decided =
            exchange::decide(Book::built_in(), &case.facts, &case.request, noon(case.today));
        let decided = decided.unwrap();
        prop_assume!(refuses(&decided.findings, ClauseId::ExchangeFloor));
        let refusal = decided.refusal.unwrap();
        prop_assume!(refusal.clause == ClauseId::ExchangeFloor);
        let mut most = 0;
        for repair in &refusal.repairs {
            match repair {
                Repair::RaisePurchase { by } => {
                    prop_assert!(!under_floor(&with_more(&case, *by)));
                    let less = Money::new(by.minor() - 1, by.currency());
                    prop_assert!(under_floor(&with_more(&case, less)));
                }
                Repair::ReduceQuantity { to, .. } => {
                    most = *to;
                    case.request.returns[0] = most;
                    prop_assert!(!under_floor(&case));
                }
                other => prop_assert!(false, "{other}"),
            }
        }
        if case.facts.returns.len() == 1 {
            case.request.returns[0] = most + 1;
            prop_assert!(under_floor(&case));
        }
    }

    #[test]
    fn of_the_groups(case in world::exchanges()) {
        let decide = |case: &world::Exchange| {
            exchange::decide(Book::built_in(), &case.facts, &case.request, noon(case.today)).unwrap()
        };
        let refusal = decide(&case).refusal.filter(|one| one.clause == ClauseId::ExchangeGroups);
        prop_assume!(refusal.is_some());
        for repair in refusal.unwrap().repairs {
            let Repair::BuyWithin { about, resource_types } = repair else { panic!("{repair}") };
            prop_assert!(!resource_types.is_empty());
            for kind in resource_types {
                let mut changed = case.clone();
                let Some(prorata_domain::decision::Subject::Purchase(position)) = about else {
                    panic!("a purchase is what the groups are about")
                };
                let asked = &mut changed.request.purchases[position as usize - 1];
                asked.resource_type = kind;
                let findings = decide(&changed).findings;
                let mut of_it = findings.into_iter().filter(|one| one.about == about);
                let group = of_it.find(|one| one.clause == ClauseId::ExchangeGroups).unwrap();
                prop_assert_eq!(group.outcome, Outcome::Met);
            }
        }
    }

    #[test]
    fn of_a_purchase(case in world::purchases()) {
        let world::Purchase { facts, request, today } = case;
        let decide =
            |request: &_| purchase::decide(Book::built_in(), &facts, request, noon(today)).unwrap();
        let refusal = decide(&request).refusal;
        prop_assume!(refusal.as_ref().is_some_and(|refusal| !refusal.repairs.is_empty()));
        let refusal = refusal.unwrap();
        for repair in refusal.repairs {
            let Repair::Choose { field, values, .. } = repair else { panic!("{repair}") };
            prop_assert!(!values.is_empty());
            for value in values {
                let mut changed = request.clone();
                match &*field {
                    "term" => changed.term = Term::parse(&value).unwrap(),
                    "billingPlan" => changed.plan = BillingPlan::parse(&value).unwrap(),
                    other => panic!("{other}"),
                }
                prop_assert!(!refuses(&decide(&changed).findings, refusal.clause));
            }
        }
    }

    #[test]
    fn of_a_quantity(case in world::refunds(), more in 1..1_000u32) {
        let held = case.facts.held.quantity;
        for quantity in [0, held + more] {
            let decide = |quantity| {
                let asked = Request { quantity };
                refund::decide(Book::built_in(), &case.facts, &asked, noon(case.today)).unwrap()
            };
            let refusal = decide(quantity).refusal.unwrap();
            prop_assert_eq!(refusal.clause, ClauseId::Quantity);
            let repair = Repair::ReduceQuantity { about: None, to: held };
            prop_assert_eq!(refusal.repairs, vec![repair]);
            prop_assert!(!refuses(&decide(held).findings, ClauseId::Quantity));
            prop_assert!(refuses(&decide(held + 1).findings, ClauseId::Quantity));
        }
    }
}
