//! Who of this process may use what many want to change: one at a time, in order of arrival.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Keys whose turn somebody has, with those that wait for it. They wait here and not on a
/// thread, which does other work meanwhile.
pub(super) struct Turns<T> {
    taken: Mutex<HashMap<String, VecDeque<T>>>,
}

impl<T> Default for Turns<T> {
    fn default() -> Turns<T> {
        Turns { taken: Mutex::new(HashMap::new()) }
    }
}

impl<T> Turns<T> {
    /// Puts `waiting` in line for a key; gives it back, with the key, when its turn has come
    /// meanwhile.
    pub(super) fn wait(
        &self,
        key: String,
        mut waiting: T,
        give: impl FnOnce(&mut T, String),
    ) -> Option<T> {
        let mut taken = self.lock();
        if let Some(line) = taken.get_mut(&key) {
            line.push_back(waiting);
            return None;
        }
        taken.insert(key.clone(), VecDeque::new());
        give(&mut waiting, key);
        Some(waiting)
    }

    /// Ends the turn for a key; answers who is next, and has the turn from now on.
    pub(super) fn pass(&self, key: &str) -> Option<T> {
        let mut taken = self.lock();
        let next = taken.get_mut(key).and_then(VecDeque::pop_front);
        if next.is_none() {
            taken.remove(key);
        }
        next
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, VecDeque<T>>> {
        // No code that can panic runs under the lock, so a poisoned one is still sound.
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Taking a turn without waiting, whatever it is that waits.
pub(super) trait Take: Send + Sync {
    /// Takes the turn for a key, if nobody has it.
    fn take(&self, key: &str) -> bool;
}

impl<T: Send> Take for Turns<T> {
    fn take(&self, key: &str) -> bool {
        let mut taken = self.lock();
        if taken.contains_key(key) {
            return false;
        }
        taken.insert(key.to_owned(), VecDeque::new());
        true
    }
}
