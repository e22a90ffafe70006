//! The worker: runs what has fallen due, each job in a transaction of its own, in order of time and
//! then of identifier.

use crate::limits::{JOB_ATTEMPTS, JOB_LEASE_SECONDS, JOBS_CLAIMED};
use crate::savings_plan::billing as savings_plan;
use crate::{App, Error, due, request, sweep};
use jiff::{Timestamp, ToSpan};
use prorata_store::Tx;
use prorata_store::jobs::{self, Job};
use uuid::Uuid;

/// Arranges what is to run again and again. A server does it once, before it runs what falls due.
///
/// # Errors
/// Those of the database.
pub fn begin(app: &App) -> Result<(), Error> {
    app.write(|tx, app| sweep::arrange(tx, app.now()))
}

/// Runs every job that is due by `now`, also those pushed meanwhile; answers how many ran. A job
/// that fails is tried again later, and parked after a bound.
///
/// Each job runs as of the instant at which it was due, however late it is: so a clock moved by a
/// year at once leaves the same record as one moved day by day.
///
/// # Errors
/// Those of the database.
pub fn run_due(app: &App, now: Timestamp) -> Result<u64, Error> {
    let mut ran = 0;
    loop {
        let jobs = if app.clock.is_sandbox() { first(app, now)? } else { claim(app, now)? };
        if jobs.is_empty() {
            return Ok(ran);
        }
        for job in jobs {
            run(app, job)?;
            ran += 1;
        }
    }
}

/// In a sandbox nothing runs by itself while its clock stands still: what has just become due, such
/// as a request that was approved, is run by who made it so. Elsewhere the worker sees to it.
///
/// # Errors
/// Those of the database.
pub fn settle(app: &App) -> Result<(), Error> {
    if app.clock.is_sandbox() {
        run_due(app, app.now())?;
    }
    Ok(())
}

/// The first job that is due. A sandbox has one worker, which needs no leases.
fn first(app: &App, now: Timestamp) -> Result<Vec<Job>, Error> {
    app.read(move |tx, _| Ok(jobs::first_due(tx, now)?.into_iter().collect()))
}

/// Claims jobs that are due at one instant, the earliest: what they push is due after it.
fn claim(app: &App, now: Timestamp) -> Result<Vec<Job>, Error> {
    // Leases are about processes, so they go by the system's clock.
    let from = Timestamp::now();
    let until = from.saturating_add(JOB_LEASE_SECONDS.seconds()).unwrap_or(Timestamp::MAX);
    app.write(move |tx, _| {
        let Some(first) = jobs::first_free(tx, now, from)? else { return Ok(Vec::new()) };
        Ok(jobs::claim(tx, first, from, until, JOBS_CLAIMED)?)
    })
}

/// Runs one job and takes it away, in one transaction: it is done once, whoever else has it.
fn run(app: &App, job: Job) -> Result<(), Error> {
    let task = job.clone();
    let outcome = app.write(
        move |tx, app| {
            if jobs::take(tx, &task)? { work(tx, app, &task) } else { Ok(()) }
        },
    );
    let Err(error) = outcome else { return Ok(()) };
    if job.kind == request::REQUEST_DUE && request::given_up(app, &job, &error)? {
        return Ok(());
    }
    put_back(app, job, &error)
}

fn work(tx: &mut Tx<'_>, app: &App, job: &Job) -> Result<(), Error> {
    match job.kind.as_str() {
        due::ORDER_DUE => due::run(tx, app, job),
        older if due::OLDER.contains(&older) => due::run(tx, app, job),
        sweep::SWEEP_QUOTES => sweep::run(tx, app, job),
        savings_plan::PLAN_DUE => savings_plan::run(tx, app, job),
        request::REQUEST_DUE => request::run(tx, app, job),
        other => Err(Error::Broken(format!("no job is called `{other}`"))),
    }
}

/// Puts a job back that failed, to be tried again after a while, or parks it.
fn put_back(app: &App, job: Job, error: &Error) -> Result<(), Error> {
    let sandbox = app.clock.is_sandbox();
    // A claim counts as an attempt, and in a sandbox there are none.
    let attempts = job.attempts + i64::from(sandbox);
    tracing::warn!(job = %job.id, attempts, %error, "a job failed");
    let parked = attempts >= JOB_ATTEMPTS;
    let wait = 2i64.saturating_pow(u32::try_from(attempts.clamp(0, 12)).unwrap_or(12));
    // Time in a sandbox does not pass by itself: there it is tried again at once.
    let from = Timestamp::now();
    let again = if sandbox { from } else { from.saturating_add(wait.seconds()).unwrap_or(from) };
    let trouble = error.to_string();
    app.write(move |tx, _| Ok(jobs::put_back(tx, &job, attempts, again, parked, &trouble)?))
}

/// A job as its operator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub id: Uuid,
    pub kind: String,
    pub due_at: Timestamp,
    pub payload: String,
    pub attempts: i64,
    /// Whether it failed too often, and waits for a person.
    pub parked: bool,
    /// What went wrong last.
    pub trouble: Option<String>,
}

/// The parked jobs, and unless only those are wanted the ones that wait after them, by time.
///
/// # Errors
/// Those of the database.
pub fn jobs(app: &App, only_parked: bool, limit: usize) -> Result<Vec<Shown>, Error> {
    app.read(move |tx, _| {
        let shown = |parked: bool| {
            move |(job, trouble): (Job, Option<String>)| Shown {
                id: job.id,
                kind: job.kind,
                due_at: job.run_at,
                payload: job.payload,
                attempts: job.attempts,
                parked,
                trouble,
            }
        };
        let mut rows: Vec<Shown> = jobs::parked(tx, limit)?.into_iter().map(shown(true)).collect();
        if !only_parked {
            let left = limit.saturating_sub(rows.len());
            rows.extend(jobs::waiting(tx, left)?.into_iter().map(shown(false)));
        }
        Ok(rows)
    })
}

/// Lets a parked job run again; answers false when there is none of that id.
///
/// # Errors
/// Those of the database.
pub fn retry(app: &App, id: Uuid) -> Result<bool, Error> {
    app.write(move |tx, _| Ok(jobs::unpark(tx, id)?))
}

/// How many jobs are parked.
///
/// # Errors
/// Those of the database.
pub fn parked(tx: &mut Tx<'_>) -> Result<i64, Error> {
    Ok(jobs::count(tx, true)?)
}
