use crate::driver::Link;
use crate::ids::Seeded;
use crate::{Row, StoreError, Value};
use std::sync::Arc;
use uuid::Uuid;

/// An open transaction: what a closure given to [`crate::Store::write`] or
/// [`crate::Store::read`] works through.
pub struct Tx<'a> {
    link: Link<'a>,
    failed: Option<StoreError>,
    ids: Option<Arc<Seeded>>,
}

impl<'a> Tx<'a> {
    pub(crate) fn new(link: Link<'a>) -> Tx<'a> {
        Tx { link, failed: None, ids: None }
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
        self.run(|link| match link {
            Link::Sqlite(link) => link.query(sql, params),
            Link::Postgres(link) => link.query(sql, params),
        })
    }

    /// As [`Tx::query`], for a text put together at run time. It may hold only pieces that are
    /// part of the program; values go into `params`.
    ///
    /// # Errors
    /// As [`Tx::query`].
    pub fn query_dyn(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        self.run(|link| match link {
            Link::Sqlite(link) => link.query_dyn(sql, params),
            Link::Postgres(link) => link.query_dyn(sql, params),
        })
    }

    /// The first row, if there is one; for statements that answer at most one.
    ///
    /// # Errors
    /// As [`Tx::query`].
    pub fn one(&mut self, sql: &'static str, params: &[Value]) -> Result<Option<Row>, StoreError> {
        Ok(self.query(sql, params)?.into_iter().next())
    }

    /// Runs a statement that writes; answers how many rows it changed.
    ///
    /// # Errors
    /// As [`Tx::query`].
    pub fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64, StoreError> {
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
        self.run(|link| match link {
            Link::Sqlite(link) => params.iter().map(|row| link.query(sql, row)).collect(),
            Link::Postgres(link) => link.query_each(sql, params),
        })
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
        // The error is kept in the transaction, which is lost by it.
        let _ = self.run(|link| match link {
            Link::Sqlite(link) => link.execute(sql, &params).map(drop),
            Link::Postgres(link) => link.queue(sql, params),
        });
    }

    /// Runs a script of many statements, for migrations.
    pub(crate) fn script(&mut self, sql: &str) -> Result<(), StoreError> {
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
