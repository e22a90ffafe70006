//! Lists: filters, order, pages, counts, and the catalog.

use crate::desk::{Desk, HOST, SUBSCRIPTION, purchase, to_return};
use axum::http::Method;
use serde_json::{Value, json};

fn names(page: &Value) -> Vec<String> {
    let rows = page["value"].as_array().unwrap();
    rows.iter().map(|row| row["properties"]["displayName"].as_str().unwrap().to_owned()).collect()
}

/// Five reservations, one of them returned: a, b, c, d live and e gone.
async fn desk() -> Desk {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    for (name, sku, quantity) in [
        ("c", "Standard_B1ls", 1),
        ("a", "Standard_B2s", 2),
        ("e", "Standard_B1ls", 3),
        ("b", "Standard_F1", 2),
        ("d", "Standard_B1ls", 1),
    ] {
        let mut body = purchase(sku, "Upfront", quantity);
        body["properties"]["displayName"] = json!(name);
        if name == "b" {
            body["properties"]["renew"] = json!(true);
        }
        let (order, item) = desk.buy(&body).await;
        if name == "e" {
            let ask = to_return(&order, &item, quantity);
            let quote =
                desk.post(&format!("reservationOrders/{order}/calculateRefund"), &ask).await;
            let mut deed = ask;
            deed["properties"]["sessionId"] = quote.ok(200)["properties"]["sessionId"].clone();
            desk.post(&format!("reservationOrders/{order}/return"), &deed).await.ok(202);
        }
    }
    desk
}

#[tokio::test]
async fn reservations_are_filtered_and_ordered() {
    let desk = desk().await;
    for (query, expected) in [
        ("$orderby=properties/displayName asc", "a b c d e"),
        ("$orderby=properties/displayName desc", "e d c b a"),
        ("$orderby=properties/displayName&$filter=sku/name eq 'STANDARD_B1LS'", "c d e"),
        (
            "$orderby=properties/displayName&$filter=properties/provisioningState eq 'Succeeded' \
             and (properties/quantity eq 1 or properties/renew eq true)",
            "b c d",
        ),
        ("$filter=properties/displayProvisioningState eq 'Cancelled'", "e"),
        ("$filter=properties/userFriendlyRenewState eq 'On'", "b"),
        ("$filter=properties/expiryDate eq '2024-03-04' and sku/name eq 'Standard_F1'", "b"),
        ("$filter=properties/archived eq true", ""),
        ("$filter=properties/displayName eq 'it''s'", ""),
        ("selectedState=Cancelled", "e"),
        ("selectedState=All&$orderby=properties/displayName", "a b c d e"),
        ("selectedState=Succeeded&$filter=properties/quantity eq 2&$orderby=sku/name", "a b"),
    ] {
        let encoded = query.replace(' ', "+").replace('\'', "%27");
        let page = desk.get(&format!("reservations?{encoded}")).await;
        assert_eq!(names(page.ok(200)).join(" "), expected, "{query}");
        assert!(page.body.get("nextLink").is_none() && page.body.get("summary").is_none());
    }
}

#[tokio::test]
async fn the_day_decides_what_is_expiring() {
    let desk = desk().await;
    let count = async |state: &str| {
        let path = format!("reservations?selectedState={state}");
        names(desk.get(&path).await.ok(200)).len()
    };
    desk.set_clock("2024-02-02T12:00:00Z").await;
    assert_eq!(
        (count("Succeeded").await, count("Expiring").await, count("Expired").await),
        (4, 0, 0)
    );
    desk.set_clock("2024-02-03T12:00:00Z").await;
    assert_eq!(
        (count("Succeeded").await, count("Expiring").await, count("Expired").await),
        (0, 4, 0)
    );
    desk.set_clock("2024-03-04T12:00:00Z").await;
    // One of them renews, so another takes its place.
    assert_eq!(
        (count("Succeeded").await, count("Expiring").await, count("Expired").await),
        (1, 0, 4)
    );
}

#[tokio::test]
async fn pages_follow_each_other_with_everything_that_was_asked() {
    let desk = desk().await;
    let first = desk
        .get(
            "reservations?$orderby=properties/displayName+desc&take=2&refreshSummary=true\
              &$filter=properties/archived+eq+false",
        )
        .await;
    let summary = &first.ok(200)["summary"];
    assert_eq!((&summary["succeededCount"], &summary["cancelledCount"]), (&json!(4), &json!(1)));
    let mut seen = names(&first.body);
    let mut page = first;
    while let Some(next) = page.body.get("nextLink").cloned() {
        let next = next.as_str().unwrap();
        assert!(
            next.starts_with(&format!("https://{HOST}/providers/Microsoft.Capacity/reservations?"))
        );
        for kept in ["api-version=2022-11-01", "take=2", "%24filter=", "%24orderby="] {
            assert!(next.contains(kept), "{next}");
        }
        assert!(!next.contains(['{', '}', '$']), "{next}");
        page = desk.follow(next).await;
        seen.extend(names(page.ok(200)));
    }
    assert_eq!(seen.join(" "), "e d c b a");
}

#[tokio::test]
async fn orders_have_pages_of_fifty() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    for _ in 0..53 {
        desk.buy(&purchase("Standard_B1ls", "Upfront", 1)).await;
    }
    let first = desk.get("reservationOrders").await;
    assert_eq!(first.ok(200)["value"].as_array().unwrap().len(), 50);
    let second = desk.follow(first.body["nextLink"].as_str().unwrap()).await;
    assert_eq!(second.ok(200)["value"].as_array().unwrap().len(), 3);
    assert!(second.body.get("nextLink").is_none());
}

#[tokio::test]
async fn bad_queries_name_the_parameter() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    for (query, target) in [
        ("$filter=properties/term+ne+'P1Y'", "$filter"),
        ("$filter=properties/colour+eq+'red'", "$filter"),
        ("$filter=properties/expiryDate+eq+'soon'", "$filter"),
        ("$filter=properties/userFriendlyAppliedScopeType+eq+'ResourceGroup'", "$filter"),
        ("$orderby=colour", "$orderby"),
        ("selectedState=Happy", "selectedState"),
        ("take=0", "take"),
        ("take=many", "take"),
        ("take=-1", "take"),
    ] {
        let answer = desk.get(&format!("reservations?{}", query.replace('\'', "%27"))).await;
        assert_eq!(answer.code(400), "BadRequest", "{query}");
        assert_eq!(answer.body["error"]["target"], target, "{query}");
    }
    assert_eq!(desk.get("reservationOrders?$skiptoken=x").await.code(400), "BadRequest");
}

#[tokio::test]
async fn a_mark_that_no_page_gave_is_a_bad_request() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    assert_eq!(desk.get("reservations?$skiptoken=x").await.code(400), "BadRequest");
}

#[tokio::test]
async fn the_catalog_has_pages_and_once_had_none() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    let path = format!("/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Capacity/catalogs");
    let all = desk.get(&format!("{path}?reservedResourceType=virtualmachines&$take=4")).await;
    assert_eq!(all.ok(200)["totalItems"], 6);
    assert_eq!(all.body["value"].as_array().unwrap().len(), 4);
    let row = &all.body["value"][0];
    assert_eq!(row["resourceType"], "virtualMachines");
    assert_eq!(row["msrp"]["p1Y"]["currencyCode"], "USD");
    assert_eq!(row["billingPlans"]["p1Y"].as_array().unwrap().len(), 2);
    let next = desk.follow(all.body["nextLink"].as_str().unwrap()).await;
    assert_eq!(next.ok(200)["value"].as_array().unwrap().len(), 2);
    assert!(next.body.get("nextLink").is_none());
    let here =
        desk.get(&format!("{path}?reservedResourceType=VirtualMachines&location=West+US")).await;
    assert_eq!(here.ok(200)["totalItems"], 3);
    let old = format!("{path}?reservedResourceType=VirtualMachines&location=westus");
    let old = desk.call("owner", Method::GET, &old, "2022-03-01", None).await;
    assert_eq!(old.ok(200).as_array().unwrap().len(), 3);
    let unknown = desk.get(&format!("{path}?reservedResourceType=Boats")).await;
    assert_eq!(unknown.code(400), "BadRequest");
    assert_eq!(unknown.body["error"]["target"], "reservedResourceType");
}
