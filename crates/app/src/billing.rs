//! Payments that fall due after the purchase.

use crate::operations::{Deed, Kind, record_document};
use crate::{App, Call, Error};
use jiff::Timestamp;
use prorata_domain::accounting::{self, Event};
use prorata_domain::billing::{Instalment, due};
use prorata_domain::ids::{EntryId, OperationId, OrderId};
use prorata_domain::reservation::{BillingAccount, Order};
use prorata_domain::term::{BillingPlan, day_start, utc_day};
use prorata_store::{Tx, jobs, journal, orders, payments, reservations, world};
use serde::Serialize;

/// The job that makes an order's next payment.
pub(crate) const CHARGE: &str = "charge-instalment";
/// The job that ends an order's reservations at the end of the term.
pub(crate) const EXPIRE: &str = "expire-order";

/// What an order's jobs say.
#[derive(Debug, Clone, Copy, Serialize, serde::Deserialize)]
pub(crate) struct OrderJob {
    pub tenant: prorata_domain::ids::TenantId,
    pub order: OrderId,
}

#[derive(Serialize)]
struct Charged<'c> {
    order: OrderId,
    units: u32,
    payment: &'c Instalment,
}

/// Makes every payment of an order that has fallen due by now; answers the order as it is then.
/// A return calls it first, so that a late worker never changes what a return is worth.
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
    if order.commitment.plan == BillingPlan::Upfront
        || order.payments_made >= order.commitment.payments()
        || order.due_day(order.payments_made + 1) > today
    {
        return Ok(order);
    }
    let units = reservations::units_active(tx, order.tenant, order.id)?;
    if units == 0 {
        return Ok(order);
    }
    let account = account_of(tx, &order)?;
    for payment in due(&order, units, today)? {
        let at = day_start(payment.due).max(order.started_at);
        let call = Call { now: at, ..system_call(app, &order, at) };
        make(tx, &call, &account, &order, units, &payment)?;
        let version = order.version;
        order.payments_made = payment.number;
        order.version += 1;
        if !orders::update(tx, &order, version)? {
            return Err(Error::Busy(format!("order `{}` was changed meanwhile", order.id)));
        }
    }
    push_next_charge(tx, &order)?;
    Ok(order)
}

fn make(
    tx: &mut Tx<'_>,
    call: &Call,
    account: &BillingAccount,
    order: &Order,
    units: u32,
    payment: &Instalment,
) -> Result<(), Error> {
    let operation = OperationId(Call::new_id());
    let deed = Deed {
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
    let entry = EntryId(Call::new_id());
    if let Some(balanced) = accounting::payment(account, order, payment.amount)? {
        journal::post(
            tx,
            &journal::Post {
                id: entry,
                operation,
                at: call.now,
                event: event.as_str(),
                entry: &balanced,
            },
        )?;
    }
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

/// Pushes the job for the order's next payment, if there is one.
pub(crate) fn push_next_charge(tx: &mut Tx<'_>, order: &Order) -> Result<(), Error> {
    if order.payments_made < order.commitment.payments() {
        let at = day_start(order.due_day(order.payments_made + 1));
        push(tx, CHARGE, order, at)?;
    }
    Ok(())
}

/// Pushes the job that ends the order's reservations.
pub(crate) fn push_expiry(tx: &mut Tx<'_>, order: &Order) -> Result<(), Error> {
    push(tx, EXPIRE, order, day_start(order.expires_on))
}

fn push(tx: &mut Tx<'_>, kind: &str, order: &Order, run_at: Timestamp) -> Result<(), Error> {
    let payload = serde_json::to_string(&OrderJob { tenant: order.tenant, order: order.id })?;
    jobs::push(
        tx,
        &jobs::NewJob { id: Call::new_id(), kind, run_at, payload: &payload, version: 1 },
    )?;
    Ok(())
}

/// The account that pays for an order.
pub(crate) fn account_of(tx: &mut Tx<'_>, order: &Order) -> Result<BillingAccount, Error> {
    world::billing_account(tx, &order.billing_account)?.ok_or_else(|| {
        Error::Broken(format!("order `{}` names a billing account that is not there", order.id))
    })
}

/// A call of the clock's own, in the name of the order's buyer.
pub(crate) fn system_call(_app: &App, order: &Order, now: Timestamp) -> Call {
    Call {
        caller: crate::Caller {
            tenant: order.tenant,
            principal: order.buyer,
            client: "prorata".to_owned(),
            name: "the clock".to_owned(),
        },
        now,
        correlation: order.id.0,
    }
}
