//! Rearranging while others return: whoever is first wins, and nothing is lost or appears.

use crate::desk::{Desk, at, request};
use prorata_app::world::{self, Document};
use prorata_app::{Error, merge, refund, split, update};
use prorata_domain::ids::{OrderId, ReservationId};
use prorata_domain::reservation::AppliedScope;
use prorata_domain::term::{BillingPlan, Term};
use prorata_domain::update::Request;
use prorata_store::Store;
use prorata_testkit::postgres::Cluster;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

type HeldAt = (OrderId, ReservationId);

fn split_of(desk: &Desk, held: HeldAt, quantities: &[u32]) -> Result<Vec<ReservationId>, Error> {
    let call = desk.call();
    let ask = split::Ask { order: held.0, reservation: held.1, quantities: quantities.to_vec() };
    let made = desk.app.write(move |tx, app| split::split(tx, app, &call, &ask))?;
    Ok(made.reservations.iter().map(|row| row.id).collect())
}

fn merge_of(
    desk: &Desk,
    order: OrderId,
    sources: Vec<ReservationId>,
) -> Result<ReservationId, Error> {
    let (call, ask) = (desk.call(), merge::Ask { order, sources });
    let made = desk.app.write(move |tx, app| merge::merge(tx, app, &call, &ask))?;
    Ok(made.reservations[made.reservations.len() - 1].id)
}

fn changed(desk: &Desk, held: HeldAt, changes: Request) -> Result<i64, Error> {
    let call = desk.call();
    let ask = update::Ask { order: held.0, reservation: held.1, changes };
    let (_, row) = desk.app.write(move |tx, app| update::update(tx, app, &call, &ask))?;
    Ok(row.revision)
}

/// Others may have been first, or the database too contended; anything else is a fault.
fn lost_or_won<T>(outcome: Result<T, Error>) -> Option<T> {
    match outcome {
        Ok(done) => Some(done),
        Err(Error::Refused(_) | Error::Busy(_)) => None,
        Err(other) => panic!("{other}"),
    }
}

/// A split and a return of the same reservation at once, many times over: one of them is made.
fn a_split_and_a_return_meet(store: Store) {
    let desk = Arc::new(Desk::open(store));
    for _ in 0..12 {
        let held = desk.buy(&request("Standard_B1ls", Term::P3Y, BillingPlan::Upfront, 6));
        let quoted = desk.refund_quote(held, 2);
        let (splits, returns) = (AtomicU64::new(0), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for parts in [[4, 2], [3, 3]] {
                let (desk, splits) = (&desk, &splits);
                scope.spawn(move || {
                    let made = lost_or_won(split_of(desk, held, &parts)).is_some();
                    splits.fetch_add(u64::from(made), Ordering::SeqCst);
                });
            }
            let (desk, returns, quoted) = (&desk, &returns, &quoted);
            scope.spawn(move || {
                let made: Option<refund::Done> = lost_or_won(desk.give_back(held, 2, quoted));
                returns.fetch_add(u64::from(made.is_some()), Ordering::SeqCst);
            });
        });
        let made = splits.load(Ordering::SeqCst) + returns.load(Ordering::SeqCst);
        assert_eq!(made, 1, "one of them is made");
        let units: u32 = desk.live(held.0).iter().map(|(_, units)| units).sum();
        assert_eq!(units, 6 - 2 * returns.load(Ordering::SeqCst) as u32);
    }
    desk.verify();
}

/// Many callers split, merge and return what they find of a few orders; every law holds after.
fn every_law_holds_after_many(store: Store, rounds: u32) {
    let desk = Arc::new(Desk::open(store));
    let shared: Vec<OrderId> = (0..4)
        .map(|_| desk.buy(&request("Standard_B1ls", Term::P3Y, BillingPlan::Monthly, 64)).0)
        .collect();
    let done = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for caller in 0..16u32 {
            let (desk, shared, done) = (&desk, &shared, &done);
            scope.spawn(move || {
                for round in 0..rounds {
                    let order = shared[((caller + round) % 4) as usize];
                    let live = desk.live(order);
                    let made = match (round + caller) % 3 {
                        0 => live.iter().find(|(_, units)| *units > 1).and_then(|(id, units)| {
                            let parts = [units / 2, units - units / 2];
                            lost_or_won(split_of(desk, (order, *id), &parts)).map(drop)
                        }),
                        1 if live.len() > 1 => {
                            let sources = vec![live[0].0, live[1].0];
                            lost_or_won(merge_of(desk, order, sources)).map(drop)
                        }
                        _ => live.first().and_then(|(id, _)| {
                            let call = desk.call();
                            let ask = refund::Ask { order, reservation: *id, quantity: 1 };
                            let quoted =
                                desk.app.write(move |tx, app| refund::quote(tx, app, &call, &ask));
                            let quoted = lost_or_won(quoted)?;
                            lost_or_won(desk.give_back((order, *id), 1, &quoted)).map(drop)
                        }),
                    };
                    done.fetch_add(u64::from(made.is_some()), Ordering::Relaxed);
                }
            });
        }
    });
    assert!(done.load(Ordering::Relaxed) > u64::from(rounds), "{done:?} deeds came through");
    desk.verify();
}

/// Updates of different things at once are made one after the other; none is lost.
fn no_update_is_lost(store: Store) {
    let desk = Arc::new(Desk::open(store));
    let held = desk.buy(&request("Standard_B1ls", Term::P3Y, BillingPlan::Upfront, 2));
    let first = {
        let call = desk.call();
        let shown = desk
            .app
            .read(move |tx, app| prorata_app::reservations::show(tx, app, &call, held.0, held.1));
        shown.unwrap().1.revision
    };
    let changes = [
        Request { display_name: Some("named".to_owned()), ..Request::default() },
        Request { instance_flexibility: Some(false), ..Request::default() },
        Request { renew: Some(true), ..Request::default() },
        Request { review_at: Some(at("2027-01-01T00:00:00Z")), ..Request::default() },
        Request {
            applied_scope: Some(AppliedScope::Subscription(crate::desk::SUBSCRIPTION)),
            ..Request::default()
        },
    ];
    std::thread::scope(|scope| {
        for change in &changes {
            let desk = &desk;
            scope.spawn(
                move || {
                    while lost_or_won(changed(desk, held, change.clone())).is_none() {}
                },
            );
        }
    });
    let call = desk.call();
    let (_, row) = desk
        .app
        .read(move |tx, app| prorata_app::reservations::show(tx, app, &call, held.0, held.1))
        .unwrap();
    assert_eq!(row.revision, first + 5, "each update is a revision");
    assert_eq!(row.display_name, "named");
    assert!(!row.instance_flexibility && row.renew);
    assert_eq!(row.review_at, Some(at("2027-01-01T00:00:00Z")));
    assert_eq!(row.applied_scope, AppliedScope::Subscription(crate::desk::SUBSCRIPTION));
    desk.verify();
}

fn file() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("desk.db").to_str().unwrap()).unwrap();
    (folder, store)
}

#[test]
fn a_split_and_a_return_meet_on_sqlite() {
    let (_folder, store) = file();
    a_split_and_a_return_meet(store);
}

#[test]
fn a_split_and_a_return_meet_on_postgresql() {
    let Some(cluster) = Cluster::shared() else { return };
    a_split_and_a_return_meet(Store::open(&cluster.database()).unwrap());
}

#[test]
fn every_law_holds_after_many_on_sqlite() {
    let (_folder, store) = file();
    every_law_holds_after_many(store, 40);
}

#[test]
fn every_law_holds_after_many_on_postgresql() {
    let Some(cluster) = Cluster::shared() else { return };
    every_law_holds_after_many(Store::open(&cluster.database()).unwrap(), 24);
}

#[test]
fn no_update_is_lost_on_sqlite() {
    let (_folder, store) = file();
    no_update_is_lost(store);
}

#[test]
fn no_update_is_lost_on_postgresql() {
    let Some(cluster) = Cluster::shared() else { return };
    no_update_is_lost(Store::open(&cluster.database()).unwrap());
}

/// Charges and the end of the term find an order that has gone to another tenant, and groups that
/// are named wrongly are told.
#[test]
fn payments_follow_an_order_to_another_tenant() {
    let desk = Desk::open(Store::memory().unwrap());
    let document: Document = toml::from_str(
        "[[tenants]]\nid = \"00000000-0000-0000-0000-0000000000aa\"\nname = \"Fabrikam\"\n\
         [[principals]]\ntenantId = \"00000000-0000-0000-0000-0000000000aa\"\nname = \"guest\"\n\
         clientId = \"00000000-0000-0000-0000-000000000033\"\nclientSecret = \"a secret there\"",
    )
    .unwrap();
    let there = document.tenants[0].id;
    world::apply(&desk.app, document).unwrap();
    let held = desk.buy(&request("Standard_B1ls", Term::P3Y, BillingPlan::Monthly, 2));
    let call = desk.call();
    desk.app
        .write(move |tx, app| {
            prorata_app::directory::change_directory(tx, app, &call, held.0, there)
        })
        .unwrap();
    desk.move_to("2026-11-15T00:00:00Z");
    let order = desk
        .app
        .read(move |tx, _| Ok(prorata_store::orders::load(tx, there, held.0)?))
        .unwrap()
        .unwrap();
    assert_eq!(order.payments_made, 4);
    desk.move_to("2029-09-01T00:00:00Z");
    let rows = desk
        .app
        .read(move |tx, _| Ok(prorata_store::reservations::of_order(tx, there, held.0)?))
        .unwrap();
    assert!(rows.iter().all(|row| !row.state.is_active()), "{rows:?}");
    desk.verify();
}

#[test]
fn groups_that_are_not_there_or_go_round_are_told() {
    let desk = Desk::open(Store::memory().unwrap());
    let document: Document = toml::from_str(
        r#"
[[managementGroups]]
tenantId = "00000000-0000-0000-0000-000000000011"
id = "one"
name = "One"
parent = "two"

[[managementGroups]]
tenantId = "00000000-0000-0000-0000-000000000011"
id = "two"
name = "Two"
parent = "one"

[[managementGroups]]
tenantId = "00000000-0000-0000-0000-000000000011"
id = "three"
name = "Three"
parent = "nowhere"

[[subscriptions]]
id = "00000000-0000-0000-0000-000000000022"
tenantId = "00000000-0000-0000-0000-000000000011"
billingAccount = "enrollment-1"
name = "Contoso production"
managementGroup = "nowhere"
"#,
    )
    .unwrap();
    let Err(Error::Malformed(faults)) = world::apply(&desk.app, document) else {
        panic!("the document was applied")
    };
    let paths: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "managementGroups[0].parent",
            "managementGroups[1].parent",
            "managementGroups[2].parent",
            "subscriptions[0].managementGroup",
        ]
    );
}
