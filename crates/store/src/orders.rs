//! Reservation orders: one row for each purchase.

use crate::reservations::Visible;
use crate::{Row, StoreError, Tx, Value};
use prorata_domain::commit_units::CommitUnits;
use prorata_domain::ids::{OrderId, PrincipalId, SubscriptionId, TenantId};
use prorata_domain::reservation::{Commitment, Order};
use prorata_domain::term::{BillingPlan, Term};
use prorata_ledger::Money;

/// The columns that [`read_order`] reads, in its order, of the table under the name `o`.
macro_rules! order_columns {
    () => {
        "o.tenant, o.id, o.billing_account, o.billing_profile, o.billing_subscription, o.buyer, \
         o.display_name, o.resource_type, o.sku, o.location, o.term, o.plan, o.currency, \
         o.unit_total_minor, o.unit_payment_minor, o.usd_rate, o.original_quantity, \
         o.requested_at, o.started_at, o.expires_on, o.payments_made, o.renew, o.review_at, \
         o.version, o.commit_units"
    };
}
pub(crate) use order_columns;

/// How many columns [`read_order`] reads.
pub(crate) const ORDER_COLUMNS: usize = 25;

const INSERT: &str = "INSERT INTO orders (tenant, id, billing_account, billing_profile, \
    billing_subscription, buyer, display_name, resource_type, sku, location, term, plan, \
    currency, unit_total_minor, unit_payment_minor, usd_rate, original_quantity, requested_at, \
    started_at, expires_on, payments_made, renew, review_at, version, commit_units) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
    $19, $20, $21, $22, $23, $24, $25)";
const LOAD: &str =
    concat!("SELECT ", order_columns!(), " FROM orders o WHERE o.tenant = $1 AND o.id = $2");
/// What else an order says is fixed when it is placed.
const UPDATE: &str = "UPDATE orders SET display_name = $4, payments_made = $5, renew = $6, \
    review_at = $7, version = $8 WHERE tenant = $1 AND id = $2 AND version = $3";
const PAGE: &str = concat!(
    "SELECT ",
    order_columns!(),
    " FROM orders o WHERE o.tenant = $1 AND o.id > $2 ORDER BY o.id LIMIT $3"
);
const PAGE_ASSIGNED: &str = concat!(
    "SELECT ",
    order_columns!(),
    ", a.role, a.id FROM role_assignments a \
     JOIN orders o ON o.tenant = a.tenant AND o.id = a.order_id \
     WHERE a.tenant = $1 AND a.principal = $2 AND (a.order_id, a.id) > ($3, $4) \
     ORDER BY a.order_id, a.id LIMIT $5"
);
const ALL: &str = concat!(
    "SELECT ",
    order_columns!(),
    " FROM orders o WHERE (o.tenant, o.id) > ($1, $2) ORDER BY o.tenant, o.id LIMIT $3"
);

pub(crate) const STATEMENTS: &[&str] = &[INSERT, LOAD, UPDATE, PAGE, PAGE_ASSIGNED, ALL];

/// # Errors
/// Those of the database, as for all functions here.
pub fn insert(tx: &mut Tx<'_>, order: &Order) -> Result<(), StoreError> {
    let bought = &order.commitment;
    tx.queue(
        INSERT,
        vec![
            order.tenant.into(),
            order.id.into(),
            (&order.billing_account).into(),
            order.billing_profile.as_deref().into(),
            order.billing_subscription.into(),
            order.buyer.into(),
            (&order.display_name).into(),
            (&bought.resource_type).into(),
            (&bought.sku).into(),
            (&bought.location).into(),
            Value::fixed(bought.term.as_str()),
            Value::fixed(bought.plan.as_str()),
            bought.unit_total.currency().into(),
            bought.unit_total.into(),
            bought.unit_payment.into(),
            bought.usd_rate.into(),
            order.original_quantity.into(),
            order.requested_at.into(),
            order.started_at.into(),
            order.expires_on.into(),
            order.payments_made.into(),
            order.renew.into(),
            order.review_at.into(),
            order.version.into(),
            order.commit_units.map(CommitUnits::millionths).into(),
        ],
    );
    Ok(())
}

pub fn load(tx: &mut Tx<'_>, tenant: TenantId, id: OrderId) -> Result<Option<Order>, StoreError> {
    tx.one(LOAD, &[tenant.into(), id.into()])?.map(|row| read_order(&row, 0)).transpose()
}

/// Writes what may change of an order: its name, payments, renewal, review and version. Answers
/// false, and writes nothing, when the row is no longer at version `was`.
pub fn update(tx: &mut Tx<'_>, order: &Order, was: i64) -> Result<bool, StoreError> {
    let params = [
        order.tenant.into(),
        order.id.into(),
        was.into(),
        (&order.display_name).into(),
        order.payments_made.into(),
        order.renew.into(),
        order.review_at.into(),
        order.version.into(),
    ];
    Ok(tx.execute(UPDATE, &params)? == 1)
}

/// The next orders of a tenant by id, after one of them or from the first.
pub fn page(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    visible: &Visible,
    after: Option<OrderId>,
    limit: usize,
) -> Result<Vec<Order>, StoreError> {
    let from = after.map_or(Value::fixed(""), Value::from);
    match visible {
        Visible::All => {
            let rows = tx.query(PAGE, &[tenant.into(), from, limit_value(limit)])?;
            rows.iter().map(|row| read_order(row, 0)).collect()
        }
        Visible::Orders(orders) => {
            // Ids sort alike as values and as text.
            let later = |id: &OrderId| after.is_none_or(|after| *id > after);
            let mut wanted: Vec<OrderId> = orders.iter().copied().filter(later).collect();
            wanted.sort_unstable();
            wanted.dedup();
            wanted.truncate(limit);
            let keys: Vec<Vec<Value>> =
                wanted.into_iter().map(|id| vec![tenant.into(), id.into()]).collect();
            let rows = tx.query_each(LOAD, &keys)?;
            rows.iter().flatten().map(|row| read_order(row, 0)).collect()
        }
        Visible::Assigned { principal, roles } => {
            assigned(tx, tenant, *principal, roles, after, limit)
        }
    }
}

/// The next orders on which a principal has one of these roles.
fn assigned(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    principal: PrincipalId,
    roles: &[String],
    after: Option<OrderId>,
    limit: usize,
) -> Result<Vec<Order>, StoreError> {
    let mut found: Vec<Order> = Vec::with_capacity(limit);
    // Beyond every role on the order that the last page ended with: no id begins with a `z`.
    let mut from = match after {
        Some(order) => (order.into(), Value::fixed("z")),
        None => (Value::fixed(""), Value::fixed("")),
    };
    loop {
        let params = [tenant.into(), principal.into(), from.0, from.1, limit_value(limit)];
        let rows = tx.query(PAGE_ASSIGNED, &params)?;
        for row in &rows {
            let role = row.text(ORDER_COLUMNS)?;
            let order = read_order(row, 0)?;
            let known = found.last().is_some_and(|last| last.id == order.id);
            if !known && roles.iter().any(|wanted| wanted == role) {
                found.push(order);
            }
            if found.len() == limit {
                return Ok(found);
            }
        }
        match rows.last() {
            Some(last) if rows.len() == limit => {
                from = (Value::Id(last.uuid(1)?), Value::Id(last.uuid(ORDER_COLUMNS + 1)?));
            }
            Some(_) | None => return Ok(found),
        }
    }
}

pub(crate) fn limit_value(limit: usize) -> Value {
    Value::Int(i64::try_from(limit).unwrap_or(i64::MAX))
}

/// The next orders of all tenants, for checks over the whole database.
pub fn all(
    tx: &mut Tx<'_>,
    after: Option<(TenantId, OrderId)>,
    limit: usize,
) -> Result<Vec<Order>, StoreError> {
    let (tenant, id) = match after {
        Some((tenant, id)) => (tenant.into(), id.into()),
        None => (Value::fixed(""), Value::fixed("")),
    };
    tx.query(ALL, &[tenant, id, limit_value(limit)])?.iter().map(|row| read_order(row, 0)).collect()
}

/// Reads an order from the columns that begin at `at`.
pub(crate) fn read_order(row: &Row, at: usize) -> Result<Order, StoreError> {
    let currency = row.currency(at + 12)?;
    Ok(Order {
        tenant: TenantId(row.uuid(at)?),
        id: OrderId(row.uuid(at + 1)?),
        billing_account: row.string(at + 2)?,
        billing_profile: row.opt_string(at + 3)?,
        billing_subscription: SubscriptionId(row.uuid(at + 4)?),
        buyer: PrincipalId(row.uuid(at + 5)?),
        display_name: row.string(at + 6)?,
        commitment: Commitment {
            resource_type: row.string(at + 7)?,
            sku: row.string(at + 8)?,
            location: row.string(at + 9)?,
            term: row.parsed(at + 10, "a term", Term::parse)?,
            plan: row.parsed(at + 11, "a billing plan", BillingPlan::parse)?,
            unit_total: Money::new(row.int(at + 13)?, currency),
            unit_payment: Money::new(row.int(at + 14)?, currency),
            usd_rate: row.decimal(at + 15)?,
        },
        original_quantity: row.count(at + 16)?,
        requested_at: row.instant(at + 17)?,
        started_at: row.instant(at + 18)?,
        expires_on: row.day(at + 19)?,
        payments_made: row.small(at + 20)?,
        renew: row.flag(at + 21)?,
        review_at: row.opt_instant(at + 22)?,
        version: row.int(at + 23)?,
        commit_units: row.opt_int(at + 24)?.and_then(CommitUnits::from_millionths),
    })
}
