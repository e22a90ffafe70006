//! The audit: looking for lines, exporting them with what seals them, and the head of the chain.

use super::asked::Asked;
use super::table::{Entry, NONE, may, run};
use crate::arm::{ArmError, RouteTable, json};
use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use hyper::body::Frame;
use jiff::Timestamp;
use prorata_app::audit::export::{self, Place, Wanted};
use prorata_app::audit::search::{self, Query};
use prorata_app::audit::{Verdict, seal};
use prorata_app::{App, Error};
use prorata_domain::access::Action::Assign;
use prorata_domain::ids::{PrincipalId, TenantId};
use prorata_domain::seal::Part;
use prorata_wire::audit as shape;
use serde_json::json as value;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use uuid::Uuid;

pub(super) fn routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    let get = || Method::GET;
    table
        .route(get(), "/prorata/audit", "Audit_List", NONE, may(Assign, run!(list)))
        .route(get(), "/prorata/audit/export", "Audit_Export", NONE, may(Assign, run!(export)))
        .route(get(), "/prorata/audit/head", "Audit_Head", NONE, may(Assign, run!(head)))
}

async fn list(asked: Asked) -> Result<Response, ArmError> {
    let query = query(&asked)?;
    let found = asked.read(move |tx, app, call| search::run(tx, app, call, &query)).await?;
    let rows = found.rows.iter().map(|row| shape::Line {
        id: row.id,
        at: row.at,
        tenant: row.tenant.0,
        principal: row.principal.0,
        kind: row.by.kind.as_deref(),
        name: row.by.name.as_deref(),
        client: row.by.client.as_deref(),
        home: row.by.home.map(|home| home.0),
        partner: row.by.partner.map(|partner| partner.0),
        action: &row.action,
        target: &row.target,
        verdict: &row.verdict,
        code: row.code.as_deref(),
        address: row.by.address.as_deref(),
        agent: row.by.agent.as_deref(),
        correlation: row.by.correlation,
        decision: row.decision,
        details: row.details.as_deref(),
        is_operation: row.is_operation,
    });
    let next = found.next.map(|mark| asked.next_link("$skiptoken", &mark));
    Ok(json(StatusCode::OK, &shape::page(rows, next)))
}

fn query(asked: &Asked) -> Result<Query, ArmError> {
    let text = |name: &str| given(asked, name).map(str::to_owned);
    Ok(Query {
        agents: match given(asked, "of") {
            None | Some("tenant") => false,
            Some("agents") => true,
            Some(_) => return Err(wrong("of", "is neither `tenant` nor `agents`")),
        },
        from: time(asked, "from")?,
        until: time(asked, "to")?,
        principal: id(asked, "principal")?.map(PrincipalId),
        customer: id(asked, "customer")?.map(TenantId),
        partner: id(asked, "partner")?.map(TenantId),
        action: text("action"),
        target: text("target"),
        verdict: match given(asked, "verdict") {
            None => None,
            Some(word) => Some(Verdict::parse(word).ok_or_else(|| {
                wrong("verdict", "is none of `approved`, `refused`, `denied` and `failed`")
            })?),
        },
        correlation: id(asked, "correlationId")?,
        address: text("address"),
        after: asked.mark(search::parse_mark)?,
        limit: asked.rows("take")?,
        ..Query::default()
    })
}

async fn export(asked: Asked) -> Result<Response, ArmError> {
    let as_table = match given(&asked, "format") {
        None | Some("jsonl") => false,
        Some("csv") => true,
        Some(_) => return Err(wrong("format", "is neither `jsonl` nor `csv`")),
    };
    let (from, until) = (time(&asked, "from")?, time(&asked, "to")?);
    asked.read(export::begin).await?;
    // What was answered before is part of what is exported.
    blocking(&asked, seal::run).await?;
    let tenant = Some(asked.call()?.caller.tenant);
    Ok(download(asked.app().clone(), Wanted { from, until, tenant }, as_table))
}

/// An export as a file to keep, for those who may have it.
pub(crate) fn download(app: App, wanted: Wanted, as_table: bool) -> Response {
    let pages = Pages { app, wanted, as_table, seals: 0, state: State::Begins };
    let mut response = Response::new(Body::new(pages));
    let (kind, name) = if as_table {
        ("text/csv; charset=utf-8", "attachment; filename=\"audit.csv\"")
    } else {
        ("application/jsonl; charset=utf-8", "attachment; filename=\"audit.jsonl\"")
    };
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(CONTENT_DISPOSITION, HeaderValue::from_static(name));
    response
}

async fn head(asked: Asked) -> Result<Response, ArmError> {
    asked.read(|tx, _, call| search::may_read(tx, call)).await?;
    let head = blocking(&asked, seal::head).await?;
    let body = match head {
        Some(head) => value!({
            "number": head.seal.number,
            "digest": head.seal.digest,
            "at": prorata_wire::azure::instant(head.seal.at),
            "signed": head.signed,
        }),
        None => value!({ "number": 0, "digest": "" }),
    };
    Ok(json(StatusCode::OK, &body))
}

/// Runs what blocks beside the tasks that answer.
async fn blocking<T: Send + 'static>(
    asked: &Asked,
    run: impl FnOnce(&App) -> Result<T, Error> + Send + 'static,
) -> Result<T, ArmError> {
    let app = asked.app().clone();
    let done = tokio::task::spawn_blocking(move || run(&app)).await;
    let done = done.unwrap_or_else(|error| Err(Error::Broken(error.to_string())));
    done.map_err(|error| asked.problem(error))
}

/// A body that is read from the database as it is sent.
struct Pages {
    app: App,
    wanted: Wanted,
    as_table: bool,
    seals: u64,
    state: State,
}

type Step = Result<(Vec<Part>, Option<Place>), Error>;

enum State {
    Begins,
    Reads(Pin<Box<dyn Future<Output = Step> + Send>>),
    Ended,
}

impl Pages {
    fn read(&self, place: Place) -> State {
        let (app, wanted) = (self.app.clone(), self.wanted);
        State::Reads(Box::pin(async move { export::step_async(&app, wanted, place).await }))
    }

    fn text(&mut self, parts: &[Part]) -> String {
        self.seals += parts.iter().filter(|part| matches!(part, Part::Seal(_))).count() as u64;
        parts.iter().map(if self.as_table { shape::csv } else { shape::json_line }).collect()
    }
}

impl HttpBody for Pages {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        loop {
            match &mut self.state {
                State::Ended => return Poll::Ready(None),
                State::Begins => {
                    self.state = self.read(Place::default());
                    if self.as_table {
                        return Poll::Ready(Some(Ok(Frame::data(shape::CSV_HEAD.into()))));
                    }
                }
                State::Reads(reading) => {
                    let step = ready!(reading.as_mut().poll(cx));
                    let (parts, place) = match step {
                        Ok(step) => step,
                        Err(error) => {
                            // The connection ends without the last line, so the file is not taken
                            // for whole.
                            tracing::error!(%error, "an export ended early");
                            self.state = State::Ended;
                            return Poll::Ready(Some(Err(error)));
                        }
                    };
                    let mut text = self.text(&parts);
                    self.state = match place {
                        Some(place) => self.read(place),
                        None => {
                            if !self.as_table {
                                text.push_str(&shape::end_line(self.seals));
                            }
                            State::Ended
                        }
                    };
                    if !text.is_empty() {
                        return Poll::Ready(Some(Ok(Frame::data(text.into()))));
                    }
                }
            }
        }
    }
}

fn given<'a>(asked: &'a Asked, name: &str) -> Option<&'a str> {
    asked.query.get(name).map(str::trim).filter(|text| !text.is_empty())
}

fn time(asked: &Asked, name: &'static str) -> Result<Option<Timestamp>, ArmError> {
    let Some(text) = given(asked, name) else { return Ok(None) };
    let parsed = text.parse().or_else(|_| format!("{text}T00:00:00Z").parse());
    parsed.map(Some).map_err(|_| wrong(name, "is no instant such as `2027-03-04T00:00:00Z`"))
}

fn id(asked: &Asked, name: &'static str) -> Result<Option<Uuid>, ArmError> {
    let Some(text) = given(asked, name) else { return Ok(None) };
    Uuid::try_parse(text).map(Some).map_err(|_| wrong(name, "is not a GUID"))
}

fn wrong(name: &'static str, what: &str) -> ArmError {
    ArmError::bad_request("BadRequest", format!("`{name}` {what}.")).with_target(name)
}
