//! Looking at orders.

use crate::access::{absent_order, assignments_about, require_order};
use crate::billing::account_of;
use crate::limits::PAGE_ROWS_MAX;
use crate::reservations::readable;
use crate::{App, Call, Error};
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_domain::access::Action;
use prorata_domain::ids::OrderId;
use prorata_domain::reservation::{BillingAccount, Order, Reservation};
use prorata_ledger::Money;
use prorata_store::{Tx, orders, payments, reservations};

/// An order with all that is under it.
#[derive(Debug, Clone)]
pub struct View {
    pub order: Order,
    pub account: BillingAccount,
    pub reservations: Vec<Reservation>,
    pub payments: Vec<Payment>,
}

/// A payment made, or one still to come.
#[derive(Debug, Clone, Copy)]
pub struct Payment {
    pub number: i32,
    pub due: Date,
    pub amount: Money,
    pub paid_at: Option<Timestamp>,
    pub status: PaymentStatus,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentStatus {
    Succeeded,
    Scheduled,
    /// Never to be made: nothing is held any more.
    Cancelled,
}

/// A page of something, and where the next one begins.
#[derive(Debug, Clone)]
pub struct Page<T> {
    pub rows: Vec<T>,
    pub next: Option<String>,
}

/// An order with its reservations and payments.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`].
pub fn show(tx: &mut Tx<'_>, _app: &App, call: &Call, id: OrderId) -> Result<View, Error> {
    let assigned = assignments_about(tx, call, id)?;
    require_order(call, &assigned, Action::Read, id)?;
    let order = orders::load(tx, call.caller.tenant, id)?.ok_or_else(|| absent_order(id))?;
    view(tx, order)
}

/// A page of the orders that the caller may see; a role on a part of one shows that part alone.
///
/// # Errors
/// Those of the database.
pub fn list(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    after: Option<OrderId>,
    limit: usize,
) -> Result<Page<View>, Error> {
    let limit = limit.clamp(1, PAGE_ROWS_MAX);
    let readable = readable(tx, call)?;
    let mut rows = orders::page(tx, call.caller.tenant, &readable.orders, after, limit + 1)?;
    let next = (rows.len() > limit).then(|| rows[limit - 1].id.to_string());
    rows.truncate(limit);
    let rows = rows.into_iter().map(|order| view(tx, order)).collect::<Result<_, _>>()?;
    Ok(Page { rows, next })
}

fn view(tx: &mut Tx<'_>, order: Order) -> Result<View, Error> {
    let account = account_of(tx, &order)?;
    let held = reservations::of_order(tx, order.tenant, order.id)?;
    let paid = payments::of_order(tx, order.id)?;
    let payments = schedule(&order, &held, paid)?;
    Ok(View { order, account, reservations: held, payments })
}

/// Payments made, then those to come for the units still held.
fn schedule(
    order: &Order,
    held: &[Reservation],
    paid: Vec<payments::Payment>,
) -> Result<Vec<Payment>, Error> {
    let mut rows: Vec<Payment> = paid
        .into_iter()
        .map(|row| Payment {
            number: row.number,
            due: row.due,
            amount: row.amount,
            paid_at: Some(row.paid_at),
            status: PaymentStatus::Succeeded,
        })
        .collect();
    let active = |reservation: &&Reservation| reservation.state.is_active();
    let units: u32 = held.iter().filter(active).map(|reservation| reservation.quantity).sum();
    let (units, status) = if units > 0 {
        (units, PaymentStatus::Scheduled)
    } else {
        (order.original_quantity, PaymentStatus::Cancelled)
    };
    let amount = order.commitment.unit_payment.times(i64::from(units))?;
    rows.extend((order.payments_made + 1..=order.commitment.payments()).map(|number| Payment {
        number,
        due: order.due_day(number),
        amount,
        paid_at: None,
        status,
    }));
    Ok(rows)
}
