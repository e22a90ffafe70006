//! What is said about a ticket.

use super::ticket::faults;
use super::{NAME_MAX, Ticket, changed, find, name_fault, place};
use crate::orders::Page;
use crate::purchase::request_hash;
use crate::{App, Call, Error, Fault, PrincipalKind};
use jiff::Timestamp;
use prorata_domain::ids::SubscriptionId;
use prorata_domain::support::{Message, Status};
use prorata_store::Tx;
use prorata_store::support::{self as rows, Mark};
use uuid::Uuid;

pub use prorata_store::support::Communication;

/// The direction of what those say who ask, and of what the desk answers.
pub const FROM_CUSTOMER: &str = "outbound";
pub const FROM_DESK: &str = "inbound";

/// Something that was said, and whether this call said it.
#[derive(Debug, Clone)]
pub struct Said {
    pub communication: Communication,
    pub is_new: bool,
}

/// Whether a name is free for something said about a ticket.
///
/// # Errors
/// [`Error::Absent`], [`Error::Denied`].
pub fn is_free(
    tx: &mut Tx<'_>,
    call: &Call,
    subscription: Option<SubscriptionId>,
    ticket: &str,
    name: &str,
) -> Result<Result<(), String>, Error> {
    let place = place(tx, call, subscription)?;
    let row = find(tx, call, place, ticket, true)?;
    if let Some(message) = name_fault(name) {
        return Ok(Err(format!("The name {message}.")));
    }
    Ok(match rows::said(tx, row.id, name)? {
        Some(_) => Err("A communication of this ticket has this name already.".to_owned()),
        None => Ok(()),
    })
}

/// Says something about a ticket under a name. The same again is the same communication.
///
/// # Errors
/// [`Error::Malformed`] with every fault, and for a ticket that is closed; [`Error::KeyReused`]
/// when the name was used for something else.
pub fn put(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    subscription: Option<SubscriptionId>,
    ticket: &str,
    name: &str,
    message: &Message,
) -> Result<Said, Error> {
    let place = place(tx, call, subscription)?;
    let ticket = Ticket::read(find(tx, call, place, ticket, true)?)?;
    let mut faults = faults("properties.", message.faults());
    if message.sender.is_none() && call.caller.kind == PrincipalKind::ServicePrincipal {
        let why = "is needed where a program calls: the mail address of who is to be answered";
        faults.push(Fault::new("properties.sender", why));
    }
    let sender = message.sender.clone();
    let sender = sender.unwrap_or_else(|| ticket.content.contact.primary_email_address.clone());
    let saying = Saying { name, direction: FROM_CUSTOMER, sender, message };
    let said = say(tx, call, &ticket, &saying, faults)?;
    if said.is_new {
        changed(tx, call, &ticket.row, "Microsoft.Support/supportTickets/communications/write")?;
    }
    Ok(said)
}

/// Something that is about to be said.
pub(super) struct Saying<'s> {
    pub name: &'s str,
    pub direction: &'static str,
    pub sender: String,
    pub message: &'s Message,
}

pub(super) fn say(
    tx: &mut Tx<'_>,
    call: &Call,
    ticket: &Ticket,
    saying: &Saying<'_>,
    mut faults: Vec<Fault>,
) -> Result<Said, Error> {
    faults.extend(name_fault(saying.name).map(|why| Fault::new("communicationName", why)));
    if !faults.is_empty() {
        return Err(Error::Malformed(faults));
    }
    let hash = request_hash(&(saying.message, saying.direction))?;
    if let Some(communication) = rows::said(tx, ticket.row.id, saying.name)? {
        if communication.request_hash != hash {
            let what = format!("communication name `{}`", saying.name);
            return Err(Error::KeyReused { what, code: "CommunicationAlreadyExists" });
        }
        return Ok(Said { communication, is_new: false });
    }
    if ticket.status() == Status::Closed {
        let why = "is `closed`; set it to `open` first, or open another ticket";
        return Err(Error::malformed("status", why));
    }
    let communication = Communication {
        ticket: ticket.row.id,
        name: saying.name.to_owned(),
        id: tx.new_id(),
        at: call.now,
        principal: call.caller.principal,
        direction: saying.direction.to_owned(),
        sender: saying.sender.clone(),
        subject: saying.message.subject.clone(),
        body: saying.message.body.clone(),
        request_hash: hash,
    };
    rows::say(tx, &communication)?;
    Ok(Said { communication, is_new: true })
}

/// Something said, by its name.
///
/// # Errors
/// [`Error::Absent`].
pub fn get(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    subscription: Option<SubscriptionId>,
    ticket: &str,
    name: &str,
) -> Result<Communication, Error> {
    let place = place(tx, call, subscription)?;
    let row = find(tx, call, place, ticket, false)?;
    let shown: String = name.chars().take(NAME_MAX).collect();
    rows::said(tx, row.id, name)?
        .ok_or(Error::Absent { what: format!("communication `{shown}`"), code: "ResourceNotFound" })
}

/// Which communications, and how many.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Only those of this instant and later ones.
    pub since: Option<Timestamp>,
    /// Only those of a kind of which there are none here.
    pub by_phone: bool,
    pub after: Option<Mark>,
    pub limit: usize,
}

/// A page of what was said about a ticket, the oldest first.
///
/// # Errors
/// [`Error::Absent`].
pub fn list(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    subscription: Option<SubscriptionId>,
    ticket: &str,
    query: &Query,
) -> Result<Page<Communication>, Error> {
    let place = place(tx, call, subscription)?;
    let row = find(tx, call, place, ticket, false)?;
    if query.by_phone {
        return Ok(Page { rows: Vec::new(), next: None });
    }
    // What was said before an instant lies before it in the list, so the list begins there.
    let begin = query.since.map(|since| (since, Uuid::nil()));
    let after = query.after.max(begin);
    let mut found = rows::said_page(tx, row.id, after, query.limit + 1)?;
    let more = found.len() > query.limit;
    found.truncate(query.limit);
    let last = found.last().filter(|_| more);
    let next = last.map(|last| super::show_mark((last.at, last.id)));
    Ok(Page { rows: found, next })
}
