//! People, their sessions and codes on both databases, also with several processes over one.

use crate::desk::{Desk, TENANT};
use jiff::{SignedDuration, Timestamp};
use prorata_app::clock::Clock;
use prorata_app::users::{self, Entered, NewUser};
use prorata_app::{App, Call, Error, Origin, identity, revocations, sessions};
use prorata_domain::ids::PrincipalId;
use prorata_domain::policy::Book;
use prorata_store::Store;
use prorata_store::sessions as rows;
use prorata_testkit::postgres::Cluster;
use std::sync::atomic::{AtomicU32, Ordering};
use uuid::Uuid;

const PASSWORD: &str = "four other loose words";

fn origin() -> Origin {
    Origin::default()
}

/// A desk with Anna, who has a password and administers the tenant.
fn desk(store: Store) -> (Desk, PrincipalId) {
    let desk = Desk::open(store);
    let call = desk.call();
    let role = prorata_store::world::RoleAssignment {
        id: prorata_domain::ids::AssignmentId(Uuid::from_u128(0x77)),
        tenant: TENANT,
        principal: call.caller.principal,
        role: "Owner".to_owned(),
        scope: "/".to_owned(),
    };
    let new = NewUser { user_name: "anna".into(), display_name: "Anna".into(), mail: None };
    let (shown, invitation) = desk
        .app
        .write(move |tx, _| {
            prorata_store::world::put_assignment(tx, &role)?;
            users::add(tx, &call, &new)
        })
        .unwrap();
    users::accept_invitation(&desk.app, &invitation.token, PASSWORD, &origin()).unwrap();
    (desk, shown.user.id)
}

fn enter(app: &App) -> String {
    match users::sign_in(app, "anna", PASSWORD, &origin()).unwrap() {
        Entered::Open(begun) | Entered::Code(begun) => begun.cookie,
    }
}

fn is_open(app: &App, cookie: &str) -> bool {
    let cookie = cookie.to_owned();
    app.read(move |tx, app| sessions::find(tx, app, &cookie)).unwrap().is_some()
}

fn both(test: fn(Store)) {
    test(Store::memory().unwrap());
    if let Some(cluster) = Cluster::shared() {
        test(Store::open(&cluster.database()).unwrap());
    }
}

#[test]
fn a_session_outlives_a_restart_and_ends_when_it_is_ended() {
    both(|store| {
        let (desk, id) = desk(store);
        let app = &desk.app;
        let (first, second) = (enter(app), enter(app));
        let again = App::open(app.store.clone(), Book::built_in().clone(), Clock::System).unwrap();
        assert!(is_open(&again, &first) && is_open(&again, &second));
        assert!(!is_open(&again, "made up"));
        let key = first.clone();
        let revoked = app.write(move |tx, _| sessions::end(tx, &key)).unwrap().unwrap();
        app.revoked(revoked);
        assert!(!is_open(app, &first) && is_open(app, &second));
        let call = desk.call();
        let revoked = app.write(move |tx, _| users::set_closed(tx, &call, id, true)).unwrap();
        app.revoked(revoked);
        assert!(!is_open(app, &second));
        let refused = users::sign_in(app, "anna", PASSWORD, &origin());
        assert!(matches!(refused, Err(Error::Unknown(_))));
    });
}

/// Of many who give the same code at once, one gets in.
#[test]
fn a_code_is_taken_once_by_whoever_is_first() {
    both(|store| {
        let (desk, id) = desk(store);
        let app = desk.app.clone();
        let caller = prorata_app::Caller {
            kind: prorata_app::PrincipalKind::User,
            ..prorata_app::Caller::new(TENANT, id, id.to_string(), "Anna")
        };
        let who = caller.clone();
        let enrolment = app.write(move |tx, app| users::enrol(tx, app, &who)).unwrap();
        let secret = totp_rs::Secret::try_from_base32(&enrolment.seed).unwrap();
        let totp = totp_rs::Builder::new().with_secret(secret).build_noncompliant();
        let now = u64::try_from(Timestamp::now().as_second()).unwrap();
        let before = totp.generate(now - 30).to_string();
        let call = prorata_app::Call::new(caller, app.now(), Uuid::new_v4());
        let (codes, _) =
            app.write(move |tx, app| users::confirm(tx, app, &call, None, &before)).unwrap();
        for code in [totp.generate(now).to_string(), codes[0].clone()] {
            let cookies: Vec<String> = (0..8).map(|_| enter(&app)).collect();
            let opened = AtomicU32::new(0);
            std::thread::scope(|scope| {
                for cookie in cookies {
                    let (app, code, opened) = (&app, code.clone(), &opened);
                    scope.spawn(move || {
                        let given = users::give_code(app, cookie, code, origin());
                        let runtime = tokio::runtime::Builder::new_current_thread().build();
                        if runtime.unwrap().block_on(given).is_ok() {
                            opened.fetch_add(1, Ordering::SeqCst);
                        }
                    });
                }
            });
            assert_eq!(opened.into_inner(), 1, "{} codes of a kind", code.len());
        }
    });
}

#[test]
fn an_invitation_is_taken_up_by_one() {
    both(|store| {
        let (desk, id) = desk(store);
        let call = desk.call();
        let (invitation, revoked) =
            desk.app.write(move |tx, _| users::reset(tx, &call, id)).unwrap();
        desk.app.revoked(revoked);
        assert!(users::sign_in(&desk.app, "anna", PASSWORD, &origin()).is_err());
        let taken = AtomicU32::new(0);
        std::thread::scope(|scope| {
            for number in 0..4 {
                let (app, token, taken) = (&desk.app, &invitation.token, &taken);
                scope.spawn(move || {
                    let password = format!("tulip anvil quarry {number}");
                    if users::accept_invitation(app, token, &password, &origin()).is_ok() {
                        taken.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
        });
        assert_eq!(taken.into_inner(), 1);
    });
}

/// What one process revokes ends at another of the same database within a second.
#[test]
fn another_process_learns_of_what_was_revoked() {
    let Some(cluster) = Cluster::shared() else { return };
    let database = cluster.database();
    let (desk, _) = desk(Store::open(&database).unwrap());
    let open =
        || App::open(Store::open(&database).unwrap(), Book::built_in().clone(), Clock::System);
    let other = open().unwrap();
    let caller = desk.call().caller;
    let issuer = identity::issuer_at("https://desk", Some(TENANT));
    identity::known_as(&other, "desk");
    let token = identity::issue(&desk.app, &caller, &issuer, "https://desk").unwrap().access_token;
    assert!(identity::verify(&other, &token).is_ok());
    let call = desk.call();
    let closed = caller.principal;
    let anna = prorata_app::Call::new(
        prorata_app::Caller::new(TENANT, PrincipalId(Uuid::from_u128(1)), "x", "x"),
        call.now,
        call.correlation,
    );
    // Another administrator closes the account of the caller.
    let admin = prorata_store::world::RoleAssignment {
        id: prorata_domain::ids::AssignmentId(Uuid::from_u128(0x78)),
        tenant: TENANT,
        principal: anna.caller.principal,
        role: "Owner".to_owned(),
        scope: "/".to_owned(),
    };
    let revoked = desk.app.write(move |tx, _| {
        prorata_store::world::put_assignment(tx, &admin)?;
        users::set_closed(tx, &anna, closed, true)
    });
    desk.app.revoked(revoked.unwrap());
    std::thread::sleep(revocations::AGE_MAX);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(revocations::keep_up(&other)).unwrap();
    assert!(identity::verify(&other, &token).is_err());
}

/// Moves a session's row back in time, as though it had been begun and used so long ago.
fn aged(app: &App, id: PrincipalId, since_begun: SignedDuration, since_used: SignedDuration) {
    app.write(move |tx, _| {
        let now = Timestamp::now();
        for row in rows::of_principal(tx, TENANT, id)? {
            rows::end(tx, &row.hash)?;
            let life = row.ends_at.duration_since(row.began_at);
            let began_at = now - since_begun;
            let (used_at, ends_at) = (now - since_used, began_at + life);
            rows::insert(tx, &rows::Session { began_at, used_at, ends_at, ..row })?;
        }
        Ok(())
    })
    .unwrap();
}

#[test]
fn a_session_ends_when_it_rests_and_after_a_working_day() {
    both(|store| {
        let (desk, id) = desk(store);
        let app = &desk.app;
        let (minutes, hours) = (SignedDuration::from_mins, SignedDuration::from_hours);
        for (since_begun, since_used, open) in [
            (minutes(29), minutes(29), true),
            (minutes(31), minutes(31), false),
            (hours(9), minutes(1), true),
            (hours(10) + minutes(1), minutes(1), false),
        ] {
            let cookie = enter(app);
            aged(app, id, since_begun, since_used);
            assert_eq!(is_open(app, &cookie), open, "{since_begun:#} {since_used:#}");
            let call = desk.call();
            let shown = app.read(move |tx, _| users::sessions(tx, &call, id)).unwrap();
            assert_eq!(shown.len(), usize::from(open), "those that are over are not listed");
            let key = cookie.clone();
            app.write(move |tx, _| sessions::end(tx, &key)).unwrap();
        }
    });
}

#[test]
fn a_new_password_ends_the_other_sessions() {
    both(|store| {
        let (desk, _) = desk(store);
        let app = &desk.app;
        let (here, elsewhere) = (enter(app), enter(app));
        let key = here.clone();
        let session = app.read(move |tx, app| sessions::find(tx, app, &key)).unwrap().unwrap();
        let call = Call::new(session.caller, app.now(), Uuid::from_u128(1));
        let new = "another four loose words";
        assert!(users::change_password(app, &call, Some(session.id), "wrong", new).is_err());
        assert!(is_open(app, &elsewhere));
        users::change_password(app, &call, Some(session.id), PASSWORD, new).unwrap();
        assert!(is_open(app, &here) && !is_open(app, &elsewhere));
        assert!(users::sign_in(app, "anna", PASSWORD, &origin()).is_err());
        assert!(users::sign_in(app, "anna", new, &origin()).is_ok());
    });
}
