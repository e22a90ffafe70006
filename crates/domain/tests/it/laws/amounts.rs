//! What comes back, what is kept and what is paid always add up.

use super::world::{self, noon, plus_days};
use crate::proof;
use proptest::prelude::*;
use prorata_domain::policy::Book;
use prorata_domain::proration;
use prorata_domain::term::due_date;
use prorata_domain::{exchange, purchase, refund};
use prorata_ledger::Money;

proptest! {
    #[test]
    fn what_comes_back_and_what_was_used_are_what_was_paid(case in world::refunds()) {
        let held = &case.facts.held;
        let decided =
            refund::decide(Book::built_in(), &case.facts, &case.request, noon(case.today)).unwrap();
        proof::check(&decided);
        let plan = decided.proposal.as_ref().expect("what is live and held has a value");
        let value = &plan.value;
        prop_assert_eq!(value.quantity + plan.kept, held.quantity);
        prop_assert_eq!(value.used.plus(value.refund).unwrap(), value.paid);
        prop_assert_eq!(plan.fee.plus(plan.payout).unwrap(), value.refund);
        let whole = held.commitment.unit_payment.times(i64::from(held.commitment.payments()));
        let whole = whole.unwrap().times(i64::from(value.quantity)).unwrap();
        prop_assert_eq!(value.paid.plus(value.cancelled).unwrap(), whole);

        for amount in [value.used, value.refund, value.cancelled, plan.fee, plan.payout, plan.counted] {
            prop_assert!(!amount.is_negative());
        }
        prop_assert!(value.refund.minor() <= value.refund_of_record.minor());
        prop_assert!(value.refund_of_record.minor() <= value.paid.minor());
        if decided.is_approved() {
            let after = plan.cap_used.plus(plan.counted).unwrap();
            prop_assert!(after.minor() <= plan.cap.minor());
        }
    }

    #[test]
    fn a_later_day_never_gives_more_back(case in world::refunds(), later in 0..400i64) {
        let held = &case.facts.held;
        let quantity = case.request.quantity;
        let clauses = Book::built_in().in_force(case.today);
        let early = proration::value(held, quantity, &clauses, case.today).unwrap();
        let late = proration::value(held, quantity, &clauses, plus_days(case.today, later)).unwrap();
        prop_assert!(late.refund.minor() <= early.refund.minor());
        prop_assert!(late.refund_usd.minor() <= early.refund_usd.minor());
        prop_assert_eq!(late.cancelled, early.cancelled);
    }

    /// The search for the largest quantity that fits relies on it.
    #[test]
    fn more_units_never_count_less(case in world::refunds()) {
        let now = noon(case.today);
        let counted = |quantity| {
            let asked = refund::Request { quantity };
            let decided = refund::decide(Book::built_in(), &case.facts, &asked, now).unwrap();
            let plan = decided.proposal.unwrap();
            (plan.counted.minor(), plan.value.given_up().unwrap().minor(), plan.payout.minor())
        };
        let mut before = (0, 0, 0);
        for quantity in 1..=case.facts.held.quantity {
            let now = counted(quantity);
            prop_assert!(before.0 <= now.0 && before.1 <= now.1 && before.2 <= now.2);
            before = now;
        }
    }

    #[test]
    fn returning_in_two_parts_gains_a_minor_unit_at_most(case in world::refunds()) {
        let clauses = Book::built_in().in_force(case.today);
        let all = case.facts.held.quantity;
        let refund = |quantity| {
            let value = proration::value(&case.facts.held, quantity, &clauses, case.today).unwrap();
            value.refund.minor()
        };
        let part = case.request.quantity;
        let apart = refund(part) + refund(all - part);
        prop_assert!((apart - refund(all)).abs() <= 1);
    }

    #[test]
    fn the_payments_of_a_purchase_are_its_total(case in world::purchases()) {
        let now = noon(case.today);
        let decided = purchase::decide(Book::built_in(), &case.facts, &case.request, now).unwrap();
        proof::check(&decided);
        let plan = decided.proposal.as_ref().expect("what has a price has a plan");
        let amounts = plan.schedule.iter().map(|payment| payment.amount);
        prop_assert_eq!(Money::sum(plan.total.currency(), amounts).unwrap(), plan.total);
        let units = i64::from(plan.quantity);
        let asked = plan.commitment.unit_total.times(units).unwrap().minus(plan.total).unwrap();
        let payments = i64::from(plan.commitment.payments());
        // Cutting a payment loses less than a minor unit of it.
        prop_assert!(asked.minor() >= 0 && asked.minor() <= units * (payments - 1));
        prop_assert_eq!(plan.schedule.len(), usize::try_from(payments).unwrap());
        prop_assert_eq!(plan.schedule[0].due, case.today);
        prop_assert!(plan.schedule.windows(2).all(|pair| pair[0].due < pair[1].due));
        prop_assert!(plan.schedule.last().unwrap().due < plan.expires_on);
        prop_assert_eq!(due_date(case.today, plan.commitment.term.months()), plan.expires_on);
    }

    #[test]
    fn an_exchange_is_its_refunds_and_its_purchases(case in world::exchanges()) {
        let book = Book::built_in();
        let now = noon(case.today);
        let decided = exchange::decide(book, &case.facts, &case.request, now).unwrap();
        proof::check(&decided);
        let plan = decided.proposal.as_ref().expect("all parts have a value");
        let mut refunds = Money::zero(plan.refunds_total.currency());
        for ((held, quantity), given) in
            case.facts.returns.iter().zip(&case.request.returns).zip(&plan.returns)
        {
            let facts = refund::Facts { held: held.clone(), cap_used: Vec::new() };
            let request = refund::Request { quantity: *quantity };
            let alone = refund::decide(book, &facts, &request, now).unwrap().proposal.unwrap();
            prop_assert_eq!(&given.value, &alone.value);
            prop_assert_eq!(given.kept, alone.kept);
            prop_assert_eq!(given.destination, alone.destination);
            prop_assert_eq!(given.credit_lapses, alone.credit_lapses);
            refunds = refunds.plus(alone.value.given_up().unwrap()).unwrap();
        }
        let mut purchases = Money::zero(refunds.currency());
        for ((facts, request), bought) in
            case.facts.purchases.iter().zip(&case.request.purchases).zip(&plan.purchases)
        {
            let alone = purchase::decide(book, facts, request, now).unwrap().proposal.unwrap();
            prop_assert_eq!(bought, &alone);
            purchases = purchases.plus(alone.total).unwrap();
        }
        prop_assert_eq!(plan.refunds_total, refunds);
        prop_assert_eq!(plan.purchases_total, purchases);
        prop_assert_eq!(plan.net_payable.plus(refunds).unwrap(), purchases);
        prop_assert!(!decided.is_approved() || !plan.net_payable.is_negative());
    }
}
