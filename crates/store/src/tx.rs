use crate::driver::Link;
use crate::ids::Seeded;
use crate::rehearsal::Rehearsal;
use crate::sealed::SealedRow;
use crate::{Row, StoreError, Value, audit};
use prorata_domain::seal::{Digest, Unit};
use std::sync::Arc;
use uuid::Uuid;

/// An open transaction: what a closure given to [`crate::Store::write`] or
/// [`crate::Store::read`] works through.
pub struct Tx<'a> {
    link: Link<'a>,
    failed: Option<StoreError>,
    ids: Option<Arc<Seeded>>,
    /// Answers to reads that were announced.
    ahead: Vec<(Read, Vec<Row>)>,
    /// Whether this is a rehearsal, which keeps its writes instead of making them.
    rehearsal: Option<Rehearsal>,
    /// Audit lines of what was shown, for whoever answers.
    notes: Vec<audit::Line>,
}

/// A statement that reads, with its parameters.
#[derive(Debug, Clone)]
pub struct Read {
    pub(crate) sql: &'static str,
    pub(crate) params: Vec<Value>,
}

impl<'a> Tx<'a> {
    pub(crate) fn new(link: Link<'a>) -> Tx<'a> {
        Tx { link, failed: None, ids: None, ahead: Vec::new(), rehearsal: None, notes: Vec::new() }
    }

    /// A transaction that only reads, and keeps what it would write.
    pub(crate) fn rehearse(link: Link<'a>) -> Tx<'a> {
        Tx {
            link,
            failed: None,
            ids: None,
            ahead: Vec::new(),
            rehearsal: Some(Rehearsal::default()),
            notes: Vec::new(),
        }
    }

    /// What a rehearsal came to; nothing where it gave up or failed, and the closure has to be
    /// run in a writing transaction.
    pub(crate) fn rehearsed(self) -> Option<Rehearsal> {
        let usable = self.failed.is_none();
        self.rehearsal.filter(|rehearsal| usable && !rehearsal.gave_up())
    }

    /// Takes identifiers from a seed from now on.
    pub(crate) fn seed(&mut self, ids: Option<Arc<Seeded>>) {
        self.ids = ids;
    }

    /// A new identifier: from the seed of the store, where it has one, else of the kind that suits
    /// the database. SQLite has one writer and gains when new rows lie side by side, so there they
    /// are in order of time; PostgreSQL has many, who meet where rows lie side by side, so there
    /// they are random.
    pub fn new_id(&self) -> Uuid {
        match (&self.ids, &self.link) {
            (Some(seeded), _) => seeded.next(),
            (None, Link::Sqlite(_)) => Uuid::now_v7(),
            (None, Link::Postgres(_)) => Uuid::new_v4(),
        }
    }

    /// The rows that a statement answers.
    ///
    /// # Errors
    /// Whatever [`StoreError`] says; the transaction is lost then, as after any failed statement.
    pub fn query(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        self.query_guarded(sql, params, None)
    }

    fn query_guarded(
        &mut self,
        sql: &'static str,
        params: &[Value],
        guard: Option<Uuid>,
    ) -> Result<Vec<Row>, StoreError> {
        if self.rehearsal.as_ref().is_some_and(|rehearsal| !rehearsal.may_read(sql)) {
            return Err(self.give_up());
        }
        let announced = |(read, _): &(Read, Vec<Row>)| read.sql == sql && read.params == params;
        let rows = match self.ahead.iter().position(announced) {
            Some(at) => self.ahead.swap_remove(at).1,
            None => self.run(|link| match link {
                Link::Sqlite(link) => link.query(sql, params),
                Link::Postgres(link) => link.query(sql, params),
            })?,
        };
        if let Some(rehearsal) = &mut self.rehearsal {
            rehearsal.saw(sql, params, &rows, guard);
        }
        Ok(rows)
    }

    /// As [`Tx::query`], for a text put together at run time. It may hold only pieces that are
    /// part of the program; values go into `params`.
    ///
    /// # Errors
    /// As [`Tx::query`].
    pub fn query_dyn(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        if self.rehearsal.is_some() {
            return Err(self.give_up());
        }
        self.run(|link| match link {
            Link::Sqlite(link) => link.query_dyn(sql, params),
            Link::Postgres(link) => link.query_dyn(sql, params),
        })
    }

    /// Says which reads will come, where several are known at once: a rehearsal on PostgreSQL then
    /// asks for all of them in one round trip. It changes nothing else.
    ///
    /// # Errors
    /// As [`Tx::query`].
    pub fn announce(&mut self, reads: Vec<Read>) -> Result<(), StoreError> {
        let Some(rehearsal) = &self.rehearsal else { return Ok(()) };
        if !reads.iter().all(|read| rehearsal.may_read(read.sql)) {
            return Ok(());
        }
        let answers = self.run(|link| match link {
            Link::Sqlite(_) => Ok(Vec::new()),
            Link::Postgres(link) => {
                link.query_all(reads.iter().map(|read| (read.sql, read.params.as_slice())))
            }
        })?;
        self.ahead = reads.into_iter().zip(answers).collect();
        Ok(())
    }

    /// The first row, if there is one; for statements that answer at most one.
    ///
    /// # Errors
    /// As [`Tx::query`].
    pub fn one(&mut self, sql: &'static str, params: &[Value]) -> Result<Option<Row>, StoreError> {
        Ok(self.query(sql, params)?.into_iter().next())
    }

    /// As [`Tx::one`], for a row that this transaction is going to change: what was read need not
    /// be read again where [`Tx::queue_guarding`] names the same row.
    ///
    /// # Errors
    /// As [`Tx::query`].
    pub fn one_guarded(
        &mut self,
        sql: &'static str,
        params: &[Value],
        row: Uuid,
    ) -> Result<Option<Row>, StoreError> {
        Ok(self.query_guarded(sql, params, Some(row))?.into_iter().next())
    }

    /// Runs a statement that writes; answers how many rows it changed. A rehearsal expects one,
    /// and does not hold when it is another number.
    ///
    /// # Errors
    /// As [`Tx::query`].
    pub fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64, StoreError> {
        if let (Some(rehearsal), None) = (&mut self.rehearsal, &self.failed) {
            rehearsal.keep(sql, params.to_vec(), Some(1));
            return Ok(1);
        }
        self.run(|link| match link {
            Link::Sqlite(link) => link.execute(sql, params),
            Link::Postgres(link) => link.execute(sql, params),
        })
    }

    /// One statement for each row of parameters, all sent together; the answers in that order.
    ///
    /// # Errors
    /// As [`Tx::query`].
    pub fn query_each(
        &mut self,
        sql: &'static str,
        params: &[Vec<Value>],
    ) -> Result<Vec<Vec<Row>>, StoreError> {
        if self.rehearsal.as_ref().is_some_and(|rehearsal| !rehearsal.may_read(sql)) {
            return Err(self.give_up());
        }
        let answers = self.run(|link| match link {
            Link::Sqlite(link) => params.iter().map(|row| link.query(sql, row)).collect(),
            Link::Postgres(link) => link.query_each(sql, params),
        })?;
        if let Some(rehearsal) = &mut self.rehearsal {
            for (params, rows) in params.iter().zip(&answers) {
                rehearsal.saw(sql, params, rows, None);
            }
        }
        Ok(answers)
    }

    /// One statement that writes for each row of parameters, all sent together; answers how many
    /// rows they changed in all. For imports.
    ///
    /// # Errors
    /// As [`Tx::query`].
    pub fn execute_each(
        &mut self,
        sql: &'static str,
        params: &[Vec<Value>],
    ) -> Result<u64, StoreError> {
        if self.rehearsal.is_some() {
            return Err(self.give_up());
        }
        self.run(|link| match link {
            Link::Sqlite(link) => {
                params.iter().try_fold(0, |sum, row| Ok(sum + link.execute(sql, row)?))
            }
            Link::Postgres(link) => link.execute_each(sql, params),
        })
    }

    /// Says that the transaction is about to read and change what `key` stands for, which many
    /// others may want to change too. Those of this process then go one after the other, where
    /// they would otherwise fail each other and run again and again. It is no lock: other
    /// processes are not kept out, and the outcome is the same without it.
    ///
    /// # Errors
    /// When it is another's turn; the transaction then runs again from the start by itself.
    pub fn contend(&mut self, key: &str) -> Result<(), StoreError> {
        if self.rehearsal.is_some() {
            return Ok(());
        }
        self.run(|link| match link {
            // There is one writer anyway.
            Link::Sqlite(_) => Ok(()),
            Link::Postgres(link) => link.contend(key),
        })
    }

    /// A write whose count is not needed. SQLite runs it at once; PostgreSQL gets all of them
    /// together with the next statement or the commit, in one round trip. An error shows at the
    /// next statement, or in the answer of the whole transaction.
    pub fn queue(&mut self, sql: &'static str, params: Vec<Value>) {
        if let (Some(rehearsal), None) = (&mut self.rehearsal, &self.failed) {
            rehearsal.keep(sql, params, None);
            return;
        }
        // The error is kept in the transaction, which is lost by it.
        let _ = self.run(|link| match link {
            Link::Sqlite(link) => link.execute(sql, &params).map(drop),
            Link::Postgres(link) => link.queue(sql, params),
        });
    }

    /// Keeps the audit line of something that is shown: whoever runs the closure takes it with
    /// [`Tx::take_notes`] and writes it before the answer goes out. A snapshot cannot write.
    pub fn note(&mut self, line: audit::Line) {
        self.notes.push(line);
    }

    /// The lines that were kept.
    pub fn take_notes(&mut self) -> Vec<audit::Line> {
        std::mem::take(&mut self.notes)
    }

    /// Says that a row was queued that is part of the audit or the journal: its digest goes into
    /// the batch of the commit.
    pub(crate) fn seal(&mut self, unit: Unit, digest: Digest) {
        let row = SealedRow { unit, digest };
        match (&mut self.rehearsal, &self.failed, &mut self.link) {
            (_, Some(_), _) => {}
            (Some(rehearsal), None, _) => rehearsal.sealed.push(row),
            (None, None, Link::Sqlite(link)) => link.seal(row),
            (None, None, Link::Postgres(link)) => link.seal(row),
        }
    }

    /// As [`Tx::queue`], for a write that changes its row only where these tables still hold, of
    /// that row, what [`Tx::one_guarded`] read of them. A rehearsal holds only if it then does.
    pub fn queue_guarding(
        &mut self,
        sql: &'static str,
        params: Vec<Value>,
        row: Uuid,
        tables: &[&str],
    ) {
        match (&mut self.rehearsal, &self.failed) {
            (Some(rehearsal), None) => {
                rehearsal.keep(sql, params, Some(1));
                rehearsal.guard(row, tables);
            }
            _ => self.queue(sql, params),
        }
    }

    /// Runs a script of many statements, for migrations.
    pub(crate) fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        if self.rehearsal.is_some() {
            return Err(self.give_up());
        }
        self.run(|link| match link {
            Link::Sqlite(link) => link.script(sql),
            Link::Postgres(link) => link.script(sql),
        })
    }

    /// Prepares a statement without running it, for the test that every one fits both databases.
    #[doc(hidden)]
    pub fn prepare_only(&mut self, sql: &'static str) -> Result<(), StoreError> {
        self.run(|link| match link {
            Link::Sqlite(link) => link.prepare_only(sql),
            Link::Postgres(link) => link.prepare_only(sql),
        })
    }

    /// Why the transaction is lost, if it is.
    pub(crate) fn failed(&self) -> Option<&StoreError> {
        self.failed.as_ref()
    }

    /// Ends a rehearsal that cannot be gone on with; the closure is run in a writing transaction.
    fn give_up(&mut self) -> StoreError {
        if let Some(rehearsal) = &mut self.rehearsal {
            rehearsal.give_up();
        }
        let reason = StoreError::Busy("this cannot be rehearsed".to_owned());
        self.failed.get_or_insert(reason).clone()
    }

    fn run<T>(
        &mut self,
        statement: impl FnOnce(&mut Link<'a>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if let Some(failed) = &self.failed {
            return Err(failed.clone());
        }
        statement(&mut self.link).inspect_err(|error| self.failed = Some(error.clone()))
    }
}
