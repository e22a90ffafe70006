//! Transactions: kept, undone, raced, panicked in, and lost.

use crate::Folder;
use crate::sample::day;
use prorata_store::{Store, StoreError, Tx, Value, cap};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

crate::contracts!(
    keeps_what_is_ok,
    undoes_what_is_err,
    neighbours_are_kept_when_one_is_undone,
    a_panic_is_answered_and_the_store_goes_on,
    a_failed_statement_loses_the_transaction,
    a_queued_failure_shows_in_the_answer,
    reads_cannot_write,
    many_statements_at_once_answer_in_order,
    racing_writers_never_pass_a_cap,
    racing_writers_never_pass_a_cap_they_did_not_enter,
    async_callers_do_not_wait_for_each_other,
    closing_finishes_what_waits,
);

const PUT: &str = "INSERT INTO meta (name, value) VALUES ($1, $2) \
    ON CONFLICT (name) DO UPDATE SET value = excluded.value";
const ADD: &str = "INSERT INTO meta (name, value) VALUES ($1, $2)";
const GET: &str = "SELECT value FROM meta WHERE name = $1";
const COUNT: &str = "SELECT COUNT(*) FROM meta";

fn get(store: &Store, name: &'static str) -> Option<String> {
    store
        .read(move |tx| tx.one(GET, &[name.into()])?.map(|row| row.string(0)).transpose())
        .unwrap_or_else(|error: StoreError| panic!("{error}"))
}

fn count(store: &Store) -> i64 {
    let row = store.read(|tx| tx.one(COUNT, &[]));
    let row: Option<prorata_store::Row> = row.unwrap_or_else(|error: StoreError| panic!("{error}"));
    row.unwrap().int(0).unwrap()
}

fn put(store: &Store, name: String, value: String) -> Result<u64, StoreError> {
    store.write(move |tx| tx.execute(ADD, &[(&name).into(), (&value).into()]))
}

fn keeps_what_is_ok(store: &Store) {
    let changed = store.write(|tx| tx.execute(PUT, &["a".into(), "1".into()]));
    assert_eq!(changed, Ok::<_, StoreError>(1));
    assert_eq!(get(store, "a").as_deref(), Some("1"));
}

fn undoes_what_is_err(store: &Store) {
    let refused: Result<(), StoreError> = store.write(|tx| {
        tx.execute(PUT, &["a".into(), "1".into()])?;
        tx.queue(PUT, vec!["b".into(), Value::fixed("1")]);
        Err(StoreError::Closed)
    });
    assert_eq!(refused, Err(StoreError::Closed));
    assert_eq!(get(store, "a"), None);
}

/// Many at once, so that kept and undone ones share a group; every third is undone after it
/// wrote, every fifth panics.
fn neighbours_are_kept_when_one_is_undone(store: &Store) {
    std::thread::scope(|scope| {
        for thread in 0..8 {
            scope.spawn(move || {
                for number in 0..30 {
                    let name = format!("{thread}-{number}");
                    let answer: Result<(), StoreError> = store.write(move |tx| {
                        tx.execute(ADD, &[(&name).into(), "1".into()])?;
                        assert!(number % 5 != 0, "as the test wants it");
                        if number % 3 == 0 { Err(StoreError::Closed) } else { Ok(()) }
                    });
                    let kept = number % 5 != 0 && number % 3 != 0;
                    assert_eq!(answer.is_ok(), kept, "{thread}-{number}: {answer:?}");
                }
            });
        }
    });
    let kept = (0..30).filter(|number| number % 5 != 0 && number % 3 != 0).count();
    assert_eq!(count(store), 8 * i64::try_from(kept).unwrap());
}

fn a_panic_is_answered_and_the_store_goes_on(store: &Store) {
    let answer: Result<(), StoreError> = store.write(|tx| {
        tx.execute(PUT, &["a".into(), "1".into()])?;
        panic!("on purpose")
    });
    assert_eq!(answer, Err(StoreError::Panicked("on purpose".into())));
    assert_eq!(get(store, "a"), None);
    let answer: Result<(), StoreError> = store.read(|_| panic!("on purpose"));
    assert_eq!(answer, Err(StoreError::Panicked("on purpose".into())));
    keeps_what_is_ok(store);
}

fn a_failed_statement_loses_the_transaction(store: &Store) {
    put(store, "a".into(), "1".into()).unwrap();
    let answer: Result<(), StoreError> = store.write(|tx| {
        tx.execute(PUT, &["b".into(), "1".into()])?;
        let twice = tx.execute(ADD, &["a".into(), "2".into()]);
        assert!(matches!(twice, Err(StoreError::Constraint(_))), "{twice:?}");
        let after = tx.execute(PUT, &["c".into(), "1".into()]);
        assert_eq!(after, twice, "nothing runs after a failure");
        Ok(())
    });
    assert!(matches!(answer, Err(StoreError::Constraint(_))), "{answer:?}");
    assert_eq!((get(store, "b"), get(store, "c")), (None, None));
    assert_eq!(get(store, "a").as_deref(), Some("1"));
}

fn a_queued_failure_shows_in_the_answer(store: &Store) {
    put(store, "a".into(), "1".into()).unwrap();
    let answer: Result<(), StoreError> = store.write(|tx| {
        tx.queue(PUT, vec!["b".into(), "1".into()]);
        tx.queue(ADD, vec!["a".into(), "2".into()]);
        tx.queue(PUT, vec!["c".into(), "1".into()]);
        Ok(())
    });
    assert!(matches!(answer, Err(StoreError::Constraint(_))), "{answer:?}");
    assert_eq!(count(store), 1);
}

fn reads_cannot_write(store: &Store) {
    let answer: Result<u64, StoreError> =
        store.read(|tx| tx.execute(PUT, &["a".into(), "1".into()]));
    assert!(matches!(answer, Err(StoreError::ReadOnly(_))), "{answer:?}");
    keeps_what_is_ok(store);
}

fn many_statements_at_once_answer_in_order(store: &Store) {
    let changed: Result<u64, StoreError> = store.write(|tx| {
        let rows: Vec<Vec<Value>> =
            (0..1200).map(|n| vec![format!("{n}").into(), format!("v{n}").into()]).collect();
        (0..600).for_each(|n| tx.queue(ADD, vec![format!("q{n}").into(), "v".into()]));
        tx.execute_each(ADD, &rows)
    });
    assert_eq!(changed, Ok(1200));
    assert_eq!(count(store), 1800);
    let read: Result<Vec<Vec<prorata_store::Row>>, StoreError> = store.read(|tx| {
        let names: Vec<Vec<Value>> = (0..1300).rev().map(|n| vec![format!("{n}").into()]).collect();
        tx.query_each(GET, &names)
    });
    let read = read.unwrap();
    for (rows, n) in read.iter().zip((0..1300).rev()) {
        let found = rows.first().map(|row| row.string(0).unwrap());
        assert_eq!(found, (n < 1200).then(|| format!("v{n}")));
    }
}

/// Adds an amount unless the sum of all days would pass the cap.
fn count_toward_cap(
    tx: &mut Tx<'_>,
    enter: bool,
    cap: i64,
    amount: i64,
) -> Result<bool, StoreError> {
    if enter {
        cap::enter(tx, "scope")?;
    }
    let used: i64 = cap::used_since(tx, "scope", day(1))?.iter().map(|(_, minor)| minor).sum();
    if used + amount > cap {
        return Ok(false);
    }
    cap::add(tx, "scope", day(5), amount)?;
    Ok(true)
}

fn race(store: &Store, enter: bool) {
    let passed = AtomicU32::new(0);
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                for _ in 0..10 {
                    let counted: Result<bool, StoreError> =
                        store.write(move |tx| count_toward_cap(tx, enter, 50_000, 500));
                    match counted {
                        Ok(true) => drop(passed.fetch_add(1, Ordering::Relaxed)),
                        Ok(false) | Err(StoreError::Busy(_)) => {}
                        Err(other) => panic!("{other}"),
                    }
                }
            });
        }
    });
    let used: Result<_, StoreError> = store.read(|tx| cap::used_since(tx, "scope", day(1)));
    let passed = i64::from(passed.load(Ordering::Relaxed));
    assert_eq!(used, Ok(vec![(day(5), passed * 500)]));
    assert_eq!(passed, 100, "160 tries of 500 each fill a cap of 50,000");
}

fn racing_writers_never_pass_a_cap(store: &Store) {
    race(store, true);
}

fn racing_writers_never_pass_a_cap_they_did_not_enter(store: &Store) {
    race(store, false);
}

fn async_callers_do_not_wait_for_each_other(store: &Store) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let writes: Vec<_> = (0..50)
            .map(|n| {
                let store = store.clone();
                tokio::spawn(async move {
                    let name = format!("{n}");
                    let params = move || [(&name).into(), "1".into()];
                    store.write_async(move |tx| tx.execute(ADD, &params())).await
                })
            })
            .collect();
        for write in writes {
            assert_eq!(write.await.unwrap(), Ok::<_, StoreError>(1));
        }
        let counted: Result<Option<prorata_store::Row>, StoreError> =
            store.read_async(|tx| tx.one(COUNT, &[])).await;
        assert_eq!(counted.unwrap().unwrap().int(0), Ok(50));
    });
}

fn closing_finishes_what_waits(store: &Store) {
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..4)
            .map(|thread| {
                scope.spawn(move || {
                    let name = |n| format!("{thread}-{n}");
                    (0..1000).take_while(|n| put(store, name(*n), "1".into()).is_ok()).count()
                })
            })
            .collect();
        std::thread::sleep(std::time::Duration::from_millis(30));
        store.close();
        let kept: usize = writers.into_iter().map(|writer| writer.join().unwrap()).sum();
        assert!(kept < 4000, "the store was closed while writes went on");
    });
    assert_eq!(put(store, "late".into(), "1".into()), Err(StoreError::Closed));
}

#[test]
fn a_restart_keeps_what_was_acknowledged() {
    let folder = Folder::new();
    put(&folder.store(), "a".into(), "1".into()).unwrap();
    assert_eq!(get(&folder.store(), "a").as_deref(), Some("1"));
}

#[test]
fn a_file_in_use_is_not_opened_again() {
    let folder = Folder::new();
    let _first = folder.store();
    let second = Store::open(folder.database().to_str().unwrap());
    assert_eq!(second.err(), Some(StoreError::InUse(folder.database())));
}

#[test]
fn a_full_disk_is_a_clear_error_and_loses_nothing() {
    let folder = Folder::new();
    let store = Store::open_small_for_tests(&folder.database(), 200).unwrap();
    let (kept, error) = fill(&store);
    assert!(matches!(error, StoreError::Full(_)), "{error}");
    assert_eq!(count(&store), kept);
    assert!(error.is_temporary());
    drop(store);
    // With room again all goes on.
    let store = folder.store();
    assert_eq!(count(&store), kept);
    keeps_what_is_ok(&store);
}

/// Writes from several threads until none succeeds any more.
fn fill(store: &Store) -> (i64, StoreError) {
    let kept = AtomicU32::new(0);
    let last = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..4)
            .map(|thread| {
                let kept = &kept;
                scope.spawn(move || {
                    for number in 0.. {
                        match put(store, format!("{thread}-{number}"), "x".repeat(3000)) {
                            Ok(_) => kept.fetch_add(1, Ordering::Relaxed),
                            Err(error) => return error,
                        };
                    }
                    unreachable!("there is an end to every disk")
                })
            })
            .collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).next_back().unwrap()
    });
    (i64::from(kept.load(Ordering::Relaxed)), last)
}

/// The process that [`a_commit_that_fails_is_not_acknowledged`] starts, with files that cannot
/// grow beyond a bound: writing the log fails then, which happens in the commit. It does nothing
/// when it was not started so.
#[test]
fn child_that_cannot_commit() {
    let Ok(folder) = std::env::var("PRORATA_STORE_TEST") else { return };
    let store = Store::open(Path::new(&folder).join("prorata.db").to_str().unwrap()).unwrap();
    let (kept, error) = fill(&store);
    assert!(matches!(error, StoreError::Io(_) | StoreError::Full(_)), "{error}");
    assert_eq!(count(&store), kept, "reading goes on");
    println!("kept {kept}.");
    // Without the room to close properly either.
    std::process::exit(0);
}

#[test]
fn a_commit_that_fails_is_not_acknowledged() {
    let folder = Folder::new();
    drop(folder.store());
    // The limit counts blocks of 512 or 1024 bytes, depending on the shell.
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 2000; exec \"$@\"", "sh"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "seam::child_that_cannot_commit", "--nocapture"])
        .env("PRORATA_STORE_TEST", folder.path())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let error = String::from_utf8_lossy(&output.stderr);
    let kept = text.split("kept ").nth(1).and_then(|rest| rest.split('.').next());
    let kept: i64 = kept.unwrap_or_else(|| panic!("{text}{error}")).parse().unwrap();
    assert!(kept > 10, "{kept}");
    assert_eq!(count(&folder.store()), kept);
}

#[test]
fn a_broken_connection_is_replaced() {
    let Some(store) = crate::postgres() else { return };
    put(&store, "a".into(), "1".into()).unwrap();
    // A CASE fixes the order in which conditions are looked at; without, it breaks all others.
    const BREAK: &str = "SELECT SUM(CASE WHEN datname = current_database() \
        AND pid <> pg_backend_pid() THEN CAST(pg_terminate_backend(pid) AS INT) ELSE 0 END) \
        FROM pg_stat_activity";
    for round in 0..3 {
        let broken: Result<Vec<prorata_store::Row>, StoreError> =
            store.write(|tx| tx.query(BREAK, &[]));
        broken.unwrap();
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let store = &store;
                scope.spawn(move || {
                    put(store, format!("{round}-{thread}"), "1".into()).unwrap();
                });
            }
        });
    }
    assert_eq!(count(&store), 25);
}
