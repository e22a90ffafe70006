use crate::driver::{Driver, postgres, sqlite};
use crate::ids::Seeded;
use crate::migrate::{self, Dialect};
use crate::{StoreError, Tx};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use tokio::sync::oneshot;

/// A database. Clones share it; the last one to go closes it.
#[derive(Clone)]
pub struct Store {
    driver: Arc<dyn Driver>,
    ids: Option<Arc<Seeded>>,
}

impl Store {
    /// Opens `postgres://…` or `postgresql://…`, or else the SQLite file at this path (made when
    /// it is not there), and brings its tables up to date.
    ///
    /// Connections to PostgreSQL are not encrypted; a server elsewhere needs a tunnel.
    ///
    /// # Errors
    /// [`StoreError::Open`], [`StoreError::InUse`] when another process has the file,
    /// [`StoreError::Newer`] or [`StoreError::Changed`] when the tables are not ours to change.
    pub fn open(database: &str) -> Result<Store, StoreError> {
        if database.starts_with("postgres://") || database.starts_with("postgresql://") {
            let store = Store { driver: Arc::new(postgres::Postgres::open(database)?), ids: None };
            // Waiting for the first answer is not allowed on a thread that runs async code.
            let migrated = std::thread::scope(|scope| scope.spawn(|| store.migrate()).join());
            migrated.unwrap_or(Err(StoreError::Closed)).map_err(|error| match error {
                StoreError::Busy(reason) => {
                    StoreError::Open { database: "postgres".to_owned(), reason }
                }
                other => other,
            })?;
            Ok(store)
        } else {
            let file = sqlite::Sqlite::open(Path::new(database), sqlite::PAGES_MAX)?;
            Ok(Store { driver: Arc::new(file), ids: None })
        }
    }

    /// An SQLite database in memory that ends with its last clone.
    ///
    /// # Errors
    /// [`StoreError::Open`].
    pub fn memory() -> Result<Store, StoreError> {
        Ok(Store { driver: Arc::new(sqlite::Sqlite::memory()?), ids: None })
    }

    /// An SQLite file that may not grow beyond `pages` pages: a full disk for tests.
    #[doc(hidden)]
    pub fn open_small_for_tests(path: &Path, pages: u32) -> Result<Store, StoreError> {
        Ok(Store { driver: Arc::new(sqlite::Sqlite::open(path, pages)?), ids: None })
    }

    /// The same database with identifiers that follow from a seed, for runs that are to be repeated.
    /// `run` tells apart those who take the same seed on one database after each other. They are
    /// the same again only where nothing runs at once.
    #[must_use]
    pub fn with_seed(self, seed: u64, run: u16) -> Store {
        Store { ids: Some(Arc::new(Seeded::new(seed, run))), ..self }
    }

    /// Runs `work` in a transaction that is kept when it answers `Ok` and undone when it answers
    /// `Err`. The answer is given only when what was written is on disk.
    ///
    /// `work` may run more than once, so it has no effect but through its [`Tx`]. This call
    /// blocks; asynchronous code uses [`Store::write_async`].
    ///
    /// # Errors
    /// What `work` answers, or a [`StoreError`] in its type.
    ///
    /// # Panics
    /// When called from asynchronous code.
    pub fn write<T, E>(
        &self,
        work: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        received(self.submit(work, Way::Write)?.blocking_recv())
    }

    /// As [`Store::write`], without blocking the caller's thread.
    ///
    /// When the future is dropped before it is done, the transaction runs all the same.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn write_async<T, E>(
        &self,
        work: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        received(self.submit(work, Way::Write)?.await)
    }

    /// As [`Store::write`], for closures that read a little, think, and then write: `work` runs
    /// on a snapshot first, beside the writer. What it read is asked again in the transaction
    /// that writes, and only if it has changed does `work` run there too.
    ///
    /// # Errors
    /// As [`Store::write`].
    ///
    /// # Panics
    /// When called from asynchronous code.
    pub fn deed<T, E>(
        &self,
        work: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        received(self.submit(work, Way::Deed)?.blocking_recv())
    }

    /// As [`Store::deed`], without blocking the caller's thread.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn deed_async<T, E>(
        &self,
        work: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        received(self.submit(work, Way::Deed)?.await)
    }

    /// Runs `work` on a snapshot of what is committed; it cannot write.
    ///
    /// # Errors
    /// What `work` answers, or a [`StoreError`] in its type.
    ///
    /// # Panics
    /// When called from asynchronous code.
    pub fn read<T, E>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        received(self.submit_read(work)?.blocking_recv())
    }

    /// As [`Store::read`], without blocking the caller's thread.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub async fn read_async<T, E>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        received(self.submit_read(work)?.await)
    }

    /// A new identifier of the kind that suits the database. SQLite has one writer and gains when
    /// new rows lie side by side, so identifiers are in order of time; PostgreSQL has many, who
    /// meet where rows lie side by side, so they are random.
    pub fn new_id(&self) -> uuid::Uuid {
        self.ids.as_ref().map_or_else(|| self.driver.new_id(), |seeded| seeded.next())
    }

    /// `sqlite` or `postgres`.
    pub fn kind(&self) -> &'static str {
        self.driver.kind()
    }

    /// Takes no more work, finishes what waits, and closes the database. Blocks until then.
    pub fn close(&self) {
        self.driver.close();
    }

    fn migrate(&self) -> Result<(), StoreError> {
        let prepare = |tx: &mut Tx<'_>| migrate::prepare(tx, Dialect::Postgres);
        // Two processes that make the same table at once can fail each other, even when asked to
        // make it only where it is not there; the second time it is there.
        self.write(prepare).or_else(|_| self.write(prepare))?;
        self.write(|tx| migrate::apply(tx, Dialect::Postgres))
    }

    fn submit<T, E>(
        &self,
        work: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        way: Way,
    ) -> Result<oneshot::Receiver<Result<T, E>>, StoreError>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let ids = self.ids.clone();
        // A rehearsal takes identifiers of its own, and a seed's are to be the same in every run.
        let rehearsed = matches!(way, Way::Deed) && ids.is_none();
        let task = Task { work, ids, panicked: false, outcome: None, reply };
        if rehearsed {
            self.driver.deed(Box::new(task))?;
        } else {
            self.driver.write(Box::new(task))?;
        }
        Ok(answer)
    }

    fn submit_read<T, E>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<T, E>>, StoreError>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let mut work = Some(work);
        let once = move |tx: &mut Tx<'_>| match work.take() {
            Some(work) => work(tx),
            // A snapshot conflicts with nobody, so only a connection that broke before the
            // closure ran leads to a second try, and then the closure is still there.
            None => Err(StoreError::Busy("the connection broke while reading".into()).into()),
        };
        let ids = self.ids.clone();
        let task = Task { work: once, ids, panicked: false, outcome: None, reply };
        self.driver.read(Box::new(task))?;
        Ok(answer)
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store({})", self.kind())
    }
}

fn received<T, E: From<StoreError>>(
    answer: Result<Result<T, E>, oneshot::error::RecvError>,
) -> Result<T, E> {
    answer.unwrap_or_else(|_| Err(StoreError::Closed.into()))
}

/// How a closure that writes is run.
enum Way {
    Write,
    Deed,
}

/// What is to become of a transaction after its closure ran.
pub(crate) enum Attempt {
    Keep,
    Undo,
}

/// A closure that waits for its transaction, and its caller that waits for the answer.
pub(crate) trait Work: Send {
    /// Runs the closure, perhaps again, and keeps its outcome back.
    fn attempt(&mut self, tx: &mut Tx<'_>) -> Attempt;

    /// Whether the closure panicked when it ran; it is not run again then.
    fn panicked(&self) -> bool;

    /// Gives the caller the outcome, or the error that came in between.
    fn answer(self: Box<Self>, verdict: Result<(), StoreError>);
}

struct Task<F, T, E> {
    work: F,
    ids: Option<Arc<Seeded>>,
    panicked: bool,
    outcome: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Work for Task<F, T, E>
where
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn attempt(&mut self, tx: &mut Tx<'_>) -> Attempt {
        tx.seed(self.ids.clone());
        // A panic undoes the transaction, and the closure is not run again after it, so no
        // broken state is seen by anyone.
        let result = catch_unwind(AssertUnwindSafe(|| (self.work)(tx)));
        self.panicked = result.is_err();
        let outcome = match result {
            Ok(Ok(_)) if tx.failed().is_some() => {
                let error = tx.failed().cloned().unwrap_or(StoreError::Closed);
                Err(error.into())
            }
            Ok(outcome) => outcome,
            Err(panic) => Err(StoreError::Panicked(panic_text(&*panic)).into()),
        };
        let attempt = if outcome.is_ok() { Attempt::Keep } else { Attempt::Undo };
        self.outcome = Some(outcome);
        attempt
    }

    fn panicked(&self) -> bool {
        self.panicked
    }

    fn answer(self: Box<Self>, verdict: Result<(), StoreError>) {
        let outcome = match (verdict, self.outcome) {
            (Err(error), _) => Err(error.into()),
            (Ok(()), Some(outcome)) => outcome,
            (Ok(()), None) => Err(StoreError::Closed.into()),
        };
        // A caller that no longer waits does not need the answer.
        let _ = self.reply.send(outcome);
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    if let Some(text) = panic.downcast_ref::<&str>() {
        (*text).to_owned()
    } else if let Some(text) = panic.downcast_ref::<String>() {
        text.clone()
    } else {
        "no message".to_owned()
    }
}
