//! Splitting a reservation into several of the same order.
//!
//! The clauses are looked at in this order, and the first one not met names the refusal: state,
//! quantity, types that are not rearranged.

use crate::decision::{Decision, Finding, Impossible, Line, Outcome, Refusal, Repair};
use crate::ids::ReservationId;
use crate::policy::{Book, ClauseId};
use crate::proration::structural;
use crate::rearrange::{Item, child, ended, live, not_rearranged, units};
use crate::reservation::{AcquiredBy, Reservation, ReservationState};
use crate::term::utc_day;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Everything a split may look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub item: Item,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Units of each part, in the order in which the parts are answered.
    pub quantities: Vec<u32>,
}

/// What a split does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub quantities: Vec<u32>,
    /// A renewal that was asked for ends with the reservation.
    pub ends_renewal: bool,
}

/// Decides a split.
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
    let item = &facts.item;
    let looked_at = [
        live(item, today, None),
        quantities(item, &request.quantities),
        not_rearranged(item, &clauses, None),
    ];
    let (findings, refusals): (Vec<Finding>, Vec<Option<Refusal>>) = looked_at.into_iter().unzip();
    let refusal = refusals.into_iter().flatten().next();
    let proposal = refusal.is_none().then(|| Plan {
        quantities: request.quantities.clone(),
        ends_renewal: item.reservation.renew,
    });
    Ok(Decision { proposal, refusal, findings })
}

/// At least two parts of at least one unit, which are the whole together.
fn quantities(item: &Item, parts: &[u32]) -> (Finding, Option<Refusal>) {
    let held = item.reservation.quantity;
    let sum: u64 = parts.iter().map(|part| u64::from(*part)).sum();
    let fits = parts.len() >= 2 && parts.iter().all(|part| *part > 0) && sum == u64::from(held);
    let found = structural(
        ClauseId::Quantity,
        None,
        if fits { Outcome::Met } else { Outcome::NotMet },
        vec![
            units("units held", held),
            Line::new("units of the parts", listed(parts)),
            Line::new(
                "units of the parts together",
                crate::decision::Amount::Count(i64::try_from(sum).unwrap_or(i64::MAX)),
            ),
        ],
    );
    let refusal = (!fits).then(|| Refusal {
        clause: ClauseId::Quantity,
        code: "BadRequest".into(),
        reason: reason(&item.reservation, parts, sum),
        repairs: repaired(held, parts)
            .map(|parts| Repair::Choose {
                about: None,
                field: "quantities".into(),
                values: vec![listed(&parts)],
            })
            .into_iter()
            .collect(),
    });
    (found, refusal)
}

fn reason(row: &Reservation, parts: &[u32], sum: u64) -> String {
    let (id, held) = (row.id, row.quantity);
    if held < 2 {
        format!("reservation `{id}` holds {held} unit; only two or more can be split")
    } else if parts.len() < 2 {
        format!("`quantities` has {} part; a split makes at least two", parts.len())
    } else if parts.contains(&0) {
        "`quantities` has a part without units; each part holds at least one".to_owned()
    } else {
        format!("reservation `{id}` holds {held} units; `quantities` are {sum} together")
    }
}

/// The nearest list that would do: the parts as asked for, the last one what is left.
fn repaired(held: u32, parts: &[u32]) -> Option<Vec<u32>> {
    let count = u32::try_from(parts.len().max(2)).ok()?;
    if held < count.max(2) {
        return (held >= 2).then(|| vec![held - 1, 1]);
    }
    let mut left = held;
    let mut repaired = Vec::with_capacity(parts.len().max(2));
    for position in 0..count - 1 {
        // Each part that is still to come needs a unit.
        let most = left - (count - 1 - position);
        let wanted = parts.get(position as usize).copied().unwrap_or(most);
        let part = wanted.clamp(1, most);
        repaired.push(part);
        left -= part;
    }
    repaired.push(left);
    Some(repaired)
}

fn listed(parts: &[u32]) -> String {
    parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(" + ")
}

/// The rows of a split: the source as it ends, and a part for each quantity under the given ids.
pub fn carry_out(
    source: &Reservation,
    plan: &Plan,
    ids: &[ReservationId],
    now: Timestamp,
) -> (Reservation, Vec<Reservation>) {
    let parts: Vec<Reservation> = plan
        .quantities
        .iter()
        .zip(ids)
        .map(|(quantity, id)| Reservation {
            source: Some(source.id),
            ..child(source, *id, *quantity, AcquiredBy::Split, now)
        })
        .collect();
    let into = parts.iter().map(|part| part.id).collect();
    (ended(source, ReservationState::Split { into }, now), parts)
}
