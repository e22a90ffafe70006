//! One transaction for the writes of many rehearsed deeds.

use super::session::{Mode, Session};
use super::{Rehearsed, Task, Worker, connected};
use crate::StoreError;
use std::collections::VecDeque;

/// Deeds that share a transaction. More of them gain little, and more are undone together.
const GROUP_MAX: usize = 48;

/// The thread that makes the writes of deeds. What does not hold runs as any other closure does.
pub(super) struct Committer {
    worker: Worker,
}

/// How a group ended.
enum Group {
    Kept,
    /// It was undone; these of it do not hold.
    Stale(Vec<bool>),
    /// It was undone, and which of it is to blame is not known.
    Failed,
    /// Whether it was kept is not known.
    Lost(StoreError),
}

impl Committer {
    pub(super) fn new(worker: Worker) -> Committer {
        Committer { worker }
    }

    /// Runs until the line is closed and empty.
    pub(super) fn run(mut self) {
        let mut waiting = VecDeque::new();
        while let Some(first) = self.worker.rehearsed.pop() {
            waiting.push_back(first);
            self.worker.rehearsed.take(&mut waiting, GROUP_MAX - 1);
            self.commit(waiting.drain(..).collect());
        }
    }

    /// Commits deeds together; those that do not hold are run from the start, and the others are
    /// committed without them.
    fn commit(&mut self, mut deeds: Vec<Rehearsed>) {
        while !deeds.is_empty() {
            match self.attempt(&deeds) {
                Group::Kept => return answer(deeds, &Ok(())),
                Group::Lost(reason) => return answer(deeds, &Err(reason)),
                Group::Stale(stale) => {
                    let mut stale = stale.into_iter();
                    let (again, rest): (Vec<_>, Vec<_>) =
                        deeds.into_iter().partition(|_| stale.next().unwrap_or(true));
                    again.into_iter().for_each(|deed| self.start_over(deed));
                    deeds = rest;
                }
                Group::Failed if deeds.len() == 1 => {
                    return deeds.into_iter().for_each(|deed| self.start_over(deed));
                }
                Group::Failed => {
                    return deeds.into_iter().for_each(|deed| self.commit(vec![deed]));
                }
            }
        }
    }

    fn attempt(&mut self, deeds: &[Rehearsed]) -> Group {
        let Ok(session) = connected(&mut self.worker.session, &self.worker.config) else {
            return Group::Failed;
        };
        let group = in_one(session, deeds);
        // Whatever it was, the closures that failed by it are run again anyway.
        session.may_run_again();
        if session.is_broken() {
            self.worker.session = None;
        }
        group
    }

    /// Puts a deed in line for a transaction of its own; while closing, nobody else is left to
    /// run it.
    fn start_over(&mut self, deed: Rehearsed) {
        let task = Task { work: deed.work, mode: Mode::Write, keys: Vec::new() };
        if let Err(task) = self.worker.line.pass_on_while_open(task) {
            self.worker.serve(task);
        }
    }
}

fn in_one(session: &mut Session, deeds: &[Rehearsed]) -> Group {
    let rehearsals: Vec<_> = deeds.iter().map(|deed| &deed.rehearsal).collect();
    match session.apply(&rehearsals) {
        Ok(held) if held.iter().all(|held| *held) => match session.commit() {
            Ok(()) => Group::Kept,
            Err(reason @ StoreError::Lost(_)) => Group::Lost(reason),
            Err(_) => Group::Failed,
        },
        Ok(held) => {
            session.roll_back();
            Group::Stale(held.into_iter().map(|held| !held).collect())
        }
        Err(_) => {
            session.roll_back();
            Group::Failed
        }
    }
}

fn answer(deeds: Vec<Rehearsed>, verdict: &Result<(), StoreError>) {
    for deed in deeds {
        deed.work.answer(verdict.clone());
    }
}
