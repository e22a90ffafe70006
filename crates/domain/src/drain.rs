//! Paying usage from a pre-purchase plan: its commit units drain until none is left.
//!
//! The clauses are looked at in this order, and the first one not met names the refusal: state,
//! quantity, commit unit, usage period, commit units left. Usage beyond what is left is split: what
//! the plan covers, and what is overage.

use crate::commit_units::CommitUnits;
use crate::decision::{Amount, Decision, Finding, Impossible, Line, Outcome, Refusal};
use crate::ids::{OrderId, ReservationId};
use crate::policy::{Book, ClauseId, Clauses};
use crate::proration::{finding, structural};
use crate::reservation::{Order, Reservation, ReservationState};
use crate::term::utc_day;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Everything a drain may look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub order: OrderId,
    pub reservation: ReservationId,
    pub resource_type: String,
    pub state: ReservationState,
    pub quantity: u32,
    /// What one unit of the plan holds; nothing for what is no pre-purchase plan.
    pub holds: Option<CommitUnits>,
    /// What was drained before.
    pub drained: CommitUnits,
    pub started_at: Timestamp,
    /// The first UTC day without the benefit.
    pub expires_on: Date,
}

impl Facts {
    pub fn new(order: &Order, reservation: &Reservation, drained: CommitUnits) -> Facts {
        Facts {
            order: order.id,
            reservation: reservation.id,
            resource_type: order.commitment.resource_type.clone(),
            state: reservation.state.clone(),
            quantity: reservation.quantity,
            holds: order.commit_units,
            drained,
            started_at: order.started_at,
            expires_on: order.expires_on,
        }
    }

    /// What all units of the plan hold; nothing where they hold none, or more than can be counted.
    fn bought(&self) -> Option<CommitUnits> {
        self.holds?.times(self.quantity)
    }
}

/// Usage that somebody wants paid from the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Of the caller's choosing; the same again is the same usage.
    pub usage_id: String,
    /// When the usage happened.
    pub used_at: Timestamp,
    pub units: CommitUnits,
}

/// What a drain does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub bought: CommitUnits,
    /// The part of the usage that the plan pays.
    pub covered: CommitUnits,
    /// The part that it does not: the rest of the usage, once the plan is empty.
    pub overage: CommitUnits,
    /// What is left of the plan after it; the plan ends with the last of it.
    pub left: CommitUnits,
}

type Noted = (Finding, Option<Refusal>);

/// Decides a drain.
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
    let mut looked_at =
        vec![live(facts), quantity(request), commit_unit(facts, &clauses), period(facts, request)];
    let plan = match facts.bought() {
        Some(bought) if facts.drained > bought => {
            return Err(Impossible::Facts("more was drained than was bought"));
        }
        Some(bought) => Some(split(bought, facts.drained, request.units)),
        None => None,
    };
    looked_at.extend(plan.map(|plan| left(facts, &plan)));
    let (findings, refusals): (Vec<Finding>, Vec<Option<Refusal>>) = looked_at.into_iter().unzip();
    Ok(Decision { proposal: plan, refusal: refusals.into_iter().flatten().next(), findings })
}

/// What a plan covers of some usage.
fn split(bought: CommitUnits, drained: CommitUnits, units: CommitUnits) -> Plan {
    let before = bought.less(drained);
    let covered = units.min(before);
    Plan { bought, covered, overage: units.less(covered), left: before.less(covered) }
}

fn refuse(clause: ClauseId, code: &'static str, reason: String) -> Option<Refusal> {
    Some(Refusal { clause, code: code.into(), reason, repairs: Vec::new() })
}

/// The plan is live. A plan whose term is over pays the usage of its time still, when that comes
/// late; one that is empty pays none.
fn live(facts: &Facts) -> Noted {
    let open = matches!(
        facts.state,
        ReservationState::Active
            | ReservationState::Expired
            | ReservationState::Renewed { .. }
            | ReservationState::NotRenewed
    );
    let lines = vec![Line::new("state", facts.state.name())];
    let outcome = if open { Outcome::Met } else { Outcome::NotMet };
    let refusal = || {
        let reason = match facts.state {
            ReservationState::Drained => {
                format!("plan `{}` is empty: all of it was used", facts.reservation)
            }
            _ => format!("reservation `{}` is {}", facts.reservation, facts.state.name()),
        };
        refuse(ClauseId::ReservationState, "OperationCannotBePerformedInCurrentState", reason)
    };
    let refusal = if open { None } else { refusal() };
    (structural(ClauseId::ReservationState, None, outcome, lines), refusal)
}

fn quantity(request: &Request) -> Noted {
    let some = !request.units.is_zero();
    let lines = vec![Line::new("commit units of the usage", decimal(request.units))];
    let outcome = if some { Outcome::Met } else { Outcome::NotMet };
    let reason = || "the usage must be more than nothing".to_owned();
    let refusal = if some { None } else { refuse(ClauseId::Quantity, "BadRequest", reason()) };
    (structural(ClauseId::Quantity, None, outcome, lines), refusal)
}

/// The reservation is a plan that holds commit units, and what one of them pays.
fn commit_unit(facts: &Facts, clauses: &Clauses<'_>) -> Noted {
    let rule = clauses.commit_unit;
    let mut lines = vec![Line::new("resource type", facts.resource_type.clone())];
    let Some(holds) = facts.holds else {
        let reason = format!("`{}` reservations hold no commit units", facts.resource_type);
        let refusal = refuse(ClauseId::CommitUnit, "BadRequest", reason);
        return (finding(rule, None, Outcome::NotMet, lines), refusal);
    };
    lines.push(Line::new("commit units in one unit of the plan", decimal(holds)));
    lines.push(Line::new(
        "US dollars of retail usage for a commit unit",
        Amount::Rate(rule.value.pays_usd),
    ));
    (finding(rule, None, Outcome::Met, lines), None)
}

/// The usage happened while the plan ran.
fn period(facts: &Facts, request: &Request) -> Noted {
    let day = utc_day(request.used_at);
    let began = request.used_at >= facts.started_at;
    let over = day >= facts.expires_on;
    let lines = vec![
        Line::new("used on", day),
        Line::new("plan began on", utc_day(facts.started_at)),
        Line::new("first day without the plan", facts.expires_on),
    ];
    if began && !over {
        return (structural(ClauseId::UsagePeriod, None, Outcome::Met, lines), None);
    }
    let reason = if over {
        format!("the usage is of {day}, and the plan ended before {}", facts.expires_on)
    } else {
        format!("the usage is of {}, and the plan began at {}", request.used_at, facts.started_at)
    };
    let refusal = refuse(ClauseId::UsagePeriod, "BadRequest", reason);
    (structural(ClauseId::UsagePeriod, None, Outcome::NotMet, lines), refusal)
}

/// How far the plan reaches. Usage beyond it is not refused; it is paid otherwise.
fn left(facts: &Facts, plan: &Plan) -> Noted {
    let lines = vec![
        Line::new("bought", decimal(plan.bought)),
        Line::new("drained before", decimal(facts.drained)),
        Line::new("covered", decimal(plan.covered)),
        Line::new("overage", decimal(plan.overage)),
        Line::new("left", decimal(plan.left)),
    ];
    let outcome = if plan.overage.is_zero() { Outcome::Met } else { Outcome::Warned };
    (structural(ClauseId::CommitUnitsLeft, None, outcome, lines), None)
}

fn decimal(units: CommitUnits) -> Amount {
    Amount::Rate(units.to_decimal())
}
