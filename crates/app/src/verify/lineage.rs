//! What became of what an order bought: no unit is lost or appears, and every reservation and what
//! it came from agree about each other.

use super::{Broken, broken};
use prorata_domain::ids::ReservationId;
use prorata_domain::reservation::{AcquiredBy, Order, Reservation, ReservationState};
use std::collections::HashMap;

/// Units bought are held, given up or expired; nothing is lost and nothing appears.
pub(super) fn quantities(order: &Order, held: &[Reservation]) -> Option<Broken> {
    let law = "quantities are conserved";
    let row = format!("order {}", order.id);
    let mut units = 0i64;
    for reservation in held {
        let of = i64::from(reservation.quantity);
        let rest = match &reservation.state {
            ReservationState::Active
            | ReservationState::Expired
            | ReservationState::Renewed { .. }
            | ReservationState::NotRenewed
            | ReservationState::Drained
            | ReservationState::BillingFailed { .. } => None,
            ReservationState::Returned { rest } | ReservationState::Exchanged { rest } => *rest,
            // Their units are counted where they live on.
            ReservationState::Split { .. }
            | ReservationState::Merged { .. }
            | ReservationState::Swapped { .. } => continue,
        };
        let kept = match rest {
            None => 0,
            Some(rest) => match held.iter().find(|other| other.id == rest) {
                Some(other) => i64::from(other.quantity),
                None => return broken(law, row, format!("`{rest}`, the kept part, is not there")),
            },
        };
        if reservation.quantity == 0 || kept >= of && kept > 0 {
            return broken(law, row, format!("`{}` keeps {kept} of {of} units", reservation.id));
        }
        units += of - kept;
    }
    let bought = i64::from(order.original_quantity);
    (units != bought)
        .then(|| broken(law, row, format!("{bought} units were bought, {units} are accounted for")))
        .flatten()
}

/// Each reservation names what it came from, that names it in turn, and dates are kept on the way.
pub(super) fn holds(order: &Order, held: &[Reservation]) -> Option<Broken> {
    let rows: HashMap<ReservationId, &Reservation> = held.iter().map(|row| (row.id, row)).collect();
    held.iter().find_map(|row| {
        let found = came_from(row, &rows)
            .or_else(|| went_to(row, &rows))
            .or_else(|| goes_round(row, &rows));
        let what = found?;
        broken("lineage is a forest", format!("order {} reservation {}", order.id, row.id), what)
    })
}

/// What a reservation of an order came from under the same order.
fn parents(row: &Reservation) -> Vec<ReservationId> {
    match row.acquired_by {
        // What was renewed, or exchanged for it, is of another order.
        AcquiredBy::Purchase | AcquiredBy::Exchange | AcquiredBy::Renewal => Vec::new(),
        AcquiredBy::Merge => row.merged_from.clone(),
        AcquiredBy::Split | AcquiredBy::PartialReturn | AcquiredBy::Swap => {
            row.source.into_iter().collect()
        }
    }
}

fn came_from(row: &Reservation, rows: &HashMap<ReservationId, &Reservation>) -> Option<String> {
    let parents = parents(row);
    let bought = matches!(
        row.acquired_by,
        AcquiredBy::Purchase | AcquiredBy::Exchange | AcquiredBy::Renewal
    );
    if parents.is_empty() && !bought {
        return Some("it came from nothing".to_owned());
    }
    parents.into_iter().find_map(|id| {
        let Some(parent) = rows.get(&id) else {
            return Some(format!("`{id}`, which it came from, is not there"));
        };
        if !parent.state.became().contains(&row.id) {
            return Some(format!("`{id}`, which it came from, did not become it"));
        }
        if parent.carried != row.carried {
            return Some(format!("it carries another right than `{id}`, which it came from"));
        }
        (parent.purchased_at != row.purchased_at).then(|| {
            format!("it was bought at {}, and `{id}` at {}", row.purchased_at, parent.purchased_at)
        })
    })
}

fn went_to(row: &Reservation, rows: &HashMap<ReservationId, &Reservation>) -> Option<String> {
    let mut units = 0i64;
    for id in row.state.became() {
        let Some(child) = rows.get(&id) else {
            return Some(format!("`{id}`, which it became, is not there"));
        };
        if !parents(child).contains(&row.id) {
            return Some(format!("`{id}`, which it became, did not come from it"));
        }
        units += i64::from(child.quantity);
    }
    let all = match &row.state {
        ReservationState::Split { .. } | ReservationState::Swapped { .. } => {
            i64::from(row.quantity)
        }
        ReservationState::Merged { into } => {
            let merged = rows.get(into).map(|merged| merged.merged_from.as_slice());
            let sources = merged.unwrap_or_default().iter().filter_map(|id| rows.get(id));
            sources.map(|source| i64::from(source.quantity)).sum()
        }
        _ => return None,
    };
    (units != all).then(|| format!("{all} units became {units}"))
}

/// Following what became of a reservation never leads back to it.
fn goes_round(row: &Reservation, rows: &HashMap<ReservationId, &Reservation>) -> Option<String> {
    let mut next = row.state.became();
    // What came later than it cannot be more than all there are.
    for _ in 0..rows.len() {
        if next.contains(&row.id) {
            return Some("it became itself".to_owned());
        }
        next =
            next.iter().filter_map(|id| rows.get(id)).flat_map(|row| row.state.became()).collect();
        next.sort_unstable();
        next.dedup();
        if next.is_empty() {
            return None;
        }
    }
    Some("what became of it has no end".to_owned())
}
