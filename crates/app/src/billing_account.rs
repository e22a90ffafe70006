//! Looking at what a billing account pays for. An account may pay for several tenants; each sees
//! its own part and nothing else.

use crate::access::{Above, absent_order};
use crate::limits::PAGE_ROWS_MAX;
use crate::orders::{self, Page, View};
use crate::{App, Call, Error};
use prorata_domain::ids::OrderId;
use prorata_domain::reservation::{BillingAccount, Order};
use prorata_store::{Tx, directory, world};
use std::collections::BTreeSet;

/// The accounts that pay for subscriptions of which the caller sees one or on which they have a
/// billing role, or for all the tenant's where they read all orders.
///
/// # Errors
/// Those of the database.
pub fn list(tx: &mut Tx<'_>, _app: &App, call: &Call) -> Result<Vec<BillingAccount>, Error> {
    let tenant = call.caller.tenant;
    let above = Above::of(tx, call)?;
    let mut accounts = directory::billing_accounts(tx, tenant)?;
    if above.reads_all_orders() {
        return Ok(accounts);
    }
    let paid: BTreeSet<String> = world::subscriptions(tx, tenant)?
        .into_iter()
        .filter(|row| above.sees_subscription(row.id))
        .map(|row| row.billing_account)
        .collect();
    accounts.retain(|account| paid.contains(&account.id) || above.reads_paid_by(&account.id));
    Ok(accounts)
}

/// One of them, by its name in any casing.
///
/// # Errors
/// [`Error::Absent`].
pub fn show(tx: &mut Tx<'_>, app: &App, call: &Call, name: &str) -> Result<BillingAccount, Error> {
    let accounts = list(tx, app, call)?;
    accounts.into_iter().find(|row| row.id.eq_ignore_ascii_case(name)).ok_or_else(|| absent(name))
}

/// The account, if it pays for something of the caller's tenant, and has the billing profile where
/// one is named.
///
/// # Errors
/// [`Error::Absent`].
pub fn require(
    tx: &mut Tx<'_>,
    call: &Call,
    name: &str,
    profile: Option<&str>,
) -> Result<BillingAccount, Error> {
    let accounts = directory::billing_accounts(tx, call.caller.tenant)?;
    let account = accounts.into_iter().find(|row| row.id.eq_ignore_ascii_case(name));
    let account = account.ok_or_else(|| absent(name))?;
    let has = |wanted: &str| {
        account.profile.as_deref().is_some_and(|has| has.eq_ignore_ascii_case(wanted))
    };
    match profile {
        Some(wanted) if !has(wanted) => Err(Error::Absent {
            what: format!("billing profile `{}` of this account", shown(wanted)),
            code: "ResourceNotFound",
        }),
        Some(_) | None => Ok(account),
    }
}

/// Refuses an order that another account pays for: under this one it is not there.
///
/// # Errors
/// [`Error::Absent`].
pub fn require_payer(order: &Order, name: &str) -> Result<(), Error> {
    let pays = order.billing_account.eq_ignore_ascii_case(name);
    if pays { Ok(()) } else { Err(absent_order(order.id)) }
}

/// A page of the orders that an account pays for and the caller may see.
///
/// # Errors
/// [`Error::Absent`] for an account that pays for nothing of the tenant; those of the database.
pub fn orders(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    name: &str,
    after: Option<OrderId>,
    limit: usize,
) -> Result<Page<View>, Error> {
    require(tx, call, name, None)?;
    let limit = limit.clamp(1, PAGE_ROWS_MAX);
    let (mut rows, mut from) = (Vec::new(), after);
    loop {
        let page = orders::list(tx, app, call, from, PAGE_ROWS_MAX)?;
        rows.extend(page.rows.into_iter().filter(|row| require_payer(&row.order, name).is_ok()));
        from = page.next.as_deref().and_then(OrderId::parse);
        if rows.len() > limit || from.is_none() {
            break;
        }
    }
    let next = (rows.len() > limit).then(|| rows[limit - 1].order.id.to_string());
    rows.truncate(limit);
    Ok(Page { rows, next })
}

fn absent(name: &str) -> Error {
    Error::Absent { what: format!("billing account `{}`", shown(name)), code: "ResourceNotFound" }
}

/// What is repeated of a name that somebody sent.
fn shown(name: &str) -> String {
    name.chars().filter(|letter| !letter.is_control()).take(100).collect()
}
