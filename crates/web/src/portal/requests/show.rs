//! One request, and deciding on it.

use super::{class, status, what};
use crate::api::settle;
use crate::portal::desk::{Desk, Posted};
use crate::portal::page::{self, Crumb, Fact, Section, Shell};
use crate::portal::proof::Proof;
use crate::portal::words;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::Error;
use prorata_app::request::{self, View};
use prorata_domain::ids::RequestId;
use prorata_domain::request::Event;

#[derive(Debug, Template)]
#[template(path = "request.html")]
pub struct RequestPage {
    pub shell: Shell,
    pub crumbs: Vec<Crumb>,
    pub path: String,
    pub what: &'static str,
    pub status: &'static str,
    pub class: &'static str,
    /// Said above everything: why it ended, or what was not done just now.
    pub alert: Option<String>,
    pub stake: Option<String>,
    pub lines: Vec<Line>,
    pub facts: Vec<Fact>,
    pub demands: Vec<Demand>,
    pub steps: Vec<Step>,
    pub proof: Proof,
    /// What the caller may do.
    pub may_submit: bool,
    pub may_decide: bool,
    pub may_withdraw: bool,
    /// What is wrong with the form that was sent.
    pub fault: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Line {
    pub label: String,
    pub amount: String,
}

/// What one policy asks for.
#[derive(Debug, Clone)]
pub struct Demand {
    pub policy: String,
    pub given: String,
    pub by: String,
    pub met: bool,
}

#[derive(Debug, Clone)]
pub struct Step {
    pub at: String,
    pub what: &'static str,
    pub by: String,
    pub comment: String,
}

pub async fn show(desk: Desk, Path(id): Path<String>) -> Response {
    let answer = async {
        let id = read(&id)?;
        page_of(&desk, id, None, None, StatusCode::OK).await
    };
    desk.settle(answer.await)
}

fn read(id: &str) -> Result<RequestId, Error> {
    let absent = || Error::Absent { what: "request at this address".to_owned(), code: "NotFound" };
    RequestId::parse(id).ok_or_else(absent)
}

/// Submits, approves, rejects or withdraws, and shows what came of it.
pub async fn act(Path(id): Path<String>, Posted { desk, fields }: Posted) -> Response {
    let answer = async {
        let id = read(&id)?;
        let (act, said) = (fields.one("act"), fields.one("comment"));
        if !fields.has("confirmed") && act != "submit" {
            let fault = Some("Tick the box to confirm it.".to_owned());
            return page_of(&desk, id, None, fault, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        let call = desk.call();
        let done = desk
            .app()
            .deed_async(move |tx, app| match act.as_str() {
                "submit" => request::submit(tx, app, &call, id),
                "approve" => request::approve(tx, app, &call, id, &said),
                "reject" => request::reject(tx, app, &call, id, &said),
                "withdraw" => request::withdraw(tx, app, &call, id, &said),
                _ => request::show(tx, app, &call, id),
            })
            .await;
        match done {
            Ok(_) => {
                settle(desk.app()).await?;
                Ok(Redirect::to(&format!("/requests/{id}")).into_response())
            }
            Err(Error::Refused(refused)) => {
                let alert = Some(words::reason(&refused.refusal));
                page_of(&desk, id, alert, None, StatusCode::CONFLICT).await
            }
            Err(Error::Malformed(_)) => {
                let fault = Some("Say why, for who asked.".to_owned());
                page_of(&desk, id, None, fault, StatusCode::UNPROCESSABLE_ENTITY).await
            }
            Err(error) => Err(error),
        }
    };
    desk.settle(answer.await)
}

async fn page_of(
    desk: &Desk,
    id: RequestId,
    alert: Option<String>,
    fault: Option<String>,
    status: StatusCode,
) -> Result<Response, Error> {
    let call = desk.call();
    let view = desk.app().read_async(move |tx, app| request::show(tx, app, &call, id)).await?;
    Ok(page::answer(status, &page(desk, &view, alert, fault)))
}

fn page(desk: &Desk, view: &View, alert: Option<String>, fault: Option<String>) -> RequestPage {
    let (row, document) = (&view.row, &view.document);
    let figures = document.figures.as_ref();
    let lines = figures.into_iter().flat_map(|figures| &figures.lines);
    let state = &document.state;
    let submitted = state.submitted();
    let demands = submitted.into_iter().flat_map(|submitted| {
        let approvals = submitted.approvals();
        submitted.demands().iter().map(|demand| Demand {
            policy: demand.policy.clone(),
            given: format!("{} of {}", demand.given(approvals), demand.approvals),
            by: demand.approvers.to_string(),
            met: demand.is_met(approvals),
        })
    });
    let refusal = document.refusal.as_ref();
    let why = state.why().map(|(_, reason)| words::sentence(&words::capital(&reason)));
    let refused = refusal.filter(|_| row.status.is_open()).map(words::reason);
    let title = format!("{} asked for by {}", what(row.kind), state.drafted().drafter().name);
    RequestPage {
        shell: desk.shell(title, Section::Requests),
        crumbs: vec![Crumb { label: "Requests".to_owned(), href: "/requests".to_owned() }],
        path: format!("/requests/{}", row.id),
        what: what(row.kind),
        status: status(row.status),
        class: class(row.status),
        alert: alert.or(why).or(refused),
        stake: figures.map(|figures| words::money(figures.stake)),
        lines: lines
            .map(|line| Line {
                label: words::capital(&line.label),
                amount: words::money(line.amount),
            })
            .collect(),
        facts: facts(view),
        demands: demands.collect(),
        steps: view.steps.iter().map(step).collect(),
        proof: Proof::new(&desk.app().book, &view.findings, refusal, words::subject),
        may_submit: view.may.submit,
        may_decide: view.may.decide,
        may_withdraw: view.may.withdraw,
        fault,
    }
}

fn facts(view: &View) -> Vec<Fact> {
    let (row, document) = (&view.row, &view.document);
    let draft = document.state.drafted();
    let mut facts = vec![
        Fact::words("Asked for by", draft.drafter().name.clone()),
        Fact::words("Why", document.comment.clone()),
        Fact::words("Asked on", words::moment(row.created_at)),
        Fact::words("Priced on", words::moment(document.priced_at)),
        Fact::words("About", row.target.clone()),
        Fact::identifier("Request id", row.id),
    ];
    if let Some(person) = draft.on_behalf_of() {
        facts.insert(1, Fact::words("For", person.name.clone()));
    }
    if row.status.is_open() {
        facts.push(Fact::words("Waits until", words::moment(row.expires_at)));
    }
    if !document.tolerances.is_empty() {
        let allowed: Vec<String> = document.tolerances.iter().map(ToString::to_string).collect();
        facts.push(Fact::words("May move by", allowed.join(", ")));
    }
    if let Some(operation) = row.operation {
        facts.push(Fact::identifier("Done as operation", operation));
    }
    facts
}

fn step(step: &prorata_store::requests::Step) -> Step {
    Step {
        at: words::moment(step.at),
        what: match step.event {
            Event::Draft => "Drafted",
            Event::Submit => "Submitted",
            Event::Approve => "Approved",
            Event::Reject => "Rejected",
            Event::Withdraw => "Withdrawn",
            Event::Expire => "Expired",
            Event::Stop => "Stopped",
            Event::Run => "Begun",
            Event::Finish => "Done",
            Event::Fail => "Failed",
        },
        by: step.name.clone(),
        comment: step.comment.clone(),
    }
}
