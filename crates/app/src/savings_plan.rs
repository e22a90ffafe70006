//! Savings plans: bought under a name, looked at, changed; their payments and their end.

pub mod billing;
pub mod purchase;
pub mod update;

use crate::access::{self, ReadablePlans};
use crate::limits::PAGE_ROWS_MAX;
use crate::orders::{Page, Payment, PaymentStatus};
use crate::{App, Call, Error};
use jiff::civil::Date;
use prorata_domain::access::Action;
use prorata_domain::ids::{OperationId, SavingsPlanId, SavingsPlanOrderId};
use prorata_domain::reservation::BillingAccount;
use prorata_domain::savings_plan::{Order, SavingsPlan, State};
use prorata_domain::term::utc_day;
use prorata_store::savings_plans::{self, HeldRow};
use prorata_store::{Tx, aliases, world};

/// An order with its plan, the account that pays, and every payment.
#[derive(Debug, Clone)]
pub struct View {
    pub order: Order,
    pub plan: SavingsPlan,
    pub account: BillingAccount,
    pub payments: Vec<Payment>,
}

/// Rows read at a time where all are looked at.
const CHUNK: usize = 500;

/// An order with its plan and payments.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`].
pub fn show(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    id: SavingsPlanOrderId,
) -> Result<View, Error> {
    let _ = access::savings_plan_order(tx, call, Action::ReadSavingsPlan, id)?;
    let (order, plan) = held(tx, call, id)?;
    view(tx, utc_day(call.now), order, plan)
}

/// One plan of an order.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`].
pub fn show_plan(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    order: SavingsPlanOrderId,
    id: SavingsPlanId,
) -> Result<HeldRow, Error> {
    let _ = access::savings_plan(tx, call, Action::ReadSavingsPlan, order, id)?;
    plan_of(tx, call, order, id)
}

/// A page of the orders that the caller may see, by id.
///
/// # Errors
/// Those of the database.
pub fn list(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    after: Option<SavingsPlanOrderId>,
    limit: usize,
) -> Result<Page<HeldRow>, Error> {
    let limit = limit.clamp(1, PAGE_ROWS_MAX);
    let readable = ReadablePlans::of(tx, call)?;
    let mut rows: Vec<HeldRow> = Vec::new();
    let mut from = after;
    while rows.len() <= limit {
        let chunk = savings_plans::page(tx, call.caller.tenant, from, CHUNK)?;
        let Some(last) = chunk.last() else { break };
        from = Some(last.0.id);
        rows.extend(chunk.into_iter().filter(|row| readable.whole(row.0.id)));
    }
    let next = (rows.len() > limit).then(|| rows[limit - 1].0.id.to_string());
    rows.truncate(limit);
    Ok(Page { rows, next })
}

/// Every plan that the caller may see: a role on one shows it without the rest of its order.
///
/// # Errors
/// Those of the database.
pub fn list_plans(tx: &mut Tx<'_>, _app: &App, call: &Call) -> Result<Vec<HeldRow>, Error> {
    let readable = ReadablePlans::of(tx, call)?;
    let mut rows: Vec<HeldRow> = Vec::new();
    let mut from = None;
    loop {
        let chunk = savings_plans::page(tx, call.caller.tenant, from, CHUNK)?;
        let Some(last) = chunk.last() else { return Ok(rows) };
        from = Some(last.0.id);
        rows.extend(chunk.into_iter().filter(|row| readable.holds(row.0.id, row.1.id)));
    }
}

/// An operation that bought under a name.
///
/// # Errors
/// [`Error::Absent`] when the caller has none of that id.
pub fn operation(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    id: OperationId,
) -> Result<OperationId, Error> {
    aliases::of_operation(tx, call.caller.tenant, id)?
        .filter(|alias| alias.principal == call.caller.principal)
        .map(|alias| alias.operation)
        .ok_or_else(|| Error::Absent {
            what: format!("operation `{id}`"),
            code: "ResourceNotFound",
        })
}

/// The plans of the caller's tenant that one billing account pays for, as far as they may see
/// them.
///
/// # Errors
/// Those of the database.
pub fn list_of_account(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    account: &str,
) -> Result<Vec<HeldRow>, Error> {
    let readable = ReadablePlans::of(tx, call)?;
    let mut rows: Vec<HeldRow> = Vec::new();
    let mut from = None;
    loop {
        let tenant = call.caller.tenant;
        let chunk = savings_plans::page_of_account(tx, account, tenant, from, CHUNK)?;
        let Some(last) = chunk.last() else { return Ok(rows) };
        from = Some(last.0.id);
        rows.extend(chunk.into_iter().filter(|row| readable.holds(row.0.id, row.1.id)));
    }
}

/// An order with its plan; the caller's right was asked for.
pub(crate) fn held(tx: &mut Tx<'_>, call: &Call, id: SavingsPlanOrderId) -> Result<HeldRow, Error> {
    savings_plans::held(tx, call.caller.tenant, id)?.ok_or_else(|| absent_order(id))
}

pub(crate) fn plan_of(
    tx: &mut Tx<'_>,
    call: &Call,
    order: SavingsPlanOrderId,
    id: SavingsPlanId,
) -> Result<HeldRow, Error> {
    let (order, plan) = held(tx, call, order)?;
    if plan.id == id { Ok((order, plan)) } else { Err(absent_plan(order.id, id)) }
}

fn view(tx: &mut Tx<'_>, today: Date, order: Order, plan: SavingsPlan) -> Result<View, Error> {
    let account = account_of(tx, &order)?;
    let mut payments: Vec<Payment> = savings_plans::payments(tx, order.id)?
        .into_iter()
        .map(|row| Payment {
            number: row.number,
            due: row.due,
            amount: row.amount,
            paid_at: Some(row.paid_at),
            status: PaymentStatus::Succeeded,
        })
        .collect();
    let amount = order.commitment.payment;
    // What fell due before today and was not made was refused.
    let status = |due: Date| match plan.state {
        State::Active if due >= today => PaymentStatus::Scheduled,
        State::Active | State::Expired => PaymentStatus::Failed,
    };
    let left = order.payments_made + 1..=order.commitment.payments();
    payments.extend(left.map(|number| Payment {
        number,
        due: order.due_day(number),
        amount,
        paid_at: None,
        status: status(order.due_day(number)),
    }));
    Ok(View { order, plan, account, payments })
}

/// The account that pays for an order.
pub(crate) fn account_of(tx: &mut Tx<'_>, order: &Order) -> Result<BillingAccount, Error> {
    world::billing_account(tx, &order.billing_account)?.ok_or_else(|| {
        let id = order.id;
        Error::Broken(format!("savings plan order `{id}` names an account that is not there"))
    })
}

/// Refuses an order that another account pays for: under this one it is not there.
///
/// # Errors
/// [`Error::Absent`].
pub fn require_payer(order: &Order, account: &str) -> Result<(), Error> {
    let pays = order.billing_account.eq_ignore_ascii_case(account);
    if pays { Ok(()) } else { Err(absent_order(order.id)) }
}

pub(crate) fn absent_order(order: SavingsPlanOrderId) -> Error {
    Error::Absent {
        what: format!("savings plan order `{order}`"),
        code: "SavingsPlanOrderNotFound",
    }
}

pub(crate) fn absent_plan(order: SavingsPlanOrderId, plan: SavingsPlanId) -> Error {
    Error::Absent {
        what: format!("savings plan `{plan}` in order `{order}`"),
        code: "SavingsPlanNotFound",
    }
}
