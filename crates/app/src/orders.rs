//! Looking at orders.

use crate::access::{self, Readable, absent_order};
use crate::audit::{self, Event};
use crate::billing::{account_of, is_due};
use crate::limits::PAGE_ROWS_MAX;
use crate::{App, Call, Error};
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_domain::access::Action;
use prorata_domain::ids::OrderId;
use prorata_domain::reservation::{BillingAccount, Order, Reservation, ReservationState};
use prorata_domain::term::utc_day;
use prorata_ledger::Money;
use prorata_store::{Tx, orders, overdue, payments, reservations};

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
    /// Refused, and not made since.
    Failed,
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
    let _ = access::order(tx, call, Action::Read, id)?;
    let order = orders::load(tx, call.caller.tenant, id)?.ok_or_else(|| absent_order(id))?;
    view(tx, call, order)
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
    let readable = Readable::of(tx, call)?;
    let mut rows = orders::page(tx, call.caller.tenant, &readable.orders, after, limit + 1)?;
    let next = (rows.len() > limit).then(|| rows[limit - 1].id.to_string());
    rows.truncate(limit);
    let rows = rows.into_iter().map(|order| view(tx, call, order)).collect::<Result<_, _>>()?;
    Ok(Page { rows, next })
}

fn view(tx: &mut Tx<'_>, call: &Call, order: Order) -> Result<View, Error> {
    let account = account_of(tx, &order)?;
    let held = reservations::of_order(tx, order.tenant, order.id)?;
    let paid = payments::of_order(tx, order.id)?;
    let late = is_due(&order, utc_day(call.now));
    let overdue = if late { overdue::of_order(tx, order.id)? } else { None };
    let tried_on = overdue.map(|overdue| utc_day(overdue.failed_at));
    let payments = schedule(&order, &held, paid, tried_on)?;
    Ok(View { order, account, reservations: held, payments })
}

/// Payments made, then those to come for the units still held; `tried_on` is the day on which
/// those that had fallen due by then were refused.
fn schedule(
    order: &Order,
    held: &[Reservation],
    paid: Vec<payments::Payment>,
    tried_on: Option<Date>,
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
    let units_of = |which: fn(&ReservationState) -> bool| -> u32 {
        held.iter().filter(|row| which(&row.state)).map(|row| row.quantity).sum()
    };
    let active = units_of(ReservationState::is_active);
    let expired = units_of(ReservationState::has_expired);
    let never_begun = held.iter().any(|row| row.state.has_failed());
    let status = |due: Date| match tried_on {
        Some(tried) if active > 0 && due <= tried => PaymentStatus::Failed,
        _ if active > 0 => PaymentStatus::Scheduled,
        // What was refused to the end of the term was never made.
        _ if expired > 0 => PaymentStatus::Failed,
        _ if never_begun && due == order.start_day() => PaymentStatus::Failed,
        _ => PaymentStatus::Cancelled,
    };
    let units = [active, expired].into_iter().find(|units| *units > 0);
    let units = i64::from(units.unwrap_or(order.original_quantity));
    let amount = order.commitment.unit_payment.times(units)?;
    rows.extend((order.payments_made + 1..=order.commitment.payments()).map(|number| Payment {
        number,
        due: order.due_day(number),
        amount,
        paid_at: None,
        status: status(order.due_day(number)),
    }));
    Ok(rows)
}

/// Notes that the payments of an order are shown.
pub fn payments_shown(tx: &mut Tx<'_>, call: &Call, order: OrderId) {
    audit::looked_at(tx, call, &Event::new("order-payments", format!("order/{order}")));
}
