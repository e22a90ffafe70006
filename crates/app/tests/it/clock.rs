//! The clock: what it runs, once, in order, however it is moved.

use crate::desk::{Desk, TENANT, at, request};
use jiff::Timestamp;
use prorata_app::clock::{self, Clock};
use prorata_app::directory::change_directory;
use prorata_app::world::{self, Document};
use prorata_app::{App, orders, purchase, worker};
use prorata_domain::ids::{OperationId, OrderId, ReservationId, TenantId};
use prorata_domain::policy::Book;
use prorata_domain::reservation::ReservationState;
use prorata_domain::term::{BillingPlan, Term};
use prorata_store::jobs::{self, NewJob};
use prorata_store::{Store, journal, notifications, operations, quotes, renewals, reservations};
use prorata_testkit::postgres::Cluster;
use std::time::Duration;
use uuid::Uuid;

/// Bought on the first day, payments fall due on the others.
const MONTH_ENDS: &[(&str, &[&str])] = &[
    ("2026-08-31", &["2026-08-31", "2026-09-30", "2026-10-31", "2026-11-30"]),
    ("2027-01-31", &["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]),
    ("2028-01-31", &["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"]),
    ("2028-01-30", &["2028-01-30", "2028-02-29", "2028-03-30", "2028-04-30"]),
    ("2028-02-29", &["2028-02-29", "2028-03-29", "2028-04-29", "2028-05-29"]),
    ("2027-12-29", &["2027-12-29", "2028-01-29", "2028-02-29", "2028-03-29"]),
    ("2026-08-15", &["2026-08-15", "2026-09-15", "2026-10-15", "2026-11-15"]),
];

fn paid_on(desk: &Desk, order: OrderId) -> Vec<String> {
    let call = desk.call();
    let view = desk.app.read(move |tx, app| orders::show(tx, app, &call, order)).unwrap();
    let paid = |row: &orders::Payment| {
        let at = row.paid_at?;
        assert_eq!(prorata_domain::term::utc_day(at), row.due, "paid on the day it was due");
        Some(row.due.to_string())
    };
    view.payments.iter().filter_map(paid).collect()
}

#[test]
fn payments_fall_due_on_the_same_day_of_each_month() {
    for (bought, expected) in MONTH_ENDS {
        let desk = Desk::open(Store::memory().unwrap());
        desk.move_to(&format!("{bought}T18:00:00Z"));
        let (order, _) = desk.buy(&request("Standard_D2s_v5", Term::P1Y, BillingPlan::Monthly, 2));
        let last = expected.last().unwrap();
        desk.move_to(&format!("{last}T00:00:00Z"));
        assert_eq!(paid_on(&desk, order), *expected);
        desk.verify();
    }
}

/// Everything that was recorded, as text.
fn record(app: &App) -> String {
    app.read(|tx, _| {
        let journal = journal::page(tx, None, 10_000)?;
        let operations = operations::page(tx, None, 10_000)?;
        let told = notifications::of_tenant(tx, TENANT, None, 10_000)?;
        Ok(format!("{journal:#?}{operations:#?}{told:#?}"))
    })
    .unwrap()
}

/// Fourteen months of orders that are bought, not paid for a while, and renewed; the clock stops at
/// these instants in between.
fn lived(stops: &[Timestamp]) -> String {
    let desk = Desk::open(Store::memory().unwrap().with_seed(11, 0));
    let mut stops = stops.iter().copied().peekable();
    let mut move_to = |text: &str| {
        while let Some(stop) = stops.next_if(|stop| *stop <= at(text)) {
            clock::set(&desk.app, stop).unwrap();
        }
        desk.move_to(text);
    };
    for (day, plan, renew) in [
        ("2026-08-31T10:00:00Z", BillingPlan::Monthly, true),
        ("2026-09-30T10:00:00Z", BillingPlan::Upfront, true),
        ("2026-09-30T11:00:00Z", BillingPlan::Monthly, false),
    ] {
        move_to(day);
        let mut wanted = request("Standard_D2s_v5", Term::P1Y, plan, 2);
        wanted.renew = renew;
        desk.buy(&wanted);
    }
    move_to("2026-12-24T10:00:00Z");
    desk.pays(Some("soft-error"));
    move_to("2027-02-03T10:00:00Z");
    desk.pays(None);
    move_to("2027-10-15T10:00:00Z");
    desk.verify();
    record(&desk.app)
}

#[test]
fn however_the_clock_is_moved_the_record_is_the_same() {
    let begin = at("2026-08-01T00:00:00Z").as_second();
    let end = at("2027-10-15T00:00:00Z").as_second();
    let at_once = lived(&[]);
    assert!(at_once.contains("payment-failed") && at_once.contains("renewed"));
    let mut chance = 1u64;
    let mut draw = |below: i64| {
        chance =
            chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(chance >> 33).unwrap() % below
    };
    for round in 0..12 {
        let mut stops: Vec<Timestamp> = (0..draw(60))
            .map(|_| Timestamp::from_second(begin + draw(end - begin)).unwrap())
            .collect();
        // Some fall right on midnight, when jobs are due.
        stops.extend((0..draw(60)).map(|_| {
            Timestamp::from_second(begin + draw((end - begin) / 86_400) * 86_400).unwrap()
        }));
        stops.sort_unstable();
        assert!(lived(&stops) == at_once, "round {round} with stops {stops:?}");
    }
}

#[test]
fn a_job_that_keeps_failing_is_parked_and_holds_up_no_other() {
    let desk = Desk::open(Store::memory().unwrap());
    let (order, _) = desk.buy(&request("Standard_D2s_v5", Term::P1Y, BillingPlan::Monthly, 1));
    let id = Uuid::from_u128(5);
    desk.app
        .write(move |tx, _| {
            let run_at = at("2026-08-02T00:00:00Z");
            let job = NewJob { id, kind: "no-such-job", run_at, payload: "{}", version: 1 };
            Ok(jobs::push(tx, &job)?)
        })
        .unwrap();
    desk.move_to("2026-10-02T00:00:00Z");
    assert_eq!(paid_on(&desk, order).len(), 3, "the payments of August, September and October");
    let parked = worker::jobs(&desk.app, true, 9).unwrap();
    assert_eq!(parked.iter().map(|job| (job.id, job.attempts)).collect::<Vec<_>>(), [(id, 10)]);
    assert!(parked[0].trouble.as_deref().unwrap().contains("no-such-job"));
    assert_eq!(prorata_app::verify::run(&desk.app).unwrap().parked_jobs, 1);
    assert!(worker::retry(&desk.app, id).unwrap());
    assert!(!worker::retry(&desk.app, id).unwrap(), "it waits already");
    assert!(worker::jobs(&desk.app, true, 9).unwrap().is_empty());
}

#[test]
fn a_quote_that_nobody_took_goes_and_one_that_was_taken_stays() {
    let desk = Desk::open(Store::memory().unwrap());
    desk.move_to("2026-08-03T12:00:00Z");
    let wanted = request("Standard_D2s_v5", Term::P1Y, BillingPlan::Upfront, 1);
    let (taken, _) = desk.buy(&wanted);
    let call = desk.call();
    let open = desk.app.write(move |tx, app| purchase::quote(tx, app, &call, &wanted)).unwrap();
    let kept =
        |id: OrderId| desk.app.read(move |tx, _| Ok(quotes::load(tx, id.0)?.is_some())).unwrap();
    desk.move_to("2026-09-02T00:00:00Z");
    assert!(kept(open.order), "thirty days after it lapsed it goes");
    desk.move_to("2026-09-12T00:00:00Z");
    assert!(!kept(open.order));
    assert!(kept(taken));
    desk.verify();
}

/// A renewal is found wherever what was renewed, and what it was renewed as, are now; one that is
/// nowhere is told.
#[test]
fn renewals_lead_on_over_tenants() {
    let desk = Desk::open(Store::memory().unwrap());
    let document: Document = toml::from_str(
        "[[tenants]]\nid = \"00000000-0000-0000-0000-0000000000aa\"\nname = \"Fabrikam\"\n\
         [[tenants]]\nid = \"00000000-0000-0000-0000-0000000000bb\"\nname = \"Tailspin\"\n\
         [[principals]]\ntenantId = \"00000000-0000-0000-0000-0000000000aa\"\nname = \"guest\"\n\
         clientId = \"00000000-0000-0000-0000-000000000033\"\nclientSecret = \"a secret there\"\n\
         [[principals]]\ntenantId = \"00000000-0000-0000-0000-0000000000bb\"\nname = \"guest\"\n\
         clientId = \"00000000-0000-0000-0000-000000000033\"\nclientSecret = \"a secret there\"",
    )
    .unwrap();
    let tenants: Vec<TenantId> = document.tenants.iter().map(|tenant| tenant.id).collect();
    world::apply(&desk.app, document).unwrap();
    let (fabrikam, tailspin) = (tenants[0], tenants[1]);
    let mut wanted = request("Standard_D2s_v5", Term::P1Y, BillingPlan::Upfront, 1);
    wanted.renew = true;
    let bought: Vec<_> = (0..4).map(|_| desk.buy(&wanted)).collect();
    desk.move_to("2027-08-02T00:00:00Z");
    let moved = |order: OrderId, to: TenantId| {
        let call = desk.call();
        desk.app.write(move |tx, app| change_directory(tx, app, &call, order, to)).unwrap();
    };
    let held = |tenant: TenantId, at: (OrderId, ReservationId)| {
        let read = desk.app.read(move |tx, _| Ok(reservations::load(tx, tenant, at.0, at.1)?));
        read.unwrap().unwrap()
    };
    let became = |at: (OrderId, ReservationId)| match held(TENANT, at).state {
        ReservationState::Renewed { order, .. } => order,
        other => panic!("{other:?}"),
    };
    let renewed: Vec<OrderId> = bought.iter().map(|at| became(*at)).collect();
    moved(bought[0].0, fabrikam);
    desk.verify();
    moved(renewed[1], fabrikam);
    desk.verify();
    moved(bought[2].0, fabrikam);
    moved(renewed[2], tailspin);
    desk.verify();

    // Said to be renewed as something that is in no tenant, by everything that says it.
    let at = bought[0];
    let mut row = held(fabrikam, at);
    let nowhere = (OrderId(Uuid::from_u128(7)), ReservationId(Uuid::from_u128(8)));
    let was = row.revision;
    row.state = ReservationState::Renewed { order: nowhere.0, into: nowhere.1 };
    row.revision += 1;
    desk.app
        .write(move |tx, _| {
            reservations::replace(tx, &row, was, OperationId(Uuid::from_u128(9)))?;
            Ok(renewals::put_destination(tx, at, nowhere)?)
        })
        .unwrap();
    let broken = prorata_app::verify::run(&desk.app).unwrap().broken.unwrap();
    assert_eq!(broken.law, "renewals lead on", "{broken:?}");
}

/// Two servers over one database make each payment once.
#[test]
fn jobs_of_two_processes_run_once() {
    let Some(cluster) = Cluster::shared() else { return };
    let database = cluster.database();
    let desk = Desk::open(Store::open(&database).unwrap());
    let orders: Vec<OrderId> = (0..12)
        .map(|_| desk.buy(&request("Standard_D2s_v5", Term::P1Y, BillingPlan::Monthly, 1)).0)
        .collect();
    let process = || {
        let store = Store::open(&database).unwrap();
        App::open(store, Book::built_in().clone(), Clock::System).unwrap()
    };
    let (one, other) = (process(), process());
    let until = at("2026-11-02T00:00:00Z");
    std::thread::scope(|scope| {
        for app in [&one, &other, &one] {
            scope.spawn(move || {
                // What the other holds is not there to be claimed; it may put it back.
                for _ in 0..20 {
                    worker::run_due(app, until).unwrap();
                    std::thread::sleep(Duration::from_millis(20));
                }
            });
        }
    });
    desk.move_to("2026-11-02T00:00:00Z");
    for order in orders {
        assert_eq!(paid_on(&desk, order), ["2026-08-01", "2026-09-01", "2026-10-01", "2026-11-01"]);
    }
    let report = prorata_app::verify::run(&desk.app).unwrap();
    assert_eq!((report.broken, report.parked_jobs), (None, 0));
}
