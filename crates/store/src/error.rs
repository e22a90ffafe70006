use std::path::PathBuf;

/// Why the database did not do what it was asked.
///
/// Unless a variant says otherwise nothing was kept of the transaction that it ended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The same request may succeed later: the queue is full, the retries are used up, or the
    /// database server is not there.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// The store was closed, or is closing.
    #[error("the database is closed")]
    Closed,
    /// There is no room on the disk. What was acknowledged before is safe.
    #[error("the disk of the database is full: {0}")]
    Full(String),
    #[error("the database cannot read or write its files: {0}")]
    Io(String),
    /// The connection broke while the transaction was being committed: it was kept or it was
    /// not. Asking again with the same idempotency key tells.
    #[error("the connection to the database was lost while committing: {0}")]
    Lost(String),
    #[error("database {0} is in use by another prorata process")]
    InUse(PathBuf),
    #[error("cannot open database {database}: {reason}")]
    Open { database: String, reason: String },
    /// A row that must be unique, must have a parent, or must stay as it is.
    #[error("the database refused a row: {0}")]
    Constraint(String),
    /// A statement that writes was run in a read-only transaction.
    #[error("a read-only transaction tried to write: {0}")]
    ReadOnly(String),
    /// A statement is wrong, or does not fit the tables: a bug.
    #[error("a statement failed: {0}")]
    Statement(String),
    /// The closure that ran in the transaction panicked: a bug.
    #[error("the work in a transaction panicked: {0}")]
    Panicked(String),
    /// A column does not hold what the reader expects: a bug, or a row changed by other hands.
    #[error("column {index} should hold {wanted} but holds {found}")]
    Column { index: usize, wanted: &'static str, found: String },
    /// The mark of a page is not one that a page before it gave.
    #[error("`{0}` is not the mark of a page")]
    Mark(String),
    #[error("the database is at schema {found}, newer than this program knows ({known})")]
    Newer { found: i64, known: i64 },
    #[error("migration {number} of the database is not the one this program has")]
    Changed { number: i64 },
}

impl StoreError {
    /// Whether the same request may succeed later, without anybody changing the program.
    pub fn is_temporary(&self) -> bool {
        matches!(
            self,
            StoreError::Busy(_)
                | StoreError::Closed
                | StoreError::Full(_)
                | StoreError::Io(_)
                | StoreError::Lost(_)
        )
    }
}
