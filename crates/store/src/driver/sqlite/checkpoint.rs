//! Moving the write-ahead log into the database file, beside the writer instead of in its way.
//!
//! A thread of its own copies most of the log, and sees it onto the disk, while the writer goes
//! on; the writer only copies the little that came since, after which it begins the log anew.
//! Without the second step a busy writer would make the log grow for ever.

use super::connection::Connection;
use std::fs::File;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Frames (pages of 4 KiB) in the log that are worth a checkpoint.
const FRAMES_MIN: i64 = 4000;
/// Frames that the writer can copy without anybody noticing.
const REST_MAX: i64 = 500;
/// How often the thread copies what came while it was copying, before it leaves the rest to the
/// writer. Each time it is less, unless the writer is quicker than the disk.
const PASSES_MAX: usize = 6;
/// How often a log that grows is looked at.
const PAUSE: Duration = Duration::from_millis(50);

#[derive(Default)]
pub(super) struct Checkpoints {
    state: Mutex<State>,
    wake: Condvar,
    /// Something was committed since the thread last looked.
    grown: AtomicBool,
    /// The thread has copied what it could; the writer is to copy the rest.
    nearly_done: AtomicBool,
}

#[derive(Default)]
struct State {
    grown: bool,
    closed: bool,
}

impl Checkpoints {
    /// The writer says that it has committed, and copies the rest of the log if it is its turn.
    pub(super) fn committed(&self, writer: &Connection) {
        if self.nearly_done.swap(false, Ordering::Relaxed) {
            writer.checkpoint();
        }
        if !self.grown.swap(true, Ordering::Relaxed) {
            self.change(|state| state.grown = true);
        }
    }

    pub(super) fn close(&self) {
        self.change(|state| state.closed = true);
    }

    /// Runs until closed; `file` is the database's.
    pub(super) fn run(&self, connection: &Connection, file: &File) {
        loop {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            while !state.grown && !state.closed {
                state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            state.grown = false;
            let waited = self.wake.wait_timeout_while(state, PAUSE, |state| !state.closed);
            if waited.unwrap_or_else(PoisonError::into_inner).0.closed {
                return;
            }
            self.grown.store(false, Ordering::Relaxed);
            if connection.log_frames() >= FRAMES_MIN && copy(connection, file) {
                self.nearly_done.store(true, Ordering::Relaxed);
            }
        }
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.wake.notify_one();
    }
}

/// Copies until little is left; answers whether it could.
fn copy(connection: &Connection, file: &File) -> bool {
    (0..PASSES_MAX).all(|pass| {
        if pass > 0 && connection.log_frames() <= REST_MAX {
            return true;
        }
        // SQLite waits for the disk only in a checkpoint that copies everything, which is the
        // writer's: that one would wait for all that was copied here.
        connection.checkpoint() && file.sync_data().is_ok()
    })
}
