//! Approval policies, by whose deeds they are about.

use crate::{Row, StoreError, Tx, Value};
use prorata_domain::ids::TenantId;
use prorata_domain::request::approval::{Policy, Scope};

const PUT: &str = "INSERT INTO approval_policies (scope_kind, scope, name, version, doc) \
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (scope_kind, scope, name) DO UPDATE SET \
    version = excluded.version, doc = excluded.doc";
const DELETE: &str =
    "DELETE FROM approval_policies WHERE scope_kind = $1 AND scope = $2 AND name = $3";
const ABOUT: &str = "SELECT doc FROM approval_policies \
    WHERE (scope_kind = 'tenant' AND scope = $1) \
    OR (scope_kind = 'billing-account' AND scope = $2) \
    OR (scope_kind = 'customer' AND scope = $3) ORDER BY scope_kind DESC, scope, name";
const NAMED: &str = "SELECT doc FROM approval_policies \
    WHERE scope_kind = $1 AND scope = $2 AND name = $3";
/// Subscriptions of other tenants that an account, or any account of a customer, pays for.
const STRANGERS: &str = "SELECT COUNT(*) FROM subscriptions s \
    JOIN billing_accounts b ON b.id = s.billing_account \
    WHERE s.tenant <> $1 AND (LOWER(b.id) = $2 OR LOWER(b.customer) = $3)";

pub(crate) const STATEMENTS: &[&str] = &[PUT, DELETE, ABOUT, NAMED, STRANGERS];

/// The words of a scope's kind, and its key.
fn key(scope: &Scope) -> (Value, Value) {
    match scope {
        Scope::Tenant(tenant) => (Value::fixed("tenant"), (*tenant).into()),
        Scope::BillingAccount(id) => {
            (Value::fixed("billing-account"), id.to_ascii_lowercase().into())
        }
        Scope::Customer(id) => (Value::fixed("customer"), id.to_ascii_lowercase().into()),
    }
}

/// # Errors
/// Those of the database, as for all functions here.
pub fn put(tx: &mut Tx<'_>, policy: &Policy, doc: &str) -> Result<(), StoreError> {
    let (kind, scope) = key(&policy.scope);
    let params = vec![kind, scope, (&policy.name).into(), policy.version.into(), doc.into()];
    tx.queue(PUT, params);
    Ok(())
}

pub fn delete(tx: &mut Tx<'_>, scope: &Scope, name: &str) -> Result<(), StoreError> {
    let (kind, scope) = key(scope);
    tx.queue(DELETE, vec![kind, scope, name.into()]);
    Ok(())
}

/// The documents of the policies about a tenant, an account or a customer, in the order in which
/// they are looked at: tenant, customer, account, and then by name.
pub fn about(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    account: &str,
    customer: &str,
) -> Result<Vec<String>, StoreError> {
    let (account, customer) = (account.to_ascii_lowercase(), customer.to_ascii_lowercase());
    let rows = tx.query(ABOUT, &[tenant.into(), account.into(), customer.into()])?;
    rows.iter().map(|row| row.string(0)).collect()
}

/// The document of one policy.
pub fn named(tx: &mut Tx<'_>, scope: &Scope, name: &str) -> Result<Option<String>, StoreError> {
    let (kind, scope) = key(scope);
    let row = tx.one(NAMED, &[kind, scope, name.into()])?;
    row.map(|row: Row| row.string(0)).transpose()
}

/// How many subscriptions of other tenants a policy of this scope would be about.
pub fn strangers(tx: &mut Tx<'_>, tenant: TenantId, scope: &Scope) -> Result<i64, StoreError> {
    let (account, customer) = match scope {
        Scope::Tenant(_) => return Ok(0),
        Scope::BillingAccount(id) => (id.to_ascii_lowercase(), String::new()),
        Scope::Customer(id) => (String::new(), id.to_ascii_lowercase()),
    };
    let row = tx.one(STRANGERS, &[tenant.into(), account.into(), customer.into()])?;
    row.map_or(Ok(0), |row| row.int(0))
}
