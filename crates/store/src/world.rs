//! Who there is: tenants, what they own, who pays, who may do what.
//!
//! Every `put_…` inserts or changes a row and answers whether anything is different now, so that
//! applying the same world twice can say that it changed nothing.

use crate::{Read, Row, StoreError, Tx, Value};
use prorata_domain::access::{Assignment, Scope};
use prorata_domain::ids::{
    AssignmentId, OrderId, PrincipalId, SavingsPlanOrderId, SubscriptionId, TenantId,
};
use prorata_domain::payment::Failing;
use prorata_domain::policy::{Agreement, Payment};
use prorata_domain::principal::PrincipalKind;
use prorata_domain::reservation::{BillingAccount, PaymentFailure};

const PUT_TENANT: &str = "INSERT INTO tenants (id, name) VALUES ($1, $2) \
    ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE tenants.name <> excluded.name";
const TENANTS: &str = "SELECT id, name FROM tenants ORDER BY id";

const PUT_ACCOUNT: &str = "INSERT INTO billing_accounts \
    (id, agreement, currency, payment, usd_rate, profile, customer, prepayment_ends, \
    payment_failure, payment_failure_until) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
    ON CONFLICT (id) DO UPDATE SET agreement = excluded.agreement, currency = excluded.currency, \
    payment = excluded.payment, usd_rate = excluded.usd_rate, profile = excluded.profile, \
    customer = excluded.customer, prepayment_ends = excluded.prepayment_ends, \
    payment_failure = excluded.payment_failure, \
    payment_failure_until = excluded.payment_failure_until \
    WHERE billing_accounts.agreement <> excluded.agreement \
    OR billing_accounts.currency <> excluded.currency \
    OR billing_accounts.payment <> excluded.payment \
    OR billing_accounts.usd_rate <> excluded.usd_rate \
    OR billing_accounts.profile IS DISTINCT FROM excluded.profile \
    OR billing_accounts.customer IS DISTINCT FROM excluded.customer \
    OR billing_accounts.prepayment_ends IS DISTINCT FROM excluded.prepayment_ends \
    OR billing_accounts.payment_failure IS DISTINCT FROM excluded.payment_failure \
    OR billing_accounts.payment_failure_until IS DISTINCT FROM excluded.payment_failure_until";
const ACCOUNT: &str = "SELECT id, agreement, currency, payment, usd_rate, profile, customer, \
    prepayment_ends, payment_failure, payment_failure_until FROM billing_accounts WHERE id = $1";

const PUT_SUBSCRIPTION: &str = "INSERT INTO subscriptions \
    (id, tenant, billing_account, name, state) VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT (id) DO UPDATE SET tenant = excluded.tenant, \
    billing_account = excluded.billing_account, name = excluded.name, state = excluded.state \
    WHERE subscriptions.tenant <> excluded.tenant \
    OR subscriptions.billing_account <> excluded.billing_account \
    OR subscriptions.name <> excluded.name OR subscriptions.state <> excluded.state";
const SUBSCRIPTION: &str =
    "SELECT id, tenant, billing_account, name, state FROM subscriptions WHERE id = $1";
const SUBSCRIPTIONS: &str = "SELECT id, tenant, billing_account, name, state \
    FROM subscriptions WHERE tenant = $1 ORDER BY id";

const PUT_RESOURCE_GROUP: &str = "INSERT INTO resource_groups (subscription, name, display_name) \
    VALUES ($1, $2, $3) ON CONFLICT (subscription, name) DO NOTHING";
const RESOURCE_GROUP: &str =
    "SELECT display_name FROM resource_groups WHERE subscription = $1 AND name = $2";

const PUT_MANAGEMENT_GROUP: &str = "INSERT INTO management_groups (tenant, id, name) \
    VALUES ($1, $2, $3) ON CONFLICT (tenant, id) DO UPDATE SET name = excluded.name \
    WHERE management_groups.name <> excluded.name";
const MANAGEMENT_GROUP: &str =
    "SELECT tenant, id, name FROM management_groups WHERE tenant = $1 AND id = $2";

const PUT_PRINCIPAL: &str = "INSERT INTO principals \
    (tenant, id, client_id, name, secret_hash, kind, home) VALUES ($1, $2, $3, $4, $5, $6, $7) \
    ON CONFLICT (tenant, id) DO UPDATE SET client_id = excluded.client_id, name = excluded.name, \
    secret_hash = excluded.secret_hash, kind = excluded.kind, home = excluded.home \
    WHERE principals.client_id <> excluded.client_id OR principals.name <> excluded.name \
    OR principals.secret_hash <> excluded.secret_hash OR principals.kind <> excluded.kind \
    OR principals.home IS DISTINCT FROM excluded.home";
const PRINCIPAL: &str = "SELECT tenant, id, client_id, name, secret_hash, kind, home \
    FROM principals WHERE tenant = $1 AND id = $2";
const PRINCIPAL_BY_CLIENT: &str = "SELECT tenant, id, client_id, name, secret_hash, kind, home \
    FROM principals WHERE tenant = $1 AND client_id = $2";
const PRINCIPALS: &str = "SELECT tenant, id, client_id, name, secret_hash, kind, home \
    FROM principals WHERE tenant = $1 ORDER BY id";

const PUT_ASSIGNMENT: &str = "INSERT INTO role_assignments \
    (tenant, principal, order_id, id, role, scope) \
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET \
    tenant = excluded.tenant, principal = excluded.principal, order_id = excluded.order_id, \
    role = excluded.role, scope = excluded.scope \
    WHERE role_assignments.tenant <> excluded.tenant \
    OR role_assignments.principal <> excluded.principal \
    OR role_assignments.role <> excluded.role OR role_assignments.scope <> excluded.scope";
const ASSIGNMENTS_ON: &str = "SELECT id, tenant, principal, role, scope FROM role_assignments \
    WHERE tenant = $1 AND order_id = $2 ORDER BY principal, id";
const ASSIGNMENTS: &str = "SELECT role, scope, id FROM role_assignments \
    WHERE tenant = $1 AND principal = $2 ORDER BY order_id, id";
const ASSIGNMENTS_ABOUT: &str = "SELECT role, scope, id FROM role_assignments \
    WHERE tenant = $1 AND principal = $2 AND order_id IN ('', $3) ORDER BY order_id, id";
const ASSIGNMENTS_ABOVE: &str = "SELECT role, scope, id FROM role_assignments \
    WHERE tenant = $1 AND principal = $2 AND order_id = '' ORDER BY id";

pub(crate) const STATEMENTS: &[&str] = &[
    PUT_TENANT,
    TENANTS,
    PUT_ACCOUNT,
    ACCOUNT,
    PUT_SUBSCRIPTION,
    SUBSCRIPTION,
    SUBSCRIPTIONS,
    PUT_RESOURCE_GROUP,
    RESOURCE_GROUP,
    PUT_MANAGEMENT_GROUP,
    MANAGEMENT_GROUP,
    PUT_PRINCIPAL,
    PRINCIPAL,
    PRINCIPAL_BY_CLIENT,
    PRINCIPALS,
    PUT_ASSIGNMENT,
    ASSIGNMENTS,
    ASSIGNMENTS_ON,
    ASSIGNMENTS_ABOUT,
    ASSIGNMENTS_ABOVE,
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    pub id: TenantId,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    pub id: SubscriptionId,
    pub tenant: TenantId,
    pub billing_account: String,
    pub name: String,
    /// `Enabled` and the like, as the provider says it.
    pub state: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagementGroup {
    pub tenant: TenantId,
    /// In lower case.
    pub id: String,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    pub tenant: TenantId,
    pub id: PrincipalId,
    /// In lower case.
    pub client_id: String,
    pub name: String,
    /// An argon2 hash; the secret itself is kept nowhere. Empty for an account that has none here.
    pub secret_hash: String,
    pub kind: PrincipalKind,
    /// The tenant of the account, where that is another one: then this is a guest.
    pub home: Option<TenantId>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleAssignment {
    pub id: AssignmentId,
    pub tenant: TenantId,
    pub principal: PrincipalId,
    /// The role's name.
    pub role: String,
    /// A scope path.
    pub scope: String,
}

/// # Errors
/// Those of the database, as for all functions here.
pub fn put_tenant(tx: &mut Tx<'_>, tenant: &Tenant) -> Result<bool, StoreError> {
    let changed = tx.execute(PUT_TENANT, &[tenant.id.into(), (&tenant.name).into()])?;
    Ok(changed > 0)
}

pub fn tenants(tx: &mut Tx<'_>) -> Result<Vec<Tenant>, StoreError> {
    let read = |row: &Row| Ok(Tenant { id: TenantId(row.uuid(0)?), name: row.string(1)? });
    tx.query(TENANTS, &[])?.iter().map(read).collect()
}

pub fn put_billing_account(tx: &mut Tx<'_>, account: &BillingAccount) -> Result<bool, StoreError> {
    let params = [
        (&account.id).into(),
        Value::fixed(account.agreement.as_str()),
        account.currency.into(),
        Value::fixed(account.payment.as_str()),
        account.usd_rate.into(),
        account.profile.as_deref().into(),
        account.customer.as_deref().into(),
        account.prepayment_ends.into(),
        account.failing.map(|failing| Value::fixed(failing.failure.as_str())).into(),
        account.failing.and_then(|failing| failing.until).into(),
    ];
    Ok(tx.execute(PUT_ACCOUNT, &params)? > 0)
}

pub fn billing_account(tx: &mut Tx<'_>, id: &str) -> Result<Option<BillingAccount>, StoreError> {
    tx.one(ACCOUNT, &[id.into()])?.map(|row| read_account(&row, 0)).transpose()
}

/// Reads an account from the columns that begin at `at`.
pub(crate) fn read_account(row: &Row, at: usize) -> Result<BillingAccount, StoreError> {
    Ok(BillingAccount {
        id: row.string(at)?,
        agreement: row.parsed(at + 1, "an agreement", Agreement::parse)?,
        currency: row.currency(at + 2)?,
        payment: row.parsed(at + 3, "a means of payment", Payment::parse)?,
        usd_rate: row.decimal(at + 4)?,
        profile: row.opt_string(at + 5)?,
        customer: row.opt_string(at + 6)?,
        prepayment_ends: row.opt_day(at + 7)?,
        failing: if row.is_null(at + 8) {
            None
        } else {
            let failure = row.parsed(at + 8, "a payment that fails", PaymentFailure::parse)?;
            Some(Failing { failure, until: row.opt_day(at + 9)? })
        },
    })
}

pub fn put_subscription(tx: &mut Tx<'_>, subscription: &Subscription) -> Result<bool, StoreError> {
    let params = [
        subscription.id.into(),
        subscription.tenant.into(),
        (&subscription.billing_account).into(),
        (&subscription.name).into(),
        (&subscription.state).into(),
    ];
    Ok(tx.execute(PUT_SUBSCRIPTION, &params)? > 0)
}

pub fn subscription(
    tx: &mut Tx<'_>,
    id: SubscriptionId,
) -> Result<Option<Subscription>, StoreError> {
    tx.one(SUBSCRIPTION, &[id.into()])?.map(|row| read_subscription(&row)).transpose()
}

/// Every subscription of a tenant.
pub fn subscriptions(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Vec<Subscription>, StoreError> {
    tx.query(SUBSCRIPTIONS, &[tenant.into()])?.iter().map(read_subscription).collect()
}

fn read_subscription(row: &Row) -> Result<Subscription, StoreError> {
    Ok(Subscription {
        id: SubscriptionId(row.uuid(0)?),
        tenant: TenantId(row.uuid(1)?),
        billing_account: row.string(2)?,
        name: row.string(3)?,
        state: row.string(4)?,
    })
}

pub fn put_resource_group(
    tx: &mut Tx<'_>,
    subscription: SubscriptionId,
    name: &str,
) -> Result<bool, StoreError> {
    let params = [subscription.into(), name.to_ascii_lowercase().into(), name.into()];
    Ok(tx.execute(PUT_RESOURCE_GROUP, &params)? > 0)
}

/// Names of resource groups compare without case.
pub fn resource_group_exists(
    tx: &mut Tx<'_>,
    subscription: SubscriptionId,
    name: &str,
) -> Result<bool, StoreError> {
    let params = [subscription.into(), name.to_ascii_lowercase().into()];
    Ok(tx.one(RESOURCE_GROUP, &params)?.is_some())
}

pub fn put_management_group(tx: &mut Tx<'_>, group: &ManagementGroup) -> Result<bool, StoreError> {
    let params = [group.tenant.into(), group.id.to_ascii_lowercase().into(), (&group.name).into()];
    Ok(tx.execute(PUT_MANAGEMENT_GROUP, &params)? > 0)
}

/// Ids of management groups compare without case.
pub fn management_group(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: &str,
) -> Result<Option<ManagementGroup>, StoreError> {
    let found = tx.one(MANAGEMENT_GROUP, &[tenant.into(), id.to_ascii_lowercase().into()])?;
    let read = |row: Row| {
        Ok(ManagementGroup {
            tenant: TenantId(row.uuid(0)?),
            id: row.string(1)?,
            name: row.string(2)?,
        })
    };
    found.map(read).transpose()
}

pub fn put_principal(tx: &mut Tx<'_>, principal: &Principal) -> Result<bool, StoreError> {
    let params = [
        principal.tenant.into(),
        principal.id.into(),
        principal.client_id.to_ascii_lowercase().into(),
        (&principal.name).into(),
        (&principal.secret_hash).into(),
        Value::fixed(principal.kind.as_str()),
        principal.home.into(),
    ];
    Ok(tx.execute(PUT_PRINCIPAL, &params)? > 0)
}

pub fn principal(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: PrincipalId,
) -> Result<Option<Principal>, StoreError> {
    tx.one(PRINCIPAL, &[tenant.into(), id.into()])?.map(|row| read_principal(&row)).transpose()
}

/// Client ids compare without case.
pub fn principal_by_client(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    client_id: &str,
) -> Result<Option<Principal>, StoreError> {
    let params = [tenant.into(), client_id.to_ascii_lowercase().into()];
    tx.one(PRINCIPAL_BY_CLIENT, &params)?.map(|row| read_principal(&row)).transpose()
}

/// Every principal of a tenant.
pub fn principals(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Vec<Principal>, StoreError> {
    tx.query(PRINCIPALS, &[tenant.into()])?.iter().map(read_principal).collect()
}

pub(crate) fn read_principal(row: &Row) -> Result<Principal, StoreError> {
    Ok(Principal {
        tenant: TenantId(row.uuid(0)?),
        id: PrincipalId(row.uuid(1)?),
        client_id: row.string(2)?,
        name: row.string(3)?,
        secret_hash: row.string(4)?,
        kind: row.parsed(5, "a kind of principal", PrincipalKind::parse)?,
        home: row.opt_uuid(6)?.map(TenantId),
    })
}

/// Gives a role, or changes the assignment of that id.
pub fn put_assignment(tx: &mut Tx<'_>, assignment: &RoleAssignment) -> Result<bool, StoreError> {
    let scope = assignment.scope.to_ascii_lowercase();
    let params = [
        assignment.tenant.into(),
        assignment.principal.into(),
        order_of(&scope).unwrap_or(Value::fixed("")),
        assignment.id.into(),
        (&assignment.role).into(),
        scope.into(),
    ];
    Ok(tx.execute(PUT_ASSIGNMENT, &params)? > 0)
}

/// The order in which a scope lies, of reservations or of savings plans.
fn order_of(scope: &str) -> Option<Value> {
    let scope = Scope::parse(scope)?;
    let plans = scope.savings_plan_order_id().map(Value::from);
    scope.order_id().map(Value::from).or(plans)
}

/// Every role that anybody has on an order or on a reservation of it.
pub fn assignments_on(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    order: OrderId,
) -> Result<Vec<RoleAssignment>, StoreError> {
    let read = |row: &Row| {
        Ok(RoleAssignment {
            id: AssignmentId(row.uuid(0)?),
            tenant: TenantId(row.uuid(1)?),
            principal: PrincipalId(row.uuid(2)?),
            role: row.string(3)?,
            scope: row.string(4)?,
        })
    };
    tx.query(ASSIGNMENTS_ON, &[tenant.into(), order.into()])?.iter().map(read).collect()
}

/// Every role of a principal in a tenant, those on single orders included. Somebody who bought a
/// hundred thousand orders has as many roles: where one order matters, [`assignments_about`] is
/// quick.
pub fn assignments_of(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    principal: PrincipalId,
) -> Result<Vec<Assignment>, StoreError> {
    let rows = tx.query(ASSIGNMENTS, &[tenant.into(), principal.into()])?;
    rows.iter().map(read_assignment).collect()
}

/// The roles of a principal that bear on one order: those on it or its reservations, and those
/// on no order at all.
pub fn assignments_about(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    principal: PrincipalId,
    order: OrderId,
) -> Result<Vec<Assignment>, StoreError> {
    let read = about(tenant, principal, order);
    tx.query(read.sql, &read.params)?.iter().map(read_assignment).collect()
}

/// What [`assignments_about`] reads.
pub fn about(tenant: TenantId, principal: PrincipalId, order: OrderId) -> Read {
    Read { sql: ASSIGNMENTS_ABOUT, params: vec![tenant.into(), principal.into(), order.into()] }
}

/// The same for an order of savings plans.
pub fn assignments_about_savings_plans(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    principal: PrincipalId,
    order: SavingsPlanOrderId,
) -> Result<Vec<Assignment>, StoreError> {
    let params = [tenant.into(), principal.into(), order.into()];
    tx.query(ASSIGNMENTS_ABOUT, &params)?.iter().map(read_assignment).collect()
}

/// The roles of a principal that are not on single orders.
pub fn assignments_above_orders(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    principal: PrincipalId,
) -> Result<Vec<Assignment>, StoreError> {
    let rows = tx.query(ASSIGNMENTS_ABOVE, &[tenant.into(), principal.into()])?;
    rows.iter().map(read_assignment).collect()
}

fn read_assignment(row: &Row) -> Result<Assignment, StoreError> {
    let scope = row.parsed(1, "a scope", Scope::parse)?;
    Ok(Assignment {
        id: Some(AssignmentId(row.uuid(2)?)),
        ..Assignment::new(row.string(0)?, scope)
    })
}
