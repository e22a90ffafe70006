//! Looking at reservations.

use crate::access::{self, Readable, absent_order};
use crate::limits::PAGE_ROWS_MAX;
use crate::orders::Page;
use crate::{App, Call, Error};
use prorata_domain::access::Action;
use prorata_domain::ids::{OrderId, ReservationId};
use prorata_domain::provisioning::{self, Step};
use prorata_domain::reservation::{Order, Reservation};
use prorata_store::Tx;
use prorata_store::reservations::{self, Filter, OrderBy, StateCount};

/// Which reservations, in which order, how many.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// What is listed and counted at all, such as what one account pays for.
    pub within: Option<Filter>,
    pub filter: Option<Filter>,
    pub order_by: Option<OrderBy>,
    /// Where the page begins: what the page before said.
    pub after: Option<String>,
    pub limit: usize,
    /// Whether to count by state as well.
    pub summary: bool,
}

#[derive(Debug, Clone)]
pub struct Listed {
    pub rows: Vec<(Order, Reservation)>,
    pub next: Option<String>,
    /// By state, how many there are in orders that the caller reads whole.
    pub summary: Option<Vec<StateCount>>,
}

/// One reservation with its order.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`].
pub fn show(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    order: OrderId,
    id: ReservationId,
) -> Result<(Order, Reservation), Error> {
    let _ = access::reservation(tx, call, Action::Read, order, id)?;
    let found = reservations::held(tx, call.caller.tenant, order, id)?;
    match found {
        Some((order, reservation, _)) => Ok((order, reservation)),
        None => Err(absent_reservation(tx, call, order, id)?),
    }
}

/// Why there is no such reservation: its order is not there, or has no such item.
pub(crate) fn absent_reservation(
    tx: &mut Tx<'_>,
    call: &Call,
    order: OrderId,
    id: ReservationId,
) -> Result<Error, Error> {
    Ok(match prorata_store::orders::load(tx, call.caller.tenant, order)? {
        None => absent_order(order),
        Some(_) => Error::Absent {
            what: format!("reservation `{id}` in order `{order}`"),
            code: "ReservationIdNotInReservationOrder",
        },
    })
}

/// What a reservation was: a revision that was kept, or a step of the purchase that led to the
/// first of these.
#[derive(Debug, Clone)]
pub struct Was {
    /// With the number of the revision.
    pub reservation: Reservation,
    pub step: Option<Step>,
}

/// A page of what a reservation was, the newest revision first.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`].
pub fn revisions(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    order: OrderId,
    id: ReservationId,
    before: Option<i64>,
    limit: usize,
) -> Result<(Order, Page<Was>), Error> {
    let (order, reservation) = show(tx, app, call, order, id)?;
    let limit = limit.clamp(1, PAGE_ROWS_MAX);
    let tenant = reservation.tenant;
    let found = reservations::revisions_before(tx, tenant, order.id, id, before, limit + 1)?;
    let kept = |found: reservations::Revision| Was { reservation: found.reservation, step: None };
    let mut rows: Vec<Was> = found.into_iter().map(kept).collect();
    if rows.len() <= limit
        && let Some(first) = reservations::first_revision(tx, tenant, order.id, id)?
    {
        let steps = (1..).zip(provisioning::before(first.number)).map(|(revision, step)| Was {
            reservation: Reservation { revision, ..first.reservation.clone() },
            step: Some(step),
        });
        let mut steps: Vec<Was> =
            steps.filter(|was| before.is_none_or(|mark| was.reservation.revision < mark)).collect();
        steps.reverse();
        rows.extend(steps);
    }
    let more = rows.len() > limit;
    rows.truncate(limit);
    let last = rows.last().filter(|_| more);
    let next = last.map(|last| last.reservation.revision.to_string());
    Ok((order, Page { rows, next }))
}

/// Every reservation of an order, ended ones included.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`].
pub fn of_order(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    id: OrderId,
) -> Result<Vec<(Order, Reservation)>, Error> {
    let _ = access::order(tx, call, Action::Read, id)?;
    let order =
        prorata_store::orders::load(tx, call.caller.tenant, id)?.ok_or_else(|| absent_order(id))?;
    let held = reservations::of_order(tx, call.caller.tenant, id)?;
    Ok(held.into_iter().map(|reservation| (order.clone(), reservation)).collect())
}

/// A page of all reservations that the caller may see.
///
/// # Errors
/// [`Error::Malformed`] for a mark that no page gave; those of the database.
pub fn list_all(tx: &mut Tx<'_>, _app: &App, call: &Call, query: &Query) -> Result<Listed, Error> {
    let readable = Readable::of(tx, call)?;
    let visible = readable.with_parts();
    let limit = query.limit.clamp(1, PAGE_ROWS_MAX);
    let parts: Vec<Filter> = query.within.iter().chain(&query.filter).cloned().collect();
    let filter = (!parts.is_empty()).then_some(Filter::And(parts));
    let mut page = reservations::list_all(
        tx,
        &reservations::ListQuery {
            tenant: call.caller.tenant,
            visible: &visible,
            filter: filter.as_ref(),
            order_by: query.order_by,
            after: query.after.as_deref(),
            limit,
        },
    )?;
    // A page may so be shorter than asked for; its mark leads on all the same.
    page.rows.retain(|(order, reservation)| readable.holds(order.id, reservation.id));
    let summary = if query.summary {
        let (tenant, within) = (call.caller.tenant, query.within.as_ref());
        Some(reservations::summary(tx, tenant, &readable.orders, within, call.now)?)
    } else {
        None
    };
    Ok(Listed { rows: page.rows, next: page.next, summary })
}
