//! The seam: the same few calls on SQLite and on PostgreSQL. Nothing outside this folder asks
//! which database it is.

pub(crate) mod postgres;
pub(crate) mod sqlite;

use crate::StoreError;
use crate::store::Work;

/// A database that takes work and answers it when it is done.
pub(crate) trait Driver: Send + Sync {
    fn kind(&self) -> &'static str;
    /// A new identifier, in an order that suits the database.
    fn new_id(&self) -> uuid::Uuid;
    /// Puts work in line for a writing transaction; never waits.
    fn write(&self, work: Box<dyn Work>) -> Result<(), StoreError>;
    /// Puts work in line for a reading transaction; never waits.
    fn read(&self, work: Box<dyn Work>) -> Result<(), StoreError>;
    /// Puts work in line that is rehearsed on a snapshot first, where the database gains by it.
    fn deed(&self, work: Box<dyn Work>) -> Result<(), StoreError>;
    /// Finishes what is in line and lets go of the database.
    fn close(&self);
}

/// The connection that a transaction runs on.
pub(crate) enum Link<'a> {
    Sqlite(&'a sqlite::Connection),
    Postgres(&'a mut postgres::Session),
}
