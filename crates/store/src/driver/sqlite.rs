//! SQLite: one thread owns the writing connection and commits many waiting closures together.

mod connection;

pub(crate) use connection::Connection;

use crate::driver::{Driver, Link};
use crate::migrate::{self, Dialect};
use crate::queue::Queue;
use crate::store::{Attempt, Work};
use crate::{StoreError, Tx};
use std::collections::VecDeque;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Closures that share one commit. Larger groups gain little and make the last one wait.
const GROUP_MAX: usize = 256;
/// A group takes no more closures once it has run this long, so that slow ones do not make many
/// others wait.
const GROUP_TIME_MAX: Duration = Duration::from_millis(5);
/// Requests that may wait in one line before further ones are told that the database is busy.
const WAITING_MAX: usize = 4096;
/// Connections for reading a file.
const READERS: usize = 4;
/// SQLite's own limit for the size of a file, in pages.
pub(crate) const PAGES_MAX: u32 = 0xffff_fffe;

pub(crate) struct Sqlite {
    writes: Arc<Queue<Task>>,
    /// The same line as `writes` where the database is in memory, since it then has only the one
    /// connection.
    reads: Arc<Queue<Task>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    /// Held as long as the file is open; closing it lets the next process in.
    lock: Mutex<Option<File>>,
}

/// Work in line, and whether it only reads.
struct Task {
    work: Box<dyn Work>,
    reads: bool,
}

impl Sqlite {
    pub(crate) fn open(path: &Path, pages_max: u32) -> Result<Sqlite, StoreError> {
        let lock = take_lock(path)?;
        let writer = Connection::open_file(path, pages_max)?;
        migrate(&writer)?;
        let store = Sqlite::start(writer, Arc::new(Queue::new(WAITING_MAX)), Some(lock))?;
        for _ in 0..READERS {
            let reader = Connection::open_reader(path)?;
            let reads = Arc::clone(&store.reads);
            store.spawn("store-read", move || {
                while let Some(task) = reads.pop() {
                    read(&reader, task.work);
                }
            })?;
        }
        Ok(store)
    }

    pub(crate) fn memory() -> Result<Sqlite, StoreError> {
        let writer = Connection::open_memory()?;
        migrate(&writer)?;
        let line = Arc::new(Queue::new(WAITING_MAX));
        Sqlite::start(writer, line, None)
    }

    fn start(
        writer: Connection,
        reads: Arc<Queue<Task>>,
        lock: Option<File>,
    ) -> Result<Sqlite, StoreError> {
        // In memory there is no other connection, so reads stand in the writer's line.
        let writes =
            if lock.is_some() { Arc::new(Queue::new(WAITING_MAX)) } else { Arc::clone(&reads) };
        let store = Sqlite {
            writes: Arc::clone(&writes),
            reads,
            threads: Mutex::new(Vec::new()),
            lock: Mutex::new(lock),
        };
        store.spawn("store-write", move || Writer { connection: writer, line: writes }.run())?;
        Ok(store)
    }

    fn spawn(&self, name: &str, run: impl FnOnce() + Send + 'static) -> Result<(), StoreError> {
        let thread = thread::Builder::new()
            .name(name.to_owned())
            .spawn(run)
            .map_err(|error| StoreError::Io(error.to_string()))?;
        self.threads.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
        Ok(())
    }
}

impl Driver for Sqlite {
    fn kind(&self) -> &'static str {
        "sqlite"
    }

    fn write(&self, work: Box<dyn Work>) -> Result<(), StoreError> {
        self.writes.push(Task { work, reads: false })
    }

    fn read(&self, work: Box<dyn Work>) -> Result<(), StoreError> {
        self.reads.push(Task { work, reads: true })
    }

    fn close(&self) {
        self.reads.close();
        self.writes.close();
        let threads =
            std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        // The readers go last, so the writer's connection must not be the last to close; either
        // order leaves a sound file.
        for thread in threads.into_iter().rev() {
            // The last clone of a store may die inside a closure, on one of these threads.
            if thread.thread().id() != thread::current().id() {
                // Their panics were caught and answered where they happened.
                let _ = thread.join();
            }
        }
        self.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.close();
    }
}

/// Keeps other processes away from the file: two writers would each think they own it.
fn take_lock(path: &Path) -> Result<File, StoreError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let open = |reason: std::io::Error| StoreError::Open {
        database: path.display().to_string(),
        reason: reason.to_string(),
    };
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(PathBuf::from(name))
        .map_err(open)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse(path.to_owned())),
        Err(TryLockError::Error(reason)) => Err(open(reason)),
    }
}

fn migrate(connection: &Connection) -> Result<(), StoreError> {
    for step in [migrate::prepare, migrate::apply] {
        connection.begin()?;
        let mut tx = Tx::new(Link::Sqlite(connection));
        let outcome = step(&mut tx, Dialect::Sqlite).and_then(|()| connection.commit());
        if outcome.is_err() {
            connection.roll_back();
        }
        outcome?;
    }
    Ok(())
}

fn read(connection: &Connection, mut work: Box<dyn Work>) {
    let verdict = connection.begin_read().map(|()| {
        work.attempt(&mut Tx::new(Link::Sqlite(connection)));
        // A read has nothing to keep.
        connection.roll_back();
    });
    work.answer(verdict);
}

struct Writer {
    connection: Connection,
    line: Arc<Queue<Task>>,
}

impl Writer {
    fn run(self) {
        let mut waiting = VecDeque::new();
        loop {
            if waiting.is_empty() {
                let Some(task) = self.line.pop() else { break };
                waiting.push_back(task);
            }
            if waiting.front().is_some_and(|task| task.reads) {
                if let Some(task) = waiting.pop_front() {
                    self.connection.only_reads(true);
                    read(&self.connection, task.work);
                    self.connection.only_reads(false);
                }
            } else {
                self.group(&mut waiting);
            }
        }
        self.connection.check_in();
    }

    /// Runs waiting closures in one transaction, commits it, and only then answers them.
    fn group(&self, waiting: &mut VecDeque<Task>) {
        let started = Instant::now();
        let mut done: Vec<Box<dyn Work>> = Vec::new();
        let mut verdict = self.connection.begin();
        if verdict.is_err() {
            // None of them can run; the ones behind try again for themselves.
            done.extend(waiting.pop_front().map(|task| task.work));
        }
        while verdict.is_ok() && done.len() < GROUP_MAX && started.elapsed() < GROUP_TIME_MAX {
            if waiting.is_empty() {
                self.line.take(waiting, GROUP_MAX - done.len());
            }
            let Some(mut task) = waiting.pop_front_if(|task| !task.reads) else { break };
            verdict = self.one(&mut *task.work);
            done.push(task.work);
        }
        if verdict.is_ok() {
            verdict = self.connection.commit();
        }
        if verdict.is_err() {
            self.connection.roll_back();
        }
        for work in done {
            work.answer(verdict.clone());
        }
    }

    /// Runs one closure in its savepoint. An error here is one that ended the whole group's
    /// transaction, not the closure's own.
    fn one(&self, work: &mut dyn Work) -> Result<(), StoreError> {
        self.connection.savepoint()?;
        let mut tx = Tx::new(Link::Sqlite(&self.connection));
        let attempt = work.attempt(&mut tx);
        if !self.connection.in_transaction() {
            // On a full disk and the like SQLite rolls everything back by itself.
            let reason = tx.failed().cloned();
            return Err(reason.unwrap_or_else(|| StoreError::Io("a group was undone".into())));
        }
        match attempt {
            Attempt::Keep => self.connection.release(),
            Attempt::Undo => self.connection.undo(),
        }
    }
}
