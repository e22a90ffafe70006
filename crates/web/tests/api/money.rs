//! Quoting, buying, returning and exchanging, end to end.

use crate::desk::{Desk, HOST, POUNDS, item_id, purchase, to_return};
use axum::http::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn a_quoted_purchase_is_placed_once() {
    let desk = Desk::at("2023-02-10T01:45:07Z").await;
    let body = purchase("standard_b1ls", "Monthly", 2);
    let quote = desk.post("calculatePrice", &body).await;
    let properties = &quote.ok(200)["properties"];
    assert_eq!(properties["billingCurrencyTotal"], json!({"currencyCode": "USD", "amount": 63.84}));
    assert_eq!(properties["skuTitle"], "Reserved VM Instance, Standard_B1ls, US West, 1 Year");
    assert_eq!(properties["paymentSchedule"].as_array().unwrap().len(), 12);
    assert_eq!(quote.body["explanation"]["approved"], true);
    let order = properties["reservationOrderId"].as_str().unwrap();

    let path = format!("reservationOrders/{order}");
    let placed = desk.put(&path, &body).await;
    assert_eq!(placed.ok(202)["properties"]["provisioningState"], "Creating");
    let location = placed.header("location");
    assert_eq!(
        location,
        format!(
            "https://{HOST}/providers/microsoft.capacity/reservationOrders/{order}\
             ?api-version=2022-11-01"
        )
    );
    assert!(placed.header("retry-after").parse::<u32>().unwrap() >= 1);
    let shown = desk.follow(location).await;
    assert_eq!(shown.ok(200)["properties"]["provisioningState"], "Succeeded");
    assert_eq!(shown.body["properties"]["originalQuantity"], 2);

    let again = desk.put(&path, &body).await;
    assert_eq!(again.ok(202), &placed.body);
    let other = desk.put(&path, &purchase("Standard_B1ls", "Monthly", 3)).await;
    assert_eq!(other.code(409), "ReservationOrderIdAlreadyExists");
    let orders = desk.get("reservationOrders").await;
    assert_eq!(orders.ok(200)["value"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn only_what_was_quoted_can_be_bought() {
    let desk = Desk::at("2023-02-10T01:45:07Z").await;
    let body = purchase("Standard_B1ls", "Upfront", 1);
    let unknown = "reservationOrders/99999999-0000-4000-8000-000000000001";
    let refused = desk.put(unknown, &body).await;
    assert_eq!(refused.code(400), "BadRequest");
    assert!(refused.message().contains("calculatePrice"), "{}", refused.message());
    let quote = desk.post("calculatePrice", &body).await;
    let order = quote.ok(200)["properties"]["reservationOrderId"].as_str().unwrap().to_owned();
    let more = purchase("Standard_B1ls", "Upfront", 2);
    let refused = desk.put(&format!("reservationOrders/{order}"), &more).await;
    assert_eq!(refused.code(400), "BadRequest");
    assert!(refused.message().contains("`quantity` differs"), "{}", refused.message());
}

#[tokio::test]
async fn a_purchase_that_is_not_sold_says_what_is() {
    let desk = Desk::at("2023-02-10T01:45:07Z").await;
    let mut body = purchase("Standard_B1ls", "Upfront", 1);
    body["location"] = json!("uksouth");
    let refused = desk.post("calculatePrice", &body).await;
    assert_eq!(refused.code(400), "InvalidFulfillmentRequestParameters");
    assert!(refused.message().contains("westeurope, westus"), "{}", refused.message());
    let error = &refused.body["error"];
    assert_eq!(error["additionalInfo"][0]["type"], "Explanation");
    assert_eq!(error["additionalInfo"][0]["info"]["refusal"]["repairs"][0]["kind"], "choose");
    let mut body = purchase("Standard_B1ls", "Upfront", 1);
    body["properties"]["term"] = json!("P3Y");
    let refused = desk.post("calculatePrice", &body).await;
    assert_eq!(refused.code(400), "UnsupportedReservationTerm");
    let mut body = purchase("Standard_B1ls", "Upfront", 1);
    body["properties"]["appliedScopeType"] = json!("Single");
    body["properties"]["appliedScopes"] =
        json!([format!("/subscriptions/{}/resourceGroups/no", crate::desk::SUBSCRIPTION)]);
    let refused = desk.post("calculatePrice", &body).await;
    assert_eq!(refused.code(400), "AppliedScopesNotAssociatedWithCommerceAccount");
}

#[tokio::test]
async fn units_are_returned_once_and_the_rest_lives_on() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    let mut body = purchase("Standard_B1ls", "Monthly", 3);
    body["properties"]["billingScopeId"] = json!(POUNDS);
    let (order, item) = desk.buy(&body).await;
    desk.set_clock("2023-03-06T23:26:47Z").await;
    let quote = desk
        .post(&format!("reservationOrders/{order}/calculateRefund"), &to_return(&order, &item, 1))
        .await;
    let properties = &quote.ok(200)["properties"];
    let pounds = |amount: f64| json!({"currencyCode": "GBP", "amount": amount});
    assert_eq!(properties["billingRefundAmount"], pounds(2.66));
    assert_eq!(properties["policyResult"]["properties"]["policyErrors"], json!([]));
    assert_eq!(properties["billingInformation"]["billingCurrencyTotalPaidAmount"], pounds(7.98));
    assert_eq!(quote.body["id"], item_id(&order, &item));
    assert_eq!(quote.body["explanation"]["approved"], true);

    let mut deed = to_return(&order, &item, 1);
    deed["properties"]["sessionId"] = properties["sessionId"].clone();
    deed["properties"]["returnReason"] = json!("too many");
    let path = format!("reservationOrders/{order}/return");
    let done = desk.post(&path, &deed).await;
    assert_eq!(&done.ok(202)["properties"], properties);
    assert!(done.header("location").contains(&format!("/reservationOrders/{order}?")));
    assert_eq!(desk.post(&path, &deed).await.ok(202), &done.body);

    let order_now = desk.follow(done.header("location")).await;
    assert_eq!(order_now.ok(200)["properties"]["reservations"].as_array().unwrap().len(), 2);
    let gone = desk.get(&format!("reservationOrders/{order}/reservations/{item}")).await;
    let gone = &gone.ok(200)["properties"];
    assert_eq!(gone["provisioningState"], "Cancelled");
    let rest = gone["splitProperties"]["splitDestinations"][0].as_str().unwrap();
    let kept = desk.get(&item_id(&order, rest)).await;
    assert_eq!(kept.ok(200)["properties"]["quantity"], 2);
    assert_eq!(kept.body["properties"]["splitProperties"]["splitSource"], item_id(&order, &item));

    let again = desk
        .post(&format!("reservationOrders/{order}/calculateRefund"), &to_return(&order, &item, 1))
        .await;
    assert_eq!(again.code(409), "OperationCannotBePerformedInCurrentState");
}

#[tokio::test]
async fn a_return_that_may_not_be_made_says_why() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    let (order, item) = desk.buy(&purchase("Standard_F1", "Upfront", 200)).await;
    let path = format!("reservationOrders/{order}/calculateRefund");
    let too_many = desk.post(&path, &to_return(&order, &item, 201)).await;
    assert_eq!(too_many.code(400), "InvalidRefundQuantity");
    assert!(too_many.message().contains("at most 200"), "{}", too_many.message());
    let over = desk.post(&path, &to_return(&order, &item, 126)).await;
    let policy = &over.ok(200)["properties"]["policyResult"]["properties"];
    assert_eq!(policy["policyErrors"][0]["code"], "RefundLimitExceeded");
    let message = policy["policyErrors"][0]["message"].as_str().unwrap();
    assert!(message.contains("at most 125"), "{message}");
    let mut deed = to_return(&order, &item, 126);
    deed["properties"]["sessionId"] = over.body["properties"]["sessionId"].clone();
    let refused = desk.post(&format!("reservationOrders/{order}/return"), &deed).await;
    assert_eq!(refused.code(400), "RefundLimitExceeded");
    assert_eq!(refused.message(), message);
    assert_eq!(refused.body["error"]["details"][0]["target"], "refund-cap");
    assert!(refused.headers.get("retry-after").is_none());
    let other = to_return(&order, "99999999-0000-4000-8000-000000000001", 1);
    assert_eq!(desk.post(&path, &other).await.code(404), "ReservationIdNotInReservationOrder");
    deed["properties"]["sessionId"] = json!("99999999-0000-4000-8000-000000000001");
    let gone = desk.post(&format!("reservationOrders/{order}/return"), &deed).await;
    assert_eq!(gone.code(400), "BadRequest");
}

fn exchange(order: &str, item: &str, quantity: u32, purchases: &[Value]) -> Value {
    json!({"properties": {
        "reservationsToExchange": [
            {"reservationId": item_id(order, item), "quantity": quantity},
        ],
        "reservationsToPurchase": purchases,
    }})
}

#[tokio::test]
async fn an_exchange_is_quoted_and_made() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    let (order, item) = desk.buy(&purchase("Standard_B2s", "Upfront", 2)).await;
    desk.set_clock("2023-03-06T00:00:00Z").await;
    let wanted = purchase("Standard_F1", "Monthly", 1);
    let accepted = desk
        .post("calculateExchange", &exchange(&order, &item, 1, std::slice::from_ref(&wanted)))
        .await;
    assert_eq!(accepted.ok(202), &Value::Null);
    let url = accepted.header("azure-asyncoperation").to_owned();
    assert_eq!(accepted.header("location"), url);
    assert_eq!(accepted.header("retry-after"), "1");
    let quoted = desk.follow(&url).await;
    assert_eq!(quoted.ok(200)["status"], "Succeeded");
    for absent in ["location", "azure-asyncoperation", "retry-after"] {
        assert!(quoted.headers.get(absent).is_none(), "{absent}");
    }
    let properties = &quoted.body["properties"];
    let dollars = |amount: f64| json!({"currencyCode": "USD", "amount": amount});
    assert_eq!(properties["refundsTotal"], dollars(265.0));
    assert_eq!(properties["purchasesTotal"], dollars(399.96));
    assert_eq!(properties["netPayable"], dollars(134.96));
    assert_eq!(properties["policyResult"], json!({"policyErrors": null}));
    let echoed = &properties["reservationsToPurchase"][0]["properties"];
    assert_eq!(echoed["properties"]["quantity"], wanted["properties"]["quantity"]);
    let session = properties["sessionId"].as_str().unwrap();
    assert!(url.contains(session));

    let deed = json!({"properties": {"sessionId": session}});
    let accepted = desk.post("exchange", &deed).await;
    accepted.ok(202);
    assert_eq!(accepted.header("azure-asyncoperation"), url);
    let done = desk.follow(&url).await;
    let row = &done.ok(200)["properties"]["reservationsToPurchase"][0];
    assert_eq!(row["status"], "Succeeded");
    assert_eq!(done.body["properties"]["reservationsToExchange"][0]["status"], "Succeeded");
    desk.post("exchange", &deed).await.ok(202);
    assert_eq!(desk.follow(&url).await.ok(200), &done.body);

    let bought = desk.get(row["reservationId"].as_str().unwrap()).await;
    assert_eq!(bought.ok(200)["sku"]["name"], "Standard_F1");
    let given = desk.get(&format!("reservationOrders/{order}/reservations/{item}")).await;
    assert_eq!(given.ok(200)["properties"]["provisioningState"], "Cancelled");
    let orders = desk.get("reservationOrders").await;
    assert_eq!(orders.ok(200)["value"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn an_exchange_against_a_policy_is_a_success_until_it_is_made() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    let (order, item) = desk.buy(&purchase("Standard_B2s", "Upfront", 2)).await;
    let little = [purchase("Standard_B1ls", "Upfront", 1)];
    let accepted = desk.post("calculateExchange", &exchange(&order, &item, 2, &little)).await;
    accepted.ok(202);
    let url = accepted.header("location").to_owned();
    let quoted = desk.follow(&url).await;
    assert_eq!(quoted.ok(200)["status"], "Succeeded");
    let errors = &quoted.body["properties"]["policyResult"]["policyErrors"];
    let message = errors[0]["message"].as_str().unwrap();
    assert!(message.contains("498.00 USD more"), "{message}");
    let session = &quoted.body["properties"]["sessionId"];
    desk.post("exchange", &json!({"properties": {"sessionId": session}})).await.ok(202);
    let failed = desk.follow(&url).await;
    assert_eq!(failed.ok(200)["status"], "Failed");
    assert_eq!(failed.body["error"], errors[0]);
    let still = desk.get(&format!("reservationOrders/{order}/reservations/{item}")).await;
    assert_eq!(still.ok(200)["properties"]["provisioningState"], "Succeeded");
}

#[tokio::test]
async fn an_exchange_that_makes_no_sense_is_refused_at_once() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    let (order, item) = desk.buy(&purchase("Standard_B2s", "Upfront", 2)).await;
    let wanted = [purchase("Standard_F1", "Upfront", 9)];
    let refused = desk.post("calculateExchange", &exchange(&order, &item, 3, &wanted)).await;
    assert_eq!(refused.code(400), "InvalidRefundQuantity");
    let mut unsold = purchase("Standard_F1", "Upfront", 9);
    unsold["sku"]["name"] = json!("Standard_Nothing");
    let refused = desk.post("calculateExchange", &exchange(&order, &item, 1, &[unsold])).await;
    assert_eq!(refused.code(400), "InvalidFulfillmentRequestParameters");
    let gone = json!({"properties": {"sessionId": "99999999-0000-4000-8000-000000000001"}});
    assert_eq!(desk.post("exchange", &gone).await.code(400), "BadRequest");
    let unknown = desk.get("operationResults/99999999-0000-4000-8000-000000000001").await;
    assert_eq!(unknown.code(404), "ResourceNotFound");
}

#[tokio::test]
async fn an_order_shows_its_payments_when_asked() {
    let desk = Desk::at("2023-02-10T01:45:07Z").await;
    let (order, _) = desk.buy(&purchase("Standard_B1ls", "Monthly", 2)).await;
    desk.set_clock("2023-04-15T00:00:00Z").await;
    let shown = desk.get(&format!("reservationOrders/{order}?%24expand=schedule")).await;
    let plan = &shown.ok(200)["properties"]["planInformation"];
    let states: Vec<&str> = plan["transactions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["status"].as_str().unwrap())
        .collect();
    assert_eq!(states[..3], ["Succeeded"; 3]);
    assert_eq!(states[3..], ["Scheduled"; 9]);
    assert_eq!(plan["nextPaymentDueDate"], "2023-05-10");
    assert_eq!(plan["pricingCurrencyTotal"]["amount"], 63.84);
    let plain = desk.get(&format!("reservationOrders/{order}")).await;
    assert!(plain.ok(200)["properties"].get("planInformation").is_none());
    let wrong = desk.get(&format!("reservationOrders/{order}?$expand=everything")).await;
    assert_eq!(wrong.code(400), "BadRequest");
}

#[tokio::test]
async fn the_older_version_is_echoed() {
    let desk = Desk::at("2023-02-10T01:45:07Z").await;
    let body = purchase("Standard_B1ls", "Upfront", 1);
    let quote = desk.call("owner", Method::POST, "calculatePrice", "2022-03-01", Some(&body)).await;
    let order = quote.ok(200)["properties"]["reservationOrderId"].as_str().unwrap().to_owned();
    let path = format!("reservationOrders/{order}");
    let placed = desk.call("owner", Method::PUT, &path, "2022-03-01", Some(&body)).await;
    assert!(placed.header("location").ends_with("?api-version=2022-03-01"));
    let shown = desk.call("owner", Method::GET, &path, "2022-03-01", None).await;
    assert!(shown.ok(200)["properties"].get("expiryDateTime").is_none());
}
