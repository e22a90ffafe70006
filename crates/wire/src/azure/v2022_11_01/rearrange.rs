//! Splitting and merging: requests, and the list of reservations that both answer.

use super::reservation;
use crate::azure::Version;
use crate::azure::fault::{BAD_REQUEST, Fault, Faults};
use crate::azure::ids::{order_id, parse_reservation_id};
use crate::azure::member::Member;
use jiff::Timestamp;
use prorata_domain::ids::{OrderId, ReservationId};
use prorata_domain::reservation::{Order, Reservation};
use serde_json::{Value, json};

/// Parts of one split, and sources of one merge.
const ITEMS_MAX: usize = 100;

/// The body of `split`: what, and into how many units each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    pub reservation: ReservationId,
    pub quantities: Vec<u32>,
}

/// Reads the body of `split` on an order.
///
/// # Errors
/// Every fault of it.
pub fn parse_split(body: &Value, order: OrderId) -> Result<Split, Vec<Fault>> {
    let mut faults = Faults::default();
    let split = read_split(body, order, &mut faults);
    faults.finish(split)
}

fn read_split(body: &Value, order: OrderId, faults: &mut Faults) -> Option<Split> {
    let root = Member::root(body).object(faults, "an object with `properties`")?;
    let properties = root.get("properties").object(faults, "an object with what is split")?;
    let reservation = read_item(&properties.get("reservationId"), order, faults);
    let list = properties.get("quantities");
    if !list.is_given() {
        list.refuse(faults, BAD_REQUEST, "is missing; give a list of units, such as `[7, 3]`.");
        return None;
    }
    let items = list.list(faults, "a list of units, such as `[7, 3]`", ITEMS_MAX);
    let quantities: Vec<Option<u32>> =
        items.iter().map(|item| item.quantity(faults, BAD_REQUEST)).collect();
    Some(Split {
        reservation: reservation?,
        quantities: quantities.into_iter().collect::<Option<_>>()?,
    })
}

/// A reservation of the order in the path; its bare GUID is enough.
fn read_item(at: &Member<'_>, order: OrderId, faults: &mut Faults) -> Option<ReservationId> {
    let (named, id) = at.read(
        faults,
        "InvalidReservationId",
        "`/providers/Microsoft.Capacity/reservationOrders/{order}/reservations/{id}`",
        |text| {
            ReservationId::parse(text).map(|id| (order, id)).or_else(|| parse_reservation_id(text))
        },
    )?;
    if named != order {
        let says = format!("names a reservation of another order than the path, `{order}`.");
        at.refuse(faults, "ReservationIdNotInReservationOrder", &says);
    }
    Some(id)
}

/// The body of `split`, as a client sends it.
pub fn split_body(order: OrderId, split: &Split) -> Value {
    json!({ "properties": {
        "quantities": split.quantities,
        "reservationId": crate::azure::reservation_id(order, split.reservation),
    }})
}

/// Reads the body of `merge` on an order: what is to become one.
///
/// # Errors
/// Every fault of it.
pub fn parse_merge(body: &Value, order: OrderId) -> Result<Vec<ReservationId>, Vec<Fault>> {
    let mut faults = Faults::default();
    let sources = read_merge(body, order, &mut faults);
    faults.finish(sources)
}

fn read_merge(body: &Value, order: OrderId, faults: &mut Faults) -> Option<Vec<ReservationId>> {
    let root = Member::root(body).object(faults, "an object with `properties`")?;
    let properties = root.get("properties").object(faults, "an object with what is merged")?;
    let list = properties.get("sources");
    let items = list.list(faults, "a list of reservations", ITEMS_MAX);
    if items.is_empty() {
        let says = "is empty or missing; give a list of at least two reservations.";
        list.refuse(faults, BAD_REQUEST, says);
        return None;
    }
    let sources: Vec<Option<ReservationId>> =
        items.iter().map(|item| read_item(item, order, faults)).collect();
    sources.into_iter().collect()
}

/// The body of `merge`, as a client sends it.
pub fn merge_body(order: OrderId, sources: &[ReservationId]) -> Value {
    let sources: Vec<String> =
        sources.iter().map(|id| crate::azure::reservation_id(order, *id)).collect();
    json!({ "properties": { "sources": sources } })
}

/// What a split or a merge answers: the reservations as it left them, in a bare list.
pub fn rows(order: &Order, rows: &[Reservation], now: Timestamp, version: Version) -> Value {
    rows.iter()
        .map(|row| {
            let mut shown = reservation::show(order, row, now, version);
            let parts = shown.pointer_mut("/properties/splitProperties/splitDestinations");
            for part in parts.and_then(Value::as_array_mut).into_iter().flatten() {
                if let Some(id) = part.as_str().and_then(ReservationId::parse) {
                    *part = json!(crate::azure::reservation_id(order.id, id));
                }
            }
            shown["name"] = json!(format!("{}/{}", order.id, row.id));
            shown
        })
        .collect()
}

/// Which result is meant: a split's or a merge's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    Split,
    Merge,
}

/// `…/splitoperationresults/{item}_{revision}`, under the order.
pub fn result_id(job: Job, order: OrderId, subject: (ReservationId, i64)) -> String {
    let results = match job {
        Job::Split => "splitoperationresults",
        Job::Merge => "mergeoperationresults",
    };
    format!("{}/{results}/{}_{}", order_id(order), subject.0, subject.1)
}

/// Reads `{item}_{revision}`.
pub fn parse_result(text: &str) -> Option<(ReservationId, i64)> {
    let (item, revision) = text.split_once('_')?;
    Some((ReservationId::parse(item)?, revision.parse().ok().filter(|number| *number > 0)?))
}
