//! Virtual machine sizes, by name.

use crate::{Row, StoreError, Tx, Value};
use prorata_domain::catalog::{SizeRow, sku_key};

const PUT: &str = "INSERT INTO sizes (name_key, name, doc) VALUES ($1, $2, $3) \
    ON CONFLICT (name_key) DO UPDATE SET name = excluded.name, doc = excluded.doc \
    WHERE sizes.name <> excluded.name OR sizes.doc <> excluded.doc";
const LOAD: &str = "SELECT doc FROM sizes WHERE name_key = $1";
const COUNT: &str = "SELECT COUNT(*) FROM sizes";

pub(crate) const STATEMENTS: &[&str] = &[PUT, LOAD, COUNT];

/// Puts rows in, replacing those of the same name; answers how many are new or different.
///
/// # Errors
/// Those of the database, as for all functions here.
pub fn put(tx: &mut Tx<'_>, rows: &[SizeRow]) -> Result<u64, StoreError> {
    let mut params: Vec<Vec<Value>> = Vec::with_capacity(rows.len());
    for row in rows {
        let doc =
            serde_json::to_string(row).map_err(|error| StoreError::Statement(error.to_string()))?;
        params.push(vec![row.key().into(), (&row.name).into(), doc.into()]);
    }
    tx.execute_each(PUT, &params)
}

/// A size by its name, in any casing.
pub fn load(tx: &mut Tx<'_>, name: &str) -> Result<Option<SizeRow>, StoreError> {
    let read = |row: Row| row.parsed(0, "a size", |text| serde_json::from_str(text).ok());
    tx.one(LOAD, &[sku_key(name).into()])?.map(read).transpose()
}

/// How many sizes there are.
pub fn count(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    tx.one(COUNT, &[])?.map_or(Ok(0), |row| row.int(0))
}
