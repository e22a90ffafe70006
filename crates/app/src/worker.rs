//! The worker: runs what has fallen due, each job in a transaction of its own.

use crate::billing::{CHARGE, EXPIRE, OrderJob, charge_due, system_call};
use crate::limits::{JOB_ATTEMPTS, JOB_LEASE_SECONDS, JOBS_CLAIMED};
use crate::operations::{Deed, Kind, record_document};
use crate::{App, Call, Error};
use jiff::{Timestamp, ToSpan};
use prorata_domain::accounting::{self, Event};
use prorata_domain::ids::{EntryId, OperationId};
use prorata_domain::reservation::{Order, Reservation, ReservationState};
use prorata_domain::term::utc_day;
use prorata_ledger::Money;
use prorata_store::jobs::{self, Job};
use prorata_store::{Tx, journal, orders, reservations};

/// Runs every job that is due by `now`, in order of time; answers how many ran. A job that fails
/// is tried again later, and parked after a bound.
///
/// # Errors
/// Those of the database.
pub fn run_due(app: &App, now: Timestamp) -> Result<u64, Error> {
    let mut ran = 0;
    loop {
        // Leases are about processes, so they go by the system's clock also in a sandbox.
        let lease_from = Timestamp::now();
        let lease_until =
            lease_from.saturating_add(JOB_LEASE_SECONDS.seconds()).unwrap_or(Timestamp::MAX);
        let claimed = app
            .write(move |tx, _| Ok(jobs::claim(tx, now, lease_from, lease_until, JOBS_CLAIMED)?))?;
        if claimed.is_empty() {
            return Ok(ran);
        }
        for job in claimed {
            run(app, job, now)?;
            ran += 1;
        }
    }
}

/// Runs one job. In a sandbox it runs at the instant it was due, so that a clock moved by a year
/// at once leaves the same record as one moved day by day.
fn run(app: &App, job: Job, now: Timestamp) -> Result<(), Error> {
    let at = if app.clock.is_sandbox() { job.run_at } else { now };
    let id = job.id;
    let attempts = job.attempts;
    let outcome = app.write(move |tx, app| {
        match job.kind.as_str() {
            CHARGE => charge(tx, app, &job, at)?,
            EXPIRE => expire(tx, app, &job, at)?,
            other => return Err(Error::Broken(format!("no job is called `{other}`"))),
        }
        Ok(jobs::done(tx, job.id)?)
    });
    let Err(error) = outcome else { return Ok(()) };
    tracing::warn!(job = %id, attempts, %error, "a job failed");
    let parked = attempts >= JOB_ATTEMPTS;
    let wait = 2i64.saturating_pow(u32::try_from(attempts.clamp(0, 12)).unwrap_or(12));
    let again = now.checked_add(wait.seconds()).unwrap_or(Timestamp::MAX);
    app.write(move |tx, _| Ok(jobs::failed(tx, id, again, parked)?))
}

fn order_of(tx: &mut Tx<'_>, job: &Job) -> Result<Order, Error> {
    let payload: OrderJob = serde_json::from_str(&job.payload)?;
    orders::load(tx, payload.tenant, payload.order)?.ok_or_else(|| {
        Error::Broken(format!("a job names order `{}`, which is not there", payload.order))
    })
}

fn charge(tx: &mut Tx<'_>, app: &App, job: &Job, at: Timestamp) -> Result<(), Error> {
    let order = order_of(tx, job)?;
    let call = system_call(app, &order, at);
    charge_due(tx, app, &call, order)?;
    Ok(())
}

/// Ends what is left of an order at the end of its term: what was paid for it was used.
fn expire(tx: &mut Tx<'_>, app: &App, job: &Job, at: Timestamp) -> Result<(), Error> {
    let order = order_of(tx, job)?;
    if utc_day(at) < order.expires_on {
        return Ok(());
    }
    let call = system_call(app, &order, at);
    let order = charge_due(tx, app, &call, order)?;
    let operation = OperationId(Call::new_id());
    let held = reservations::of_order(tx, order.tenant, order.id)?;
    let mut units = 0i64;
    for reservation in held.into_iter().filter(|held| held.state.is_active()) {
        units += i64::from(reservation.quantity);
        let was = reservation.revision;
        let ended = Reservation {
            state: ReservationState::Expired,
            effective_at: at,
            updated_at: at,
            revision: was + 1,
            ..reservation
        };
        if !reservations::update(tx, &order, &ended, was, operation)? {
            return Err(Error::Busy(format!("reservation `{}` was changed meanwhile", ended.id)));
        }
    }
    if units == 0 {
        return Ok(());
    }
    let left = left(&order, units)?;
    let deed = Deed {
        id: operation,
        kind: Kind::Expiry,
        target: format!("order/{}", order.id),
        billing_account: &order.billing_account,
        counted: None,
    };
    record_document(tx, &call, &deed, None, serde_json::to_string(&(order.id, units, left))?)?;
    if let Some(entry) = accounting::expiry(order.id, left)? {
        journal::post(
            tx,
            &journal::Post {
                id: EntryId(Call::new_id()),
                operation,
                at,
                event: Event::Expiry.as_str(),
                entry: &entry,
            },
        )?;
    }
    Ok(())
}

/// What was paid for the units that were held to the end.
fn left(order: &Order, units: i64) -> Result<Money, Error> {
    let each = order.commitment.unit_payment.times(i64::from(order.payments_made))?;
    Ok(each.times(units)?)
}
