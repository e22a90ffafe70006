//! Transactions: kept, undone, raced, panicked in, and lost.

use prorata_store::{Store, StoreError, Value};

crate::contracts!(keeps_what_is_ok, undoes_what_is_err);

const PUT: &str = "INSERT INTO meta (name, value) VALUES ($1, $2) \
    ON CONFLICT (name) DO UPDATE SET value = excluded.value";
const GET: &str = "SELECT value FROM meta WHERE name = $1";

fn get(store: &Store, name: &'static str) -> Option<String> {
    store
        .read(move |tx| tx.one(GET, &[name.into()])?.map(|row| row.string(0)).transpose())
        .unwrap_or_else(|error: StoreError| panic!("{error}"))
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
