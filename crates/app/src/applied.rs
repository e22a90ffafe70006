//! Which orders a subscription may benefit from.

use crate::access;
use crate::catalog::paying_account;
use crate::{App, Call, Error, scope};
use prorata_domain::access::Action;
use prorata_domain::ids::{OrderId, SubscriptionId};
use prorata_domain::reservation::AppliedScope;
use prorata_domain::term::utc_day;
use prorata_store::{Tx, orders, reservations};
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
