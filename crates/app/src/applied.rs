//! Which orders a subscription may benefit from, and which subscriptions from an order.

use crate::access;
use crate::catalog::paying_account;
use crate::limits::PAGE_ROWS_MAX;
use crate::{App, Call, Error, scope, subscriptions};
use prorata_domain::access::Action;
use prorata_domain::ids::{OrderId, SubscriptionId};
use prorata_domain::reservation::{AppliedScope, Order};
use prorata_domain::scope::Tree;
use prorata_domain::term::utc_day;
use prorata_store::world::Subscription;
use prorata_store::{Tx, groups, orders, reservations};
use std::collections::BTreeSet;

/// The orders of the caller's tenant that have a live reservation which the subscription may
/// benefit from: shared where the same account pays, for the subscription itself or a resource
/// group of it, or for a management group that it is in.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`].
pub fn applied_reservations(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    subscription: SubscriptionId,
) -> Result<BTreeSet<OrderId>, Error> {
    let _ = access::subscription(tx, call, Action::Read, subscription)?;
    let account = paying_account(tx, call, subscription)?;
    let (tenant, today) = (call.caller.tenant, utc_day(call.now));
    let mut found: BTreeSet<OrderId> =
        reservations::shared(tx, tenant, &account.id, today)?.into_iter().collect();
    let mut rows = reservations::scoped(tx, subscription.0)?;
    for row in reservations::scoped(tx, tenant.0)? {
        if let AppliedScope::ManagementGroup { tenant, id } = &row.applied_scope
            && scope::is_inside(tx, *tenant, id, subscription)?
        {
            rows.push(row);
        }
    }
    rows.retain(|row| row.tenant == tenant && row.no_benefit.is_none());
    for row in rows {
        if found.contains(&row.order) {
            continue;
        }
        let order = orders::load(tx, tenant, row.order)?;
        if order
            .is_some_and(|order| order.billing_account == account.id && today < order.expires_on)
        {
            found.insert(row.order);
        }
    }
    Ok(found)
}

/// The subscriptions that a reservation of an order may help if it is given a scope, as far as the
/// caller sees them.
///
/// # Errors
/// Those of the database.
pub fn benefiting(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    order: &Order,
    scope: &AppliedScope,
) -> Result<Vec<Subscription>, Error> {
    let mut rows = subscriptions::list(tx, app, call, None, PAGE_ROWS_MAX)?.rows;
    rows.retain(|row| row.billing_account == order.billing_account && row.state != scope::DELETED);
    match scope {
        AppliedScope::Shared => {}
        AppliedScope::Subscription(subscription)
        | AppliedScope::ResourceGroup { subscription, .. } => {
            rows.retain(|row| row.id == *subscription);
        }
        AppliedScope::ManagementGroup { tenant, id } => {
            let tree = Tree::new(groups::tree(tx, *tenant)?);
            let placed = groups::placed(tx, *tenant, &order.billing_account)?;
            rows.retain(|row| {
                let place = placed.iter().find(|(subscription, _)| *subscription == row.id);
                place.is_some_and(|(_, right_in)| tree.covers(id, right_in.as_deref()))
            });
        }
    }
    Ok(rows)
}
