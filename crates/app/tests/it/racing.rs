//! Many callers at once, on both databases: no rule breaks.

use crate::desk::{Desk, request};
use prorata_app::Error;
use prorata_domain::term::{BillingPlan, Term};
use prorata_store::Store;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Sixty-four callers return units of 1,000 USD each under one cap of 50,000: exactly fifty pass,
/// whoever is first, and a session shared by two is used once.
fn the_cap_is_never_passed(store: Store) {
    let desk = Arc::new(Desk::open(store));
    let held: Vec<_> = (0..64)
        .map(|_| desk.buy(&request("Standard_D2s_v5", Term::P1Y, BillingPlan::Upfront, 1)))
        .collect();
    let passed = AtomicU64::new(0);
    let quoted: Vec<_> = held.iter().map(|held| (*held, desk.refund_quote(*held, 1))).collect();
    std::thread::scope(|scope| {
        for (held, quoted) in &quoted {
            let (desk, passed) = (&desk, &passed);
            // The second caller of each session must get the first one's answer or a refusal.
            scope.spawn(move || passed.fetch_add(u64::from(attempt(desk, *held, quoted)), Ordering::SeqCst));
            scope.spawn(move || attempt(desk, *held, quoted));
        }
    });
    let counted = desk
        .app
        .read(|tx, _| Ok(prorata_store::cap::page(tx, None, 10)?))
        .unwrap()
        .iter()
        .map(|(_, _, minor)| minor)
        .sum::<i64>();
    assert_eq!(counted, 5_000_000);
    assert!(passed.load(Ordering::SeqCst) <= 50);
    desk.verify();
}

fn attempt(
    desk: &Desk,
    held: (prorata_domain::ids::OrderId, prorata_domain::ids::ReservationId),
    quoted: &prorata_app::refund::Quoted,
) -> bool {
    loop {
        match desk.give_back(held, 1, quoted) {
            Ok(_) => return true,
            Err(Error::Refused(refused)) => {
                assert_eq!(refused.refusal.code, "RefundLimitExceeded");
                return false;
            }
            // Bounded retries were used up; a caller would ask again.
            Err(Error::Busy(_)) => {}
            Err(other) => panic!("{other}"),
        }
    }
}

#[test]
fn the_cap_is_never_passed_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    the_cap_is_never_passed(Store::open(path.to_str().unwrap()).unwrap());
}

#[test]
fn the_cap_is_never_passed_on_postgresql() {
    let Some(database) = prorata_testkit::postgres::database() else { return };
    the_cap_is_never_passed(Store::open(&database).unwrap());
}
