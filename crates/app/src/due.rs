//! What falls due of an order by the clock: its payments, the lock of a renewal's price, the end
//! of its term.
//!
//! One job an order waits for the next of these. When it has run it pushes the one after it, so
//! that an order never has two.

use crate::access::Permit;
use crate::billing::{charge_due, post_entry, system_call};
use crate::notifications::{self, Notice};
use crate::operations::{Deed, Kind, record_document};
use crate::{App, Call, Error, renewal, request};
use jiff::Timestamp;
use prorata_domain::access::Scope;
use prorata_domain::accounting::{self, Event};
use prorata_domain::ids::{OperationId, OrderId, TenantId};
use prorata_domain::reservation::{Order, Reservation, ReservationState};
use prorata_domain::term::{BillingPlan, day_start, utc_day};
use prorata_ledger::Money;
use prorata_store::jobs::{self, Job, NewJob};
use prorata_store::overdue::{self, Overdue};
use prorata_store::{Tx, orders, reservations};
use serde::{Deserialize, Serialize};

/// The job that waits for what falls due next of an order.
pub(crate) const ORDER_DUE: &str = "order-due";

/// What older programs called it: one job for the next payment, another for the end of the term.
pub(crate) const OLDER: [&str; 2] = ["charge-instalment", "expire-order"];

/// What an order's job says.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct OrderJob {
    tenant: TenantId,
    order: OrderId,
}

/// Does what falls due of an order at the instant of its job, and pushes the next one.
///
/// # Errors
/// Those of the database.
pub(crate) fn run(tx: &mut Tx<'_>, app: &App, job: &Job) -> Result<(), Error> {
    let order = order_of(tx, job)?;
    let call = system_call(&order, job.run_at);
    let today = utc_day(call.now);
    let order = charge_due(tx, app, &call, order)?;
    let mut held = reservations::of_order(tx, order.tenant, order.id)?;
    held.retain(|held| held.state.is_active());
    if held.is_empty() {
        return Ok(());
    }
    if today >= order.expires_on {
        return expire(tx, app, &call, &order, held);
    }
    let clauses = app.book.in_force(order.expires_on);
    if today == clauses.expiring.value.begins_on(order.expires_on) {
        for reservation in &held {
            let notice = Notice::Expiring { on: order.expires_on, renew: reservation.renew };
            notifications::push(tx, &call, &order, reservation.id, &notice)?;
        }
    }
    if today == clauses.renewal_lock.value.locked_on(order.expires_on) {
        for reservation in held.iter().filter(|held| held.renew) {
            renewal::lock(tx, app, &call, &order, reservation)?;
        }
    }
    push_next(tx, app, &order, call.now)
}

fn order_of(tx: &mut Tx<'_>, job: &Job) -> Result<Order, Error> {
    let payload: OrderJob = serde_json::from_str(&job.payload)?;
    find(tx, payload.tenant, payload.order)?.ok_or_else(|| {
        Error::Broken(format!("a job names order `{}`, which is not there", payload.order))
    })
}

/// An order that was in a tenant when it was written down, wherever it is now.
///
/// # Errors
/// Those of the database.
pub(crate) fn find(tx: &mut Tx<'_>, tenant: TenantId, id: OrderId) -> Result<Option<Order>, Error> {
    if let Some(order) = orders::load(tx, tenant, id)? {
        return Ok(Some(order));
    }
    match reservations::last_directory_change(tx, id)? {
        Some(change) => Ok(orders::load(tx, change.to, id)?),
        None => Ok(None),
    }
}

/// Pushes the job for what falls due next of an order after an instant, if anything does.
///
/// # Errors
/// Those of the database.
pub(crate) fn push_next(
    tx: &mut Tx<'_>,
    app: &App,
    order: &Order,
    after: Timestamp,
) -> Result<(), Error> {
    let late = is_late(order, after);
    let overdue = if late { overdue::of_order(tx, order.id)? } else { None };
    let Some(run_at) = next(app, order, overdue.as_ref(), after) else { return Ok(()) };
    let payload = serde_json::to_string(&OrderJob { tenant: order.tenant, order: order.id })?;
    let id = tx.new_id();
    jobs::push(tx, &NewJob { id, kind: ORDER_DUE, run_at, payload: &payload, version: 1 })?;
    Ok(())
}

/// Whether a payment fell due by an instant and was not made.
fn is_late(order: &Order, by: Timestamp) -> bool {
    order.payments_made < order.commitment.payments()
        && order.due_day(order.payments_made + 1) <= utc_day(by)
}

fn next(
    app: &App,
    order: &Order,
    overdue: Option<&Overdue>,
    after: Timestamp,
) -> Option<Timestamp> {
    let clauses = app.book.in_force(order.expires_on);
    let payment = match order.commitment.plan {
        BillingPlan::Upfront => None,
        BillingPlan::Monthly => (order.payments_made + 1..=order.commitment.payments())
            .map(|number| order.due_day(number))
            .find(|day| day_start(*day) > after),
    };
    [
        payment,
        overdue.and_then(|overdue| overdue.next_on),
        Some(clauses.expiring.value.begins_on(order.expires_on)),
        Some(clauses.renewal_lock.value.locked_on(order.expires_on)),
        Some(order.expires_on),
    ]
    .into_iter()
    .flatten()
    .map(day_start)
    .filter(|at| *at > after)
    .min()
}

/// Ends what is left of an order at the end of its term: what was paid for it was used. What is to
/// be renewed is bought anew.
fn expire(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    order: &Order,
    held: Vec<Reservation>,
) -> Result<(), Error> {
    let operation = OperationId(tx.new_id());
    let units = held.iter().map(|held| i64::from(held.quantity)).sum();
    let left = left(order, units)?;
    let permit = Permit::due(call, Scope::order(order.id));
    let deed = Deed {
        permit: &permit,
        id: operation,
        kind: Kind::Expiry,
        target: format!("order/{}", order.id),
        billing_account: &order.billing_account,
        counted: None,
    };
    record_document(tx, call, &deed, None, serde_json::to_string(&(order.id, units, left))?)?;
    let entry = accounting::expiry(order.id, left)?;
    post_entry(tx, call, operation, Event::Expiry, entry.as_ref())?;
    overdue::clear(tx, order.id)?;
    request::look_at_those_of(tx, order.tenant, order.id, call.now)?;
    for reservation in held {
        let state = if reservation.renew {
            renewal::renew(tx, app, call, order, &reservation)?
        } else {
            notifications::push(tx, call, order, reservation.id, &Notice::Expired)?;
            ReservationState::Expired
        };
        let was = reservation.revision;
        let ended = Reservation {
            state,
            renew: false,
            effective_at: call.now,
            updated_at: call.now,
            revision: was + 1,
            ..reservation
        };
        reservations::replace(tx, &ended, was, operation)?;
    }
    Ok(())
}

/// What was paid for the units that were held to the end.
pub(crate) fn left(order: &Order, units: i64) -> Result<Money, Error> {
    let each = order.commitment.unit_payment.times(i64::from(order.payments_made))?;
    Ok(each.times(units)?)
}
