//! What was paid for reservations, by account and billing profile, and their usage.

use crate::desk::{Answer, Desk, POUNDS, item_id, purchase, to_return};
use axum::http::Method;
use serde_json::{Value, json};

const NOW: &str = "2023-03-04T04:17:25Z";
const VERSION: &str = "2024-08-01";

fn path(account: &str, below: &str) -> String {
    format!(
        "/providers/Microsoft.Billing/billingAccounts/{account}{below}/providers/\
         Microsoft.Consumption/reservationTransactions"
    )
}

async fn get(desk: &Desk, who: &str, path: &str) -> Answer {
    desk.call(who, Method::GET, path, VERSION, None).await
}

fn events(answer: &Answer) -> Vec<(String, f64)> {
    let rows = answer.ok(200)["value"].as_array().unwrap();
    let event = |row: &Value| {
        let properties = &row["properties"];
        let kind = properties["eventType"].as_str().unwrap().to_owned();
        (kind, properties["amount"].as_f64().unwrap())
    };
    rows.iter().map(event).collect()
}

fn named(events: &[(&str, f64)]) -> Vec<(String, f64)> {
    events.iter().map(|(kind, amount)| ((*kind).to_owned(), *amount)).collect()
}

#[tokio::test]
async fn purchases_and_refunds_are_transactions_of_the_account() {
    let desk = Desk::at(NOW).await;
    let (order, item) = desk.buy(&purchase("Standard_B1ls", "Upfront", 2)).await;
    let ask = to_return(&order, &item, 1);
    let quote = desk.post(&format!("reservationOrders/{order}/calculateRefund"), &ask).await;
    let mut deed = ask.clone();
    deed["properties"]["sessionId"] = quote.ok(200)["properties"]["sessionId"].clone();
    deed["properties"]["returnReason"] = json!("not needed");
    desk.post(&format!("reservationOrders/{order}/return"), &deed).await.ok(202);

    let found = get(&desk, "owner", &path("100", "")).await;
    assert_eq!(events(&found), named(&[("Purchase", 64.0), ("Refund", -32.0)]));
    let bought = &found.body["value"][0]["properties"];
    assert_eq!(
        bought,
        &json!({
            "eventDate": "2023-03-04T04:17:25Z",
            "eventType": "Purchase",
            "reservationOrderId": order,
            "reservationOrderName": "web",
            "description": "Standard_B1ls westus P1Y",
            "armSkuName": "Standard_B1ls",
            "region": "westus",
            "term": "P1Y",
            "billingFrequency": "OneTime",
            "quantity": 2,
            "amount": 64.0,
            "currency": "USD",
            "purchasingSubscriptionGuid": crate::desk::SUBSCRIPTION,
            "purchasingSubscriptionName": "s",
            "billingMonth": 20230301,
            "purchasingEnrollment": "100",
            "currentEnrollment": "100",
        })
    );
    // The account pays for the other tenant too, which sees nothing of this.
    assert_eq!(events(&get(&desk, "stranger", &path("100", "")).await), []);
    assert_eq!(events(&get(&desk, "nobody", &path("100", "")).await), []);
    assert_eq!(get(&desk, "stranger", &path("200", "")).await.code(404), "ResourceNotFound");
    assert_eq!(get(&desk, "owner", &path("300", "")).await.code(404), "ResourceNotFound");
}

#[tokio::test]
async fn instalments_are_transactions_of_the_billing_profile_and_chosen_by_day() {
    let desk = Desk::at(NOW).await;
    let mut request = purchase("Standard_B2s", "Monthly", 1);
    request["properties"]["billingScopeId"] = json!(format!("/subscriptions/{POUNDS}"));
    desk.buy(&request).await;
    desk.set_clock("2023-06-10T00:00:00Z").await;

    let profile = path("200", "/billingProfiles/P-1");
    let all = get(&desk, "owner", &profile).await;
    assert_eq!(events(&all), named(&[("Purchase", 22.08); 4]));
    let first = &all.body["value"][0]["properties"];
    assert_eq!(
        (&first["currency"], &first["billingFrequency"]),
        (&json!("GBP"), &json!("Recurring"))
    );
    assert_eq!(first["billingProfileName"], "p-1");
    assert!(first.get("purchasingEnrollment").is_none());

    let some = format!(
        "{profile}?$filter=properties/eventDate+ge+2023-04-01+AND+properties/eventDate+le+2023-05-31"
    );
    assert_eq!(events(&get(&desk, "owner", &some).await).len(), 2);
    let bad = get(&desk, "owner", &format!("{profile}?$filter=quantity+ge+1")).await;
    assert_eq!((bad.code(400), &bad.body["error"]["target"]), ("BadRequest", &json!("$filter")));
    let other = get(&desk, "owner", &path("200", "/billingProfiles/other")).await;
    assert_eq!(other.code(404), "ResourceNotFound");
    let mark = get(&desk, "owner", &format!("{profile}?$skiptoken=x")).await;
    assert_eq!(mark.code(400), "BadRequest");
}

#[tokio::test]
async fn transactions_come_in_pages() {
    let desk = Desk::at(NOW).await;
    let body = purchase("Standard_B1ls", "Monthly", 1);
    for _ in 0..26 {
        desk.buy(&body).await;
    }
    desk.set_clock("2024-03-03T00:00:00Z").await;
    let first = get(&desk, "owner", &path("100", "")).await;
    let link = first.ok(200)["nextLink"].as_str().unwrap().to_owned();
    let second = desk.follow(&link).await;
    assert!(second.ok(200).get("nextLink").is_none());
    assert_eq!(events(&first).len() + events(&second).len(), 26 * 12);
    let ids = |answer: &Answer| -> Vec<String> {
        let rows = answer.body["value"].as_array().unwrap();
        rows.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
    };
    let mut all = [ids(&first), ids(&second)].concat();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 26 * 12);
}

#[tokio::test]
async fn usage_is_empty_as_none_is_kept_and_another_tenants_order_has_no_page() {
    let desk = Desk::at(NOW).await;
    let (order, item) = desk.buy(&purchase("Standard_B1ls", "Upfront", 2)).await;
    let order_path = format!("/providers/Microsoft.Capacity/reservationorders/{order}");
    let item_path = item_id(&order, &item);
    for at in [&order_path, &item_path] {
        let below = |kind: &str| format!("{at}/providers/Microsoft.Consumption/{kind}");
        for path in [below("reservationSummaries?grain=Daily"), below("reservationDetails")] {
            assert_eq!(get(&desk, "owner", &path).await.ok(200), &json!({"value": []}), "{path}");
            let theirs = get(&desk, "stranger", &path).await;
            assert_eq!(theirs.code(404), "ReservationOrderNotFound", "{path}");
        }
        let grain = get(&desk, "owner", &below("reservationSummaries?grain=hourly")).await;
        assert_eq!(
            (grain.code(400), &grain.body["error"]["target"]),
            ("BadRequest", &json!("grain"))
        );
    }
}
