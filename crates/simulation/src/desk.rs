//! A desk in this process, spoken to through its router: JSON in, JSON out, no sockets.

use crate::world::Who;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use jiff::Timestamp;
use prorata_app::clock::Clock;
use prorata_app::world::{Document, principal_id};
use prorata_app::{App, Caller, identity, verify};
use prorata_domain::policy::Book;
use prorata_store::{Store, journal};
use prorata_web::api::{Options, router};
use prorata_web::arm::{Edge, with_edge};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Display;
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

const HOST: &str = "desk.example:8443";

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub location: String,
    pub body: Value,
}

pub struct Desk {
    app: App,
    router: Router,
    runtime: Runtime,
    /// Tokens by tenant and client.
    tokens: HashMap<(String, String), String>,
}

impl Desk {
    /// A desk in memory over a world, with its clock at an instant.
    ///
    /// # Errors
    /// Why there is none.
    pub fn open(document: &Value, book: Book, start: Timestamp) -> Result<Desk, String> {
        let runtime = Builder::new_current_thread().enable_all().build().map_err(told)?;
        let store = Store::memory().map_err(told)?;
        let app = App::open(store, book, Clock::sandbox(start)).map_err(told)?;
        identity::known_as(&app, "desk");
        let options = Options { sandbox: true };
        let router = with_edge(router(app.clone(), options), Edge::default());
        let mut desk = Desk { app, router, runtime, tokens: HashMap::new() };
        let answer = desk.send(None, "POST", "/sandbox/world", document)?;
        if answer.status != 200 {
            return Err(format!("the world was not taken: {}", answer.body));
        }
        desk.sign_in(document)?;
        Ok(desk)
    }

    /// Tokens for every principal, without the price of a secret's hash.
    fn sign_in(&mut self, document: &Value) -> Result<(), String> {
        let document: Document = serde_json::from_value(document.clone()).map_err(told)?;
        for row in &document.principals {
            let caller = Caller::new(
                row.tenant_id,
                principal_id(row),
                row.client_id.to_string(),
                row.name.clone(),
            );
            let issuer = identity::issuer_at("https://desk", Some(caller.tenant));
            let issued = identity::issue(&self.app, &caller, &issuer, "https://desk");
            let key = (row.tenant_id.to_string(), row.client_id.to_string());
            self.tokens.insert(key, issued.map_err(told)?.access_token);
        }
        Ok(())
    }

    /// Sends a request; a path of the API without a version gets the current one.
    ///
    /// # Errors
    /// When there is no answer at all.
    pub fn send(
        &self,
        who: Option<&Who>,
        method: &str,
        path: &str,
        body: &Value,
    ) -> Result<Answer, String> {
        let separator = if path.contains('?') { '&' } else { '?' };
        let uri = if path.starts_with("/sandbox") || path.contains("api-version=") {
            path.to_owned()
        } else {
            format!("{path}{separator}api-version=2022-11-01")
        };
        let mut request = Request::builder()
            .method(method)
            .uri(uri)
            .header("host", HOST)
            .header("x-forwarded-proto", "https");
        let key = who.map(|who| (who.tenant.clone(), who.client.clone()));
        if let Some(token) = key.and_then(|key| self.tokens.get(&key)) {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let body = match body {
            Value::Null => Body::empty(),
            body => Body::from(body.to_string()),
        };
        let request = request.body(body).map_err(told)?;
        let router = self.router.clone();
        self.runtime.block_on(async move {
            let (parts, body) = router.oneshot(request).await.map_err(told)?.into_parts();
            let bytes = axum::body::to_bytes(body, usize::MAX).await.map_err(told)?;
            let location = parts.headers.get("location").and_then(|value| value.to_str().ok());
            Ok(Answer {
                status: parts.status.as_u16(),
                location: location.unwrap_or_default().to_owned(),
                body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
            })
        })
    }

    /// A list with all its pages.
    ///
    /// # Errors
    /// When there is no answer, or a page is not one.
    pub fn list(&self, who: &Who, path: &str) -> Result<Answer, String> {
        let mut answer = self.send(Some(who), "GET", path, &Value::Null)?;
        while let Some(link) = answer.body["nextLink"].as_str() {
            let local = link.strip_prefix(&format!("https://{HOST}"));
            let local = local.ok_or_else(|| format!("a next link leads elsewhere: {link}"))?;
            let mut page = self.send(Some(who), "GET", local, &Value::Null)?;
            let (Some(rows), Some(more)) =
                (answer.body["value"].as_array_mut(), page.body["value"].as_array_mut())
            else {
                return Ok(page);
            };
            rows.append(more);
            answer.body["nextLink"] = page.body["nextLink"].take();
        }
        Ok(answer)
    }

    /// Moves the clock; what falls due is done when this answers.
    ///
    /// # Errors
    /// When it was not moved.
    pub fn set_clock(&self, now: Timestamp) -> Result<(), String> {
        let body = json!({ "now": now.to_string() });
        let answer = self.send(None, "POST", "/sandbox/clock", &body)?;
        if answer.status == 200 { Ok(()) } else { Err(answer.body.to_string()) }
    }

    /// What the desk's own check of its records finds broken.
    ///
    /// # Errors
    /// When the check cannot be made.
    pub fn verify(&self) -> Result<Option<String>, String> {
        let report = verify::run(&self.app).map_err(told)?;
        Ok(report.broken.map(|broken| format!("{}: {}: {}", broken.law, broken.row, broken.what)))
    }

    /// What each account of the journal holds, in minor units by account and currency.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn totals(&self) -> Result<BTreeMap<(String, String), i128>, String> {
        let rows = self.app.read(|tx, _| {
            let mut sums: BTreeMap<(String, String), i128> = BTreeMap::new();
            let mut after = None;
            loop {
                let chunk = journal::page(tx, after, 500)?;
                let Some(last) = chunk.last() else { return Ok(sums) };
                after = Some((last.operation, last.id));
                for posting in chunk.iter().flat_map(|posted| &posted.postings) {
                    let code = posting.amount.currency().code().to_owned();
                    let key = (posting.account.as_str().to_owned(), code);
                    *sums.entry(key).or_default() += i128::from(posting.amount.minor());
                }
            }
        });
        let mut sums = rows.map_err(told)?;
        sums.retain(|_, minor| *minor != 0);
        Ok(sums)
    }
}

fn told(error: impl Display) -> String {
    error.to_string()
}
