//! Tables of older programs become those of this one, once, in order, in one transaction.
//!
//! Each step is a script per database. A checksum of every step that was taken is kept, so that a
//! step that was changed afterwards is noticed, and a database of a newer program refused.

use crate::{StoreError, Tx, Value, seals};
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

/// A step's script for each database, by its file's name: `NNNN_name.sql`.
macro_rules! step {
    ($number:literal, $name:literal, $file:literal) => {
        Migration {
            number: $number,
            name: $name,
            sqlite: include_str!(concat!("../migrations/sqlite/", $file)),
            postgres: include_str!(concat!("../migrations/postgres/", $file)),
        }
    };
}

/// In order; what was released is never changed again.
const MIGRATIONS: &[Migration] = &[
    step!(1, "desk", "0001_desk.sql"),
    step!(2, "rearrange", "0002_rearrange.sql"),
    step!(3, "clock", "0003_clock.sql"),
    step!(4, "savings_plans", "0004_savings_plans.sql"),
    step!(5, "rights", "0005_rights.sql"),
    step!(6, "evidence", "0006_evidence.sql"),
    step!(7, "directory", "0007_directory.sql"),
    step!(8, "access", "0008_access.sql"),
    step!(9, "authorization", "0009_authorization.sql"),
    step!(10, "issuers", "0010_issuers.sql"),
    step!(11, "users", "0011_users.sql"),
    step!(12, "partner", "0012_partner.sql"),
    step!(13, "requests", "0013_requests.sql"),
    step!(14, "support", "0014_support.sql"),
    step!(15, "audit", "0015_audit.sql"),
    step!(16, "receivers", "0016_receivers.sql"),
    step!(17, "payers", "0017_payers.sql"),
    step!(18, "listing", "0018_listing.sql"),
    step!(19, "utilization", "0019_utilization.sql"),
    step!(20, "owners", "0020_owners.sql"),
    step!(21, "partner version", "0021_partner_version.sql"),
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

/// The step since which what is recorded is sealed.
const SEALING: i64 = 15;

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
                if migration.number == SEALING {
                    seals::adopt(tx)?;
                }
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
