//! Rearranging over HTTP: every fault told at once, refusals with what would help, nothing done by
//! a question.

use crate::desk::{Answer, Desk, ELSEWHERE, OTHER_TENANT, SUBSCRIPTION, TENANT, item_id, purchase};
use axum::http::Method;
use serde_json::{Value, json};

const NOW: &str = "2023-03-04T04:17:25Z";

fn to_split(order: &str, item: &str, quantities: &[u32]) -> Value {
    json!({"properties": {"quantities": quantities, "reservationId": item_id(order, item)}})
}

fn to_merge(order: &str, items: &[&str]) -> Value {
    let sources: Vec<String> = items.iter().map(|item| item_id(order, item)).collect();
    json!({"properties": {"sources": sources}})
}

async fn patch(desk: &Desk, who: &str, order: &str, item: &str, properties: Value) -> Answer {
    let path = format!("reservationOrders/{order}/reservations/{item}");
    let body = json!({ "properties": properties });
    desk.call(who, Method::PATCH, &path, "2022-11-01", Some(&body)).await
}

async fn bought(desk: &Desk, quantity: u32) -> (String, String) {
    desk.buy(&purchase("Standard_B1ls", "Monthly", quantity)).await
}

fn targets(answer: &Answer) -> Vec<&str> {
    let error = &answer.body["error"];
    let details = error["details"].as_array().into_iter().flatten();
    let rows: Vec<&str> = details.filter_map(|row| row["target"].as_str()).collect();
    if rows.is_empty() { error["target"].as_str().into_iter().collect() } else { rows }
}

#[tokio::test]
async fn faults_of_a_split_and_a_merge_are_told_at_once() {
    let desk = Desk::at(NOW).await;
    let (order, item) = bought(&desk, 4).await;
    let split = format!("reservationOrders/{order}/split");
    let wrong = json!({"properties": {"quantities": [0, "2", 1.5], "reservationId": "here"}});
    let answer = desk.post(&split, &wrong).await;
    assert_eq!(answer.code(400), "BadRequest");
    assert_eq!(
        targets(&answer),
        [
            "properties.reservationId",
            "properties.quantities[0]",
            "properties.quantities[1]",
            "properties.quantities[2]",
        ]
    );
    for (body, code, target) in [
        (json!({}), "BadRequest", "properties"),
        (
            json!({"properties": {"reservationId": item_id(&order, &item)}}),
            "BadRequest",
            "properties.quantities",
        ),
        (
            to_split(OTHER_TENANT, &item, &[1, 3]),
            "ReservationIdNotInReservationOrder",
            "properties.reservationId",
        ),
    ] {
        let answer = desk.post(&split, &body).await;
        assert_eq!((answer.code(400), targets(&answer)), (code, vec![target]), "{body}");
    }
    let merge = format!("reservationOrders/{order}/merge");
    let wrong = json!({"properties": {"sources": ["here", 1]}});
    let answer = desk.post(&merge, &wrong).await;
    assert_eq!(targets(&answer), ["properties.sources[0]", "properties.sources[1]"]);
    let answer = desk.post(&merge, &json!({"properties": {"sources": []}})).await;
    assert_eq!((answer.code(400), targets(&answer)), ("BadRequest", vec!["properties.sources"]));
    let listed = desk.get(&format!("reservationOrders/{order}/reservations")).await;
    assert_eq!(listed.ok(200)["value"].as_array().unwrap().len(), 1, "nothing was done");
}

#[tokio::test]
async fn a_refusal_explains_itself_and_is_audited() {
    let desk = Desk::at(NOW).await;
    let (order, item) = bought(&desk, 10).await;
    let path = format!("reservationOrders/{order}/split");
    let answer = desk.post(&path, &to_split(&order, &item, &[7, 2])).await;
    assert_eq!(answer.code(400), "BadRequest");
    assert!(answer.message().contains("7 + 3"), "{}", answer.message());
    let detail = &answer.body["error"]["details"][0];
    assert_eq!((&detail["code"], &detail["target"]), (&json!("BadRequest"), &json!("quantity")));
    let explanation = &answer.body["error"]["additionalInfo"][0]["info"];
    assert_eq!(explanation["approved"], false);
    assert_eq!(explanation["findings"].as_array().unwrap().len(), 3);
    let done = desk.post(&path, &to_split(&order, &item, &[7, 3])).await;
    assert_eq!(done.ok(200).as_array().unwrap().len(), 3);
    let again = desk.post(&path, &to_split(&order, &item, &[3, 7])).await;
    assert_eq!(again.code(409), "OperationCannotBePerformedInCurrentState");
    let report = desk.verify().await;
    assert_eq!(report, None);
}

#[tokio::test]
async fn what_if_says_what_would_happen_and_does_nothing() {
    let desk = Desk::at(NOW).await;
    let (order, item) = bought(&desk, 10).await;
    let path = format!("reservationOrders/{order}/split");
    let asked = desk.post(&format!("{path}?whatIf=true"), &to_split(&order, &item, &[7, 3])).await;
    assert_eq!(asked.ok(200)["explanation"]["approved"], true);
    let refused =
        desk.post(&format!("{path}?whatIf=true"), &to_split(&order, &item, &[7, 2])).await;
    assert_eq!(refused.code(400), "BadRequest");
    let shown = desk.get(&format!("reservationOrders/{order}/reservations/{item}")).await;
    assert_eq!(shown.ok(200)["properties"]["provisioningState"], "Succeeded");

    let made = desk.post(&path, &to_split(&order, &item, &[7, 3])).await;
    let id = |row: usize| {
        let id = made.ok(200)[row]["id"].as_str().unwrap();
        id.rsplit('/').next().unwrap().to_owned()
    };
    let merge = format!("reservationOrders/{order}/merge?whatIf=true");
    let asked = desk.post(&merge, &to_merge(&order, &[&id(0), &id(1)])).await;
    assert_eq!(asked.ok(200)["explanation"]["approved"], true);
    let one = id(0);
    let what_if = format!("reservationOrders/{order}/reservations/{one}?whatIf=true");
    let body = json!({"properties": {"name": "new"}});
    let asked = desk.call("owner", Method::PATCH, &what_if, "2022-11-01", Some(&body)).await;
    assert_eq!(asked.ok(200)["explanation"]["approved"], true);
    let shown = desk.get(&format!("reservationOrders/{order}/reservations/{one}")).await;
    assert_eq!(shown.ok(200)["properties"]["displayName"], "web");
}

#[tokio::test]
async fn results_are_found_where_the_answer_said_and_nowhere_else() {
    let desk = Desk::at(NOW).await;
    let (order, item) = bought(&desk, 3).await;
    let path = format!("reservationOrders/{order}/split");
    let made = desk.post(&path, &to_split(&order, &item, &[1, 2])).await;
    let location = made.header("location").to_owned();
    assert_eq!(desk.follow(&location).await.ok(200), made.ok(200));
    let parts: Vec<&str> = made.body.as_array().unwrap()[..2]
        .iter()
        .map(|row| row["id"].as_str().unwrap().rsplit('/').next().unwrap())
        .collect();
    let merge = format!("reservationOrders/{order}/merge");
    let merged = desk.post(&merge, &to_merge(&order, &parts)).await;
    let into = &merged.ok(200)[2];
    assert_eq!(into["properties"]["quantity"], 3);
    assert_eq!(into["properties"]["mergeProperties"]["mergeSources"].as_array().unwrap().len(), 2);
    assert!(merged.header("location").contains("/mergeoperationresults/"));
    assert_eq!(desk.follow(merged.header("location")).await.ok(200), merged.ok(200));
    // What was split stays told as it was, though its parts were merged since.
    assert_eq!(desk.follow(&location).await.ok(200), made.ok(200));
    for (result, status) in
        [(format!("{item}_1"), 404), (format!("{}_99", parts[0]), 404), ("x".to_owned(), 400)]
    {
        let answer =
            desk.get(&format!("reservationOrders/{order}/splitoperationresults/{result}")).await;
        assert_eq!(answer.status.as_u16(), status, "{result}");
    }
    let stranger = format!("reservationOrders/{order}/splitoperationresults/{item}_2");
    let answer = desk.call("stranger", Method::GET, &stranger, "2022-11-01", None).await;
    assert_eq!(answer.code(404), "ReservationOrderNotFound");
}

#[tokio::test]
async fn faults_of_an_update_are_told_at_once() {
    let desk = Desk::at(NOW).await;
    let (order, item) = bought(&desk, 3).await;
    let wrong = json!({
        "appliedScopeType": "Everywhere", "instanceFlexibility": "Sometimes", "name": 5,
        "renew": "yes", "reviewDateTime": "soon", "renewProperties": {"purchaseProperties": {}},
    });
    let answer = patch(&desk, "owner", &order, &item, wrong).await;
    assert_eq!(answer.code(400), "BadRequest");
    let found = targets(&answer);
    for wanted in [
        "properties.appliedScopeType",
        "properties.instanceFlexibility",
        "properties.name",
        "properties.renew",
        "properties.renewProperties.purchaseProperties.sku",
        "properties.reviewDateTime",
    ] {
        assert!(found.contains(&wanted), "{wanted} in {found:?}");
    }
    for (properties, code) in [
        (json!({}), "BadRequest"),
        (json!({"appliedScopeType": "Single"}), "MissingAppliedScopesForSingle"),
        (json!({"appliedScopeType": "Shared"}), "AppliedScopesSameAsExisting"),
        (json!({"renew": false}), "PatchValuesSameAsExisting"),
        (
            json!({"appliedScopeType": "Single", "appliedScopes": [format!("/subscriptions/{ELSEWHERE}")]}),
            "AppliedScopesNotAssociatedWithCommerceAccount",
        ),
        (
            json!({"appliedScopeType": "ManagementGroup", "appliedScopeProperties": {
                "tenantId": TENANT,
                "managementGroupId": "/providers/Microsoft.Management/managementGroups/none",
            }}),
            "AppliedScopesNotAssociatedWithCommerceAccount",
        ),
    ] {
        let answer = patch(&desk, "owner", &order, &item, properties.clone()).await;
        assert_eq!(answer.code(400), code, "{properties}");
    }
    let denied = patch(&desk, "reader", &order, &item, json!({"name": "mine"})).await;
    assert_eq!(denied.code(403), "AuthorizationFailed");
    let hidden = patch(&desk, "nobody", &order, &item, json!({"name": "mine"})).await;
    assert_eq!(hidden.code(404), "ReservationOrderNotFound");
}

#[tokio::test]
async fn available_scopes_answers_each_as_it_was_asked() {
    let desk = Desk::at(NOW).await;
    let (order, item) = bought(&desk, 1).await;
    let path = format!("reservationOrders/{order}/reservations/{item}/availableScopes");
    let scopes = [
        (format!("/Subscriptions/{SUBSCRIPTION}"), true),
        (format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/RG-1"), true),
        (format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/other"), false),
        (format!("/subscriptions/{ELSEWHERE}"), false),
        ("/providers/Microsoft.Management/managementGroups/none".to_owned(), false),
        ("elsewhere".to_owned(), false),
    ];
    let asked: Vec<&String> = scopes.iter().map(|(scope, _)| scope).collect();
    let answer = desk.post(&path, &json!({"properties": {"scopes": asked}})).await;
    let expected: Vec<Value> =
        scopes.iter().map(|(scope, valid)| json!({"scope": scope, "valid": valid})).collect();
    assert_eq!(answer.ok(200)["properties"]["scopes"], json!(expected));
    let answer = desk.post(&path, &json!({"properties": {"scopes": [1]}})).await;
    assert_eq!(targets(&answer), ["properties.scopes[0]"]);
    let answer = desk.post(&path, &json!({"properties": {}})).await;
    assert_eq!(targets(&answer), ["properties.scopes"]);
}

#[tokio::test]
async fn an_order_goes_and_its_answers_with_it() {
    let desk = Desk::at(NOW).await;
    let (order, item) = bought(&desk, 2).await;
    let path = format!("reservationOrders/{order}/changeDirectory");
    for (body, code) in [
        (json!({}), "MissingTenantId"),
        (json!({"destinationTenantId": ""}), "MissingTenantId"),
        (json!({"destinationTenantId": "there"}), "InvalidTenantId"),
        (json!({"destinationTenantId": TENANT}), "InvalidTenantId"),
        // A tenant, but none where the owner is somebody.
        (json!({"destinationTenantId": OTHER_TENANT}), "InvalidTenantId"),
    ] {
        let answer = desk.post(&path, &body).await;
        assert_eq!((answer.code(400), targets(&answer).len()), (code, 1), "{body}");
    }
    desk.known_elsewhere("owner").await;
    let body = json!({"destinationTenantId": OTHER_TENANT});
    let denied = desk.call("reader", Method::POST, &path, "2022-11-01", Some(&body)).await;
    assert_eq!(denied.code(403), "AuthorizationFailed");
    assert!(denied.message().contains("changeDirectory/action"), "{}", denied.message());
    let moved = desk.post(&path, &body).await;
    assert_eq!(
        moved.ok(200)["reservationOrder"],
        json!({"id": order, "name": "web", "isSucceeded": true})
    );
    assert_eq!(
        moved.body["reservations"],
        json!([{"id": item, "name": "web", "isSucceeded": true}])
    );
    assert_eq!(desk.post(&path, &body).await.ok(200), moved.ok(200), "sent again");
    let gone = desk.get(&format!("reservationOrders/{order}")).await;
    assert_eq!(gone.code(404), "ReservationOrderNotFound");
    let there = format!("reservationOrders/{order}/reservations/{item}");
    let shown = desk.call("stranger", Method::GET, &there, "2022-11-01", None).await;
    assert_eq!(shown.ok(200)["properties"]["quantity"], 2);
    // The purchase sent again finds nothing in the tenant that was left, and buys nothing.
    let again = desk
        .put(&format!("reservationOrders/{order}"), &purchase("Standard_B1ls", "Monthly", 2))
        .await;
    assert_eq!(again.code(404), "ReservationOrderNotFound");
    assert_eq!(desk.verify().await, None);
}

#[tokio::test]
async fn revisions_are_given_in_pages_and_bad_marks_are_told() {
    let desk = Desk::at(NOW).await;
    let (order, item) = bought(&desk, 1).await;
    patch(&desk, "owner", &order, &item, json!({"name": "new"})).await.ok(200);
    let path = format!("reservationOrders/{order}/reservations/{item}/revisions");
    let page = desk.get(&path).await;
    let rows = page.ok(200)["value"].as_array().unwrap();
    let etags: Vec<i64> = rows.iter().map(|row| row["etag"].as_i64().unwrap()).collect();
    let newest = i64::try_from(rows.len()).unwrap();
    assert_eq!(etags, (1..=newest).rev().collect::<Vec<_>>());
    assert_eq!(rows[0]["properties"]["displayName"], "new");
    assert_eq!(rows[0]["type"], "microsoft.capacity/reservationOrders/reservations/revisions");
    let later = desk.get(&format!("{path}?$skiptoken=3")).await;
    assert_eq!(later.ok(200)["value"].as_array().unwrap().len(), 2);
    let answer = desk.get(&format!("{path}?$skiptoken=later")).await;
    assert_eq!((answer.code(400), targets(&answer)), ("BadRequest", vec!["$skiptoken"]));
}

#[tokio::test]
async fn archiving_answers_nothing_and_is_for_what_is_over() {
    let desk = Desk::at(NOW).await;
    let (order, item) = bought(&desk, 2).await;
    let path = format!("reservationOrders/{order}/reservations/{item}");
    let archive = async |verb: &str| {
        desk.call("owner", Method::POST, &format!("{path}/{verb}"), "2022-11-01", None).await
    };
    assert_eq!(archive("archive").await.code(409), "OperationCannotBePerformedInCurrentState");
    desk.set_clock("2024-03-05T00:00:00Z").await;
    for (verb, archived) in [("archive", true), ("archive", true), ("unarchive", false)] {
        let answer = archive(verb).await;
        assert_eq!((answer.status.as_u16(), &answer.body), (200, &Value::Null));
        let shown = desk.get(&path).await;
        assert_eq!(shown.ok(200)["properties"]["archived"], archived);
    }
}

#[tokio::test]
async fn applied_reservations_are_one_object() {
    let desk = Desk::at(NOW).await;
    let (order, _) = bought(&desk, 2).await;
    let path = |subscription: &str| {
        format!("/subscriptions/{subscription}/providers/Microsoft.Capacity/appliedReservations")
    };
    let answer = desk.get(&path(SUBSCRIPTION)).await;
    assert_eq!(answer.ok(200)["name"], "default");
    let orders = &answer.body["properties"]["reservationOrderIds"]["value"];
    assert_eq!(
        *orders,
        json!([format!("/providers/microsoft.capacity/reservationOrders/{order}")])
    );
    assert_eq!(desk.get(&path(ELSEWHERE)).await.code(404), "SubscriptionNotFound");
    let denied = desk.call("nobody", Method::GET, &path(SUBSCRIPTION), "2022-11-01", None).await;
    assert_eq!(denied.code(404), "SubscriptionNotFound");
}
