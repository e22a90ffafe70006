//! Reading what a decision about access is taken from.
//!
//! The roles about a scope settle nearly every question by themselves, with one statement. Only
//! where they do not, or where something may bar the action, is the rest read.

use crate::authorization::role_kept_as;
use crate::{Call, Error, partner};
use prorata_domain::access::{
    Action, Assignment, Customers, Facts, Payer, Relation, Scope, ScopeKind, permits, role,
};
use prorata_domain::ids::{OrderId, SubscriptionId, TenantId};
use prorata_domain::policy::{Agreement, Book};
use prorata_store::{Tx, access, groups, world};

/// The facts that settle whether the caller may, as far as they are needed for that.
pub(super) fn settling(
    tx: &mut Tx<'_>,
    call: &Call,
    action: Action,
    scope: &Scope,
) -> Result<Facts, Error> {
    let mut facts = roles_about(tx, call, scope)?;
    let is_barred = may_be_barred(call, action) || subscription_of(scope).is_some();
    if is_barred || !permits(&facts, action, scope) {
        complete(tx, call, scope, &mut facts)?;
    }
    Ok(facts)
}

/// Every fact there is.
pub(super) fn all(tx: &mut Tx<'_>, call: &Call, scope: &Scope) -> Result<Facts, Error> {
    let mut facts = roles_about(tx, call, scope)?;
    complete(tx, call, scope, &mut facts)?;
    Ok(facts)
}

/// Whether something may bar an action that a role allows.
///
/// That a partner's customer does not return is decided with the return: it is priced all the same,
/// so that the customer sees what the partner is asked for.
fn may_be_barred(call: &Call, action: Action) -> bool {
    let decided = matches!(action, Action::Return | Action::Exchange | Action::TradeIn);
    let barred = action.rule().customer != Customers::May && !decided;
    relation(call) == Relation::Guest || call.caller.agent.is_some() || barred
}

fn relation(call: &Call) -> Relation {
    let caller = &call.caller;
    let is_guest = caller.home != caller.tenant && caller.agent.is_none();
    if is_guest { Relation::Guest } else { Relation::Own }
}

/// The caller's roles about a scope: on its order, or above all orders.
fn roles_about(tx: &mut Tx<'_>, call: &Call, scope: &Scope) -> Result<Facts, Error> {
    let (tenant, principal) = (call.caller.tenant, call.caller.principal);
    let assignments = match (scope.order_id(), scope.savings_plan_order_id()) {
        (Some(order), _) => world::assignments_about(tx, tenant, principal, order)?,
        (None, Some(order)) => {
            world::assignments_about_savings_plans(tx, tenant, principal, order)?
        }
        (None, None) => world::assignments_above_orders(tx, tenant, principal)?,
    };
    with_roles(tx, call, assignments)
}

/// Facts of assignments, with the definitions of the custom roles among them.
pub(super) fn with_roles(
    tx: &mut Tx<'_>,
    call: &Call,
    assignments: Vec<Assignment>,
) -> Result<Facts, Error> {
    let mut custom: Vec<&str> = assignments
        .iter()
        .map(|given| given.role.as_str())
        .filter(|name| role(name).is_none())
        .collect();
    custom.sort_unstable();
    custom.dedup();
    let mut roles = Vec::with_capacity(custom.len());
    for name in custom {
        roles.extend(role_kept_as(tx, call.caller.tenant, name)?);
    }
    Ok(Facts { relation: relation(call), assignments, roles, ..Facts::default() })
}

/// Adds what is beside the roles about a scope.
fn complete(tx: &mut Tx<'_>, call: &Call, scope: &Scope, facts: &mut Facts) -> Result<(), Error> {
    let (tenant, principal) = (call.caller.tenant, call.caller.principal);
    facts.billing_roles = access::billing_roles(tx, tenant, principal)?;
    facts.payer = payer(tx, tenant, scope)?;
    if facts.payer.is_none() && is_paid(scope) {
        facts.relation = Relation::Other;
    }
    let order = scope.order_id().map(|id| id.0);
    if let Some(order) = order.or_else(|| scope.savings_plan_order_id().map(|id| id.0)) {
        facts.owned_when_paid = access::owned_when_paid(tx, tenant, principal, order)?;
    }
    if call.caller.agent.is_some() && partner::is_estranged(tx, call)? {
        facts.relation = Relation::Other;
    }
    if let Some(payer) = &facts.payer {
        let book = Book::built_in();
        facts.agent = partner::agent(tx, book, call, &payer.account)?;
        if payer.agreement == Agreement::Csp {
            let pays = subscription_of(scope);
            let given = &facts.assignments;
            facts.customer = partner::customer(tx, book, call, &payer.account, pays, given)?;
        }
    }
    let on_groups = |given: &Assignment| given.scope.kind() == ScopeKind::ManagementGroup;
    if facts.assignments.iter().any(on_groups) {
        facts.groups = groups_above(tx, tenant, scope)?;
    }
    Ok(())
}

/// Whether somebody pays for what a scope is, or with it: where nobody of the tenant does, it is
/// not the tenant's.
fn is_paid(scope: &Scope) -> bool {
    let is_order = scope.order_id().is_some() || scope.savings_plan_order_id().is_some();
    is_order || subscription_of(scope).is_some()
}

/// Who pays for what a scope is, or for what is bought with it.
fn payer(tx: &mut Tx<'_>, tenant: TenantId, scope: &Scope) -> Result<Option<Payer>, Error> {
    Ok(match (scope.order_id(), scope.savings_plan_order_id(), subscription_of(scope)) {
        (Some(order), ..) => access::payer_of_order(tx, tenant, order)?,
        (None, Some(order), _) => access::payer_of_savings_plans(tx, tenant, order)?,
        (None, None, Some(id)) => access::payer_of_subscription(tx, tenant, id)?,
        (None, None, None) => None,
    })
}

/// The subscription that a scope is or lies in.
pub(super) fn subscription_of(scope: &Scope) -> Option<SubscriptionId> {
    let rest = scope.as_str().strip_prefix("/subscriptions/")?;
    SubscriptionId::parse(rest.split('/').next()?)
}

/// The management groups above a subscription, or above a group, the nearest first.
pub(crate) fn groups_above(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    scope: &Scope,
) -> Result<Vec<Scope>, Error> {
    let path = scope.as_str();
    let group = path.strip_prefix("/providers/microsoft.management/managementgroups/");
    let mut next = match (subscription_of(scope), group) {
        (Some(id), _) => groups::group_of(tx, id)?,
        (None, Some(_)) => None,
        (None, None) => return Ok(Vec::new()),
    };
    if next.is_none() && group.is_none() {
        return Ok(Vec::new());
    }
    let tree = groups::tree(tx, tenant)?;
    let parent = |id: &str| tree.iter().find(|(known, _)| known == id);
    if let Some(group) = group {
        next = parent(group).and_then(|(_, parent)| parent.clone());
    }
    let mut above = Vec::new();
    // A tree is no deeper than it has groups, also where rows should go round in a circle.
    while let Some(id) = next.filter(|_| above.len() < tree.len()) {
        above.push(Scope::management_group(&id));
        next = parent(&id).and_then(|(_, parent)| parent.clone());
    }
    Ok(above)
}

/// The facts by which one order, of those that an account pays for, is seen.
pub(super) fn paid_by(facts: &Facts, payer: &Payer, profile: Option<String>) -> Facts {
    Facts {
        billing_roles: facts.billing_roles.clone(),
        payer: Some(Payer { profile, ..payer.clone() }),
        ..Facts::default()
    }
}

/// Whether who has these facts reads an order.
pub(super) fn reads(facts: &Facts, order: OrderId) -> bool {
    permits(facts, Action::Read, &Scope::order(order))
}
