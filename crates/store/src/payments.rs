//! Payments that were made for an order.

use crate::{Row, StoreError, Tx};
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_domain::ids::{EntryId, OrderId};
use prorata_ledger::Money;

const INSERT: &str = "INSERT INTO payments \
    (order_id, number, due, amount_minor, currency, paid_at, entry) \
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const OF_ORDER: &str = "SELECT order_id, number, due, amount_minor, currency, paid_at, entry \
    FROM payments WHERE order_id = $1 ORDER BY number";

pub(crate) const STATEMENTS: &[&str] = &[INSERT, OF_ORDER];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payment {
    pub order: OrderId,
    /// From 1.
    pub number: i32,
    pub due: Date,
    pub amount: Money,
    pub paid_at: Timestamp,
    /// The journal entry; a payment of nothing has none in the journal.
    pub entry: EntryId,
}

/// # Errors
/// Those of the database; [`StoreError::Constraint`] when that payment was made before.
pub fn insert(tx: &mut Tx<'_>, payment: &Payment) -> Result<(), StoreError> {
    tx.queue(
        INSERT,
        vec![
            payment.order.into(),
            payment.number.into(),
            payment.due.into(),
            payment.amount.into(),
            payment.amount.currency().into(),
            payment.paid_at.into(),
            payment.entry.into(),
        ],
    );
    Ok(())
}

/// The payments made for an order, by number.
///
/// # Errors
/// Those of the database.
pub fn of_order(tx: &mut Tx<'_>, order: OrderId) -> Result<Vec<Payment>, StoreError> {
    let read = |row: &Row| {
        Ok(Payment {
            order: OrderId(row.uuid(0)?),
            number: row.small(1)?,
            due: row.day(2)?,
            amount: Money::new(row.int(3)?, row.currency(4)?),
            paid_at: row.instant(5)?,
            entry: EntryId(row.uuid(6)?),
        })
    };
    tx.query(OF_ORDER, &[order.into()])?.iter().map(read).collect()
}
