//! The only part of Prorata that knows SQL: transactions, migrations, and statements by table.
//!
//! [`Store`] runs a closure in a transaction on SQLite or PostgreSQL; [`Tx`] is what the closure
//! gets, about as wide as a statement. Every statement is one text for both databases.
//!
//! # The portable subset
//!
//! * Parameters are `$1`, `$2` and so on; the SQLite driver rewrites the sign.
//! * Columns are TEXT or 64-bit integers, nothing else: identifiers and enumerations are TEXT
//!   (identifiers in lower case with hyphens), amounts, counts, versions and flags (0 or 1) are
//!   integers, instants are microseconds since 1970 (integer), days are ISO dates (TEXT).
//! * Sums are read as `CAST(SUM(x) AS BIGINT)`; a comparison is never a result column.
//! * Upserts are `INSERT … ON CONFLICT … DO …`; `RETURNING` is allowed.
//! * Pages go by key, never by offset. A sorted column is never null (databases disagree on
//!   where nulls go). Text sorts by bytes.
//! * No lock clauses, no sequences, no JSON operators, no session state.
//! * A parameter stands where its type is plain from a column; `$1 IS NULL` is not used.
//! * Writes whose count is not needed are queued, and go to PostgreSQL together with the next
//!   statement that answers. Plain inserts among them are joined into one, so they may not count
//!   on each other's rows.
//! * After a statement failed, the transaction is lost and every further statement fails: that
//!   is PostgreSQL's rule, and [`Tx`] keeps it on both.

pub mod access;
pub mod aliases;
pub mod approval_policies;
pub mod audit;
pub mod cap;
pub mod carts;
pub mod deliveries;
pub mod directory;
pub mod drains;
mod driver;
mod error;
pub mod groups;
mod ids;
pub mod issuers;
pub mod jobs;
pub mod journal;
pub mod meta;
mod migrate;
pub mod notifications;
pub mod operations;
pub mod orders;
pub mod overdue;
mod packed;
pub mod partners;
pub mod payments;
pub mod portfolio;
pub mod prices;
mod queue;
pub mod quotes;
pub mod ratios;
pub mod receivers;
mod rehearsal;
pub mod renewals;
pub mod requests;
pub mod reservations;
pub mod revocations;
pub mod role_assignments;
pub mod role_definitions;
mod row;
pub mod saved_views;
pub mod savings_plans;
mod sealed;
pub mod seals;
pub mod secrets;
pub mod sessions;
pub mod signing_keys;
pub mod sizes;
mod store;
pub mod support;
mod tables;
mod tx;
pub mod users;
pub mod utilization;
mod value;
pub mod waivers;
pub mod world;

pub use error::StoreError;
pub use row::Row;
pub use store::Store;
pub use tx::{Read, Tx};
pub use value::Value;

/// Every statement of every module, for the test that each fits both databases.
#[doc(hidden)]
pub fn statements() -> Vec<&'static str> {
    let modules = [
        access::STATEMENTS,
        aliases::STATEMENTS,
        approval_policies::STATEMENTS,
        audit::STATEMENTS,
        cap::STATEMENTS,
        carts::STATEMENTS,
        deliveries::STATEMENTS,
        drains::STATEMENTS,
        directory::STATEMENTS,
        groups::STATEMENTS,
        issuers::STATEMENTS,
        jobs::STATEMENTS,
        journal::STATEMENTS,
        meta::STATEMENTS,
        migrate::STATEMENTS,
        notifications::STATEMENTS,
        operations::STATEMENTS,
        orders::STATEMENTS,
        overdue::STATEMENTS,
        partners::STATEMENTS,
        payments::STATEMENTS,
        prices::STATEMENTS,
        quotes::STATEMENTS,
        ratios::STATEMENTS,
        receivers::STATEMENTS,
        renewals::STATEMENTS,
        requests::STATEMENTS,
        reservations::STATEMENTS,
        reservations::list::STATEMENTS,
        reservations::moved::STATEMENTS,
        reservations::revisions::STATEMENTS,
        reservations::scoped::STATEMENTS,
        revocations::STATEMENTS,
        role_assignments::STATEMENTS,
        role_definitions::STATEMENTS,
        reservations::register::STATEMENTS,
        saved_views::STATEMENTS,
        savings_plans::STATEMENTS,
        seals::STATEMENTS,
        secrets::STATEMENTS,
        sessions::STATEMENTS,
        signing_keys::STATEMENTS,
        sizes::STATEMENTS,
        support::STATEMENTS,
        support::files::STATEMENTS,
        portfolio::STATEMENTS,
        utilization::STATEMENTS,
        waivers::STATEMENTS,
        users::STATEMENTS,
        world::STATEMENTS,
    ];
    modules.concat()
}
