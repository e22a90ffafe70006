//! Pages of tickets.

use super::Ticket;
use crate::Error;
use crate::orders::Page;
use jiff::Timestamp;
use prorata_domain::support::Status;
use prorata_store::support::{self as rows, Mark};
use uuid::Uuid;

/// Rows of a list that are looked at together.
pub(super) const CHUNK: usize = 100;

/// Which tickets, and how many.
#[derive(Debug, Clone, Default)]
pub struct Query {
    pub status: Option<Status>,
    pub service: Option<String>,
    pub problem: Option<String>,
    /// Tickets of this instant and later ones.
    pub since: Option<Timestamp>,
    pub after: Option<Mark>,
    pub limit: usize,
}

pub(super) fn mark(row: &rows::Ticket) -> Mark {
    (row.created_at, row.id)
}

/// Gathers a page out of chunks of rows, leaving out what the query does not mean.
pub(super) fn collect(
    query: &Query,
    mut chunk: impl FnMut(Option<Mark>) -> Result<(Vec<rows::Ticket>, Option<Mark>), Error>,
) -> Result<Page<Ticket>, Error> {
    let mut page = Vec::new();
    let mut after = query.after;
    loop {
        let (found, more) = chunk(after)?;
        for row in found {
            if query.since.is_some_and(|since| row.created_at < since) {
                return Ok(Page { rows: page, next: None });
            }
            let ticket = Ticket::read(row)?;
            if !query.means(&ticket) {
                continue;
            }
            if page.len() == query.limit {
                let next = page.last().map(|last: &Ticket| show_mark(mark(&last.row)));
                return Ok(Page { rows: page, next });
            }
            page.push(ticket);
        }
        after = match more {
            Some(mark) => Some(mark),
            None => return Ok(Page { rows: page, next: None }),
        };
    }
}

impl Query {
    fn means(&self, ticket: &Ticket) -> bool {
        let same = |wanted: &Option<String>, is: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(is))
        };
        self.status.is_none_or(|status| ticket.status() == status)
            && same(&self.service, &ticket.content.service)
            && same(&self.problem, &ticket.content.problem)
    }
}

/// A place in a list, as a next link carries it.
pub fn show_mark(mark: Mark) -> String {
    format!("{}.{}", mark.0.as_microsecond(), mark.1)
}

/// Reads what [`show_mark`] wrote.
pub fn read_mark(text: &str) -> Option<Mark> {
    let (at, id) = text.split_once('.')?;
    let at = Timestamp::from_microsecond(at.parse().ok()?).ok()?;
    Some((at, Uuid::try_parse(id).ok()?))
}
