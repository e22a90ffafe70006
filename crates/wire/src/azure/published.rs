//! What each version of the reservation API has of the newest shapes: which members of an answer
//! it knows, which members of a request it takes, and which error codes it uses.
//!
//! Everything is written and read in the newest shape; here it is cut down to an older one. A
//! member that is not listed is as old as its object.

use super::Version;
use Version::{V2018_06_01Preview, V2019_04_01, V2021_07_01, V2022_11_01};
use serde_json::{Map, Value, json};

/// An object of the answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Operation,
    CatalogRow,
    Order,
    Reservation,
    Summary,
}

/// Members of an object and the version they came with.
type Since = [(&'static str, Version)];

const OPERATION: &Since = &[("isDataAction", V2021_07_01)];

const CATALOG_ROW: &Since =
    &[("skuProperties", V2018_06_01Preview), ("billingPlans", V2019_04_01), ("msrp", V2019_04_01)];

/// Members of catalog rows that were gone for a while.
const CATALOG_ROW_GAP: &[&str] = &["tier", "size", "capabilities"];

const ORDER: &Since = &[
    ("billingPlan", V2019_04_01),
    ("billingAccountId", V2019_04_01),
    ("billingProfileId", V2019_04_01),
    ("benefitStartTime", V2019_04_01),
    ("planInformation", V2019_04_01),
    ("expiryDateTime", V2022_11_01),
    ("reviewDateTime", V2022_11_01),
];

const RESERVATION: &Since = &[
    ("reservedResourceType", V2018_06_01Preview),
    ("instanceFlexibility", V2018_06_01Preview),
    ("skuDescription", V2018_06_01Preview),
    ("archived", V2019_04_01),
    ("benefitStartTime", V2019_04_01),
    ("billingPlan", V2019_04_01),
    ("billingScopeId", V2019_04_01),
    ("capabilities", V2019_04_01),
    ("renew", V2019_04_01),
    ("renewSource", V2019_04_01),
    ("renewDestination", V2019_04_01),
    ("renewProperties", V2019_04_01),
    ("swapProperties", V2019_04_01),
    ("term", V2019_04_01),
    ("displayProvisioningState", V2021_07_01),
    ("provisioningSubState", V2021_07_01),
    ("purchaseDate", V2021_07_01),
    ("userFriendlyAppliedScopeType", V2021_07_01),
    ("userFriendlyRenewState", V2021_07_01),
    ("utilization", V2021_07_01),
    ("appliedScopeProperties", V2022_11_01),
    ("expiryDateTime", V2022_11_01),
    ("purchaseDateTime", V2022_11_01),
    ("reviewDateTime", V2022_11_01),
];

const SUMMARY: &Since = &[("warningCount", V2022_11_01), ("noBenefitCount", V2022_11_01)];

/// An answer in the newest shape, cut down to a version.
pub fn trim(kind: Kind, body: &mut Value, version: Version) {
    match kind {
        Kind::Operation => drop_newer(OPERATION, body, version),
        Kind::Summary => drop_newer(SUMMARY, body, version),
        Kind::Order => drop_newer(ORDER, &mut body["properties"], version),
        Kind::Reservation => {
            drop_newer(RESERVATION, &mut body["properties"], version);
            name_with_order(body, version);
        }
        Kind::CatalogRow => {
            drop_newer(CATALOG_ROW, body, version);
            let gap = V2018_06_01Preview <= version && version < V2021_07_01;
            if let Some(members) = body.as_object_mut().filter(|_| gap) {
                CATALOG_ROW_GAP.iter().for_each(|name| drop(members.remove(*name)));
            }
        }
    }
}

fn drop_newer(since: &Since, body: &mut Value, version: Version) {
    let Some(members) = body.as_object_mut() else { return };
    for (name, from) in since {
        if version < *from {
            members.remove(*name);
        }
    }
}

/// Older versions name a reservation `{order}/{reservation}`.
fn name_with_order(body: &mut Value, version: Version) {
    if version >= V2021_07_01 {
        return;
    }
    let id = body["id"].as_str().unwrap_or_default();
    // The parts come from the end of the path.
    if let [item, _, order] = id.rsplitn(4, '/').take(3).collect::<Vec<_>>()[..] {
        body["name"] = json!(format!("{order}/{item}"));
    }
}

/// Whether an order of this version shows its reservations whole, and not by their ids alone.
pub fn embeds_reservations(version: Version) -> bool {
    version == V2019_04_01
}

/// A request cut down to what a version takes: a member that came later is not known to it, and
/// is passed over as every unknown member is.
pub fn accept(operation: &str, body: &mut Value, version: Version) {
    const UPDATE: &Since = &[
        ("instanceFlexibility", V2018_06_01Preview),
        ("name", V2018_06_01Preview),
        ("renew", V2019_04_01),
        ("renewProperties", V2019_04_01),
        ("appliedScopeProperties", V2022_11_01),
        ("reviewDateTime", V2022_11_01),
    ];
    const PURCHASE: &Since =
        &[("appliedScopeProperties", V2022_11_01), ("reviewDateTime", V2022_11_01)];
    const EXCHANGE: &Since = &[("savingsPlansToPurchase", V2022_11_01)];
    if operation == "Reservation_AvailableScopes" && version <= V2019_04_01 && body.is_array() {
        // The first clients of that version send the scopes alone.
        *body = json!({ "properties": { "scopes": body.take() } });
        return;
    }
    let Some(properties) = body.get_mut("properties").filter(|sent| sent.is_object()) else {
        return;
    };
    match operation {
        "Reservation_Update" => drop_newer(UPDATE, properties, version),
        "ReservationOrder_Calculate" | "ReservationOrder_Purchase" => {
            flexibility_moved(properties, version);
            drop_newer(PURCHASE, properties, version);
        }
        "CalculateExchange_Post" => drop_newer(EXCHANGE, properties, version),
        _ => {}
    }
}

/// At 2019-04-01 a purchase says `instanceFlexibility` beside its other properties.
fn flexibility_moved(properties: &mut Value, version: Version) {
    const NAME: &str = "instanceFlexibility";
    let Some(members) = properties.as_object_mut().filter(|_| version <= V2019_04_01) else {
        return;
    };
    let Some(sent) = members.remove(NAME) else { return };
    let inner = members.entry("reservedResourceProperties").or_insert(Value::Null);
    if inner.is_null() {
        *inner = Value::Object(Map::new());
    }
    if let Some(inner) = inner.as_object_mut() {
        inner.entry(NAME).or_insert(sent);
    }
}

/// The code that a version has in place of another: for an update that changes nothing there was
/// first one, then the other, then both.
pub fn error_code(code: &str, version: Version) -> Option<&'static str> {
    const SCOPES: &str = "AppliedScopesSameAsExisting";
    const VALUES: &str = "PatchValuesSameAsExisting";
    match code {
        VALUES if version < V2018_06_01Preview => Some(SCOPES),
        SCOPES if V2018_06_01Preview <= version && version < V2021_07_01 => Some(VALUES),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_gone_before_their_version_and_there_from_it_on() {
        for (kind, since) in [
            (Kind::Operation, OPERATION),
            (Kind::CatalogRow, CATALOG_ROW),
            (Kind::Order, ORDER),
            (Kind::Reservation, RESERVATION),
            (Kind::Summary, SUMMARY),
        ] {
            for version in Version::ALL {
                let members: Map<String, Value> =
                    since.iter().map(|(name, _)| ((*name).to_owned(), json!(1))).collect();
                let nested = matches!(kind, Kind::Order | Kind::Reservation);
                let mut body = if nested { json!({"properties": members}) } else { json!(members) };
                trim(kind, &mut body, version);
                let left = if nested { &body["properties"] } else { &body };
                for (name, from) in since {
                    let there = left.get(name).is_some();
                    assert_eq!(there, version >= *from, "{kind:?} {name} {version:?}");
                }
            }
        }
    }

    #[test]
    fn sizes_of_catalog_rows_were_gone_for_a_while() {
        let at = |version| {
            let mut row = json!({"name": "x", "tier": "Standard", "size": "B1ls"});
            trim(Kind::CatalogRow, &mut row, version);
            row["tier"] == "Standard" && row["size"] == "B1ls"
        };
        assert!(at(Version::V2017_11_01) && at(Version::V2021_07_01) && at(Version::V2022_11_01));
        assert!(!at(Version::V2018_06_01) && !at(Version::V2020_10_01Preview));
    }

    #[test]
    fn an_older_reservation_is_named_with_its_order() {
        let name = |version| {
            let id = "/providers/microsoft.capacity/reservationOrders/o/reservations/r";
            let mut body = json!({"id": id, "name": "r", "properties": {}});
            trim(Kind::Reservation, &mut body, version);
            body["name"].clone()
        };
        assert_eq!(name(Version::V2019_04_01), "o/r");
        assert_eq!(name(Version::V2021_07_01), "r");
    }

    #[test]
    fn requests_lose_what_their_version_does_not_know() {
        let accepted = |operation, version, body: &Value| {
            let mut body = body.clone();
            accept(operation, &mut body, version);
            body
        };
        let update = json!({"properties": {"name": "x", "renew": true, "appliedScopes": []}});
        let old = accepted("Reservation_Update", Version::V2017_11_01, &update);
        assert_eq!(old, json!({"properties": {"appliedScopes": []}}));
        let named = accepted("Reservation_Update", Version::V2018_06_01, &update);
        assert_eq!(named, json!({"properties": {"name": "x", "appliedScopes": []}}));
        assert_eq!(accepted("Reservation_Update", Version::V2022_11_01, &update), update);

        let purchase = json!({"properties": {"instanceFlexibility": "Off", "reviewDateTime": 1}});
        assert_eq!(
            accepted("ReservationOrder_Purchase", Version::V2019_04_01, &purchase),
            json!({"properties": {"reservedResourceProperties": {"instanceFlexibility": "Off"}}})
        );
        let scopes = json!(["/subscriptions/x"]);
        let bare = accepted("Reservation_AvailableScopes", Version::V2019_04_01, &scopes);
        assert_eq!(bare, json!({"properties": {"scopes": scopes}}));
        for strange in [json!(null), json!([]), json!({"properties": []}), json!({})] {
            assert_eq!(accepted("Reservation_Update", Version::V2017_11_01, &strange), strange);
        }
    }

    #[test]
    fn codes_of_an_update_that_changes_nothing() {
        let (scopes, values) = ("AppliedScopesSameAsExisting", "PatchValuesSameAsExisting");
        assert_eq!(error_code(values, Version::V2017_11_01), Some(scopes));
        assert_eq!(error_code(scopes, Version::V2019_04_01), Some(values));
        assert_eq!(error_code(scopes, Version::V2021_07_01), None);
        assert_eq!(error_code("BadRequest", Version::V2017_11_01), None);
    }
}
