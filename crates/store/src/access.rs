//! Who may beside those with a role: billing roles, the accounts' policy, and who owned a
//! subscription when it paid.

use crate::{Read, Row, StoreError, Tx, Value};
use prorata_domain::access::{BillingRole, BillingRoleName, Payer};
use prorata_domain::ids::{OrderId, PrincipalId, SavingsPlanOrderId, SubscriptionId, TenantId};
use prorata_domain::policy::Agreement;
use uuid::Uuid;

const PUT_BILLING_ROLE: &str = "INSERT INTO billing_roles \
    (tenant, principal, billing_account, profile, role) VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT (tenant, principal, billing_account, profile, role) DO NOTHING";
const BILLING_ROLES: &str = "SELECT role, billing_account, profile FROM billing_roles \
    WHERE tenant = $1 AND principal = $2 ORDER BY billing_account, profile, role";

const SET_POLICY: &str = "UPDATE billing_accounts SET sells_reservations = $2 \
    WHERE id = $1 AND sells_reservations <> $2";
const SET_ADMIN: &str = "UPDATE subscriptions SET account_admin = $2 \
    WHERE id = $1 AND account_admin IS DISTINCT FROM $2";

const PAYER: &str = "SELECT id, profile, agreement, sells_reservations FROM billing_accounts \
    WHERE id = $1";
const PAYER_OF_ORDER: &str = "SELECT o.billing_account, o.billing_profile, b.agreement, \
    b.sells_reservations FROM orders o JOIN billing_accounts b ON b.id = o.billing_account \
    WHERE o.tenant = $1 AND o.id = $2";
const PAYER_OF_PLANS: &str = "SELECT o.billing_account, o.billing_profile, b.agreement, \
    b.sells_reservations FROM savings_plan_orders o \
    JOIN billing_accounts b ON b.id = o.billing_account WHERE o.tenant = $1 AND o.id = $2";
const PAYER_OF_SUBSCRIPTION: &str = "SELECT b.id, b.profile, b.agreement, b.sells_reservations \
    FROM subscriptions s JOIN billing_accounts b ON b.id = s.billing_account \
    WHERE s.id = $2 AND s.tenant = $1";

const PAID: &str = "SELECT o.id, o.billing_profile FROM orders o \
    WHERE o.tenant = $1 AND o.billing_account = $2 ORDER BY o.id";
const PAID_PLANS: &str = "SELECT o.id, o.billing_profile FROM savings_plan_orders o \
    WHERE o.billing_account = $2 AND o.tenant = $1 ORDER BY o.id";

/// Those who stand behind a subscription: its account administrator under an empty scope, and
/// everybody with the role of an owner at one of two scopes.
const OWNERS: &str = "SELECT account_admin, '' FROM subscriptions \
    WHERE id = $2 AND account_admin IS NOT NULL \
    UNION ALL SELECT principal, scope FROM role_assignments \
    WHERE tenant = $1 AND order_id = '' AND role = 'Owner' AND scope IN ($3, '/')";
const OWNERS_AT: &str = "SELECT principal, scope FROM role_assignments \
    WHERE tenant = $1 AND order_id = '' AND role = 'Owner' AND scope = $2";
const PUT_OWNER: &str = "INSERT INTO payer_owners (tenant, principal, order_id, subscription) \
    VALUES ($1, $2, $3, $4)";
const OWNED: &str = "SELECT subscription FROM payer_owners \
    WHERE tenant = $1 AND principal = $2 AND order_id = $3";
const ALL_OWNED: &str = "SELECT order_id FROM payer_owners \
    WHERE tenant = $1 AND principal = $2 ORDER BY order_id";
const FORGET_OWNERS: &str = "DELETE FROM payer_owners WHERE order_id = $1";

pub(crate) const STATEMENTS: &[&str] = &[
    PUT_BILLING_ROLE,
    BILLING_ROLES,
    SET_POLICY,
    SET_ADMIN,
    PAYER,
    PAYER_OF_ORDER,
    PAYER_OF_PLANS,
    PAYER_OF_SUBSCRIPTION,
    PAID,
    PAID_PLANS,
    OWNERS,
    OWNERS_AT,
    PUT_OWNER,
    OWNED,
    ALL_OWNED,
    FORGET_OWNERS,
];

/// Gives a billing role; answers whether that is new.
///
/// # Errors
/// Those of the database, as for all functions here.
pub fn put_billing_role(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    principal: PrincipalId,
    role: &BillingRole,
) -> Result<bool, StoreError> {
    let params = [
        tenant.into(),
        principal.into(),
        (&role.account).into(),
        role.profile.as_deref().unwrap_or_default().into(),
        role.name.as_str().into(),
    ];
    Ok(tx.execute(PUT_BILLING_ROLE, &params)? > 0)
}

/// The billing roles of a principal in a tenant.
pub fn billing_roles(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    principal: PrincipalId,
) -> Result<Vec<BillingRole>, StoreError> {
    let read = |row: &Row| {
        Ok(BillingRole {
            name: row.parsed(0, "a billing role", BillingRoleName::parse)?,
            account: row.string(1)?,
            profile: Some(row.string(2)?).filter(|profile| !profile.is_empty()),
        })
    };
    tx.query(BILLING_ROLES, &[tenant.into(), principal.into()])?.iter().map(read).collect()
}

/// Sets an account's switch for reservations; answers whether that is new.
pub fn set_policy(
    tx: &mut Tx<'_>,
    account: &str,
    sells_reservations: bool,
) -> Result<bool, StoreError> {
    Ok(tx.execute(SET_POLICY, &[account.into(), sells_reservations.into()])? > 0)
}

/// Says who administers the account of a subscription; answers whether that is new.
pub fn set_account_admin(
    tx: &mut Tx<'_>,
    subscription: SubscriptionId,
    admin: Option<PrincipalId>,
) -> Result<bool, StoreError> {
    let admin = admin.map_or(Value::Null, Value::from);
    Ok(tx.execute(SET_ADMIN, &[subscription.into(), admin])? > 0)
}

fn read_payer(row: &Row) -> Result<Payer, StoreError> {
    Ok(Payer {
        account: row.string(0)?,
        profile: row.opt_string(1)?,
        agreement: row.parsed(2, "an agreement", Agreement::parse)?,
        sells_reservations: row.flag(3)?,
    })
}

/// An account as one that pays.
pub fn payer(tx: &mut Tx<'_>, account: &str) -> Result<Option<Payer>, StoreError> {
    tx.one(PAYER, &[account.into()])?.map(|row| read_payer(&row)).transpose()
}

/// Who pays for an order.
pub fn payer_of_order(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    order: OrderId,
) -> Result<Option<Payer>, StoreError> {
    let row = tx.one(PAYER_OF_ORDER, &[tenant.into(), order.into()])?;
    row.map(|row| read_payer(&row)).transpose()
}

/// Who pays for an order of savings plans.
pub fn payer_of_savings_plans(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    order: SavingsPlanOrderId,
) -> Result<Option<Payer>, StoreError> {
    let row = tx.one(PAYER_OF_PLANS, &[tenant.into(), order.into()])?;
    row.map(|row| read_payer(&row)).transpose()
}

/// Who pays for what a subscription of the tenant buys.
pub fn payer_of_subscription(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    subscription: SubscriptionId,
) -> Result<Option<Payer>, StoreError> {
    let row = tx.one(PAYER_OF_SUBSCRIPTION, &[tenant.into(), subscription.into()])?;
    row.map(|row| read_payer(&row)).transpose()
}

/// The orders of a tenant that an account pays for, with the profile that does.
pub fn paid_orders(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    account: &str,
) -> Result<Vec<(OrderId, Option<String>)>, StoreError> {
    let read = |row: &Row| Ok((OrderId(row.uuid(0)?), row.opt_string(1)?));
    tx.query(PAID, &[tenant.into(), account.into()])?.iter().map(read).collect()
}

/// The same of savings plans.
pub fn paid_savings_plan_orders(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    account: &str,
) -> Result<Vec<(SavingsPlanOrderId, Option<String>)>, StoreError> {
    let read = |row: &Row| Ok((SavingsPlanOrderId(row.uuid(0)?), row.opt_string(1)?));
    tx.query(PAID_PLANS, &[tenant.into(), account.into()])?.iter().map(read).collect()
}

/// Who stands behind a subscription on a day on which it pays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Owners {
    pub account_admin: Option<PrincipalId>,
    /// Everybody with the role of an owner on it or at the root; with `scopes` of groups above
    /// it, on those too.
    pub owners: Vec<PrincipalId>,
}

/// Reads who stands behind a subscription. `groups` are the scopes of the management groups above
/// it.
pub fn owners(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    subscription: SubscriptionId,
    groups: &[String],
) -> Result<Owners, StoreError> {
    let read = owners_read(tenant, subscription);
    let mut rows = tx.query(read.sql, &read.params)?;
    for scope in groups {
        rows.extend(tx.query(OWNERS_AT, &[tenant.into(), scope.into()])?);
    }
    let mut found = Owners::default();
    for row in &rows {
        let principal = PrincipalId(row.uuid(0)?);
        if row.text(1)?.is_empty() {
            found.account_admin = Some(principal);
        } else {
            found.owners.push(principal);
        }
    }
    found.owners.sort_unstable();
    found.owners.dedup();
    Ok(found)
}

/// What [`owners`] reads where the subscription is in no group.
pub fn owners_read(tenant: TenantId, subscription: SubscriptionId) -> Read {
    let scope = format!("/subscriptions/{subscription}");
    Read { sql: OWNERS, params: vec![tenant.into(), subscription.into(), scope.into()] }
}

/// Keeps who owned the subscription when it paid for an order, of reservations or savings plans.
pub fn put_payer_owner(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    principal: PrincipalId,
    order: Uuid,
    subscription: SubscriptionId,
) {
    let params = vec![tenant.into(), principal.into(), order.into(), subscription.into()];
    tx.queue(PUT_OWNER, params);
}

/// The subscription that paid for an order, where a principal owned it when it did.
pub fn owned_when_paid(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    principal: PrincipalId,
    order: Uuid,
) -> Result<Option<SubscriptionId>, StoreError> {
    let row = tx.one(OWNED, &[tenant.into(), principal.into(), order.into()])?;
    row.map(|row| row.uuid(0).map(SubscriptionId)).transpose()
}

/// Every order, of either kind, whose subscription a principal owned when it paid.
pub fn all_owned_when_paid(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    principal: PrincipalId,
) -> Result<Vec<Uuid>, StoreError> {
    tx.query(ALL_OWNED, &[tenant.into(), principal.into()])?.iter().map(|row| row.uuid(0)).collect()
}

/// Forgets who owned the subscription that paid for an order.
pub fn forget_payer_owners(tx: &mut Tx<'_>, order: OrderId) -> Result<(), StoreError> {
    tx.execute(FORGET_OWNERS, &[order.into()]).map(drop)
}
