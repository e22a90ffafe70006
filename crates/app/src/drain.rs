//! Paying usage from pre-purchase plans. Nothing is posted for it: the plan was paid when it was
//! bought, and its money was used when the plan has ended.

use crate::billing::post_entry;
use crate::due::left;
use crate::operations::{Deed, Evidence, Kind, record};
use crate::purchase::approved;
use crate::rearrange::held;
use crate::{App, Call, Error, Fault, access};
use jiff::Timestamp;
use prorata_domain::access::Action;
use prorata_domain::accounting::{self, Event};
use prorata_domain::commit_units::CommitUnits;
use prorata_domain::decision::Decision;
use prorata_domain::drain::{Facts, Plan, Request, decide};
use prorata_domain::ids::{OperationId, OrderId, ReservationId};
use prorata_domain::reservation::{Order, Reservation, ReservationState};
use prorata_store::drains::{self, Drain};
use prorata_store::{Tx, reservations};

/// Usage that somebody wants paid from a plan.
#[derive(Debug, Clone)]
pub struct Ask {
    pub order: OrderId,
    pub reservation: ReservationId,
    pub request: Request,
}

/// What became of it.
#[derive(Debug, Clone)]
pub struct Drained {
    pub drain: Drain,
    pub balance: Balance,
    /// Nothing for usage that was drained before.
    pub decision: Option<Decision<Plan>>,
}

/// What a plan holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    pub bought: CommitUnits,
    pub drained: CommitUnits,
    pub left: CommitUnits,
}

/// A page of what was paid from a plan.
#[derive(Debug, Clone)]
pub struct Listed {
    pub balance: Balance,
    pub drains: Vec<Drain>,
    pub next: Option<String>,
}

/// Pays usage from a plan. The same usage again is the same answer; another usage under its id is
/// a conflict.
///
/// # Errors
/// [`Error::Malformed`] for usage that has not happened yet; [`Error::KeyReused`],
/// [`Error::Absent`], [`Error::Denied`] or [`Error::Refused`].
pub fn drain(tx: &mut Tx<'_>, app: &App, call: &Call, ask: &Ask) -> Result<Drained, Error> {
    let target = format!("order/{}/reservation/{}", ask.order, ask.reservation);
    drain_plan(tx, app, call, ask, &target)
        .map_err(|error| error.attempted(call, Kind::Drain, target))
}

fn drain_plan(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    ask: &Ask,
    target: &str,
) -> Result<Drained, Error> {
    let permit = access::reservation(tx, call, Action::Manage, ask.order, ask.reservation)?;
    let (order, plan_held, account) = held(tx, call, ask.order, ask.reservation)?;
    not_ahead(&ask.request, call.now)?;
    if let Some(drain) = drains::load(tx, ask.order, ask.reservation, &ask.request.usage_id)? {
        return again(tx, &order, &plan_held, &ask.request, drain);
    }
    let before = drains::drained(tx, ask.order, ask.reservation)?;
    let facts = Facts::new(&order, &plan_held, before);
    let mut decision = decide(&app.book, &facts, &ask.request, call.now)?;
    if let Some(refusal) = decision.refusal {
        return Err(Error::refused(refusal, decision.findings));
    }
    let plan = *approved(&decision)?;
    let operation = OperationId(tx.new_id());
    let drain = Drain {
        usage_id: ask.request.usage_id.clone(),
        used_at: ask.request.used_at,
        recorded_at: call.now,
        units: ask.request.units,
        covered: plan.covered,
        overage: plan.overage,
        operation,
    };
    drains::insert(tx, ask.order, ask.reservation, &drain)?;
    if plan.left.is_zero() && plan_held.state.is_active() {
        end(tx, call, &order, plan_held, operation)?;
    }
    let findings = std::mem::take(&mut decision.findings);
    let document = Evidence {
        policy: app.book.digest().to_owned(),
        facts,
        request: ask.request.clone(),
        decision,
    };
    let deed = Deed {
        permit: &permit,
        id: operation,
        kind: Kind::Drain,
        target: target.to_owned(),
        billing_account: &account.id,
        counted: None,
    };
    record(tx, call, &deed, None, &findings, &document)?;
    let drained = plan.bought.less(plan.left);
    let balance = Balance { bought: plan.bought, drained, left: plan.left };
    Ok(Drained { drain, balance, decision: Some(Decision { findings, ..document.decision }) })
}

fn not_ahead(request: &Request, now: Timestamp) -> Result<(), Error> {
    if request.used_at <= now {
        return Ok(());
    }
    let fault = Fault::new("usedAt", format!("must not be after now, {now}"));
    Err(Error::Malformed(vec![fault]))
}

/// The answer to usage that is there already.
fn again(
    tx: &mut Tx<'_>,
    order: &Order,
    plan: &Reservation,
    request: &Request,
    drain: Drain,
) -> Result<Drained, Error> {
    if (drain.units, drain.used_at) != (request.units, request.used_at) {
        return Err(Error::KeyReused {
            what: format!("usage id `{}`", request.usage_id),
            code: "BadRequest",
        });
    }
    let balance = balance(tx, order, plan)?
        .ok_or_else(|| Error::Broken("what holds no commit units was drained".to_owned()))?;
    Ok(Drained { drain, balance, decision: None })
}

/// Ends a plan with the last of its units: what was paid for it was used.
fn end(
    tx: &mut Tx<'_>,
    call: &Call,
    order: &Order,
    plan: Reservation,
    operation: OperationId,
) -> Result<(), Error> {
    let used = left(order, i64::from(plan.quantity))?;
    let entry = accounting::expiry(order.id, used)?;
    post_entry(tx, call, operation, Event::Expiry, entry.as_ref())?;
    let was = plan.revision;
    let ended = Reservation {
        state: ReservationState::Drained,
        renew: false,
        effective_at: call.now,
        updated_at: call.now,
        revision: was + 1,
        ..plan
    };
    Ok(reservations::replace(tx, &ended, was, operation)?)
}

/// What a plan holds; nothing for what is none.
///
/// # Errors
/// Those of the database.
pub fn balance(
    tx: &mut Tx<'_>,
    order: &Order,
    plan: &Reservation,
) -> Result<Option<Balance>, Error> {
    let Some(holds) = order.commit_units else { return Ok(None) };
    let bought = holds
        .times(plan.quantity)
        .ok_or_else(|| Error::Broken("a plan holds more than can be counted".to_owned()))?;
    let drained = drains::drained(tx, order.id, plan.id)?;
    Ok(Some(Balance { bought, drained, left: bought.less(drained) }))
}

/// What was paid from a plan, by usage id.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`]; absent too for what is no plan.
pub fn list(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    (order, id): (OrderId, ReservationId),
    after: Option<&str>,
    limit: usize,
) -> Result<Listed, Error> {
    let (order, plan) = crate::reservations::show(tx, app, call, order, id)?;
    let balance = balance(tx, &order, &plan)?.ok_or_else(|| Error::Absent {
        what: format!("usage of reservation `{id}`, which is no pre-purchase plan,"),
        code: "ResourceNotFound",
    })?;
    let drains = drains::page(tx, order.id, id, after, limit)?;
    let full = drains.len() == limit;
    let next = drains.last().filter(|_| full).map(|drain| drain.usage_id.clone());
    Ok(Listed { balance, drains, next })
}
