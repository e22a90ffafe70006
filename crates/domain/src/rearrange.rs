//! What all rearrangements share: nothing is bought or given back, so nothing is posted, and what
//! becomes of a reservation keeps its end, its purchase date and with it its rights.

use crate::decision::{Amount, Finding, Line, Outcome, Refusal, Subject};
use crate::ids::ReservationId;
use crate::policy::{ClauseId, Clauses};
use crate::proration::{finding, whether_live};
use crate::reservation::{AcquiredBy, Order, Reservation, ReservationState};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a rearrangement looks at of a reservation; none of it is an amount of money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub reservation: Reservation,
    pub resource_type: String,
    /// The first UTC day without the benefit.
    pub expires_on: Date,
}

impl Item {
    pub fn new(order: &Order, reservation: &Reservation) -> Item {
        Item {
            reservation: reservation.clone(),
            resource_type: order.commitment.resource_type.clone(),
            expires_on: order.expires_on,
        }
    }

    /// Whether it is active and its term is not over.
    pub fn is_live(&self, today: Date) -> bool {
        self.reservation.state.is_active() && today < self.expires_on
    }
}

/// The clause that every rearrangement begins with: the reservation is live.
pub(crate) fn live(item: &Item, today: Date, about: Option<Subject>) -> (Finding, Option<Refusal>) {
    let (row, is_live) = (&item.reservation, item.is_live(today));
    let found = whether_live(&row.state, item.expires_on, is_live, about);
    let refusal = (!is_live).then(|| Refusal {
        clause: ClauseId::ReservationState,
        code: "OperationCannotBePerformedInCurrentState".into(),
        reason: if row.state.is_active() {
            format!("reservation `{}` expired on {}", row.id, item.expires_on)
        } else {
            format!("reservation `{}` is {}{}", row.id, row.state.name(), became(&row.state))
        },
        repairs: Vec::new(),
    });
    (found, refusal)
}

/// Where the units of an ended reservation are now, as the end of a sentence.
fn became(state: &ReservationState) -> String {
    let into: Vec<String> = state.became().iter().map(|id| format!("`{id}`")).collect();
    if into.is_empty() { String::new() } else { format!("; go on with {}", into.join(", ")) }
}

/// Whether reservations of the type are split and merged at all.
pub(crate) fn not_rearranged(
    item: &Item,
    clauses: &Clauses<'_>,
    about: Option<Subject>,
) -> (Finding, Option<Refusal>) {
    let kind = &item.resource_type;
    let barred = clauses.not_rearranged.value.contains(kind);
    let found = finding(
        clauses.not_rearranged,
        about,
        if barred { Outcome::NotMet } else { Outcome::Met },
        vec![Line::new("resource type", kind.clone())],
    );
    let refusal = barred.then(|| Refusal {
        clause: ClauseId::NotRearranged,
        code: "BadRequest".into(),
        reason: format!("reservations of type `{kind}` are neither split nor merged"),
        repairs: Vec::new(),
    });
    (found, refusal)
}

/// A quantity line.
pub(crate) fn units(label: &'static str, quantity: u32) -> Line {
    Line::new(label, Amount::Count(i64::from(quantity)))
}

/// What a reservation is once it has become others. A renewal that was asked for ends with it.
pub fn ended(was: &Reservation, state: ReservationState, now: Timestamp) -> Reservation {
    Reservation {
        state,
        renew: false,
        renew_as: None,
        no_benefit: None,
        effective_at: now,
        updated_at: now,
        revision: was.revision + 1,
        ..was.clone()
    }
}

/// What lives on of a reservation under another id: all that it was, in another quantity.
pub fn child(
    parent: &Reservation,
    id: ReservationId,
    quantity: u32,
    acquired_by: AcquiredBy,
    now: Timestamp,
) -> Reservation {
    Reservation {
        id,
        quantity,
        acquired_by,
        state: ReservationState::Active,
        renew: false,
        renew_as: None,
        archived: false,
        source: None,
        merged_from: Vec::new(),
        effective_at: now,
        updated_at: now,
        revision: 1,
        ..parent.clone()
    }
}
