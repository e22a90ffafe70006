//! Work to be done later: pushed in the transaction that makes it necessary, run at least once.

use crate::orders::limit_value;
use crate::{Row, StoreError, Tx};
use jiff::Timestamp;
use uuid::Uuid;

const PUSH: &str = "INSERT INTO jobs \
    (id, kind, run_at, payload, version, attempts, lease_until, parked, trouble) \
    VALUES ($1, $2, $3, $4, $5, 0, 0, 0, NULL)";
const CLAIM: &str = "UPDATE jobs SET attempts = attempts + 1, lease_until = $3 WHERE id IN \
    (SELECT id FROM jobs WHERE parked = 0 AND run_at <= $1 AND lease_until <= $2 \
    ORDER BY run_at, id LIMIT $4) \
    RETURNING id, kind, run_at, payload, version, attempts";
const DONE: &str = "DELETE FROM jobs WHERE id = $1";
const FAILED: &str =
    "UPDATE jobs SET run_at = $2, lease_until = 0, parked = $3, trouble = $4 WHERE id = $1";
const NEXT_DUE: &str = "SELECT MIN(run_at) FROM jobs WHERE parked = 0";
const PARKED: &str = "SELECT id, kind, run_at, payload, version, attempts, trouble FROM jobs \
    WHERE parked = 1 ORDER BY run_at, id LIMIT $1";

pub(crate) const STATEMENTS: &[&str] = &[PUSH, CLAIM, DONE, FAILED, NEXT_DUE, PARKED];

#[derive(Debug, Clone, Copy)]
pub struct NewJob<'j> {
    pub id: Uuid,
    pub kind: &'j str,
    pub run_at: Timestamp,
    pub payload: &'j str,
    /// The version of the payload's form; old ones stay readable.
    pub version: i64,
}

/// A job that was claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub id: Uuid,
    pub kind: String,
    pub run_at: Timestamp,
    pub payload: String,
    pub version: i64,
    /// Counts this one.
    pub attempts: i64,
}

/// # Errors
/// Those of the database, as for all functions here.
pub fn push(tx: &mut Tx<'_>, job: &NewJob<'_>) -> Result<(), StoreError> {
    tx.queue(
        PUSH,
        vec![
            job.id.into(),
            job.kind.into(),
            job.run_at.into(),
            job.payload.into(),
            job.version.into(),
        ],
    );
    Ok(())
}

/// Takes jobs that are due by `now`, by time, and keeps them from others until `lease_until`.
/// Leases that ended by `lease_from` no longer count. Leases may go by another clock than jobs.
pub fn claim(
    tx: &mut Tx<'_>,
    now: Timestamp,
    lease_from: Timestamp,
    lease_until: Timestamp,
    limit: usize,
) -> Result<Vec<Job>, StoreError> {
    let params = [now.into(), lease_from.into(), lease_until.into(), limit_value(limit)];
    let rows = tx.query(CLAIM, &params)?;
    let mut jobs = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    // The rows that a change answers come in no order.
    jobs.sort_by_key(|job| (job.run_at, job.id));
    Ok(jobs)
}

/// Takes a job that was done away.
pub fn done(tx: &mut Tx<'_>, id: Uuid) -> Result<(), StoreError> {
    tx.queue(DONE, vec![id.into()]);
    Ok(())
}

/// Puts a failed job back for `again`, or parks it for a person to look at.
pub fn failed(tx: &mut Tx<'_>, id: Uuid, again: Timestamp, parked: bool) -> Result<(), StoreError> {
    failed_with(tx, id, again, parked, None)
}

/// As [`failed`], with what went wrong.
pub fn failed_with(
    tx: &mut Tx<'_>,
    id: Uuid,
    again: Timestamp,
    parked: bool,
    trouble: Option<&str>,
) -> Result<(), StoreError> {
    tx.queue(FAILED, vec![id.into(), again.into(), parked.into(), trouble.into()]);
    Ok(())
}

/// When the next job falls due.
pub fn next_due(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    tx.one(NEXT_DUE, &[])?.map_or(Ok(None), |row| row.opt_instant(0))
}

/// Jobs that were given up, with what went wrong last.
pub fn parked(tx: &mut Tx<'_>, limit: usize) -> Result<Vec<(Job, Option<String>)>, StoreError> {
    let rows = tx.query(PARKED, &[limit_value(limit)])?;
    rows.iter().map(|row| Ok((read(row)?, row.opt_string(6)?))).collect()
}

fn read(row: &Row) -> Result<Job, StoreError> {
    Ok(Job {
        id: row.uuid(0)?,
        kind: row.string(1)?,
        run_at: row.instant(2)?,
        payload: row.string(3)?,
        version: row.int(4)?,
        attempts: row.int(5)?,
    })
}
