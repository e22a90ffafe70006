mod apply;
mod explain;

use super::join::{JOINED_MAX, joined, joins};
use super::pipeline::{Last, Reply, Sending, asked, changed, changes, done, in_order, one, rows};
use super::turns::{Take, Turns};
use super::{chain, connection};
use crate::sealed::{Batch, SealedRow};
use crate::{Row, StoreError, Value, seals};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;
use tokio_postgres::{Client, Config, Statement};

/// A connection that was idle this long is asked whether it still works before it is used.
const IDLE_MAX: Duration = Duration::from_secs(1);
/// Statements put together at run time that a connection keeps prepared.
const RUNTIME_STATEMENTS_MAX: usize = 256;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Write,
    Read,
    /// Every statement by itself, without a transaction: for reads that are asked again later.
    Loose,
}

/// One connection, and the transaction that runs on it.
pub(crate) struct Session {
    config: Arc<Config>,
    runtime: Runtime,
    client: Client,
    statements: HashMap<&'static str, Statement>,
    runtime_statements: HashMap<String, Statement>,
    /// By the addresses of the constants that were joined.
    joined_statements: HashMap<Vec<usize>, Statement>,
    used: Instant,
    mode: Mode,
    /// `BEGIN` was sent: it goes together with the first statement.
    begun: bool,
    queued: Vec<(&'static str, Vec<Value>)>,
    /// Rows of the audit and the journal that the transaction has added.
    sealed: Vec<SealedRow>,
    again: Option<StoreError>,
    broken: bool,
    turns: Option<Arc<dyn Take>>,
    /// Keys whose turn this transaction has.
    keys: Vec<String>,
    /// The key for which it has to wait.
    wanted: Option<String>,
}

/// Writes that are sent together at most: the answers of more would pile up unread.
const QUEUED_MAX: usize = 500;

/// A statement with its parameters, and its text for errors.
type Ready = (Statement, Vec<Value>, &'static str);

impl Session {
    pub(super) fn connect(config: &Arc<Config>) -> Result<Session, StoreError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| StoreError::Io(error.to_string()))?;
        let client = connection::open(&runtime, config)?;
        Ok(Session {
            config: Arc::clone(config),
            runtime,
            client,
            statements: HashMap::new(),
            runtime_statements: HashMap::new(),
            joined_statements: HashMap::new(),
            used: Instant::now(),
            mode: Mode::Read,
            begun: false,
            queued: Vec::new(),
            sealed: Vec::new(),
            again: None,
            broken: false,
            turns: None,
            keys: Vec::new(),
            wanted: None,
        })
    }

    /// Runs the first statement of a transaction on a new connection, when the one at hand turns
    /// out to be broken: nothing was seen or done on it yet.
    fn at_first_anew<T>(
        &mut self,
        run: impl Fn(&mut Session) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let first = !self.begun && self.queued.is_empty();
        let outcome = run(self);
        if outcome.is_ok() || !first || !self.is_broken() {
            return outcome;
        }
        self.client = connection::open(&self.runtime, &self.config)?;
        self.statements.clear();
        self.runtime_statements.clear();
        self.joined_statements.clear();
        self.restart(self.mode);
        self.broken = false;
        run(self)
    }

    /// Whether the connection still works. After a pause the server is asked.
    pub(super) fn is_alive(&mut self) -> bool {
        if self.used.elapsed() > IDLE_MAX {
            let asked = self.runtime.block_on(self.client.check_connection());
            self.broken |= asked.is_err();
            self.used = Instant::now();
        }
        !self.is_broken()
    }

    pub(super) fn is_broken(&self) -> bool {
        self.broken || self.client.is_closed()
    }

    /// Why the transaction that just ended should be run again, if it should.
    pub(super) fn may_run_again(&mut self) -> Option<StoreError> {
        self.again.take()
    }

    /// Begins a transaction, which has the turn for `keys` already.
    pub(super) fn start<T: Send + 'static>(
        &mut self,
        mode: Mode,
        turns: &Arc<Turns<T>>,
        keys: Vec<String>,
    ) {
        let turns: Arc<dyn Take> = turns.clone();
        self.turns = Some(turns);
        self.keys = keys;
        self.wanted = None;
        self.restart(mode);
    }

    fn restart(&mut self, mode: Mode) {
        self.mode = mode;
        self.begun = false;
        self.again = None;
        self.queued.clear();
        self.sealed.clear();
    }

    /// The keys whose turn the transaction has, and the one that it has to wait for.
    pub(super) fn turns(&mut self) -> (Vec<String>, Option<String>) {
        (std::mem::take(&mut self.keys), self.wanted.take())
    }

    pub(crate) fn contend(&mut self, key: &str) -> Result<(), StoreError> {
        if self.mode != Mode::Write || self.keys.iter().any(|mine| mine == key) {
            return Ok(());
        }
        if self.turns.as_ref().is_none_or(|turns| turns.take(key)) {
            self.keys.push(key.to_owned());
            return Ok(());
        }
        self.wanted = Some(key.to_owned());
        Err(StoreError::Busy(format!("it is another's turn to use {key}")))
    }

    pub(super) fn commit(&mut self) -> Result<(), StoreError> {
        if !self.begun && self.queued.is_empty() {
            return Ok(());
        }
        // The batch of what was added to the audit and the journal goes with the commit.
        let sealed = std::mem::take(&mut self.sealed);
        if !sealed.is_empty() {
            self.queued.extend(seals::writes(&Batch::of(uuid::Uuid::new_v4(), &sealed)));
        }
        let committed = self.pipeline(Last::Commit).map(drop);
        if committed.is_err() {
            self.roll_back();
        }
        committed
    }

    /// Notes a row of the audit or the journal that the transaction adds.
    pub(crate) fn seal(&mut self, row: SealedRow) {
        self.sealed.push(row);
    }

    pub(super) fn roll_back(&mut self) {
        self.queued.clear();
        self.sealed.clear();
        if self.begun && self.mode != Mode::Loose && !self.is_broken() {
            let undone = self.runtime.block_on(self.client.batch_execute("ROLLBACK"));
            // A connection that cannot even roll back is of no further use.
            self.broken |= undone.is_err();
        }
        self.begun = false;
        self.used = Instant::now();
    }

    pub(crate) fn query(
        &mut self,
        sql: &'static str,
        params: &[Value],
    ) -> Result<Vec<Row>, StoreError> {
        self.at_first_anew(|session| {
            let statement = session.prepared(sql)?;
            one(session.pipeline(Last::Queries(&statement, vec![params]))?)
        })
    }

    pub(crate) fn query_dyn(
        &mut self,
        sql: &str,
        params: &[Value],
    ) -> Result<Vec<Row>, StoreError> {
        self.at_first_anew(|session| {
            let statement = session.prepared_dyn(sql)?;
            one(session.pipeline(Last::Queries(&statement, vec![params]))?)
        })
    }

    pub(crate) fn query_each(
        &mut self,
        sql: &'static str,
        params: &[Vec<Value>],
    ) -> Result<Vec<Vec<Row>>, StoreError> {
        let mut answers = Vec::with_capacity(params.len());
        for chunk in params.chunks(QUEUED_MAX) {
            let replies = self.at_first_anew(|session| {
                let statement = session.prepared(sql)?;
                let chunk = chunk.iter().map(Vec::as_slice).collect();
                session.pipeline(Last::Queries(&statement, chunk))
            })?;
            for reply in replies {
                answers.push(rows(reply)?);
            }
        }
        Ok(answers)
    }

    pub(crate) fn execute(
        &mut self,
        sql: &'static str,
        params: &[Value],
    ) -> Result<u64, StoreError> {
        let statement = self.prepared(sql)?;
        Ok(changes(&self.pipeline(Last::Executes(&statement, vec![params]))?))
    }

    pub(crate) fn execute_each(
        &mut self,
        sql: &'static str,
        params: &[Vec<Value>],
    ) -> Result<u64, StoreError> {
        let statement = self.prepared(sql)?;
        let mut changed = 0;
        for chunk in params.chunks(QUEUED_MAX) {
            let chunk = chunk.iter().map(Vec::as_slice).collect();
            changed += changes(&self.pipeline(Last::Executes(&statement, chunk))?);
        }
        Ok(changed)
    }

    pub(crate) fn queue(
        &mut self,
        sql: &'static str,
        params: Vec<Value>,
    ) -> Result<(), StoreError> {
        self.queued.push((sql, params));
        if self.queued.len() >= QUEUED_MAX {
            self.pipeline(Last::Nothing).map(drop)
        } else {
            Ok(())
        }
    }

    pub(crate) fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        let begin = self.begin();
        self.begun = true;
        let run = async {
            if let Some(begin) = begin {
                self.client.batch_execute(begin).await?;
            }
            self.client.batch_execute(sql).await
        };
        let result = self.runtime.block_on(run);
        result.map_err(|error| self.explain(&error, None))
    }

    pub(crate) fn prepare_only(&mut self, sql: &'static str) -> Result<(), StoreError> {
        self.prepared(sql).map(drop)
    }

    fn begin(&self) -> Option<&'static str> {
        match (self.begun, self.mode) {
            (true, _) => None,
            (false, Mode::Write) => Some("BEGIN ISOLATION LEVEL SERIALIZABLE"),
            // One snapshot, and never a reason to run it again.
            (false, Mode::Read) => Some("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
            (false, Mode::Loose) => None,
        }
    }

    fn prepared_dyn(&mut self, sql: &str) -> Result<Statement, StoreError> {
        if let Some(statement) = self.runtime_statements.get(sql) {
            return Ok(statement.clone());
        }
        let prepared = self.runtime.block_on(self.client.prepare(sql));
        let statement = prepared.map_err(|error| self.explain(&error, Some(sql)))?;
        if self.runtime_statements.len() >= RUNTIME_STATEMENTS_MAX {
            self.runtime_statements.clear();
        }
        self.runtime_statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    fn prepared(&mut self, sql: &'static str) -> Result<Statement, StoreError> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let prepared = self.runtime.block_on(self.client.prepare(sql));
        let statement = prepared.map_err(|error| self.explain(&error, Some(sql)))?;
        self.statements.insert(sql, statement.clone());
        Ok(statement)
    }

    /// Prepares what was queued. Plain inserts next to each other become one statement, since the
    /// server answers each statement apart, which costs more than a narrow insert does.
    fn ready(&mut self) -> Result<Vec<Ready>, StoreError> {
        let mut queued = std::mem::take(&mut self.queued).into_iter().peekable();
        let mut ready = Vec::new();
        while let Some((sql, mut params)) = queued.next() {
            let mut parts = vec![sql];
            while joins(sql)
                && parts.len() < JOINED_MAX
                && let Some((next, more)) = queued.next_if(|(next, _)| joins(next))
            {
                parts.push(next);
                params.extend(more);
            }
            let statement = match parts.as_slice() {
                [one] => self.prepared(one)?,
                several => self.prepared_joined(several)?,
            };
            ready.push((statement, params, sql));
        }
        Ok(ready)
    }

    fn prepared_joined(&mut self, parts: &[&'static str]) -> Result<Statement, StoreError> {
        let key: Vec<usize> = parts.iter().map(|sql| sql.as_ptr().addr()).collect();
        if let Some(statement) = self.joined_statements.get(&key) {
            return Ok(statement.clone());
        }
        let sql = joined(parts);
        let prepared = self.runtime.block_on(self.client.prepare(&sql));
        let statement = prepared.map_err(|error| self.explain(&error, Some(&sql)))?;
        if self.joined_statements.len() >= RUNTIME_STATEMENTS_MAX {
            self.joined_statements.clear();
        }
        self.joined_statements.insert(key, statement.clone());
        Ok(statement)
    }

    /// Sends `BEGIN` if it is due, all queued statements and the last ones without waiting in
    /// between, then reads their answers; those of the last ones are returned.
    fn pipeline(&mut self, last: Last<'_>) -> Result<Vec<Reply>, StoreError> {
        let ready = self.ready()?;
        let begin = self.begin();
        let commits = matches!(last, Last::Commit);
        self.begun = true;
        let client = &self.client;
        let mut sendings: Vec<Sending<'_>> = Vec::with_capacity(ready.len() + 2);
        if let Some(begin) = begin {
            sendings.push(Box::pin(done(client, begin)));
        }
        let begins = sendings.len();
        for (statement, params, _) in &ready {
            sendings.push(Box::pin(changed(client, statement, params)));
        }
        let before = sendings.len();
        match last {
            Last::Nothing => {}
            Last::Queries(statement, params) => {
                for params in params {
                    sendings.push(Box::pin(asked(client, statement, params)));
                }
            }
            Last::Executes(statement, params) => {
                for params in params {
                    sendings.push(Box::pin(changed(client, statement, params)));
                }
            }
            Last::Commit => sendings.push(Box::pin(done(client, "COMMIT"))),
        }
        let result = self.runtime.block_on(in_order(sendings));
        self.used = Instant::now();
        match result {
            Ok(mut replies) => {
                self.begun = !commits;
                Ok(replies.split_off(before))
            }
            Err((error, position)) => {
                let sql = position.checked_sub(begins).and_then(|at| ready.get(at));
                let sql = sql.map(|(_, _, sql)| *sql);
                let explained = self.explain(&error, sql);
                if commits && error.as_db_error().is_none() && self.client.is_closed() {
                    // The commit may have reached the server, so this is not run again.
                    self.again = None;
                    return Err(StoreError::Lost(chain(&error)));
                }
                Err(explained)
            }
        }
    }
}
