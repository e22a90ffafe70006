//! A server of the API over a database in memory, with two tenants on it.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use jiff::Timestamp;
use prorata_app::clock::Clock;
use prorata_app::world::{self, Document, principal_id};
use prorata_app::{App, Caller, identity};
use prorata_domain::policy::Book;
use prorata_store::Store;
use prorata_web::api::{Options, router};
use prorata_web::arm::{Edge, with_edge};
use serde_json::{Value, json};
use tower::ServiceExt;

pub const TENANT: &str = "11111111-0000-4000-8000-000000000001";
pub const OTHER_TENANT: &str = "11111111-0000-4000-8000-000000000002";
pub const SUBSCRIPTION: &str = "22222222-0000-4000-8000-000000000001";
pub const POUNDS: &str = "22222222-0000-4000-8000-000000000002";
pub const ELSEWHERE: &str = "22222222-0000-4000-8000-000000000003";
pub const SECRET: &str = "correct horse battery";
pub const HOST: &str = "desk.example:8443";

pub fn client(name: &str) -> &'static str {
    match name {
        "owner" => "33333333-0000-4000-8000-000000000001",
        "reader" => "33333333-0000-4000-8000-000000000002",
        "nobody" => "33333333-0000-4000-8000-000000000003",
        "stranger" => "33333333-0000-4000-8000-000000000004",
        _ => panic!("no principal is called {name}"),
    }
}

fn tenant_of(name: &str) -> &'static str {
    if name == "stranger" { OTHER_TENANT } else { TENANT }
}

fn document() -> Document {
    let principals: Vec<Value> = ["owner", "reader", "nobody", "stranger"]
        .map(|name| {
            json!({
                "tenantId": tenant_of(name),
                "clientId": client(name),
                "name": name,
                "clientSecret": SECRET,
            })
        })
        .to_vec();
    let role = |name: &str, role: &str, scope: &str| {
        json!({
            "tenantId": tenant_of(name), "clientId": client(name), "role": role, "scope": scope,
        })
    };
    let mut prices = Vec::new();
    for (sku, total) in
        [("Standard_B1ls", "32.00"), ("Standard_B2s", "265.00"), ("Standard_F1", "400.00")]
    {
        for location in ["westus", "westeurope"] {
            for currency in ["USD", "GBP"] {
                prices.push(json!({
                    "resourceType": "VirtualMachines", "sku": sku, "location": location,
                    "term": "P1Y", "currency": currency, "unitTotal": total,
                    "since": "2022-01-01",
                }));
            }
        }
    }
    prices.push(json!({
        "resourceType": "SqlDatabases", "sku": "SQLDB_GP_Gen5", "location": "westus",
        "term": "P1Y", "currency": "USD", "unitTotal": "900.00", "since": "2022-01-01",
    }));
    let world = json!({
        "billingAccounts": [
            {"id": "100", "agreement": "ea", "currency": "USD", "payment": "overage"},
            {"id": "200", "agreement": "mca", "currency": "GBP", "payment": "wire",
             "usdRate": "1.19", "profile": "p-1"},
        ],
        "tenants": [
            {"id": TENANT, "name": "ours"}, {"id": OTHER_TENANT, "name": "theirs"},
        ],
        "subscriptions": [
            {"id": SUBSCRIPTION, "tenantId": TENANT, "billingAccount": "100", "name": "s"},
            {"id": POUNDS, "tenantId": TENANT, "billingAccount": "200", "name": "p"},
            {"id": ELSEWHERE, "tenantId": OTHER_TENANT, "billingAccount": "100", "name": "e"},
        ],
        "resourceGroups": [{"subscriptionId": SUBSCRIPTION, "name": "rg-1"}],
        "principals": principals,
        "roleAssignments": [
            role("owner", "Owner", "/"),
            role("reader", "Reader", "/"),
            role("stranger", "Owner", "/"),
        ],
        "prices": prices,
    });
    serde_json::from_value(world).unwrap()
}

pub struct Desk {
    pub app: App,
    router: Router,
    principals: Document,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The error's code, after a look at its status.
    pub fn code(&self, status: u16) -> &str {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self.body["error"]["code"].as_str().unwrap_or_else(|| panic!("no code: {}", self.body))
    }

    /// The body, after a look at the status.
    pub fn ok(&self, status: u16) -> &Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        &self.body
    }

    pub fn message(&self) -> &str {
        self.body["error"]["message"].as_str().unwrap()
    }
}

impl Desk {
    /// A desk whose time stands still at an instant.
    pub async fn at(now: &str) -> Desk {
        Desk::with(now, Options { sandbox: true }).await
    }

    pub async fn with(now: &str, options: Options) -> Desk {
        let start: Timestamp = now.parse().unwrap();
        // Opening a database blocks, which a task may not.
        tokio::task::spawn_blocking(move || Desk::open(start, options)).await.unwrap()
    }

    fn open(start: Timestamp, options: Options) -> Desk {
        let store = Store::memory().unwrap();
        let app = App::open(store, Book::built_in().clone(), Clock::sandbox(start)).unwrap();
        world::apply(&app, document()).unwrap();
        identity::known_as(&app, "desk.example");
        let router = with_edge(router(app.clone(), options), Edge::default());
        Desk { app, router, principals: document() }
    }

    /// Makes a principal known in the other tenant, without any role there.
    pub async fn known_elsewhere(&self, name: &'static str) {
        let row = json!({"principals": [{
            "tenantId": OTHER_TENANT, "clientId": client(name), "name": name,
            "clientSecret": SECRET,
        }]});
        let (app, document) = (self.app.clone(), serde_json::from_value(row).unwrap());
        tokio::task::spawn_blocking(move || world::apply(&app, document)).await.unwrap().unwrap();
    }

    pub fn token(&self, name: &str) -> String {
        let row = self.principals.principals.iter().find(|row| row.name == name).unwrap();
        let caller = Caller::new(
            row.tenant_id,
            principal_id(row),
            row.client_id.to_string(),
            name.to_owned(),
        );
        let issuer = identity::issuer_at("https://desk", Some(caller.tenant));
        identity::known_as(&self.app, "desk");
        identity::issue(&self.app, &caller, &issuer, "https://desk").unwrap().access_token
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Sends a request of a principal to a path below the provider, at an api-version.
    pub async fn call(
        &self,
        who: &str,
        method: Method,
        path: &str,
        version: &str,
        body: Option<&Value>,
    ) -> Answer {
        let separator = if path.contains('?') { '&' } else { '?' };
        let prefix = if path.starts_with('/') { "" } else { "/providers/Microsoft.Capacity/" };
        let uri = format!("{prefix}{path}{separator}api-version={version}");
        let mut request = Request::builder()
            .method(method)
            .uri(uri)
            .header("host", HOST)
            .header("x-forwarded-proto", "https");
        if !who.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.token(who)));
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.send(request.body(body).unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call("owner", Method::GET, path, "2022-11-01", None).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call("owner", Method::POST, path, "2022-11-01", Some(body)).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.call("owner", Method::PUT, path, "2022-11-01", Some(body)).await
    }

    /// GETs an absolute URL that the server gave.
    pub async fn follow(&self, url: &str) -> Answer {
        let local = url.strip_prefix(&format!("https://{HOST}")).expect("our scheme and host");
        let request = Request::builder()
            .uri(local)
            .header("host", HOST)
            .header("x-forwarded-proto", "https")
            .header("authorization", format!("Bearer {}", self.token("owner")));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub async fn set_clock(&self, now: &str) {
        let app = self.app.clone();
        let now: Timestamp = now.parse().unwrap();
        let set =
            tokio::task::spawn_blocking(move || prorata_app::clock::set(&app, now).map(|_| ()));
        set.await.unwrap().unwrap();
    }

    /// The first row that breaks a law, as `prorata verify` finds it.
    pub async fn verify(&self) -> Option<prorata_app::verify::Broken> {
        let app = self.app.clone();
        let report = tokio::task::spawn_blocking(move || prorata_app::verify::run(&app));
        report.await.unwrap().unwrap().broken
    }

    /// Buys, and gives the order's id and its reservation's id.
    pub async fn buy(&self, body: &Value) -> (String, String) {
        let quote = self.post("calculatePrice", body).await;
        let order = quote.ok(200)["properties"]["reservationOrderId"].as_str().unwrap().to_owned();
        let placed = self.put(&format!("reservationOrders/{order}"), body).await;
        let item = placed.ok(202)["properties"]["reservations"][0]["id"].as_str().unwrap();
        (order, item.rsplit('/').next().unwrap().to_owned())
    }
}

/// A purchase request for virtual machines.
pub fn purchase(sku: &str, plan: &str, quantity: u32) -> Value {
    json!({
        "sku": {"name": sku},
        "location": "westus",
        "properties": {
            "reservedResourceType": "VirtualMachines",
            "billingScopeId": format!("/subscriptions/{SUBSCRIPTION}"),
            "term": "P1Y",
            "billingPlan": plan,
            "quantity": quantity,
            "displayName": "web",
            "appliedScopeType": "Shared",
            "renew": false,
        },
    })
}

pub fn item_id(order: &str, item: &str) -> String {
    format!("/providers/microsoft.capacity/reservationOrders/{order}/reservations/{item}")
}

pub fn to_return(order: &str, item: &str, quantity: u32) -> Value {
    json!({
        "id": format!("/providers/microsoft.capacity/reservationOrders/{order}"),
        "properties": {
            "scope": "Reservation",
            "reservationToReturn": {"reservationId": item_id(order, item), "quantity": quantity},
        },
    })
}
