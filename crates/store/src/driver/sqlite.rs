//! SQLite: one thread owns the writing connection and commits many waiting closures together.
//! Deeds are rehearsed on the reading threads first, and the writer makes their writes.

mod apply;
mod checkpoint;
mod connection;
mod writer;

pub(crate) use connection::Connection;

use crate::driver::{Driver, Link};
use crate::migrate::{self, Dialect};
use crate::queue::Queue;
use crate::rehearsal::Rehearsal;
use crate::store::{Attempt, Work};
use crate::{StoreError, Tx};
use checkpoint::Checkpoints;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};
use writer::Writer;

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
    /// The number of the last group that was committed.
    committed: Arc<AtomicU64>,
    checkpoints: Arc<Checkpoints>,
    /// The database's file, to wait for the disk. Closing it would end SQLite's locks on it, so
    /// it stays open longer than every connection.
    file: OnceLock<Arc<File>>,
    readers: Mutex<Vec<JoinHandle<()>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    /// Held as long as the file is open; closing it lets the next process in.
    lock: Mutex<Option<File>>,
}

/// Work in line.
struct Task {
    work: Box<dyn Work>,
    way: Way,
}

/// How work is to be run.
enum Way {
    Read,
    Write,
    Rehearse,
    /// It was rehearsed on a snapshot that holds at least what was committed up to this group.
    Apply(Rehearsal, u64),
}

impl Sqlite {
    pub(crate) fn open(path: &Path, pages_max: u32) -> Result<Sqlite, StoreError> {
        let lock = take_lock(path)?;
        let writer = Connection::open_file(path, pages_max)?;
        migrate(&writer)?;
        let store = Sqlite::start(writer, Arc::new(Queue::new(WAITING_MAX)), Some(lock))?;
        let checkpointer = Connection::open_checkpointer(path)?;
        let checkpoints = Arc::clone(&store.checkpoints);
        let file = Arc::new(File::open(path).map_err(|error| StoreError::Open {
            database: path.display().to_string(),
            reason: error.to_string(),
        })?);
        let file = Arc::clone(store.file.get_or_init(|| file));
        let run = move || checkpoints.run(&checkpointer, &file);
        store.spawn("store-checkpoint", &store.threads, run)?;
        for _ in 0..READERS {
            let reader = Connection::open_reader(path)?;
            let (reads, writes) = (Arc::clone(&store.reads), Arc::clone(&store.writes));
            let committed = Arc::clone(&store.committed);
            let run = move || {
                while let Some(task) = reads.pop() {
                    match task.way {
                        Way::Rehearse => rehearse(&reader, task.work, &committed, &writes),
                        _ => read(&reader, task.work),
                    }
                }
            };
            store.spawn("store-read", &store.readers, run)?;
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
            committed: Arc::default(),
            checkpoints: Arc::default(),
            file: OnceLock::new(),
            readers: Mutex::default(),
            threads: Mutex::default(),
            lock: Mutex::new(lock),
        };
        let (committed, checkpoints) = (store.committed.clone(), store.checkpoints.clone());
        let writer = Writer::new(writer, writes, committed, checkpoints);
        store.spawn("store-write", &store.threads, move || writer.run())?;
        Ok(store)
    }

    fn spawn(
        &self,
        name: &str,
        threads: &Mutex<Vec<JoinHandle<()>>>,
        run: impl FnOnce() + Send + 'static,
    ) -> Result<(), StoreError> {
        let thread = thread::Builder::new()
            .name(name.to_owned())
            .spawn(run)
            .map_err(|error| StoreError::Io(error.to_string()))?;
        threads.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
        Ok(())
    }
}

impl Driver for Sqlite {
    fn kind(&self) -> &'static str {
        "sqlite"
    }

    fn new_id(&self) -> uuid::Uuid {
        uuid::Uuid::now_v7()
    }

    fn write(&self, work: Box<dyn Work>) -> Result<(), StoreError> {
        self.writes.push(Task { work, way: Way::Write })
    }

    fn read(&self, work: Box<dyn Work>) -> Result<(), StoreError> {
        self.reads.push(Task { work, way: Way::Read })
    }

    fn deed(&self, work: Box<dyn Work>) -> Result<(), StoreError> {
        // In memory nobody can read beside the writer.
        let alone = Arc::ptr_eq(&self.reads, &self.writes);
        self.reads.push(Task { work, way: if alone { Way::Write } else { Way::Rehearse } })
    }

    fn close(&self) {
        self.reads.close();
        // What they rehearse goes on to the writer, so it has to be there until they are done.
        join(&self.readers);
        self.writes.close();
        self.checkpoints.close();
        join(&self.threads);
        self.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

/// Waits for threads to end.
fn join(threads: &Mutex<Vec<JoinHandle<()>>>) {
    let threads = std::mem::take(&mut *threads.lock().unwrap_or_else(PoisonError::into_inner));
    for thread in threads {
        // The last clone of a store may die inside a closure, on one of these threads.
        if thread.thread().id() != thread::current().id() {
            // Their panics were caught and answered where they happened.
            let _ = thread.join();
        }
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

/// Runs a closure on a snapshot, and hands what it would have written to the writer. A closure
/// that writes nothing, or refuses, is answered here: nobody was faster than its snapshot.
fn rehearse(
    connection: &Connection,
    mut work: Box<dyn Work>,
    committed: &AtomicU64,
    writes: &Queue<Task>,
) {
    let since = committed.load(Ordering::Acquire);
    let rehearsed = connection.begin_read().map(|()| {
        let mut tx = Tx::rehearse(Link::Sqlite(connection));
        let attempt = work.attempt(&mut tx);
        let rehearsed = tx.rehearsed();
        connection.roll_back();
        (attempt, rehearsed)
    });
    let way = match rehearsed {
        Ok((Attempt::Keep, Some(rehearsal))) if rehearsal.writes() => Way::Apply(rehearsal, since),
        Ok((_, Some(_))) => return work.answer(Ok(())),
        Ok((_, None)) if work.panicked() => return work.answer(Ok(())),
        Ok((_, None)) | Err(_) => Way::Write,
    };
    writes.pass_on(Task { work, way });
}
