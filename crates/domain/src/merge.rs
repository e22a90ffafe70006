//! Merging reservations of one order into one.
//!
//! The clauses are looked at in this order, and the first one not met names the refusal: state,
//! quantity, same properties, types that are not rearranged.

use crate::decision::{Decision, Finding, Impossible, Line, Outcome, Refusal, Repair};
use crate::ids::ReservationId;
use crate::policy::{Book, ClauseId};
use crate::proration::structural;
use crate::rearrange::{Item, child, ended, live, not_rearranged, units};
use crate::reservation::{AcquiredBy, Reservation, ReservationState};
use crate::term::utc_day;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Everything a merge may look at: its sources, in the order in which they were named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub items: Vec<Item>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub sources: Vec<ReservationId>,
}

/// What a merge does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub sources: Vec<ReservationId>,
    /// All their units together.
    pub quantity: u32,
    /// A renewal that was asked for of one of them ends with it.
    pub ends_renewal: bool,
}

/// Decides a merge.
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
    let items = &facts.items;
    let Some(first) = items.first() else {
        return Err(Impossible::Facts("a merge without sources"));
    };
    let looked_at = [
        all_live(items, today),
        quantity(items),
        same_properties(items),
        not_rearranged(first, &clauses, None),
    ];
    let (findings, refusals): (Vec<Finding>, Vec<Option<Refusal>>) = looked_at.into_iter().unzip();
    let refusal = refusals.into_iter().flatten().next();
    let proposal = refusal.is_none().then(|| Plan {
        sources: request.sources.clone(),
        quantity: together(items).and_then(|sum| u32::try_from(sum).ok()).unwrap_or(u32::MAX),
        ends_renewal: items.iter().any(|item| item.reservation.renew),
    });
    Ok(Decision { proposal, refusal, findings })
}

/// Every source is live; the first that is not names the refusal.
fn all_live(items: &[Item], today: Date) -> (Finding, Option<Refusal>) {
    let each: Vec<_> = items.iter().map(|item| live(item, today, None)).collect();
    let outcome = if each.iter().all(|(_, refusal)| refusal.is_none()) {
        Outcome::Met
    } else {
        Outcome::NotMet
    };
    let lines = items
        .iter()
        .map(|item| {
            let row = &item.reservation;
            Line::new(format!("state of `{}`", row.id), row.state.name())
        })
        .chain(
            items.first().map(|item| Line::new("first day without the benefit", item.expires_on)),
        )
        .collect();
    let refusal = each.into_iter().find_map(|(_, refusal)| refusal);
    (structural(ClauseId::ReservationState, None, outcome, lines), refusal)
}

fn together(items: &[Item]) -> Option<u64> {
    items.iter().try_fold(0u64, |sum, item| sum.checked_add(u64::from(item.reservation.quantity)))
}

/// At least two different sources, whose units can be held by one reservation.
fn quantity(items: &[Item]) -> (Finding, Option<Refusal>) {
    let different: BTreeSet<ReservationId> = items.iter().map(|item| item.reservation.id).collect();
    let sum = together(items);
    let fits = sum.is_some_and(|sum| u32::try_from(sum).is_ok());
    let reason = if items.len() < 2 {
        Some("`sources` has one reservation; a merge takes at least two".to_owned())
    } else if different.len() < items.len() {
        Some("`sources` names a reservation twice".to_owned())
    } else if !fits {
        Some(format!("one reservation holds at most {} units", u32::MAX))
    } else {
        None
    };
    let outcome = if reason.is_none() { Outcome::Met } else { Outcome::NotMet };
    let lines = items
        .iter()
        .map(|item| {
            let row = &item.reservation;
            let units = units("", row.quantity);
            Line { label: format!("units of `{}`", row.id).into(), ..units }
        })
        .collect();
    let refusal = reason.map(|reason| Refusal {
        clause: ClauseId::Quantity,
        code: "BadRequest".into(),
        reason,
        repairs: if different.len() >= 2 && different.len() < items.len() {
            vec![sources(different.iter().copied())]
        } else {
            Vec::new()
        },
    });
    (structural(ClauseId::Quantity, None, outcome, lines), refusal)
}

fn sources(ids: impl Iterator<Item = ReservationId>) -> Repair {
    let all = ids.map(|id| id.to_string()).collect::<Vec<_>>().join(" + ");
    Repair::Choose { about: None, field: "sources".into(), values: vec![all] }
}

/// What has to be the same of all sources, each with its name and the value as it is shown.
fn properties(item: &Item) -> [(&'static str, String); 6] {
    let row = &item.reservation;
    [
        ("resource type", item.resource_type.clone()),
        ("SKU", row.sku.clone()),
        ("applied scope", row.applied_scope.to_string()),
        ("instance flexibility", if row.instance_flexibility { "On" } else { "Off" }.to_owned()),
        ("purchase date", utc_day(row.purchased_at).to_string()),
        ("last day", item.expires_on.to_string()),
    ]
}

/// Properties that an update can make alike.
const CHANGEABLE: [&str; 2] = ["applied scope", "instance flexibility"];

fn same_properties(items: &[Item]) -> (Finding, Option<Refusal>) {
    let first = &items[0];
    let wanted = properties(first);
    // (which source, which property, the value it has, the value of the first)
    let mut differ = Vec::new();
    for item in items {
        for ((name, has), (_, first_has)) in properties(item).into_iter().zip(&wanted) {
            if has != *first_has {
                differ.push((item.reservation.id, name, has, first_has.clone()));
            }
        }
    }
    let outcome = if differ.is_empty() { Outcome::Met } else { Outcome::NotMet };
    let lines = wanted
        .iter()
        .map(|(name, value)| Line::new(*name, value.clone()))
        .chain(
            differ
                .iter()
                .map(|(id, name, has, _)| Line::new(format!("{name} of `{id}`"), has.clone())),
        )
        .collect();
    let found = structural(ClauseId::SameProperties, None, outcome, lines);
    let Some((id, name, has, first_has)) = differ.first() else { return (found, None) };
    let mut names: Vec<&str> = differ.iter().map(|(_, name, _, _)| *name).collect();
    names.dedup();
    let mut repairs = Vec::new();
    if differ.len() == 1 && CHANGEABLE.contains(name) {
        repairs.push(Repair::Choose {
            about: None,
            field: format!("{name} of `{id}`").into(),
            values: vec![first_has.clone()],
        });
    }
    let alike = |item: &&Item| !differ.iter().any(|(other, ..)| *other == item.reservation.id);
    let alike: Vec<_> = items.iter().filter(alike).map(|item| item.reservation.id).collect();
    if alike.len() >= 2 {
        repairs.push(sources(alike.into_iter()));
    }
    let refusal = Refusal {
        clause: ClauseId::SameProperties,
        code: "BadRequest".into(),
        reason: format!(
            "the sources differ in {}: `{}` has {first_has}, `{id}` has {has}",
            names.join(", "),
            first.reservation.id
        ),
        repairs,
    };
    (found, Some(refusal))
}

/// The rows of a merge: the sources as they end, and what they become, under the given id. What
/// is not the same of all is the first one's.
pub fn carry_out(
    sources: &[Reservation],
    plan: &Plan,
    id: ReservationId,
    now: Timestamp,
) -> Option<(Vec<Reservation>, Reservation)> {
    let first = sources.first()?;
    let merged = Reservation {
        merged_from: plan.sources.clone(),
        ..child(first, id, plan.quantity, AcquiredBy::Merge, now)
    };
    let state = ReservationState::Merged { into: id };
    Some((sources.iter().map(|row| ended(row, state.clone(), now)).collect(), merged))
}
