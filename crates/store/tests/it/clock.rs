//! What the clock keeps: jobs, renewals, overdue payments, notifications, quotes that are swept.

use crate::sample::{OPERATION, OTHER_TENANT, PRINCIPAL, TENANT, account, at, day, id, write};
use prorata_domain::ids::{OperationId, OrderId, ReservationId, TenantId};
use prorata_domain::payment::Failing;
use prorata_domain::reservation::PaymentFailure;
use prorata_store::jobs::{self, Job, NewJob};
use prorata_store::notifications::{self, Notification};
use prorata_store::overdue::{self, Overdue};
use prorata_store::quotes::{self, Quote, QuoteKind, Take, Taken};
use prorata_store::{Store, Tx, operations, renewals, world};

crate::contracts!(
    a_job_is_taken_once,
    a_job_that_failed_stays_due_when_it_was,
    a_standing_job_is_due_at_the_earliest,
    an_account_says_how_its_payments_fail,
    what_is_overdue_is_found_by_order_and_by_account,
    a_renewal_has_a_lock_and_a_destination,
    what_is_told_comes_with_what_was_done,
    quotes_that_nobody_took_are_swept,
    identifiers_follow_from_a_seed,
);

fn push(tx: &mut Tx<'_>, number: u128, second: i64) -> Result<(), prorata_store::StoreError> {
    let run_at = at(second);
    jobs::push(tx, &NewJob { id: id(number), kind: "due", run_at, payload: "{}", version: 1 })
}

fn a_job_is_taken_once(store: &Store) {
    let job = write(store, |tx| {
        push(tx, 2, 20)?;
        push(tx, 1, 20)?;
        push(tx, 3, 90)?;
        assert_eq!(jobs::first_due(tx, at(19))?, None);
        assert_eq!(jobs::first_free(tx, at(50), at(1000))?, Some(at(20)));
        Ok(jobs::first_due(tx, at(50))?.unwrap())
    });
    assert_eq!(job.id, id(1), "of one instant, by id");
    write(store, move |tx| {
        // Claimed by another meanwhile, it is theirs.
        jobs::claim(tx, at(50), at(1000), at(1060), 9)?;
        assert!(!jobs::take(tx, &job)?);
        let theirs = Job { attempts: 1, ..job.clone() };
        assert!(jobs::take(tx, &theirs)?);
        assert!(!jobs::take(tx, &theirs)?, "it was done");
        assert_eq!(jobs::first_free(tx, at(99), at(1000))?, Some(at(90)));
        assert_eq!((jobs::count(tx, false)?, jobs::count(tx, true)?), (2, 0));
        Ok(())
    });
}

fn a_job_that_failed_stays_due_when_it_was(store: &Store) {
    write(store, |tx| {
        push(tx, 1, 10)?;
        let job = jobs::first_due(tx, at(50))?.unwrap();
        jobs::put_back(tx, &job, 1, at(2000), false, "trouble")?;
        let again = jobs::first_due(tx, at(50))?.unwrap();
        assert_eq!((again.run_at, again.attempts), (at(10), 1));
        assert_eq!(jobs::first_free(tx, at(50), at(1999))?, None, "not before its time");
        assert_eq!(jobs::first_free(tx, at(50), at(2000))?, Some(at(10)));
        // Whoever read it before leaves it alone now.
        jobs::put_back(tx, &job, 9, at(3000), true, "late")?;
        assert_eq!(jobs::waiting(tx, 9)?, [(again.clone(), Some("trouble".to_owned()))]);
        jobs::put_back(tx, &again, 10, at(3000), true, "given up")?;
        assert_eq!(jobs::first_due(tx, at(50))?, None);
        let parked = jobs::parked(tx, 9)?;
        assert_eq!((parked[0].0.attempts, parked[0].1.as_deref()), (10, Some("given up")));
        assert!(!jobs::take(tx, &parked[0].0)?, "a parked job is nobody's");
        assert!(!jobs::unpark(tx, id(7))?);
        assert!(jobs::unpark(tx, id(1))?);
        assert_eq!(jobs::first_due(tx, at(50))?.unwrap().attempts, 0);
        Ok(())
    });
}

fn a_standing_job_is_due_at_the_earliest(store: &Store) {
    write(store, |tx| {
        for (second, expected) in [(50, 50), (70, 50), (20, 20)] {
            let run_at = at(second);
            let job = NewJob { id: id(1), kind: "sweep", run_at, payload: "{}", version: 1 };
            jobs::push_earliest(tx, &job)?;
            assert_eq!(jobs::next_due(tx)?, Some(at(expected)));
        }
        assert_eq!(jobs::count(tx, false)?, 1);
        Ok(())
    });
}

fn an_account_says_how_its_payments_fail(store: &Store) {
    write(store, |tx| {
        for failing in [
            Some(Failing { failure: PaymentFailure::SoftError, until: Some(day(4)) }),
            Some(Failing { failure: PaymentFailure::SoftError, until: None }),
            Some(Failing { failure: PaymentFailure::HardError, until: None }),
            None,
        ] {
            let account = prorata_domain::reservation::BillingAccount { failing, ..account() };
            assert!(world::put_billing_account(tx, &account)?, "{failing:?} is a change");
            assert!(!world::put_billing_account(tx, &account)?);
            assert_eq!(world::billing_account(tx, "account")?, Some(account));
        }
        Ok(())
    });
}

fn what_is_overdue_is_found_by_order_and_by_account(store: &Store) {
    let overdue = |number: u128, account: &str| Overdue {
        order: OrderId(id(number)),
        tenant: TENANT,
        billing_account: account.to_owned(),
        since: day(3),
        attempts: 1,
        failed_at: at(5),
        failure: PaymentFailure::HardError,
        next_on: Some(day(6)),
    };
    let (first, second, other) = (overdue(1, "one"), overdue(2, "one"), overdue(3, "other"));
    write(store, move |tx| {
        for row in [&second, &first, &other] {
            overdue::put(tx, row)?;
        }
        assert_eq!(overdue::of_order(tx, first.order)?.as_ref(), Some(&first));
        assert_eq!(overdue::of_account(tx, "one")?, [first.clone(), second.clone()]);
        let again = Overdue { attempts: 2, next_on: None, failed_at: at(9), ..first.clone() };
        overdue::put(tx, &again)?;
        assert_eq!(overdue::of_order(tx, first.order)?, Some(again));
        overdue::clear(tx, first.order)?;
        assert_eq!(overdue::of_order(tx, first.order)?, None);
        let found = overdue::of_account(tx, "one")?;
        assert_eq!(found, std::slice::from_ref(&second));
        Ok(())
    });
}

fn a_renewal_has_a_lock_and_a_destination(store: &Store) {
    let key = |number: u128| (OrderId(id(number)), ReservationId(id(number + 50)));
    write(store, move |tx| {
        let (old, new) = (key(1), key(2));
        assert_eq!(renewals::lock(tx, old.0, old.1)?, None);
        renewals::put_lock(tx, old.0, old.1, Some("first"))?;
        renewals::put_lock(tx, old.0, old.1, Some("second"))?;
        assert_eq!(renewals::lock(tx, old.0, old.1)?.as_deref(), Some("second"));
        renewals::put_destination(tx, old, new)?;
        assert_eq!(renewals::lock(tx, old.0, old.1)?.as_deref(), Some("second"));
        assert_eq!(renewals::sources(tx, &[new, old])?, [Some(old), None]);
        renewals::put_lock(tx, old.0, old.1, None)?;
        assert_eq!(renewals::lock(tx, old.0, old.1)?, None);
        assert_eq!(renewals::sources(tx, &[new])?, [Some(old)]);
        Ok(())
    });
}

fn what_is_told_comes_with_what_was_done(store: &Store) {
    let told = |tenant: TenantId, number: u128, second: i64| Notification {
        tenant,
        at: at(second),
        id: id(number),
        kind: "expired".into(),
        billing_account: "account".into(),
        target: "order/1".into(),
        doc: r#"{"on":"2024-03-01"}"#.into(),
    };
    let done = |number: u128, second: i64, kind: &str, verdict: &str| operations::Operation {
        id: OperationId(id(number)),
        kind: kind.into(),
        tenant: TENANT,
        principal: PRINCIPAL,
        decided_at: at(second),
        verdict: verdict.into(),
        code: None,
        billing_account: "account".into(),
        cap_scope: None,
        counted_minor: 0,
        doc: "{}".into(),
        target: Some("order/1".into()),
        findings: None,
        by: Default::default(),
    };
    write(store, move |tx| {
        notifications::insert(tx, &told(TENANT, 1, 30))?;
        notifications::insert(tx, &told(TENANT, 2, 10))?;
        notifications::insert(tx, &told(OTHER_TENANT, 3, 20))?;
        operations::insert(tx, &done(4, 20, "purchase", "approved"))?;
        operations::insert(tx, &done(5, 20, "refund", "refused"))?;
        operations::insert(tx, &done(6, 20, "instalment", "approved"))
    });
    write(store, move |tx| {
        let ids = |rows: &[Notification]| rows.iter().map(|row| row.id).collect::<Vec<_>>();
        let all = notifications::of_tenant(tx, TENANT, None, 9)?;
        assert_eq!(ids(&all), [id(2), id(4), id(1)]);
        assert_eq!(all[0], told(TENANT, 2, 10));
        assert_eq!((all[1].kind.as_str(), all[1].doc.as_str()), ("purchase", "{}"));
        let first = notifications::of_tenant(tx, TENANT, None, 2)?;
        assert_eq!(first, all[..2]);
        let rest = notifications::of_tenant(tx, TENANT, Some((at(20), id(4))), 2)?;
        assert_eq!(rest, all[2..]);
        Ok(())
    });
}

fn quotes_that_nobody_took_are_swept(store: &Store) {
    let quote = |number: u128, lapses: i64| Quote {
        id: id(number),
        kind: QuoteKind::Price,
        tenant: TENANT,
        principal: PRINCIPAL,
        created_at: at(0),
        lapses_at: at(lapses),
        request_hash: String::new(),
        doc: "{}".into(),
        findings: "[]".into(),
    };
    write(store, move |tx| {
        for (number, lapses) in [(1, 10), (2, 10), (3, 90), (4, 10)] {
            quotes::insert(tx, &quote(number, lapses))?;
        }
        Ok(())
    });
    write(store, move |tx| {
        let take = Take {
            kind: QuoteKind::Price,
            tenant: TENANT,
            principal: PRINCIPAL,
            operation: OPERATION,
            request_hash: "taken",
            now: at(5),
        };
        assert!(matches!(quotes::take(tx, id(2), &take)?, Taken::Open { .. }));
        Ok(())
    });
    write(store, move |tx| {
        // In parts: the first one ends at the third quote.
        let (swept, next) = quotes::sweep(tx, None, at(50), 3)?;
        assert_eq!((swept, next), (1, Some(id(3))));
        let (swept, next) = quotes::sweep(tx, next, at(50), 3)?;
        assert_eq!((swept, next), (1, None));
        for (number, kept) in [(1, false), (2, true), (3, true), (4, false)] {
            assert_eq!(quotes::load(tx, id(number))?.is_some(), kept, "{number}");
        }
        Ok(())
    });
}

fn identifiers_follow_from_a_seed(store: &Store) {
    let drawn = |store: &Store| write(store, |tx| Ok([tx.new_id(), tx.new_id()]));
    let seeded = store.clone().with_seed(7, 0);
    let [first, second] = drawn(&seeded);
    assert!(first < second);
    let third = seeded.new_id();
    assert!(second < third);
    let again = store.clone().with_seed(7, 0);
    assert_eq!((drawn(&again), again.new_id()), ([first, second], third));
    assert_ne!(drawn(&store.clone().with_seed(7, 1))[0], first);
    assert_ne!(drawn(store)[0], first, "without a seed, by chance");
}
