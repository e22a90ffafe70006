//! Requests that are wrong: all faults at once, each named, and nothing written.

use crate::desk::{Desk, item_id, purchase, to_return};
use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::{Value, json};

async fn raw(desk: &Desk, path: &str, body: impl Into<Body>) -> crate::desk::Answer {
    let request = Request::builder()
        .method(Method::POST)
        .uri(format!("/providers/Microsoft.Capacity/{path}?api-version=2022-11-01"))
        .header("host", "desk.example")
        .header("authorization", format!("Bearer {}", desk.token("owner")));
    desk.send(request.body(body.into()).unwrap()).await
}

#[tokio::test]
async fn all_faults_are_told_at_once() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    let mut body = purchase("", "Weekly", 0);
    body["properties"]["term"] = json!("P2Y");
    body["properties"]["appliedScopeType"] = json!("Single");
    let answer = desk.post("calculatePrice", &body).await;
    assert_eq!(answer.code(400), "BadRequest");
    let details = answer.body["error"]["details"].as_array().unwrap();
    let targets: Vec<&str> = details.iter().map(|row| row["target"].as_str().unwrap()).collect();
    assert_eq!(
        targets,
        [
            "sku.name",
            "properties.term",
            "properties.billingPlan",
            "properties.quantity",
            "properties.appliedScopes",
        ]
    );
    for row in details {
        assert!(row["message"].as_str().unwrap().contains("give "), "{row}");
    }
    let empty = desk.post("calculatePrice", &json!({"properties": {}})).await;
    assert_eq!(empty.body["error"]["details"].as_array().unwrap().len(), 8);
}

#[tokio::test]
async fn one_fault_gives_its_own_code_and_target() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    for (name, value, code) in [
        ("quantity", json!(-1), "BadRequest"),
        ("quantity", json!(1.5), "BadRequest"),
        ("quantity", json!(4_294_967_296_u64), "BadRequest"),
        ("quantity", json!("1"), "BadRequest"),
        ("term", json!("P2Y"), "UnsupportedReservationTerm"),
        ("billingScopeId", json!("here"), "InvalidSubscriptionId"),
    ] {
        let mut body = purchase("Standard_B1ls", "Upfront", 1);
        body["properties"][name] = value;
        let answer = desk.post("calculatePrice", &body).await;
        assert_eq!(answer.code(400), code);
        assert_eq!(answer.body["error"]["target"], format!("properties.{name}"));
    }
}

#[tokio::test]
async fn a_total_beyond_all_bounds_is_refused() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    let answer = desk.post("calculatePrice", &purchase("Standard_F1", "Upfront", u32::MAX)).await;
    // 400 dollars for each of four thousand million still fit 64 bits of cents.
    assert_eq!(
        answer.ok(200)["properties"]["billingCurrencyTotal"]["amount"].to_string(),
        "1717986918000.0"
    );
}

#[tokio::test]
async fn what_is_not_json_names_the_place() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    for (body, says) in [
        (r#"{"properties": {"quantity": 1e400}}"#, "`properties.quantity`"),
        (r#"{"sku": {"name": NaN}}"#, "`sku.name`"),
        ("{", "line 1"),
        ("", "came with none"),
        ("[]", "must be"),
        ("null", "must be"),
        ("\"text\"", "must be"),
    ] {
        let answer = raw(&desk, "calculatePrice", body).await;
        assert_eq!(answer.code(400), "InvalidRequestContent", "{body}");
        assert!(answer.message().contains(says), "{body}: {}", answer.message());
    }
    let deep = "[".repeat(100_000);
    assert_eq!(raw(&desk, "calculateExchange", deep).await.code(400), "InvalidRequestContent");
    let large = vec![b' '; 2 << 20];
    assert_eq!(raw(&desk, "exchange", large).await.code(413), "RequestEntityTooLarge");
}

#[tokio::test]
async fn unknown_members_are_ignored() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    let mut body = purchase("Standard_B1ls", "Upfront", 1);
    body["colour"] = json!("red");
    body["properties"]["shape"] = json!({"round": [true]});
    desk.post("calculatePrice", &body).await.ok(200);
}

#[tokio::test]
async fn ids_in_paths_are_guids() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    let order = "99999999-0000-4000-8000-000000000001";
    for (path, code) in [
        ("reservationOrders/x".to_owned(), "InvalidReservationOrderId"),
        ("reservationOrders/x/reservations".to_owned(), "InvalidReservationOrderId"),
        (format!("reservationOrders/{order}/reservations/x"), "InvalidReservationId"),
        ("operationResults/x".to_owned(), "BadRequest"),
        (
            "/subscriptions/x/providers/Microsoft.Capacity/catalogs".to_owned(),
            "InvalidSubscriptionId",
        ),
    ] {
        assert_eq!(desk.get(&path).await.code(400), code, "{path}");
    }
    let missing = desk.get(&format!("reservationOrders/{order}")).await;
    assert_eq!(missing.code(404), "ReservationOrderNotFound");
}

#[tokio::test]
async fn nothing_is_written_by_a_bad_request() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    let (order, item) = desk.buy(&purchase("Standard_B2s", "Upfront", 2)).await;
    let before = desk.get("reservations?refreshSummary=true").await.body;
    let given =
        |quantity: Value| json!({"reservationId": item_id(&order, &item), "quantity": quantity});
    let exchange = |rows: Vec<Value>| {
        json!({"properties": {
            "reservationsToExchange": rows,
            "reservationsToPurchase": [purchase("Standard_F1", "Upfront", 9)],
        }})
    };
    for rows in [
        vec![],
        vec![given(json!(0))],
        vec![given(json!(-5))],
        vec![given(json!(1)), given(json!(1))],
        vec![given(json!(1)); 101],
        vec![json!({"reservationId": "x", "quantity": 1})],
    ] {
        assert!(desk.post("calculateExchange", &exchange(rows)).await.status == 400);
    }
    let path = format!("reservationOrders/{order}/calculateRefund");
    for quantity in [0, 3, u32::MAX] {
        let answer = desk.post(&path, &to_return(&order, &item, quantity)).await;
        assert_eq!(answer.code(400), "InvalidRefundQuantity");
    }
    assert_eq!(desk.get("reservations?refreshSummary=true").await.body, before);
}
