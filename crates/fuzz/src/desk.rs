//! Whole requests to a desk in memory: whatever is sent, the answer is never a fault of the desk.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Method, Request, Uri};
use jiff::Timestamp;
use prorata_app::clock::Clock;
use prorata_app::world::{self, Document, principal_id};
use prorata_app::{App, Caller, identity};
use prorata_domain::policy::Book;
use prorata_store::Store;
use prorata_web::api::{Options, router};
use prorata_web::arm::{Edge, with_edge};
use std::sync::{Mutex, PoisonError};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

const WORLD: &str = include_str!("world.json");

/// Requests after which a desk is made anew, so that what they leave does not pile up.
const REQUESTS_MAX: u32 = 2_000;

/// A desk, and somebody who may do everything there.
pub struct Desk {
    app: App,
    router: Router,
    runtime: Runtime,
    authorization: HeaderValue,
    requests: u32,
}

impl Desk {
    fn open() -> Desk {
        let start: Timestamp = "2023-02-10T01:45:07Z".parse().expect("an instant");
        let document: Document = serde_json::from_str(WORLD).expect("the world is well formed");
        let store = Store::memory().expect("there is memory");
        let app = App::open(store, Book::built_in().clone(), Clock::sandbox(start));
        let app = app.expect("a desk in memory opens");
        world::apply(&app, document.clone()).expect("the world is sound");
        let owner = document.principals.first().expect("somebody is there");
        let caller = Caller::new(
            owner.tenant_id,
            principal_id(owner),
            owner.client_id.to_string(),
            owner.name.clone(),
        );
        identity::known_as(&app, "desk");
        let issuer = identity::issuer_at("https://desk", Some(caller.tenant));
        let issued = identity::issue(&app, &caller, &issuer, "https://desk");
        let token = issued.expect("a token is issued").access_token;
        let authorization = HeaderValue::from_str(&format!("Bearer {token}"));
        Desk {
            router: with_edge(router(app.clone(), Options::default()), Edge::default()),
            runtime: Builder::new_current_thread().enable_all().build().expect("a runtime"),
            authorization: authorization.expect("tokens are plain text"),
            requests: 0,
            app,
        }
    }

    pub fn app(&self) -> &App {
        &self.app
    }
}

/// Does something with the desk of this process.
pub fn with<T>(work: impl FnOnce(&mut Desk) -> T) -> T {
    static DESK: Mutex<Option<Desk>> = Mutex::new(None);
    let mut kept = DESK.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.as_ref().is_some_and(|desk| desk.requests >= REQUESTS_MAX) {
        *kept = None;
    }
    let desk = kept.get_or_insert_with(Desk::open);
    desk.requests += 1;
    work(desk)
}

/// A request: the method and the path with its query in the first line, the body after it.
pub fn request(bytes: &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (line, body) = (&bytes[..end], bytes[end..].strip_prefix(b"\n").unwrap_or_default());
    let Some(blank) = line.iter().position(|byte| *byte == b' ') else { return };
    let (method, path) = (&line[..blank], &line[blank + 1..]);
    let (Ok(method), Ok(uri)) = (Method::from_bytes(method), Uri::try_from(path)) else { return };
    with(|desk| {
        let sent = Request::builder()
            .method(method)
            .uri(uri)
            .header("host", "desk.example")
            .header("authorization", desk.authorization.clone())
            .body(Body::from(body.to_vec()));
        let Ok(sent) = sent else { return };
        let router = desk.router.clone();
        let answer = desk.runtime.block_on(router.oneshot(sent));
        let Ok(answer) = answer;
        assert!(!answer.status().is_server_error(), "{}", answer.status());
    });
}
