//! A client of the API over HTTPS, as any other: it signs in, asks, and follows operations.

mod answer;
mod connect;

pub use answer::{explanation_of, operation_failure, policy_refusal};
pub use connect::Connection;

use crate::failure::{Doing, Failure};
use answer::failure;
use connect::Settings;
use prorata_domain::ids::TenantId;
use serde_json::{Value, json};
use std::io::Write;
use std::thread::sleep;
use std::time::{Duration, Instant};
use ureq::http::{Method, Request, Response, StatusCode};
use ureq::{Agent, Body};
use uuid::Uuid;

/// The version of the API that is spoken.
const API_VERSION: &str = "2022-11-01";

/// How long an operation is followed before the client gives up on it.
const POLL_TIME_MAX: Duration = Duration::from_secs(300);

/// The longest wait between two looks at an operation, whatever the server proposes.
const POLL_WAIT_MAX: Duration = Duration::from_secs(30);

/// Bytes of an answer that are read. A page of 300 rows is below one megabyte.
const ANSWER_BYTES_MAX: u64 = 64 << 20;

/// A signed-in client.
pub struct Client {
    agent: Agent,
    base: String,
    token: String,
    tenant: TenantId,
    /// The subscription that pays where none is named.
    subscription: Option<Uuid>,
}

/// An answer: its status, body, and where to look further.
pub struct Answer {
    pub status: StatusCode,
    pub body: Value,
    location: Option<String>,
    retry_after: Option<Duration>,
}

impl Client {
    /// Signs in with the settings of the command line.
    ///
    /// # Errors
    /// When settings are missing or contradict each other, the server cannot be reached, or the
    /// secret is wrong.
    pub fn sign_in(connection: &Connection) -> Result<Client, Failure> {
        let settings = connection.settings()?;
        let agent = settings.agent()?;
        let token = token(&agent, &settings)?;
        Ok(Client {
            agent,
            base: settings.url,
            token,
            tenant: TenantId(settings.tenant),
            subscription: settings.subscription,
        })
    }

    /// The tenant that was signed in to.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// The subscription that pays: the one named, or else the sandbox's.
    ///
    /// # Errors
    /// A usage failure when there is none.
    pub fn paying(&self, named: Option<Uuid>) -> Result<Uuid, Failure> {
        named.or(self.subscription).ok_or_else(|| {
            Failure::usage("which subscription pays is not known")
                .with_hint("name it with --subscription or PRORATA_SUBSCRIPTION")
        })
    }

    /// # Errors
    /// What the server answers unless it is a success; no connection.
    pub fn get(&self, path: &str) -> Result<Value, Failure> {
        self.send(Method::GET, path, None)?.accepted().map(|answer| answer.body)
    }

    /// Posts and gives the answer back whatever it is.
    ///
    /// # Errors
    /// No connection.
    pub fn post(&self, path: &str, body: &Value) -> Result<Answer, Failure> {
        self.send(Method::POST, path, Some(body))
    }

    /// The same with another verb.
    ///
    /// # Errors
    /// No connection.
    pub fn patch(&self, path: &str, body: &Value) -> Result<Answer, Failure> {
        self.send(Method::PATCH, path, Some(body))
    }

    /// # Errors
    /// What the server answers unless it is a success; no connection.
    pub fn put(&self, path: &str, body: &Value) -> Result<Answer, Failure> {
        self.send(Method::PUT, path, Some(body))?.accepted()
    }

    /// # Errors
    /// What the server answers unless it is a success; no connection.
    pub fn delete(&self, path: &str) -> Result<Answer, Failure> {
        self.send(Method::DELETE, path, None)?.accepted()
    }

    /// Follows an operation to its end and answers its last body.
    ///
    /// # Errors
    /// What the server answers unless it is a success; when it takes too long.
    pub fn follow(&self, answer: Answer) -> Result<Value, Failure> {
        let mut answer = answer.accepted()?;
        let started = Instant::now();
        let Some(location) = answer.location.clone() else { return Ok(answer.body) };
        loop {
            answer = self.send(Method::GET, &location, None)?.accepted()?;
            // The final answer carries no place to look at.
            let ended = matches!(
                answer.body["status"].as_str(),
                None | Some("Succeeded" | "Failed" | "Cancelled")
            );
            if ended && answer.status != StatusCode::ACCEPTED {
                return Ok(answer.body);
            }
            if started.elapsed() > POLL_TIME_MAX {
                return Err(Failure::new("the operation has not ended within five minutes")
                    .with_hint(format_args!("look again at {location}")));
            }
            sleep(answer.retry_after.unwrap_or(Duration::from_secs(1)).min(POLL_WAIT_MAX));
        }
    }

    /// Every row of a list, page after page, up to a number of rows.
    ///
    /// # Errors
    /// What the server answers unless it is a success; no connection.
    pub fn list(&self, path: &str, rows_max: usize) -> Result<Vec<Value>, Failure> {
        let mut rows = Vec::new();
        let mut next = Some(path.to_owned());
        while let Some(path) = next.filter(|_| rows.len() < rows_max) {
            let mut page = self.get(&path)?;
            if let Value::Array(items) = page["value"].take() {
                rows.extend(items);
            }
            next = page["nextLink"].as_str().map(str::to_owned);
        }
        rows.truncate(rows_max);
        Ok(rows)
    }

    /// Writes what a path answers as it comes, however long it is.
    ///
    /// # Errors
    /// What the server answers unless it is a success; no connection; a broken one.
    pub fn download(&self, path: &str, out: &mut dyn Write) -> Result<(), Failure> {
        let request = Request::builder()
            .uri(self.address(path))
            .header("authorization", format!("Bearer {}", self.token))
            .body(())
            .doing("the request cannot be made")?;
        let sent = self.agent.run(request);
        let mut response = sent.map_err(|error| unreachable_server(&self.base, &error))?;
        if !response.status().is_success() {
            answer(response)?.accepted()?;
            return Err(Failure::new("the server did not send what was asked for"));
        }
        let copied = std::io::copy(&mut response.body_mut().as_reader(), out);
        copied.map(drop).doing("the answer ended early")
    }

    fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Answer, Failure> {
        let request = Request::builder()
            .method(method)
            .uri(self.address(path))
            .header("authorization", format!("Bearer {}", self.token))
            .header("accept", "application/json")
            .header("x-ms-client-request-id", Uuid::new_v4().to_string());
        let sent = match body {
            Some(body) => request
                .header("content-type", "application/json")
                .body(body.to_string())
                .doing("the request cannot be made")
                .map(|request| self.agent.run(request))?,
            None => request
                .body(())
                .doing("the request cannot be made")
                .map(|request| self.agent.run(request))?,
        };
        answer(sent.map_err(|error| unreachable_server(&self.base, &error))?)
    }

    /// The URL of a path of ours, or a URL that the server gave.
    fn address(&self, path: &str) -> String {
        if path.contains("://") {
            return path.to_owned();
        }
        if path.contains("api-version=") {
            return format!("{}{path}", self.base);
        }
        let mark = if path.contains('?') { '&' } else { '?' };
        format!("{}{path}{mark}api-version={API_VERSION}", self.base)
    }
}

impl Answer {
    /// The answer when it is a success, and else the failure it tells of.
    ///
    /// # Errors
    /// As said.
    pub fn accepted(self) -> Result<Answer, Failure> {
        if self.status.is_success() { Ok(self) } else { Err(failure(self.status, &self.body)) }
    }
}

fn answer(mut response: Response<Body>) -> Result<Answer, Failure> {
    let header = |name: &str| {
        response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
    };
    let location = header("azure-asyncoperation").or_else(|| header("location"));
    let retry_after =
        header("retry-after").and_then(|text| text.parse().ok()).map(Duration::from_secs);
    let text = response
        .body_mut()
        .with_config()
        .limit(ANSWER_BYTES_MAX)
        .read_to_string()
        .doing("the server's answer cannot be read")?;
    let body = match serde_json::from_str(&text) {
        Ok(body) => body,
        Err(_) if text.trim().is_empty() => Value::Null,
        Err(_) => json!({ "error": { "message": text } }),
    };
    Ok(Answer { status: response.status(), body, location, retry_after })
}

/// A token by client credentials.
fn token(agent: &Agent, settings: &Settings) -> Result<String, Failure> {
    let url = format!("{}/{}/oauth2/v2.0/token", settings.url, settings.tenant);
    let scope = format!("{}/.default", settings.url);
    let client_id = settings.client_id.to_string();
    let sent = agent.post(&url).send_form([
        ("grant_type", "client_credentials"),
        ("client_id", client_id.as_str()),
        ("client_secret", settings.client_secret.as_str()),
        ("scope", scope.as_str()),
    ]);
    let answer = answer(sent.map_err(|error| unreachable_server(&settings.url, &error))?)?;
    if let Some(token) = answer.body["access_token"].as_str() {
        return Ok(token.to_owned());
    }
    let why = answer.body["error_description"].as_str();
    let failure = match answer.body["error"].as_str() {
        Some(code) => Failure::new(why.unwrap_or("sign-in was refused")).with_code(code),
        None => failure(answer.status, &answer.body),
    };
    Err(failure.with_hint("check the tenant, the client id and its secret"))
}

fn unreachable_server(base: &str, error: &ureq::Error) -> Failure {
    let failure = Failure::new(format!("the server at {base} cannot be asked: {error}"));
    match error {
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => {
            failure.with_hint("name the authority to trust with --ca or PRORATA_CA")
        }
        ureq::Error::Io(io) if io.to_string().contains("certificate") => {
            failure.with_hint("name the authority to trust with --ca or PRORATA_CA")
        }
        _ => failure.with_hint("is it running, and is this its address?"),
    }
}
