//! Reservations, alone and in lists.

use super::scope;
use crate::azure::Version;
use crate::azure::ids::{reservation_id, subscription_id};
use crate::azure::number::{day, instant, percent, same_hour};
use crate::azure::published::{self, Kind};
use jiff::Timestamp;
use prorata_domain::policy::Expiring;
use prorata_domain::provisioning::Step;
use prorata_domain::reservation::{
    AcquiredBy, NoBenefit, Order, PaymentFailure, Reservation, ReservationState,
};
use prorata_domain::term::utc_day;
use prorata_domain::utilization::Utilization;
use serde_json::{Map, Value, json};

/// A reservation as GET answers it.
pub fn show(order: &Order, reservation: &Reservation, now: Timestamp, version: Version) -> Value {
    let commitment = &order.commitment;
    let mut body = json!({
        "id": reservation_id(order.id, reservation.id),
        "name": reservation.id.to_string(),
        "type": "microsoft.capacity/reservationOrders/reservations",
        "location": commitment.location,
        "etag": reservation.revision,
        "sku": { "name": reservation.sku },
        "properties": properties(order, reservation, now, version),
    });
    published::trim(Kind::Reservation, &mut body, version);
    body
}

/// A revision of a reservation: what it was from an instant on, or a step of its purchase.
pub fn revision(
    order: &Order,
    was: &Reservation,
    step: Option<Step>,
    now: Timestamp,
    version: Version,
) -> Value {
    let mut body = show(order, was, now, version);
    let id = reservation_id(order.id, was.id);
    body["id"] = json!(format!("{id}/revisions/{}", was.revision));
    body["name"] = json!(was.revision.to_string());
    body["type"] = json!("microsoft.capacity/reservationOrders/reservations/revisions");
    if let Some(step) = step {
        body["properties"]["provisioningState"] = json!(step.as_str());
        if body["properties"].get("displayProvisioningState").is_some() {
            body["properties"]["displayProvisioningState"] = json!("Processing");
        }
    }
    body
}

fn properties(order: &Order, row: &Reservation, now: Timestamp, version: Version) -> Value {
    let commitment = &order.commitment;
    let life = Life::of(order, row, now);
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| {
        members.insert(name.to_owned(), value);
    };
    put("reservedResourceType", json!(commitment.resource_type));
    put("instanceFlexibility", json!(if row.instance_flexibility { "On" } else { "Off" }));
    put("displayName", json!(row.display_name));
    put("appliedScopeType", json!(scope::type_name(&row.applied_scope)));
    put("userFriendlyAppliedScopeType", json!(scope::friendly_name(&row.applied_scope)));
    put("archived", json!(row.archived));
    put("quantity", json!(row.quantity));
    put("provisioningState", json!(life.provisioning()));
    put("displayProvisioningState", json!(life.display(row)));
    put("effectiveDateTime", instant(row.effective_at));
    put("benefitStartTime", instant(order.started_at));
    put("lastUpdatedDateTime", instant(row.updated_at));
    put("expiryDate", day(order.expires_on));
    put("purchaseDate", day(utc_day(row.purchased_at)));
    put("skuDescription", json!(row.sku));
    put("billingPlan", json!(commitment.plan.as_str()));
    put("billingScopeId", json!(subscription_id(order.billing_subscription)));
    put("term", json!(commitment.term.as_str()));
    put("renew", json!(row.renew));
    put("userFriendlyRenewState", json!(life.renewal(row)));
    put("utilization", utilization(life));
    if version >= Version::V2022_11_01 {
        put("expiryDateTime", instant(same_hour(order.expires_on, order.started_at)));
        put("purchaseDateTime", instant(row.purchased_at));
        if let Some(at) = row.review_at.or(order.review_at) {
            put("reviewDateTime", instant(at));
        }
        if let Some(detailed) = scope::properties(&row.applied_scope) {
            put("appliedScopeProperties", detailed);
        }
    } else if let Some(list) = scope::list(&row.applied_scope) {
        put("appliedScopes", list);
    }
    if let Some(lack) = row.no_benefit.filter(|_| matches!(life, Life::Live | Life::Expiring)) {
        put("extendedStatusInfo", json!({ "statusCode": "Active", "message": way_out(lack) }));
    }
    if let Some((code, message)) = life.status(&row.state) {
        put("extendedStatusInfo", json!({ "statusCode": code, "message": message }));
    }
    for (name, value) in lineage(order, row) {
        put(name, value);
    }
    Value::Object(members)
}

/// What a reservation's state comes to on the day it is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Life {
    Live,
    /// Live, and its term ends soon.
    Expiring,
    Expired,
    /// Returned, exchanged, split or merged.
    Ended,
    /// Never begun: its first payment was refused.
    Failed,
}

impl Life {
    fn of(order: &Order, row: &Reservation, now: Timestamp) -> Life {
        let today = utc_day(now);
        match row.state {
            ReservationState::Active if today >= order.expires_on => Life::Expired,
            ReservationState::Active
                if today >= Expiring::shown(order.expires_on).begins_on(order.expires_on) =>
            {
                Life::Expiring
            }
            ReservationState::Active => Life::Live,
            ReservationState::Expired
            | ReservationState::Renewed { .. }
            | ReservationState::NotRenewed
            | ReservationState::Drained => Life::Expired,
            ReservationState::BillingFailed { .. } => Life::Failed,
            ReservationState::Returned { .. }
            | ReservationState::Exchanged { .. }
            | ReservationState::Split { .. }
            | ReservationState::Merged { .. }
            | ReservationState::Swapped { .. } => Life::Ended,
        }
    }

    /// Split and merged items are `Cancelled` too, with a code that says what they became.
    fn provisioning(self) -> &'static str {
        match self {
            Life::Live | Life::Expiring => "Succeeded",
            Life::Expired => "Expired",
            Life::Ended => "Cancelled",
            Life::Failed => "BillingFailed",
        }
    }

    fn display(self, row: &Reservation) -> &'static str {
        match self {
            Life::Live | Life::Expiring if row.no_benefit.is_some() => "NoBenefit",
            Life::Expiring => "Expiring",
            Life::Failed => "Failed",
            Life::Live | Life::Expired | Life::Ended => self.provisioning(),
        }
    }

    fn renewal(self, row: &Reservation) -> &'static str {
        match (self, &row.state) {
            (_, ReservationState::Renewed { .. }) => "Renewed",
            (_, ReservationState::NotRenewed) => "NotRenewed",
            (Life::Live | Life::Expiring, _) if row.renew => "On",
            (Life::Live | Life::Expiring, _) => "Off",
            (Life::Expired | Life::Ended | Life::Failed, _) => "NotApplicable",
        }
    }

    /// The code and sentence of a reservation that has ended.
    fn status(self, state: &ReservationState) -> Option<(&'static str, &'static str)> {
        match (self, state) {
            (_, ReservationState::Returned { .. }) => {
                Some(("Cancelled", "This reservation was returned and is no longer active"))
            }
            (_, ReservationState::Exchanged { .. }) => {
                Some(("Cancelled", "This reservation was exchanged and is no longer active"))
            }
            (_, ReservationState::Split { .. }) => {
                Some(("Split", "This reservation was split and is no longer active"))
            }
            (_, ReservationState::Merged { .. }) => {
                Some(("Merged", "This reservation was merged and is no longer active"))
            }
            (_, ReservationState::Swapped { .. }) => Some((
                "Cancelled",
                "This reservation was swapped with its premium-storage twin and is no longer active",
            )),
            (_, ReservationState::BillingFailed { failure }) => Some((
                "PaymentInstrumentError",
                match failure {
                    PaymentFailure::SoftError => {
                        "BillingPaymentInstrumentSoftError: the means of payment was refused for now; \
                         nothing was bought"
                    }
                    PaymentFailure::HardError => {
                        "BillingPaymentInstrumentHardError: the means of payment was refused for \
                         good; nothing was bought"
                    }
                },
            )),
            (_, ReservationState::Renewed { .. }) => {
                Some(("Expired", "This reservation has expired and was renewed"))
            }
            (_, ReservationState::NotRenewed) => {
                Some(("Expired", "This reservation has expired and could not be renewed"))
            }
            (_, ReservationState::Drained) => {
                Some(("Expired", "All commit units of this plan were used"))
            }
            (Life::Expired, _) => {
                Some(("Expired", "This reservation has expired and is no longer active"))
            }
            (_, ReservationState::Active | ReservationState::Expired) => None,
        }
    }
}

/// Why nothing benefits from a live reservation, and what to do about it.
fn way_out(lack: NoBenefit) -> &'static str {
    match lack {
        NoBenefit::SubscriptionDeleted => {
            "Nothing benefits from this reservation: the subscription it is for was deleted. \
             Give it another scope, or share it"
        }
        NoBenefit::SubscriptionMoved => {
            "Nothing benefits from this reservation: another account pays for the subscription it \
             is for. Give it another scope, or share it"
        }
        NoBenefit::ResourceGroupMissing => {
            "Nothing benefits from this reservation: the resource group it is for is gone. Give \
             it another scope, such as the whole subscription"
        }
        NoBenefit::ManagementGroupMissing => {
            "Nothing benefits from this reservation: the management group it is for is not in \
             this tenant. Give it another scope, or share it"
        }
    }
}

/// Puts in what of a live reservation was used, where figures of it were loaded: percent of its last
/// 1, 7 and 30 days, and which way it goes. An answer without utilization has no place for it.
pub fn add_utilization(body: &mut Value, trend: &str, shares: [Option<Utilization>; 3]) {
    let Some(place) = body.pointer_mut("/properties/utilization") else { return };
    let Some(aggregates) = place.pointer_mut("/aggregates").and_then(Value::as_array_mut) else {
        return;
    };
    if aggregates.is_empty() {
        return;
    }
    for (aggregate, share) in aggregates.iter_mut().zip(shares) {
        aggregate["value"] = percent(share);
    }
    place["trend"] = json!(trend);
}

/// The part that was used in the last 1, 7 and 30 days, in percent, while the reservation is live;
/// nothing was, as long as no figures are put in.
fn utilization(life: Life) -> Value {
    let aggregates: Vec<Value> = match life {
        Life::Live | Life::Expiring => [1.0, 7.0, 30.0]
            .map(|days| {
                json!({
                    "grain": days,
                    "grainUnit": "days",
                    "value": 0.0,
                    "valueUnit": "percentage",
                })
            })
            .to_vec(),
        Life::Expired | Life::Ended | Life::Failed => Vec::new(),
    };
    let trend = if aggregates.is_empty() { "" } else { "SAME" };
    json!({ "trend": trend, "aggregates": aggregates })
}

/// Where a reservation came from and what it became. What is kept of a partial return or exchange
/// is shown as split off from it. As the real service does it, what came of a split is named by bare
/// GUIDs here; the answer to the split itself has whole paths.
fn lineage(order: &Order, row: &Reservation) -> Vec<(&'static str, Value)> {
    let id = |other| json!(reservation_id(order.id, other));
    let mut split = Map::new();
    let mut merge = Map::new();
    let mut swap = Map::new();
    match &row.state {
        ReservationState::Returned { rest: Some(rest) }
        | ReservationState::Exchanged { rest: Some(rest) } => {
            split.insert("splitDestinations".to_owned(), json!([rest.to_string()]));
        }
        ReservationState::Split { into } => {
            let into: Vec<String> = into.iter().map(ToString::to_string).collect();
            split.insert("splitDestinations".to_owned(), json!(into));
        }
        ReservationState::Merged { into } => {
            merge.insert("mergeDestination".to_owned(), id(*into));
        }
        ReservationState::Swapped { into, rest } => {
            swap.insert("swapDestination".to_owned(), id(*into));
            if let Some(rest) = rest {
                split.insert("splitDestinations".to_owned(), json!([rest.to_string()]));
            }
        }
        ReservationState::Returned { rest: None }
        | ReservationState::Exchanged { rest: None }
        | ReservationState::Active
        | ReservationState::Expired
        | ReservationState::Renewed { .. }
        | ReservationState::NotRenewed
        | ReservationState::Drained
        | ReservationState::BillingFailed { .. } => {}
    }
    if let Some(source) = row.source {
        match row.acquired_by {
            AcquiredBy::Split | AcquiredBy::PartialReturn => {
                split.insert("splitSource".to_owned(), id(source));
            }
            AcquiredBy::Swap => {
                swap.insert("swapSource".to_owned(), id(source));
            }
            AcquiredBy::Purchase
            | AcquiredBy::Exchange
            | AcquiredBy::Renewal
            | AcquiredBy::Merge => {}
        }
    }
    if !row.merged_from.is_empty() {
        let sources: Vec<Value> = row.merged_from.iter().map(|source| id(*source)).collect();
        merge.insert("mergeSources".to_owned(), json!(sources));
    }
    let mut lineage = Vec::new();
    let groups = [("splitProperties", split), ("mergeProperties", merge), ("swapProperties", swap)];
    for (name, members) in groups {
        if !members.is_empty() {
            lineage.push((name, Value::Object(members)));
        }
    }
    if let ReservationState::Renewed { order, into } = row.state {
        lineage.push(("renewDestination", json!(reservation_id(order, into))));
    }
    lineage
}

/// How many reservations are in each state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    pub succeeded: i64,
    pub failed: i64,
    pub expiring: i64,
    pub expired: i64,
    pub pending: i64,
    pub cancelled: i64,
    pub processing: i64,
    pub warning: i64,
    pub no_benefit: i64,
}

impl Summary {
    /// As the newest version shows it.
    pub fn body(&self) -> Value {
        json!({
            "succeededCount": self.succeeded,
            "failedCount": self.failed,
            "expiringCount": self.expiring,
            "expiredCount": self.expired,
            "pendingCount": self.pending,
            "cancelledCount": self.cancelled,
            "processingCount": self.processing,
            "warningCount": self.warning,
            "noBenefitCount": self.no_benefit,
        })
    }
}

/// A page of reservations; the counts are over all of them, where they were asked for.
pub fn page(
    rows: Vec<Value>,
    next_link: Option<String>,
    summary: Option<Summary>,
    version: Version,
) -> Value {
    let mut body = json!({ "value": rows });
    if let Some(link) = next_link {
        body["nextLink"] = json!(link);
    }
    if let Some(summary) = summary {
        body["summary"] = summary.body();
        published::trim(Kind::Summary, &mut body["summary"], version);
    }
    body
}
