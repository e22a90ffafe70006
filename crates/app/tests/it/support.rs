//! Asking for an exception and using it, on both databases.

use crate::desk::{Desk, SUBSCRIPTION, at, request};
use prorata_app::support::desk::{self, Exception};
use prorata_app::support::evidence::Asked;
use prorata_app::support::{self, open};
use prorata_app::{Call, Caller, Error, refund};
use prorata_domain::decision::Outcome;
use prorata_domain::ids::{OrderId, PrincipalId, ReservationId, TenantId, WaiverId};
use prorata_domain::policy::ClauseId;
use prorata_domain::support::{Contact, ContactMethod, Severity};
use prorata_domain::term::{BillingPlan, Term};
use prorata_store::Store;
use prorata_testkit::postgres::Cluster;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use uuid::Uuid;

type HeldAt = (OrderId, ReservationId);

/// Somebody at the desk, of another tenant than its customers.
const AGENT: PrincipalId = PrincipalId(Uuid::from_u128(0xa1));
const OPERATOR: TenantId = TenantId(Uuid::from_u128(0xa0));

fn agent(desk: &Desk) -> Call {
    let since = desk.app.now();
    desk.app.write(move |tx, _| desk::set_member(tx, OPERATOR, AGENT, Some(since))).unwrap();
    let caller = Caller::new(OPERATOR, AGENT, "desk", "somebody at the desk");
    Call::new(caller, desk.app.now(), Uuid::nil())
}

fn contact() -> Contact {
    Contact {
        first_name: "Ada".to_owned(),
        last_name: "Byron".to_owned(),
        preferred_contact_method: ContactMethod::Email,
        primary_email_address: "ada@example.com".to_owned(),
        additional_email_addresses: Vec::new(),
        phone_number: None,
        preferred_time_zone: "UTC".to_owned(),
        country: "GBR".to_owned(),
        preferred_support_language: "en-us".to_owned(),
    }
}

fn ask(desk: &Desk, held: HeldAt, name: &str) -> support::Opened {
    let (call, name) = (desk.call(), name.to_owned());
    let request = open::Request {
        asked: Asked::Refund { quantity: 1 },
        reason: "The machines are gone.".to_owned(),
        severity: Severity::Minimal,
        contact: contact(),
    };
    desk.app
        .deed(move |tx, app| open::put(tx, app, &call, held.0, held.1, &name, &request))
        .unwrap()
}

fn grant(desk: &Desk, ticket: Uuid, id: u128, lapses_on: &str) -> Result<(), Error> {
    let call = agent(desk);
    let exception = Exception {
        clauses: vec![ClauseId::RefundCap],
        lapses_on: lapses_on.parse().unwrap(),
        reason: "They asked nicely.".to_owned(),
        about: None,
    };
    let id = WaiverId(Uuid::from_u128(id));
    desk.app.deed(move |tx, app| desk::grant(tx, app, &call, ticket, id, &exception)).map(drop)
}

/// Sixty units that no single return fits the cap with, since all of it counts on the first day.
fn large(desk: &Desk) -> HeldAt {
    desk.buy(&request("Standard_D2s_v5", Term::P1Y, BillingPlan::Upfront, 60))
}

fn outcome(quoted: &refund::Quoted) -> Outcome {
    let findings = &quoted.decision.findings;
    findings.iter().find(|one| one.clause == ClauseId::RefundCap).unwrap().outcome
}

fn one_exception_is_for_one_return(store: Store) {
    let desk = Desk::open(store);
    let (held, other) = (large(&desk), large(&desk));
    assert_eq!(outcome(&desk.refund_quote(held, 60)), Outcome::NotMet);
    let ticket = ask(&desk, held, "please").ticket;
    assert_eq!(ask(&desk, held, "please").ticket.row.id, ticket.row.id, "the same again");
    grant(&desk, ticket.row.id, 7, "2026-08-20").unwrap();
    grant(&desk, ticket.row.id, 7, "2026-08-20").unwrap();
    let quoted = desk.refund_quote(held, 60);
    assert_eq!(outcome(&quoted), Outcome::Waived);
    // A quote only shows it; an hour later it is still there, after its last day it is not.
    assert_eq!(outcome(&desk.refund_quote(held, 60)), Outcome::Waived);
    desk.give_back(held, 60, &quoted).unwrap();
    desk.give_back(held, 60, &quoted).unwrap();
    assert_eq!(outcome(&desk.refund_quote(other, 60)), Outcome::NotMet);
    let used = desk
        .app
        .read(|tx, _| Ok(prorata_store::waivers::load(tx, WaiverId(Uuid::from_u128(7)))?))
        .unwrap()
        .unwrap();
    assert_eq!(used.used.map(|used| used.0.0), Some(quoted.session.0));
    desk.verify();
}

fn an_exception_lapses_with_its_day(store: Store) {
    let desk = Desk::open(store);
    let held = large(&desk);
    let ticket = ask(&desk, held, "please").ticket;
    grant(&desk, ticket.row.id, 7, "2026-08-02").unwrap();
    let quoted = desk.refund_quote(held, 60);
    assert_eq!(outcome(&quoted), Outcome::Waived);
    desk.move_to("2026-08-02T00:00:00Z");
    assert_eq!(outcome(&desk.refund_quote(held, 60)), Outcome::NotMet);
    let refused = desk.give_back(held, 60, &quoted);
    assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    desk.verify();
}

/// Eight callers return single units of one reservation that each need the exception: one gets it.
fn two_at_once_use_it_once(store: Store) {
    let desk = Arc::new(Desk::open(store));
    let held = large(&desk);
    // What others returned leaves nothing of the cap.
    let filler = desk.buy(&request("Standard_D2s_v5", Term::P1Y, BillingPlan::Upfront, 50));
    let all = desk.refund_quote(filler, 50);
    desk.give_back(filler, 50, &all).unwrap();
    let ticket = ask(&desk, held, "please").ticket;
    grant(&desk, ticket.row.id, 7, "2026-08-20").unwrap();
    let quoted: Vec<_> = (0..8).map(|_| desk.refund_quote(held, 1)).collect();
    let made = AtomicU32::new(0);
    std::thread::scope(|scope| {
        for quoted in &quoted {
            let (desk, made) = (&desk, &made);
            scope.spawn(move || {
                loop {
                    match desk.give_back(held, 1, quoted) {
                        Ok(_) => {
                            made.fetch_add(1, Ordering::SeqCst);
                            return;
                        }
                        Err(Error::Busy(_)) => {}
                        Err(_) => return,
                    }
                }
            });
        }
    });
    assert_eq!(made.load(Ordering::SeqCst), 1);
    desk.verify();
}

fn what_is_not_as_granted_is_found(store: Store) {
    let desk = Desk::open(store);
    let held = large(&desk);
    let ticket = ask(&desk, held, "please").ticket;
    grant(&desk, ticket.row.id, 7, "2026-08-20").unwrap();
    // An exception that says it was used by something that did not need it.
    let operation = prorata_domain::ids::OperationId(Uuid::from_u128(7));
    desk.app
        .write(move |tx, app| {
            let id = WaiverId(Uuid::from_u128(7));
            Ok(prorata_store::waivers::use_up(tx, id, operation, app.now())?)
        })
        .unwrap();
    let report = prorata_app::verify::run(&desk.app).unwrap();
    let broken = report.broken.expect("verify finds it");
    assert_eq!(broken.law, "an exception is used once, for its reservation");
}

fn evidence_is_the_same_bytes_for_the_same_facts(store: Store) {
    let desk = Desk::open(store);
    let held = large(&desk);
    let call = desk.call();
    let pack = || {
        let call = call.clone();
        let asked = Asked::Refund { quantity: 60 };
        let made =
            desk.app.deed(move |tx, app| open::evidence(tx, app, &call, held.0, held.1, &asked));
        made.unwrap()
    };
    let first = pack();
    assert_eq!(first.files, pack().files);
    assert_eq!(first.refusal.as_ref().unwrap().clause, ClauseId::RefundCap);
    let names: Vec<_> = first.files.iter().map(|file| file.name).collect();
    assert_eq!(names, ["evidence.json", "evidence.md", "evidence.sha256"]);
    desk.move_to("2026-08-03T00:00:00Z");
    let later = Call { now: at("2026-08-03T00:00:00Z"), ..call.clone() };
    let asked = Asked::Refund { quantity: 60 };
    let later = desk
        .app
        .deed(move |tx, app| open::evidence(tx, app, &later, held.0, held.1, &asked))
        .unwrap();
    assert_ne!(later.files[0].digest, first.files[0].digest, "a day later it is worth less");
}

fn only_the_desk_grants(store: Store) {
    let desk = Desk::open(store);
    let held = large(&desk);
    let ticket = ask(&desk, held, "please").ticket;
    assert_eq!(ticket.row.place.subscription, Some(SUBSCRIPTION));
    let (call, id) = (desk.call(), ticket.row.id);
    let exception = Exception {
        clauses: vec![ClauseId::RefundCap],
        lapses_on: "2026-08-20".parse().unwrap(),
        reason: "mine".to_owned(),
        about: None,
    };
    let (own, wanted) = (call.clone(), exception.clone());
    let denied = desk
        .app
        .deed(move |tx, app| desk::grant(tx, app, &own, id, WaiverId(Uuid::from_u128(9)), &wanted));
    assert!(matches!(denied, Err(Error::Absent { .. })), "{denied:?}");
    // Also at the desk, nobody grants what they asked for.
    let (tenant, principal, since) = (call.caller.tenant, call.caller.principal, call.now);
    desk.app.write(move |tx, _| desk::set_member(tx, tenant, principal, Some(since))).unwrap();
    let refused = desk.app.deed(move |tx, app| {
        desk::grant(tx, app, &call, id, WaiverId(Uuid::from_u128(9)), &exception)
    });
    match refused {
        Err(Error::Refused(refused)) => assert_eq!(refused.refusal.clause, ClauseId::Waiver),
        other => panic!("{other:?}"),
    }
    desk.verify();
}

const ALL: &[fn(Store)] = &[
    one_exception_is_for_one_return,
    an_exception_lapses_with_its_day,
    two_at_once_use_it_once,
    what_is_not_as_granted_is_found,
    evidence_is_the_same_bytes_for_the_same_facts,
    only_the_desk_grants,
];

#[test]
fn exceptions_on_sqlite() {
    for check in ALL {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("desk.db");
        check(Store::open(path.to_str().unwrap()).unwrap());
    }
}

#[test]
fn exceptions_on_postgresql() {
    let Some(cluster) = Cluster::shared() else { return };
    for check in ALL {
        check(Store::open(&cluster.database()).unwrap());
    }
}
