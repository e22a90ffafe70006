//! Making the writes of many rehearsed deeds in one transaction.

use super::{Mode, Session};
use crate::driver::postgres::join::{joins, repeated};
use crate::driver::postgres::pipeline::{Reply, Sending, all_changed, asked, done, in_order, rows};
use crate::rehearsal::{Kept, Rehearsal, Seen};
use crate::tables::{Statement as Text, Tables};
use crate::{Row, StoreError, Value};
use std::time::Instant;
use tokio_postgres::Statement;

/// Rows that one insert writes at most, and the fewer that it may write; each is a statement.
const ROWS: [usize; 5] = [16, 8, 4, 2, 1];

/// One statement of a group.
enum Step<'d> {
    /// Deed and read.
    Ask(usize, &'d Seen),
    /// Deed and write.
    Change(usize, &'d Kept),
    /// Rows of several deeds.
    Insert(&'static str, Vec<&'d [Value]>),
}

/// Plain inserts that wait to be made together.
struct Waiting<'d> {
    sql: &'static str,
    tables: Tables,
    rows: Vec<&'d [Value]>,
}

impl Session {
    /// Begins a transaction and runs in it, deed after deed, what each read and then what it would
    /// write; all is sent before the first answer is waited for. Answers for each deed whether it
    /// holds. The transaction is still open then, and to be kept only if every one does: a deed
    /// behind one that does not hold was compared with what should not be there.
    pub(in crate::driver::postgres) fn apply(
        &mut self,
        deeds: &[&Rehearsal],
    ) -> Result<Vec<bool>, StoreError> {
        self.restart(Mode::Write);
        self.sealed.extend(deeds.iter().flat_map(|deed| &deed.sealed));
        let mut ready: Vec<(Statement, Vec<&Value>)> = Vec::new();
        let steps = steps(deeds);
        // For each statement the step that it answers, if its answer matters.
        let mut answers: Vec<Option<&Step<'_>>> = Vec::new();
        for step in &steps {
            match step {
                Step::Ask(_, seen) => {
                    ready.push((self.prepared(seen.sql)?, seen.params.iter().collect()));
                    answers.push(Some(step));
                }
                Step::Change(_, kept) => {
                    ready.push((self.prepared(kept.sql)?, kept.params.iter().collect()));
                    answers.push(Some(step));
                }
                Step::Insert(sql, rows) => {
                    for rows in in_parts(rows) {
                        let statement = self.prepared_repeated(sql, rows.len())?;
                        ready.push((statement, rows.iter().copied().flatten().collect()));
                        answers.push(None);
                    }
                }
            }
        }
        let begin = self.begin().unwrap_or_default();
        self.begun = true;
        let client = &self.client;
        let mut sendings: Vec<Sending<'_>> = Vec::with_capacity(ready.len() + 1);
        sendings.push(Box::pin(done(client, begin)));
        for ((statement, params), answer) in ready.iter().zip(&answers) {
            sendings.push(match answer {
                Some(Step::Ask(_, seen)) => Box::pin(asked(client, statement, &seen.params)),
                _ => Box::pin(all_changed(client, statement, params.clone())),
            });
        }
        let result = self.runtime.block_on(in_order(sendings));
        self.used = Instant::now();
        let replies = result.map_err(|(error, _)| self.explain(&error, None))?;
        let mut held = vec![true; deeds.len()];
        for (reply, step) in replies.into_iter().skip(1).zip(answers) {
            match (step, reply) {
                (Some(Step::Ask(deed, seen)), reply) => held[*deed] &= rows(reply)? == seen.rows,
                (Some(Step::Change(deed, kept)), Reply::Changed(count)) => {
                    held[*deed] &= kept.expected.is_none_or(|expected| expected == count);
                }
                _ => {}
            }
        }
        Ok(held)
    }

    /// Several reads in one round trip; the answers in that order.
    pub(crate) fn query_all<'r>(
        &mut self,
        reads: impl Iterator<Item = (&'static str, &'r [Value])>,
    ) -> Result<Vec<Vec<Row>>, StoreError> {
        let reads: Vec<_> = reads
            .map(|(sql, params)| Ok((self.prepared(sql)?, params)))
            .collect::<Result<_, StoreError>>()?;
        let client = &self.client;
        let mut sendings: Vec<Sending<'_>> = Vec::with_capacity(reads.len());
        for (statement, params) in &reads {
            sendings.push(Box::pin(asked(client, statement, params)));
        }
        let result = self.runtime.block_on(in_order(sendings));
        self.used = Instant::now();
        let replies = result.map_err(|(error, _)| self.explain(&error, None))?;
        replies.into_iter().map(rows).collect()
    }

    /// An insert of so many rows.
    fn prepared_repeated(
        &mut self,
        sql: &'static str,
        count: usize,
    ) -> Result<Statement, StoreError> {
        if count == 1 {
            return self.prepared(sql);
        }
        let key = vec![sql.as_ptr().addr(), count];
        if let Some(statement) = self.joined_statements.get(&key) {
            return Ok(statement.clone());
        }
        let text = repeated(sql, count);
        let prepared = self.runtime.block_on(self.client.prepare(&text));
        let statement = prepared.map_err(|error| self.explain(&error, Some(&text)))?;
        self.joined_statements.insert(key, statement.clone());
        Ok(statement)
    }
}

/// The statements of deeds, in an order in which each sees what those before it did. A row that is
/// only added waits for others of its kind, until something looks at its table.
fn steps<'d>(deeds: &[&'d Rehearsal]) -> Vec<Step<'d>> {
    let mut steps = Vec::new();
    let mut waiting: Vec<Waiting<'d>> = Vec::new();
    for (number, deed) in deeds.iter().enumerate() {
        for seen in &deed.seen {
            make_way(&mut waiting, Text::of(seen.sql).tables, &mut steps);
            steps.push(Step::Ask(number, seen));
        }
        for kept in &deed.kept {
            let tables = Text::of(kept.sql).tables;
            if kept.expected.is_some() || !joins(kept.sql) {
                make_way(&mut waiting, tables, &mut steps);
                steps.push(Step::Change(number, kept));
                continue;
            }
            let sql = kept.sql;
            match waiting.iter_mut().find(|waiting| std::ptr::eq(waiting.sql, sql)) {
                Some(same) => same.rows.push(&kept.params),
                None => waiting.push(Waiting { sql, tables, rows: vec![&kept.params] }),
            }
        }
    }
    make_way(&mut waiting, Tables::ALL, &mut steps);
    steps
}

/// Lets the inserts into these tables go first.
fn make_way<'d>(waiting: &mut Vec<Waiting<'d>>, tables: Tables, steps: &mut Vec<Step<'d>>) {
    for ready in waiting.extract_if(.., |waiting| waiting.tables.meets(tables)) {
        steps.push(Step::Insert(ready.sql, ready.rows));
    }
}

/// The rows in parts for each of which there is a statement.
fn in_parts<'r, 'd>(mut rows: &'r [&'d [Value]]) -> Vec<&'r [&'d [Value]]> {
    let mut parts = Vec::new();
    while !rows.is_empty() {
        let count = ROWS.into_iter().find(|count| *count <= rows.len()).unwrap_or(1);
        let (part, rest) = rows.split_at(count);
        parts.push(part);
        rows = rest;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::{Step, in_parts, steps};
    use crate::Value;
    use crate::rehearsal::Rehearsal;

    const READ: &str = "SELECT a FROM x WHERE a = $1";
    const ADD_X: &str = "INSERT INTO x (a) VALUES ($1)";
    const ADD_Y: &str = "INSERT INTO y (a) VALUES ($1)";
    const CHANGE_X: &str = "UPDATE x SET a = $1";

    fn told(deeds: &[&Rehearsal]) -> Vec<String> {
        let tell = |step: Step<'_>| match step {
            Step::Ask(deed, seen) => format!("{deed} {}", seen.sql),
            Step::Change(deed, kept) => format!("{deed} {}", kept.sql),
            Step::Insert(sql, rows) => format!("{} of {sql}", rows.len()),
        };
        steps(deeds).into_iter().map(tell).collect()
    }

    #[test]
    fn rows_wait_for_each_other_until_their_table_is_looked_at() {
        let mut deed = Rehearsal::default();
        deed.saw(READ, &[Value::Int(1)], &[], None);
        deed.keep(CHANGE_X, vec![Value::Int(2)], Some(1));
        deed.keep(ADD_Y, vec![Value::Int(3)], None);
        deed.keep(ADD_X, vec![Value::Int(4)], None);
        let (of_x, of_y) = (format!("1 of {ADD_X}"), format!("2 of {ADD_Y}"));
        let first = ["0", "1"].map(|deed| [format!("{deed} {READ}"), format!("{deed} {CHANGE_X}")]);
        let [[a, b], [c, d]] = first;
        assert_eq!(told(&[&deed, &deed]), [a, b, of_x.clone(), c, d, of_y, of_x]);
    }

    #[test]
    fn parts_are_as_long_as_there_are_statements() {
        let row: &[Value] = &[];
        let rows = vec![row; 29];
        let lengths: Vec<usize> = in_parts(&rows).into_iter().map(<[_]>::len).collect();
        assert_eq!(lengths, [16, 8, 4, 1]);
    }
}
