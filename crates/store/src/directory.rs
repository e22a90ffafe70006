//! What clients walk before they ask for anything: a tenant, and what lies in a subscription.

use crate::world::{Principal, Tenant, read_account, read_principal};
use crate::{Row, StoreError, Tx};
use prorata_domain::ids::{SubscriptionId, TenantId};
use prorata_domain::reservation::BillingAccount;

const TENANT: &str = "SELECT id, name FROM tenants WHERE id = $1";
const RESOURCE_GROUPS: &str =
    "SELECT display_name FROM resource_groups WHERE subscription = $1 ORDER BY name";
const ACCOUNTS: &str = "SELECT id, agreement, currency, payment, usd_rate, profile, customer, \
    prepayment_ends, payment_failure, payment_failure_until FROM billing_accounts \
    WHERE id IN (SELECT billing_account FROM subscriptions WHERE tenant = $1) ORDER BY id";
const GROUPS: &str = "SELECT id, name, parent FROM management_groups WHERE tenant = $1 ORDER BY id";
const MEMBERS: &str = "SELECT id, name, management_group FROM subscriptions \
    WHERE tenant = $1 AND management_group IS NOT NULL ORDER BY id";
/// Guests are not asked: they have no secret of their own.
const CLIENTS: &str = "SELECT tenant, id, client_id, name, secret_hash, kind, home \
    FROM principals WHERE client_id = $1 AND home IS NULL ORDER BY tenant LIMIT 2";

pub(crate) const STATEMENTS: &[&str] =
    &[TENANT, RESOURCE_GROUPS, ACCOUNTS, GROUPS, MEMBERS, CLIENTS];

/// # Errors
/// Those of the database, as for all functions here.
pub fn tenant(tx: &mut Tx<'_>, id: TenantId) -> Result<Option<Tenant>, StoreError> {
    let read = |row: Row| Ok(Tenant { id: TenantId(row.uuid(0)?), name: row.string(1)? });
    tx.one(TENANT, &[id.into()])?.map(read).transpose()
}

/// The names of a subscription's resource groups, as they were written.
pub fn resource_groups(
    tx: &mut Tx<'_>,
    subscription: SubscriptionId,
) -> Result<Vec<String>, StoreError> {
    tx.query(RESOURCE_GROUPS, &[subscription.into()])?.iter().map(|row| row.string(0)).collect()
}

/// The accounts that pay for a tenant's subscriptions.
pub fn billing_accounts(
    tx: &mut Tx<'_>,
    tenant: TenantId,
) -> Result<Vec<BillingAccount>, StoreError> {
    tx.query(ACCOUNTS, &[tenant.into()])?.iter().map(|row| read_account(row, 0)).collect()
}

/// A management group and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// In lower case.
    pub id: String,
    pub name: String,
    /// The group right above it.
    pub parent: Option<String>,
}

/// A subscription that is in a management group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub id: SubscriptionId,
    pub name: String,
    /// The group it is right in.
    pub group: String,
}

/// Every management group of a tenant, by id.
pub fn groups(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Vec<Group>, StoreError> {
    let read = |row: &Row| {
        Ok(Group { id: row.string(0)?, name: row.string(1)?, parent: row.opt_string(2)? })
    };
    tx.query(GROUPS, &[tenant.into()])?.iter().map(read).collect()
}

/// The subscriptions of a tenant that are in management groups.
pub fn members(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Vec<Member>, StoreError> {
    let read = |row: &Row| {
        let id = SubscriptionId(row.uuid(0)?);
        Ok(Member { id, name: row.string(1)?, group: row.string(2)? })
    };
    tx.query(MEMBERS, &[tenant.into()])?.iter().map(read).collect()
}

/// The client of this id where only one tenant has one: some clients sign in without naming their
/// tenant. Client ids compare without case.
pub fn only_client(tx: &mut Tx<'_>, client_id: &str) -> Result<Option<Principal>, StoreError> {
    let rows = tx.query(CLIENTS, &[client_id.to_ascii_lowercase().into()])?;
    let [row] = rows.as_slice() else { return Ok(None) };
    read_principal(row).map(Some)
}
