//! The payments made for savings plans.

use crate::{Row, StoreError, Tx};
use jiff::Timestamp;
use prorata_domain::ids::{EntryId, SavingsPlanOrderId};
use prorata_ledger::Money;

pub(super) const INSERT: &str = "INSERT INTO savings_plan_payments \
    (order_id, number, due, amount_minor, currency, paid_at, entry) \
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
pub(super) const OF_ORDER: &str = "SELECT number, due, amount_minor, currency, paid_at, entry \
    FROM savings_plan_payments WHERE order_id = $1 ORDER BY number";

/// A payment that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payment {
    pub order: SavingsPlanOrderId,
    /// From 1.
    pub number: i32,
    pub due: jiff::civil::Date,
    pub amount: Money,
    pub paid_at: Timestamp,
    pub entry: EntryId,
}

/// Keeps a payment that was made.
///
/// # Errors
/// [`StoreError::Constraint`] when that payment was made before.
pub fn insert_payment(tx: &mut Tx<'_>, payment: &Payment) -> Result<(), StoreError> {
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
pub fn payments(tx: &mut Tx<'_>, order: SavingsPlanOrderId) -> Result<Vec<Payment>, StoreError> {
    let read = |row: &Row| {
        Ok(Payment {
            order,
            number: row.small(0)?,
            due: row.day(1)?,
            amount: Money::new(row.int(2)?, row.currency(3)?),
            paid_at: row.instant(4)?,
            entry: EntryId(row.uuid(5)?),
        })
    };
    tx.query(OF_ORDER, &[order.into()])?.iter().map(read).collect()
}
