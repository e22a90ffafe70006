//! Deeds: closures that run on a snapshot first. Whatever happens in between, each does what it
//! would have done alone.

use crate::Folder;
use jiff::civil::date;
use prorata_store::{Store, StoreError, Tx, Value, cap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use uuid::Uuid;

crate::contracts!(
    a_deed_is_kept,
    a_refused_deed_leaves_nothing,
    a_panic_in_a_deed_is_answered,
    a_deed_sees_its_own_writes,
    a_write_that_changes_no_row_says_so,
    a_write_that_fails_says_so,
    a_deed_that_runs_a_script_of_its_own_is_not_rehearsed,
    racing_deeds_count_every_one,
    racing_deeds_never_pass_a_cap,
    closing_finishes_deeds,
);

const PUT: &str = "INSERT INTO meta (name, value) VALUES ($1, $2) \
    ON CONFLICT (name) DO UPDATE SET value = excluded.value";
const ADD: &str = "INSERT INTO meta (name, value) VALUES ($1, $2)";
const GET: &str = "SELECT value FROM meta WHERE name = $1";
const CHANGE: &str = "UPDATE meta SET value = $3 WHERE name = $1 AND value = $2";
const TENANTS: &str = "SELECT id FROM tenants";

fn get(tx: &mut Tx<'_>, name: &'static str) -> Result<Option<String>, StoreError> {
    tx.one(GET, &[name.into()])?.map(|row| row.string(0)).transpose()
}

fn now(store: &Store, name: &'static str) -> Option<String> {
    store.read(move |tx| get(tx, name)).unwrap_or_else(|error: StoreError| panic!("{error}"))
}

fn put(store: &Store, name: &'static str, value: &'static str) {
    let put = store.write(move |tx| tx.execute(PUT, &[name.into(), value.into()]));
    assert_eq!(put, Ok::<_, StoreError>(1));
}

/// Where something can happen beside a closure: not in memory, where there is one connection.
fn where_others_can_write(contract: fn(&Store)) {
    let folder = Folder::new();
    contract(&folder.store());
    if let Some(store) = crate::postgres() {
        contract(&store);
    }
}

/// Runs a deed, and does something beside it in the middle of its first run; answers how often
/// it ran.
fn interrupted<T: Send + 'static>(
    store: &Store,
    meanwhile: impl Fn(&Store) + Send + Sync + 'static,
    before: impl Fn(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    after: impl Fn(&mut Tx<'_>, T) -> Result<(), StoreError> + Send + 'static,
) -> u32 {
    let runs = Arc::new(AtomicU32::new(0));
    let (counted, beside) = (Arc::clone(&runs), store.clone());
    let done = store.deed(move |tx| {
        let read = before(tx)?;
        if counted.fetch_add(1, Ordering::SeqCst) == 0 {
            meanwhile(&beside);
        }
        after(tx, read)
    });
    assert_eq!(done, Ok::<_, StoreError>(()));
    runs.load(Ordering::SeqCst)
}

fn a_deed_is_kept(store: &Store) {
    let done = store.deed(|tx| {
        let was = get(tx, "a")?;
        tx.queue(ADD, vec!["a".into(), "1".into()]);
        tx.execute(PUT, &["b".into(), "2".into()])?;
        Ok::<_, StoreError>(was)
    });
    assert_eq!(done, Ok(None));
    assert_eq!((now(store, "a").as_deref(), now(store, "b").as_deref()), (Some("1"), Some("2")));
    let read_only = store.deed(|tx| get(tx, "b"));
    assert_eq!(read_only, Ok(Some("2".to_owned())));
}

fn a_refused_deed_leaves_nothing(store: &Store) {
    let refused: Result<(), StoreError> = store.deed(|tx| {
        tx.execute(PUT, &["a".into(), "1".into()])?;
        tx.queue(PUT, vec!["b".into(), Value::fixed("1")]);
        Err(StoreError::Closed)
    });
    assert_eq!(refused, Err(StoreError::Closed));
    assert_eq!((now(store, "a"), now(store, "b")), (None, None));
}

fn a_panic_in_a_deed_is_answered(store: &Store) {
    let answer: Result<(), StoreError> = store.deed(|tx| {
        tx.queue(PUT, vec!["a".into(), Value::fixed("1")]);
        panic!("on purpose")
    });
    assert_eq!(answer, Err(StoreError::Panicked("on purpose".into())));
    assert_eq!(now(store, "a"), None);
    a_deed_is_kept(store);
}

#[test]
fn what_was_read_is_read_again_where_it_has_changed() {
    where_others_can_write(|store| {
        put(store, "a", "1");
        let runs = interrupted(
            store,
            |store| put(store, "a", "2"),
            |tx| get(tx, "a"),
            |tx, read| {
                tx.queue(PUT, vec!["b".into(), read.unwrap_or_default().into()]);
                Ok(())
            },
        );
        let outcome = (now(store, "b"), runs);
        // PostgreSQL may also find an order in which the deed came first.
        let came_first = store.kind() == "postgres" && outcome == (Some("1".to_owned()), 1);
        assert!(came_first || outcome == (Some("2".to_owned()), 2), "{outcome:?}");
    });
}

#[test]
fn what_was_not_read_may_change() {
    where_others_can_write(|store| {
        put(store, "a", "1");
        let runs = interrupted(
            store,
            |store| put(store, "c", "2"),
            |tx| get(tx, "a"),
            |tx, read| {
                tx.queue(PUT, vec!["b".into(), read.unwrap_or_default().into()]);
                Ok(())
            },
        );
        assert_eq!(now(store, "b").as_deref(), Some("1"));
        // PostgreSQL watches whole pages, so it may want another run.
        assert!(runs == 1 || store.kind() == "postgres", "{runs}");
    });
}

#[test]
fn a_guarded_row_that_was_changed_undoes_the_rehearsal() {
    where_others_can_write(|store| {
        put(store, "a", "1");
        let row = Uuid::from_u128(1);
        let runs = interrupted(
            store,
            |store| put(store, "a", "2"),
            move |tx| {
                let read = tx.one_guarded(GET, &["a".into()], row)?;
                read.map_or(Ok(String::new()), |row| row.string(0))
            },
            move |tx, read| {
                tx.queue(ADD, vec!["b".into(), (&read).into()]);
                let params = vec!["a".into(), read.into(), "3".into()];
                tx.queue_guarding(CHANGE, params, row, &["meta"]);
                Ok(())
            },
        );
        assert_eq!((now(store, "b").as_deref(), runs), (Some("2"), 2));
        assert_eq!(now(store, "a").as_deref(), Some("3"));
    });
}

fn a_deed_sees_its_own_writes(store: &Store) {
    let seen = store.deed(|tx| {
        tx.queue(PUT, vec!["a".into(), "1".into()]);
        let seen = get(tx, "a")?;
        tx.query(TENANTS, &[])?;
        tx.queue(PUT, vec!["b".into(), seen.clone().unwrap_or_default().into()]);
        Ok::<_, StoreError>(seen)
    });
    assert_eq!(seen, Ok(Some("1".to_owned())));
    assert_eq!(now(store, "b").as_deref(), Some("1"));
}

fn a_write_that_changes_no_row_says_so(store: &Store) {
    let changed = store.deed(|tx| {
        tx.queue(PUT, vec!["before".into(), "1".into()]);
        let changed = tx.execute(CHANGE, &["a".into(), "1".into(), "2".into()])?;
        tx.queue(PUT, vec!["after".into(), "1".into()]);
        Ok::<_, StoreError>(changed)
    });
    assert_eq!(changed, Ok(0));
    assert_eq!((now(store, "before").is_some(), now(store, "after").is_some()), (true, true));
}

fn a_write_that_fails_says_so(store: &Store) {
    put(store, "a", "1");
    let answer = store.deed(|tx| {
        tx.queue(PUT, vec!["b".into(), "1".into()]);
        tx.queue(ADD, vec!["a".into(), "2".into()]);
        Ok::<_, StoreError>(())
    });
    assert!(matches!(answer, Err(StoreError::Constraint(_))), "{answer:?}");
    assert_eq!((now(store, "a").as_deref(), now(store, "b")), (Some("1"), None));
    a_deed_is_kept_beside(store);
}

fn a_deed_is_kept_beside(store: &Store) {
    let done = store.deed(|tx| {
        tx.queue(ADD, vec!["beside".into(), "1".into()]);
        Ok::<_, StoreError>(())
    });
    assert_eq!(done, Ok(()));
    assert_eq!(now(store, "beside").as_deref(), Some("1"));
}

fn a_deed_that_runs_a_script_of_its_own_is_not_rehearsed(store: &Store) {
    let rows = [vec!["a".into(), "1".into()], vec!["b".into(), "2".into()]];
    let put = store.deed(move |tx| tx.execute_each(PUT, &rows));
    assert_eq!(put, Ok::<_, StoreError>(2));
    let found = store.deed(|tx| {
        tx.execute(PUT, &["c".into(), "3".into()])?;
        tx.query_dyn("SELECT name FROM meta ORDER BY name", &[])
    });
    assert_eq!(found.map(|rows| rows.len()), Ok::<_, StoreError>(3));
}

/// Each reads a number and writes the next one; slow ones are sure to be stale.
fn racing_deeds_count_every_one(store: &Store) {
    put(store, "n", "0");
    std::thread::scope(|scope| {
        for thread in 0..8 {
            scope.spawn(move || {
                for _ in 0..25 {
                    let count = move |tx: &mut Tx<'_>| {
                        let read = get(tx, "n")?.unwrap_or_default();
                        let number: u32 = read.parse().unwrap();
                        if thread % 2 == 0 {
                            std::thread::sleep(Duration::from_micros(300));
                        }
                        tx.queue(PUT, vec!["n".into(), (number + 1).to_string().into()]);
                        Ok(())
                    };
                    while let Err(error) = store.deed(count) {
                        assert!(matches!(error, StoreError::Busy(_)), "{error}");
                    }
                }
            });
        }
    });
    assert_eq!(now(store, "n").as_deref(), Some("200"));
}

fn racing_deeds_never_pass_a_cap(store: &Store) {
    let today = date(2026, 1, 2);
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(move || {
                for _ in 0..10 {
                    let use_one = move |tx: &mut Tx<'_>| {
                        cap::enter(tx, "scope")?;
                        let used = cap::used_since(tx, "scope", date(2025, 1, 2))?;
                        let used: i64 = used.iter().map(|(_, minor)| minor).sum();
                        if used < 100 {
                            cap::add(tx, "scope", today, 1)?;
                        }
                        Ok(())
                    };
                    while let Err(error) = store.deed(use_one) {
                        assert!(matches!(error, StoreError::Busy(_)), "{error}");
                    }
                }
            });
        }
    });
    let used = store.read(move |tx| cap::used_since(tx, "scope", today));
    assert_eq!(used, Ok::<_, StoreError>(vec![(today, 100)]));
}

fn closing_finishes_deeds(store: &Store) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (store, closer) = (store.clone(), store.clone());
    let answers = runtime.block_on(async {
        let deeds: Vec<_> = (0..50)
            .map(|number: u32| {
                let store = store.clone();
                tokio::spawn(async move {
                    let add = move |tx: &mut Tx<'_>| {
                        tx.queue(ADD, vec![number.to_string().into(), "1".into()]);
                        Ok::<_, StoreError>(())
                    };
                    store.deed_async(add).await
                })
            })
            .collect();
        tokio::task::yield_now().await;
        tokio::task::spawn_blocking(move || closer.close()).await.unwrap();
        let mut answers = Vec::new();
        for deed in deeds {
            answers.push(deed.await.unwrap());
        }
        answers
    });
    assert_eq!(answers, vec![Ok(()); 50]);
}
