//! Exchanges that somebody is still thinking about: what could be given up and what it would bring,
//! what an exchange would come to, and what could be done instead. Nothing is kept of any of it.

use super::{Ask, GivenUp, gather, judge, twin};
use crate::access;
use crate::catalog::current_price;
use crate::refund;
use crate::utilization::{self, Summed};
use crate::{App, Call, Error};
use prorata_domain::access::{Action, Scope};
use prorata_domain::decision::{Decision, Outcome, Refusal, Repair, Subject};
use prorata_domain::exchange::{Facts, Plan, Request, Twin};
use prorata_domain::ids::SubscriptionId;
use prorata_domain::proration::ReturnValue;
use prorata_domain::refund as returns;
use prorata_domain::reservation::{AppliedScope, Held, Order, Reservation};
use prorata_domain::savings_plan::purchase as savings_plan;
use prorata_domain::term::utc_day;
use prorata_domain::trade_in::commitment_for;
use prorata_ledger::Money;
use prorata_store::{Tx, reservations, waivers};

/// A reservation that could go into an exchange.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub order: Order,
    pub reservation: Reservation,
    /// What giving up the units asked for would bring, where it can be told.
    pub value: Option<ReturnValue>,
    /// Why it cannot be exchanged; nothing when it can.
    pub bar: Option<Bar>,
    /// What of it was used, where figures were loaded.
    pub used: Option<Summed>,
    /// The premium-storage twin that it may be swapped with.
    pub twin: Option<Twin>,
}

/// Why a reservation cannot be exchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bar {
    /// The caller may look at it and no more.
    NoRight,
    Refused(Refusal),
}

/// Looks at reservations one by one, each with the units of it that would be given up. It makes no
/// payment that is due, so it may run on a snapshot.
///
/// # Errors
/// Those of the database.
pub fn candidates(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    rows: Vec<(Order, Reservation, u32)>,
) -> Result<Vec<Candidate>, Error> {
    let look =
        |(order, reservation, quantity)| candidate(tx, app, call, order, reservation, quantity);
    rows.into_iter().map(look).collect()
}

fn candidate(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    order: Order,
    reservation: Reservation,
    quantity: u32,
) -> Result<Candidate, Error> {
    let place = (call.caller.tenant, order.id, reservation.id);
    let used = utilization::summed(tx, place)?;
    let mut found =
        Candidate { value: None, bar: Some(Bar::NoRight), used, twin: None, order, reservation };
    if !access::may(tx, call, Action::Exchange, &Scope::order(found.order.id))? {
        return Ok(found);
    }
    let Some((order, reservation, account)) = reservations::held(tx, place.0, place.1, place.2)?
    else {
        return Ok(found);
    };
    let bought = order.commitment_of(&reservation);
    let current = current_price(tx, app, &bought, utc_day(call.now))?;
    let mut held = Held::new(&order, &reservation, account, current);
    held.asker = crate::partner::asker(tx, call, &held.account)?;
    held.waivers = waivers::open(tx, reservation.id)?;
    found.twin = twin(app, &order, &held).filter(|twin| swaps(app, call, twin));
    let facts = Facts { returns: vec![held], twins: vec![None], ..Facts::default() };
    let request =
        Request { returns: vec![quantity], purchases: Vec::new(), savings_plans: Vec::new() };
    let decision = judge(&app.book, &facts, &request, call.now)?;
    found.bar = of_return(&decision).map(Bar::Refused);
    found.value =
        decision.proposal.and_then(|plan| plan.returns.into_iter().next()).map(|given| given.value);
    Ok(found)
}

/// The refusal, where it is about what is given up and not about what is bought for it.
fn of_return(decision: &Decision<Plan>) -> Option<Refusal> {
    let refusal = decision.refusal.as_ref()?;
    let about = decision
        .findings
        .iter()
        .find(|finding| finding.clause == refusal.clause && finding.outcome == Outcome::NotMet)?;
    matches!(about.about, Some(Subject::Return(_))).then(|| refusal.clone())
}

fn swaps(app: &App, call: &Call, twin: &Twin) -> bool {
    app.book.in_force(utc_day(call.now)).premium_storage_swap.value.allows(twin.has_premium)
}

/// What an exchange would come to as far as it is known; what is bought may still be missing.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`]; never because of a rule.
pub fn weigh(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    ask: &Ask,
) -> Result<(Facts, Decision<Plan>), Error> {
    let gathered = gather(tx, app, call, ask)?;
    let decision = judge(&app.book, &gathered.facts, &gathered.request, call.now)?;
    Ok((gathered.facts, decision))
}

/// What could be done instead with what would be given up; nothing where the caller may not.
#[derive(Debug, Clone, Default)]
pub struct Instead {
    /// A return of each for itself, in request order.
    pub returned: Option<Vec<Decision<returns::Plan>>>,
    /// A trade-in for the smallest savings plan that is worth as much.
    pub traded_in: Option<Decision<Plan>>,
}

/// Looks at a return and at a trade-in of the same units, which are worth `value` in all.
///
/// # Errors
/// Those of the database.
pub fn instead(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    given: &[GivenUp],
    facts: &Facts,
    value: Money,
    payer: SubscriptionId,
) -> Result<Instead, Error> {
    let mut returned = Vec::with_capacity(given.len());
    for one in given {
        let ask =
            refund::Ask { order: one.order, reservation: one.reservation, quantity: one.quantity };
        returned.extend(allowed(give_back(tx, app, call, &ask))?);
    }
    let returned = (returned.len() == given.len()).then_some(returned);
    let Some(wanted) = smallest_plan(app, call, facts, value, payer) else {
        return Ok(Instead { returned, traded_in: None });
    };
    let mut ask =
        Ask { returns: given.to_vec(), purchases: Vec::new(), savings_plans: vec![wanted] };
    let mut found = allowed(weigh(tx, app, call, &ask))?;
    // In coarse currencies each payment is cut, so that a little more is needed.
    let more = found.as_ref().and_then(|(_, decision)| {
        let repairs = &decision.refusal.as_ref()?.repairs;
        repairs.iter().find_map(|repair| match repair {
            Repair::RaiseCommitment { to, .. } => Some(*to),
            _ => None,
        })
    });
    if let (Some(to), Some(plan)) = (more, ask.savings_plans.first_mut()) {
        plan.hourly = to;
        found = allowed(weigh(tx, app, call, &ask))?;
    }
    Ok(Instead { returned, traded_in: found.map(|(_, decision)| decision) })
}

/// What a return would come to for the caller.
fn give_back(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    ask: &refund::Ask,
) -> Result<Decision<returns::Plan>, Error> {
    let _ = access::order(tx, call, Action::Return, ask.order)?;
    let facts = refund::facts(tx, app, call, ask)?;
    let request = returns::Request { quantity: ask.quantity };
    Ok(returns::decide(&app.book, &facts, &request, call.now)?)
}

/// The savings plan of least commitment that all of it may be traded in for, for the term and by
/// the plan of the first.
fn smallest_plan(
    app: &App,
    call: &Call,
    facts: &Facts,
    value: Money,
    payer: SubscriptionId,
) -> Option<savings_plan::Request> {
    let clauses = app.book.in_force(utc_day(call.now));
    let types = clauses.trade_in_types.value;
    let becomes = |kind| {
        facts.returns.iter().all(|held| types.may_become(&held.commitment.resource_type, kind))
    };
    let offers = &clauses.savings_plan_offer.value.offers;
    let offer = offers.iter().find(|offer| becomes(offer.kind))?;
    let like = &facts.returns.first()?.commitment;
    let term = offer.terms.iter().find(|term| **term == like.term).or(offer.terms.first())?;
    Some(savings_plan::Request {
        sku: offer.sku.clone(),
        billing_subscription: payer,
        term: *term,
        plan: like.plan,
        hourly: commitment_for(value, *term).ok()?,
        display_name: offer.sku.clone(),
        applied_scope: AppliedScope::Shared,
        renew: false,
    })
}

/// Nothing where the caller may not ask.
fn allowed<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(Error::Absent { .. } | Error::Denied { .. } | Error::Malformed(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
