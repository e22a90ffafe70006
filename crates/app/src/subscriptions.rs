//! Looking at what clients walk before they ask for a reservation: the tenant, its subscriptions,
//! and what lies in them.

use crate::access::Above;
use crate::limits::PAGE_ROWS_MAX;
use crate::orders::Page;
use crate::{App, Call, Error, partner};
use prorata_domain::ids::SubscriptionId;
use prorata_store::world::{Subscription, Tenant};
use prorata_store::{Tx, directory, world};

/// A page of the subscriptions on which, above which or in which the caller has a role, or which the
/// caller sees as an agent of the partner that pays for them.
///
/// # Errors
/// Those of the database.
pub fn list(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    after: Option<SubscriptionId>,
    limit: usize,
) -> Result<Page<Subscription>, Error> {
    let limit = limit.clamp(1, PAGE_ROWS_MAX);
    let above = Above::of(tx, call)?;
    let sold = partner::seen_accounts(tx, call)?;
    let mut rows = world::subscriptions(tx, call.caller.tenant)?;
    rows.retain(|row| {
        after.is_none_or(|mark| row.id > mark)
            && (above.sees_subscription(row.id) || sold.contains(&row.billing_account))
    });
    let next = (rows.len() > limit).then(|| rows[limit - 1].id.to_string());
    rows.truncate(limit);
    Ok(Page { rows, next })
}

/// One subscription of the caller's tenant. One that the caller has no role on does not exist for
/// them.
///
/// # Errors
/// [`Error::Absent`].
pub fn show(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    id: SubscriptionId,
) -> Result<Subscription, Error> {
    let above = Above::of(tx, call)?;
    let sold = partner::seen_accounts(tx, call)?;
    let found = world::subscription(tx, id)?;
    found
        .filter(|row| row.tenant == call.caller.tenant)
        .filter(|row| above.sees_subscription(id) || sold.contains(&row.billing_account))
        .ok_or_else(|| absent(id))
}

/// The names of a subscription's resource groups.
///
/// # Errors
/// [`Error::Absent`] for a subscription that is not there.
pub fn resource_groups(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    id: SubscriptionId,
) -> Result<Vec<String>, Error> {
    show(tx, app, call, id)?;
    Ok(directory::resource_groups(tx, id)?)
}

/// The caller's tenant.
///
/// # Errors
/// Those of the database.
pub fn tenant(tx: &mut Tx<'_>, _app: &App, call: &Call) -> Result<Option<Tenant>, Error> {
    Ok(directory::tenant(tx, call.caller.tenant)?)
}

fn absent(id: SubscriptionId) -> Error {
    Error::Absent { what: format!("subscription `{id}`"), code: "SubscriptionNotFound" }
}
