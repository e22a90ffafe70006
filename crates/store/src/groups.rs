//! Management groups as a tree, and which subscriptions are in them.

use crate::{Row, StoreError, Tx, Value};
use prorata_domain::ids::{SubscriptionId, TenantId};

const PLACE_GROUP: &str = "UPDATE management_groups SET parent = $3 \
    WHERE tenant = $1 AND id = $2 AND parent IS DISTINCT FROM $3";
const TREE: &str = "SELECT id, parent FROM management_groups WHERE tenant = $1 ORDER BY id";
const REMOVE_GROUP: &str = "DELETE FROM management_groups WHERE tenant = $1 AND id = $2";
const PLACE_SUBSCRIPTION: &str = "UPDATE subscriptions SET management_group = $2 \
    WHERE id = $1 AND management_group IS DISTINCT FROM $2";
const GROUP_OF: &str = "SELECT management_group FROM subscriptions WHERE id = $1";
const PLACED: &str = "SELECT id, management_group FROM subscriptions \
    WHERE tenant = $1 AND billing_account = $2 AND state <> 'Deleted' ORDER BY id";
const REMOVE_RESOURCE_GROUP: &str =
    "DELETE FROM resource_groups WHERE subscription = $1 AND name = $2";

pub(crate) const STATEMENTS: &[&str] =
    &[PLACE_GROUP, TREE, REMOVE_GROUP, PLACE_SUBSCRIPTION, GROUP_OF, PLACED, REMOVE_RESOURCE_GROUP];

fn key(id: &str) -> Value {
    id.to_ascii_lowercase().into()
}

fn optional(id: Option<&str>) -> Value {
    id.map_or(Value::Null, key)
}

/// Puts a group below another one, or right below the tenant's root. Answers whether that is new.
///
/// # Errors
/// Those of the database, as for all functions here.
pub fn place_group(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: &str,
    parent: Option<&str>,
) -> Result<bool, StoreError> {
    Ok(tx.execute(PLACE_GROUP, &[tenant.into(), key(id), optional(parent)])? > 0)
}

/// Every management group of a tenant with the one right above it; ids are in lower case.
pub fn tree(
    tx: &mut Tx<'_>,
    tenant: TenantId,
) -> Result<Vec<(String, Option<String>)>, StoreError> {
    let read = |row: &Row| Ok((row.string(0)?, row.opt_string(1)?));
    tx.query(TREE, &[tenant.into()])?.iter().map(read).collect()
}

/// Takes a management group away; answers whether it was there.
pub fn remove_group(tx: &mut Tx<'_>, tenant: TenantId, id: &str) -> Result<bool, StoreError> {
    Ok(tx.execute(REMOVE_GROUP, &[tenant.into(), key(id)])? > 0)
}

/// Puts a subscription into a group, or right below the tenant's root. Answers whether that is new.
pub fn place_subscription(
    tx: &mut Tx<'_>,
    subscription: SubscriptionId,
    group: Option<&str>,
) -> Result<bool, StoreError> {
    Ok(tx.execute(PLACE_SUBSCRIPTION, &[subscription.into(), optional(group)])? > 0)
}

/// The group that a subscription is right in, in lower case.
pub fn group_of(
    tx: &mut Tx<'_>,
    subscription: SubscriptionId,
) -> Result<Option<String>, StoreError> {
    tx.one(GROUP_OF, &[subscription.into()])?.map_or(Ok(None), |row| row.opt_string(0))
}

/// The subscriptions of a tenant that an account pays for, with the group each is right in;
/// deleted ones are not among them.
pub fn placed(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    billing_account: &str,
) -> Result<Vec<(SubscriptionId, Option<String>)>, StoreError> {
    let read = |row: &Row| Ok((SubscriptionId(row.uuid(0)?), row.opt_string(1)?));
    tx.query(PLACED, &[tenant.into(), billing_account.into()])?.iter().map(read).collect()
}

/// Takes a resource group away; answers whether it was there.
pub fn remove_resource_group(
    tx: &mut Tx<'_>,
    subscription: SubscriptionId,
    name: &str,
) -> Result<bool, StoreError> {
    Ok(tx.execute(REMOVE_RESOURCE_GROUP, &[subscription.into(), key(name)])? > 0)
}
