//! What a closure read and would have written, when it was run beforehand on a snapshot.

use crate::sealed::SealedRow;
use crate::tables::{Statement, Tables};
use crate::{Row, Value};
use uuid::Uuid;

/// A run of a closure on a snapshot: what it read, and what it would have written.
///
/// To apply it is to ask again, in a writing transaction, everything that was read and may have
/// changed since; when each answer is the same, the closure would have done the same there, so
/// its writes are made without running it.
#[derive(Debug, Default)]
pub(crate) struct Rehearsal {
    pub seen: Vec<Seen>,
    pub kept: Vec<Kept>,
    /// Of what was kept, the rows of the audit and the journal.
    pub sealed: Vec<SealedRow>,
    /// The tables of what was kept: their rows are no longer what a snapshot says.
    written: Tables,
    gave_up: bool,
}

/// A read and its answer.
#[derive(Debug)]
pub(crate) struct Seen {
    pub sql: &'static str,
    pub params: Vec<Value>,
    pub rows: Vec<Row>,
    /// The tables that could change the answer; those that a kept write guards are taken out.
    pub tables: Tables,
    guard: Option<Uuid>,
}

/// A write that was not made yet.
#[derive(Debug)]
pub(crate) struct Kept {
    pub sql: &'static str,
    pub params: Vec<Value>,
    /// How many rows it must change for the rehearsal to hold.
    pub expected: Option<u64>,
}

impl Rehearsal {
    /// Whether this statement can be run on a snapshot: one that only reads, and no table of
    /// which something was to be written before.
    pub(crate) fn may_read(&self, sql: &'static str) -> bool {
        let statement = Statement::of(sql);
        statement.reads && !self.written.meets(statement.tables)
    }

    pub(crate) fn saw(
        &mut self,
        sql: &'static str,
        params: &[Value],
        rows: &[Row],
        guard: Option<Uuid>,
    ) {
        let tables = Statement::of(sql).tables;
        self.seen.push(Seen { sql, params: params.to_vec(), rows: rows.to_vec(), tables, guard });
    }

    pub(crate) fn keep(&mut self, sql: &'static str, params: Vec<Value>, expected: Option<u64>) {
        self.written = self.written.and(Statement::of(sql).tables);
        self.kept.push(Kept { sql, params, expected });
    }

    /// A kept write that must change its one row guards what was read of these tables under the
    /// same name.
    pub(crate) fn guard(&mut self, name: Uuid, tables: &[&str]) {
        let guarded = Tables::named(tables);
        for seen in self.seen.iter_mut().filter(|seen| seen.guard == Some(name)) {
            seen.tables = seen.tables.without(guarded);
        }
        self.seen.retain(|seen| !seen.tables.is_empty());
    }

    pub(crate) fn give_up(&mut self) {
        self.gave_up = true;
    }

    pub(crate) fn gave_up(&self) -> bool {
        self.gave_up
    }

    /// Whether there is anything to write.
    pub(crate) fn writes(&self) -> bool {
        !self.kept.is_empty()
    }
}
