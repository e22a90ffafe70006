//! What people do with a request: draft, submit, approve, reject, withdraw. Each may be sent twice;
//! the second is answered as the first, and changes nothing.

use super::ask::{Ask, Priced};
use super::document::{Document, Happened, absent, insert, load, person, save};
use super::notices::{Notice, tell};
use super::policies::{self, Asked};
use super::rights::{approver, may_ask};
use super::run::look_at;
use super::shown::{View, view, visible_as};
use crate::operations::Kind;
use crate::{App, Call, Error};
use jiff::{Timestamp, ToSpan};
use prorata_domain::decision::Refusal;
use prorata_domain::ids::{PrincipalId, RequestId};
use prorata_domain::policy::ClauseId;
use prorata_domain::request::approval::{Approver, RIGHT, stricter};
use prorata_domain::request::{Cause, Event, NotPossible, Person, State, Status, Submitted};
use prorata_domain::term::utc_day;
use prorata_store::requests::{self, Request};
use prorata_store::{Tx, world};

/// A request to be drafted.
#[derive(Debug, Clone)]
pub struct NewRequest {
    /// Chosen by the caller, so that it may be sent twice; else the desk chooses.
    pub id: Option<RequestId>,
    pub ask: Ask,
    /// For whom it is drafted, where that is somebody else of the tenant.
    pub on_behalf_of: Option<PrincipalId>,
    pub comment: String,
}

/// Drafts a request and prices it, also where the answer is no.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`] for who may not see what it is about;
/// [`Error::KeyReused`] for an id that was used for another request.
pub fn draft(tx: &mut Tx<'_>, app: &App, call: &Call, new: &NewRequest) -> Result<View, Error> {
    if let Some(id) = new.id
        && let Some(known) = requests::load(tx, id)?
    {
        return again(tx, app, call, known, new);
    }
    may_ask(tx, call, &new.ask)?;
    let by = person(&call.caller);
    let on_behalf_of = new.on_behalf_of.map(|id| other(tx, call, id)).transpose()?;
    let state = State::draft(by.clone(), on_behalf_of);
    let mut document = Document::new(new.ask.clone(), new.comment.clone(), state, call.now);
    document.remember(&call.caller);
    let priced = new.ask.price(tx, app, call)?;
    let asked = policies::ask(tx, call, &new.ask, &priced)?;
    note(app, call, &mut document, &priced, asked.as_ref());
    let mut row = Request {
        id: new.id.unwrap_or_else(|| RequestId(tx.new_id())),
        tenant: call.caller.tenant,
        kind: new.ask.kind(),
        status: Status::Draft,
        principal: call.caller.principal,
        billing_account: priced.billing_account(),
        target: new.ask.target(),
        created_at: call.now,
        updated_at: call.now,
        expires_at: expires_at(app, call.now, asked.as_ref()),
        operation: None,
        doc: String::new(),
        findings: String::new(),
        version: 1,
    };
    insert(tx, call, &mut row, &document, &priced.findings, &by)?;
    look_at(tx, app, &row, call.now)?;
    view(tx, call, row, document)
}

/// The same draft again; another under the same id is a conflict.
fn again(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    known: Request,
    new: &NewRequest,
) -> Result<View, Error> {
    let document: Document = serde_json::from_str(&known.doc)?;
    let mine = known.tenant == call.caller.tenant && known.principal == call.caller.principal;
    if mine && document.ask == new.ask {
        return view(tx, call, known, document);
    }
    Err(Error::KeyReused { what: format!("request id `{}`", known.id), code: "RequestIdExists" })
}

/// Somebody else of the tenant.
fn other(tx: &mut Tx<'_>, call: &Call, id: PrincipalId) -> Result<Person, Error> {
    let row = world::principal(tx, call.caller.tenant, id)?
        .ok_or_else(|| Error::malformed("onBehalfOf", "must be a principal of this tenant"))?;
    let caller = crate::Caller {
        kind: row.kind,
        home: row.home.unwrap_or(row.tenant),
        ..crate::Caller::new(row.tenant, row.id, row.client_id, row.name)
    };
    Ok(person(&caller))
}

/// Writes down what it comes to now, and what the policies say of that.
pub(super) fn note(
    app: &App,
    call: &Call,
    document: &mut Document,
    priced: &Priced,
    asked: Option<&Asked>,
) {
    document.figures.clone_from(&priced.figures);
    document.refusal.clone_from(&priced.refusal);
    document.priced_at = call.now;
    app.book.digest().clone_into(&mut document.policy);
    if let Some(asked) = asked {
        document.asked = Some(asked.facts.clone());
        document.policy_findings.clone_from(&asked.findings);
    }
}

/// When a request lapses that is drafted or submitted now.
fn expires_at(app: &App, now: Timestamp, asked: Option<&Asked>) -> Timestamp {
    let life = app.book.in_force(utc_day(now)).request_life.value.days;
    let days = asked.and_then(|asked| asked.need.life_days).unwrap_or(life);
    now.checked_add((days * 24).hours()).unwrap_or(Timestamp::MAX)
}

/// Puts a draft before its approvers. What no policy wants approved is approved at once.
///
/// # Errors
/// [`Error::Refused`] where it cannot be done as it stands, or it is not theirs to submit.
pub fn submit(tx: &mut Tx<'_>, app: &App, call: &Call, id: RequestId) -> Result<View, Error> {
    submit_draft(tx, app, call, id)
        .map_err(|error| error.attempted(call, Kind::Request, format!("request/{id}")))
}

fn submit_draft(tx: &mut Tx<'_>, app: &App, call: &Call, id: RequestId) -> Result<View, Error> {
    let (mut row, mut document) = known(tx, call, id)?;
    let by = person(&call.caller);
    if let Some(submitted) = document.state.submitted()
        && submitted.by().is_same(&by)
    {
        return view(tx, call, row, document);
    }
    in_time(call, &row)?;
    may_ask(tx, call, &document.ask)?;
    document.remember(&call.caller);
    let ask = document.ask.clone();
    let priced = ask.price(tx, app, call)?;
    if let Some(refusal) = &priced.refusal {
        return Err(Error::refused(refusal.clone(), priced.findings));
    }
    let asked = policies::ask(tx, call, &ask, &priced)?
        .ok_or_else(|| Error::Broken("what was not refused has no price".to_owned()))?;
    note(app, call, &mut document, &priced, Some(&asked));
    document.submitted_figures.clone_from(&priced.figures);
    document.tolerances = policies::tolerances(app, call, &asked.need);
    row.expires_at = expires_at(app, call.now, Some(&asked));
    let demands = asked.need.demands;
    document.state =
        document.state.clone().submit(by.clone(), demands, call.now).map_err(not_possible)?;
    let happened = Happened { event: Event::Submit, by: Some(&by), comment: "" };
    save(tx, call, &mut row, &document, Some(&priced.findings), &happened)?;
    settled(tx, app, call, &row, &document, Notice::Submitted)?;
    view(tx, call, row, document)
}

/// Tells who has to know, and has it run where it is approved.
fn settled(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    row: &Request,
    document: &Document,
    waiting: Notice,
) -> Result<(), Error> {
    look_at(tx, app, row, call.now)?;
    match (document.state.status(), waiting) {
        (Status::Approved, _) => tell(tx, call, row, document, Notice::Approved),
        (_, Notice::Submitted) => tell(tx, call, row, document, Notice::Submitted),
        _ => Ok(()),
    }
}

/// Says yes. It is priced again first: one that has moved too far, or is refused by the rules now,
/// is stopped instead, and one whose object is gone is withdrawn; the answer shows it.
///
/// # Errors
/// [`Error::Refused`] for who may not approve it, or when it does not wait for that (any more).
pub fn approve(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    id: RequestId,
    comment: &str,
) -> Result<View, Error> {
    approve_waiting(tx, app, call, id, comment)
        .map_err(|error| error.attempted(call, Kind::Request, format!("request/{id}")))
}

fn approve_waiting(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    id: RequestId,
    comment: &str,
) -> Result<View, Error> {
    let (mut row, mut document) = known(tx, call, id)?;
    if approved_by(&document, call) {
        return view(tx, call, row, document);
    }
    in_time(call, &row)?;
    let approver = approver(tx, call, &document.ask)?;
    let submitted = waiting(&document, Event::Approve)?;
    submitted.counts_for(&approver).map_err(not_possible)?;
    document.remember(&call.caller);
    let (checked, priced) = check(tx, app, call, &mut document, id)?;
    let asked = match checked {
        Checked::Holds(asked) => asked,
        Checked::Ends(event, notice, why) => {
            let happened = Happened { event, by: None, comment: &why };
            let findings = priced.as_ref().map(|priced| priced.findings.as_slice());
            save(tx, call, &mut row, &document, findings, &happened)?;
            tell(tx, call, &row, &document, notice)?;
            return view(tx, call, row, document);
        }
    };
    let state = document.state.clone();
    document.state = state
        .approve(&approver, asked.need.demands, comment.to_owned(), call.now)
        .map_err(not_possible)?;
    let Approver { person, .. } = &approver;
    let findings = priced.as_ref().map(|priced| priced.findings.as_slice());
    let happened = Happened { event: Event::Approve, by: Some(person), comment };
    save(tx, call, &mut row, &document, findings, &happened)?;
    // Of two at once the request's row has let one pass by now.
    let yes = requests::Approval {
        principal: person.principal,
        account: person.account.clone(),
        at: call.now,
    };
    requests::add_approval(tx, row.id, &yes)?;
    settled(tx, app, call, &row, &document, Notice::Approved)?;
    view(tx, call, row, document)
}

fn approved_by(document: &Document, call: &Call) -> bool {
    let submitted = document.state.submitted();
    submitted.is_some_and(|submitted| {
        let mut given = submitted.approvals().iter();
        given.any(|approval| approval.person.principal == call.caller.principal)
    })
}

/// Whether a request is still what was asked for.
pub(super) enum Checked {
    Holds(Box<Asked>),
    /// It ends here; the document holds the state it ended in.
    Ends(Event, Notice, String),
}

/// Prices a request again and asks the policies again, as of who submitted it.
pub(super) fn check(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    document: &mut Document,
    id: RequestId,
) -> Result<(Checked, Option<Priced>), Error> {
    let submitted = waiting(document, Event::Approve)
        .or_else(|error| document.state.submitted().ok_or(error))?
        .clone();
    let asking = document
        .call_of(submitted.by(), call.now, id)
        .ok_or_else(|| Error::Broken(format!("request `{id}` does not know who submitted it")))?;
    let ask = document.ask.clone();
    let priced = match ask.price(tx, app, &asking) {
        Ok(priced) => priced,
        Err(Error::Absent { what, .. }) => {
            let why = format!("{what} is gone");
            let state = document.state.clone();
            document.state = state.withdraw(None, why.clone(), call.now).map_err(not_possible)?;
            return Ok((Checked::Ends(Event::Withdraw, Notice::Withdrawn, why), None));
        }
        Err(other) => return Err(other),
    };
    let asked = policies::ask(tx, &asking, &ask, &priced)?;
    note(app, call, document, &priced, asked.as_ref());
    if priced.is_gone() {
        let reason = priced.refusal.as_ref().map(|refusal| refusal.reason.clone());
        let why = reason.unwrap_or_default();
        let state = document.state.clone();
        document.state = state.withdraw(None, why.clone(), call.now).map_err(not_possible)?;
        return Ok((Checked::Ends(Event::Withdraw, Notice::Withdrawn, why), Some(priced)));
    }
    let cause = match (&priced.refusal, asked) {
        (None, Some(asked)) => match moved(document) {
            None => return Ok((Checked::Holds(Box::new(asked)), Some(priced))),
            Some(cause) => cause,
        },
        (Some(refusal), _) => {
            let (code, reason) = (refusal.code.to_string(), refusal.reason.clone());
            Cause::Refused { code, reason }
        }
        (None, None) => {
            return Err(Error::Broken("what was not refused has no price".to_owned()));
        }
    };
    let why = cause.reason();
    document.state = document.state.clone().stop(cause, call.now).map_err(not_possible)?;
    Ok((Checked::Ends(Event::Stop, Notice::Stopped, why), Some(priced)))
}

/// What has moved too far since it was submitted.
fn moved(document: &Document) -> Option<Cause> {
    let (now, was) = (document.figures.as_ref()?, document.submitted_figures.as_ref()?);
    now.moved_from(was, &document.tolerances).map(Cause::Moved)
}

fn waiting(document: &Document, event: Event) -> Result<&Submitted, Error> {
    match &document.state {
        State::Submitted(submitted) => Ok(submitted),
        state => Err(not_possible(NotPossible::OutOfTurn { status: state.status(), event })),
    }
}

/// Says no.
///
/// # Errors
/// As [`approve`]; [`Error::Malformed`] without a reason.
pub fn reject(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    id: RequestId,
    reason: &str,
) -> Result<View, Error> {
    if reason.trim().is_empty() {
        return Err(Error::malformed("reason", "is empty; say why, for who asked"));
    }
    let done = (|| {
        let (mut row, mut document) = known(tx, call, id)?;
        let approver = approver(tx, call, &document.ask)?;
        let by = approver.person.clone();
        if document.state.rejected_by().is_some_and(|person| person.is_same(&by)) {
            return view(tx, call, row, document);
        }
        in_time(call, &row)?;
        let state = document.state.clone();
        document.state =
            state.reject(&approver, reason.to_owned(), call.now).map_err(not_possible)?;
        let happened = Happened { event: Event::Reject, by: Some(&by), comment: reason };
        save(tx, call, &mut row, &document, None, &happened)?;
        tell(tx, call, &row, &document, Notice::Rejected)?;
        view(tx, call, row, document)
    })();
    done.map_err(|error: Error| error.attempted(call, Kind::Request, format!("request/{id}")))
}

/// Takes a request back, until it runs.
///
/// # Errors
/// [`Error::Refused`] for a request that is not theirs, or that is over.
pub fn withdraw(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    id: RequestId,
    reason: &str,
) -> Result<View, Error> {
    let done = (|| {
        let (mut row, mut document) = known(tx, call, id)?;
        let by = person(&call.caller);
        if document.state.withdrawn_by().is_some_and(|person| person.is_same(&by)) {
            return view(tx, call, row, document);
        }
        let state = document.state.clone();
        document.state =
            state.withdraw(Some(by.clone()), reason.to_owned(), call.now).map_err(not_possible)?;
        let happened = Happened { event: Event::Withdraw, by: Some(&by), comment: reason };
        let told = document.state.submitted().is_some();
        save(tx, call, &mut row, &document, None, &happened)?;
        if told {
            tell(tx, call, &row, &document, Notice::Withdrawn)?;
        }
        view(tx, call, row, document)
    })();
    done.map_err(|error: Error| error.attempted(call, Kind::Request, format!("request/{id}")))
}

/// A request that the caller may see.
fn known(tx: &mut Tx<'_>, call: &Call, id: RequestId) -> Result<(Request, Document), Error> {
    let (row, document) = load(tx, call.caller.tenant, id)?;
    if visible_as(tx, call, &document)? { Ok((row, document)) } else { Err(absent(id)) }
}

/// Refuses what comes after the end of a request's life, also where its job is late.
fn in_time(call: &Call, row: &Request) -> Result<(), Error> {
    if call.now < row.expires_at || !row.status.is_open() {
        return Ok(());
    }
    Err(refused(
        "OperationCannotBePerformedInCurrentState",
        format!("the request expired on {}; draft it anew", row.expires_at),
    ))
}

/// What a request cannot do, as a refusal.
pub(super) fn not_possible(error: NotPossible) -> Error {
    let code = match &error {
        NotPossible::OutOfTurn { .. } => "OperationCannotBePerformedInCurrentState",
        NotPossible::Own { .. }
        | NotPossible::Twice { .. }
        | NotPossible::NotAnApprover { .. }
        | NotPossible::NotTheirs { .. } => "Forbidden",
    };
    refused(code, error.to_string())
}

fn refused(code: &'static str, reason: String) -> Error {
    let refusal =
        Refusal { clause: ClauseId::Approval, code: code.into(), reason, repairs: Vec::new() };
    Error::refused(refusal, Vec::new())
}

/// Whether an earlier demand, or one of now, is not met by the approvals given. By whose right it
/// is done is asked apart from this.
pub(super) fn lacking(submitted: &Submitted, asked: &Asked) -> Option<Cause> {
    let all = stricter(submitted.demands(), asked.need.demands.clone());
    let mut others = all.into_iter().filter(|demand| demand.policy != RIGHT);
    let open = others.find(|demand| !demand.is_met(submitted.approvals()));
    open.map(|demand| Cause::MoreApprovals { policy: demand.policy, approvals: demand.approvals })
}
