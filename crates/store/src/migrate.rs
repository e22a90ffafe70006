//! Tables of older programs become those of this one, once, in order, in one transaction.
//!
//! Each step is a script per database. A checksum of every step that was taken is kept, so that a
//! step that was changed afterwards is noticed, and a database of a newer program refused.

use crate::{StoreError, Tx, Value};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

struct Migration {
    number: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

/// In order; what was released is never changed again.
const MIGRATIONS: &[Migration] = &[
    Migration {
        number: 1,
        name: "desk",
        sqlite: include_str!("../migrations/sqlite/0001_desk.sql"),
        postgres: include_str!("../migrations/postgres/0001_desk.sql"),
    },
    Migration {
        number: 2,
        name: "rearrange",
        sqlite: include_str!("../migrations/sqlite/0002_rearrange.sql"),
        postgres: include_str!("../migrations/postgres/0002_rearrange.sql"),
    },
    Migration {
        number: 3,
        name: "clock",
        sqlite: include_str!("../migrations/sqlite/0003_clock.sql"),
        postgres: include_str!("../migrations/postgres/0003_clock.sql"),
    },
    Migration {
        number: 4,
        name: "savings_plans",
        sqlite: include_str!("../migrations/sqlite/0004_savings_plans.sql"),
        postgres: include_str!("../migrations/postgres/0004_savings_plans.sql"),
    },
    Migration {
        number: 5,
        name: "rights",
        sqlite: include_str!("../migrations/sqlite/0005_rights.sql"),
        postgres: include_str!("../migrations/postgres/0005_rights.sql"),
    },
    Migration {
        number: 6,
        name: "evidence",
        sqlite: include_str!("../migrations/sqlite/0006_evidence.sql"),
        postgres: include_str!("../migrations/postgres/0006_evidence.sql"),
    },
    Migration {
        number: 7,
        name: "directory",
        sqlite: include_str!("../migrations/sqlite/0007_directory.sql"),
        postgres: include_str!("../migrations/postgres/0007_directory.sql"),
    },
];

const CREATE_SQLITE: &str = "\
    CREATE TABLE IF NOT EXISTS migrations \
    (number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL) STRICT; \
    CREATE TABLE IF NOT EXISTS migration_lock \
    (id INTEGER NOT NULL PRIMARY KEY, holders INTEGER NOT NULL) STRICT;";
const CREATE_POSTGRES: &str = "\
    CREATE TABLE IF NOT EXISTS migrations \
    (number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL); \
    CREATE TABLE IF NOT EXISTS migration_lock \
    (id BIGINT NOT NULL PRIMARY KEY, holders BIGINT NOT NULL);";
const INSERT_LOCK: &str =
    "INSERT INTO migration_lock (id, holders) VALUES (1, 0) ON CONFLICT (id) DO NOTHING";
/// A row that two processes want to change makes one wait for the other, in every database.
const TAKE_LOCK: &str = "UPDATE migration_lock SET holders = holders + 1 WHERE id = 1";
const TAKEN: &str = "SELECT number, checksum FROM migrations ORDER BY number";
const INSERT: &str = "INSERT INTO migrations (number, name, checksum) VALUES ($1, $2, $3)";

pub(crate) const STATEMENTS: &[&str] = &[INSERT_LOCK, TAKE_LOCK, TAKEN, INSERT];

/// The number of the newest step this program has.
pub(crate) fn newest() -> i64 {
    MIGRATIONS.last().map_or(0, |migration| migration.number)
}

/// Makes the tables in which the steps are kept.
pub(crate) fn prepare(tx: &mut Tx<'_>, dialect: Dialect) -> Result<(), StoreError> {
    tx.script(match dialect {
        Dialect::Sqlite => CREATE_SQLITE,
        Dialect::Postgres => CREATE_POSTGRES,
    })?;
    tx.execute(INSERT_LOCK, &[]).map(drop)
}

/// Takes the steps that were not taken yet.
pub(crate) fn apply(tx: &mut Tx<'_>, dialect: Dialect) -> Result<(), StoreError> {
    tx.execute(TAKE_LOCK, &[])?;
    let taken = tx.query(TAKEN, &[])?;
    if let Some(last) = taken.last()
        && last.int(0)? > newest()
    {
        return Err(StoreError::Newer { found: last.int(0)?, known: newest() });
    }
    for (position, migration) in MIGRATIONS.iter().enumerate() {
        let script = match dialect {
            Dialect::Sqlite => migration.sqlite,
            Dialect::Postgres => migration.postgres,
        };
        let checksum = checksum(script);
        match taken.get(position) {
            Some(row) if row.int(0)? == migration.number && row.text(1)? == checksum => {}
            Some(_) => return Err(StoreError::Changed { number: migration.number }),
            None => {
                tx.script(script)?;
                let row = [migration.number.into(), Value::fixed(migration.name), checksum.into()];
                tx.execute(INSERT, &row)?;
            }
        }
    }
    Ok(())
}

fn checksum(script: &str) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(script.as_bytes()) {
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
