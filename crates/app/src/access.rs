//! Whether the caller may; asked first in every job.
//!
//! The answer to yes is a [`Permit`], which only this module makes and which the jobs demand that
//! change something: a deed whose right was not asked for does not compile. The answer to no is
//! that there is no such thing, for somebody who may not see it, or who may not do what, and what
//! would help. Both come from the one evaluator, [`prorata_domain::access::decide`]; this module
//! reads its facts.

mod above;
mod facts;
mod permit;
mod readable;

pub(crate) use above::Above;
pub(crate) use facts::groups_above;
pub use permit::{Permit, Reason};
pub use readable::{Readable, ReadablePlans};

use crate::{Call, Caller, Error};
use prorata_domain::access::{Action, Answer, Facts, Relation, Scope, ScopeKind, Verdict, decide};
use prorata_domain::ids::{
    AssignmentId, OrderId, PrincipalId, ReservationId, SavingsPlanId, SavingsPlanOrderId,
    SubscriptionId,
};
use prorata_domain::reservation::Order;
use prorata_store::{Tx, access, world};

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
        let verdict = decide(&facts, action, scope);
        let is_hidden = verdict.answer == Answer::Hidden;
        return Ok(if is_hidden { unseen(call, facts, action, scope) } else { verdict });
    }
    let _ = at(tx, call, Action::ReadAssignments, scope)?;
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

/// The verdict on a place that the caller may not see: by their roles alone, so that it is the same
/// whether the place is there or not, and in whatever tenant.
fn unseen(call: &Call, facts: Facts, action: Action, scope: &Scope) -> Verdict {
    let is_home = call.caller.home == call.caller.tenant;
    let relation = match facts.relation {
        Relation::Other if is_home => Relation::Own,
        Relation::Other => Relation::Guest,
        known => known,
    };
    let Facts { assignments, roles, .. } = facts;
    decide(&Facts { relation, assignments, roles, ..Facts::default() }, action, scope)
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

/// Those who stand behind a subscription: put on what it pays for, or remembered with it.
///
/// # Errors
/// Those of the database.
pub(crate) fn behind(tx: &mut Tx<'_>, call: &Call, payer: SubscriptionId) -> Result<Owners, Error> {
    let tenant = call.caller.tenant;
    let groups = groups_above(tx, tenant, &Scope::subscription(payer))?;
    let groups: Vec<String> = groups.iter().map(|scope| scope.as_str().to_owned()).collect();
    let found = access::owners(tx, tenant, payer, &groups)?;
    Ok(Owners { payer, found })
}

/// Who stands behind a subscription when it pays.
#[derive(Debug, Clone)]
pub(crate) struct Owners {
    payer: SubscriptionId,
    found: access::Owners,
}

/// Puts the buyer and the account administrator of the subscription that pays on what was bought,
/// as its owners, and keeps who owned the subscription then.
///
/// # Errors
/// Those of the database.
pub(crate) fn put_on(
    tx: &mut Tx<'_>,
    call: &Call,
    bought: &Scope,
    behind: &Owners,
) -> Result<(), Error> {
    let (tenant, buyer) = (call.caller.tenant, call.caller.principal);
    let admin = behind.found.account_admin.filter(|admin| *admin != buyer);
    // What is bought in Partner Center is managed by being an agent.
    let named = Some(buyer).filter(|_| !call.in_partner_center);
    for principal in [named, admin].into_iter().flatten() {
        let owner = world::RoleAssignment {
            id: AssignmentId(tx.new_id()),
            tenant,
            principal,
            role: "Owner".to_owned(),
            scope: bought.as_str().to_owned(),
        };
        world::put_assignment(tx, &owner)?;
    }
    let order = bought.order_id().map(|id| id.0);
    if let Some(order) = order.or_else(|| bought.savings_plan_order_id().map(|id| id.0)) {
        for owner in &behind.found.owners {
            access::put_payer_owner(tx, tenant, *owner, order, behind.payer);
        }
    }
    Ok(())
}

/// The right to say whether and as what a reservation is renewed: it is its owner's who owns the
/// subscription that pays too. An order that came from another tenant is paid for by a
/// subscription nobody here can own; its owner decides alone.
///
/// # Errors
/// As [`at`].
pub fn renewal(
    tx: &mut Tx<'_>,
    call: &Call,
    order: &Order,
    id: ReservationId,
) -> Result<(), Error> {
    let _ = reservation(tx, call, Action::Renew, order.id, id)?;
    let payer = world::subscription(tx, order.billing_subscription)?;
    if payer.is_some_and(|payer| payer.tenant == call.caller.tenant) {
        let _ = subscription(tx, call, Action::Renew, order.billing_subscription)?;
    }
    Ok(())
}
