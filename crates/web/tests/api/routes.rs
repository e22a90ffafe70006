//! The route table: nothing in it without a stated need, and nothing answered without a token.

use crate::desk::{Desk, SUBSCRIPTION, TENANT, purchase};
use axum::body::Body;
use axum::http::{Method, Request};
use prorata_domain::access::{Assignment, Facts, Scope, permits};
use prorata_web::api::{Entry, Need, Options, table};
use prorata_web::arm::Route;
use serde_json::{Value, json};

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

/// A path and a body that mean something of ours, for a route.
fn meant(route: &Route<Entry>, order: &str, item: &str) -> (String, Value) {
    let reservation = crate::desk::item_id(order, item);
    let mut deed = crate::desk::to_return(order, item, 1);
    let body = match route.operation {
        "ReservationOrder_Calculate" | "ReservationOrder_Purchase" => {
            purchase("Standard_F1", "Upfront", 1)
        }
        "CalculateRefund_Post" => deed,
        "Return_Post" => {
            deed["properties"]["sessionId"] = json!(GUID);
            deed
        }
        "Reservation_Split" => {
            json!({"properties": {"reservationId": reservation, "quantities": [1, 1]}})
        }
        "CalculateExchange_Post" => json!({"properties": {
            "reservationsToExchange": [{"reservationId": reservation, "quantity": 1}],
            "reservationsToPurchase": [purchase("Standard_F1", "Upfront", 1)],
        }}),
        "Exchange_Post" => json!({"properties": {"sessionId": GUID}}),
        _ if route.method == Method::GET => json!(null),
        _ => json!({}),
    };
    let path = route
        .pattern
        .as_str()
        .replace("{order}", order)
        .replace("{account}", "100")
        .replace("/{scope*}", &format!("/providers/Microsoft.Capacity/reservationOrders/{order}"))
        .replace("{reservation}", item)
        .replace("{result}", &format!("{item}_2"));
    let path = concrete(&path);
    let path = match path.contains("/eventtypes/") {
        true => format!("{path}?$filter=eventTimestamp%20ge%20'2023-03-01T00:00:00Z'"),
        false => path,
    };
    (path, body)
}

/// Whether a body is read, or a session looked up, before a right is asked for.
fn is_read_first(route: &Route<Entry>, body: &Value) -> bool {
    let session = ["ReservationOrder_Purchase", "Exchange_Post", "Return_Post"];
    session.contains(&route.operation) || *body == json!({})
}

/// Every route that needs a role, called by somebody with none, by somebody who reads everything,
/// and by an owner of everything of another tenant. What each is told follows from what the route
/// needs, so a new route is asked here too.
#[tokio::test]
async fn every_route_asks_for_its_role() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    let (order, item) = desk.buy(&purchase("Standard_B1ls", "Upfront", 2)).await;
    let reader = Facts::of(vec![Assignment::new("Reader", Scope::root())]);
    let ours = [order.clone(), item.clone(), TENANT.to_owned()];
    let mut wrong: Vec<String> = Vec::new();
    for route in table(Options::default()).routes() {
        let Need::Role(action) = route.handler.need else { continue };
        let (path, body) = meant(route, &order, &item);
        let read_first = is_read_first(route, &body);
        let version = route.versions.first().unwrap_or(&"2022-11-01");
        let sent = (!body.is_null()).then_some(&body);
        let call =
            async |who: &str| desk.call(who, route.method.clone(), &path, version, sent).await;
        let name = format!("{} {path}", route.method);
        let early = |status: u16| read_first && [400, 404, 409].contains(&status);

        let answer = call("").await;
        wrong.extend((answer.status != 401).then(|| told(&name, "no one", &answer)));

        let answer = call("nobody").await;
        let status = answer.status.as_u16();
        // A list shows what the caller may see: nothing. What they may not see does not exist.
        let is_empty = status == 200 && answer.body["value"] == json!([]);
        let fits = is_empty || [403, 404].contains(&status) || early(status);
        wrong.extend((!fits).then(|| told(&name, "nobody", &answer)));

        let answer = call("reader").await;
        let status = answer.status.as_u16();
        let fits = match permits(&reader, action, &Scope::root()) {
            true => ![401, 403].contains(&status),
            // There is no savings plan here: what is not there is told before who may.
            false if path.contains("/savingsPlanOrders/") => {
                [403, 404].contains(&status) || early(status)
            }
            false => status == 403 || early(status),
        };
        wrong.extend((!fits).then(|| told(&name, "a reader", &answer)));

        let answer = call("stranger").await;
        let is_ours = ["{order}", "{reservation}", "{subscription}", "{scope*}"]
            .iter()
            .any(|part| route.pattern.as_str().contains(part));
        let body = answer.body.to_string();
        let asked = format!("{path} {sent:?}");
        let leaks = |id: &String| body.contains(id.as_str()) && !asked.contains(id.as_str());
        let fits = !is_ours || read_first || answer.status == 404;
        let fits = fits && !answer.status.is_server_error() && !ours.iter().any(leaks);
        wrong.extend((!fits).then(|| told(&name, "another tenant's owner", &answer)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn told(name: &str, who: &str, answer: &crate::desk::Answer) -> String {
    format!("{name} by {who}: {} {}", answer.status, answer.body)
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
