//! Looking at reservations.

use crate::access::{
    absent_order, assignments, assignments_about, assignments_above, require_order,
};
use crate::limits::PAGE_ROWS_MAX;
use crate::{App, Call, Error};
use prorata_domain::access::{Action, Scope, allows};
use prorata_domain::ids::{OrderId, ReservationId};
use prorata_domain::reservation::{Order, Reservation};
use prorata_store::Tx;
use prorata_store::reservations::{self, Filter, OrderBy, StateCount, Visible};

/// Which reservations, in which order, how many.
#[derive(Debug, Clone, Default)]
pub struct Query {
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
    pub summary: Option<Vec<StateCount>>,
}

/// The orders that the caller may read: all of the tenant, or those with a role on them.
///
/// # Errors
/// Those of the database.
pub fn visible(tx: &mut Tx<'_>, call: &Call) -> Result<Visible, Error> {
    let above = assignments_above(tx, call)?;
    if allows(&above, Action::Read, &Scope::capacity()) {
        return Ok(Visible::All);
    }
    let assigned = assignments(tx, call)?;
    let readable = assigned
        .iter()
        .filter(|given| allows(std::slice::from_ref(*given), Action::Read, &given.scope));
    let mut orders: Vec<OrderId> = readable.filter_map(|given| given.scope.order_id()).collect();
    orders.sort_unstable();
    orders.dedup();
    Ok(Visible::Orders(orders))
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
    let assigned = assignments_about(tx, call, order)?;
    let scope = Scope::reservation(order, id);
    if !allows(&assigned, Action::Read, &scope) {
        require_order(call, &assigned, Action::Read, order)?;
    }
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
    let assigned = assignments_about(tx, call, id)?;
    require_order(call, &assigned, Action::Read, id)?;
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
    let visible = visible(tx, call)?;
    let limit = query.limit.clamp(1, PAGE_ROWS_MAX);
    let page = reservations::list_all(
        tx,
        &reservations::ListQuery {
            tenant: call.caller.tenant,
            visible: &visible,
            filter: query.filter.as_ref(),
            order_by: query.order_by,
            after: query.after.as_deref(),
            limit,
        },
    )?;
    let summary = if query.summary {
        Some(reservations::summary(tx, call.caller.tenant, &visible, call.now)?)
    } else {
        None
    };
    Ok(Listed { rows: page.rows, next: page.next, summary })
}
