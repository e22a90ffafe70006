//! Many callers at once, on both databases: no rule breaks.

use crate::desk::{Desk, SUBSCRIPTION, request};
use prorata_app::{Error, exchange, refund, savings_plan};
use prorata_domain::ids::SessionId;
use prorata_domain::reservation::AppliedScope;
use prorata_domain::savings_plan::purchase as plan;
use prorata_domain::term::{BillingPlan, Term};
use prorata_ledger::{Currency, Hourly};
use prorata_store::Store;
use prorata_testkit::postgres::Cluster;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

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
            scope.spawn(move || {
                passed.fetch_add(u64::from(attempt(desk, *held, quoted)), Ordering::SeqCst)
            });
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

/// Sixty-four callers return and exchange single units of eight shared reservations and of one of
/// their own, thousands of times in all. Whatever they answer each other, every law holds after.
fn every_law_holds_after_thousands(store: Store, rounds: u32) {
    let desk = Arc::new(Desk::open(store));
    let shared: Vec<_> = (0..8)
        .map(|_| desk.buy(&request("Standard_B1ls", Term::P3Y, BillingPlan::Monthly, 400)).0)
        .collect();
    let done = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for caller in 0..64u32 {
            let (desk, shared, done) = (&desk, &shared, &done);
            scope.spawn(move || {
                let own =
                    desk.buy(&request("Standard_B1ls", Term::P3Y, BillingPlan::Upfront, 90)).0;
                for round in 0..rounds {
                    let order = match (caller + round) % 3 {
                        0 => shared[((caller * 7 + round) % 8) as usize],
                        _ => own,
                    };
                    let Some((reservation, _)) = desk.live(order).into_iter().next() else {
                        continue;
                    };
                    let made = if round % 2 == 0 {
                        return_one(desk, (order, reservation))
                    } else {
                        exchange_one(desk, (order, reservation))
                    };
                    done.fetch_add(u64::from(made), Ordering::Relaxed);
                }
            });
        }
    });
    let done = done.load(Ordering::Relaxed);
    assert!(done > u64::from(rounds) * 20, "only {done} deeds came through");
    desk.verify();
}

/// Sixteen callers return small units under one cap, each slow enough that others are done in
/// between: what they saw first is never what is there when they write.
fn slow_deeds_under_one_cap_count_every_one(store: Store) {
    let desk = Arc::new(Desk::open(store));
    let held: Vec<_> = (0..64)
        .map(|_| desk.buy(&request("Standard_B1ls", Term::P3Y, BillingPlan::Upfront, 2)))
        .collect();
    let quoted: Vec<_> = held.iter().map(|held| (*held, desk.refund_quote(*held, 1))).collect();
    let made = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for mine in quoted.chunks(4) {
            let (desk, made) = (&desk, &made);
            scope.spawn(move || {
                for (held, quoted) in mine {
                    made.fetch_add(u64::from(slowly(desk, *held, quoted)), Ordering::SeqCst);
                }
            });
        }
    });
    assert_eq!(made.load(Ordering::SeqCst), 64);
    let days = desk.app.read(|tx, _| Ok(prorata_store::cap::page(tx, None, 10)?)).unwrap();
    assert_eq!(days.iter().map(|(_, _, minor)| minor).sum::<i64>(), 64 * 3_600);
    desk.verify();
}

fn slowly(desk: &Desk, held: HeldAt, quoted: &refund::Quoted) -> bool {
    let call = desk.call();
    let deed = refund::Deed {
        order: held.0,
        session: quoted.session,
        reservation: held.1,
        quantity: 1,
        reason: "no longer needed".to_owned(),
    };
    loop {
        let (call, deed) = (call.clone(), deed.clone());
        let mut runs = 0;
        let made = desk.app.deed(move |tx, app| {
            let done = refund::give_back(tx, app, &call, &deed);
            if runs == 0 {
                std::thread::sleep(Duration::from_millis(2));
            }
            runs += 1;
            done
        });
        match made {
            Ok(_) => return true,
            Err(Error::Busy(_)) => {}
            Err(other) => panic!("{other}"),
        }
    }
}

type HeldAt = (prorata_domain::ids::OrderId, prorata_domain::ids::ReservationId);

fn return_one(desk: &Desk, held: HeldAt) -> bool {
    let quoted = desk.refund_quote(held, 1);
    lost_or_won(desk.give_back(held, 1, &quoted).map(drop))
}

fn exchange_one(desk: &Desk, held: HeldAt) -> bool {
    let ask = exchange::Ask {
        returns: vec![exchange::GivenUp { order: held.0, reservation: held.1, quantity: 1 }],
        purchases: vec![request("Standard_B1ls", Term::P3Y, BillingPlan::Upfront, 1)],
        savings_plans: Vec::new(),
    };
    let call = desk.call();
    let quoted = desk.app.deed({
        let call = call.clone();
        move |tx, app| exchange::quote(tx, app, &call, &ask)
    });
    let session = match quoted {
        Ok(quoted) => quoted.session,
        Err(error) => return lost_or_won(Err(error)),
    };
    lost_or_won(desk.app.deed(move |tx, app| exchange::execute(tx, app, &call, session)).map(drop))
}

/// Others may have been first, or the database too contended; anything else is a fault.
fn lost_or_won(outcome: Result<(), Error>) -> bool {
    match outcome {
        Ok(()) => true,
        Err(Error::Refused(_) | Error::Busy(_)) => false,
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn every_law_holds_after_thousands_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    every_law_holds_after_thousands(Store::open(path.to_str().unwrap()).unwrap(), 60);
}

#[test]
fn every_law_holds_after_thousands_on_postgresql() {
    let Some(cluster) = Cluster::shared() else { return };
    every_law_holds_after_thousands(Store::open(&cluster.database()).unwrap(), 40);
}

#[test]
fn the_cap_is_never_passed_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    the_cap_is_never_passed(Store::open(path.to_str().unwrap()).unwrap());
}

#[test]
fn the_cap_is_never_passed_on_postgresql() {
    let Some(cluster) = Cluster::shared() else { return };
    the_cap_is_never_passed(Store::open(&cluster.database()).unwrap());
}

#[test]
fn slow_deeds_under_one_cap_count_every_one_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    slow_deeds_under_one_cap_count_every_one(Store::open(path.to_str().unwrap()).unwrap());
}

#[test]
fn slow_deeds_under_one_cap_count_every_one_on_postgresql() {
    let Some(cluster) = Cluster::shared() else { return };
    slow_deeds_under_one_cap_count_every_one(Store::open(&cluster.database()).unwrap());
}

/// Eight callers trade the same reservation in, each with a quote of its own: one plan is bought,
/// and the others are told that there is nothing left to give up.
fn a_reservation_is_traded_in_once(store: Store) {
    let desk = Arc::new(Desk::open(store));
    let held = desk.buy(&request("Standard_D2s_v5", Term::P1Y, BillingPlan::Upfront, 1));
    let sessions: Vec<_> = (0..8).map(|_| trade_in_quote(&desk, held)).collect();
    let made = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for session in sessions {
            let (desk, made) = (&desk, &made);
            scope.spawn(move || {
                made.fetch_add(u64::from(trade_in(desk, session)), Ordering::SeqCst);
            });
        }
    });
    assert_eq!(made.load(Ordering::SeqCst), 1);
    let call = desk.call();
    let plans = desk.app.read(move |tx, app| savings_plan::list_plans(tx, app, &call)).unwrap();
    assert_eq!(plans.len(), 1);
    desk.verify();
}

fn trade_in_quote(desk: &Desk, held: HeldAt) -> SessionId {
    let ask = exchange::Ask {
        returns: vec![exchange::GivenUp { order: held.0, reservation: held.1, quantity: 1 }],
        purchases: Vec::new(),
        savings_plans: vec![plan::Request {
            sku: "Compute_Savings_Plan".to_owned(),
            billing_subscription: SUBSCRIPTION,
            term: Term::P1Y,
            plan: BillingPlan::Monthly,
            hourly: Hourly::new(1_000, Currency::USD),
            display_name: "traded in".to_owned(),
            applied_scope: AppliedScope::Shared,
            renew: false,
        }],
    };
    let call = desk.call();
    desk.app.deed(move |tx, app| exchange::quote(tx, app, &call, &ask)).unwrap().session
}

/// Whether the trade-in was carried out; one that came too late is recorded as refused.
fn trade_in(desk: &Desk, session: SessionId) -> bool {
    let call = desk.call();
    loop {
        let again = call.clone();
        match desk.app.deed(move |tx, app| exchange::execute(tx, app, &again, session)) {
            Ok(_) => break,
            Err(Error::Busy(_)) => {}
            Err(other) => panic!("{other}"),
        }
    }
    let told = desk.app.read(move |tx, app| exchange::operation(tx, app, &call, session)).unwrap();
    told.refused.is_none()
}

#[test]
fn a_reservation_is_traded_in_once_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    a_reservation_is_traded_in_once(Store::open(path.to_str().unwrap()).unwrap());
}

#[test]
fn a_reservation_is_traded_in_once_on_postgresql() {
    let Some(cluster) = Cluster::shared() else { return };
    a_reservation_is_traded_in_once(Store::open(&cluster.database()).unwrap());
}
