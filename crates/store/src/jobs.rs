//! Work to be done later: pushed in the transaction that makes it necessary, run at least once.

use crate::orders::limit_value;
use crate::{Row, StoreError, Tx, Value};
use jiff::Timestamp;
use uuid::Uuid;

const PUSH: &str = "INSERT INTO jobs \
    (id, kind, run_at, payload, version, attempts, lease_until, parked, trouble) \
    VALUES ($1, $2, $3, $4, $5, 0, 0, 0, NULL)";
const CLAIM: &str = "UPDATE jobs SET attempts = attempts + 1, lease_until = $3 WHERE id IN \
    (SELECT id FROM jobs WHERE parked = 0 AND run_at <= $1 AND lease_until <= $2 \
    ORDER BY run_at, id LIMIT $4) \
    RETURNING id, kind, run_at, payload, version, attempts";
const FIRST: &str = "SELECT id, kind, run_at, payload, version, attempts FROM jobs \
    WHERE parked = 0 AND run_at <= $1 ORDER BY run_at, id LIMIT 1";
const FIRST_FREE: &str = "SELECT run_at FROM jobs \
    WHERE parked = 0 AND run_at <= $1 AND lease_until <= $2 ORDER BY run_at, id LIMIT 1";
/// Of two that have the same job, perhaps since a lease ended while it ran, only one takes it.
const TAKE: &str = "DELETE FROM jobs WHERE id = $1 AND attempts = $2 AND parked = 0";
const PUSH_EARLIEST: &str = "INSERT INTO jobs \
    (id, kind, run_at, payload, version, attempts, lease_until, parked, trouble) \
    VALUES ($1, $2, $3, $4, $5, 0, 0, 0, NULL) ON CONFLICT (id) DO UPDATE SET \
    run_at = excluded.run_at, payload = excluded.payload WHERE jobs.run_at > excluded.run_at";
const PUT_BACK: &str = "UPDATE jobs SET attempts = $2, lease_until = $3, parked = $4, \
    trouble = $5 WHERE id = $1 AND attempts = $6";
const UNPARK: &str =
    "UPDATE jobs SET parked = 0, attempts = 0, lease_until = 0 WHERE id = $1 AND parked = 1";
const WAITING: &str = "SELECT id, kind, run_at, payload, version, attempts, trouble FROM jobs \
    WHERE parked = 0 ORDER BY run_at, id LIMIT $1";
const COUNT: &str = "SELECT COUNT(*) FROM jobs WHERE parked = $1";
const DONE: &str = "DELETE FROM jobs WHERE id = $1";
const FAILED: &str =
    "UPDATE jobs SET run_at = $2, lease_until = 0, parked = $3, trouble = $4 WHERE id = $1";
const NEXT_DUE: &str = "SELECT MIN(run_at) FROM jobs WHERE parked = 0";
const LISTED: &str = "SELECT id, kind, run_at, payload, version, attempts, trouble, parked, \
    lease_until FROM jobs WHERE parked = $1 ORDER BY run_at, id LIMIT $2";
const PARKED: &str = "SELECT id, kind, run_at, payload, version, attempts, trouble FROM jobs \
    WHERE parked = 1 ORDER BY run_at, id LIMIT $1";

pub(crate) const STATEMENTS: &[&str] = &[
    PUSH,
    PUSH_EARLIEST,
    CLAIM,
    FIRST,
    FIRST_FREE,
    TAKE,
    PUT_BACK,
    UNPARK,
    DONE,
    FAILED,
    NEXT_DUE,
    PARKED,
    LISTED,
    WAITING,
    COUNT,
];

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

/// A job that waits or is parked, with who has it until when and what went wrong last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub job: Job,
    pub trouble: Option<String>,
    pub parked: bool,
    /// By the system's clock.
    pub lease_until: Timestamp,
}

/// # Errors
/// Those of the database, as for all functions here.
pub fn push(tx: &mut Tx<'_>, job: &NewJob<'_>) -> Result<(), StoreError> {
    tx.queue(PUSH, values(job));
    Ok(())
}

/// As [`push`]; a job of that id that is there already stays, unless it is due later.
pub fn push_earliest(tx: &mut Tx<'_>, job: &NewJob<'_>) -> Result<(), StoreError> {
    tx.queue(PUSH_EARLIEST, values(job));
    Ok(())
}

fn values(job: &NewJob<'_>) -> Vec<Value> {
    vec![job.id.into(), job.kind.into(), job.run_at.into(), job.payload.into(), job.version.into()]
}

/// The first job that is due by `now`, by time and then by id.
pub fn first_due(tx: &mut Tx<'_>, now: Timestamp) -> Result<Option<Job>, StoreError> {
    tx.one(FIRST, &[now.into()])?.map(|row| read(&row)).transpose()
}

/// The instant of the first job that is due by `now` and leased to nobody any more.
pub fn first_free(
    tx: &mut Tx<'_>,
    now: Timestamp,
    lease_from: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    tx.one(FIRST_FREE, &[now.into(), lease_from.into()])?.map(|row| row.instant(0)).transpose()
}

/// Takes a job away in the transaction that does its work. Answers false when it is somebody
/// else's meanwhile, or was done: then the work is not to be done here.
pub fn take(tx: &mut Tx<'_>, job: &Job) -> Result<bool, StoreError> {
    Ok(tx.execute(TAKE, &[job.id.into(), job.attempts.into()])? == 1)
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

/// Puts a job back that failed, to be claimed again from `not_before` on, or parks it for a person
/// to look at. It stays due at the instant at which it fell due. `attempts` are those to count from
/// now on; when others count already, it is somebody else's meanwhile, and is left to them.
pub fn put_back(
    tx: &mut Tx<'_>,
    job: &Job,
    attempts: i64,
    not_before: Timestamp,
    parked: bool,
    trouble: &str,
) -> Result<(), StoreError> {
    tx.queue(
        PUT_BACK,
        vec![
            job.id.into(),
            attempts.into(),
            not_before.into(),
            parked.into(),
            trouble.into(),
            job.attempts.into(),
        ],
    );
    Ok(())
}

/// Lets a parked job run again. Answers false when no parked job has that id.
pub fn unpark(tx: &mut Tx<'_>, id: Uuid) -> Result<bool, StoreError> {
    Ok(tx.execute(UNPARK, &[id.into()])? == 1)
}

/// The jobs that wait, by time, with what went wrong when they were tried.
pub fn waiting(tx: &mut Tx<'_>, limit: usize) -> Result<Vec<(Job, Option<String>)>, StoreError> {
    let rows = tx.query(WAITING, &[limit_value(limit)])?;
    rows.iter().map(|row| Ok((read(row)?, row.opt_string(6)?))).collect()
}

/// How many jobs wait, or are parked.
pub fn count(tx: &mut Tx<'_>, parked: bool) -> Result<i64, StoreError> {
    tx.one(COUNT, &[parked.into()])?.map_or(Ok(0), |row| row.int(0))
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

/// The jobs that wait, or those that are parked, by time.
pub fn listed(tx: &mut Tx<'_>, parked: bool, limit: usize) -> Result<Vec<Listed>, StoreError> {
    let rows = tx.query(LISTED, &[parked.into(), limit_value(limit)])?;
    let read = |row: &Row| {
        Ok(Listed {
            job: read(row)?,
            trouble: row.opt_string(6)?,
            parked: row.int(7)? != 0,
            lease_until: row.instant(8)?,
        })
    };
    rows.iter().map(read).collect()
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
