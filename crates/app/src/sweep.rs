//! Quotes that nobody took are taken away some time after they lapsed; those that were taken stay as
//! evidence. Once a week, a part at a time.

use crate::limits::{QUOTES_SWEPT, SWEEP_DAYS};
use crate::{App, Error};
use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};
use prorata_domain::term::{day_start, days_between, utc_day};
use prorata_store::jobs::{self, Job, NewJob};
use prorata_store::{Tx, quotes};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The job that sweeps. There is one, under an identifier of its own.
pub(crate) const SWEEP_QUOTES: &str = "sweep-quotes";
const ID: Uuid = Uuid::from_u128(0x5eeb);

#[derive(Default, Serialize, Deserialize)]
struct Sweep {
    /// Where the part begins.
    after: Option<Uuid>,
}

/// Sees to it that the next sweep waits.
///
/// # Errors
/// Those of the database.
pub(crate) fn arrange(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), Error> {
    let payload = serde_json::to_string(&Sweep::default())?;
    let run_at = day_start(next(utc_day(now)));
    Ok(jobs::push_earliest(tx, &job(run_at, &payload))?)
}

fn job(run_at: Timestamp, payload: &str) -> NewJob<'_> {
    NewJob { id: ID, kind: SWEEP_QUOTES, run_at, payload, version: 1 }
}

/// The first day of a sweep after a day: sweeps are weeks apart since the first day of the book,
/// whenever the program was started.
fn next(today: Date) -> Date {
    let begun = days_between(date(2019, 1, 1), today).div_euclid(SWEEP_DAYS);
    date(2019, 1, 1).saturating_add(((begun + 1) * SWEEP_DAYS).days())
}

/// Sweeps a part, and arranges the next one, or the next sweep.
///
/// # Errors
/// Those of the database.
pub(crate) fn run(tx: &mut Tx<'_>, app: &App, due: &Job) -> Result<(), Error> {
    let today = utc_day(due.run_at);
    let kept = app.book.in_force(today).quote_sweep.value.days;
    let before = day_start(today.saturating_sub(kept.days()));
    let part: Sweep = serde_json::from_str(&due.payload)?;
    let (_, next) = quotes::sweep(tx, part.after, before, QUOTES_SWEPT)?;
    if next.is_none() {
        return arrange(tx, due.run_at);
    }
    let payload = serde_json::to_string(&Sweep { after: next })?;
    Ok(jobs::push_earliest(tx, &job(due.run_at, &payload))?)
}

#[cfg(test)]
mod tests {
    use super::next;
    use jiff::civil::date;

    #[test]
    fn sweeps_are_weeks_apart_whenever_they_are_arranged() {
        assert_eq!(next(date(2018, 12, 31)), date(2019, 1, 1));
        for day in 1..8 {
            assert_eq!(next(date(2019, 1, day)), date(2019, 1, 8), "{day}");
        }
        assert_eq!(next(date(2019, 1, 8)), date(2019, 1, 15));
    }
}
