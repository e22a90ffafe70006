//! The jobs of the desk, as those see them who work there.

use crate::audit::{self, Event};
use crate::support::desk;
use crate::{App, Call, Error};
use jiff::Timestamp;
use prorata_store::Tx;
use prorata_store::jobs::{self, Listed};
use uuid::Uuid;

/// Where a job stands. One that was done is no more; what it did is among the operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Failed too often, and waits for a person.
    Parked,
    /// A process has it.
    Running,
    /// Its instant has come.
    Due,
    Waiting,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            State::Parked => "parked",
            State::Running => "running",
            State::Due => "due",
            State::Waiting => "waiting",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub id: Uuid,
    pub kind: String,
    pub due_at: Timestamp,
    /// What it is about: JSON.
    pub payload: String,
    pub attempts: i64,
    pub state: State,
    /// What went wrong last.
    pub trouble: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Found {
    pub parked: Vec<Shown>,
    /// By the instant at which they are due.
    pub waiting: Vec<Shown>,
    pub parked_total: i64,
    pub waiting_total: i64,
}

/// The jobs that were given up, and the next of those that wait.
///
/// # Errors
/// [`Error::Absent`] for who is not at the desk, as for all functions here.
pub fn list(tx: &mut Tx<'_>, app: &App, call: &Call, limit: usize) -> Result<Found, Error> {
    desk::member(tx, call)?;
    let (due, leased) = (app.now(), Timestamp::now());
    let shown = |row: Listed| shown(row, due, leased);
    Ok(Found {
        parked: jobs::listed(tx, true, limit)?.into_iter().map(shown).collect(),
        waiting: jobs::listed(tx, false, limit)?.into_iter().map(shown).collect(),
        parked_total: jobs::count(tx, true)?,
        waiting_total: jobs::count(tx, false)?,
    })
}

fn shown(row: Listed, due: Timestamp, leased: Timestamp) -> Shown {
    let Listed { job, trouble, parked, lease_until } = row;
    // A job that failed is kept back for a while by a lease of nobody's.
    let state = match parked {
        true => State::Parked,
        false if lease_until > leased && trouble.is_none() => State::Running,
        false if job.run_at <= due => State::Due,
        false => State::Waiting,
    };
    Shown {
        id: job.id,
        kind: job.kind,
        due_at: job.run_at,
        payload: job.payload,
        attempts: job.attempts,
        state,
        trouble,
    }
}

/// Lets a parked job run again. One that is not parked any more is let be.
///
/// # Errors
/// Those of the database.
pub fn retry(tx: &mut Tx<'_>, call: &Call, id: Uuid) -> Result<bool, Error> {
    desk::member(tx, call)?;
    let again = jobs::unpark(tx, id)?;
    if again {
        audit::line(tx, call, &Event::new("retry-job", format!("job/{id}")))?;
    }
    Ok(again)
}
