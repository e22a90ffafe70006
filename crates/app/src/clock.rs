//! The one clock of decisions: the system's, or a sandbox's that stands still until moved.

use crate::{App, Error, sweep, worker};
use jiff::Timestamp;
use prorata_store::{Store, meta, operations};
use std::sync::atomic::{AtomicI64, Ordering};

const SANDBOX_CLOCK: &str = "sandbox-clock";
const SEEDED_RUNS: &str = "seeded-runs";

#[derive(Debug)]
pub enum Clock {
    System,
    /// Microseconds since 1970.
    Sandbox(AtomicI64),
}

impl Clock {
    /// A sandbox clock that begins at an instant, unless the database remembers a later setting.
    pub fn sandbox(start: Timestamp) -> Clock {
        Clock::Sandbox(AtomicI64::new(start.as_microsecond()))
    }

    pub fn is_sandbox(&self) -> bool {
        matches!(self, Clock::Sandbox(_))
    }

    pub fn now(&self) -> Timestamp {
        match self {
            Clock::System => Timestamp::now(),
            Clock::Sandbox(micros) => at(micros.load(Ordering::SeqCst)),
        }
    }

    /// Takes a sandbox clock up where it was left.
    pub(crate) fn resume(&self, store: &Store) -> Result<(), Error> {
        let Clock::Sandbox(micros) = self else { return Ok(()) };
        let kept = store.read(|tx| Ok::<_, Error>(meta::get(tx, SANDBOX_CLOCK)?))?;
        if let Some(kept) = kept.and_then(|text| text.parse().ok()) {
            micros.store(kept, Ordering::SeqCst);
        }
        Ok(())
    }
}

/// A sandbox's database with identifiers that follow from a seed: what is done one after the other
/// on an empty one gives the same records each time. A database that is opened again goes on with
/// others.
///
/// # Errors
/// Those of the database.
pub fn seeded(store: Store, seed: u64) -> Result<Store, Error> {
    let run = store.write(|tx| {
        let run = meta::get(tx, SEEDED_RUNS)?.and_then(|text| text.parse().ok()).unwrap_or(0u16);
        let next = run.checked_add(1).ok_or_else(|| {
            Error::TooMuch("the database was opened with a seed too often; begin anew".to_owned())
        })?;
        meta::put(tx, SEEDED_RUNS, &next.to_string())?;
        Ok::<_, Error>(run)
    })?;
    Ok(store.with_seed(seed, run))
}

fn at(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::MAX)
}

/// Sets a sandbox clock and runs what fell due before answering. Once something was recorded it
/// does not go back behind it.
///
/// # Errors
/// [`Error::Absent`] without a sandbox; [`Error::Malformed`] for a time before the last thing
/// recorded.
pub fn set(app: &App, now: Timestamp) -> Result<Timestamp, Error> {
    let Clock::Sandbox(micros) = app.clock.as_ref() else {
        return Err(Error::Absent { what: "a sandbox clock".to_owned(), code: "ResourceNotFound" });
    };
    let kept = at(now.as_microsecond());
    let last = app.read(|tx, _| Ok(operations::last_recorded_at(tx)?))?;
    if let Some(last) = last.filter(|last| kept < *last) {
        return Err(Error::malformed(
            "now",
            format!("something was recorded at {last}; the clock cannot go back behind it"),
        ));
    }
    let forward = kept >= app.now();
    if forward {
        worker::run_due(app, kept)?;
    }
    app.write(move |tx, _| {
        sweep::arrange(tx, kept)?;
        Ok(meta::put(tx, SANDBOX_CLOCK, &kept.as_microsecond().to_string())?)
    })?;
    micros.store(kept.as_microsecond(), Ordering::SeqCst);
    if forward {
        // What fell due while the clock was moved was pushed behind it.
        worker::run_due(app, kept)?;
    }
    Ok(kept)
}
