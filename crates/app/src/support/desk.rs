//! What the desk does with tickets: looks at those of every tenant, answers, closes, and grants
//! exceptions.
//!
//! Who works at the desk is said by its operator, never by a role of a tenant: an owner of a
//! tenant who could grant exceptions to themselves would have no rules.

use super::communications::{FROM_DESK, Said, Saying, say};
use super::listing::{CHUNK, Query, collect, mark};
use super::ticket::faults;
use super::{Ticket, changed, open, replace, tell};
use crate::access::Permit;
use crate::notifications::Notice;
use crate::operations::{Deed, Kind, record};
use crate::orders::Page;
use crate::refund::gather_held;
use crate::waivers::{Evidence, granted};
use crate::{App, Call, Error};
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_domain::access::Scope;
use prorata_domain::ids::{OperationId, OrderId, PrincipalId, ReservationId, TenantId, WaiverId};
use prorata_domain::policy::ClauseId;
use prorata_domain::support::{Message, Status};
use prorata_domain::waiver::{self, Waiver};
use prorata_store::support::{self as rows, Communication, File};
use prorata_store::{Tx, directory, waivers};
use std::collections::HashMap;
use uuid::Uuid;

pub use prorata_store::waivers::{Granted, Member};

/// Proof that a caller works at the desk; made by [`member`] alone.
#[derive(Debug)]
pub struct AtDesk(());

/// Asks whether the caller works at the desk, in their own tenant and for nobody else.
///
/// # Errors
/// [`Error::Absent`]: for others there is no desk.
pub fn member(tx: &mut Tx<'_>, call: &Call) -> Result<AtDesk, Error> {
    let caller = &call.caller;
    let as_themselves = caller.home == caller.tenant && caller.agent.is_none();
    let since = waivers::at_desk(tx, caller.tenant, caller.principal)?;
    if as_themselves && since.is_some() {
        return Ok(AtDesk(()));
    }
    Err(Error::Absent { what: "support desk".to_owned(), code: "ResourceNotFound" })
}

/// Makes somebody a member of the desk, or ends it: for the operator at the database, not for
/// callers. Answers whether anything is different now.
///
/// # Errors
/// Those of the database.
pub fn set_member(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    principal: PrincipalId,
    since: Option<Timestamp>,
) -> Result<bool, Error> {
    Ok(match since {
        Some(since) => waivers::join_desk(tx, &Member { tenant, principal, since })?,
        None => waivers::leave_desk(tx, tenant, principal)?,
    })
}

/// Everybody at the desk, for its operator; a thousand at most.
///
/// # Errors
/// Those of the database.
pub fn members(tx: &mut Tx<'_>) -> Result<Vec<Member>, Error> {
    Ok(waivers::desk(tx, None, SHOWN_MAX)?)
}

/// A ticket with all that belongs to it.
#[derive(Debug, Clone)]
pub struct Case {
    pub ticket: Ticket,
    pub said: Vec<Communication>,
    pub files: Vec<File>,
    pub exceptions: Vec<Granted>,
}

/// The most communications and files of one ticket that are shown together.
const SHOWN_MAX: usize = 1000;

/// Tickets of all tenants, the newest first.
///
/// # Errors
/// [`Error::Absent`] for who is not at the desk.
pub fn list(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    query: &Query,
) -> Result<Page<Ticket>, Error> {
    member(tx, call)?;
    collect(query, |after| {
        let found = rows::page_of_all(tx, after, CHUNK)?;
        let last = found.last().filter(|_| found.len() == CHUNK).map(mark);
        Ok((found, last))
    })
}

/// What the tenants of tickets are called.
///
/// # Errors
/// [`Error::Absent`] for who is not at the desk.
pub fn tenant_names(
    tx: &mut Tx<'_>,
    call: &Call,
    tickets: &[Ticket],
) -> Result<HashMap<TenantId, String>, Error> {
    member(tx, call)?;
    let mut names = HashMap::new();
    for tenant in tickets.iter().map(|ticket| ticket.row.place.tenant) {
        if names.contains_key(&tenant) {
            continue;
        }
        let name = directory::tenant(tx, tenant)?.map(|found| found.name);
        names.insert(tenant, name.unwrap_or_default());
    }
    Ok(names)
}

fn find(tx: &mut Tx<'_>, _at_desk: &AtDesk, id: Uuid) -> Result<Ticket, Error> {
    let absent = || Error::Absent { what: format!("ticket `{id}`"), code: "ResourceNotFound" };
    Ticket::read(rows::by_id(tx, id)?.ok_or_else(absent)?)
}

/// A ticket with all that belongs to it.
///
/// # Errors
/// [`Error::Absent`].
pub fn show(tx: &mut Tx<'_>, _app: &App, call: &Call, id: Uuid) -> Result<Case, Error> {
    let at_desk = member(tx, call)?;
    let ticket = find(tx, &at_desk, id)?;
    case_of(tx, ticket)
}

/// What belongs to a ticket that may be seen.
pub(super) fn case_of(tx: &mut Tx<'_>, ticket: Ticket) -> Result<Case, Error> {
    let id = ticket.row.id;
    let workspace = match ticket.content.file_workspace_name.as_deref() {
        Some(name) => rows::workspace(tx, ticket.row.place, name)?,
        None => None,
    };
    Ok(Case {
        said: rows::said_page(tx, id, None, SHOWN_MAX)?,
        files: match workspace {
            Some(workspace) => rows::files(tx, workspace.id, None, SHOWN_MAX)?,
            None => Vec::new(),
        },
        exceptions: waivers::of_ticket(tx, id)?,
        ticket,
    })
}

/// The bytes of a file that came with a ticket.
///
/// # Errors
/// [`Error::Absent`].
pub fn file(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    id: Uuid,
    name: &str,
) -> Result<Vec<u8>, Error> {
    let at_desk = member(tx, call)?;
    let ticket = find(tx, &at_desk, id)?;
    open::of_ticket(tx, &ticket, name)
}

/// Answers a ticket under a name. The same again is the same answer.
///
/// # Errors
/// [`Error::Malformed`] with every fault, and for a ticket that is closed; [`Error::Absent`].
pub fn answer(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    id: Uuid,
    name: &str,
    message: &Message,
) -> Result<Said, Error> {
    let at_desk = member(tx, call)?;
    let ticket = find(tx, &at_desk, id)?;
    let faults = faults("", message.faults());
    let sender = message.sender.clone().unwrap_or_else(|| call.caller.name.clone());
    let saying = Saying { name, direction: FROM_DESK, sender, message };
    let said = say(tx, call, &ticket, &saying, faults)?;
    if said.is_new {
        changed(tx, call, &ticket.row, "support-answer")?;
        let title = ticket.content.title.clone();
        let subject = message.subject.clone();
        tell(tx, call, &ticket, &Notice::TicketAnswered { title, subject })?;
    }
    Ok(said)
}

/// Closes a ticket, or opens it again.
///
/// # Errors
/// [`Error::Absent`].
pub fn set_status(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    id: Uuid,
    status: Status,
) -> Result<Ticket, Error> {
    let at_desk = member(tx, call)?;
    let ticket = find(tx, &at_desk, id)?;
    let content = ticket.content.clone();
    replace(tx, call, ticket, content, status)
}

/// An exception that is to be granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    pub clauses: Vec<ClauseId>,
    pub lapses_on: Date,
    /// Why, for the record.
    pub reason: String,
    /// For which reservation, where the ticket was not opened from one.
    pub about: Option<(OrderId, ReservationId)>,
}

/// The most letters of a reason.
const REASON_MAX: usize = 4_000;

/// Grants an exception under an id. The same again is the same exception.
///
/// # Errors
/// [`Error::Refused`] when the clauses cannot be waived, or not by this person;
/// [`Error::Malformed`] with every fault; [`Error::KeyReused`] for an id that was used otherwise.
pub fn grant(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    ticket: Uuid,
    id: WaiverId,
    exception: &Exception,
) -> Result<Granted, Error> {
    let target = format!("ticket/{ticket}/exception/{id}");
    grant_under(tx, app, call, ticket, id, exception)
        .map_err(|error| error.attempted(call, Kind::Waiver, target))
}

fn grant_under(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    ticket: Uuid,
    id: WaiverId,
    exception: &Exception,
) -> Result<Granted, Error> {
    let at_desk = member(tx, call)?;
    let ticket = find(tx, &at_desk, ticket)?;
    let (order, reservation) = subject(&ticket, exception)?;
    if let Some(known) = waivers::load(tx, id)? {
        return same(known, &ticket, reservation, exception);
    }
    let operation = OperationId(id.0);
    if prorata_store::operations::load_any(tx, operation)?.is_some() {
        return Err(reused(id));
    }
    // The reservation is looked at in its own tenant, which the ticket says.
    let theirs = Call {
        caller: crate::Caller { tenant: ticket.row.place.tenant, ..call.caller.clone() },
        ..call.clone()
    };
    let (order, _, held) = gather_held(tx, app, &theirs, order, reservation)?;
    let facts = waiver::Facts {
        held,
        ticket: ticket.row.name.clone(),
        opened_by: ticket.row.principal,
        granted_by: call.caller.principal,
    };
    let request =
        waiver::Request { clauses: exception.clauses.clone(), lapses_on: exception.lapses_on };
    let mut decision = waiver::decide(&app.book, &facts, &request, call.now)?;
    let plan = granted(&decision)?.clone();
    let granted = Granted {
        waiver: Waiver {
            id,
            ticket: ticket.row.name.clone(),
            clauses: plan.clauses.clone(),
            lapses_on: plan.lapses_on,
        },
        tenant: order.tenant,
        order: order.id,
        reservation: plan.reservation,
        ticket: ticket.row.id,
        reason: exception.reason.clone(),
        granted_by: call.caller.principal,
        granted_at: call.now,
        used: None,
    };
    waivers::insert(tx, &granted)?;
    let findings = std::mem::take(&mut decision.findings);
    let policy = app.book.digest().to_owned();
    let document = Evidence { policy, facts, request, decision };
    let permit = Permit::of_desk(call, Scope::reservation(order.id, plan.reservation));
    let deed = Deed {
        permit: &permit,
        id: operation,
        kind: Kind::Waiver,
        target: format!("order/{}/reservation/{}", order.id, plan.reservation),
        billing_account: &order.billing_account,
        counted: None,
    };
    record(tx, call, &deed, None, &findings, &document)?;
    let notice = Notice::ExceptionGranted {
        ticket: ticket.row.name.clone(),
        clauses: plan.clauses,
        lapses_on: plan.lapses_on,
    };
    tell(tx, call, &ticket, &notice)?;
    Ok(granted)
}

/// The reservation that an exception is for.
fn subject(ticket: &Ticket, exception: &Exception) -> Result<(OrderId, ReservationId), Error> {
    let letters = exception.reason.trim().chars().count();
    if letters == 0 || letters > REASON_MAX {
        let why = format!("must have 1 to {REASON_MAX} letters: why the exception is granted");
        return Err(Error::malformed("reason", why));
    }
    match (ticket.row.about, exception.about) {
        (Some(about), None) => Ok(about),
        (Some(about), Some(named)) if about == named => Ok(about),
        (None, Some(named)) => Ok(named),
        (Some((_, reservation)), Some(_)) => {
            let why = format!("is not the reservation of the ticket, which is `{reservation}`");
            Err(Error::malformed("reservationId", why))
        }
        (None, None) => {
            let why = "is needed: the ticket was not opened from a reservation";
            Err(Error::malformed("reservationId", why))
        }
    }
}

fn reused(id: WaiverId) -> Error {
    Error::KeyReused { what: format!("exception `{id}`"), code: "ExceptionAlreadyExists" }
}

/// An exception that was granted before, where it is the one that is asked for again.
fn same(
    known: Granted,
    ticket: &Ticket,
    reservation: ReservationId,
    exception: &Exception,
) -> Result<Granted, Error> {
    let mut clauses = exception.clauses.clone();
    clauses.sort_unstable();
    clauses.dedup();
    let is = known.ticket == ticket.row.id
        && known.reservation == reservation
        && known.waiver.clauses == clauses
        && known.waiver.lapses_on == exception.lapses_on
        && known.reason == exception.reason;
    if is { Ok(known) } else { Err(reused(known.waiver.id)) }
}
