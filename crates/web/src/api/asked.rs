//! One request on its way through a handler.

use super::{Shared, problem};
use crate::arm::{ArmError, CallIds, Captures, read_body};
use crate::limits::{BODY_BYTES_MAX, PAGE_ROWS, PAGE_ROWS_MAX};
use crate::uri::{self, Path, Query};
use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use prorata_app::{App, Call, Error, audit};
use prorata_domain::ids::{OrderId, ReservationId, SessionId, SubscriptionId};
use prorata_store::Tx;
use prorata_wire::azure::{self, Fault, Version, published};
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};

/// What was asked, by whom, and what is needed to answer.
pub(crate) struct Asked {
    pub shared: Arc<Shared>,
    pub parts: Parts,
    /// Behind a lock because a body alone cannot be looked at from two tasks.
    pub body: Mutex<Body>,
    /// Scheme and host as the caller used them.
    pub base: String,
    pub path: Path,
    pub query: Query,
    pub captures: Captures,
    /// The version of Microsoft.Capacity that shapes the answer.
    pub version: Version,
    /// The name of the operation, as the route table has it.
    pub operation_name: &'static str,
    /// The caller's api-version, as the route table spells it.
    pub api_version: &'static str,
    /// Who is calling; nobody for open operations only.
    pub call: Option<Call>,
    pub ids: CallIds,
}

impl Asked {
    pub fn app(&self) -> &App {
        &self.shared.app
    }

    pub fn call(&self) -> Result<Call, ArmError> {
        // An operation that is not open has a caller; see `dispatch`.
        self.call.clone().ok_or_else(|| {
            let why = "an open operation asked for its caller".to_owned();
            self.problem(Error::Broken(why))
        })
    }

    /// The JSON body, with the members that the caller's version takes.
    ///
    /// # Errors
    /// 400 naming the member where it cannot be read; those of [`read_body`].
    pub async fn json(&self) -> Result<Value, ArmError> {
        let bytes = self.bytes(BODY_BYTES_MAX).await?;
        match azure::parse_body(&bytes) {
            Ok(Some(mut value)) => {
                published::accept(self.operation_name, &mut value, self.version);
                Ok(value)
            }
            Ok(None) => Err(ArmError::bad_request(
                "InvalidRequestContent",
                "The request needs a JSON body and came with none.",
            )),
            Err(fault) => Err(problem::faults(vec![fault])),
        }
    }

    /// The body as it was sent, of at most so many bytes. It can be read once.
    pub async fn bytes(&self, limit: usize) -> Result<Bytes, ArmError> {
        let body = std::mem::take(&mut *self.body.lock().unwrap_or_else(PoisonError::into_inner));
        read_body(&self.parts.headers, body, limit).await
    }

    /// Runs a job that reads, decides and writes.
    pub async fn write<T: Send + 'static>(
        &self,
        mut job: impl FnMut(&mut Tx<'_>, &App, &Call) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, ArmError> {
        let call = self.call()?;
        let done = self.app().deed_async(move |tx, app| job(tx, app, &call)).await;
        self.answered(done).await
    }

    /// Runs a job on a snapshot.
    pub async fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Tx<'_>, &App, &Call) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, ArmError> {
        let call = self.call()?;
        let done = self.app().read_async(move |tx, app| job(tx, app, &call)).await;
        self.answered(done).await
    }

    /// What a job came to; who was turned away leaves an audit line.
    async fn answered<T>(&self, done: Result<T, Error>) -> Result<T, ArmError> {
        let Err(error) = &done else { return done.map_err(|error| self.problem(error)) };
        let target: String = self.path.segments().flat_map(|segment| ["/", segment]).collect();
        if let Some(event) = audit::turned_away(error, self.operation_name, &target) {
            let call = self.call()?;
            let written = self.app().write_async(move |tx, _| audit::line(tx, &call, &event)).await;
            written.map_err(|error| self.problem(error))?;
        }
        done.map_err(|error| self.problem(error))
    }

    pub fn problem(&self, error: Error) -> ArmError {
        problem::of(self.app(), self.ids.request, error)
    }

    pub fn order(&self) -> Result<OrderId, ArmError> {
        self.guid("order", "InvalidReservationOrderId", "reservation order", OrderId::parse)
    }

    pub fn reservation(&self) -> Result<ReservationId, ArmError> {
        self.guid("reservation", "InvalidReservationId", "reservation", ReservationId::parse)
    }

    pub fn subscription(&self) -> Result<SubscriptionId, ArmError> {
        self.guid("subscription", "InvalidSubscriptionId", "subscription", SubscriptionId::parse)
    }

    pub fn operation(&self) -> Result<SessionId, ArmError> {
        self.guid("operation", "BadRequest", "operation", SessionId::parse)
    }

    pub(super) fn guid<T>(
        &self,
        name: &str,
        code: &'static str,
        what: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, ArmError> {
        let sent = self.captures.get(name);
        parse(sent).ok_or_else(|| {
            let shown: String = sent.chars().take(64).collect();
            let message = format!("The {what} id `{shown}` in the path is not a GUID.");
            ArmError::bad_request(code, message).with_target(name)
        })
    }

    /// Rows of a page, as the query parameter `name` wants them.
    pub fn rows(&self, name: &str) -> Result<usize, ArmError> {
        let rows = self.number(name, PAGE_ROWS)?;
        if rows == 0 {
            let message =
                format!("`{name}` is 0; give a number of rows from 1 to {PAGE_ROWS_MAX}.");
            return Err(ArmError::bad_request("BadRequest", message).with_target(name));
        }
        Ok(rows.min(PAGE_ROWS_MAX))
    }

    /// A whole number in the query; `absent` where it is not given.
    pub fn number(&self, name: &str, absent: usize) -> Result<usize, ArmError> {
        let Some(sent) = self.query.get(name).filter(|sent| !sent.is_empty()) else {
            return Ok(absent);
        };
        // More than any list has; also keeps sums of such numbers far from overflow.
        const MAX: usize = i32::MAX as usize;
        // The official Python client has such numbers as floats and writes `3.0`.
        let whole = match sent.split_once('.') {
            Some((whole, rest)) if rest.bytes().all(|digit| digit == b'0') => whole,
            _ => sent,
        };
        whole.parse().ok().filter(|number| *number <= MAX).ok_or_else(|| {
            let shown: String = sent.chars().take(64).collect();
            let message = format!("`{name}` is `{shown}`; give a whole number from 0 to {MAX}.");
            ArmError::bad_request("BadRequest", message).with_target(name)
        })
    }

    /// `true` or `false` in the query; absent is false.
    pub fn flag(&self, name: &str) -> Result<bool, ArmError> {
        match self.query.get(name).map(str::trim) {
            None | Some("") => Ok(false),
            Some(word) if word.eq_ignore_ascii_case("true") => Ok(true),
            Some(word) if word.eq_ignore_ascii_case("false") => Ok(false),
            Some(word) => {
                let shown: String = word.chars().take(64).collect();
                let message = format!("`{name}` is `{shown}`; give true or false.");
                Err(ArmError::bad_request("BadRequest", message).with_target(name))
            }
        }
    }

    /// A query option: `$filter`, which some providers write without its sign.
    pub fn option(&self, name: &'static str) -> &str {
        let bare = || self.query.get(name.trim_start_matches('$'));
        self.query.get(name).or_else(bare).unwrap_or_default()
    }

    /// The mark of a page that a next link gave, if it was followed.
    pub fn mark<T>(&self, parse: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, ArmError> {
        let sent = self.option("$skiptoken");
        if sent.is_empty() {
            return Ok(None);
        }
        parse(sent).map(Some).ok_or_else(|| {
            let message = "`$skiptoken` is not one that a next link gave; start at the first page.";
            ArmError::bad_request("BadRequest", message).with_target("$skiptoken")
        })
    }

    /// Whether `$expand` asks for the one thing that can be expanded here.
    pub fn expands(&self, known: &'static str) -> Result<bool, ArmError> {
        match self.option("$expand").trim() {
            "" => Ok(false),
            word if word.eq_ignore_ascii_case(known) => Ok(true),
            word => {
                let shown: String = word.chars().take(64).collect();
                let message = format!("`$expand` is `{shown}`; give `{known}` or leave it out.");
                Err(ArmError::bad_request("BadRequest", message).with_target("$expand"))
            }
        }
    }

    /// An absolute URL at this server in the caller's api-version.
    pub fn url(&self, path: &str) -> String {
        uri::absolute(&self.base, path, [("api-version", self.api_version)])
    }

    /// The URL of the next page: this one with everything the caller asked for, and the mark.
    pub fn next_link(&self, key: &str, mark: &str) -> String {
        let path: String = self.path.segments().flat_map(|segment| ["/", segment]).collect();
        let kept = self.query.pairs().filter(|(name, _)| !name.eq_ignore_ascii_case(key));
        uri::absolute(&self.base, &path, kept.chain([(key, mark)]))
    }

    /// Seconds after which a client should look again; in a sandbox nobody has to wait.
    pub fn retry_after(&self, seconds: u32) -> u32 {
        if self.shared.options.sandbox { 1 } else { seconds }
    }
}

/// What was read, or all that is wrong with it.
pub(crate) fn read<T>(parsed: Result<T, Vec<Fault>>) -> Result<T, ArmError> {
    parsed.map_err(problem::faults)
}

/// The same for something with one fault at most.
pub(crate) fn read_one<T>(parsed: Result<T, Fault>) -> Result<T, ArmError> {
    parsed.map_err(|fault| problem::faults(vec![fault]))
}
