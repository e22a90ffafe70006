//! The route table: nothing in it without a stated need, and nothing answered without a token.

use crate::desk::{Desk, SUBSCRIPTION, purchase};
use axum::body::Body;
use axum::http::{Method, Request};
use prorata_web::api::{Need, Options, table};
use serde_json::json;

const GUID: &str = "99999999-0000-4000-8000-000000000001";

fn concrete(pattern: &str) -> String {
    let mut path = pattern.replace("{subscription}", SUBSCRIPTION);
    while let Some((start, rest)) = path.split_once('{') {
        let (_, end) = rest.split_once('}').unwrap();
        path = format!("{start}{GUID}{end}");
    }
    path
}

fn request(method: &Method, path: &str, versions: &[&str]) -> axum::http::request::Builder {
    let query = versions.first().map_or(String::new(), |version| format!("?api-version={version}"));
    Request::builder()
        .method(method.clone())
        .uri(format!("{}{query}", concrete(path)))
        .header("host", "desk.example")
}

#[test]
fn every_route_says_what_a_caller_needs() {
    let listed: Vec<String> = table(Options { sandbox: true })
        .routes()
        .map(|route| {
            let need = match route.handler.need {
                Need::Open => "open".to_owned(),
                Need::Token => "any token".to_owned(),
                Need::Role(action) => action.provider_name().to_owned(),
            };
            format!("{} {}: {need}", route.method, route.pattern.as_str())
        })
        .collect();
    let mut listed = listed;
    listed.sort_unstable();
    let expected = include_str!("routes.txt").lines().map(str::to_owned);
    let mut expected: Vec<String> = expected.filter(|line| !line.is_empty()).collect();
    expected.sort_unstable();
    let unlisted: Vec<&String> = listed.iter().filter(|line| !expected.contains(line)).collect();
    let gone: Vec<&String> = expected.iter().filter(|line| !listed.contains(line)).collect();
    assert!(unlisted.is_empty() && gone.is_empty(), "not in routes.txt: {unlisted:#?}, {gone:#?}");
    assert_eq!(listed.len(), expected.len());
    let open = |route: &&prorata_web::arm::Route<prorata_web::api::Entry>| {
        route.handler.need == Need::Open && route.pattern.as_str().contains("providers")
    };
    assert!(table(Options::default()).routes().find(open).is_none(), "an open provider route");
}

#[tokio::test]
async fn every_provider_route_wants_a_token() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    let table = table(Options { sandbox: true });
    for route in table.routes().filter(|route| route.handler.need != Need::Open) {
        let request = request(&route.method, route.pattern.as_str(), route.versions);
        let answer = desk.send(request.body(Body::from("{")).unwrap()).await;
        assert_eq!(answer.code(401), "AuthenticationFailed", "{}", route.operation);
        let challenge = answer.header("www-authenticate");
        assert!(challenge.starts_with("Bearer authorization_uri="), "{}", route.operation);
    }
    for path in
        ["/providers/Microsoft.Nothing/x", "/subscriptions", "/providers/microsoft.capacity"]
    {
        let answer = desk.send(request(&Method::GET, path, &[]).body(Body::empty()).unwrap()).await;
        assert_eq!(answer.code(401), "AuthenticationFailed", "{path}");
    }
}

#[tokio::test]
async fn every_route_with_a_role_refuses_a_caller_without_one() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    let (order, item) = desk.buy(&purchase("Standard_B1ls", "Upfront", 2)).await;
    let ask = crate::desk::to_return(&order, &item, 1);
    let mut deed = ask.clone();
    deed["properties"]["sessionId"] = json!(GUID);
    let exchange = json!({"properties": {
        "reservationsToExchange": [
            {"reservationId": crate::desk::item_id(&order, &item), "quantity": 1},
        ],
        "reservationsToPurchase": [purchase("Standard_F1", "Upfront", 1)],
    }});
    for route in table(Options::default()).routes() {
        if !matches!(route.handler.need, Need::Role(_)) {
            continue;
        }
        let body = match route.operation {
            "ReservationOrder_Calculate" | "ReservationOrder_Purchase" => {
                purchase("Standard_F1", "Upfront", 1)
            }
            "CalculateRefund_Post" => ask.clone(),
            "Return_Post" => deed.clone(),
            "Reservation_Split" => {
                let reservation = crate::desk::item_id(&order, &item);
                json!({"properties": {"reservationId": reservation, "quantities": [1, 1]}})
            }
            "CalculateExchange_Post" => exchange.clone(),
            "Exchange_Post" => json!({"properties": {"sessionId": GUID}}),
            _ if route.method == Method::GET => json!(null),
            _ => json!({}),
        };
        let path = route
            .pattern
            .as_str()
            .replace("{order}", &order)
            .replace("{account}", "100")
            .replace(
                "/{scope*}",
                &format!("/providers/Microsoft.Capacity/reservationOrders/{order}"),
            )
            .replace("{reservation}", &item)
            .replace("{result}", &format!("{item}_2"));
        let path = concrete(&path);
        let body = (!body.is_null()).then_some(&body);
        let version = route.versions.first().unwrap_or(&"2022-11-01");
        let answer = desk.call("nobody", route.method.clone(), &path, version, body).await;
        if answer.status == 200 {
            // A list shows what the caller may see: nothing.
            assert_eq!(answer.body["value"], json!([]), "{}", route.operation);
            continue;
        }
        // What the caller may not see does not exist; without a quote of theirs nothing is
        // looked at, and a body is read before anything else.
        let status = answer.status.as_u16();
        let session = ["ReservationOrder_Purchase", "Exchange_Post", "Return_Post"];
        let read_first = session.contains(&route.operation) || body == Some(&json!({}));
        let told = [403, 404].contains(&status) || (read_first && [400, 409].contains(&status));
        assert!(told, "{}: {status} {}", route.operation, answer.body);
    }
}

#[tokio::test]
async fn paths_and_queries_have_no_letter_case() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    let (order, _) = desk.buy(&purchase("Standard_B1ls", "Upfront", 2)).await;
    let shown =
        format!("/PROVIDERS/microsoft.capacity/reservationorders/{}/", order.to_uppercase());
    let answer = desk
        .send(
            Request::builder()
                .uri(format!("{shown}?API-VERSION=2022-11-01&%24EXPAND=Schedule"))
                .header("host", "desk.example")
                .header("authorization", format!("bearer {}", desk.token("owner")))
                .body(Body::empty())
                .unwrap(),
        )
        .await;
    assert!(answer.ok(200)["properties"]["planInformation"].is_object());
}

#[tokio::test]
async fn versions_are_checked_after_the_token() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    let old = desk.call("owner", Method::GET, "operations", "2017-01-01", None).await;
    assert_eq!(old.code(400), "InvalidApiVersionParameter");
    assert!(old.message().contains("2022-11-01"), "{}", old.message());
    let none = desk.call("owner", Method::GET, "operations", "", None).await;
    assert_eq!(none.code(400), "MissingApiVersionParameter");
    let verb = desk.call("owner", Method::DELETE, "operations", "2022-11-01", None).await;
    assert_eq!(verb.code(405), "HttpMethodNotSupported");
    let kind = desk.get("boats").await;
    assert_eq!(kind.code(404), "InvalidResourceType");
}
