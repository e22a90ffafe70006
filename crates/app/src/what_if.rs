//! What a request would come to on other days, side by side. Nothing is written: neither a quote
//! nor a payment that is due, which counts as made here.
//!
//! A day to come is looked at as if the request were made then: the payments due until then are
//! made, the days until then are used, and the rules and prices are those of that day. A day that
//! has passed is looked at for its rules alone: the case is that of today, and the book is as it
//! stood then.

use crate::catalog::{current_price, purchase_facts};
use crate::{App, Call, Error, billing, exchange, partner, reservations};
use jiff::civil::Date;
use prorata_domain::decision::Decision;
use prorata_domain::ids::{OrderId, ReservationId};
use prorata_domain::policy::Book;
use prorata_domain::refund;
use prorata_domain::reservation::{AppliedScope, Held, Order, Reservation};
use prorata_domain::term::{BillingPlan, Term, day_start, utc_day};
use prorata_domain::{exchange as exchanging, purchase};
use prorata_store::{Tx, cap, waivers};

/// What is to be done with units of a reservation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    pub order: OrderId,
    pub reservation: ReservationId,
    pub quantity: u32,
    /// What they are exchanged for; nothing where they are returned for money.
    pub into: Option<Wanted>,
}

/// Another product, paid by the subscription that paid for what is given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub resource_type: String,
    pub sku: String,
    pub location: Option<String>,
    pub term: Term,
    pub plan: BillingPlan,
    pub quantity: u32,
}

/// How a day is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    Today,
    /// The request is made on that day.
    Later,
    /// The request is made today, under the rules of that day.
    RulesOf,
}

/// What is decided for a day.
#[derive(Debug, Clone)]
pub struct Answer {
    pub day: Date,
    pub when: When,
    pub decided: Decided,
}

#[derive(Debug, Clone)]
pub enum Decided {
    Refund(Decision<refund::Plan>),
    Exchange(Decision<exchanging::Plan>),
}

/// A reservation and what would be decided about it.
#[derive(Debug, Clone)]
pub struct Found {
    pub order: Order,
    pub reservation: Reservation,
    pub answers: Vec<Answer>,
}

/// Decides a request for each of some days.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`] where the caller may not see the reservation; never
/// because of a rule.
pub fn run(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    ask: &Ask,
    days: &[Date],
) -> Result<Found, Error> {
    let (order, reservation) = reservations::show(tx, app, call, ask.order, ask.reservation)?;
    let account = match prorata_store::reservations::held(
        tx,
        call.caller.tenant,
        ask.order,
        ask.reservation,
    )? {
        Some((_, _, account)) => account,
        None => {
            let error = reservations::absent_reservation(tx, call, ask.order, ask.reservation)?;
            return Err(error);
        }
    };
    let today = utc_day(call.now);
    let mut held = Held::new(&order, &reservation, account, None);
    held.overdue = billing::overdue_of(tx, &order, today)?;
    held.asker = partner::asker(tx, call, &held.account)?;
    held.waivers = waivers::open(tx, reservation.id)?;
    let mut answers = Vec::with_capacity(days.len());
    for &day in days {
        let when = match day {
            day if day > today => When::Later,
            day if day < today => When::RulesOf,
            _ => When::Today,
        };
        let stood = (when == When::RulesOf).then(|| app.book.as_it_stood(day));
        let book = stood.as_ref().unwrap_or(&app.book);
        let call = match when {
            When::Later => Call { now: day_start(day), ..call.clone() },
            When::Today | When::RulesOf => call.clone(),
        };
        let held = as_of(tx, app, &held, utc_day(call.now))?;
        let decided = match &ask.into {
            None => Decided::Refund(returned(tx, book, &call, ask, held)?),
            Some(into) => {
                Decided::Exchange(exchanged(tx, app, book, &call, ask, into, &order, held)?)
            }
        };
        answers.push(Answer { day, when, decided });
    }
    Ok(Found { order, reservation, answers })
}

/// What is held, as it is on a day: paid until then, beside the price of then.
fn as_of(tx: &mut Tx<'_>, app: &App, held: &Held, day: Date) -> Result<Held, Error> {
    let mut held = held.clone();
    // What was refused stays due until somebody mends the means of payment.
    if held.overdue.is_none() {
        held.pay_until(day);
    }
    held.current_unit_total = current_price(tx, app, &held.commitment, day)?;
    Ok(held)
}

fn returned(
    tx: &mut Tx<'_>,
    book: &Book,
    call: &Call,
    ask: &Ask,
    held: Held,
) -> Result<Decision<refund::Plan>, Error> {
    let today = utc_day(call.now);
    let opens = book.in_force(today).refund_cap.value.window_opens(today);
    let mut cap_used = Vec::new();
    for scope in refund::cap_scopes(&held.account, book, today) {
        cap_used.extend(cap::used_since(tx, &scope, opens)?);
    }
    cap_used.sort_unstable();
    let facts = refund::Facts { held, cap_used };
    let request = refund::Request { quantity: ask.quantity };
    Ok(refund::decide(book, &facts, &request, call.now)?)
}

#[expect(clippy::too_many_arguments, reason = "each is a part of one case")]
fn exchanged(
    tx: &mut Tx<'_>,
    app: &App,
    book: &Book,
    call: &Call,
    ask: &Ask,
    into: &Wanted,
    order: &Order,
    held: Held,
) -> Result<Decision<exchanging::Plan>, Error> {
    let wanted = purchase::Request {
        resource_type: into.resource_type.clone(),
        sku: into.sku.clone(),
        location: into.location.clone(),
        billing_subscription: order.billing_subscription,
        term: into.term,
        plan: into.plan,
        quantity: into.quantity,
        display_name: String::new(),
        applied_scope: AppliedScope::Shared,
        instance_flexibility: None,
        renew: false,
        review_at: None,
    };
    let facts = exchanging::Facts {
        twins: vec![exchange::twin(app, order, &held)],
        returns: vec![held],
        purchases: vec![purchase_facts(tx, app, call, &wanted)?],
        savings_plans: Vec::new(),
    };
    let request = exchanging::Request {
        returns: vec![ask.quantity],
        purchases: vec![wanted],
        savings_plans: Vec::new(),
    };
    Ok(exchange::judge(book, &facts, &request, call.now)?)
}
