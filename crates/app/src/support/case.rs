//! A ticket by its id, as those see it who asked, and as the desk sees it: with all that belongs to
//! it, and what the caller may do.

use super::communications::{FROM_CUSTOMER, Said, Saying, say};
use super::desk::{self, AtDesk, Case};
use super::listing::{CHUNK, Query, collect, mark};
use super::ticket::faults;
use super::{Ticket, changed, find, open, replace, rights};
use crate::orders::Page;
use crate::{App, Call, Error};
use prorata_domain::support::{Message, Status};
use prorata_store::Tx;
use prorata_store::support::{self as rows, Place};
use uuid::Uuid;

/// From which side a ticket is looked at.
#[derive(Debug)]
pub enum Side {
    /// Of those who asked. Whether they may write, and not only read.
    Customer {
        writes: bool,
    },
    Desk(AtDesk),
}

impl Side {
    pub fn is_desk(&self) -> bool {
        matches!(self, Side::Desk(_))
    }

    /// Whether the caller may say something, and close the ticket.
    pub fn writes(&self) -> bool {
        match self {
            Side::Customer { writes } => *writes,
            Side::Desk(_) => true,
        }
    }
}

/// Whose tickets are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Those that the caller opened.
    Mine,
    /// All of the tenant that the caller may see.
    Tenant,
    /// All tenants', for the desk.
    Desk,
}

/// Whether the caller works at the desk.
///
/// # Errors
/// Those of the database.
pub fn is_desk(tx: &mut Tx<'_>, call: &Call) -> Result<bool, Error> {
    Ok(at_desk(tx, call)?.is_some())
}

fn at_desk(tx: &mut Tx<'_>, call: &Call) -> Result<Option<AtDesk>, Error> {
    match desk::member(tx, call) {
        Ok(member) => Ok(Some(member)),
        Err(Error::Absent { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A page of tickets of every place, the newest first.
///
/// # Errors
/// [`Error::Absent`] for the desk's, where the caller does not work there.
pub fn list(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    whose: Whose,
    query: &Query,
) -> Result<Page<Ticket>, Error> {
    if whose == Whose::Desk {
        return desk::list(tx, app, call, query);
    }
    let tenant = call.caller.tenant;
    let own = call.caller.principal;
    // Rights are the same for all tickets of a place, of which a tenant has few.
    let mut known: Vec<(Place, bool)> = Vec::new();
    collect(query, |after| {
        let found = rows::page_of_tenant(tx, tenant, after, CHUNK)?;
        let last = found.last().filter(|_| found.len() == CHUNK).map(mark);
        let mut kept = Vec::with_capacity(found.len());
        for row in found {
            let mine = row.principal == own;
            let seen = match known.iter().find(|(place, _)| *place == row.place) {
                _ if mine || whose == Whose::Mine => mine,
                Some((_, reads)) => *reads,
                None => {
                    let reads = rights(tx, call, row.place)?.reads;
                    known.push((row.place, reads));
                    reads
                }
            };
            if seen {
                kept.push(row);
            }
        }
        Ok((kept, last))
    })
}

/// A ticket, and from which side the caller sees it: a member of the desk from the desk's.
fn reach(tx: &mut Tx<'_>, call: &Call, id: Uuid) -> Result<(Ticket, Side), Error> {
    let absent = || Error::Absent { what: format!("ticket `{id}`"), code: "ResourceNotFound" };
    let row = rows::by_id(tx, id)?.ok_or_else(absent)?;
    if let Some(member) = at_desk(tx, call)? {
        return Ok((Ticket::read(row)?, Side::Desk(member)));
    }
    if row.place.tenant != call.caller.tenant {
        return Err(absent());
    }
    let (place, name) = (row.place, row.name.clone());
    let row = find(tx, call, place, &name, false).map_err(|error| match error {
        Error::Absent { .. } | Error::Denied { .. } => absent(),
        other => other,
    })?;
    let writes = match find(tx, call, place, &name, true) {
        Ok(_) => true,
        Err(Error::Absent { .. } | Error::Denied { .. }) => false,
        Err(error) => return Err(error),
    };
    Ok((Ticket::read(row)?, Side::Customer { writes }))
}

/// A ticket with all that belongs to it.
///
/// # Errors
/// [`Error::Absent`].
pub fn show(tx: &mut Tx<'_>, _app: &App, call: &Call, id: Uuid) -> Result<(Case, Side), Error> {
    let (ticket, side) = reach(tx, call, id)?;
    Ok((desk::case_of(tx, ticket)?, side))
}

/// Says something under a name, as the side that the caller is on. The same again is the same.
///
/// # Errors
/// [`Error::Malformed`] with every fault, and for a ticket that is closed; [`Error::Absent`];
/// [`Error::Denied`] for who may only read.
pub fn answer(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    id: Uuid,
    name: &str,
    message: &Message,
) -> Result<Said, Error> {
    let (ticket, side) = reach(tx, call, id)?;
    if side.is_desk() {
        return desk::answer(tx, app, call, id, name, message);
    }
    find(tx, call, ticket.row.place, &ticket.row.name, true)?;
    let faults = faults("", message.faults());
    let sender = ticket.content.contact.primary_email_address.clone();
    let saying = Saying { name, direction: FROM_CUSTOMER, sender, message };
    let said = say(tx, call, &ticket, &saying, faults)?;
    if said.is_new {
        changed(tx, call, &ticket.row, "Microsoft.Support/supportTickets/communications/write")?;
    }
    Ok(said)
}

/// Closes a ticket, or opens it again.
///
/// # Errors
/// As [`answer`].
pub fn set_status(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    id: Uuid,
    status: Status,
) -> Result<Ticket, Error> {
    let (ticket, side) = reach(tx, call, id)?;
    if side.is_desk() {
        return desk::set_status(tx, app, call, id, status);
    }
    find(tx, call, ticket.row.place, &ticket.row.name, true)?;
    let content = ticket.content.clone();
    replace(tx, call, ticket, content, status)
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
    let (ticket, _) = reach(tx, call, id)?;
    open::of_ticket(tx, &ticket, name)
}
