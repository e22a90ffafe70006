//! Putting a reservation that is over out of sight, and getting it back.

use crate::decision::{Decision, Impossible, Line, Outcome, Refusal};
use crate::policy::{Book, ClauseId};
use crate::proration::structural;
use crate::rearrange::Item;
use crate::reservation::Reservation;
use crate::term::utc_day;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Everything archiving may look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub item: Item,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Into the archive, or out of it.
    pub archived: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub archived: bool,
}

/// Decides archiving: only what is cancelled, expired or failed goes out of sight.
///
/// # Errors
/// [`Impossible`] when recorded facts contradict each other; never because of the request.
pub fn decide(
    _book: &Book,
    facts: &Facts,
    request: &Request,
    now: Timestamp,
) -> Result<Decision<Plan>, Impossible> {
    let row = &facts.item.reservation;
    let is_over = row.state.is_ended() || utc_day(now) >= facts.item.expires_on;
    let outcome = if is_over { Outcome::Met } else { Outcome::NotMet };
    let lines = vec![
        Line::new("state", row.state.name()),
        Line::new("first day without the benefit", facts.item.expires_on),
    ];
    let findings = vec![structural(ClauseId::ReservationState, None, outcome, lines)];
    let refusal = (!is_over).then(|| Refusal {
        clause: ClauseId::ReservationState,
        code: "OperationCannotBePerformedInCurrentState".into(),
        reason: format!(
            "reservation `{}` is {}; only one that is cancelled, expired or failed can be archived",
            row.id,
            row.state.name()
        ),
        repairs: Vec::new(),
    });
    let proposal = refusal.is_none().then_some(Plan { archived: request.archived });
    Ok(Decision { proposal, refusal, findings })
}

/// The reservation as archiving leaves it.
pub fn carry_out(was: &Reservation, plan: &Plan, now: Timestamp) -> Reservation {
    Reservation {
        archived: plan.archived,
        updated_at: now,
        revision: was.revision + 1,
        ..was.clone()
    }
}
