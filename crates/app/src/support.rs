//! Asking for support: tickets, what is said about them, their files, and what the desk answers.
//!
//! Tickets are those of a subscription, or of a tenant as a whole. Who opened one may always look
//! at it; others need a role on the subscription, or at the root for those of the tenant.

pub mod case;
pub mod communications;
pub mod desk;
pub mod evidence;
pub mod files;
mod listing;
pub mod open;
mod ticket;

pub use listing::{Query, read_mark, show_mark};
pub use prorata_store::support::Place;
pub use ticket::Ticket;

use crate::access;
use crate::audit::{self, Event};
use crate::notifications::{self, Notice};
use crate::orders::Page;
use crate::purchase::request_hash;
use crate::{App, Call, Error, Fault};
use jiff::Timestamp;
use listing::{CHUNK, collect, mark};
use prorata_domain::access::{Action, Scope};
use prorata_domain::ids::{OrderId, ReservationId, SubscriptionId};
use prorata_domain::support::{Change, Content, Status};
use prorata_store::support as rows;
use prorata_store::{Tx, world};
use ticket::faults;
use uuid::Uuid;

/// The most letters of a name.
pub const NAME_MAX: usize = 128;

/// A ticket under its name, and whether this call opened it.
#[derive(Debug, Clone)]
pub struct Opened {
    pub ticket: Ticket,
    pub is_new: bool,
}

/// Where tickets are: of a subscription of the caller's tenant, or of the tenant as a whole.
///
/// # Errors
/// [`Error::Absent`] when the tenant has no such subscription.
pub fn place(
    tx: &mut Tx<'_>,
    call: &Call,
    subscription: Option<SubscriptionId>,
) -> Result<Place, Error> {
    let tenant = call.caller.tenant;
    if let Some(id) = subscription
        && world::subscription(tx, id)?.is_none_or(|found| found.tenant != tenant)
    {
        let what = format!("subscription `{id}`");
        return Err(Error::Absent { what, code: "SubscriptionNotFound" });
    }
    Ok(Place { tenant, subscription })
}

/// What a caller may do with the tickets of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rights {
    pub writes: bool,
    pub reads: bool,
}

/// The caller's rights. In a tenant anybody who is signed in may ask for support, and sees what is
/// their own.
///
/// # Errors
/// Those of the database.
pub(crate) fn rights(tx: &mut Tx<'_>, call: &Call, place: Place) -> Result<Rights, Error> {
    let scope = scope(place);
    let of_tenant = place.subscription.is_none();
    Ok(Rights {
        writes: of_tenant || access::may(tx, call, Action::OpenTicket, &scope)?,
        reads: access::may(tx, call, Action::ReadTicket, &scope)?,
    })
}

/// Refuses unless the caller may ask for support in a place.
///
/// # Errors
/// [`Error::Denied`].
pub(crate) fn require_write(tx: &mut Tx<'_>, call: &Call, place: Place) -> Result<(), Error> {
    match place.subscription {
        Some(_) => access::at(tx, call, Action::OpenTicket, &scope(place)).map(drop),
        None => Ok(()),
    }
}

fn scope(place: Place) -> Scope {
    place.subscription.map_or_else(Scope::root, Scope::subscription)
}

/// Whether a name may be used, and if not, why.
pub(crate) fn name_fault(name: &str) -> Option<String> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let whole = name.chars().all(fits) && !name.chars().all(|letter| letter == '.');
    (name.is_empty() || name.len() > NAME_MAX || !whole).then(|| {
        format!("must have 1 to {NAME_MAX} letters, digits, `-`, `_` and `.`, not dots alone")
    })
}

pub(crate) fn well_named(path: &str, name: &str) -> Result<(), Error> {
    name_fault(name).map_or(Ok(()), |message| Err(Error::malformed(path, message)))
}

fn absent(name: &str) -> Error {
    Error::Absent { what: format!("support ticket `{name}`"), code: "ResourceNotFound" }
}

/// A ticket that the caller may look at, or change.
pub(crate) fn find(
    tx: &mut Tx<'_>,
    call: &Call,
    place: Place,
    name: &str,
    to_change: bool,
) -> Result<rows::Ticket, Error> {
    let rights = rights(tx, call, place)?;
    let row = rows::load(tx, place, name)?;
    let row = row.filter(|row| rights.reads || row.principal == call.caller.principal);
    let row = row.ok_or_else(|| absent(name))?;
    // In a tenant one changes one's own; what is others' needs the right at the root.
    let own = place.subscription.is_none() && row.principal == call.caller.principal;
    if to_change && !own {
        let _permit = access::at(tx, call, Action::OpenTicket, &scope(place))?;
    }
    Ok(row)
}

/// Whether a name is free for a ticket.
///
/// # Errors
/// [`Error::Denied`]; those of the database.
pub fn is_free(
    tx: &mut Tx<'_>,
    call: &Call,
    subscription: Option<SubscriptionId>,
    name: &str,
) -> Result<Result<(), String>, Error> {
    let place = place(tx, call, subscription)?;
    require_write(tx, call, place)?;
    if let Some(message) = name_fault(name) {
        return Ok(Err(format!("The name {message}.")));
    }
    Ok(match rows::load(tx, place, name)? {
        Some(_) => Err("A ticket has this name already.".to_owned()),
        None => Ok(()),
    })
}

/// Opens a ticket under a name. The same name and content again is the same ticket.
///
/// # Errors
/// [`Error::Malformed`] with every fault; [`Error::KeyReused`] when the name was used for another
/// request; [`Error::Denied`].
pub fn put(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    subscription: Option<SubscriptionId>,
    name: &str,
    content: &Content,
) -> Result<Opened, Error> {
    let place = place(tx, call, subscription)?;
    require_write(tx, call, place)?;
    open_at(tx, call, place, name, content, None)
}

/// Opens a ticket where the caller may; about a reservation, where it is about one.
pub(crate) fn open_at(
    tx: &mut Tx<'_>,
    call: &Call,
    place: Place,
    name: &str,
    content: &Content,
    about: Option<(OrderId, ReservationId)>,
) -> Result<Opened, Error> {
    let mut faults = faults("properties.", content.faults());
    faults.extend(name_fault(name).map(|message| Fault::new("supportTicketName", message)));
    let hash = request_hash(&(content, about))?;
    if faults.is_empty()
        && let Some(row) = rows::load(tx, place, name)?
    {
        if row.request_hash != hash {
            let what = format!("support ticket name `{name}`");
            return Err(Error::KeyReused { what, code: "SupportTicketAlreadyExists" });
        }
        return Ok(Opened { ticket: Ticket::read(row)?, is_new: false });
    }
    if let Some(files) = &content.file_workspace_name
        && rows::workspace(tx, place, files)?.is_none()
    {
        let message = format!("names `{files}`, and there is no such workspace; create it first");
        faults.push(Fault::new("properties.fileWorkspaceName", message));
    }
    if !faults.is_empty() {
        return Err(Error::Malformed(faults));
    }
    let id = tx.new_id();
    let row = rows::Ticket {
        place,
        name: name.to_owned(),
        id,
        number: number(call.now, id),
        principal: call.caller.principal,
        created_at: call.now,
        modified_at: call.now,
        status: Status::Open.as_str().to_owned(),
        about,
        request_hash: hash,
        revision: 1,
        doc: serde_json::to_string(content)?,
    };
    rows::insert(tx, &row)?;
    changed(tx, call, &row, "Microsoft.Support/supportTickets/write")?;
    let ticket = Ticket::read(row)?;
    tell(tx, call, &ticket, &Notice::TicketOpened { title: ticket.content.title.clone() })?;
    Ok(Opened { ticket, is_new: true })
}

/// The number that people call a ticket by: its day, and digits of its id.
fn number(now: Timestamp, id: Uuid) -> String {
    let day = prorata_domain::term::utc_day(now);
    let digits = id.as_u128() % 100_000_000;
    format!("{:02}{:02}{:02}{digits:08}", day.year().rem_euclid(100), day.month(), day.day())
}

/// Writes the audit line of something that was done with a ticket.
pub(crate) fn changed(
    tx: &mut Tx<'_>,
    call: &Call,
    row: &rows::Ticket,
    action: &str,
) -> Result<(), Error> {
    audit::line(tx, call, &Event::new(action, path(row)).about(row.id))
}

/// A ticket as a path, for notifications and the audit.
pub(crate) fn path(row: &rows::Ticket) -> String {
    match (row.about, row.place.subscription) {
        (Some((order, reservation)), _) => {
            format!("order/{order}/reservation/{reservation}/ticket/{}", row.name)
        }
        (None, Some(subscription)) => format!("subscription/{subscription}/ticket/{}", row.name),
        (None, None) => format!("ticket/{}", row.name),
    }
}

/// Tells the ticket's tenant of something.
pub(crate) fn tell(
    tx: &mut Tx<'_>,
    call: &Call,
    ticket: &Ticket,
    notice: &Notice,
) -> Result<(), Error> {
    let row = &ticket.row;
    let payer = match row.place.subscription {
        Some(id) => world::subscription(tx, id)?.map(|found| found.billing_account),
        None => None,
    };
    let payer = payer.unwrap_or_default();
    notifications::push_of_tenant(tx, call, row.place.tenant, payer, path(row), notice)
}

/// A ticket by its name.
///
/// # Errors
/// [`Error::Absent`] for one that is not there, or that the caller may not see.
pub fn get(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    subscription: Option<SubscriptionId>,
    name: &str,
) -> Result<Ticket, Error> {
    let place = place(tx, call, subscription)?;
    Ticket::read(find(tx, call, place, name, false)?)
}

/// A page of tickets, the newest first: all that the caller may see.
///
/// # Errors
/// Those of the database.
pub fn list(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    subscription: Option<SubscriptionId>,
    query: &Query,
) -> Result<Page<Ticket>, Error> {
    let place = place(tx, call, subscription)?;
    let rights = rights(tx, call, place)?;
    if !rights.reads && !rights.writes {
        let _permit = access::at(tx, call, Action::ReadTicket, &scope(place))?;
    }
    let own = call.caller.principal;
    collect(query, |after| {
        let mut found = rows::page(tx, place, after, CHUNK)?;
        let last = found.last().filter(|_| found.len() == CHUNK).map(mark);
        found.retain(|row| rights.reads || row.principal == own);
        Ok((found, last))
    })
}

/// Changes a ticket's severity, status, contact or consents. The same again changes nothing.
///
/// # Errors
/// [`Error::Malformed`] with every fault of the contact; [`Error::Absent`], [`Error::Denied`].
pub fn update(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    subscription: Option<SubscriptionId>,
    name: &str,
    change: &Change,
) -> Result<Ticket, Error> {
    let place = place(tx, call, subscription)?;
    let ticket = Ticket::read(find(tx, call, place, name, true)?)?;
    let changed_content = change.of(&ticket.content);
    let faults = faults("contactDetails.", changed_content.contact.faults());
    if !faults.is_empty() {
        return Err(Error::Malformed(faults));
    }
    let status = change.status.unwrap_or_else(|| ticket.status());
    replace(tx, call, ticket, changed_content, status)
}

/// Writes a ticket's new content and status, where anything is different.
pub(crate) fn replace(
    tx: &mut Tx<'_>,
    call: &Call,
    ticket: Ticket,
    content: Content,
    status: Status,
) -> Result<Ticket, Error> {
    let was = ticket.status();
    if content == ticket.content && status == was {
        return Ok(ticket);
    }
    let row = rows::Ticket {
        modified_at: call.now,
        status: status.as_str().to_owned(),
        doc: serde_json::to_string(&content)?,
        ..ticket.row
    };
    if !rows::update(tx, &row)? {
        return Err(Error::Busy(format!("the ticket `{}` was changed meanwhile", row.name)));
    }
    changed(tx, call, &row, "Microsoft.Support/supportTickets/write")?;
    let row = rows::Ticket { revision: row.revision + 1, ..row };
    let ticket = Ticket { row, content };
    if was == Status::Open && status == Status::Closed {
        tell(tx, call, &ticket, &Notice::TicketClosed { title: ticket.content.title.clone() })?;
    }
    Ok(ticket)
}

/// What an operation id stands for: that a ticket was opened, or something said.
///
/// # Errors
/// [`Error::Absent`] when it is none that the caller may see.
pub fn operation(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    subscription: Option<SubscriptionId>,
    id: Uuid,
) -> Result<Timestamp, Error> {
    let place = place(tx, call, subscription)?;
    let absent = || Error::Absent { what: format!("operation `{id}`"), code: "ResourceNotFound" };
    let said = rows::said_by_id(tx, id)?;
    let ticket = said.as_ref().map_or(id, |said| said.ticket);
    let row = rows::by_id(tx, ticket)?.filter(|row| row.place == place).ok_or_else(absent)?;
    find(tx, call, place, &row.name, false).map_err(|_| absent())?;
    Ok(said.map_or(row.created_at, |said| said.at))
}
