//! Asking for a refund or an exchange from a reservation: everything is filled in but who asks, and
//! the evidence goes along.

use super::evidence::{Asked, Pack, pack};
use super::{Opened, Ticket, files, open_at, require_write};
use crate::{App, Call, Error, reservations};
use prorata_domain::ids::{OrderId, ReservationId};
use prorata_domain::support::{Contact, Content, Severity, exchanges_and_refunds};
use prorata_store::Tx;
use prorata_store::support::{self as rows, Place};
use serde::{Deserialize, Serialize};

/// What the one who asks adds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub asked: Asked,
    /// Why, in their words.
    pub reason: String,
    pub severity: Severity,
    pub contact: Contact,
}

/// Where tickets about a reservation are: at the subscription that pays for it, where that is the
/// caller's tenant's still, else at the tenant.
fn place_of(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    order: OrderId,
    reservation: ReservationId,
) -> Result<Place, Error> {
    let (order, _) = reservations::show(tx, app, call, order, reservation)?;
    let payer = order.billing_subscription;
    super::place(tx, call, Some(payer)).or_else(|_| super::place(tx, call, None))
}

/// Whether the caller may open a ticket about a reservation.
///
/// # Errors
/// [`Error::Absent`] for a reservation that they do not see.
pub fn may(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    order: OrderId,
    reservation: ReservationId,
) -> Result<bool, Error> {
    let place = place_of(tx, app, call, order, reservation)?;
    match require_write(tx, call, place) {
        Ok(()) => Ok(true),
        Err(Error::Denied { .. } | Error::Absent { .. }) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Opens a ticket about a reservation under a name, with its evidence. The same again is the same
/// ticket with the evidence of then.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`]; [`Error::Malformed`] with every fault of the contact;
/// [`Error::KeyReused`] for a name that was used otherwise.
pub fn put(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    order: OrderId,
    reservation: ReservationId,
    name: &str,
    request: &Request,
) -> Result<Opened, Error> {
    let place = place_of(tx, app, call, order, reservation)?;
    require_write(tx, call, place)?;
    let about = Some((order, reservation));
    let content = content(order, reservation, name, request);
    if rows::load(tx, place, name)?.is_some() {
        return open_at(tx, call, place, name, &content, about);
    }
    let pack = pack(tx, app, call, order, reservation, &request.asked)?;
    super::well_named("supportTicketName", name)?;
    let workspace = match rows::workspace(tx, place, name)? {
        Some(_) => {
            return Err(Error::KeyReused {
                what: format!("file workspace name `{name}`"),
                code: "FileWorkspaceAlreadyExists",
            });
        }
        None => files::make_workspace(tx, call, place, name)?,
    };
    for file in &pack.files {
        files::attach(tx, call, &workspace, file.name, file.text.as_bytes())?;
    }
    open_at(tx, call, place, name, &content, about)
}

fn content(order: OrderId, reservation: ReservationId, name: &str, request: &Request) -> Content {
    let (service, problem) = exchanges_and_refunds();
    let wish = match &request.asked {
        Asked::Refund { quantity: 1 } => "Refund of 1 unit".to_owned(),
        Asked::Refund { quantity } => format!("Refund of {quantity} units"),
        Asked::Exchange(_) => "Exchange".to_owned(),
    };
    Content {
        service: service.id.clone(),
        problem: problem.id.clone(),
        title: format!("{wish} of reservation {reservation}"),
        description: format!(
            "{wish}.\nReservation order ID: {order}\nReservation ID: {reservation}\n\n{}\n\nThe \
             evidence is in the files evidence.json and evidence.md of workspace {name}; \
             evidence.sha256 has their digests.",
            request.reason
        ),
        severity: request.severity,
        advanced_diagnostic_consent: false,
        contact: request.contact.clone(),
        require_24x7_response: None,
        problem_start_time: None,
        problem_scoping_questions: None,
        enrollment_id: None,
        support_plan_id: None,
        file_workspace_name: Some(name.to_owned()),
        technical_resource_id: None,
        quota: None,
        secondary_consent: Vec::new(),
    }
}

/// The evidence as it would go along now; nothing is kept of it.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`].
pub fn evidence(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    order: OrderId,
    reservation: ReservationId,
    asked: &Asked,
) -> Result<Pack, Error> {
    let place = place_of(tx, app, call, order, reservation)?;
    require_write(tx, call, place)?;
    pack(tx, app, call, order, reservation, asked)
}

/// A ticket about a reservation.
///
/// # Errors
/// [`Error::Absent`].
pub fn get(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    order: OrderId,
    reservation: ReservationId,
    name: &str,
) -> Result<Ticket, Error> {
    let place = place_of(tx, app, call, order, reservation)?;
    let row = super::find(tx, call, place, name, false)?;
    let row = Some(row).filter(|row| row.about == Some((order, reservation)));
    Ticket::read(row.ok_or_else(|| super::absent(name))?)
}

/// The bytes of a file that went along with a ticket about a reservation.
///
/// # Errors
/// [`Error::Absent`] when there is none, or it was not sent whole.
pub fn file(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    about: (OrderId, ReservationId),
    name: &str,
    file: &str,
) -> Result<Vec<u8>, Error> {
    let ticket = get(tx, app, call, about.0, about.1, name)?;
    of_ticket(tx, &ticket, file)
}

/// The bytes of a file of a ticket's workspace.
pub(super) fn of_ticket(tx: &mut Tx<'_>, ticket: &Ticket, name: &str) -> Result<Vec<u8>, Error> {
    let absent = || Error::Absent { what: format!("file `{name}`"), code: "ResourceNotFound" };
    let workspace = ticket.content.file_workspace_name.as_deref().ok_or_else(absent)?;
    let workspace = rows::workspace(tx, ticket.row.place, workspace)?.ok_or_else(absent)?;
    let found = rows::file(tx, workspace.id, name)?.ok_or_else(absent)?;
    files::content(tx, &found)?.ok_or_else(absent)
}
