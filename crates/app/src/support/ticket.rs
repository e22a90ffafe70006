//! A ticket as it is kept.

use crate::{Error, Fault};
use prorata_domain::support::{Content, Status, Wrong};
use prorata_store::support as rows;

/// A ticket: its row, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    pub row: rows::Ticket,
    pub content: Content,
}

impl Ticket {
    pub(crate) fn read(row: rows::Ticket) -> Result<Ticket, Error> {
        let content = serde_json::from_str(&row.doc)?;
        Ok(Ticket { row, content })
    }

    pub fn status(&self) -> Status {
        Status::parse(&self.row.status).unwrap_or(Status::Open)
    }
}

/// What is wrong, by the paths of the interface.
pub(super) fn faults(path: &str, wrong: Vec<Wrong>) -> Vec<Fault> {
    let at = |wrong: Wrong| Fault::new(format!("{path}{}", wrong.field), wrong.message);
    wrong.into_iter().map(at).collect()
}
