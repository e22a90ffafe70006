//! Applied scopes: whether one can be chosen, whether one still benefits, and what becomes of one
//! when the world changes.

use crate::access::Permit;
use crate::operations::{Deed, Evidence, Kind, record};
use crate::{App, Call, Caller, Error};
use jiff::Timestamp;
use prorata_domain::access::Scope;
use prorata_domain::ids::{OperationId, OrderId, ReservationId, SubscriptionId, TenantId};
use prorata_domain::rearrange::Item;
use prorata_domain::reservation::{AppliedScope, BillingAccount, NoBenefit, Reservation};
use prorata_domain::scope::{Facts, Members, Request, Tree, carry_out, decide};
use prorata_store::reservations::scoped;
use prorata_store::{Tx, groups, reservations, world};
use std::collections::{BTreeMap, BTreeSet};

/// The state of a subscription that nothing can benefit in any more.
pub(crate) const DELETED: &str = "Deleted";

/// Why a scope cannot be chosen in a tenant: it is not there, is another tenant's, or another
/// account pays for it.
///
/// # Errors
/// Those of the database.
pub(crate) fn fault(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    account: &BillingAccount,
    scope: &AppliedScope,
) -> Result<Option<String>, Error> {
    let subscription = match scope {
        AppliedScope::Shared => return Ok(None),
        AppliedScope::ManagementGroup { tenant: of, id } => {
            let is_there = *of == tenant && world::management_group(tx, *of, id)?.is_some();
            if !is_there {
                return Ok(Some(format!("management group `{id}` is not in this tenant")));
            }
            let members = members(tx, *of, id, account)?;
            return Ok((members == 0).then(|| {
                format!("no subscription of the account that pays is in management group `{id}`")
            }));
        }
        AppliedScope::Subscription(id) => *id,
        AppliedScope::ResourceGroup { subscription, .. } => *subscription,
    };
    let row = world::subscription(tx, subscription)?;
    let Some(row) = row.filter(|row| row.tenant == tenant) else {
        return Ok(Some(format!("subscription `{subscription}` is not in this tenant")));
    };
    Ok(match lacks(tx, tenant, account, scope)? {
        None => None,
        Some(NoBenefit::SubscriptionDeleted) => {
            Some(format!("subscription `{}` was deleted", row.id))
        }
        Some(NoBenefit::SubscriptionMoved) => Some(format!(
            "subscription `{subscription}` is billed to another account than the one that pays"
        )),
        Some(NoBenefit::ResourceGroupMissing | NoBenefit::ManagementGroupMissing) => {
            Some(format!("subscription `{subscription}` has no {scope}"))
        }
    })
}

/// Why nothing benefits from a scope that was chosen before, for an order in `tenant`.
fn lacks(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    account: &BillingAccount,
    scope: &AppliedScope,
) -> Result<Option<NoBenefit>, Error> {
    let subscription = match scope {
        AppliedScope::Shared => return Ok(None),
        AppliedScope::ManagementGroup { tenant: of, id } => {
            let is_there = *of == tenant && world::management_group(tx, *of, id)?.is_some();
            return Ok((!is_there).then_some(NoBenefit::ManagementGroupMissing));
        }
        AppliedScope::Subscription(id) => *id,
        AppliedScope::ResourceGroup { subscription, .. } => *subscription,
    };
    let Some(row) = world::subscription(tx, subscription)?.filter(|row| row.state != DELETED)
    else {
        return Ok(Some(NoBenefit::SubscriptionDeleted));
    };
    if row.billing_account != account.id {
        return Ok(Some(NoBenefit::SubscriptionMoved));
    }
    if let AppliedScope::ResourceGroup { name, .. } = scope
        && !world::resource_group_exists(tx, subscription, name)?
    {
        return Ok(Some(NoBenefit::ResourceGroupMissing));
    }
    Ok(None)
}

/// How many subscriptions that an account pays for are in a management group or below it.
fn members(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    group: &str,
    account: &BillingAccount,
) -> Result<u32, Error> {
    let tree = Tree::new(groups::tree(tx, tenant)?);
    let placed = groups::placed(tx, tenant, &account.id)?;
    let inside = placed.iter().filter(|(_, right_in)| tree.covers(group, right_in.as_deref()));
    Ok(u32::try_from(inside.count()).unwrap_or(u32::MAX))
}

/// Whether a subscription is in a management group or below it.
pub(crate) fn is_inside(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    group: &str,
    subscription: SubscriptionId,
) -> Result<bool, Error> {
    let right_in = groups::group_of(tx, subscription)?;
    Ok(Tree::new(groups::tree(tx, tenant)?).covers(group, right_in.as_deref()))
}

/// What a change of the world may touch.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    pub subscriptions: BTreeSet<SubscriptionId>,
    pub tenants: BTreeSet<TenantId>,
}

/// The scopes that a change may touch, as they stood before it.
pub(crate) struct Before {
    touched: Touched,
    members: BTreeMap<(OrderId, ReservationId), u32>,
}

/// Looks at the scopes that a change of the world may touch, before it is made.
///
/// # Errors
/// Those of the database.
pub(crate) fn before(tx: &mut Tx<'_>, mut touched: Touched) -> Result<Before, Error> {
    for id in &touched.subscriptions {
        if let Some(row) = world::subscription(tx, *id)? {
            // One that moves leaves the groups of the tenant that it was in.
            touched.tenants.insert(row.tenant);
        }
    }
    let mut counted = BTreeMap::new();
    for row in affected(tx, &touched)? {
        if let Some(now) = members_of(tx, &row)? {
            counted.insert((row.order, row.id), now);
        }
    }
    Ok(Before { touched, members: counted })
}

fn affected(tx: &mut Tx<'_>, touched: &Touched) -> Result<Vec<Reservation>, Error> {
    let mut rows = Vec::new();
    for id in &touched.subscriptions {
        rows.extend(scoped(tx, id.0)?);
    }
    for id in &touched.tenants {
        rows.extend(scoped(tx, id.0)?);
    }
    Ok(rows)
}

fn members_of(tx: &mut Tx<'_>, row: &Reservation) -> Result<Option<u32>, Error> {
    let AppliedScope::ManagementGroup { tenant, id } = &row.applied_scope else {
        return Ok(None);
    };
    let Some((_, _, account)) = reservations::held(tx, row.tenant, row.order, row.id)? else {
        return Ok(None);
    };
    members(tx, *tenant, id, &account).map(Some)
}

/// Does what follows from a change of the world that was made: scopes fall back, benefits end or
/// come back.
///
/// # Errors
/// Those of the database.
pub(crate) fn follow(
    tx: &mut Tx<'_>,
    app: &App,
    before: &Before,
    now: Timestamp,
) -> Result<(), Error> {
    for row in affected(tx, &before.touched)? {
        let was = before.members.get(&(row.order, row.id)).copied();
        let members = match (was, members_of(tx, &row)?) {
            (Some(before), Some(now)) => Some(Members { before, now }),
            _ => None,
        };
        follow_one(tx, app, &row, members, now)?;
    }
    Ok(())
}

fn follow_one(
    tx: &mut Tx<'_>,
    app: &App,
    row: &Reservation,
    members: Option<Members>,
    now: Timestamp,
) -> Result<(), Error> {
    let found = reservations::held(tx, row.tenant, row.order, row.id)?;
    let Some((order, row, account)) = found else { return Ok(()) };
    let lacks = lacks(tx, order.tenant, &account, &row.applied_scope)?;
    let facts = Facts { item: Item::new(&order, &row), lacks, members };
    let request = Request {};
    let mut decision = decide(&app.book, &facts, &request, now)?;
    let Some(plan) = decision.plan() else { return Ok(()) };
    let left = carry_out(&row, plan, now);
    let operation = OperationId(tx.new_id());
    reservations::replace(tx, &left, row.revision, operation)?;
    let call = Call::new(
        Caller::new(order.tenant, order.buyer, "prorata".to_owned(), "the world".to_owned()),
        now,
        operation.0,
    );
    let findings = std::mem::take(&mut decision.findings);
    let permit = Permit::due(&call, Scope::reservation(order.id, row.id));
    let deed = Deed {
        permit: &permit,
        id: operation,
        kind: Kind::Scope,
        target: format!("order/{}/reservation/{}", order.id, row.id),
        billing_account: &account.id,
        counted: None,
    };
    let policy = app.book.digest().to_owned();
    let document = Evidence { policy, facts, request, decision };
    record(tx, &call, &deed, None, &findings, &document)
}
