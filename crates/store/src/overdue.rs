//! Orders with payments that were refused and not made since.

use crate::{Row, StoreError, Tx};
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_domain::ids::{OrderId, TenantId};
use prorata_domain::reservation::PaymentFailure;

const PUT: &str = "INSERT INTO overdue \
    (order_id, tenant, billing_account, since, attempts, failed_at, failure, next_on) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (order_id) DO UPDATE SET \
    tenant = excluded.tenant, billing_account = excluded.billing_account, \
    since = excluded.since, attempts = excluded.attempts, failed_at = excluded.failed_at, \
    failure = excluded.failure, next_on = excluded.next_on";
const CLEAR: &str = "DELETE FROM overdue WHERE order_id = $1";
const OF_ORDER: &str = "SELECT order_id, tenant, billing_account, since, attempts, failed_at, \
    failure, next_on FROM overdue WHERE order_id = $1";
const OF_ACCOUNT: &str = "SELECT order_id, tenant, billing_account, since, attempts, failed_at, \
    failure, next_on FROM overdue WHERE billing_account = $1 ORDER BY order_id";

pub(crate) const STATEMENTS: &[&str] = &[PUT, CLEAR, OF_ORDER, OF_ACCOUNT];

/// What is overdue of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overdue {
    pub order: OrderId,
    pub tenant: TenantId,
    pub billing_account: String,
    /// The day on which the first payment that was not made fell due.
    pub since: Date,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was tried last.
    pub failed_at: Timestamp,
    pub failure: PaymentFailure,
    /// The day of the next try; none when that is with the next payment.
    pub next_on: Option<Date>,
}

/// # Errors
/// Those of the database, as for all functions here.
pub fn put(tx: &mut Tx<'_>, overdue: &Overdue) -> Result<(), StoreError> {
    tx.queue(
        PUT,
        vec![
            overdue.order.into(),
            overdue.tenant.into(),
            (&overdue.billing_account).into(),
            overdue.since.into(),
            overdue.attempts.into(),
            overdue.failed_at.into(),
            overdue.failure.as_str().into(),
            overdue.next_on.into(),
        ],
    );
    Ok(())
}

/// Everything was paid, or nothing is owed any more.
pub fn clear(tx: &mut Tx<'_>, order: OrderId) -> Result<(), StoreError> {
    tx.queue(CLEAR, vec![order.into()]);
    Ok(())
}

pub fn of_order(tx: &mut Tx<'_>, order: OrderId) -> Result<Option<Overdue>, StoreError> {
    tx.one(OF_ORDER, &[order.into()])?.map(|row| read(&row)).transpose()
}

/// The orders of an account with overdue payments, by id.
pub fn of_account(tx: &mut Tx<'_>, account: &str) -> Result<Vec<Overdue>, StoreError> {
    tx.query(OF_ACCOUNT, &[account.into()])?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Overdue, StoreError> {
    Ok(Overdue {
        order: OrderId(row.uuid(0)?),
        tenant: TenantId(row.uuid(1)?),
        billing_account: row.string(2)?,
        since: row.day(3)?,
        attempts: row.int(4)?,
        failed_at: row.instant(5)?,
        failure: row.parsed(6, "a payment that failed", PaymentFailure::parse)?,
        next_on: row.opt_day(7)?,
    })
}
