//! Gathering rows, rejections and progress under the limits of an import.

use super::{Fault, ImportError, Imported, MAX_REJECTED, MAX_ROWS, PROGRESS_EVERY, Rejected};
use std::collections::{BTreeMap, HashMap, hash_map};
use std::hash::Hash;

/// Takes rows one by one; the second row of a key is rejected.
pub(super) struct Collector<'a, T, K> {
    imported: Imported<T>,
    seen: HashMap<K, u64>,
    key: fn(&T) -> K,
    read: u64,
    progress: &'a mut dyn FnMut(u64),
}

impl<'a, T, K: Hash + Eq> Collector<'a, T, K> {
    pub(super) fn new(key: fn(&T) -> K, progress: &'a mut dyn FnMut(u64)) -> Self {
        let imported = Imported {
            rows: Vec::new(),
            rejected: Vec::new(),
            rejected_total: 0,
            skipped: 0,
            skipped_because: BTreeMap::new(),
        };
        Collector { imported, seen: HashMap::new(), key, read: 0, progress }
    }

    pub(super) fn take(&mut self, line: u64, row: Result<T, Fault>) -> Result<(), ImportError> {
        self.count();
        let row = match row {
            Ok(row) => row,
            Err(fault) => {
                self.keep_rejected(line, fault.field, fault.reason);
                return Ok(());
            }
        };
        match self.seen.entry((self.key)(&row)) {
            hash_map::Entry::Occupied(first) => {
                let reason = format!("the same key as line {}", first.get());
                self.keep_rejected(line, "", reason);
            }
            hash_map::Entry::Vacant(_) if self.imported.rows.len() as u64 == MAX_ROWS => {
                return Err(ImportError::TooManyRows { line });
            }
            hash_map::Entry::Vacant(place) => {
                place.insert(line);
                self.imported.rows.push(row);
            }
        }
        Ok(())
    }

    pub(super) fn reject(&mut self, line: u64, reason: &str) {
        self.count();
        self.keep_rejected(line, "", reason.to_owned());
    }

    /// Counts a row that is of no use here. `because` is one of a few fixed texts.
    pub(super) fn skip(&mut self, because: &'static str) {
        self.count();
        self.imported.skipped += 1;
        *self.imported.skipped_because.entry(because.to_owned()).or_default() += 1;
    }

    pub(super) fn finish(self) -> Imported<T> {
        (self.progress)(self.read);
        self.imported
    }

    fn count(&mut self) {
        self.read += 1;
        if self.read.is_multiple_of(PROGRESS_EVERY) {
            (self.progress)(self.read);
        }
    }

    fn keep_rejected(&mut self, line: u64, field: &str, reason: String) {
        self.imported.rejected_total += 1;
        if self.imported.rejected.len() < MAX_REJECTED {
            self.imported.rejected.push(Rejected { line, field: field.to_owned(), reason });
        }
    }
}
