//! What holds for every renewal and every payment that is tried again.

use super::world::{self, Purchase, noon, plus_days};
use jiff::civil::{Date, date};
use proptest::option;
use proptest::prelude::*;
use prorata_domain::payment;
use prorata_domain::policy::Book;
use prorata_domain::purchase;
use prorata_domain::renewal::{self, Facts, Lock, Request};
use prorata_domain::reservation::{PaymentFailure, ReservationState};
use prorata_ledger::Money;

fn facts(of: &Purchase, locked: Option<i64>, on: bool) -> Facts {
    let today = of.facts.offer.as_ref().and_then(|offer| offer.unit_total);
    let lock = locked.zip(today).map(|(minor, today)| {
        let unit_total = Money::new(minor, today.currency());
        let locked_on = plus_days(of.today, -30);
        Lock { locked_on, unit_total, total: unit_total, total_usd: unit_total }
    });
    Facts {
        purchase: of.facts.clone(),
        on,
        state: ReservationState::Active,
        expires_on: of.today,
        lock,
    }
}

proptest! {
    /// A renewal never costs more than the locked price, nor more than that of the day; since 2023
    /// it costs exactly the locked one.
    #[test]
    fn a_renewal_never_costs_more_than_was_locked(
        of in world::purchases(),
        locked in option::of(1..2_000_000i64),
        same in any::<bool>(),
        on in any::<bool>(),
        renew in option::of(any::<bool>()),
    ) {
        let today = of.facts.offer.as_ref().unwrap().unit_total.unwrap();
        let locked = locked.map(|minor| if same { today.minor() } else { minor });
        let facts = facts(&of, locked, on);
        let request = Request { purchase: of.request.clone(), renew };
        let book = Book::built_in();
        let decision = renewal::decide(book, &facts, &request, noon(of.today)).unwrap();
        prop_assert!(decision.findings.is_sorted_by_key(|finding| finding.clause));
        prop_assert_eq!(renewal::decide(book, &facts, &request, noon(of.today)).unwrap(), decision.clone());
        let Some(plan) = decision.plan() else {
            prop_assert!(decision.refusal.is_some());
            return Ok(());
        };
        prop_assert!(on, "nothing that is switched off is renewed");
        let paid = plan.bought.commitment.unit_total;
        prop_assert!(paid.minor() <= today.minor());
        if let Some(locked) = locked {
            prop_assert!(paid.minor() <= locked);
            prop_assert!(of.today < date(2023, 1, 1) || paid.minor() == locked);
        }
        if let Some(renew) = renew {
            prop_assert_eq!(plan.renew, renew, "what was said wins");
        }
        // But for the lock it is a purchase of that day.
        if paid == today {
            let bought = purchase::decide(book, &of.facts, &of.request, noon(of.today)).unwrap();
            prop_assert_eq!(bought.plan(), Some(&plan.bought));
        }
    }

    /// A payment that is refused is tried again later, a bounded number of times, and on the day
    /// from which the means of payment works it is taken.
    #[test]
    fn a_refused_payment_is_tried_later_and_taken_when_it_can_be(
        of in world::purchases(),
        held in 0..400i64,
        works_after in option::of(1..400i64),
        hard in any::<bool>(),
        minor in 0..1_000_000i64,
    ) {
        let since = of.today;
        let today = plus_days(since, held);
        let until: Option<Date> = works_after.map(|days| plus_days(since, days));
        let failure = if hard { PaymentFailure::HardError } else { PaymentFailure::SoftError };
        let mut account = of.facts.account.clone();
        account.failing = Some(payment::Failing { failure, until });
        let amount = Money::new(minor, account.currency);
        let facts = payment::Facts { account, numbers: vec![2], since, amount, attempts: held };
        let decision = payment::decide(Book::built_in(), &facts, noon(today)).unwrap();
        let works = until.is_some_and(|until| today >= until) || minor == 0;
        prop_assert_eq!(decision.is_approved(), works);
        if let Some(next) = decision.proposal.as_ref().and_then(|plan| plan.next_on) {
            prop_assert!(next > today && next <= plus_days(since, 1000));
        }
        if let Some(refusal) = &decision.refusal {
            prop_assert_eq!(&*refusal.code, failure.code());
        }
    }
}
