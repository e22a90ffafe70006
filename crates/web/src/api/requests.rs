//! Requests that others approve, and the policies that say who.

use super::asked::{Asked, read};
use super::table::{Entry, may, run, signed_in};
use crate::arm::{ArmError, RouteTable, json};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use prorata_app::request::{self, Ask, Filter, NewRequest, Refund, View};
use prorata_app::{App, Error, exchange, refund, worker};
use prorata_domain::access::Action;
use prorata_domain::ids::RequestId;
use prorata_domain::request::approval::Scope;
use prorata_domain::request::{Kind, Status, form};
use prorata_wire::request as shape;

/// What a step is told with: the word for it in the body.
const COMMENT: &str = "comment";
const REASON: &str = "reason";

pub(super) fn routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    // The jobs show a request to those who take part in it, who see what it is about, or who may
    // decide on it, and ask what a step needs.
    let one = "/prorata/requests/{request}";
    let table = table
        .route(Method::POST, "/prorata/requests", "Request_Draft", &[], signed_in(run!(draft)))
        .route(Method::GET, "/prorata/requests", "Request_List", &[], signed_in(run!(list)))
        .route(Method::GET, one, "Request_Get", &[], signed_in(run!(show)))
        .route(
            Method::POST,
            "/prorata/requests/{request}/submit",
            "Request_Submit",
            &[],
            signed_in(run!(submit)),
        )
        .route(
            Method::POST,
            "/prorata/requests/{request}/approve",
            "Request_Approve",
            &[],
            signed_in(run!(approve)),
        )
        .route(
            Method::POST,
            "/prorata/requests/{request}/reject",
            "Request_Reject",
            &[],
            signed_in(run!(reject)),
        )
        .route(
            Method::POST,
            "/prorata/requests/{request}/withdraw",
            "Request_Withdraw",
            &[],
            signed_in(run!(withdraw)),
        );
    policy_routes(table)
}

fn policy_routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    let one = "/prorata/approval-policies/{policy}";
    let list = may(Action::Read, run!(list_policies));
    table
        .route(Method::GET, "/prorata/approval-policies", "ApprovalPolicy_List", &[], list)
        .route(Method::GET, one, "ApprovalPolicy_Get", &[], may(Action::Read, run!(get_policy)))
        .route(Method::PUT, one, "ApprovalPolicy_Put", &[], may(Action::Assign, run!(put_policy)))
        .route(
            Method::DELETE,
            one,
            "ApprovalPolicy_Delete",
            &[],
            may(Action::Assign, run!(delete_policy)),
        )
}

async fn draft(asked: Asked) -> Result<Response, ArmError> {
    let wanted = read(shape::parse_draft(&asked.json().await?))?;
    let new = NewRequest {
        id: wanted.id,
        ask: ask(wanted.wanted),
        on_behalf_of: wanted.on_behalf_of,
        comment: wanted.comment,
    };
    let view = asked.write(move |tx, app, call| request::draft(tx, app, call, &new)).await?;
    Ok(json(StatusCode::CREATED, &shown(&asked, &view)))
}

/// What is asked for, as the jobs take it.
fn ask(wanted: shape::Wanted) -> Ask {
    match wanted {
        shape::Wanted::Refund { order, reservation, quantity, reason } => {
            Ask::Refund(Refund { ask: refund::Ask { order, reservation, quantity }, reason })
        }
        shape::Wanted::Exchange(wanted) => Ask::Exchange(exchange::Ask {
            returns: wanted
                .returns
                .into_iter()
                .map(|given| exchange::GivenUp {
                    order: given.order,
                    reservation: given.reservation,
                    quantity: given.quantity,
                })
                .collect(),
            purchases: wanted.purchases,
            savings_plans: wanted.savings_plans,
        }),
        shape::Wanted::Purchase(wanted) => Ask::Purchase(*wanted),
        shape::Wanted::SavingsPlan(wanted) => Ask::SavingsPlan(*wanted),
    }
}

async fn list(asked: Asked) -> Result<Response, ArmError> {
    let filter = Filter {
        status: word(&asked, "status", Status::parse, Status::ALL.iter().map(|it| it.as_str()))?,
        kind: word(&asked, "kind", Kind::parse, Kind::ALL.iter().map(|it| it.as_str()))?,
        waiting_for_me: asked.flag("waitingForMe")?,
        mine: asked.flag("mine")?,
        over: false,
    };
    let limit = asked.rows("take")?;
    let mark = asked.query.get("$skiptoken").filter(|mark| !mark.is_empty()).map(str::to_owned);
    let page = asked
        .read(move |tx, app, call| request::list(tx, app, call, filter, mark.as_deref(), limit))
        .await?;
    let next = page.next.map(|mark| asked.next_link("$skiptoken", &mark));
    let rows = page.rows.iter().map(|view| shape::row(&wire(view))).collect();
    Ok(json(StatusCode::OK, &shape::page(rows, next)))
}

/// A word in the query, where it is given.
fn word<T>(
    asked: &Asked,
    name: &str,
    parse: impl FnOnce(&str) -> Option<T>,
    known: impl Iterator<Item = &'static str>,
) -> Result<Option<T>, ArmError> {
    let Some(sent) = asked.query.get(name).filter(|sent| !sent.is_empty()) else {
        return Ok(None);
    };
    parse(sent).map(Some).ok_or_else(|| {
        let shown: String = sent.chars().take(64).collect();
        let known: Vec<&str> = known.collect();
        let message = format!("`{name}` is `{shown}`; give one of {}.", known.join(", "));
        ArmError::bad_request("BadRequest", message).with_target(name)
    })
}

async fn show(asked: Asked) -> Result<Response, ArmError> {
    let id = id(&asked)?;
    let view = asked.read(move |tx, app, call| request::show(tx, app, call, id)).await?;
    Ok(json(StatusCode::OK, &shown(&asked, &view)))
}

async fn submit(asked: Asked) -> Result<Response, ArmError> {
    let id = id(&asked)?;
    let view = asked.write(move |tx, app, call| request::submit(tx, app, call, id)).await?;
    settle(asked.app()).await.map_err(|error| asked.problem(error))?;
    Ok(json(StatusCode::OK, &shown(&asked, &view)))
}

async fn approve(asked: Asked) -> Result<Response, ArmError> {
    let (id, said) = (id(&asked)?, said(&asked, COMMENT).await?);
    let view = asked.write(move |tx, app, call| request::approve(tx, app, call, id, &said)).await?;
    settle(asked.app()).await.map_err(|error| asked.problem(error))?;
    Ok(json(StatusCode::OK, &shown(&asked, &view)))
}

async fn reject(asked: Asked) -> Result<Response, ArmError> {
    let (id, said) = (id(&asked)?, said(&asked, REASON).await?);
    let view = asked.write(move |tx, app, call| request::reject(tx, app, call, id, &said)).await?;
    Ok(json(StatusCode::OK, &shown(&asked, &view)))
}

async fn withdraw(asked: Asked) -> Result<Response, ArmError> {
    let (id, said) = (id(&asked)?, said(&asked, REASON).await?);
    let view =
        asked.write(move |tx, app, call| request::withdraw(tx, app, call, id, &said)).await?;
    Ok(json(StatusCode::OK, &shown(&asked, &view)))
}

/// Lets what was approved be done, where nothing runs by itself.
///
/// # Errors
/// Those of the database.
pub(crate) async fn settle(app: &App) -> Result<(), Error> {
    let app = app.clone();
    let ended = tokio::task::spawn_blocking(move || worker::settle(&app)).await;
    ended.map_err(|error| Error::Broken(format!("what was due could not be run: {error}")))?
}

fn id(asked: &Asked) -> Result<RequestId, ArmError> {
    asked.guid("request", "BadRequest", "request", RequestId::parse)
}

async fn said(asked: &Asked, member: &str) -> Result<String, ArmError> {
    read(shape::parse_said(&asked.json().await?, member))
}

fn wire(view: &View) -> shape::View<'_> {
    let (row, document) = (&view.row, &view.document);
    shape::View {
        id: row.id,
        kind: row.kind,
        status: row.status,
        target: &row.target,
        billing_account: &row.billing_account,
        comment: &document.comment,
        created_at: row.created_at,
        updated_at: row.updated_at,
        expires_at: row.expires_at,
        operation: row.operation,
        state: &document.state,
        figures: document.figures.as_ref(),
        submitted_figures: document.submitted_figures.as_ref(),
        tolerances: &document.tolerances,
        priced_at: document.priced_at,
        refusal: document.refusal.as_ref(),
        findings: &view.findings,
        policy_findings: &document.policy_findings,
        may_submit: view.may.submit,
        may_decide: view.may.decide,
        may_withdraw: view.may.withdraw,
    }
}

fn shown(asked: &Asked, view: &View) -> serde_json::Value {
    let steps: Vec<shape::Step<'_>> = view
        .steps
        .iter()
        .map(|step| shape::Step {
            at: step.at,
            event: step.event,
            status: step.status,
            principal: step.principal,
            name: &step.name,
            comment: &step.comment,
        })
        .collect();
    shape::show(&asked.app().book, &wire(view), &steps)
}

async fn list_policies(asked: Asked) -> Result<Response, ArmError> {
    let policies = asked.read(request::list_policies).await?;
    let rows = policies.iter().map(shape::policy).collect();
    Ok(json(StatusCode::OK, &shape::page(rows, None)))
}

async fn get_policy(asked: Asked) -> Result<Response, ArmError> {
    let (scope, name) = about(&asked)?;
    let policy =
        asked.read(move |tx, app, call| request::get_policy(tx, app, call, &scope, &name)).await?;
    Ok(json(StatusCode::OK, &shape::policy(&policy)))
}

async fn put_policy(asked: Asked) -> Result<Response, ArmError> {
    let (scope, name) = about(&asked)?;
    let wanted = read(shape::parse_policy(&asked.json().await?))?;
    let policy = asked
        .write(move |tx, app, call| request::put_policy(tx, app, call, &scope, &name, &wanted))
        .await?;
    Ok(json(StatusCode::OK, &shape::policy(&policy)))
}

async fn delete_policy(asked: Asked) -> Result<Response, ArmError> {
    let (scope, name) = about(&asked)?;
    asked.write(move |tx, app, call| request::delete_policy(tx, app, call, &scope, &name)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Which policy is meant: its name in the path, and whose deeds it is about in the query; without
/// that, those of the caller's tenant.
fn about(asked: &Asked) -> Result<(Scope, String), ArmError> {
    let name = asked.captures.get("policy").to_owned();
    let sent = asked.query.get("scope").filter(|sent| !sent.is_empty()).unwrap_or("tenant");
    let scope = form::read_scope(sent, asked.call()?.caller.tenant).ok_or_else(|| {
        let shown: String = sent.chars().take(64).collect();
        let message = format!(
            "`scope` is `{shown}`; give `tenant`, `billing-account/` and its id, or `customer/` \
             and its id."
        );
        ArmError::bad_request("BadRequest", message).with_target("scope")
    })?;
    Ok((scope, name))
}
