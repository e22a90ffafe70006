//! Looking at requests: one with all that belongs to it, and lists.

use super::ask::Ask;
use super::document::{Document, absent, load, person};
use super::policies;
use super::rights::{approver, is_yes, may_ask};
use crate::limits::PAGE_ROWS_MAX;
use crate::orders::Page;
use crate::{App, Call, Error};
use jiff::Timestamp;
use prorata_domain::decision::{Finding, Refusal};
use prorata_domain::ids::RequestId;
use prorata_domain::request::approval::refuse_direct;
use prorata_domain::request::figures::{Figures, Moved};
use prorata_domain::request::{Kind, Person, State, Status};
use prorata_store::Tx;
use prorata_store::requests::{self, Request, Step};

/// Rows read at a time where all are looked at.
const CHUNK: usize = 100;

/// A request, its steps, and what the caller may do with it.
#[derive(Debug, Clone)]
pub struct View {
    pub row: Request,
    pub document: Document,
    /// What was looked at when it was priced last.
    pub findings: Vec<Finding>,
    pub steps: Vec<Step>,
    pub may: May,
}

/// What the caller may do with a request as it stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct May {
    pub submit: bool,
    /// Approve or reject it.
    pub decide: bool,
    pub withdraw: bool,
}

/// Which requests are listed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    pub status: Option<Status>,
    pub kind: Option<Kind>,
    /// Only those that wait for the caller's decision.
    pub waiting_for_me: bool,
    /// Only those that the caller drafted or submitted.
    pub mine: bool,
    /// Only those of which nothing more becomes.
    pub over: bool,
}

/// What a request comes to right now, before anybody decides on it.
#[derive(Debug, Clone)]
pub struct Now {
    pub figures: Option<Figures>,
    /// Why it would be stopped as it stands.
    pub refusal: Option<Refusal>,
    /// What has moved further than it may.
    pub moved: Option<Moved>,
}

/// Prices a request that waits for approval once more, as its approval would; nothing is written.
///
/// # Errors
/// Those of pricing it.
pub fn priced_now(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    view: &View,
) -> Result<Option<Now>, Error> {
    let document = &view.document;
    let State::Submitted(submitted) = &document.state else { return Ok(None) };
    let asking = document.call_of(submitted.by(), call.now, view.row.id);
    let Some(asking) = asking else { return Ok(None) };
    let priced = match document.ask.price(tx, app, &asking) {
        Ok(priced) => priced,
        // What it is about is gone, which its approval will find out and say.
        Err(Error::Absent { .. } | Error::Denied { .. }) => return Ok(None),
        Err(other) => return Err(other),
    };
    let was = document.submitted_figures.as_ref();
    let moved = priced.figures.as_ref().zip(was);
    let moved = moved.and_then(|(now, was)| now.moved_from(was, &document.tolerances));
    Ok(Some(Now { figures: priced.figures, refusal: priced.refusal, moved }))
}

/// One request.
///
/// # Errors
/// [`Error::Absent`] where there is none, or none that the caller may see.
pub fn show(tx: &mut Tx<'_>, _app: &App, call: &Call, id: RequestId) -> Result<View, Error> {
    let (row, document) = load(tx, call.caller.tenant, id)?;
    if !visible_as(tx, call, &document)? {
        return Err(absent(id));
    }
    view(tx, call, row, document)
}

/// Whether there is a request that the caller may see.
///
/// # Errors
/// Those of the database.
pub fn visible(tx: &mut Tx<'_>, call: &Call, id: RequestId) -> Result<bool, Error> {
    match load(tx, call.caller.tenant, id) {
        Ok((_, document)) => visible_as(tx, call, &document),
        Err(Error::Absent { .. }) => Ok(false),
        Err(other) => Err(other),
    }
}

/// A request is seen by those who take part in it, by those who see what it is about, and by those
/// who may decide on it.
pub(super) fn visible_as(tx: &mut Tx<'_>, call: &Call, document: &Document) -> Result<bool, Error> {
    let me = person(&call.caller);
    if takes_part(&document.state, &me) || is_yes(may_ask(tx, call, &document.ask))? {
        return Ok(true);
    }
    let Some(submitted) = document.state.submitted() else { return Ok(false) };
    let approver = approver(tx, call, &document.ask)?;
    Ok(submitted.demands().iter().any(|demand| demand.counts(&approver)))
}

fn is_theirs(state: &State, me: &Person) -> bool {
    let draft = state.drafted();
    draft.drafter().is_same(me)
        || draft.on_behalf_of().is_some_and(|person| person.is_same(me))
        || state.submitted().is_some_and(|submitted| submitted.by().is_same(me))
}

fn takes_part(state: &State, me: &Person) -> bool {
    let approved = state.submitted().is_some_and(|submitted| {
        submitted.approvals().iter().any(|approval| approval.person.is_same(me))
    });
    approved || is_theirs(state, me)
}

pub(super) fn view(
    tx: &mut Tx<'_>,
    call: &Call,
    row: Request,
    document: Document,
) -> Result<View, Error> {
    let me = person(&call.caller);
    let mine = is_theirs(&document.state, &me);
    let in_time = call.now < row.expires_at;
    let may = match &document.state {
        State::Draft(_) => May {
            submit: mine && in_time && document.refusal.is_none(),
            withdraw: mine,
            decide: false,
        },
        State::Submitted(submitted) => {
            let approver = approver(tx, call, &document.ask)?;
            let decide = in_time && submitted.counts_for(&approver).is_ok();
            May { withdraw: mine, decide, submit: false }
        }
        State::Approved(_) => May { withdraw: mine, ..May::default() },
        State::Running(_)
        | State::Rejected(_)
        | State::Withdrawn(_)
        | State::Expired(_)
        | State::Stopped(_)
        | State::Done(_)
        | State::Failed(_) => May::default(),
    };
    let steps = requests::steps(tx, row.id)?;
    let findings = serde_json::from_str(&row.findings)?;
    Ok(View { row, document, findings, steps, may })
}

/// A page of requests that the caller may see, the newest first.
///
/// # Errors
/// [`Error::Malformed`] for a mark that no page gave; those of the database.
pub fn list(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    filter: Filter,
    before: Option<&str>,
    limit: usize,
) -> Result<Page<View>, Error> {
    let limit = limit.clamp(1, PAGE_ROWS_MAX);
    let mut before = before.map(read_mark).transpose()?;
    let status = if filter.waiting_for_me { Some(Status::Submitted) } else { filter.status };
    let mut rows: Vec<View> = Vec::new();
    if filter.waiting_for_me && filter.status.is_some_and(|status| status != Status::Submitted) {
        return Ok(Page { rows, next: None });
    }
    loop {
        let chunk = requests::list(tx, call.caller.tenant, status, before, CHUNK)?;
        let Some(last) = chunk.last() else { return Ok(Page { rows, next: None }) };
        before = Some((last.created_at, last.id));
        for row in chunk {
            let other = filter.kind.is_some_and(|kind| kind != row.kind);
            if other || (filter.over && row.status.is_open()) {
                continue;
            }
            let document: Document = serde_json::from_str(&row.doc)?;
            let mine = is_theirs(&document.state, &person(&call.caller));
            if (filter.mine && !mine) || !visible_as(tx, call, &document)? {
                continue;
            }
            let seen = view(tx, call, row, document)?;
            if filter.waiting_for_me && !seen.may.decide {
                continue;
            }
            if rows.len() == limit {
                let last = rows.last().map(|view| mark(&view.row));
                return Ok(Page { rows, next: last });
            }
            rows.push(seen);
        }
    }
}

fn mark(row: &Request) -> String {
    format!("{}.{}", row.created_at.as_microsecond(), row.id)
}

fn read_mark(mark: &str) -> Result<(Timestamp, RequestId), Error> {
    let read = || {
        let (at, id) = mark.split_once('.')?;
        Some((Timestamp::from_microsecond(at.parse().ok()?).ok()?, RequestId::parse(id)?))
    };
    read().ok_or_else(|| Error::malformed("$skiptoken", "is not the mark that a page before gave"))
}

/// The refusal that the caller would meet doing something right away, where a policy wants it to be
/// asked for first; for pages that offer to ask instead.
///
/// # Errors
/// As pricing it.
pub fn needed(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    ask: &Ask,
) -> Result<Option<Refusal>, Error> {
    let priced = ask.price(tx, app, call)?;
    let asked = policies::ask(tx, call, ask, &priced)?;
    Ok(asked.and_then(|asked| refuse_direct(&asked.need, &asked.facts)))
}
