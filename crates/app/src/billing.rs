//! Payments that fall due after the purchase: made, or refused and tried again.

use crate::access::Permit;
use crate::notifications::{self, Notice};
use crate::operations::{Deed, Evidence, Kind, record, record_document};
use crate::{App, Call, Error, due};
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_domain::access::Scope;
use prorata_domain::accounting::{self, Event};
use prorata_domain::billing::{self, Instalment};
use prorata_domain::ids::{EntryId, OperationId, OrderId};
use prorata_domain::payment;
use prorata_domain::reservation::{BillingAccount, Order};
use prorata_domain::term::{BillingPlan, day_start, utc_day};
use prorata_ledger::{Entry, Money};
use prorata_store::overdue::{self, Overdue};
use prorata_store::{Tx, journal, orders, payments, reservations, world};
use serde::Serialize;

#[derive(Serialize)]
struct Charged<'c> {
    order: OrderId,
    units: u32,
    payment: &'c Instalment,
}

/// Makes every payment of an order that has fallen due by now, each on its day; answers the order
/// as it is then. Those that are refused stay due until they are tried again. A return calls it
/// first, so that a late worker never changes what a return is worth.
///
/// # Errors
/// Those of the database.
pub(crate) fn charge_due(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    mut order: Order,
) -> Result<Order, Error> {
    let today = utc_day(call.now);
    if !is_due(&order, today) {
        return Ok(order);
    }
    let units = reservations::units_active(tx, order.tenant, order.id)?;
    if units == 0 {
        return Ok(order);
    }
    let account = account_of(tx, &order)?;
    let mut overdue = overdue::of_order(tx, order.id)?;
    while let Some(day) = attempt_day(&order, overdue.as_ref()).filter(|day| *day <= today) {
        let at = day_start(day).max(order.started_at);
        (order, overdue) = charge(tx, app, at, &account, order, units, overdue)?;
    }
    Ok(order)
}

/// Tries what is overdue of an order at once: its account's means of payment was mended.
///
/// # Errors
/// Those of the database.
pub(crate) fn charge_overdue(
    tx: &mut Tx<'_>,
    app: &App,
    now: Timestamp,
    overdue: Overdue,
) -> Result<(), Error> {
    let Some(order) = due::find(tx, overdue.tenant, overdue.order)? else { return Ok(()) };
    let units = reservations::units_active(tx, order.tenant, order.id)?;
    if units == 0 || !is_due(&order, utc_day(now)) {
        return Ok(());
    }
    let account = account_of(tx, &order)?;
    charge(tx, app, now, &account, order, units, Some(overdue)).map(drop)
}

/// Whether a payment of an order fell due by a day and was not made.
pub(crate) fn is_due(order: &Order, today: Date) -> bool {
    order.commitment.plan == BillingPlan::Monthly
        && order.payments_made < order.commitment.payments()
        && order.due_day(order.payments_made + 1) <= today
}

/// Whether [`charge_due`] would try a payment now.
///
/// # Errors
/// Those of the database.
pub(crate) fn is_to_charge(tx: &mut Tx<'_>, order: &Order, today: Date) -> Result<bool, Error> {
    if !is_due(order, today) || reservations::units_active(tx, order.tenant, order.id)? == 0 {
        return Ok(false);
    }
    let overdue = overdue::of_order(tx, order.id)?;
    Ok(attempt_day(order, overdue.as_ref()).is_some_and(|day| day <= today))
}

/// What of an order fell due by a day and was refused, where anything was.
///
/// # Errors
/// Those of the database.
pub(crate) fn overdue_of(
    tx: &mut Tx<'_>,
    order: &Order,
    today: Date,
) -> Result<Option<payment::Overdue>, Error> {
    if !is_due(order, today) || overdue::of_order(tx, order.id)?.is_none() {
        return Ok(None);
    }
    let units = reservations::units_active(tx, order.tenant, order.id)?;
    let payments = billing::due(order, units, today)?;
    let Some(first) = payments.first() else { return Ok(None) };
    Ok(Some(payment::Overdue {
        payments: i32::try_from(payments.len()).unwrap_or(i32::MAX),
        amount: Money::sum(first.amount.currency(), payments.iter().map(|row| row.amount))?,
        since: first.due,
    }))
}

/// The day on which the next payment of an order is to be tried: when it falls due, or, after it
/// was refused, on the day of the next try or with the payment after it.
fn attempt_day(order: &Order, overdue: Option<&Overdue>) -> Option<Date> {
    let mut unpaid =
        (order.payments_made + 1..=order.commitment.payments()).map(|number| order.due_day(number));
    let Some(overdue) = overdue else { return unpaid.next() };
    let tried = utc_day(overdue.failed_at);
    let with_next = unpaid.find(|day| *day > tried);
    overdue.next_on.into_iter().chain(with_next).min()
}

/// Tries every payment of an order that has fallen due by an instant, all together.
fn charge(
    tx: &mut Tx<'_>,
    app: &App,
    at: Timestamp,
    account: &BillingAccount,
    mut order: Order,
    units: u32,
    overdue: Option<Overdue>,
) -> Result<(Order, Option<Overdue>), Error> {
    let call = system_call(&order, at);
    let payments = billing::due(&order, units, utc_day(at))?;
    let Some(first) = payments.first() else { return Ok((order, overdue)) };
    let currency = first.amount.currency();
    let facts = payment::Facts {
        account: account.clone(),
        numbers: payments.iter().map(|payment| payment.number).collect(),
        since: first.due,
        amount: Money::sum(currency, payments.iter().map(|payment| payment.amount))?,
        attempts: overdue.as_ref().map_or(0, |overdue| overdue.attempts),
    };
    if account.failing_on(utc_day(at)).is_some() {
        let overdue = refuse(tx, app, &call, &order, facts)?;
        return Ok((order, overdue));
    }
    for payment in &payments {
        make(tx, &call, account, &order, units, payment)?;
    }
    let version = order.version;
    order.payments_made += i32::try_from(payments.len()).unwrap_or(i32::MAX);
    order.version += 1;
    if !orders::update(tx, &order, version)? {
        return Err(Error::Busy(format!("order `{}` was changed meanwhile", order.id)));
    }
    if overdue.is_some() {
        overdue::clear(tx, order.id)?;
    }
    Ok((order, None))
}

/// Records that a charge was refused, and when it is tried again.
fn refuse(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    order: &Order,
    facts: payment::Facts,
) -> Result<Option<Overdue>, Error> {
    let mut decision = payment::decide(&app.book, &facts, call.now)?;
    let (Some(refusal), Some(failing)) =
        (decision.refusal.clone(), facts.account.failing_on(utc_day(call.now)))
    else {
        return Ok(None);
    };
    let next_on = decision.proposal.as_ref().and_then(|plan| plan.next_on);
    let overdue = Overdue {
        order: order.id,
        tenant: order.tenant,
        billing_account: facts.account.id.clone(),
        since: facts.since,
        attempts: facts.attempts + 1,
        failed_at: call.now,
        failure: failing.failure,
        next_on,
    };
    overdue::put(tx, &overdue)?;
    notifications::push_of_order(tx, call, order, &Notice::refused(&refusal, next_on))?;
    let findings = std::mem::take(&mut decision.findings);
    let permit = Permit::due(call, Scope::order(order.id));
    let deed = Deed {
        permit: &permit,
        id: OperationId(tx.new_id()),
        kind: Kind::Instalment,
        target: format!("order/{}", order.id),
        billing_account: &overdue.billing_account,
        counted: None,
    };
    let policy = app.book.digest().to_owned();
    let evidence = Evidence { policy, facts, request: (), decision };
    record(tx, call, &deed, Some(&refusal), &findings, &evidence)?;
    Ok(Some(overdue))
}

fn make(
    tx: &mut Tx<'_>,
    call: &Call,
    account: &BillingAccount,
    order: &Order,
    units: u32,
    payment: &Instalment,
) -> Result<(), Error> {
    let operation = OperationId(tx.new_id());
    let permit = Permit::due(call, Scope::order(order.id));
    let deed = Deed {
        permit: &permit,
        id: operation,
        kind: Kind::Instalment,
        target: format!("order/{}", order.id),
        billing_account: &account.id,
        counted: None,
    };
    let document = serde_json::to_string(&Charged { order: order.id, units, payment })?;
    record_document(tx, call, &deed, None, document)?;
    post_payment(tx, call, account, order.id, payment, operation, Event::Instalment)
}

/// Posts one payment: the journal entry, and the row of the order's payments.
pub(crate) fn post_payment(
    tx: &mut Tx<'_>,
    call: &Call,
    account: &BillingAccount,
    order: OrderId,
    payment: &Instalment,
    operation: OperationId,
    event: Event,
) -> Result<(), Error> {
    let balanced = accounting::payment(account, order, payment.amount)?;
    let entry = post_entry(tx, call, operation, event, balanced.as_ref())?;
    payments::insert(
        tx,
        &payments::Payment {
            order,
            number: payment.number,
            due: payment.due,
            amount: payment.amount,
            paid_at: call.now,
            entry,
        },
    )?;
    Ok(())
}

/// Posts an entry, where there is anything to post; answers the id that it has or would have.
pub(crate) fn post_entry(
    tx: &mut Tx<'_>,
    call: &Call,
    operation: OperationId,
    event: Event,
    entry: Option<&Entry>,
) -> Result<EntryId, Error> {
    let id = EntryId(tx.new_id());
    if let Some(entry) = entry {
        let event = event.as_str();
        journal::post(tx, &journal::Post { id, operation, at: call.now, event, entry })?;
    }
    Ok(id)
}

/// The account that pays for an order.
pub(crate) fn account_of(tx: &mut Tx<'_>, order: &Order) -> Result<BillingAccount, Error> {
    world::billing_account(tx, &order.billing_account)?.ok_or_else(|| {
        Error::Broken(format!("order `{}` names a billing account that is not there", order.id))
    })
}

/// A call of the clock's own, in the name of the order's buyer.
pub(crate) fn system_call(order: &Order, now: Timestamp) -> Call {
    Call::new(
        crate::Caller::new(order.tenant, order.buyer, "prorata".to_owned(), "the clock".to_owned()),
        now,
        order.id.0,
    )
}
