use crate::sealed::{Batch, SealedRow};
use crate::seals;
use crate::tables::{Statement, Tables};
use crate::{Row, StoreError, Value};
use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, ErrorCode, OpenFlags};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;
use uuid::Uuid;

/// Prepared statements that each connection keeps; more than the program has.
const STATEMENTS: usize = 512;
/// How long a statement waits for a lock that some other program (a backup) holds.
const PATIENCE: Duration = Duration::from_secs(5);

/// An SQLite connection that speaks our SQL and our errors.
pub(crate) struct Connection {
    inner: rusqlite::Connection,
    /// Our statements with the parameters as SQLite wants them, by address and length: the texts
    /// are constants, so comparing addresses spares hashing them.
    texts: RefCell<HashMap<(usize, usize), Box<str>>>,
    /// A statement that may write has run since [`Connection::forget_writes`].
    wrote: Cell<bool>,
    /// The tables that statements may have written since [`Connection::take_written`].
    written: Cell<Tables>,
    /// Rows of the audit and the journal that the transaction has added.
    sealed: RefCell<Vec<SealedRow>>,
    /// How many of them there were at the savepoint.
    sealed_before: Cell<usize>,
}

impl Connection {
    pub(crate) fn open_file(path: &Path, pages_max: u32) -> Result<Connection, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Connection::set_up(
            rusqlite::Connection::open_with_flags(path, flags),
            &format!(
                "PRAGMA journal_mode = WAL;
                 PRAGMA synchronous = FULL;
                 PRAGMA foreign_keys = ON;
                 PRAGMA temp_store = MEMORY;
                 PRAGMA cache_size = -32768;
                 PRAGMA wal_autocheckpoint = 0;
                 PRAGMA journal_size_limit = 67108864;
                 PRAGMA max_page_count = {pages_max};"
            ),
            path,
        )
    }

    /// A connection for checkpoints; it writes nothing of its own.
    pub(crate) fn open_checkpointer(path: &Path) -> Result<Connection, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Connection::set_up(
            rusqlite::Connection::open_with_flags(path, flags),
            "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -256;",
            path,
        )
    }

    pub(crate) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Connection::set_up(
            rusqlite::Connection::open_with_flags(path, flags),
            "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192;",
            path,
        )
    }

    pub(crate) fn open_memory() -> Result<Connection, StoreError> {
        Connection::set_up(
            rusqlite::Connection::open_in_memory(),
            "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;",
            Path::new(":memory:"),
        )
    }

    fn set_up(
        opened: rusqlite::Result<rusqlite::Connection>,
        pragmas: &str,
        path: &Path,
    ) -> Result<Connection, StoreError> {
        let set_up = |connection: rusqlite::Connection| {
            connection.busy_timeout(PATIENCE)?;
            connection.set_prepared_statement_cache_capacity(STATEMENTS);
            // Otherwise some statements are planned anew each time a parameter differs.
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
            connection.execute_batch(pragmas)?;
            Ok(connection)
        };
        let inner = opened.and_then(set_up).map_err(|error| StoreError::Open {
            database: path.display().to_string(),
            reason: error.to_string(),
        })?;
        Ok(Connection {
            inner,
            texts: RefCell::default(),
            wrote: Cell::new(false),
            written: Cell::default(),
            sealed: RefCell::default(),
            sealed_before: Cell::default(),
        })
    }

    pub(crate) fn query(
        &self,
        sql: &'static str,
        params: &[Value],
    ) -> Result<Vec<Row>, StoreError> {
        self.with(sql, |statement| rows(statement, params))
    }

    pub(crate) fn query_dyn(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        let text = question_marks(sql);
        let mut statement = self.inner.prepare_cached(&text).map_err(|e| explain(&e))?;
        if !statement.readonly() {
            self.wrote.set(true);
            self.written.set(Tables::ALL);
        }
        rows(&mut statement, params)
    }

    pub(crate) fn execute(&self, sql: &'static str, params: &[Value]) -> Result<u64, StoreError> {
        self.with(sql, |statement| {
            bind(statement, params).map_err(|e| explain(&e))?;
            let changed = statement.raw_execute().map_err(|e| explain(&e))?;
            Ok(changed as u64)
        })
    }

    pub(crate) fn script(&self, sql: &str) -> Result<(), StoreError> {
        self.wrote.set(true);
        self.written.set(Tables::ALL);
        self.inner.execute_batch(sql).map_err(|e| explain(&e))
    }

    pub(crate) fn prepare_only(&self, sql: &'static str) -> Result<(), StoreError> {
        self.with(sql, |_| Ok(()))
    }

    pub(crate) fn begin(&self) -> Result<(), StoreError> {
        self.control("BEGIN IMMEDIATE")
    }

    pub(crate) fn begin_read(&self) -> Result<(), StoreError> {
        self.control("BEGIN DEFERRED")
    }

    pub(crate) fn commit(&self) -> Result<(), StoreError> {
        self.control("COMMIT")
    }

    /// Notes a row of the audit or the journal that the transaction has added.
    pub(crate) fn seal(&self, row: SealedRow) {
        self.sealed.borrow_mut().push(row);
    }

    /// Writes the batch of what the transaction added to the audit and the journal, if it did.
    pub(crate) fn batch(&self) -> Result<(), StoreError> {
        let rows = self.sealed.take();
        if rows.is_empty() {
            return Ok(());
        }
        let batch = Batch::of(Uuid::now_v7(), &rows);
        for (sql, params) in seals::writes(&batch) {
            self.execute(sql, &params)?;
        }
        Ok(())
    }

    /// Ends the transaction, if one is open, and keeps nothing of it.
    pub(crate) fn roll_back(&self) {
        self.sealed.borrow_mut().clear();
        if self.in_transaction()
            && let Err(error) = self.control("ROLLBACK")
        {
            tracing::error!(%error, "could not roll back");
        }
    }

    /// Whether a statement that may write has run since [`Connection::forget_writes`].
    pub(crate) fn wrote(&self) -> bool {
        self.wrote.get()
    }

    pub(crate) fn forget_writes(&self) {
        self.wrote.set(false);
    }

    /// The tables that may have been written since this was asked last.
    pub(crate) fn take_written(&self) -> Tables {
        self.written.replace(Tables::NONE)
    }

    /// A number that changes when another connection has changed the database.
    pub(crate) fn changed_by_others(&self) -> Result<i64, StoreError> {
        let version = || {
            let mut statement = self.inner.prepare_cached("PRAGMA data_version")?;
            statement.query_row([], |row| row.get(0))
        };
        version().map_err(|e| explain(&e))
    }

    /// Whether a statement that reads answers exactly these rows.
    pub(crate) fn answers(
        &self,
        sql: &'static str,
        params: &[Value],
        expected: &[Row],
    ) -> Result<bool, StoreError> {
        self.with(sql, |statement| same(statement, params, expected))
    }

    pub(crate) fn savepoint(&self) -> Result<(), StoreError> {
        self.sealed_before.set(self.sealed.borrow().len());
        self.control("SAVEPOINT request")
    }

    pub(crate) fn release(&self) -> Result<(), StoreError> {
        self.control("RELEASE request")
    }

    /// Takes back what was done since the savepoint.
    pub(crate) fn undo(&self) -> Result<(), StoreError> {
        self.sealed.borrow_mut().truncate(self.sealed_before.get());
        self.control("ROLLBACK TO request")?;
        self.release()
    }

    pub(crate) fn in_transaction(&self) -> bool {
        !self.inner.is_autocommit()
    }

    /// Lets the one connection of a database in memory refuse writes while it reads.
    pub(crate) fn only_reads(&self, yes: bool) {
        let pragma = if yes { "PRAGMA query_only = ON" } else { "PRAGMA query_only = OFF" };
        if let Err(error) = self.inner.execute_batch(pragma) {
            tracing::error!(%error, "could not change the mode of the connection");
        }
    }

    /// Frames in the write-ahead log that are not in the file yet.
    pub(crate) fn log_frames(&self) -> i64 {
        let read = |row: &rusqlite::Row<'_>| Ok(row.get::<_, i64>(1)? - row.get::<_, i64>(2)?);
        self.inner.query_row("PRAGMA wal_checkpoint(NOOP)", [], read).unwrap_or(0)
    }

    /// Moves of the write-ahead log what can be moved without waiting for anybody; answers
    /// whether it could.
    pub(crate) fn checkpoint(&self) -> bool {
        let busy = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
        match self.inner.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], busy) {
            Ok(busy) => busy == 0,
            Err(error) => {
                // Nothing is lost: the log still has it all, and the next try may succeed.
                tracing::warn!(%error, "could not move the log into the database file");
                false
            }
        }
    }

    /// Moves the write-ahead log into the file, so that a closed database is one file.
    pub(crate) fn check_in(&self) {
        // What cannot be moved now is moved at the next start.
        let _ = self.inner.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    }

    fn control(&self, sql: &'static str) -> Result<(), StoreError> {
        let run = || self.inner.prepare_cached(sql)?.raw_execute();
        run().map(drop).map_err(|e| explain(&e))
    }

    fn with<T>(
        &self,
        sql: &'static str,
        run: impl FnOnce(&mut CachedStatement<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut texts = self.texts.borrow_mut();
        let text =
            texts.entry((sql.as_ptr().addr(), sql.len())).or_insert_with(|| question_marks(sql));
        let mut statement =
            self.inner.prepare_cached(text).map_err(|e| with_statement(explain(&e), sql))?;
        drop(texts);
        if !statement.readonly() {
            self.wrote.set(true);
            self.written.set(self.written.get().and(Statement::of(sql).tables));
        }
        run(&mut statement).map_err(|error| with_statement(error, sql))
    }
}

/// SQLite numbers `$n` by first appearance; `?n` means what we mean.
fn question_marks(sql: &str) -> Box<str> {
    sql.replace('$', "?").into_boxed_str()
}

fn bind(statement: &mut CachedStatement<'_>, params: &[Value]) -> rusqlite::Result<()> {
    let wanted = statement.parameter_count();
    if wanted != params.len() {
        return Err(rusqlite::Error::InvalidParameterCount(params.len(), wanted));
    }
    for (param, index) in params.iter().zip(1..) {
        match param {
            Value::Null => statement.raw_bind_parameter(index, rusqlite::types::Null)?,
            Value::Int(number) => statement.raw_bind_parameter(index, number)?,
            Value::Text(text) => statement.raw_bind_parameter(index, &**text)?,
            Value::Id(id) => {
                let mut letters = Uuid::encode_buffer();
                let text: &str = id.as_hyphenated().encode_lower(&mut letters);
                statement.raw_bind_parameter(index, text)?;
            }
        }
    }
    Ok(())
}

fn rows(statement: &mut CachedStatement<'_>, params: &[Value]) -> Result<Vec<Row>, StoreError> {
    bind(statement, params).map_err(|e| explain(&e))?;
    let columns = statement.column_count();
    let mut answer = Vec::new();
    let mut cursor = statement.raw_query();
    while let Some(found) = cursor.next().map_err(|e| explain(&e))? {
        let mut row = Row::with_columns(columns);
        for index in 0..columns {
            match found.get_ref(index).map_err(|e| explain(&e))? {
                ValueRef::Null => row.push_null(),
                ValueRef::Integer(number) => row.push_int(number),
                ValueRef::Text(text) => row.push_text(
                    std::str::from_utf8(text).map_err(|e| StoreError::Io(e.to_string()))?,
                ),
                ValueRef::Real(_) | ValueRef::Blob(_) => {
                    let found = "a kind of value that no column has".to_owned();
                    return Err(StoreError::Column { index, wanted: "text or a number", found });
                }
            }
        }
        answer.push(row);
    }
    Ok(answer)
}

fn same(
    statement: &mut CachedStatement<'_>,
    params: &[Value],
    expected: &[Row],
) -> Result<bool, StoreError> {
    bind(statement, params).map_err(|e| explain(&e))?;
    let columns = statement.column_count();
    let mut cursor = statement.raw_query();
    let mut expected = expected.iter();
    while let Some(found) = cursor.next().map_err(|e| explain(&e))? {
        let Some(row) = expected.next() else { return Ok(false) };
        for index in 0..columns {
            let equal = match found.get_ref(index).map_err(|e| explain(&e))? {
                ValueRef::Null => row.is_null(index),
                ValueRef::Integer(number) => row.is_int(index, number),
                ValueRef::Text(text) => row.is_text(index, text),
                ValueRef::Real(_) | ValueRef::Blob(_) => false,
            };
            if !equal {
                return Ok(false);
            }
        }
    }
    Ok(expected.next().is_none())
}

/// A wrong statement is hard to find without its text.
fn with_statement(error: StoreError, sql: &str) -> StoreError {
    match error {
        StoreError::Statement(reason) => StoreError::Statement(format!("{reason} in `{sql}`")),
        other => other,
    }
}

fn explain(error: &rusqlite::Error) -> StoreError {
    let reason = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full(reason),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy(reason),
        Some(ErrorCode::ConstraintViolation) => StoreError::Constraint(reason),
        Some(ErrorCode::ReadOnly) => StoreError::ReadOnly(reason),
        Some(
            ErrorCode::SystemIoFailure
            | ErrorCode::CannotOpen
            | ErrorCode::DatabaseCorrupt
            | ErrorCode::NotADatabase
            | ErrorCode::PermissionDenied
            | ErrorCode::OutOfMemory,
        ) => StoreError::Io(reason),
        _ => StoreError::Statement(reason),
    }
}
