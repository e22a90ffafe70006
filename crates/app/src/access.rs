//! Whether the caller may; asked first in every job.

use crate::{Call, Error};
use prorata_domain::access::{Action, Assignment, Scope, allows};
use prorata_domain::ids::{OrderId, SubscriptionId};
use prorata_store::{Tx, world};

/// All roles of the caller in their tenant. A buyer owns every order they bought, so this can be
/// many; what is about one order asks [`assignments_about`].
///
/// # Errors
/// Those of the database.
pub fn assignments(tx: &mut Tx<'_>, call: &Call) -> Result<Vec<Assignment>, Error> {
    Ok(world::assignments_of(tx, call.caller.tenant, call.caller.principal)?)
}

/// The roles of the caller that lie above all orders: at the tenant and at subscriptions.
///
/// # Errors
/// Those of the database.
pub fn assignments_above(tx: &mut Tx<'_>, call: &Call) -> Result<Vec<Assignment>, Error> {
    Ok(world::assignments_above_orders(tx, call.caller.tenant, call.caller.principal)?)
}

/// The roles of the caller that may matter for one order: those above it, on it and in it.
///
/// # Errors
/// Those of the database.
pub fn assignments_about(
    tx: &mut Tx<'_>,
    call: &Call,
    order: OrderId,
) -> Result<Vec<Assignment>, Error> {
    Ok(world::assignments_about(tx, call.caller.tenant, call.caller.principal, order)?)
}

/// Refuses unless the caller's roles allow the action at the scope.
///
/// # Errors
/// [`Error::Denied`].
pub fn require(
    call: &Call,
    assigned: &[Assignment],
    action: Action,
    scope: &Scope,
) -> Result<(), Error> {
    if allows(assigned, action, scope) { Ok(()) } else { Err(denied(call, action, scope)) }
}

/// Refuses unless the caller may act on an order of their tenant. An order that the caller may
/// not even see does not exist for them.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`].
pub fn require_order(
    call: &Call,
    assigned: &[Assignment],
    action: Action,
    order: OrderId,
) -> Result<(), Error> {
    let scope = Scope::order(order);
    if allows(assigned, action, &scope) {
        return Ok(());
    }
    let sees_part = assigned.iter().any(|given| given.scope.order_id() == Some(order));
    if allows(assigned, Action::Read, &scope) || sees_part {
        return Err(denied(call, action, &scope));
    }
    Err(absent_order(order))
}

/// The same, for a subscription that is to pay or to be looked at.
///
/// # Errors
/// [`Error::Denied`].
pub fn require_subscription(
    call: &Call,
    assigned: &[Assignment],
    action: Action,
    subscription: SubscriptionId,
) -> Result<(), Error> {
    require(call, assigned, action, &Scope::subscription(subscription))
}

pub fn absent_order(order: OrderId) -> Error {
    Error::Absent { what: format!("reservation order `{order}`"), code: "ReservationOrderNotFound" }
}

pub(crate) fn denied(call: &Call, action: Action, scope: &Scope) -> Error {
    Error::Denied {
        client: call.caller.client.clone(),
        principal: call.caller.principal.to_string(),
        action,
        scope: scope.clone(),
    }
}
