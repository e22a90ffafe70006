//! Renewing a reservation at the end of its term: buying the same, or what was wanted instead, anew.
//!
//! The clauses are looked at in the order of [`ClauseId`], and the first one not met names the
//! refusal: whether renewal is on, its default for what is bought, the clauses of a purchase with
//! the lock of the price among them, and the means of payment.

use crate::decision::{
    Amount, Decision, Finding, Formula, Impossible, Line, Outcome, Refusal, Repair,
};
use crate::payment;
use crate::policy::{Book, ClauseId, Clauses, MovedPrice};
use crate::proration::{finding, structural};
use crate::purchase::{self, assess};
use crate::reservation::{Order, Reservation, ReservationState};
use crate::term::utc_day;
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_ledger::Money;
use serde::{Deserialize, Serialize};

/// The price of a renewal, as it was locked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    pub locked_on: Date,
    /// The price of one unit for the term.
    pub unit_total: Money,
    /// All payments together, in the account's currency and in US dollars.
    pub total: Money,
    pub total_usd: Money,
}

/// Everything a renewal may look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub purchase: purchase::Facts,
    /// Whether renewal is switched on.
    pub on: bool,
    pub state: ReservationState,
    pub expires_on: Date,
    /// Nothing where the product had no price when it was to be locked.
    #[serde(default)]
    pub lock: Option<Lock>,
}

/// What a renewal does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub bought: purchase::Plan,
    /// Whether what is bought is to be renewed in its turn.
    pub renew: bool,
}

/// What is to be bought, and what was said about renewing that in its turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub purchase: purchase::Request,
    /// Nothing where the default of the day holds.
    #[serde(default)]
    pub renew: Option<bool>,
}

impl Request {
    /// What a reservation is to be renewed as: what was wanted, else the same again.
    pub fn of(order: &Order, reservation: &Reservation) -> Request {
        if let Some(wanted) = &reservation.renew_as {
            return Request { purchase: (**wanted).clone(), renew: Some(wanted.renew) };
        }
        let held = order.commitment_of(reservation);
        let purchase = purchase::Request {
            resource_type: held.resource_type,
            sku: held.sku,
            location: Some(held.location),
            billing_subscription: order.billing_subscription,
            term: held.term,
            plan: held.plan,
            quantity: reservation.quantity,
            display_name: reservation.display_name.clone(),
            applied_scope: reservation.applied_scope.clone(),
            instance_flexibility: Some(reservation.instance_flexibility),
            renew: false,
            review_at: None,
        };
        Request { purchase, renew: None }
    }
}

/// The price at which a renewal would be locked today; nothing where it could not be bought.
///
/// # Errors
/// [`Impossible`] when recorded facts contradict each other.
pub fn lock(
    book: &Book,
    facts: &purchase::Facts,
    request: &Request,
    now: Timestamp,
) -> Result<Option<Lock>, Impossible> {
    let decision = purchase::decide(book, facts, &request.purchase, now)?;
    Ok(decision.plan().map(|plan| Lock {
        locked_on: utc_day(now),
        unit_total: plan.commitment.unit_total,
        total: plan.total,
        total_usd: plan.total_usd,
    }))
}

/// Decides a renewal.
///
/// # Errors
/// [`Impossible`] when recorded facts contradict each other; never because of the request.
pub fn decide(
    book: &Book,
    facts: &Facts,
    request: &Request,
    now: Timestamp,
) -> Result<Decision<Plan>, Impossible> {
    let today = utc_day(now);
    let clauses = book.in_force(today);
    let renew = request.renew.unwrap_or(clauses.renewal_default.value.on);
    let (priced, locked) = locked(facts, &clauses);
    let assessed = assess(&priced, &request.purchase, &clauses, today, None);
    let mut noted = vec![switched_on(facts), (default_finding(request, &clauses), None)];
    noted.push(locked);
    noted.push(match &assessed.plan {
        Some(plan) => payment::taken(&facts.purchase.account, plan.first_payment()?, today),
        None => payment::not_asked(),
    });
    let mut findings: Vec<Finding> = noted.iter().map(|(finding, _)| finding.clone()).collect();
    findings.extend(assessed.findings);
    // The sort is stable, and each clause is looked at once.
    findings.sort_by_key(|finding| finding.clause);
    let refusal = noted
        .into_iter()
        .filter_map(|(_, refusal)| refusal)
        .chain(assessed.refusal)
        .min_by_key(|refusal| refusal.clause);
    let proposal = assessed.plan.map(|bought| Plan { bought, renew });
    Ok(Decision { proposal, refusal, findings })
}

type Noted = (Finding, Option<Refusal>);

fn switched_on(facts: &Facts) -> Noted {
    let lines = vec![
        Line::new("renewal", if facts.on { "on" } else { "off" }),
        Line::new("state", facts.state.name()),
        Line::new("end of the term", facts.expires_on),
    ];
    if facts.on && facts.state.is_active() {
        return (structural(ClauseId::RenewalSwitch, None, Outcome::Met, lines), None);
    }
    let reason = if facts.on {
        format!("the reservation is {} and has nothing to renew", facts.state.name())
    } else {
        "renewal is switched off".to_owned()
    };
    let refusal = Refusal {
        clause: ClauseId::RenewalSwitch,
        code: "OperationCannotBePerformedInCurrentState".into(),
        reason,
        repairs: Vec::new(),
    };
    (structural(ClauseId::RenewalSwitch, None, Outcome::NotMet, lines), Some(refusal))
}

fn default_finding(request: &Request, clauses: &Clauses<'_>) -> Finding {
    let word = |on: bool| if on { "on" } else { "off" };
    let said = request.renew.map_or("nothing", word);
    let lines =
        vec![Line::new("said", said), Line::new("default", word(clauses.renewal_default.value.on))];
    let outcome = if request.renew.is_some() { Outcome::NotConcerned } else { Outcome::Met };
    finding(clauses.renewal_default, None, outcome, lines)
}

/// The facts of the purchase at the price that holds, and whether the lock does.
fn locked(facts: &Facts, clauses: &Clauses<'_>) -> (purchase::Facts, Noted) {
    let rule = clauses.renewal_lock;
    let mut priced = facts.purchase.clone();
    let offer = priced.offer.as_mut();
    let today = offer.as_ref().and_then(|offer| offer.unit_total);
    let (Some(lock), Some(offer), Some(now)) = (&facts.lock, offer, today) else {
        let noted = (finding(rule, None, Outcome::NotConcerned, Vec::new()), None);
        return (priced, noted);
    };
    let mut lines = vec![
        Line::new("locked on", lock.locked_on),
        Line::new("price of a unit when locked", lock.unit_total),
        Line::new("price of a unit today", now),
    ];
    if now == lock.unit_total {
        return (priced, (finding(rule, None, Outcome::Met, lines), None));
    }
    if rule.value.moved == MovedPrice::Lower
        && let Ok(lower) = lock.unit_total.lesser(now)
    {
        lines.push(
            Line::new("charged", lower).by(Formula::Lesser { first: lock.unit_total, second: now }),
        );
        offer.unit_total = Some(lower);
        if lower != now {
            offer.converted_from = None;
        }
        return (priced, (finding(rule, None, Outcome::Met, lines), None));
    }
    let refusal = Refusal {
        clause: ClauseId::RenewalLock,
        code: "PurchaseError".into(),
        reason: format!(
            "the price of a unit was locked at {} on {} and is {now} now",
            lock.unit_total, lock.locked_on
        ),
        repairs: vec![Repair::QuoteAgain],
    };
    (priced, (finding(rule, None, Outcome::NotMet, lines), Some(refusal)))
}

/// What the price of a renewal comes to, for showing.
pub fn total_line(lock: &Lock) -> Line {
    Line::new("total when locked", Amount::Money(lock.total))
}
