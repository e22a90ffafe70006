//! What is held now, by who pays for it: what overviews of many reservations are made of.

use crate::orders::limit_value;
use crate::reservations::read_acquired;
use crate::{Row, StoreError, Tx, Value};
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_domain::ids::{OrderId, PrincipalId, ReservationId, TenantId};
use prorata_domain::reservation::AcquiredBy;
use prorata_domain::rights::{Carried, Units};
use prorata_domain::utilization::Utilization;
use prorata_ledger::{Currency, Money};
use std::sync::Arc;

/// What [`read`] reads of an order `o`, its reservations `r`, and how much they were used, `u`.
macro_rules! live_columns {
    () => {
        "SELECT r.tenant, r.order_id, r.id, r.display_name, r.quantity, r.renew, r.acquired_by, \
         r.purchased_at, r.right_bought_at, r.right_used, r.resource_type, r.sku, r.expires_on, \
         o.billing_account, o.unit_total_minor, o.currency, u.week_share, u.last_day, r.state "
    };
}
macro_rules! used {
    () => {
        "LEFT JOIN utilization u ON u.tenant = r.tenant AND u.order_id = r.order_id \
         AND u.reservation_id = r.id "
    };
}

const OF_PAYER: &str = concat!(
    live_columns!(),
    "FROM orders o JOIN reservations r ON r.tenant = o.tenant AND r.order_id = o.id ",
    used!(),
    "WHERE o.billing_account = $1 AND o.tenant = $2 AND r.state = 'active'"
);
const OF_TENANT: &str = concat!(
    live_columns!(),
    "FROM reservations r JOIN orders o ON o.tenant = r.tenant AND o.id = r.order_id ",
    used!(),
    "WHERE r.tenant = $1 AND r.state = 'active'"
);
const OF_ORDER: &str = concat!(
    live_columns!(),
    "FROM reservations r JOIN orders o ON o.tenant = r.tenant AND o.id = r.order_id ",
    used!(),
    "WHERE r.tenant = $1 AND r.order_id = $2 AND r.state = 'active'"
);
const PAGE: &str = concat!(
    live_columns!(),
    "FROM (SELECT tenant, order_id, id, display_name, quantity, renew, acquired_by, purchased_at, \
     right_bought_at, right_used, resource_type, sku, expires_on, state FROM reservations \
     WHERE (tenant, order_id, id) > ($1, $2, $3) ORDER BY tenant, order_id, id LIMIT $4) AS r \
     JOIN orders o ON o.tenant = r.tenant AND o.id = r.order_id ",
    used!(),
    "ORDER BY r.tenant, r.order_id, r.id"
);
const ORDERS_OF_PAYER: &str = "SELECT COUNT(*) FROM (SELECT id FROM orders \
    WHERE billing_account = $1 AND tenant = $2 LIMIT $3) AS few";
const ORDERS_OF_TENANT: &str =
    "SELECT COUNT(*) FROM (SELECT id FROM orders WHERE tenant = $1 LIMIT $2) AS few";
/// The customers with whom a partner has a relationship on a day, and what it pays for them with.
const CUSTOMERS: &str = "SELECT c.customer, t.name, a.billing_account FROM partner_customers c \
    JOIN tenants t ON t.id = c.customer \
    LEFT JOIN partner_accounts a ON a.partner = c.partner AND a.customer = c.customer \
    WHERE c.partner = $1 AND c.since <= $2 AND COALESCE(c.until, '9999-12-31') > $2 \
    ORDER BY c.customer, a.billing_account";
/// The tenants in which somebody of another tenant has a guest account.
const GUEST_IN: &str = "SELECT tenant FROM principals WHERE id = $1 AND home = $2 ORDER BY tenant";
/// Money that was given back to a payer by one way, by the operations of a tenant since an instant.
const GIVEN_BACK: &str = "SELECT e.posted_at, p.minor, p.currency FROM operations o \
    JOIN entries e ON e.operation = o.id JOIN postings p ON p.entry = e.id \
    WHERE o.tenant = $1 AND o.decided_at >= $2 AND o.billing_account = $3 AND p.account = $4 \
    AND p.minor > 0 ORDER BY e.posted_at, e.id";

/// Changes of what customers may buy; an index has them and no other lines.
const PERMISSION_CHANGES: &str = "SELECT at, COALESCE(name, principal), action FROM audit \
    WHERE tenant = $1 AND target = $2 AND action LIKE '%-customer-purchase-permissions' \
    ORDER BY at DESC, id DESC LIMIT $3";
const OPERATIONS_OF: &str =
    "SELECT COUNT(*) FROM (SELECT id FROM operations WHERE tenant = $1 LIMIT $2) AS few";
const BALANCES: &str = "SELECT p.account, p.currency, CAST(SUM(p.minor) AS BIGINT) \
    FROM operations o JOIN entries e ON e.operation = o.id JOIN postings p ON p.entry = e.id \
    WHERE o.tenant = $1 AND o.billing_account = $2 \
    GROUP BY p.account, p.currency ORDER BY p.account, p.currency";

pub(crate) const STATEMENTS: &[&str] = &[
    OF_PAYER,
    OF_TENANT,
    OF_ORDER,
    PAGE,
    ORDERS_OF_PAYER,
    ORDERS_OF_TENANT,
    CUSTOMERS,
    GUEST_IN,
    GIVEN_BACK,
    PERMISSION_CHANGES,
    OPERATIONS_OF,
    BALANCES,
];

/// A reservation that is held, and what is known of it for an overview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    pub tenant: TenantId,
    pub order: OrderId,
    pub id: ReservationId,
    pub display_name: String,
    pub quantity: u32,
    pub renew: bool,
    pub acquired_by: AcquiredBy,
    pub purchased_at: Timestamp,
    pub carried: Option<Carried>,
    pub resource_type: String,
    pub sku: String,
    pub expires_on: Date,
    pub billing_account: String,
    /// What one unit costs over the whole term.
    pub unit_total: Money,
    /// How much was used over the last seven days with a figure, and the last of them.
    pub used: Option<(Utilization, Date)>,
}

impl Live {
    /// What its right to be exchanged hangs on.
    pub fn units(&self) -> Units<'_> {
        Units {
            resource_type: &self.resource_type,
            sku: &self.sku,
            acquired_by: self.acquired_by,
            purchased_at: self.purchased_at,
            carried: self.carried,
        }
    }
}

fn read(row: &Row) -> Result<Live, StoreError> {
    let carried = match row.opt_instant(8)? {
        None => None,
        Some(bought_at) => Some(Carried { bought_at, used: row.count(9)? }),
    };
    let currency: Currency = row.currency(15)?;
    let used = match (row.opt_int(16)?, row.opt_day(17)?) {
        (Some(share), Some(last)) => Some((Utilization::from_hundredths(share), last)),
        _ => None,
    };
    Ok(Live {
        tenant: TenantId(row.uuid(0)?),
        order: OrderId(row.uuid(1)?),
        id: ReservationId(row.uuid(2)?),
        display_name: row.string(3)?,
        quantity: row.count(4)?,
        renew: row.flag(5)?,
        acquired_by: row.parsed(6, "how it was acquired", read_acquired)?,
        purchased_at: row.instant(7)?,
        carried,
        resource_type: row.string(10)?,
        sku: row.string(11)?,
        expires_on: row.day(12)?,
        billing_account: row.string(13)?,
        unit_total: Money::new(row.int(14)?, currency),
        used,
    })
}

/// What an account pays for in a tenant.
///
/// # Errors
/// Those of the database, as for all functions here.
pub fn of_payer(
    tx: &mut Tx<'_>,
    billing_account: &str,
    tenant: TenantId,
) -> Result<Vec<Live>, StoreError> {
    tx.query(OF_PAYER, &[billing_account.into(), tenant.into()])?.iter().map(read).collect()
}

/// All that a tenant holds.
pub fn of_tenant(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Vec<Live>, StoreError> {
    tx.query(OF_TENANT, &[tenant.into()])?.iter().map(read).collect()
}

/// What is held of some orders of a tenant.
pub fn of_orders(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    orders: &[OrderId],
) -> Result<Vec<Live>, StoreError> {
    let keys: Vec<Vec<Value>> =
        orders.iter().map(|order| vec![tenant.into(), (*order).into()]).collect();
    tx.query_each(OF_ORDER, &keys)?.iter().flatten().map(read).collect()
}

/// Where a page of all reservations ends.
pub type Mark = (TenantId, OrderId, ReservationId);

/// The next of all reservations there are, after one of them or from the first, and what is held of
/// them; without a mark there are no more.
pub fn page(
    tx: &mut Tx<'_>,
    after: Option<Mark>,
    limit: usize,
) -> Result<(Vec<Live>, Option<Mark>), StoreError> {
    let none = || Value::fixed("");
    let [tenant, order, id] = after.map_or([none(), none(), none()], |(tenant, order, id)| {
        [tenant.into(), order.into(), id.into()]
    });
    let rows = tx.query(PAGE, &[tenant, order, id, limit_value(limit)])?;
    let last = rows.last().filter(|_| rows.len() == limit);
    let mark = |row: &Row| {
        let (order, id) = (OrderId(row.uuid(1)?), ReservationId(row.uuid(2)?));
        Ok::<Mark, StoreError>((TenantId(row.uuid(0)?), order, id))
    };
    let next = last.map(mark).transpose()?;
    let mut held = Vec::with_capacity(rows.len());
    for row in &rows {
        if row.text(18)? == "active" {
            held.push(read(row)?);
        }
    }
    Ok((held, next))
}

/// How many orders an account pays for in a tenant, counted no further than `most`.
pub fn orders_of_payer(
    tx: &mut Tx<'_>,
    billing_account: &str,
    tenant: TenantId,
    most: usize,
) -> Result<usize, StoreError> {
    counted(tx, ORDERS_OF_PAYER, &[billing_account.into(), tenant.into(), limit_value(most)])
}

/// How many orders a tenant has, counted no further than `most`.
pub fn orders_of_tenant(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    most: usize,
) -> Result<usize, StoreError> {
    counted(tx, ORDERS_OF_TENANT, &[tenant.into(), limit_value(most)])
}

fn counted(tx: &mut Tx<'_>, sql: &'static str, params: &[Value]) -> Result<usize, StoreError> {
    let found = tx.one(sql, params)?.map(|row| row.count(0)).transpose()?;
    Ok(found.unwrap_or_default() as usize)
}

/// A customer of a partner, with one of the accounts that the partner pays with for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoldTo {
    pub customer: TenantId,
    pub name: Arc<str>,
    pub billing_account: Option<Arc<str>>,
}

/// The customers with whom a partner has a relationship on a day: one row for each account, or one
/// without an account.
pub fn customers(tx: &mut Tx<'_>, partner: TenantId, on: Date) -> Result<Vec<SoldTo>, StoreError> {
    let read = |row: &Row| {
        Ok(SoldTo {
            customer: TenantId(row.uuid(0)?),
            name: row.text(1)?.into(),
            billing_account: row.opt_text(2)?.map(Arc::from),
        })
    };
    tx.query(CUSTOMERS, &[partner.into(), on.into()])?.iter().map(read).collect()
}

/// The other tenants in which somebody has a guest account.
pub fn guest_in(
    tx: &mut Tx<'_>,
    principal: PrincipalId,
    home: TenantId,
) -> Result<Vec<TenantId>, StoreError> {
    let rows = tx.query(GUEST_IN, &[principal.into(), home.into()])?;
    rows.iter().map(|row| Ok(TenantId(row.uuid(0)?))).collect()
}

/// What a payer was given back by one way, as the ledger's account `to` has it, and when.
pub fn given_back(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    since: Timestamp,
    billing_account: &str,
    to: &str,
) -> Result<Vec<(Timestamp, Money)>, StoreError> {
    let params = [tenant.into(), since.into(), billing_account.into(), to.into()];
    let read = |row: &Row| Ok((row.instant(0)?, Money::new(row.int(1)?, row.currency(2)?)));
    tx.query(GIVEN_BACK, &params)?.iter().map(read).collect()
}

/// The latest changes of what a customer may buy: when, by whom, and the action that the audit has.
pub fn permission_changes(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    target: &str,
    limit: usize,
) -> Result<Vec<(Timestamp, String, String)>, StoreError> {
    let params = [tenant.into(), target.into(), limit_value(limit)];
    let read = |row: &Row| Ok((row.instant(0)?, row.string(1)?, row.string(2)?));
    tx.query(PERMISSION_CHANGES, &params)?.iter().map(read).collect()
}

/// How many operations a tenant has, counted no further than `most`.
pub fn operations_of(tx: &mut Tx<'_>, tenant: TenantId, most: usize) -> Result<usize, StoreError> {
    counted(tx, OPERATIONS_OF, &[tenant.into(), limit_value(most)])
}

/// What each account of the ledger holds of what the operations of a tenant posted for one payer.
pub fn balances(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    billing_account: &str,
) -> Result<Vec<(String, Money)>, StoreError> {
    let read = |row: &Row| Ok((row.string(0)?, Money::new(row.int(2)?, row.currency(1)?)));
    tx.query(BALANCES, &[tenant.into(), billing_account.into()])?.iter().map(read).collect()
}
