//! Making the writes of a deed that was rehearsed, if what it read still holds.

use super::Connection;
use crate::StoreError;
use crate::rehearsal::Rehearsal;
use crate::tables::{PLACES, Tables};

/// When each table was changed last, by the number of the group that did. Only this process
/// writes, so a table that no later group changed is as every snapshot since then shows it.
pub(super) struct Changes {
    group: u64,
    last: [u64; PLACES],
    /// What SQLite says of changes that did not come from here.
    by_others: Option<i64>,
}

impl Default for Changes {
    fn default() -> Changes {
        Changes { group: 0, last: [0; PLACES], by_others: None }
    }
}

impl Changes {
    /// The number of the group that is being run.
    pub(super) fn group(&self) -> u64 {
        self.group
    }

    /// Begins the next group, in its transaction.
    pub(super) fn begin(&mut self, connection: &Connection) -> Result<(), StoreError> {
        self.group += 1;
        let by_others = Some(connection.changed_by_others()?);
        if self.by_others != by_others {
            self.by_others = by_others;
            self.last = [self.group; PLACES];
        }
        Ok(())
    }

    /// Notes what was written since this was called last.
    pub(super) fn note(&mut self, connection: &Connection) {
        for place in connection.take_written().places() {
            self.last[place] = self.group;
        }
    }

    fn changed_since(&self, tables: Tables, group: u64) -> bool {
        tables.places().any(|place| self.last[place] > group)
    }
}

/// What came of applying a rehearsal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Applied {
    Held,
    /// Somebody was faster; nothing was written.
    Stale,
    /// Somebody was faster, or a write failed; something may be written already.
    Spoilt,
}

/// Asks again what may have changed since group `since`, and writes if every answer is the same.
pub(super) fn apply(
    connection: &Connection,
    changes: &mut Changes,
    rehearsal: &Rehearsal,
    since: u64,
) -> Applied {
    for seen in &rehearsal.seen {
        if changes.changed_since(seen.tables, since)
            && !connection.answers(seen.sql, &seen.params, &seen.rows).unwrap_or(false)
        {
            return Applied::Stale;
        }
    }
    let mut applied = Applied::Held;
    let mut written = 0;
    for kept in &rehearsal.kept {
        // Why it failed shows when the closure itself is run.
        let changed = connection.execute(kept.sql, &kept.params).ok();
        written += changed.unwrap_or(1);
        if changed.is_none() || kept.expected.is_some_and(|expected| changed != Some(expected)) {
            applied = if written == 0 { Applied::Stale } else { Applied::Spoilt };
            break;
        }
    }
    changes.note(connection);
    if applied == Applied::Held {
        rehearsal.sealed.iter().for_each(|row| connection.seal(*row));
    }
    applied
}
