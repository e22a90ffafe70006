//! Whether the caller may; asked first in every job.
//!
//! The answer to yes is a [`Permit`], which only this module makes and which the jobs demand that
//! change something: a deed whose right was not asked for does not compile. The answer to no is
//! that there is no such thing, for somebody who may not see it, or who may not do what, and what
//! would help. Both come from the one evaluator, [`prorata_domain::access::decide`]; this module
//! reads its facts.

mod facts;
mod permit;
mod readable;

pub(crate) use facts::groups_above;
pub use permit::{Permit, Reason};
pub use readable::{Readable, ReadablePlans};

use crate::{Call, Caller, Error};
use prorata_domain::access::{
    Action, Answer, Assignment, Scope, ScopeKind, Verdict, allows, decide,
};
use prorata_domain::ids::{
    OrderId, PrincipalId, ReservationId, SavingsPlanId, SavingsPlanOrderId, SubscriptionId,
};
use prorata_store::{Tx, world};

/// The permit for an action at any scope.
///
/// # Errors
/// [`Error::Absent`] where the caller may not see what is there, [`Error::Denied`] where they may
/// see it and may not do this.
pub fn at(tx: &mut Tx<'_>, call: &Call, action: Action, scope: &Scope) -> Result<Permit, Error> {
    Permit::of(call, verdict(tx, call, action, scope)?)
}

/// [`at`] an order.
///
/// # Errors
/// As [`at`].
pub fn order(
    tx: &mut Tx<'_>,
    call: &Call,
    action: Action,
    order: OrderId,
) -> Result<Permit, Error> {
    at(tx, call, action, &Scope::order(order))
}

/// [`at`] a reservation: a role on it is enough for what is asked of reservations.
///
/// # Errors
/// As [`at`].
pub fn reservation(
    tx: &mut Tx<'_>,
    call: &Call,
    action: Action,
    order: OrderId,
    reservation: ReservationId,
) -> Result<Permit, Error> {
    at(tx, call, action, &Scope::reservation(order, reservation))
}

/// [`at`] an order of savings plans.
///
/// # Errors
/// As [`at`].
pub fn savings_plan_order(
    tx: &mut Tx<'_>,
    call: &Call,
    action: Action,
    order: SavingsPlanOrderId,
) -> Result<Permit, Error> {
    at(tx, call, action, &Scope::savings_plan_order(order))
}

/// [`at`] a savings plan.
///
/// # Errors
/// As [`at`].
pub fn savings_plan(
    tx: &mut Tx<'_>,
    call: &Call,
    action: Action,
    order: SavingsPlanOrderId,
    plan: SavingsPlanId,
) -> Result<Permit, Error> {
    at(tx, call, action, &Scope::savings_plan(order, plan))
}

/// [`at`] a subscription that is to pay or to be looked at.
///
/// # Errors
/// As [`at`].
pub fn subscription(
    tx: &mut Tx<'_>,
    call: &Call,
    action: Action,
    subscription: SubscriptionId,
) -> Result<Permit, Error> {
    at(tx, call, action, &Scope::subscription(subscription))
}

/// Whether the caller may, with everything that was looked at to settle it.
///
/// # Errors
/// Those of the database.
pub fn verdict(
    tx: &mut Tx<'_>,
    call: &Call,
    action: Action,
    scope: &Scope,
) -> Result<Verdict, Error> {
    let facts = facts::settling(tx, call, action, scope)?;
    Ok(decide(&facts, action, scope))
}

/// Whether the caller may.
///
/// # Errors
/// Those of the database.
pub fn may(tx: &mut Tx<'_>, call: &Call, action: Action, scope: &Scope) -> Result<bool, Error> {
    Ok(verdict(tx, call, action, scope)?.is_allowed())
}

/// Why somebody of the caller's tenant can or cannot do something, with every ground there is. The
/// caller may ask about themselves, and about others where they may see who has which role.
///
/// # Errors
/// [`Error::Absent`] for a principal that the tenant does not know, or as [`at`] for a caller who
/// may not ask.
pub fn why(
    tx: &mut Tx<'_>,
    call: &Call,
    principal: PrincipalId,
    action: Action,
    scope: &Scope,
) -> Result<Verdict, Error> {
    if principal == call.caller.principal {
        let facts = facts::all(tx, call, scope)?;
        return Ok(decide(&facts, action, scope));
    }
    at(tx, call, Action::ReadAssignments, scope)?;
    let found = world::principal(tx, call.caller.tenant, principal)?;
    let found = found.ok_or_else(|| Error::Absent {
        what: format!("principal `{principal}`"),
        code: "PrincipalNotFound",
    })?;
    let caller = Caller {
        kind: found.kind,
        home: found.home.unwrap_or(found.tenant),
        ..Caller::new(found.tenant, found.id, found.client_id, found.name)
    };
    let theirs = Call { caller, ..call.clone() };
    let facts = facts::all(tx, &theirs, scope)?;
    Ok(decide(&facts, action, scope))
}

pub fn absent_order(order: OrderId) -> Error {
    Error::Absent { what: format!("reservation order `{order}`"), code: "ReservationOrderNotFound" }
}

/// The answer to somebody who may not see what is at a scope.
pub(crate) fn hidden(scope: &Scope) -> Error {
    if let Some(order) = scope.order_id() {
        return absent_order(order);
    }
    let last = scope.as_str().rsplit('/').next().unwrap_or_default();
    let (what, code) = match scope.kind() {
        ScopeKind::SavingsPlanOrder => ("savings plan order", "SavingsPlanOrderNotFound"),
        ScopeKind::SavingsPlan => ("savings plan", "SavingsPlanNotFound"),
        ScopeKind::Subscription => ("subscription", "SubscriptionNotFound"),
        ScopeKind::ResourceGroup => ("resource group", "ResourceGroupNotFound"),
        ScopeKind::ManagementGroup => ("management group", "NotFound"),
        _ => ("resource", "ResourceNotFound"),
    };
    let last: String = last.chars().filter(|letter| !letter.is_control()).take(90).collect();
    Error::Absent { what: format!("{what} `{last}`"), code }
}

/// The error of a verdict that is no.
fn refusal(call: &Call, verdict: Verdict) -> Error {
    match verdict.answer {
        Answer::Hidden => hidden(&verdict.scope),
        Answer::Allowed | Answer::Denied => Error::Denied {
            client: call.caller.client.clone(),
            principal: call.caller.principal.to_string(),
            action: verdict.action,
            scope: verdict.scope,
            remedies: verdict.remedies,
        },
    }
}

/// All roles of the caller in their tenant.
pub fn assignments(tx: &mut Tx<'_>, call: &Call) -> Result<Vec<Assignment>, Error> {
    Ok(world::assignments_of(tx, call.caller.tenant, call.caller.principal)?)
}

pub fn assignments_above(tx: &mut Tx<'_>, call: &Call) -> Result<Vec<Assignment>, Error> {
    Ok(world::assignments_above_orders(tx, call.caller.tenant, call.caller.principal)?)
}

pub fn assignments_about(
    tx: &mut Tx<'_>,
    call: &Call,
    order: OrderId,
) -> Result<Vec<Assignment>, Error> {
    Ok(world::assignments_about(tx, call.caller.tenant, call.caller.principal, order)?)
}

pub fn require(
    call: &Call,
    assigned: &[Assignment],
    action: Action,
    scope: &Scope,
) -> Result<(), Error> {
    if allows(assigned, action, scope) { Ok(()) } else { Err(denied(call, action, scope)) }
}

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

pub fn require_subscription(
    call: &Call,
    assigned: &[Assignment],
    action: Action,
    subscription: SubscriptionId,
) -> Result<(), Error> {
    require(call, assigned, action, &Scope::subscription(subscription))
}

pub(crate) fn denied(call: &Call, action: Action, scope: &Scope) -> Error {
    Error::Denied {
        client: call.caller.client.clone(),
        principal: call.caller.principal.to_string(),
        action,
        scope: scope.clone(),
        remedies: Vec::new(),
    }
}
