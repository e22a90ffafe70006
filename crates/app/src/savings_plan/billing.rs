//! Payments of savings plans that fall due after the purchase, and the end of their term.

use super::account_of;
use super::purchase::{Placement, facts, place, sold};
use crate::access::{self, Permit};
use crate::billing::post_entry;
use crate::operations::{Deed, Kind, record_document};
use crate::purchase::approved;
use crate::{App, Call, Caller, Error};
use jiff::Timestamp;
use prorata_domain::access::Scope;
use prorata_domain::accounting::{self, Event};
use prorata_domain::billing::Instalment;
use prorata_domain::ids::{OperationId, SavingsPlanId, SavingsPlanOrderId, TenantId};
use prorata_domain::payment;
use prorata_domain::reservation::BillingAccount;
use prorata_domain::savings_plan::{AcquiredBy, Order, SavingsPlan, State};
use prorata_domain::term::{day_start, utc_day};
use prorata_ledger::Money;
use prorata_store::jobs::{self, Job, NewJob};
use prorata_store::{Tx, savings_plans};
use serde::{Deserialize, Serialize};

/// The job that waits for what falls due next of an order: a payment, or the end of its term. An
/// order has one of them at a time.
pub(crate) const PLAN_DUE: &str = "savings-plan-due";

/// What an order's job says.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct OrderJob {
    tenant: TenantId,
    order: SavingsPlanOrderId,
}

#[derive(Serialize)]
struct Charged<'c> {
    order: SavingsPlanOrderId,
    payment: &'c Instalment,
}

/// What came of the end of a plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Ended {
    order: SavingsPlanOrderId,
    /// What was paid in all, and is used now.
    used: Money,
    renewed: Option<(SavingsPlanOrderId, SavingsPlanId)>,
    /// Why it was not renewed, where it was to be.
    not_renewed: Option<String>,
}

/// Does what falls due of an order at the instant of its job, and pushes the next one.
///
/// # Errors
/// Those of the database.
pub(crate) fn run(tx: &mut Tx<'_>, app: &App, job: &Job) -> Result<(), Error> {
    let order = order_of(tx, &job.payload)?;
    let call = system_call(&order, job.run_at);
    let order = charge_due(tx, app, &call, order)?;
    if utc_day(call.now) >= order.expires_on {
        return expire(tx, app, &call, &order);
    }
    push_next(tx, app, &order, call.now)
}

/// Makes every payment of an order that has fallen due by now; answers the order as it is then.
/// Where the means of payment refuses one, that is recorded, and it and those after it wait.
fn charge_due(tx: &mut Tx<'_>, app: &App, call: &Call, mut order: Order) -> Result<Order, Error> {
    let today = utc_day(call.now);
    let account = account_of(tx, &order)?;
    while order.payments_made < order.commitment.payments()
        && order.due_day(order.payments_made + 1) <= today
    {
        let number = order.payments_made + 1;
        let due = order.due_day(number);
        let payment = Instalment { number, due, amount: order.commitment.payment };
        let operation = OperationId(tx.new_id());
        let permit = Permit::due(call, Scope::savings_plan_order(order.id));
        let deed = deed(&permit, operation, Kind::SavingsPlanInstalment, &order);
        let document = serde_json::to_string(&Charged { order: order.id, payment: &payment })?;
        let facts = payment::Facts {
            account: account.clone(),
            numbers: vec![number],
            since: due,
            amount: payment.amount,
            attempts: 0,
        };
        let taken = payment::decide(&app.book, &facts, call.now)?;
        record_document(tx, call, &deed, taken.refusal.as_ref(), document)?;
        if taken.refusal.is_some() {
            break;
        }
        let event = Event::SavingsPlanInstalment;
        post_payment(tx, call, &account, order.id, &payment, operation, event)?;
        let version = order.version;
        order.payments_made = number;
        order.version += 1;
        if !savings_plans::update_order(tx, &order, version)? {
            return Err(Error::Busy(format!("savings plan order `{}` was changed", order.id)));
        }
    }
    Ok(order)
}

/// Ends a plan at the end of its term: what was paid was used. A plan that renews is followed by
/// another, bought in the name of its buyer at the terms of the day.
fn expire(tx: &mut Tx<'_>, app: &App, call: &Call, order: &Order) -> Result<(), Error> {
    let Some((_, plan)) = savings_plans::held(tx, order.tenant, order.id)? else {
        return Err(Error::Broken(format!("savings plan order `{}` holds no plan", order.id)));
    };
    if plan.state != State::Active {
        return Ok(());
    }
    let operation = OperationId(tx.new_id());
    let used = order.commitment.payment.times(i64::from(order.payments_made))?;
    let (renewed, not_renewed) = match plan.renew {
        true => renew(tx, app, call, order, &plan, operation)?,
        false => (None, None),
    };
    let was = plan.revision;
    let ended = SavingsPlan {
        state: State::Expired,
        renew_destination: renewed,
        effective_at: call.now,
        updated_at: call.now,
        revision: was + 1,
        ..plan
    };
    if !savings_plans::update(tx, &ended, was, operation)? {
        return Err(Error::Busy(format!("savings plan `{}` was changed meanwhile", ended.id)));
    }
    let document = Ended { order: order.id, used, renewed, not_renewed };
    let permit = Permit::due(call, Scope::savings_plan_order(order.id));
    let deed = deed(&permit, operation, Kind::SavingsPlanExpiry, order);
    record_document(tx, call, &deed, None, serde_json::to_string(&document)?)?;
    let entry = accounting::savings_plan_expiry(order.id, used)?;
    post_entry(tx, call, operation, Event::SavingsPlanExpiry, entry.as_ref())?;
    Ok(())
}

type Renewed = (Option<(SavingsPlanOrderId, SavingsPlanId)>, Option<String>);

/// Buys the next plan, or says why it cannot be bought.
fn renew(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    order: &Order,
    plan: &SavingsPlan,
    operation: OperationId,
) -> Result<Renewed, Error> {
    let request = plan.renewal_request(order);
    let facts = match facts(tx, call, &request) {
        Ok(facts) => facts,
        Err(Error::Absent { what, .. }) => return Ok((None, Some(format!("there is no {what}")))),
        Err(error) => return Err(error),
    };
    let decision = sold(app, call, &facts, &request)?;
    if let Some(refusal) = &decision.refusal {
        return Ok((None, Some(refusal.reason.clone())));
    }
    let permit = Permit::due(call, Scope::savings_plan_order(order.id));
    let placement = Placement {
        permit: &permit,
        owners: access::behind(tx, call, request.billing_subscription)?,
        order: SavingsPlanOrderId(tx.new_id()),
        operation,
        acquired_by: AcquiredBy::Renewal,
        renew_source: Some((order.id, plan.id)),
    };
    let (next, held) =
        place(tx, app, call, &facts.account, &request, approved(&decision)?, &placement)?;
    Ok((Some((next.id, held.id)), None))
}

/// Posts one payment: the journal entry, and the row of the order's payments.
pub(crate) fn post_payment(
    tx: &mut Tx<'_>,
    call: &Call,
    account: &BillingAccount,
    order: SavingsPlanOrderId,
    payment: &Instalment,
    operation: OperationId,
    event: Event,
) -> Result<(), Error> {
    let balanced = accounting::savings_plan_payment(account, order, payment.amount)?;
    let entry = post_entry(tx, call, operation, event, balanced.as_ref())?;
    savings_plans::insert_payment(
        tx,
        &savings_plans::Payment {
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

/// Pushes the job for what falls due next of an order after an instant: a payment, another try of
/// one that was refused, or the end of the term.
pub(crate) fn push_next(
    tx: &mut Tx<'_>,
    app: &App,
    order: &Order,
    after: Timestamp,
) -> Result<(), Error> {
    let today = utc_day(after);
    let unpaid = order.payments_made + 1..=order.commitment.payments();
    let payment = unpaid.clone().map(|number| order.due_day(number)).find(|day| *day > today);
    let late = unpaid.map(|number| order.due_day(number)).next().filter(|day| *day <= today);
    let retry = app.book.in_force(today).payment_retry;
    let again = late.and_then(|since| retry.value.next(since, today));
    let days = [payment, again, Some(order.expires_on)];
    let Some(next) = days.into_iter().flatten().filter(|day| *day > today).min() else {
        return Ok(());
    };
    let run_at = day_start(next);
    let payload = serde_json::to_string(&OrderJob { tenant: order.tenant, order: order.id })?;
    let id = tx.new_id();
    jobs::push(tx, &NewJob { id, kind: PLAN_DUE, run_at, payload: &payload, version: 1 })?;
    Ok(())
}

fn order_of(tx: &mut Tx<'_>, payload: &str) -> Result<Order, Error> {
    let job: OrderJob = serde_json::from_str(payload)?;
    savings_plans::load_order(tx, job.tenant, job.order)?.ok_or_else(|| {
        Error::Broken(format!("a job names savings plan order `{}`, which is not there", job.order))
    })
}

fn deed<'d>(permit: &'d Permit, operation: OperationId, kind: Kind, order: &'d Order) -> Deed<'d> {
    Deed {
        permit,
        id: operation,
        kind,
        target: format!("savings-plan-order/{}", order.id),
        billing_account: &order.billing_account,
        counted: None,
    }
}

/// A call of the clock's own, in the name of the order's buyer.
fn system_call(order: &Order, now: Timestamp) -> Call {
    Call::new(
        Caller::new(order.tenant, order.buyer, "prorata".to_owned(), "the clock".to_owned()),
        now,
        order.id.0,
    )
}
