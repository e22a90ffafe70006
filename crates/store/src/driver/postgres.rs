//! PostgreSQL: a few threads with a connection each, serializable transactions, whole retries.
//! Deeds are rehearsed on those threads, and one more makes the writes of many in a transaction.
//!
//! Each thread drives its own connection on a runtime of its own, so a statement costs no switch
//! between threads on our side.

mod connection;
mod group;
mod join;
mod pipeline;
mod session;
mod turns;
mod value;

pub(crate) use session::Session;

use crate::driver::{Driver, Link};
use crate::queue::Queue;
use crate::rehearsal::Rehearsal;
use crate::store::{Attempt, Work};
use crate::{StoreError, Tx};
use group::Committer;
use session::Mode;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use tokio_postgres::Config;
use turns::Turns;

/// Connections, and threads that drive them. A server takes 100 by default; several processes of
/// ours and somebody's `psql` have to fit in.
const SESSIONS: usize = 16;
/// Requests that may wait before further ones are told that the database is busy.
const WAITING_MAX: usize = 4096;
/// How often a transaction is run in all before its caller is told to come back later.
const TRIES_MAX: u32 = 40;
/// The longest pause before a try.
const PAUSE_MAX: Duration = Duration::from_millis(50);
/// How long a connection attempt may take.
const CONNECT_MAX: Duration = Duration::from_secs(5);

pub(crate) struct Postgres {
    line: Arc<Queue<Task>>,
    rehearsed: Arc<Queue<Rehearsed>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    committer: Mutex<Vec<JoinHandle<()>>>,
}

/// A deed whose writes wait to be made.
struct Rehearsed {
    work: Box<dyn Work>,
    rehearsal: Rehearsal,
}

struct Task {
    work: Box<dyn Work>,
    mode: Mode,
    /// Whose turn it has already.
    keys: Vec<String>,
}

impl Postgres {
    /// Reads the connection string and starts the threads; each connects with its first work.
    pub(crate) fn open(database: &str) -> Result<Postgres, StoreError> {
        let mut config: Config = database.parse().map_err(|error: tokio_postgres::Error| {
            StoreError::Open { database: "postgres".to_owned(), reason: chain(&error) }
        })?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_MAX);
        }
        if config.get_application_name().is_none() {
            config.application_name("prorata");
        }
        let config = Arc::new(config);
        let line = Arc::new(Queue::new(WAITING_MAX));
        let rehearsed = Arc::new(Queue::new(WAITING_MAX));
        let turns = Arc::new(Turns::default());
        let mut threads = Vec::with_capacity(SESSIONS);
        for _ in 0..SESSIONS {
            let (config, line, turns) = (config.clone(), line.clone(), turns.clone());
            let rehearsed = rehearsed.clone();
            let worker = Worker { config, line, rehearsed, turns, session: None };
            threads.push(spawn("store-postgres", move || worker.run())?);
        }
        let worker = Worker {
            config,
            line: line.clone(),
            rehearsed: rehearsed.clone(),
            turns,
            session: None,
        };
        let committer = spawn("store-commit", move || Committer::new(worker).run())?;
        Ok(Postgres {
            line,
            rehearsed,
            threads: Mutex::new(threads),
            committer: Mutex::new(vec![committer]),
        })
    }
}

impl Driver for Postgres {
    fn kind(&self) -> &'static str {
        "postgres"
    }

    fn new_id(&self) -> uuid::Uuid {
        uuid::Uuid::new_v4()
    }

    fn write(&self, work: Box<dyn Work>) -> Result<(), StoreError> {
        self.line.push(Task { work, mode: Mode::Write, keys: Vec::new() })
    }

    fn read(&self, work: Box<dyn Work>) -> Result<(), StoreError> {
        self.line.push(Task { work, mode: Mode::Read, keys: Vec::new() })
    }

    fn deed(&self, work: Box<dyn Work>) -> Result<(), StoreError> {
        self.line.push(Task { work, mode: Mode::Loose, keys: Vec::new() })
    }

    fn close(&self) {
        self.line.close();
        join(&self.threads);
        // What they rehearsed is still to be written.
        self.rehearsed.close();
        join(&self.committer);
    }
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, StoreError> {
    let thread = thread::Builder::new().name(name.to_owned()).spawn(run);
    thread.map_err(|error| StoreError::Io(error.to_string()))
}

/// Waits for threads to end.
fn join(threads: &Mutex<Vec<JoinHandle<()>>>) {
    let threads = std::mem::take(&mut *threads.lock().unwrap_or_else(PoisonError::into_inner));
    for thread in threads {
        // The last clone of a store may die inside a closure, on one of these threads.
        if thread.thread().id() != thread::current().id() {
            // Panics of closures were caught and answered where they happened.
            let _ = thread.join();
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.close();
    }
}

struct Worker {
    config: Arc<Config>,
    line: Arc<Queue<Task>>,
    rehearsed: Arc<Queue<Rehearsed>>,
    turns: Arc<Turns<Task>>,
    session: Option<Session>,
}

/// How one run of a transaction ended.
enum Run {
    Done(Result<(), StoreError>),
    /// The database asks to run it again, or the connection broke before anything was kept.
    Again(StoreError),
    /// It is another's turn to use what this key stands for.
    Wait(String),
}

impl Worker {
    fn run(mut self) {
        while let Some(task) = self.line.pop() {
            if task.mode == Mode::Loose {
                self.rehearse(task.work);
            } else {
                self.serve(task);
            }
        }
    }

    /// Runs a closure on what is committed, statement by statement, and hands what it would have
    /// written on. Its reads need not fit together, since they are asked again; so what comes to
    /// nothing is not answered from them, but run in a transaction.
    fn rehearse(&mut self, mut work: Box<dyn Work>) {
        let mut rehearsed = None;
        if let Ok(session) = connected(&mut self.session, &self.config) {
            session.start(Mode::Loose, &self.turns, Vec::new());
            let mut tx = Tx::rehearse(Link::Postgres(session));
            let attempt = work.attempt(&mut tx);
            rehearsed = tx.rehearsed().filter(|rehearsal| {
                matches!(attempt, Attempt::Keep) && rehearsal.writes() && !work.panicked()
            });
            session.roll_back();
            if session.is_broken() {
                self.session = None;
            }
        }
        match rehearsed {
            Some(rehearsal) => self.rehearsed.pass_on(Rehearsed { work, rehearsal }),
            None => self.serve(Task { work, mode: Mode::Write, keys: Vec::new() }),
        }
    }

    fn serve(&mut self, mut task: Task) {
        let mut reason = StoreError::Closed;
        for tries in 0..TRIES_MAX {
            if tries > 0 {
                thread::sleep(pause(tries));
            }
            match self.once(&mut task) {
                Run::Done(verdict) => {
                    // The answer comes first: whose turn it is next is of no interest to the
                    // caller.
                    task.work.answer(verdict);
                    self.pass_on(task.keys);
                    return;
                }
                Run::Again(next) => reason = next,
                Run::Wait(key) => {
                    // Waiting for one turn while having another could be for ever.
                    let keys = std::mem::take(&mut task.keys);
                    self.pass_on(keys);
                    match self.turns.wait(key, task, |task, key| task.keys.push(key)) {
                        Some(its_turn) => task = its_turn,
                        None => return,
                    }
                }
            }
        }
        let reason = format!("{TRIES_MAX} tries met other changes or failed: {reason}");
        task.work.answer(Err(StoreError::Busy(reason)));
        self.pass_on(task.keys);
    }

    /// Gives turns to those that wait for them.
    fn pass_on(&self, keys: Vec<String>) {
        for key in keys {
            if let Some(mut next) = self.turns.pass(&key) {
                next.keys.push(key);
                self.line.push_front(next);
            }
        }
    }

    fn once(&mut self, task: &mut Task) -> Run {
        let session = match connected(&mut self.session, &self.config) {
            Ok(session) => session,
            // Waiting for the server is the caller's choice, not ours.
            Err(error) => return Run::Done(Err(error)),
        };
        session.start(task.mode, &self.turns, std::mem::take(&mut task.keys));
        let attempt = task.work.attempt(&mut Tx::new(Link::Postgres(session)));
        let verdict = match attempt {
            Attempt::Keep => session.commit(),
            Attempt::Undo => {
                session.roll_back();
                Ok(())
            }
        };
        let (keys, wanted) = session.turns();
        task.keys = keys;
        let again = session.may_run_again();
        if session.is_broken() {
            self.session = None;
        }
        match (wanted, again) {
            (Some(key), _) => Run::Wait(key),
            (None, Some(reason)) => Run::Again(reason),
            (None, None) => Run::Done(verdict),
        }
    }
}

fn connected<'a>(
    session: &'a mut Option<Session>,
    config: &Arc<Config>,
) -> Result<&'a mut Session, StoreError> {
    if session.as_mut().is_some_and(|session| !session.is_alive()) {
        *session = None;
    }
    match session {
        Some(session) => Ok(session),
        None => Ok(session.insert(Session::connect(config)?)),
    }
}

/// A pause that grows with each try and differs between those that met.
fn pause(tries: u32) -> Duration {
    let most = PAUSE_MAX.min(Duration::from_micros(500) * (1 << tries.min(7)));
    let most_micros = u64::try_from(most.as_micros()).unwrap_or(u64::MAX).max(1);
    // A fresh hasher has random keys, which is all the chance that is needed here.
    let chance = RandomState::new().build_hasher().finish();
    Duration::from_micros(chance % most_micros)
}

/// An error with its causes, since this client's own text names none of them.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
