//! The key pairs with which the desk signs tokens: the newest signs, retired ones only verify.

use crate::{Row, StoreError, Tx};
use jiff::Timestamp;

const INSERT: &str = "INSERT INTO signing_keys (id, pem, made_at) VALUES ($1, $2, $3) \
    ON CONFLICT (id) DO NOTHING";
const ALL: &str = "SELECT id, pem, made_at, retired_at FROM signing_keys ORDER BY made_at DESC, id";
const RETIRE_OTHERS: &str =
    "UPDATE signing_keys SET retired_at = $2 WHERE id <> $1 AND retired_at IS NULL";
const REMOVE: &str = "DELETE FROM signing_keys WHERE retired_at < $1";

pub(crate) const STATEMENTS: &[&str] = &[INSERT, ALL, RETIRE_OTHERS, REMOVE];

/// A key pair.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey {
    pub id: String,
    /// PKCS #8. Secret.
    pub pem: String,
    pub made_at: Timestamp,
    /// Since when it signs no more.
    pub retired_at: Option<Timestamp>,
}

/// Keeps a key that signs from now on.
///
/// # Errors
/// Those of the database, as for all functions here.
pub fn insert(tx: &mut Tx<'_>, key: &SigningKey) -> Result<(), StoreError> {
    let row = [(&key.id).into(), (&key.pem).into(), key.made_at.into()];
    tx.execute(INSERT, &row).map(drop)
}

/// All that are kept, the newest first.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<SigningKey>, StoreError> {
    let read = |row: &Row| {
        Ok(SigningKey {
            id: row.string(0)?,
            pem: row.string(1)?,
            made_at: row.instant(2)?,
            retired_at: row.opt_instant(3)?,
        })
    };
    tx.query(ALL, &[])?.iter().map(read).collect()
}

/// Retires all keys but one, at an instant.
pub fn retire_others(tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<u64, StoreError> {
    tx.execute(RETIRE_OTHERS, &[id.into(), at.into()])
}

/// Takes away the keys that were retired before an instant.
pub fn remove_retired(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64, StoreError> {
    tx.execute(REMOVE, &[before.into()])
}
