use super::apply::{Applied, Changes, apply};
use super::checkpoint::Checkpoints;
use super::{Connection, Task, Way, read};
use crate::driver::Link;
use crate::queue::Queue;
use crate::store::Attempt;
use crate::{StoreError, Tx};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Closures that share one commit. Larger groups gain little and make the last one wait.
const GROUP_MAX: usize = 256;
/// A group takes no more closures once it has run this long, so that slow ones do not make many
/// others wait.
const GROUP_TIME_MAX: Duration = Duration::from_millis(5);
/// Groups that are run with care after one in which a closure had to be undone.
const CAREFUL_GROUPS: u32 = 64;

/// The thread that owns the writing connection.
pub(super) struct Writer {
    connection: Connection,
    line: Arc<Queue<Task>>,
    checkpoints: Arc<Checkpoints>,
    waiting: VecDeque<Task>,
    committed: Arc<AtomicU64>,
    changes: Changes,
    /// Groups still to be run with care.
    careful: u32,
}

/// How the run of one closure left the transaction of its group.
enum Left {
    Sound,
    /// What it wrote has to go, and with it all that the group wrote.
    Spoilt,
    /// The database has undone the group by itself.
    Gone(StoreError),
}

impl Writer {
    pub(super) fn new(
        connection: Connection,
        line: Arc<Queue<Task>>,
        committed: Arc<AtomicU64>,
        checkpoints: Arc<Checkpoints>,
    ) -> Writer {
        Writer {
            connection,
            line,
            checkpoints,
            waiting: VecDeque::new(),
            committed,
            changes: Changes::default(),
            careful: 0,
        }
    }

    /// Runs until the line is closed and empty.
    pub(super) fn run(mut self) {
        loop {
            if self.waiting.is_empty() {
                let Some(task) = self.line.pop() else { break };
                self.waiting.push_back(task);
            }
            if let Some(task) = self.waiting.pop_front_if(|task| task.reads()) {
                self.connection.only_reads(true);
                read(&self.connection, task.work);
                self.connection.only_reads(false);
            } else {
                self.group();
            }
        }
        self.connection.check_in();
    }

    /// Runs waiting closures in one transaction, commits it, and only then answers them.
    ///
    /// A savepoint for each closure costs a copy of every page it changes, while closures that
    /// have to be undone after they wrote are rare. So a group begins without savepoints; when
    /// one would have been needed, all is undone and the same closures run again with them.
    fn group(&mut self) {
        let mut done: Vec<Task> = Vec::new();
        let mut verdict = self.connection.begin();
        if verdict.is_err() {
            // None of them can run; the ones behind try again for themselves.
            done.extend(self.waiting.pop_front());
        } else {
            self.careful = self.careful.saturating_sub(1);
            verdict = self.changes.begin(&self.connection).and_then(|()| self.fill(&mut done));
        }
        if verdict.is_ok() {
            verdict = self.connection.batch().and_then(|()| self.connection.commit());
            self.changes.note(&self.connection);
        }
        match verdict {
            Ok(()) => self.committed.store(self.changes.group(), Ordering::Release),
            Err(_) => self.connection.roll_back(),
        }
        for task in done {
            task.work.answer(verdict.clone());
        }
        self.checkpoints.committed(&self.connection);
    }

    /// Runs closures as they come until the group is full or nobody waits.
    fn fill(&mut self, done: &mut Vec<Task>) -> Result<(), StoreError> {
        let started = Instant::now();
        while done.len() < GROUP_MAX && started.elapsed() < GROUP_TIME_MAX {
            if self.waiting.is_empty() {
                self.line.take(&mut self.waiting, GROUP_MAX - done.len());
            }
            let Some(task) = self.waiting.pop_front_if(|task| !task.reads()) else { break };
            done.push(task);
            let Some(task) = done.last_mut() else { break };
            let left = if self.careful > 0 {
                with_savepoint(&self.connection, &mut self.changes, task)
            } else {
                without_savepoint(&self.connection, &mut self.changes, task)
            };
            match left {
                Left::Sound => {}
                Left::Gone(reason) => return Err(reason),
                Left::Spoilt => {
                    self.careful = CAREFUL_GROUPS;
                    self.again(done)?;
                }
            }
        }
        Ok(())
    }

    /// Undoes the group and runs the same closures again, each in its savepoint.
    fn again(&mut self, done: &mut [Task]) -> Result<(), StoreError> {
        self.connection.roll_back();
        self.connection.begin()?;
        for task in done {
            if task.work.panicked() {
                continue;
            }
            match with_savepoint(&self.connection, &mut self.changes, task) {
                Left::Sound => {}
                Left::Gone(reason) => return Err(reason),
                Left::Spoilt => return Err(StoreError::Io("a savepoint was lost".to_owned())),
            }
        }
        Ok(())
    }
}

impl Task {
    fn reads(&self) -> bool {
        matches!(self.way, Way::Read)
    }
}

fn without_savepoint(connection: &Connection, changes: &mut Changes, task: &mut Task) -> Left {
    connection.forget_writes();
    if let Way::Apply(rehearsal, since) = &task.way {
        let applied = apply(connection, changes, rehearsal, *since);
        if applied == Applied::Held {
            return Left::Sound;
        }
        task.way = Way::Write;
        if !connection.in_transaction() {
            return Left::Gone(undone());
        }
        if applied == Applied::Spoilt {
            return Left::Spoilt;
        }
        connection.forget_writes();
    }
    let mut tx = Tx::new(Link::Sqlite(connection));
    let attempt = task.work.attempt(&mut tx);
    changes.note(connection);
    match (gone(connection, &tx), attempt) {
        (Some(reason), _) => Left::Gone(reason),
        (None, Attempt::Undo) if connection.wrote() => Left::Spoilt,
        (None, Attempt::Keep | Attempt::Undo) => Left::Sound,
    }
}

fn with_savepoint(connection: &Connection, changes: &mut Changes, task: &mut Task) -> Left {
    if let Err(reason) = connection.savepoint() {
        return Left::Gone(reason);
    }
    if let Way::Apply(rehearsal, since) = &task.way {
        let applied = apply(connection, changes, rehearsal, *since);
        if !connection.in_transaction() {
            return Left::Gone(undone());
        }
        if applied == Applied::Held {
            return connection.release().map_or_else(Left::Gone, |()| Left::Sound);
        }
        task.way = Way::Write;
        if let Err(reason) = connection.undo().and_then(|()| connection.savepoint()) {
            return Left::Gone(reason);
        }
    }
    let mut tx = Tx::new(Link::Sqlite(connection));
    let attempt = task.work.attempt(&mut tx);
    changes.note(connection);
    if let Some(reason) = gone(connection, &tx) {
        return Left::Gone(reason);
    }
    let ended = match attempt {
        Attempt::Keep => connection.release(),
        Attempt::Undo => connection.undo(),
    };
    ended.map_or_else(Left::Gone, |()| Left::Sound)
}

/// Why there is no transaction any more: on a full disk and the like SQLite rolls everything
/// back by itself.
fn gone(connection: &Connection, tx: &Tx<'_>) -> Option<StoreError> {
    (!connection.in_transaction()).then(|| tx.failed().cloned().unwrap_or_else(undone))
}

fn undone() -> StoreError {
    StoreError::Io("a group of transactions was undone".to_owned())
}
