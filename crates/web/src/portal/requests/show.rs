//! One request, and deciding on it.

use super::about::{in_short, things};
use super::{Thing, class, status, what};
use crate::api::settle;
use crate::portal::desk::{Desk, Posted};
use crate::portal::language::{say, say_with};
use crate::portal::page::{self, Crumb, Fact, Section, Shell};
use crate::portal::proof::{Proof, label};
use crate::portal::words::{self, Moment, Said};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::request::{self, Ask, Now, View};
use prorata_app::{App, Call, Error};
use prorata_domain::ids::{PrincipalId, RequestId};
use prorata_domain::request::approval::{Approvers, Demand as Asked, FOUR_EYES, RIGHT};
use prorata_domain::request::figures::{Figures, Moved};
use prorata_domain::request::{Kind, Status};
use prorata_store::Tx;

#[derive(Debug, Template)]
#[template(path = "request.html")]
pub struct RequestPage {
    pub shell: Shell,
    pub crumbs: Vec<Crumb>,
    pub path: String,
    pub heading: Said,
    pub status: Said,
    pub class: &'static str,
    /// Whether it goes on by itself, so that the page is worth asking again.
    pub runs: bool,
    pub asked_by: Said,
    pub asked_at: Moment,
    /// Until when it waits; nothing for what is over.
    pub until: Option<Moment>,
    pub alerts: Vec<Alert>,
    pub things: Vec<Thing>,
    pub comment: String,
    pub stake: Option<String>,
    pub lines: Vec<Line>,
    pub priced_at: Moment,
    pub facts: Vec<Fact>,
    /// Where what was done is shown.
    pub result: Option<String>,
    pub demands: Vec<Demand>,
    pub steps: Vec<Step>,
    pub proof: Proof,
    pub may: May,
    /// What is wrong with the form that was sent, and what was typed in it.
    pub fault: Option<Said>,
    /// Whether it is about the box, and not about the comment.
    pub fault_of_box: bool,
    pub typed: String,
}

/// What the reader may do.
#[derive(Debug, Clone, Copy, Default)]
pub struct May {
    pub submit: bool,
    pub approve: bool,
    pub refuse: bool,
    pub withdraw: bool,
}

impl May {
    pub fn any(self) -> bool {
        self.submit || self.refuse || self.withdraw
    }
}

/// Said above everything: why it ended, or what was not done just now.
#[derive(Debug, Clone)]
pub struct Alert {
    pub says: Said,
    /// A sentence that was recorded in English.
    pub recorded: String,
    pub urgent: bool,
}

#[derive(Debug, Clone)]
pub struct Line {
    pub label: Said,
    /// What it was when it was asked for, where that is something else.
    pub was: Option<String>,
    pub amount: String,
}

/// What one policy asks for.
#[derive(Debug, Clone)]
pub struct Demand {
    pub policy: String,
    pub given: Said,
    pub by: String,
    /// Who approved so far.
    pub people: Option<Said>,
    pub met: bool,
}

#[derive(Debug, Clone)]
pub struct Step {
    pub at: Moment,
    pub what: Said,
    pub by: String,
    pub comment: String,
}

/// What the page says of a form that was not carried out.
#[derive(Debug, Default)]
struct Back {
    alert: Option<String>,
    fault: Option<Said>,
    fault_of_box: bool,
    typed: String,
}

pub async fn show(desk: Desk, Path(id): Path<String>) -> Response {
    let answer = async { page_of(&desk, read(&id)?, Back::default(), StatusCode::OK).await };
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
        let typed = said.clone();
        if !fields.has("confirmed") && act != "submit" {
            let fault = Some(say("request-confirm-missing"));
            let back = Back { fault, fault_of_box: true, typed, ..Back::default() };
            return page_of(&desk, id, back, StatusCode::UNPROCESSABLE_ENTITY).await;
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
                let back = Back { alert, typed, ..Back::default() };
                page_of(&desk, id, back, StatusCode::CONFLICT).await
            }
            Err(Error::Malformed(_)) => {
                let fault = Some(say("request-reason-missing"));
                let back = Back { fault, typed, ..Back::default() };
                page_of(&desk, id, back, StatusCode::UNPROCESSABLE_ENTITY).await
            }
            Err(error) => Err(error),
        }
    };
    desk.settle(answer.await)
}

/// What the page is made of.
struct Gathered {
    view: View,
    now: Option<Now>,
    things: Vec<Thing>,
    named: Vec<(PrincipalId, String)>,
}

fn gather(tx: &mut Tx<'_>, app: &App, call: &Call, id: RequestId) -> Result<Gathered, Error> {
    let view = request::show(tx, app, call, id)?;
    let now = request::priced_now(tx, app, call, &view)?;
    let things = things(tx, app, call, &view.document.ask)?;
    let demands = view.document.state.submitted().map(|it| it.demands()).unwrap_or_default();
    let ids: Vec<PrincipalId> =
        demands.iter().flat_map(|demand| demand.approvers.principals.iter().copied()).collect();
    let named = request::named_approvers(tx, call, &ids)?;
    Ok(Gathered { view, now, things, named })
}

async fn page_of(
    desk: &Desk,
    id: RequestId,
    back: Back,
    status: StatusCode,
) -> Result<Response, Error> {
    let call = desk.call();
    let found = desk.read(move |tx, app| gather(tx, app, &call, id)).await?;
    Ok(page::answer(status, &page(desk, found, back)))
}

fn page(desk: &Desk, found: Gathered, back: Back) -> RequestPage {
    let Gathered { view, now, things, named } = found;
    let (row, document) = (&view.row, &view.document);
    let was = document.submitted_figures.as_ref();
    let is = now.as_ref().and_then(|now| now.figures.as_ref()).or(document.figures.as_ref());
    let stopped = now.as_ref().is_some_and(|now| now.refusal.is_some() || now.moved.is_some());
    let may = May {
        submit: view.may.submit,
        // What would be stopped by its approval is not offered; the page says why.
        approve: view.may.decide && !stopped,
        refuse: view.may.decide,
        withdraw: view.may.withdraw,
    };
    let values = [("kind", what(row.kind).into()), ("what", in_short(&things).into())];
    let heading = say_with("request-title", values);
    let lines = is.map(|is| lines(is, was)).unwrap_or_default();
    let refusal = document.refusal.as_ref();
    RequestPage {
        shell: desk.shell(heading.clone(), Section::Requests),
        crumbs: vec![Crumb {
            label: say("requests-heading").into_owned(),
            href: "/requests".to_owned(),
        }],
        path: format!("/requests/{}", row.id),
        status: status(row.status),
        class: class(row.status),
        runs: matches!(row.status, Status::Approved | Status::Running),
        asked_by: asked_by(&view),
        asked_at: Moment(row.created_at),
        until: row.status.is_open().then_some(Moment(row.expires_at)),
        alerts: alerts(&view, now.as_ref(), back.alert),
        stake: is.map(|is| words::money(is.stake)),
        lines,
        priced_at: Moment(now.as_ref().map_or(document.priced_at, |_| desk.app().now())),
        facts: facts(&view),
        result: result(&view).filter(|_| things.iter().any(|thing| thing.href.is_some())),
        demands: demands(&view, &named),
        steps: view.steps.iter().map(step).collect(),
        proof: Proof::new(&desk.app().book, &view.findings, refusal, words::subject),
        comment: document.comment.clone(),
        may,
        fault: back.fault,
        fault_of_box: back.fault_of_box,
        typed: back.typed,
        things,
        heading,
    }
}

fn asked_by(view: &View) -> Said {
    let draft = view.document.state.drafted();
    let name = draft.drafter().name.clone().into();
    match draft.on_behalf_of() {
        Some(person) => {
            let person = person.name.clone().into();
            say_with("request-asked-for", [("name", name), ("person", person)])
        }
        None => say_with("request-asked-by", [("name", name)]),
    }
}

fn lines(is: &Figures, was: Option<&Figures>) -> Vec<Line> {
    let line = |line: &prorata_domain::request::figures::Figure| {
        let before = was.and_then(|was| was.lines.iter().find(|other| other.label == line.label));
        let before = before.filter(|before| before.amount != line.amount);
        Line {
            label: label(&line.label),
            was: before.map(|before| words::money(before.amount)),
            amount: words::money(line.amount),
        }
    };
    is.lines.iter().map(line).collect()
}

fn alerts(view: &View, now: Option<&Now>, sent: Option<String>) -> Vec<Alert> {
    let document = &view.document;
    let alert = |says: Said, recorded, urgent| Alert { says, recorded, urgent };
    let mut all: Vec<Alert> = sent.into_iter().map(|it| alert("".into(), it, true)).collect();
    let why = document.state.why().map(|(_, reason)| words::sentence(&words::capital(&reason)));
    all.extend(why.filter(|why| !why.is_empty()).map(|why| alert("".into(), why, true)));
    let tolerance = tolerances(view);
    match now {
        Some(Now { moved: Some(moved), .. }) => all.push(alert(beyond(moved), String::new(), true)),
        Some(Now { refusal: Some(refusal), .. }) => {
            all.push(alert(say("request-refused-now"), words::reason(refusal), true));
        }
        Some(Now { figures, .. }) if *figures != document.submitted_figures => {
            let values = [("tolerance", tolerance.into())];
            all.push(alert(say_with("request-moved-within", values), String::new(), false));
        }
        Some(_) => {}
        None => {
            let refusal = document.refusal.as_ref().filter(|_| view.row.status.is_open());
            all.extend(refusal.map(|refusal| alert("".into(), words::reason(refusal), true)));
        }
    }
    all
}

fn beyond(moved: &Moved) -> Said {
    let values = [
        ("label", label(&moved.label).into()),
        ("was", words::money(moved.was).into()),
        ("is", words::money(moved.is).into()),
        ("tolerance", moved.tolerance.to_string().into()),
    ];
    say_with("request-moved-beyond", values)
}

fn tolerances(view: &View) -> String {
    let all: Vec<String> = view.document.tolerances.iter().map(ToString::to_string).collect();
    all.join(", ")
}

fn facts(view: &View) -> Vec<Fact> {
    let row = &view.row;
    let mut facts = Vec::new();
    if !view.document.tolerances.is_empty() {
        facts.push(Fact::words(say("request-tolerance"), tolerances(view)));
    }
    facts.push(Fact::identifier(say("request-id"), row.id));
    if let Some(operation) = row.operation {
        facts.push(Fact::identifier(say("request-operation"), operation));
    }
    facts
}

/// Where what was done is shown.
fn result(view: &View) -> Option<String> {
    let operation = view.row.operation?;
    match (&view.document.ask, view.row.kind) {
        (Ask::Refund(refund), _) => {
            let (order, reservation) = (refund.ask.order, refund.ask.reservation);
            Some(format!("/reservations/{order}/{reservation}/refund/{operation}"))
        }
        (Ask::Exchange(_), Kind::Exchange) => Some(format!("/exchange/{operation}")),
        (Ask::Exchange(_) | Ask::Purchase(_) | Ask::SavingsPlan(_), _) => None,
    }
}

fn demands(view: &View, named: &[(PrincipalId, String)]) -> Vec<Demand> {
    let Some(submitted) = view.document.state.submitted() else { return Vec::new() };
    let approvals = submitted.approvals();
    let demand = |demand: &Asked| {
        let (met, given) = (demand.is_met(approvals), demand.given(approvals));
        let values = [("given", given.into()), ("needed", demand.approvals.into())];
        let people: Vec<&str> = approvals
            .iter()
            .filter(|approval| approval.counts_for.contains(&demand.policy))
            .map(|approval| approval.person.name.as_str())
            .collect();
        Demand {
            policy: match demand.policy.as_str() {
                FOUR_EYES | RIGHT => say(&format!("request-policy-{}", demand.policy)).into_owned(),
                other => other.to_owned(),
            },
            given: say_with(if met { "request-given-all" } else { "request-given" }, values),
            by: match demand.policy.as_str() {
                RIGHT => say("request-someone-with-right").into_owned(),
                _ => approvers(&demand.approvers, named),
            },
            people: (!people.is_empty())
                .then(|| say_with("request-approved-by", [("names", people.join(", ").into())])),
            met,
        }
    };
    submitted.demands().iter().map(demand).collect()
}

/// Who may approve, by the names of roles and people.
pub fn approvers(of: &Approvers, named: &[(PrincipalId, String)]) -> String {
    let person = |id: &PrincipalId| {
        let found = named.iter().find(|(other, _)| other == id);
        found.map_or_else(|| id.to_string(), |(_, name)| name.clone())
    };
    let all: Vec<String> =
        of.roles.iter().cloned().chain(of.principals.iter().map(person)).collect();
    if all.is_empty() { say("request-anyone").into_owned() } else { all.join(", ") }
}

fn step(step: &prorata_store::requests::Step) -> Step {
    Step {
        at: Moment(step.at),
        what: say(&format!("request-event-{}", step.event.as_str())),
        by: match step.principal {
            Some(_) => step.name.clone(),
            None => say("request-by-desk").into_owned(),
        },
        comment: step.comment.clone(),
    }
}
