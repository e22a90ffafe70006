use crate::StoreError;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A bounded line in which work waits for a database thread.
///
/// Putting something in never waits: a full line is an answer. After [`Queue::close`] what is
/// already in line is still handed out.
pub(crate) struct Queue<T> {
    state: Mutex<State<T>>,
    arrived: Condvar,
    waiting_max: usize,
}

struct State<T> {
    waiting: VecDeque<T>,
    closed: bool,
}

impl<T> Queue<T> {
    pub(crate) fn new(waiting_max: usize) -> Queue<T> {
        Queue {
            state: Mutex::new(State { waiting: VecDeque::new(), closed: false }),
            arrived: Condvar::new(),
            waiting_max,
        }
    }

    pub(crate) fn push(&self, item: T) -> Result<(), StoreError> {
        let mut state = self.lock();
        if state.closed {
            return Err(StoreError::Closed);
        }
        if state.waiting.len() >= self.waiting_max {
            return Err(StoreError::Busy(format!("{} requests wait already", self.waiting_max)));
        }
        state.waiting.push_back(item);
        drop(state);
        self.arrived.notify_one();
        Ok(())
    }

    /// Puts something back in front that was handed out before; there is always room for it, also
    /// after [`Queue::close`].
    pub(crate) fn push_front(&self, item: T) {
        self.lock().waiting.push_front(item);
        self.arrived.notify_one();
    }

    /// Puts something in that came out of another bounded line; there is always room for it, also
    /// after [`Queue::close`].
    pub(crate) fn pass_on(&self, item: T) {
        self.lock().waiting.push_back(item);
        self.arrived.notify_one();
    }

    /// As [`Queue::pass_on`], but gives the item back after [`Queue::close`].
    pub(crate) fn pass_on_while_open(&self, item: T) -> Result<(), T> {
        let mut state = self.lock();
        if state.closed {
            return Err(item);
        }
        state.waiting.push_back(item);
        drop(state);
        self.arrived.notify_one();
        Ok(())
    }

    /// Waits for the next item; nothing when the line is closed and empty.
    pub(crate) fn pop(&self) -> Option<T> {
        let mut state = self.lock();
        loop {
            if let Some(item) = state.waiting.pop_front() {
                return Some(item);
            }
            if state.closed {
                return None;
            }
            state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Moves what waits now into `into`, at most `count` items, without waiting.
    pub(crate) fn take(&self, into: &mut VecDeque<T>, count: usize) {
        let mut state = self.lock();
        let count = count.min(state.waiting.len());
        into.extend(state.waiting.drain(..count));
    }

    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.arrived.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // No code that can panic runs under the lock, so a poisoned one is still sound.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
