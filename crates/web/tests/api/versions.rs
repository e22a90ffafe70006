//! Every operation of Microsoft.Capacity at every version, and how the answers differ.

use crate::desk::{Answer, Desk, SUBSCRIPTION, item_id, purchase};
use axum::http::Method;
use prorata_web::api::{Options, table};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const NOW: &str = "2023-03-04T04:17:25Z";
const GUID: &str = "99999999-0000-4000-8000-000000000001";

const VERSIONS: [&str; 9] = [
    "2017-11-01",
    "2018-06-01-preview",
    "2018-06-01",
    "2019-04-01",
    "2020-10-01-preview",
    "2020-11-15-preview",
    "2021-07-01",
    "2022-03-01",
    "2022-11-01",
];

/// The versions that have an operation, as they are published: `x` for each of [`VERSIONS`] in
/// turn.
const PUBLISHED: [(&str, &str); 25] = [
    ("CalculateExchange_Post", "....x.xxx"),
    ("CalculateRefund_Post", ".......xx"),
    ("Exchange_Post", "....x.xxx"),
    ("GetAppliedReservationList", "xxxxx.xxx"),
    ("GetCatalog", "xxxxx.xxx"),
    ("Operation_List", "xxxxx.xxx"),
    ("Operation_Result", "....x.xxx"),
    ("ReservationOrder_Calculate", "...xx.xxx"),
    ("ReservationOrder_ChangeDirectory", ".....xxxx"),
    ("ReservationOrder_Get", "xxxxx.xxx"),
    ("ReservationOrder_List", "xxxxx.xxx"),
    ("ReservationOrder_Purchase", "...xx.xxx"),
    ("Reservation_Archive", "...x...xx"),
    ("Reservation_AvailableScopes", "...xx.xxx"),
    ("Reservation_Get", "xxxxx.xxx"),
    ("Reservation_List", "xxxxx.xxx"),
    ("Reservation_ListAll", "......xxx"),
    ("Reservation_ListRevisions", "xxxxx.xxx"),
    ("Reservation_Merge", "xxxxx.xxx"),
    ("Reservation_MergeResult", "xxxxx.xxx"),
    ("Reservation_Split", "xxxxx.xxx"),
    ("Reservation_SplitResult", "xxxxx.xxx"),
    ("Reservation_Unarchive", "...x...xx"),
    ("Reservation_Update", "xxxxx.xxx"),
    ("Return_Post", ".......xx"),
];

fn concrete(pattern: &str) -> String {
    let mut path = pattern.replace("{subscription}", SUBSCRIPTION);
    while let Some((start, rest)) = path.split_once('{') {
        let (_, end) = rest.split_once('}').unwrap();
        path = format!("{start}{GUID}{end}");
    }
    path
}

#[tokio::test]
async fn every_operation_is_there_in_its_versions_and_in_no_other() {
    let desk = Desk::at(NOW).await;
    let table = table(Options::default());
    let routes = table.routes().filter(|route| {
        route.pattern.as_str().contains("/providers/Microsoft.Capacity/")
            && !route.pattern.as_str().contains("/providers/Microsoft.Consumption/")
            && !route.operation.starts_with("Quota_")
    });
    for route in routes {
        let published = PUBLISHED.iter().find(|(operation, _)| *operation == route.operation);
        let (_, marks) = published.unwrap_or_else(|| panic!("{} is not listed", route.operation));
        for (version, mark) in VERSIONS.iter().zip(marks.chars()) {
            let path = concrete(route.pattern.as_str());
            let body = json!({});
            let body = (route.method != Method::GET).then_some(&body);
            let answer = desk.call("owner", route.method.clone(), &path, version, body).await;
            let code = answer.body["error"]["code"].as_str().unwrap_or_default();
            let unknown = code == "InvalidApiVersionParameter";
            assert_eq!(unknown, mark == '.', "{} at {version}: {}", route.operation, answer.body);
            if unknown {
                assert_eq!(answer.status, 400);
                for known in route.versions {
                    assert!(answer.message().contains(known), "{}", answer.message());
                }
            }
        }
    }
}

struct Sight<'a> {
    desk: &'a Desk,
    order: String,
    item: String,
    version: &'static str,
}

impl Sight<'_> {
    async fn get(&self, path: &str) -> Answer {
        self.desk.call("owner", Method::GET, path, self.version, None).await
    }

    async fn order(&self) -> Value {
        let path = format!("reservationOrders/{}", self.order);
        self.get(&path).await.ok(200).clone()
    }

    async fn item(&self) -> Value {
        let path = format!("reservationOrders/{}/reservations/{}", self.order, self.item);
        self.get(&path).await.ok(200).clone()
    }
}

fn members(body: &Value) -> BTreeSet<&str> {
    body.as_object().unwrap().keys().map(String::as_str).collect()
}

/// The versions that answer all of lists, orders and items.
fn with_lists() -> impl Iterator<Item = &'static str> {
    VERSIONS.into_iter().filter(|version| *version != "2020-11-15-preview")
}

#[tokio::test]
async fn orders_and_reservations_have_the_members_of_their_version() {
    const NEVER: &str = "9999";
    let came = [
        ("quantity", "2017-11-01", NEVER),
        ("expiryDate", "2017-11-01", NEVER),
        ("reservedResourceType", "2018-06-01-preview", NEVER),
        ("skuDescription", "2018-06-01-preview", NEVER),
        ("billingPlan", "2019-04-01", NEVER),
        ("term", "2019-04-01", NEVER),
        ("renew", "2019-04-01", NEVER),
        ("utilization", "2021-07-01", NEVER),
        ("displayProvisioningState", "2021-07-01", NEVER),
        ("purchaseDate", "2021-07-01", NEVER),
        ("expiryDateTime", "2022-11-01", NEVER),
        ("purchaseDateTime", "2022-11-01", NEVER),
        ("appliedScopeProperties", "2022-11-01", NEVER),
        ("appliedScopes", "2017-11-01", "2022-11-01"),
    ];
    let desk = Desk::at(NOW).await;
    let mut request = purchase("Standard_B1ls", "Monthly", 2);
    request["properties"]["appliedScopeType"] = json!("Single");
    request["properties"]["appliedScopes"] = json!([format!("/subscriptions/{SUBSCRIPTION}")]);
    let (order, item) = desk.buy(&request).await;
    let place = |version: &str| VERSIONS.iter().position(|known| *known == version);
    for version in with_lists() {
        let sight = Sight { desk: &desk, order: order.clone(), item: item.clone(), version };
        let shown = sight.item().await;
        for (name, since, until) in came {
            let expected = place(version) >= place(since)
                && place(until).is_none_or(|until| place(version) < Some(until));
            let there = shown["properties"].get(name).is_some();
            assert_eq!(there, expected, "{name} at {version}: {shown}");
        }
        let old = version < "2021";
        let name = if old { format!("{order}/{item}") } else { item.clone() };
        assert_eq!(shown["name"], json!(name), "{version}");

        let shown = sight.order().await;
        let properties = &shown["properties"];
        assert_eq!(properties.get("billingPlan").is_some(), version >= "2019", "{version}");
        assert_eq!(properties.get("expiryDateTime").is_some(), version == "2022-11-01");
        let row = &properties["reservations"][0];
        let id = row["id"].as_str().unwrap();
        assert!(id.eq_ignore_ascii_case(&item_id(&order, &item)), "{id}");
        let whole = version == "2019-04-01";
        assert_eq!(members(row) == BTreeSet::from(["id"]), !whole, "{version}: {row}");
        if whole {
            assert_eq!(row["properties"]["quantity"], 2);
        }
        let listed = sight.get("reservationOrders").await;
        assert_eq!(listed.ok(200)["value"][0], shown, "{version}");
    }
}

#[tokio::test]
async fn the_catalog_is_an_array_before_it_has_pages() {
    let desk = Desk::at(NOW).await;
    let path = format!("/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Capacity/catalogs");
    for version in with_lists() {
        let path = format!("{path}?reservedResourceType=VirtualMachines&location=westus");
        let answer = desk.call("owner", Method::GET, &path, version, None).await;
        let body = answer.ok(200);
        let rows = if version == "2022-11-01" { &body["value"] } else { body };
        let row = &rows.as_array().unwrap_or_else(|| panic!("{version}: {body}"))[0];
        let has = |name: &str| row.get(name).is_some();
        assert_eq!(has("msrp") && has("billingPlans"), version >= "2019", "{version}");
        assert_eq!(has("skuProperties"), version >= "2018", "{version}");
        assert_eq!(has("capabilities"), !("2018".."2021").contains(&version), "{version}");
        assert!(has("terms") && has("locations") && has("name"), "{version}");
    }
}

#[tokio::test]
async fn buying_works_from_2019_on_with_the_members_of_its_version() {
    let desk = Desk::at(NOW).await;
    for version in ["2019-04-01", "2020-10-01-preview", "2021-07-01", "2022-03-01", "2022-11-01"] {
        let mut request = purchase("Standard_B1ls", "Upfront", 1);
        if version == "2019-04-01" {
            request["properties"]["instanceFlexibility"] = json!("Off");
        }
        // Later than the version knows, so it is passed over; at the newest it is read.
        if version != "2022-11-01" {
            request["properties"]["reviewDateTime"] = json!("no date at all");
        }
        let path = "calculatePrice";
        let quote = desk.call("owner", Method::POST, path, version, Some(&request)).await;
        let order = quote.ok(200)["properties"]["reservationOrderId"].as_str().unwrap().to_owned();
        let path = format!("reservationOrders/{order}");
        let placed = desk.call("owner", Method::PUT, &path, version, Some(&request)).await;
        let id = placed.ok(202)["properties"]["reservations"][0]["id"].as_str().unwrap();
        assert!(placed.header("location").ends_with(&format!("api-version={version}")));
        let item = id.rsplit('/').next().unwrap().to_owned();
        let shown = Sight { desk: &desk, order, item, version }.item().await;
        let expected = if version == "2019-04-01" { "Off" } else { "On" };
        assert_eq!(shown["properties"]["instanceFlexibility"], expected, "{version}");
    }
    let mut request = purchase("Standard_B1ls", "Upfront", 1);
    request["properties"]["reviewDateTime"] = json!("no date at all");
    desk.post("calculatePrice", &request).await.code(400);
}
