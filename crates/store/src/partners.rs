//! Partners, their customers and agents, and what customers may buy for themselves.
//!
//! Every `put_…` inserts or changes a row and answers whether anything is different now.

use crate::{Row, StoreError, Tx, Value};
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_domain::ids::{PrincipalId, SubscriptionId, TenantId};
use prorata_domain::partner::{PartnerKind, PartnerRole, Relationship};

const PUT_PARTNER: &str = "INSERT INTO partners (tenant, kind) VALUES ($1, $2) \
    ON CONFLICT (tenant) DO UPDATE SET kind = excluded.kind WHERE partners.kind <> excluded.kind";
const PARTNER: &str = "SELECT p.tenant, t.name, p.kind, p.version FROM partners p \
    JOIN tenants t ON t.id = p.tenant WHERE p.tenant = $1";
const CHANGED: &str = "UPDATE partners SET version = version + 1";

const PUT_CUSTOMER: &str = "INSERT INTO partner_customers \
    (partner, customer, since, until, azure_plan, market, reseller) \
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (partner, customer) DO UPDATE SET \
    since = excluded.since, until = excluded.until, azure_plan = excluded.azure_plan, \
    market = excluded.market, reseller = excluded.reseller \
    WHERE partner_customers.since <> excluded.since \
    OR partner_customers.until IS DISTINCT FROM excluded.until \
    OR partner_customers.azure_plan <> excluded.azure_plan \
    OR partner_customers.market IS DISTINCT FROM excluded.market \
    OR partner_customers.reseller IS DISTINCT FROM excluded.reseller";
const CUSTOMER: &str = "SELECT c.partner, c.customer, t.name, c.since, c.until, c.azure_plan, \
    c.market, c.reseller FROM partner_customers c JOIN tenants t ON t.id = c.customer \
    WHERE c.partner = $1 AND c.customer = $2";
const CUSTOMERS: &str = "SELECT c.partner, c.customer, t.name, c.since, c.until, c.azure_plan, \
    c.market, c.reseller FROM partner_customers c JOIN tenants t ON t.id = c.customer \
    WHERE c.partner = $1 AND c.customer > $2 ORDER BY c.customer LIMIT $3";
/// An indirect reseller's customers are those of the providers through which it sells.
const RESOLD: &str = "SELECT c.partner, c.customer, t.name, c.since, c.until, c.azure_plan, \
    c.market, c.reseller FROM partner_customers c JOIN tenants t ON t.id = c.customer \
    WHERE c.reseller = $1 AND c.customer = $2 ORDER BY c.partner";

const PUT_ACCOUNT: &str = "INSERT INTO partner_accounts (billing_account, partner, customer) \
    VALUES ($1, $2, $3) ON CONFLICT (billing_account) DO UPDATE SET \
    partner = excluded.partner, customer = excluded.customer \
    WHERE partner_accounts.partner <> excluded.partner \
    OR partner_accounts.customer <> excluded.customer";
const SELLER: &str = "SELECT a.partner, t.name FROM partner_accounts a \
    JOIN tenants t ON t.id = a.partner WHERE a.billing_account = $1";
const ACCOUNTS: &str = "SELECT billing_account FROM partner_accounts \
    WHERE partner = $1 AND customer = $2 ORDER BY billing_account";

const PUT_AGENT: &str = "INSERT INTO partner_agents (partner, principal, role, since, until) \
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (partner, principal, role) DO UPDATE SET \
    since = excluded.since, until = excluded.until \
    WHERE partner_agents.since <> excluded.since \
    OR partner_agents.until IS DISTINCT FROM excluded.until";
const ROLES: &str = "SELECT role FROM partner_agents WHERE partner = $1 AND principal = $2 \
    AND since <= $3 AND COALESCE(until, '9999-12-31') > $3 ORDER BY role";
const AGENTS: &str = "SELECT a.principal, p.name, a.role, a.since, a.until FROM partner_agents a \
    JOIN principals p ON p.tenant = a.partner AND p.id = a.principal \
    WHERE a.partner = $1 ORDER BY p.name, a.principal, a.role";
const EMPLOYER: &str = "SELECT a.partner FROM partner_agents a \
    JOIN principals p ON p.tenant = a.partner AND p.id = a.principal \
    JOIN partner_customers c ON c.partner = a.partner AND c.customer = $2 \
    WHERE p.client_id = $1 ORDER BY a.partner";

const PUT_PERMISSION: &str = "INSERT INTO customer_permissions \
    (partner, customer, kind, allowed, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5, $6) \
    ON CONFLICT (partner, customer, kind) DO UPDATE SET allowed = excluded.allowed, \
    changed_at = excluded.changed_at, changed_by = excluded.changed_by \
    WHERE customer_permissions.allowed <> excluded.allowed";
const PERMISSION: &str = "SELECT allowed, changed_at, changed_by FROM customer_permissions \
    WHERE partner = $1 AND customer = $2 AND kind = $3";

const REGISTER: &str = "INSERT INTO registered_subscriptions \
    (subscription, registered_at, registered_by) VALUES ($1, $2, $3) \
    ON CONFLICT (subscription) DO NOTHING";
const REGISTERED: &str =
    "SELECT registered_at FROM registered_subscriptions WHERE subscription = $1";

pub(crate) const STATEMENTS: &[&str] = &[
    PUT_PARTNER,
    PARTNER,
    CHANGED,
    PUT_CUSTOMER,
    CUSTOMER,
    CUSTOMERS,
    RESOLD,
    PUT_ACCOUNT,
    SELLER,
    ACCOUNTS,
    PUT_AGENT,
    ROLES,
    AGENTS,
    EMPLOYER,
    PUT_PERMISSION,
    PERMISSION,
    REGISTER,
    REGISTERED,
];

/// A tenant that sells to others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    pub tenant: TenantId,
    pub name: String,
    pub kind: PartnerKind,
    /// Counts what [`changed`] has said.
    pub version: i64,
}

/// A partner's relationship with a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    pub partner: TenantId,
    pub customer: TenantId,
    /// The customer's name; not looked at when it is put.
    pub name: String,
    pub relationship: Relationship,
    /// The indirect reseller through whom the partner sells, where there is one.
    pub reseller: Option<TenantId>,
}

/// A Partner Center role of somebody of the partner's tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    pub principal: PrincipalId,
    /// The principal's name; not looked at when it is put.
    pub name: String,
    pub role: PartnerRole,
    /// The first day of the role.
    pub since: Date,
    /// The first day without it.
    pub until: Option<Date>,
}

/// Whether a customer may buy for itself, and who said so when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    pub allowed: bool,
    pub changed_at: Timestamp,
    pub changed_by: PrincipalId,
}

/// The partner that sells what a billing account pays for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seller {
    pub partner: TenantId,
    pub name: String,
}

/// # Errors
/// Those of the database, as for all functions here.
pub fn put_partner(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    kind: PartnerKind,
) -> Result<bool, StoreError> {
    Ok(tx.execute(PUT_PARTNER, &[tenant.into(), Value::fixed(kind.as_str())])? > 0)
}

pub fn partner(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Option<Partner>, StoreError> {
    let read = |row: Row| {
        Ok(Partner {
            tenant: TenantId(row.uuid(0)?),
            name: row.string(1)?,
            kind: row.parsed(2, "a kind of partner", PartnerKind::parse)?,
            version: row.int(3)?,
        })
    };
    tx.one(PARTNER, &[tenant.into()])?.map(read).transpose()
}

/// Says that a customer, its name or what is paid for it has changed: what was kept of them in memory
/// is read again. Whoever changes them calls this before anything of them is read.
pub fn changed(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    tx.execute(CHANGED, &[]).map(drop)
}

pub fn put_customer(tx: &mut Tx<'_>, row: &Customer) -> Result<bool, StoreError> {
    let known = &row.relationship;
    let params = [
        row.partner.into(),
        row.customer.into(),
        known.since.into(),
        known.until.into(),
        known.azure_plan.into(),
        known.market.as_deref().into(),
        row.reseller.into(),
    ];
    Ok(tx.execute(PUT_CUSTOMER, &params)? > 0)
}

/// The relationship of a partner with a customer, whether it holds or not.
pub fn customer(
    tx: &mut Tx<'_>,
    partner: TenantId,
    customer: TenantId,
) -> Result<Option<Customer>, StoreError> {
    let row = tx.one(CUSTOMER, &[partner.into(), customer.into()])?;
    row.map(|row| read_customer(&row)).transpose()
}

/// The customers of a partner by their tenants' ids, after one of them or from the first.
pub fn customers(
    tx: &mut Tx<'_>,
    partner: TenantId,
    after: Option<TenantId>,
    limit: usize,
) -> Result<Vec<Customer>, StoreError> {
    let after = after.map_or(Value::fixed(""), Value::from);
    let params = [partner.into(), after, crate::orders::limit_value(limit)];
    tx.query(CUSTOMERS, &params)?.iter().map(read_customer).collect()
}

/// The relationships of providers with a customer that an indirect reseller has through them.
pub fn resold(
    tx: &mut Tx<'_>,
    reseller: TenantId,
    customer: TenantId,
) -> Result<Vec<Customer>, StoreError> {
    let rows = tx.query(RESOLD, &[reseller.into(), customer.into()])?;
    rows.iter().map(read_customer).collect()
}

fn read_customer(row: &Row) -> Result<Customer, StoreError> {
    Ok(Customer {
        partner: TenantId(row.uuid(0)?),
        customer: TenantId(row.uuid(1)?),
        name: row.string(2)?,
        relationship: Relationship {
            since: row.day(3)?,
            until: row.opt_day(4)?,
            azure_plan: row.flag(5)?,
            market: row.opt_string(6)?,
        },
        reseller: row.opt_uuid(7)?.map(TenantId),
    })
}

/// Says that a partner pays for a customer with an account.
pub fn put_account(
    tx: &mut Tx<'_>,
    billing_account: &str,
    partner: TenantId,
    customer: TenantId,
) -> Result<bool, StoreError> {
    let params = [billing_account.into(), partner.into(), customer.into()];
    Ok(tx.execute(PUT_ACCOUNT, &params)? > 0)
}

/// The partner that sells what an account pays for, where one is recorded.
pub fn seller(tx: &mut Tx<'_>, billing_account: &str) -> Result<Option<Seller>, StoreError> {
    let read = |row: Row| Ok(Seller { partner: TenantId(row.uuid(0)?), name: row.string(1)? });
    tx.one(SELLER, &[billing_account.into()])?.map(read).transpose()
}

/// The accounts with which a partner pays for a customer.
pub fn accounts(
    tx: &mut Tx<'_>,
    partner: TenantId,
    customer: TenantId,
) -> Result<Vec<String>, StoreError> {
    let rows = tx.query(ACCOUNTS, &[partner.into(), customer.into()])?;
    rows.iter().map(|row| row.string(0)).collect()
}

pub fn put_agent(tx: &mut Tx<'_>, partner: TenantId, row: &Agent) -> Result<bool, StoreError> {
    let params = [
        partner.into(),
        row.principal.into(),
        Value::fixed(row.role.as_str()),
        row.since.into(),
        row.until.into(),
    ];
    Ok(tx.execute(PUT_AGENT, &params)? > 0)
}

/// The Partner Center roles that somebody has on a day.
pub fn roles(
    tx: &mut Tx<'_>,
    partner: TenantId,
    principal: PrincipalId,
    on: Date,
) -> Result<Vec<PartnerRole>, StoreError> {
    let rows = tx.query(ROLES, &[partner.into(), principal.into(), on.into()])?;
    let read = |row: &Row| row.parsed(0, "a Partner Center role", PartnerRole::parse);
    let mut roles: Vec<PartnerRole> = rows.iter().map(read).collect::<Result<_, _>>()?;
    roles.sort_unstable();
    Ok(roles)
}

/// Every Partner Center role that somebody of a partner has, had or will have, by name.
pub fn agents(tx: &mut Tx<'_>, partner: TenantId) -> Result<Vec<Agent>, StoreError> {
    let read = |row: &Row| {
        Ok(Agent {
            principal: PrincipalId(row.uuid(0)?),
            name: row.string(1)?,
            role: row.parsed(2, "a Partner Center role", PartnerRole::parse)?,
            since: row.day(3)?,
            until: row.opt_day(4)?,
        })
    };
    tx.query(AGENTS, &[partner.into()])?.iter().map(read).collect()
}

/// The partners of a customer for which a client is an agent. Client ids compare without case.
pub fn employers(
    tx: &mut Tx<'_>,
    client_id: &str,
    customer: TenantId,
) -> Result<Vec<TenantId>, StoreError> {
    let params = [client_id.to_ascii_lowercase().into(), customer.into()];
    let rows = tx.query(EMPLOYER, &params)?;
    let mut found = rows
        .iter()
        .map(|row| Ok(TenantId(row.uuid(0)?)))
        .collect::<Result<Vec<_>, StoreError>>()?;
    found.dedup();
    Ok(found)
}

/// Allows a customer to buy `kind` for itself, or stops allowing it.
pub fn put_permission(
    tx: &mut Tx<'_>,
    partner: TenantId,
    customer: TenantId,
    kind: &'static str,
    permission: &Permission,
) -> Result<bool, StoreError> {
    let params = [
        partner.into(),
        customer.into(),
        Value::fixed(kind),
        permission.allowed.into(),
        permission.changed_at.into(),
        permission.changed_by.into(),
    ];
    Ok(tx.execute(PUT_PERMISSION, &params)? > 0)
}

/// What was said last of what a customer may buy; nothing where nothing ever was.
pub fn permission(
    tx: &mut Tx<'_>,
    partner: TenantId,
    customer: TenantId,
    kind: &'static str,
) -> Result<Option<Permission>, StoreError> {
    let read = |row: Row| {
        Ok(Permission {
            allowed: row.flag(0)?,
            changed_at: row.instant(1)?,
            changed_by: PrincipalId(row.uuid(2)?),
        })
    };
    let params = [partner.into(), customer.into(), Value::fixed(kind)];
    tx.one(PERMISSION, &params)?.map(read).transpose()
}

/// Lets reservations be bought with a subscription; answers whether they could not before.
pub fn register(
    tx: &mut Tx<'_>,
    subscription: SubscriptionId,
    at: Timestamp,
    by: PrincipalId,
) -> Result<bool, StoreError> {
    Ok(tx.execute(REGISTER, &[subscription.into(), at.into(), by.into()])? > 0)
}

/// Since when reservations can be bought with a subscription in Partner Center.
pub fn registered_at(
    tx: &mut Tx<'_>,
    subscription: SubscriptionId,
) -> Result<Option<Timestamp>, StoreError> {
    tx.one(REGISTERED, &[subscription.into()])?.map(|row| row.instant(0)).transpose()
}
