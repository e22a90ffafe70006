//! Who may do what, and what others are told.

use crate::desk::{Desk, ELSEWHERE, SUBSCRIPTION, item_id, purchase, to_return};
use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::json;

#[tokio::test]
async fn what_is_another_tenants_does_not_exist() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    let (order, item) = desk.buy(&purchase("Standard_B1ls", "Upfront", 2)).await;
    let as_stranger = async |method: Method, path: &str, body: Option<&serde_json::Value>| {
        desk.call("stranger", method, path, "2022-11-01", body).await
    };
    let ask = to_return(&order, &item, 1);
    for (path, body) in [
        (format!("reservationOrders/{order}"), None),
        (format!("reservationOrders/{order}/reservations"), None),
        (format!("reservationOrders/{order}/reservations/{item}"), None),
        (format!("reservationOrders/{order}/calculateRefund"), Some(&ask)),
    ] {
        let method = if body.is_some() { Method::POST } else { Method::GET };
        let answer = as_stranger(method, &path, body).await;
        let code = answer.code(404);
        assert!(code.ends_with("NotFound") || code.starts_with("ReservationId"), "{path}: {code}");
    }
    let exchange = json!({"properties": {
        "reservationsToExchange": [{"reservationId": item_id(&order, &item), "quantity": 1}],
        "reservationsToPurchase": [purchase("Standard_F1", "Upfront", 1)],
    }});
    as_stranger(Method::POST, "calculateExchange", Some(&exchange)).await.code(404);
    let list = as_stranger(Method::GET, "reservations?refreshSummary=true", None).await;
    assert_eq!(list.ok(200)["value"], json!([]));
    assert_eq!(list.body["summary"]["succeededCount"], 0);
    let orders = as_stranger(Method::GET, "reservationOrders", None).await;
    assert_eq!(orders.ok(200)["value"], json!([]));
    let paid_by_us = purchase("Standard_F1", "Upfront", 1);
    let answer = as_stranger(Method::POST, "calculatePrice", Some(&paid_by_us)).await;
    assert!([403, 404].contains(&answer.status.as_u16()), "{}", answer.body);
    let catalog = format!("/subscriptions/{ELSEWHERE}/providers/Microsoft.Capacity/catalogs");
    assert_eq!(desk.get(&catalog).await.code(404), "SubscriptionNotFound");
}

#[tokio::test]
async fn a_session_is_its_callers() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    let (order, item) = desk.buy(&purchase("Standard_B2s", "Upfront", 2)).await;
    let exchange = json!({"properties": {
        "reservationsToExchange": [{"reservationId": item_id(&order, &item), "quantity": 1}],
        "reservationsToPurchase": [purchase("Standard_F1", "Upfront", 1)],
    }});
    let accepted = desk.post("calculateExchange", &exchange).await;
    let url = accepted.header("location").to_owned();
    let session = url.rsplit('/').next().unwrap().split('?').next().unwrap().to_owned();
    for who in ["reader", "nobody", "stranger"] {
        let path = format!("operationResults/{session}");
        let answer = desk.call(who, Method::GET, &path, "2022-11-01", None).await;
        assert_eq!(answer.code(404), "ResourceNotFound");
        let deed = json!({"properties": {"sessionId": session}});
        let answer = desk.call(who, Method::POST, "exchange", "2022-11-01", Some(&deed)).await;
        assert!(answer.status.is_client_error());
    }
    assert_eq!(desk.follow(&url).await.ok(200)["status"], "Succeeded");
}

#[tokio::test]
async fn a_reader_reads_and_no_more() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    let (order, item) = desk.buy(&purchase("Standard_B1ls", "Upfront", 2)).await;
    let path = format!("reservationOrders/{order}");
    let shown = desk.call("reader", Method::GET, &path, "2022-11-01", None).await;
    shown.ok(200);
    let ask = to_return(&order, &item, 1);
    let path = format!("{path}/calculateRefund");
    let denied = desk.call("reader", Method::POST, &path, "2022-11-01", Some(&ask)).await;
    assert_eq!(denied.code(403), "AuthorizationFailed");
    for part in ["Microsoft.Capacity/reservationOrders/return/action", &order, "33333333-"] {
        assert!(denied.message().contains(part), "{}", denied.message());
    }
    let body = purchase("Standard_B1ls", "Upfront", 1);
    let denied =
        desk.call("reader", Method::POST, "calculatePrice", "2022-11-01", Some(&body)).await;
    assert_eq!(denied.code(403), "AuthorizationFailed");
    assert!(denied.message().contains(SUBSCRIPTION), "{}", denied.message());
}

#[tokio::test]
async fn calls_are_counted_and_answers_carry_the_rest() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    let read = desk.get("operations").await;
    assert_eq!(read.header("x-ms-ratelimit-remaining-tenant-reads"), "11999");
    let write = desk.post("calculatePrice", &json!({})).await;
    assert_eq!(write.code(400), "BadRequest");
    assert_eq!(write.header("x-ms-ratelimit-remaining-tenant-writes"), "1199");
    let path = format!("/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Capacity/catalogs");
    let catalog = desk.get(&path).await;
    assert_eq!(catalog.header("x-ms-ratelimit-remaining-subscription-reads"), "11999");
    assert!(!read.header("x-ms-request-id").is_empty());
}

#[tokio::test]
async fn a_token_that_will_not_do_is_challenged() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    let token = desk.token("owner");
    let mut changed = token.clone().into_bytes();
    let at = token.find('.').unwrap() + 5;
    changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
    let changed = String::from_utf8(changed).unwrap();
    for (sent, code) in [
        (format!("Bearer {changed}"), "InvalidAuthenticationToken"),
        ("Bearer x".to_owned(), "InvalidAuthenticationToken"),
        ("Basic eDp5".to_owned(), "AuthenticationFailed"),
    ] {
        let request = Request::builder()
            .uri("/providers/Microsoft.Capacity/operations?api-version=2022-11-01")
            .header("host", "desk.example")
            .header("authorization", sent);
        let answer = desk.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.code(401), code);
        assert!(answer.header("www-authenticate").contains("error=\"invalid_token\""));
    }
}
