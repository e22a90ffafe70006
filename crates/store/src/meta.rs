//! What the program remembers about itself, by name.

use crate::{StoreError, Tx};

const GET: &str = "SELECT value FROM meta WHERE name = $1";
const PUT: &str = "INSERT INTO meta (name, value) VALUES ($1, $2) \
    ON CONFLICT (name) DO UPDATE SET value = excluded.value";
const PUT_IF_ABSENT: &str =
    "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";

pub(crate) const STATEMENTS: &[&str] = &[GET, PUT, PUT_IF_ABSENT];

/// # Errors
/// Those of the database, as everywhere in this crate.
pub fn get(tx: &mut Tx<'_>, name: &str) -> Result<Option<String>, StoreError> {
    tx.one(GET, &[name.into()])?.map(|row| row.string(0)).transpose()
}

pub fn put(tx: &mut Tx<'_>, name: &str, value: &str) -> Result<(), StoreError> {
    tx.queue(PUT, vec![name.into(), value.into()]);
    Ok(())
}

/// Keeps the value unless there is one; answers the one that is kept.
pub fn put_if_absent(tx: &mut Tx<'_>, name: &str, value: &str) -> Result<String, StoreError> {
    if tx.execute(PUT_IF_ABSENT, &[name.into(), value.into()])? == 1 {
        return Ok(value.to_owned());
    }
    let kept = get(tx, name)?;
    Ok(kept.unwrap_or_else(|| value.to_owned()))
}
