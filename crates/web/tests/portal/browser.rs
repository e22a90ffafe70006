//! A browser without a screen: cookies, links and forms, on a desk in memory. Every page that it
//! is shown is held to the rules of all pages.

use crate::check;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use jiff::Timestamp;
use prorata_app::clock::{self, Clock};
use prorata_app::world::{self, Document, principal_id};
use prorata_app::{App, Call, Caller, Error, identity, purchase, reservations};
use prorata_domain::ids::{OrderId, ReservationId, SubscriptionId};
use prorata_domain::policy::Book;
use prorata_domain::purchase::Request as Wanted;
use prorata_domain::reservation::{AppliedScope, Reservation};
use prorata_domain::term::{BillingPlan, Term};
use prorata_store::Store;
use serde_json::json;
use std::collections::BTreeMap;
use tower::ServiceExt;

pub const TENANT: &str = "11111111-0000-4000-8000-000000000001";
pub const OTHER_TENANT: &str = "11111111-0000-4000-8000-000000000002";
pub const SUBSCRIPTION: &str = "22222222-0000-4000-8000-000000000001";
pub const OWNER: &str = "33333333-0000-4000-8000-000000000001";
pub const READER: &str = "33333333-0000-4000-8000-000000000002";
pub const STRANGER: &str = "33333333-0000-4000-8000-000000000003";
pub const SECRET: &str = "correct horse battery";
pub const HOSTILE: &str = "<script>alert(1)</script>\"&";

fn document() -> Document {
    let principal = |tenant: &str, client: &str, name: &str| {
        json!({
            "tenantId": tenant, "clientId": client, "name": name, "clientSecret": SECRET,
        })
    };
    let role = |tenant: &str, client: &str, role: &str| {
        json!({
            "tenantId": tenant, "clientId": client, "role": role, "scope": "/",
        })
    };
    let price = |sku: &str, total: &str| {
        json!({
            "resourceType": "VirtualMachines", "sku": sku, "location": "westus", "term": "P1Y",
            "currency": "USD", "unitTotal": total, "since": "2022-01-01",
        })
    };
    let world = json!({
        "billingAccounts": [
            {"id": "100", "agreement": "ea", "currency": "USD", "payment": "overage"},
        ],
        "tenants": [{"id": TENANT, "name": "ours"}, {"id": OTHER_TENANT, "name": "theirs"}],
        "subscriptions": [
            {"id": SUBSCRIPTION, "tenantId": TENANT, "billingAccount": "100", "name": "s"},
        ],
        "principals": [
            principal(TENANT, OWNER, HOSTILE),
            principal(TENANT, READER, "reader"),
            principal(OTHER_TENANT, STRANGER, "stranger"),
        ],
        "roleAssignments": [
            role(TENANT, OWNER, "Owner"),
            role(TENANT, READER, "Reader"),
            role(OTHER_TENANT, STRANGER, "Owner"),
        ],
        "prices": [
            price("Standard_B2ts_v2", "32.00"),
            price("Standard_B2s_v2", "265.00"),
            price("Standard_D4s_v5", "12000.00"),
        ],
    });
    serde_json::from_value(world).unwrap()
}

/// A desk whose time stands still, and a browser at it.
pub struct Browser {
    pub app: App,
    router: Router,
    pub cookies: BTreeMap<String, String>,
    /// All that were ever set, as they were.
    pub set_cookies: Vec<String>,
    /// Further fields of each request.
    pub sends: Vec<(&'static str, String)>,
}

#[derive(Debug)]
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub html: String,
}

impl Page {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The page, after a look at its status and at a text that it shows.
    #[track_caller]
    pub fn shows(&self, status: u16, text: &str) -> &Page {
        assert_eq!(self.status.as_u16(), status, "{}", self.html);
        assert!(self.html.contains(text), "no `{text}` in\n{}", self.html);
        self
    }

    /// Where a redirect leads.
    #[track_caller]
    pub fn leads(&self) -> String {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.html);
        self.header("location").to_owned()
    }

    /// All filled-in fields of the page's form with this action, in order.
    #[track_caller]
    pub fn form(&self, method: &str, action: &str) -> Form {
        let opening = format!("method=\"{method}\" action=\"{action}\"");
        let start = self.html.find(&opening).unwrap_or_else(|| panic!("no form {opening}"));
        let inside = &self.html[start..];
        let inside = &inside[..inside.find("</form>").unwrap()];
        let mut fields = Vec::new();
        for tag in inside.split('<').filter(|tag| tag.starts_with("input") || is_chosen(tag)) {
            let to_tick =
                ["type=\"checkbox\"", "type=\"radio\""].iter().any(|kind| tag.contains(kind));
            let ticked = !to_tick || tag.contains(" checked");
            if let Some(name) = attribute(tag, "name").filter(|_| ticked) {
                fields.push((name, attribute(tag, "value").unwrap_or_default()));
            } else if let Some(value) = attribute(tag, "value").filter(|_| is_chosen(tag)) {
                let select = &inside[..inside.find(tag).unwrap()];
                let select = &select[select.rfind("<select").unwrap()..];
                fields.push((attribute(select, "name").unwrap(), value));
            }
        }
        Form { action: action.to_owned(), fields }
    }
}

fn is_chosen(tag: &str) -> bool {
    tag.starts_with("option") && tag.contains(" selected")
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let tag = &tag[..tag.find('>').unwrap_or(tag.len())];
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let value = &tag[start..];
    let value = &value[..value.find('"')?];
    Some(
        value
            .replace("&#60;", "<")
            .replace("&#62;", ">")
            .replace("&#34;", "\"")
            .replace("&#39;", "'")
            .replace("&#38;", "&"),
    )
}

/// A form to be sent.
#[derive(Debug, Clone)]
pub struct Form {
    pub action: String,
    pub fields: Vec<(String, String)>,
}

impl Form {
    /// Types into the field with this name, or adds it (a tick, a choice, a button).
    pub fn with(mut self, name: &str, value: &str) -> Form {
        match self.fields.iter_mut().find(|(key, _)| key == name) {
            Some((_, old)) => *old = value.to_owned(),
            None => self.fields.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    pub fn without(mut self, name: &str) -> Form {
        self.fields.retain(|(key, _)| key != name);
        self
    }

    pub fn get(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    fn encoded(&self) -> String {
        let escape = |text: &str| {
            text.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat()
        };
        let pairs =
            self.fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value)));
        pairs.collect::<Vec<_>>().join("&")
    }
}

impl Browser {
    pub async fn at(now: &str) -> Browser {
        let start: Timestamp = now.parse().unwrap();
        tokio::task::spawn_blocking(move || {
            let store = Store::memory().unwrap();
            let app = App::open(store, Book::built_in().clone(), Clock::sandbox(start)).unwrap();
            world::apply(&app, document()).unwrap();
            let router = prorata_web::portal::router(app.clone(), false);
            Browser::new(app, router)
        })
        .await
        .unwrap()
    }

    fn new(app: App, router: Router) -> Browser {
        let (cookies, set_cookies, sends) = (BTreeMap::new(), Vec::new(), Vec::new());
        Browser { app, router, cookies, set_cookies, sends }
    }

    /// A browser at the same desk, with nobody signed in.
    pub fn another(&self) -> Browser {
        let (app, router) = (self.app.clone(), self.router.clone());
        Browser::new(app, router)
    }

    pub async fn send(&mut self, request: Request<Body>) -> Page {
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        for cookie in parts.headers.get_all("set-cookie") {
            let text = cookie.to_str().unwrap();
            assert!(text.contains("; HttpOnly; SameSite="), "{text}");
            let (name, value) = text.split(';').next().unwrap().split_once('=').unwrap();
            self.set_cookies.push(text.to_owned());
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let html = String::from_utf8(bytes.into()).unwrap();
        let page = Page { status: parts.status, headers: parts.headers, html };
        if page.header("content-type").starts_with("text/html") {
            let faults = check::faults(&page.html);
            assert!(faults.is_empty(), "{faults:#?}\n{}", page.html);
            assert_eq!(page.header("cache-control"), "no-store");
        }
        assert!(page.header("content-security-policy").contains("script-src 'self';"));
        page
    }

    fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let mut request = Request::builder().method(method).uri(path).header("host", "desk");
        for (name, value) in &self.sends {
            request = request.header(*name, value);
        }
        request.header("cookie", self.cookie_header())
    }

    pub async fn get(&mut self, path: &str) -> Page {
        let request = self.request(Method::GET, path).body(Body::empty()).unwrap();
        self.send(request).await
    }

    pub async fn post(&mut self, form: &Form) -> Page {
        let request = self
            .request(Method::POST, &form.action)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(form.encoded()))
            .unwrap();
        self.send(request).await
    }

    /// Sends a form and follows where it leads.
    pub async fn post_through(&mut self, form: &Form) -> Page {
        let to = self.post(form).await.leads();
        self.get(&to).await
    }

    pub async fn sign_in(&mut self, tenant: &str, client: &str) {
        let form = self.get("/sign-in/program").await.form("post", "/sign-in/program");
        let form = form.with("tenant", tenant).with("client", client).with("secret", SECRET);
        assert_eq!(self.post(&form).await.leads(), "/");
    }

    pub fn cookie_header(&self) -> String {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        cookies.collect::<Vec<_>>().join("; ")
    }

    /// Buys for the owner, as the API would.
    pub async fn buy(&self, sku: &str, plan: BillingPlan, quantity: u32, name: &str) -> Held {
        let wanted = Wanted {
            resource_type: "VirtualMachines".to_owned(),
            sku: sku.to_owned(),
            location: Some("westus".to_owned()),
            billing_subscription: SubscriptionId::parse(SUBSCRIPTION).unwrap(),
            term: Term::P1Y,
            plan,
            quantity,
            display_name: name.to_owned(),
            applied_scope: AppliedScope::Shared,
            instance_flexibility: None,
            renew: false,
            review_at: None,
        };
        let call = self.owner();
        let placed = self
            .app
            .write_async(move |tx, app| {
                let order = purchase::quote(tx, app, &call, &wanted)?.order;
                purchase::buy(tx, app, &call, order, &wanted)
            })
            .await
            .unwrap();
        Held { order: placed.order.id, id: placed.reservations[0].id }
    }

    /// Every reservation of an order, as the database has it.
    pub async fn of_order(&self, order: OrderId) -> Vec<Reservation> {
        let call = self.owner();
        let found = self
            .app
            .read_async(move |tx, app| reservations::of_order(tx, app, &call, order))
            .await
            .unwrap();
        found.into_iter().map(|(_, held)| held).collect()
    }

    /// All that the owner holds, with its state.
    pub async fn held(&self) -> Vec<(String, u32, &'static str)> {
        let call = self.owner();
        let query = reservations::Query { limit: 1000, ..reservations::Query::default() };
        let listed = self
            .app
            .read_async(move |tx, app| reservations::list_all(tx, app, &call, &query))
            .await
            .unwrap();
        let row = |(order, held): &(prorata_domain::reservation::Order, Reservation)| {
            (order.commitment.sku.clone(), held.quantity, held.state.name())
        };
        let mut rows: Vec<_> = listed.rows.iter().map(row).collect();
        rows.sort();
        rows
    }

    pub async fn set_clock(&self, now: &str) {
        let (app, now): (App, Timestamp) = (self.app.clone(), now.parse().unwrap());
        let set =
            tokio::task::spawn_blocking(move || -> Result<_, Error> { clock::set(&app, now) });
        set.await.unwrap().unwrap();
    }

    /// A call of the owner, now.
    pub fn owner(&self) -> Call {
        let document = document();
        let row = &document.principals[0];
        Call::new(
            Caller::new(
                row.tenant_id,
                principal_id(row),
                row.client_id.to_string(),
                row.name.clone(),
            ),
            self.app.now(),
            identity::new_correlation(),
        )
    }
}

/// A reservation that was bought.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    pub order: OrderId,
    pub id: ReservationId,
}

impl Held {
    pub fn path(&self) -> String {
        format!("/reservations/{}/{}", self.order, self.id)
    }

    pub fn refund(&self) -> String {
        format!("{}/refund", self.path())
    }
}
