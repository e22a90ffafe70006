//! The evidence that went along with a ticket, as people read it: what was decided then, with its
//! proof, what the ledger holds about it, and what the reservation was before.

use crate::portal::proof::{Proof, Refused, Suggestion};
use crate::portal::words::{self, Moment};
use jiff::Timestamp;
use prorata_domain::decision::{Finding, Refusal};
use prorata_domain::policy::Book;
use prorata_domain::reservation::Reservation;
use serde::Deserialize;

#[derive(Debug, Clone)]
pub struct Evidence {
    pub as_of: Moment,
    pub approved: bool,
    pub refused: Option<Refused>,
    pub proof: Proof,
    pub ledger: Vec<Posted>,
    pub revisions: Vec<Was>,
}

/// A posting of the ledger.
#[derive(Debug, Clone)]
pub struct Posted {
    pub at: Moment,
    pub event: String,
    pub account: String,
    pub amount: String,
}

/// What the reservation was.
#[derive(Debug, Clone)]
pub struct Was {
    pub number: String,
    pub at: Moment,
    pub state: String,
    pub quantity: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    as_of: Timestamp,
    decision: Decided,
    ledger: Vec<Entry>,
    revisions: Vec<Revision>,
}

#[derive(Deserialize)]
struct Decided {
    approved: bool,
    refusal: Option<Refusal>,
    findings: Vec<Finding>,
}

#[derive(Deserialize)]
struct Entry {
    at: Timestamp,
    event: String,
    postings: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    account: String,
    amount: String,
}

#[derive(Deserialize)]
struct Revision {
    number: i64,
    at: Timestamp,
    reservation: Reservation,
}

impl Evidence {
    /// Reads `evidence.json`; nothing where it is of another form, as a file that somebody sent.
    pub fn read(book: &Book, bytes: &[u8]) -> Option<Evidence> {
        let document: Document = serde_json::from_slice(bytes).ok()?;
        let decision = &document.decision;
        let refusal = decision.refusal.as_ref();
        let told = |repair: &_| vec![Suggestion::told(repair)];
        let ledger = document.ledger.iter().flat_map(|entry| {
            entry.postings.iter().map(|line| Posted {
                at: Moment(entry.at),
                event: entry.event.clone(),
                account: line.account.clone(),
                amount: line.amount.clone(),
            })
        });
        let revisions = document.revisions.iter().map(|was| Was {
            number: words::count(was.number),
            at: Moment(was.at),
            state: words::state(&was.reservation.state).into_owned(),
            quantity: words::count(was.reservation.quantity),
        });
        Some(Evidence {
            as_of: Moment(document.as_of),
            approved: decision.approved,
            refused: refusal.map(|refusal| Refused::new(refusal, told)),
            proof: Proof::new(book, &decision.findings, refusal, words::subject),
            ledger: ledger.collect(),
            revisions: revisions.collect(),
        })
    }
}
