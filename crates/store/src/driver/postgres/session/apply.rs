//! Making the writes of many rehearsed deeds in one transaction.

use super::{Mode, Session};
use crate::StoreError;
use crate::driver::postgres::pipeline::{Reply, Sending, asked, changed, done, in_order, rows};
use crate::rehearsal::Rehearsal;
use std::time::Instant;
use tokio_postgres::Statement;

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
        let mut statements: Vec<Statement> = Vec::new();
        for deed in deeds {
            for sql in deed.seen.iter().map(|seen| seen.sql) {
                statements.push(self.prepared(sql)?);
            }
            for sql in deed.kept.iter().map(|kept| kept.sql) {
                statements.push(self.prepared(sql)?);
            }
        }
        let begin = self.begin().unwrap_or_default();
        self.begun = true;
        let client = &self.client;
        let mut prepared = statements.iter();
        let mut sendings: Vec<Sending<'_>> = Vec::with_capacity(statements.len() + 1);
        sendings.push(Box::pin(done(client, begin)));
        for deed in deeds {
            for (seen, statement) in deed.seen.iter().zip(&mut prepared) {
                sendings.push(Box::pin(asked(client, statement, &seen.params)));
            }
            for (kept, statement) in deed.kept.iter().zip(&mut prepared) {
                sendings.push(Box::pin(changed(client, statement, &kept.params)));
            }
        }
        let result = self.runtime.block_on(in_order(sendings));
        self.used = Instant::now();
        let replies = result.map_err(|(error, _)| self.explain(&error, None))?;
        let mut replies = replies.into_iter().skip(1);
        deeds.iter().map(|deed| holds(deed, &mut replies)).collect()
    }
}

/// Whether a deed's reads were answered as in its rehearsal, and its writes changed what they must.
fn holds(deed: &Rehearsal, replies: &mut impl Iterator<Item = Reply>) -> Result<bool, StoreError> {
    let mut holds = true;
    for (seen, reply) in deed.seen.iter().zip(&mut *replies) {
        holds &= rows(reply)? == seen.rows;
    }
    for (kept, reply) in deed.kept.iter().zip(replies) {
        let Reply::Changed(count) = reply else { continue };
        holds &= kept.expected.is_none_or(|expected| expected == count);
    }
    Ok(holds)
}
