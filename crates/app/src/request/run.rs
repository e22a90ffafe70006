//! What the desk does with a request by itself: it looks at it when it is approved, when its end
//! comes near, at its end, and when something it would give up is given up otherwise.
//!
//! An approved request is done in the transaction that takes its job away: it runs, its deed is
//! recorded and it is done, or nothing of it is. So it is done once, whatever breaks in between.

use super::ask::Ended;
use super::document::{Document, Happened, load, save};
use super::notices::{Notice, tell};
use super::rights::may_do;
use super::steps::{Checked, check, lacking, not_possible};
use crate::{App, Call, Caller, Error};
use jiff::{Timestamp, ToSpan};
use prorata_domain::ids::{OrderId, PrincipalId, RequestId, TenantId};
use prorata_domain::request::{Cause, Event, Status};
use prorata_domain::term::utc_day;
use prorata_store::Tx;
use prorata_store::jobs::{self, Job, NewJob};
use prorata_store::requests::{self, Request};
use serde::{Deserialize, Serialize};

/// The job that looks at a request.
pub(crate) const REQUEST_DUE: &str = "request-due";

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Due {
    tenant: TenantId,
    request: RequestId,
    /// The version of the request that the job was pushed for: once it has changed, the change has
    /// pushed a job of its own. None for a look at whether its object is still there.
    version: Option<i64>,
}

/// Has a request looked at when something is due of it after an instant: at once where it is
/// approved, else when its end is to be told, and at its end.
pub(super) fn look_at(
    tx: &mut Tx<'_>,
    app: &App,
    row: &Request,
    after: Timestamp,
) -> Result<(), Error> {
    let at = match row.status {
        Status::Approved => Some(after),
        Status::Draft | Status::Submitted => {
            let told = notice_at(app, row);
            [told, row.expires_at].into_iter().filter(|at| *at > after).min()
        }
        Status::Running
        | Status::Rejected
        | Status::Withdrawn
        | Status::Expired
        | Status::Stopped
        | Status::Done
        | Status::Failed => None,
    };
    let Some(at) = at else { return Ok(()) };
    push(tx, Due { tenant: row.tenant, request: row.id, version: Some(row.version) }, at)
}

fn push(tx: &mut Tx<'_>, due: Due, at: Timestamp) -> Result<(), Error> {
    let payload = serde_json::to_string(&due)?;
    let id = tx.new_id();
    let job = NewJob { id, kind: REQUEST_DUE, run_at: at, payload: &payload, version: 1 };
    Ok(jobs::push(tx, &job)?)
}

fn notice_at(app: &App, row: &Request) -> Timestamp {
    let days = app.book.in_force(utc_day(row.expires_at)).request_life.value.notice_days;
    row.expires_at.checked_sub((days * 24).hours()).unwrap_or(Timestamp::MIN)
}

/// Has the requests looked at that wait and would give up something of an order.
pub(crate) fn look_at_those_of(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    order: OrderId,
    at: Timestamp,
) -> Result<(), Error> {
    for request in requests::open_of_order(tx, order)? {
        push(tx, Due { tenant, request, version: None }, at)?;
    }
    Ok(())
}

/// A call of the desk's own about a request.
fn own_call(row: &Request, now: Timestamp) -> Call {
    let nobody = PrincipalId(uuid::Uuid::nil());
    Call::new(Caller::new(row.tenant, nobody, "prorata", "prorata"), now, row.id.0)
}

/// Does what is due of a request.
///
/// # Errors
/// Those of the database, and those of its deed: see [`given_up`].
pub(crate) fn run(tx: &mut Tx<'_>, app: &App, job: &Job) -> Result<(), Error> {
    let due: Due = serde_json::from_str(&job.payload)?;
    let (mut row, mut document) = match load(tx, due.tenant, due.request) {
        Ok(found) => found,
        // Its order went to another tenant; what was asked for here is nobody's now.
        Err(Error::Absent { .. }) => return Ok(()),
        Err(other) => return Err(other),
    };
    if due.version.is_some_and(|version| version != row.version) {
        return Ok(());
    }
    match row.status {
        Status::Approved if due.version.is_none() => Ok(()),
        Status::Approved => {
            // What others do is as of now, and so is this.
            let now = app.now().max(job.run_at);
            carry_out(tx, app, &own_call(&row, now), &mut row, &mut document)
        }
        Status::Draft | Status::Submitted => {
            let call = own_call(&row, job.run_at);
            wait(tx, app, &call, &mut row, &mut document, due.version.is_some())
        }
        Status::Running
        | Status::Rejected
        | Status::Withdrawn
        | Status::Expired
        | Status::Stopped
        | Status::Done
        | Status::Failed => Ok(()),
    }
}

/// Looks at a request that waits: it expires, is told of, or is withdrawn since its object is gone.
fn wait(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    row: &mut Request,
    document: &mut Document,
    by_time: bool,
) -> Result<(), Error> {
    if call.now >= row.expires_at {
        let was_draft = row.status == Status::Draft;
        document.state = document.state.clone().expire(call.now).map_err(not_possible)?;
        let happened = Happened { event: Event::Expire, by: None, comment: "" };
        save(tx, call, row, document, None, &happened)?;
        return if was_draft { Ok(()) } else { tell(tx, call, row, document, Notice::Expired) };
    }
    if row.status == Status::Draft {
        return look_at(tx, app, row, call.now);
    }
    let before = document.clone();
    let (checked, priced) = check(tx, app, call, document, row.id)?;
    if let Checked::Ends(Event::Withdraw, notice, why) = checked {
        let findings = priced.as_ref().map(|priced| priced.findings.as_slice());
        let happened = Happened { event: Event::Withdraw, by: None, comment: &why };
        save(tx, call, row, document, findings, &happened)?;
        return tell(tx, call, row, document, notice);
    }
    // What has moved may move back: that is looked at when somebody approves.
    *document = before;
    if !by_time {
        return Ok(());
    }
    if call.now >= notice_at(app, row) {
        tell(tx, call, row, document, Notice::Expiring)?;
    }
    look_at(tx, app, row, call.now)
}

/// Does what was approved, while it still is what was approved.
fn carry_out(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    row: &mut Request,
    document: &mut Document,
) -> Result<(), Error> {
    let (checked, priced) = check(tx, app, call, document, row.id)?;
    let findings = priced.as_ref().map(|priced| priced.findings.clone());
    let asked = match checked {
        Checked::Holds(asked) => asked,
        Checked::Ends(event, notice, why) => {
            let happened = Happened { event, by: None, comment: &why };
            save(tx, call, row, document, findings.as_deref(), &happened)?;
            return tell(tx, call, row, document, notice);
        }
    };
    let submitted = document.state.submitted().cloned();
    let submitted =
        submitted.ok_or_else(|| Error::Broken("an approved request was never put".to_owned()))?;
    let runner = match runner(tx, call, row, document)? {
        Ok(acting) => lacking(&submitted, &asked).map_or(Ok(acting), Err),
        none => none,
    };
    let acting = match runner {
        Ok(acting) => acting,
        Err(cause) => {
            let why = cause.reason();
            document.state = document.state.clone().stop(cause, call.now).map_err(not_possible)?;
            let happened = Happened { event: Event::Stop, by: None, comment: &why };
            save(tx, call, row, document, findings.as_deref(), &happened)?;
            return tell(tx, call, row, document, Notice::Stopped);
        }
    };
    let state = document.state.clone();
    let running = state.run(acting.caller.principal, call.now).map_err(not_possible)?;
    document.state = prorata_domain::request::State::Running(running.clone());
    let right = format!("by the right of {}", acting.caller.name);
    let begun = Happened { event: Event::Run, by: None, comment: &right };
    save(tx, call, row, document, findings.as_deref(), &begun)?;
    let ask = document.ask.clone();
    let (event, notice, said) = match ask.carry_out(tx, app, &acting, row.id, &running)? {
        Ended::Done(operation) => {
            document.state = running.finish(operation, call.now);
            (Event::Finish, Notice::Done, String::new())
        }
        Ended::Failed { code, reason } => {
            document.state = running.fail(code, reason.clone(), call.now);
            (Event::Fail, Notice::Failed, reason)
        }
    };
    let ended = Happened { event, by: None, comment: &said };
    save(tx, call, row, document, None, &ended)?;
    tell(tx, call, row, document, notice)
}

/// By whose right it is done: that of who submitted it, or else of the first of those who approved
/// it who has it now.
fn runner(
    tx: &mut Tx<'_>,
    call: &Call,
    row: &Request,
    document: &Document,
) -> Result<Result<Call, Cause>, Error> {
    let people: Vec<_> =
        document.state.submitted().into_iter().flat_map(|it| it.people()).collect();
    for person in people {
        let Some(acting) = document.call_of(person, call.now, row.id) else { continue };
        if may_do(tx, &acting, &document.ask)? {
            return Ok(Ok(acting));
        }
    }
    let reason = "nobody who submitted or approved it may do it any more".to_owned();
    Ok(Err(Cause::NoRight { reason }))
}

/// Ends a request whose deed cannot be done, whose transaction was rolled back. Answers false for
/// what may be tried again.
///
/// # Errors
/// Those of the database.
pub(crate) fn given_up(app: &App, job: &Job, error: &Error) -> Result<bool, Error> {
    let (code, reason) = match error {
        Error::Refused(refused) => {
            (refused.refusal.code.to_string(), refused.refusal.reason.clone())
        }
        Error::Denied { .. } | Error::SecondFactorAsked { .. } => {
            ("AuthorizationFailed".to_owned(), error.to_string())
        }
        Error::Absent { code, .. } | Error::KeyReused { code, .. } => {
            ((*code).to_owned(), error.to_string())
        }
        // Anything else may be tried again, or is for the operator to look at.
        _ => return Ok(false),
    };
    let job = job.clone();
    app.write(move |tx, app| {
        if !jobs::take(tx, &job)? {
            return Ok(true);
        }
        let due: Due = serde_json::from_str(&job.payload)?;
        let (mut row, mut document) = load(tx, due.tenant, due.request)?;
        if row.status != Status::Approved {
            return Ok(true);
        }
        let call = own_call(&row, app.now().max(job.run_at));
        let by = document.state.submitted().map(|submitted| submitted.by().principal);
        let state = document.state.clone();
        let by = by.unwrap_or(row.principal);
        let running = state.run(by, call.now).map_err(not_possible)?;
        document.state = running.fail(code.clone(), reason.clone(), call.now);
        let happened = Happened { event: Event::Fail, by: None, comment: &reason };
        save(tx, &call, &mut row, &document, None, &happened)?;
        tell(tx, &call, &row, &document, Notice::Failed)?;
        Ok(true)
    })
}
