//! What is recorded of one reservation: what it was and who changed it, the decisions behind that,
//! and what its order has in the ledger.

use crate::audit::{self, Event};
use crate::explain::{Explained, told};
use crate::operations::Row;
use crate::reservations::show;
use crate::{App, Call, Error};
use jiff::Timestamp;
use prorata_domain::accounting::prepaid_by;
use prorata_domain::ids::{OperationId, OrderId, ReservationId};
use prorata_domain::reservation::{Order, Reservation};
use prorata_store::audit::changes_of_order;
use prorata_store::journal::{self, Posted};
use prorata_store::{Tx, drains, operations, payments, reservations};
use std::collections::BTreeMap;

/// Operations of one order that are looked at for its ledger.
const OPERATIONS_MAX: usize = 2000;

/// A revision of a reservation, and the operation that made it.
#[derive(Debug, Clone)]
pub struct Change {
    pub number: i64,
    pub at: Timestamp,
    /// What the reservation was from then on.
    pub reservation: Reservation,
    pub operation: OperationId,
    /// Nothing for what was done before operations were kept.
    pub by: Option<Row>,
}

/// A page of what a reservation was, the newest first, with the one before the last of them where
/// there is one, so that each can be told from what it followed.
#[derive(Debug, Clone)]
pub struct Changes {
    pub order: Order,
    pub reservation: Reservation,
    pub rows: Vec<Change>,
    pub before: Option<Reservation>,
}

/// What a reservation was, at most so many revisions, the newest first; `before` is the number of
/// a revision.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`].
pub fn changes(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    (order, id): (OrderId, ReservationId),
    before: Option<i64>,
    limit: usize,
) -> Result<Changes, Error> {
    let (order, reservation) = show(tx, app, call, order, id)?;
    let tenant = reservation.tenant;
    let found = reservations::revisions_before(tx, tenant, order.id, id, before, limit + 1)?;
    let mut rows = Vec::with_capacity(found.len());
    for revision in found {
        rows.push(Change {
            number: revision.number,
            at: revision.at,
            by: operations::load_any(tx, revision.operation)?,
            operation: revision.operation,
            reservation: revision.reservation,
        });
    }
    let before = if rows.len() > limit { rows.pop().map(|row| row.reservation) } else { None };
    Ok(Changes { order, reservation, rows, before })
}

/// A recorded decision about a reservation, with all that was looked at.
///
/// # Errors
/// [`Error::Absent`] for what did not change this reservation; [`Error::Denied`].
pub fn decision(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    (order, id): (OrderId, ReservationId),
    operation: OperationId,
) -> Result<(Order, Reservation, Explained), Error> {
    let (order, reservation) = show(tx, app, call, order, id)?;
    let absent = || Error::Absent {
        what: format!("decision `{operation}` about this reservation"),
        code: "ResourceNotFound",
    };
    let row = operations::load_any(tx, operation)?.ok_or_else(absent)?;
    if !is_about(tx, &reservation, &row)? {
        return Err(absent());
    }
    let target = format!("order/{}/reservation/{id}", order.id);
    audit::looked_at(tx, call, &Event::new("decision", target).about(operation.0));
    let told = told(tx, row)?;
    Ok((order, reservation, told))
}

/// Whether an operation was done to a reservation, or changed it.
fn is_about(tx: &mut Tx<'_>, reservation: &Reservation, row: &Row) -> Result<bool, Error> {
    let target = format!("order/{}/reservation/{}", reservation.order, reservation.id);
    if row.tenant == reservation.tenant && row.target.as_deref() == Some(&target) {
        return Ok(true);
    }
    let (tenant, order) = (reservation.tenant, reservation.order);
    let revisions = reservations::revisions(tx, tenant, order, reservation.id)?;
    Ok(revisions.iter().any(|revision| revision.operation == row.id))
}

/// The newest usages that were paid from a plan, at most so many, each with its operation; nothing
/// for what is no plan.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`].
pub fn drained(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    (order, id): (OrderId, ReservationId),
    since: Timestamp,
    limit: usize,
) -> Result<Vec<drains::Drain>, Error> {
    let (order, reservation) = show(tx, app, call, order, id)?;
    if order.commit_units.is_none() {
        return Ok(Vec::new());
    }
    Ok(drains::used_since(tx, order.id, reservation.id, since, limit)?)
}

/// What was posted about an order, by time: by the operations that made its reservations what they
/// are, and by its payments.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`].
pub fn ledger(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    order: OrderId,
) -> Result<Vec<Posted>, Error> {
    let order = crate::orders::show(tx, app, call, order)?.order;
    crate::orders::payments_shown(tx, call, order.id);
    let mut entries = BTreeMap::new();
    for operation in changes_of_order(tx, order.tenant, order.id.0, OPERATIONS_MAX)? {
        for posted in journal::of_operation(tx, OperationId(operation))? {
            let about = posted.postings.iter().filter_map(|posting| prepaid_by(&posting.account));
            if about.into_iter().any(|id| id == order.id) {
                entries.insert((posted.at, posted.id), posted);
            }
        }
    }
    for paid in payments::of_order(tx, order.id)? {
        let key = (paid.paid_at, paid.entry);
        if entries.contains_key(&key) {
            continue;
        }
        let postings = journal::postings(tx, paid.entry)?;
        if !postings.is_empty() {
            let (id, at, event) = (paid.entry, paid.paid_at, "instalment".to_owned());
            let operation = OperationId(paid.entry.0);
            entries.insert(key, Posted { id, operation, at, event, postings });
        }
    }
    Ok(entries.into_values().collect())
}
