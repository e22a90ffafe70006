//! The payments of a commitment: when each falls due and how much it is.

use crate::reservation::{Commitment, Order};
use crate::term::due_date;
use jiff::civil::Date;
use prorata_ledger::{Money, MoneyError};
use serde::{Deserialize, Serialize};

/// One payment of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instalment {
    /// From 1.
    pub number: i32,
    pub due: Date,
    pub amount: Money,
}

/// Every payment of `quantity` units from `start`; an upfront plan has one.
///
/// # Errors
/// When an amount does not fit.
pub fn schedule(
    commitment: &Commitment,
    quantity: u32,
    start: Date,
) -> Result<Vec<Instalment>, MoneyError> {
    let amount = commitment.unit_payment.times(i64::from(quantity))?;
    Ok((0..commitment.payments())
        .map(|index| Instalment { number: index + 1, due: due_date(start, index), amount })
        .collect())
}

/// The payments of an order that have fallen due by `today` and were not made yet, for the units
/// it still holds.
///
/// # Errors
/// When an amount does not fit.
pub fn due(order: &Order, units: u32, today: Date) -> Result<Vec<Instalment>, MoneyError> {
    let amount = order.commitment.unit_payment.times(i64::from(units))?;
    Ok((order.payments_made + 1..=order.commitment.payments())
        .map(|number| Instalment { number, due: order.due_day(number), amount })
        .take_while(|instalment| instalment.due <= today)
        .collect())
}
