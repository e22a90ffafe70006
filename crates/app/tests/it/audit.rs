//! The audit and the journal are what was sealed, and whoever changes them behind the program's
//! back is found out, on both databases.

use crate::desk::{Desk, request};
use prorata_app::audit::{Event, line, seal};
use prorata_app::verify::{self, Broken};
use prorata_domain::ids::{OrderId, ReservationId};
use prorata_domain::seal::Head;
use prorata_domain::term::{BillingPlan, Term};
use prorata_store::{Store, StoreError};
use prorata_testkit::postgres::Cluster;

/// A desk on which something was bought, returned and looked at, some of it sealed already.
fn told(store: Store) -> Desk {
    let desk = Desk::open(store);
    let held = desk.buy(&request("Standard_D2s_v5", Term::P1Y, BillingPlan::Upfront, 4));
    desk.give_back(held, 1, &desk.refund_quote(held, 1)).unwrap();
    looked_at(&desk, held);
    seal::run(&desk.app).unwrap();
    desk.move_to("2026-08-02T00:00:00Z");
    looked_at(&desk, held);
    seal::run(&desk.app).unwrap();
    // What follows has no seal yet.
    looked_at(&desk, held);
    desk
}

fn looked_at(desk: &Desk, held: (OrderId, ReservationId)) {
    let call = desk.call();
    let event = Event::new("refund-quote", format!("order/{}", held.0));
    desk.app.write(move |tx, _| line(tx, &call, &event)).unwrap();
}

fn broken(desk: &Desk, head: Option<Head>) -> Option<Broken> {
    verify::chain(&desk.app, head).unwrap().broken
}

fn head(desk: &Desk) -> Head {
    let last = desk.app.read(|tx, _| Ok(prorata_store::seals::last(tx)?)).unwrap().unwrap();
    Head { number: last.number, digest: last.digest }
}

/// Runs statements as somebody would who has the database's files: without the triggers.
fn behind_the_back(desk: &Desk, statements: &[&'static str]) {
    let postgres = desk.app.store.kind() == "postgres";
    let statements = statements.to_vec();
    let done: Result<(), StoreError> = desk.app.store.write(move |tx| {
        let (find, drop) = if postgres {
            (
                "SELECT CAST('DROP TRIGGER ' || tgname || ' ON ' || CAST(tgrelid AS REGCLASS) AS \
                 TEXT) FROM pg_trigger WHERE NOT tgisinternal",
                "DROP TRIGGER",
            )
        } else {
            ("SELECT 'DROP TRIGGER ' || name FROM sqlite_schema WHERE type = 'trigger'", "DROP")
        };
        for row in tx.query_dyn(find, &[])? {
            assert!(row.text(0)?.starts_with(drop));
            tx.query_dyn(row.text(0)?, &[])?;
        }
        for sql in &statements {
            tx.query_dyn(sql, &[])?;
        }
        Ok(())
    });
    done.unwrap();
}

/// What is done to which table, the law that it breaks, and how its row begins.
const TAMPERED: &[(&[&str], &str, &str)] = &[
    (
        &["UPDATE operations SET verdict = 'refused' WHERE kind = 'refund'"],
        "recorded rows stay as they were",
        "operation ",
    ),
    (
        &["UPDATE operations SET principal = tenant WHERE kind = 'purchase'"],
        "recorded rows stay as they were",
        "operation ",
    ),
    (
        &["DELETE FROM operations WHERE kind = 'refund'"],
        "recorded rows stay as they were",
        "operation ",
    ),
    (
        &["INSERT INTO operations (id, kind, tenant, principal, decided_at, verdict, \
           billing_account, counted_minor, doc) SELECT '00000000-0000-0000-0000-00000000feed', \
           kind, tenant, principal, decided_at, verdict, billing_account, counted_minor, doc FROM \
           operations WHERE kind = 'refund'"],
        "what is recorded is sealed",
        "operation 00000000-0000-0000-0000-00000000feed",
    ),
    (
        &["UPDATE audit SET target = 'nothing' WHERE action = 'world-apply'"],
        "recorded rows stay as they were",
        "audit line ",
    ),
    (
        &["DELETE FROM audit WHERE id = (SELECT MIN(id) FROM audit)"],
        "recorded rows stay as they were",
        "audit line ",
    ),
    (
        &["INSERT INTO audit (id, at, tenant, principal, action, target, verdict, findings) \
           SELECT '00000000-0000-0000-0000-00000000beef', at, tenant, principal, action, target, \
           verdict, findings FROM audit WHERE action = 'world-apply'"],
        "what is recorded is sealed",
        "audit line 00000000-0000-0000-0000-00000000beef",
    ),
    // Two lines change places.
    (
        &["UPDATE audit SET target = action, action = target"],
        "recorded rows stay as they were",
        "audit line ",
    ),
    (
        &["UPDATE entries SET posted_at = posted_at + 1 WHERE event = 'refund'"],
        "recorded rows stay as they were",
        "entry ",
    ),
    (
        &["DELETE FROM entries WHERE event = 'refund'"],
        "recorded rows stay as they were",
        "operation ",
    ),
    (
        &["INSERT INTO entries (operation, id, posted_at, event) VALUES ('x', 'y', 0, 'refund')"],
        "what is recorded is sealed",
        "entry y",
    ),
    (
        &["UPDATE postings SET minor = minor * 2"],
        "recorded rows stay as they were",
        "posting 1 of entry ",
    ),
    (
        &[
            "UPDATE postings SET line = line + 100",
            "UPDATE postings SET line = 2 WHERE line = 101",
            "UPDATE postings SET line = 1 WHERE line = 102",
            "UPDATE postings SET line = line - 100 WHERE line > 100",
        ],
        "recorded rows stay as they were",
        "posting 1 of entry ",
    ),
    (&["DELETE FROM postings WHERE line = 1"], "recorded rows stay as they were", "operation "),
    (
        &["INSERT INTO postings (entry, line, account, minor, currency) \
           VALUES ('z', 1, 'a', 1, 'USD')"],
        "what is recorded is sealed",
        "posting of entry z",
    ),
    (
        &["UPDATE batches SET digest = id WHERE seal = 1"],
        "batches are as they were committed",
        "batch ",
    ),
    (&["UPDATE batches SET seal = 2 WHERE seal = 1"], "seals are a chain", "seal 1"),
    (
        &["UPDATE batch_members SET members = (SELECT MIN(members) FROM batch_members)"],
        "batches are as they were committed",
        "batch ",
    ),
    (&["DELETE FROM batch_members"], "batches are as they were committed", "batch "),
    (&["UPDATE seals SET at = at + 1 WHERE number = 2"], "seals are a chain", "seal 2"),
    (&["UPDATE seals SET previous = digest WHERE number = 2"], "seals are a chain", "seal 2"),
    (&["DELETE FROM seals WHERE number = 1"], "seals are a chain", "seal 2"),
];

fn every_change_is_found(open: impl Fn() -> Store) {
    for (statements, law, row) in TAMPERED {
        let desk = told(open());
        assert_eq!(broken(&desk, None), None);
        behind_the_back(&desk, statements);
        let found = broken(&desk, None).unwrap_or_else(|| panic!("{statements:?} is not found"));
        assert_eq!(found.law, *law, "{statements:?}: {found:?}");
        assert!(found.row.starts_with(row), "{statements:?}: {found:?}");
    }
}

/// Who takes the end of the chain away leaves a whole chain, which a head kept elsewhere does not
/// fit.
fn a_shorter_chain_does_not_reach_its_head(store: Store) {
    let desk = told(store);
    let kept = head(&desk);
    assert_eq!((kept.number, broken(&desk, Some(kept.clone()))), (2, None));
    let other = Head { digest: "0".repeat(64), ..kept.clone() };
    assert_eq!(broken(&desk, Some(other)).unwrap().row, "seal 2");
    behind_the_back(
        &desk,
        &[
            "DELETE FROM audit WHERE at = (SELECT MAX(at) FROM audit)",
            "DELETE FROM batch_members WHERE batch IN (SELECT id FROM batches WHERE seal <> 1)",
            "DELETE FROM batches WHERE seal <> 1",
            "DELETE FROM seals WHERE number > 1",
        ],
    );
    let found = broken(&desk, Some(kept)).unwrap();
    assert_eq!((found.law, found.row.as_str()), ("the chain reaches its head", "seal 2"));
}

/// Writers and those who seal at the same time: everything is sealed once, and in the end all is.
fn sealing_keeps_up_with_writers(store: Store) {
    let desk = Desk::open(store);
    let held = desk.buy(&request("Standard_D2s_v5", Term::P1Y, BillingPlan::Upfront, 40));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..10).for_each(|_| looked_at(&desk, held)));
        }
        for _ in 0..2 {
            scope.spawn(|| (0..10).for_each(|_| drop(seal::run(&desk.app).unwrap())));
        }
    });
    seal::run(&desk.app).unwrap();
    let report = verify::chain(&desk.app, None).unwrap();
    assert_eq!(report.broken, None);
    let open = desk.app.read(|tx, _| Ok(prorata_store::seals::batches(tx, 0, None, 9)?)).unwrap();
    assert_eq!((open, report.seals > 0, report.sealed_rows > 40), (Vec::new(), true, true));
}

#[test]
fn every_change_is_found_on_sqlite() {
    every_change_is_found(|| Store::memory().unwrap());
}

#[test]
fn every_change_is_found_on_postgres() {
    let Some(cluster) = Cluster::shared() else { return };
    every_change_is_found(|| Store::open(&cluster.database()).unwrap());
}

#[test]
fn a_shorter_chain_does_not_reach_its_head_on_sqlite() {
    a_shorter_chain_does_not_reach_its_head(Store::memory().unwrap());
}

#[test]
fn a_shorter_chain_does_not_reach_its_head_on_postgres() {
    let Some(cluster) = Cluster::shared() else { return };
    a_shorter_chain_does_not_reach_its_head(Store::open(&cluster.database()).unwrap());
}

#[test]
fn sealing_keeps_up_with_writers_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("desk.db");
    sealing_keeps_up_with_writers(Store::open(file.to_str().unwrap()).unwrap());
}

#[test]
fn sealing_keeps_up_with_writers_on_postgres() {
    let Some(cluster) = Cluster::shared() else { return };
    sealing_keeps_up_with_writers(Store::open(&cluster.database()).unwrap());
}
