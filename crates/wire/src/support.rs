//! Asking for an exception from a reservation, its evidence, and the desk's side of it, in shapes
//! of our own.

use crate::azure::fault::{BAD_REQUEST, Fault, Faults};
use crate::azure::instant;
use crate::azure::member::Member;
use crate::azure::support::ticket as shape;
use crate::azure::v2022_11_01::{exchange, refused};
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_domain::Refusal;
use prorata_domain::ids::{OperationId, OrderId, ReservationId, TenantId};
use prorata_domain::policy::ClauseId;
use prorata_domain::support::{Contact, Severity, Status};
use prorata_domain::waiver::Waiver;
use serde_json::{Value, json};
use uuid::Uuid;

/// The most letters of a reason.
const REASON_MAX: usize = 16_000;
/// Clauses of one exception.
const CLAUSES_MAX: usize = 100;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    Refund { quantity: u32 },
    Exchange(exchange::Ask),
}

/// What the one who asks adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub asked: Asked,
    pub reason: String,
    pub severity: Severity,
    pub contact: Contact,
}

/// Reads what is asked for, of a body with `asked`.
///
/// # Errors
/// Every fault of it.
pub fn parse_asked(body: &Value) -> Result<Asked, Vec<Fault>> {
    let mut faults = Faults::default();
    let asked = read_asked(body, &mut faults);
    faults.finish(asked)
}

fn read_asked(body: &Value, faults: &mut Faults) -> Option<Asked> {
    const WANTED: &str = "an object with either `refund` or `exchange`";
    let root = Member::root(body).object(faults, "an object with `asked`")?;
    let at = root.get("asked").object(faults, WANTED)?;
    let (refund, swap) = (at.get("refund"), at.get("exchange"));
    match (refund.is_given(), swap.is_given()) {
        (true, false) => {
            let refund = refund.object(faults, "an object with `quantity`")?;
            let quantity = refund.get("quantity").quantity(faults, "InvalidRefundQuantity")?;
            Some(Asked::Refund { quantity })
        }
        (false, true) => match exchange::parse_ask(&body["asked"]["exchange"], NEWEST) {
            Ok(ask) => Some(Asked::Exchange(ask)),
            Err(found) => {
                for fault in found {
                    let path = format!("asked.exchange.{}", fault.path);
                    faults.add(fault.code, path, fault.message);
                }
                None
            }
        },
        _ => {
            at.refuse(faults, BAD_REQUEST, &format!("must be {WANTED}."));
            None
        }
    }
}

const NEWEST: crate::azure::Version = crate::azure::Version::V2022_11_01;

/// Reads a request for support from a reservation.
///
/// # Errors
/// Every fault of it.
pub fn parse(body: &Value) -> Result<Request, Vec<Fault>> {
    let mut faults = Faults::default();
    let asked = read_asked(body, &mut faults);
    let root = Member::root(body);
    let reason = root.get("reason").prose(&mut faults, "why, in your words", REASON_MAX);
    let wanted = "`minimal`, `moderate`, `critical` or `highestcriticalimpact`";
    let severity = root
        .get("severity")
        .read_optional(&mut faults, BAD_REQUEST, wanted, |it| Severity::parse(&it.to_lowercase()))
        .unwrap_or(Severity::Minimal);
    let contact = match shape::parse_contact(body, "contactDetails") {
        Ok(contact) => Some(contact),
        Err(found) => {
            found.into_iter().for_each(|fault| faults.add(fault.code, fault.path, fault.message));
            None
        }
    };
    let request = asked.zip(reason).zip(contact);
    let request =
        request.map(|((asked, reason), contact)| Request { asked, reason, severity, contact });
    faults.finish(request)
}

/// A file of the evidence.
#[derive(Debug, Clone, Copy)]
pub struct File<'f> {
    pub name: &'f str,
    /// SHA-256 in hexadecimal.
    pub digest: &'f str,
    pub text: &'f str,
}

/// The evidence, as it is shown.
pub fn evidence<'f>(refusal: Option<&Refusal>, files: impl Iterator<Item = File<'f>>) -> Value {
    let mut body = json!({
        "approved": refusal.is_none(),
        "files": files.map(|file| json!({
            "name": file.name,
            "sha256": file.digest,
            "text": file.text,
        })).collect::<Vec<_>>(),
    });
    if let Some(refusal) = refusal {
        body["refusal"] = json!({
            "clause": refusal.clause.as_str(),
            "code": refusal.code,
            "message": refused::message(refusal),
        });
    }
    body
}

/// A file as it was kept, in base64.
pub fn file(name: &str, digest: &str, content: &str) -> Value {
    json!({ "name": name, "sha256": digest, "content": content })
}

/// What the desk wants to be different about a ticket.
///
/// # Errors
/// Every fault of it.
pub fn parse_status(body: &Value) -> Result<Status, Vec<Fault>> {
    let mut faults = Faults::default();
    let status = Member::root(body).object(&mut faults, "an object with `status`").and_then(|at| {
        at.get("status").read(&mut faults, BAD_REQUEST, "`open` or `closed`", |word| {
            Status::parse(&word.to_lowercase())
        })
    });
    faults.finish(status)
}

/// An exception that is to be granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    pub clauses: Vec<ClauseId>,
    pub lapses_on: Date,
    pub reason: String,
    pub about: Option<(OrderId, ReservationId)>,
}

/// Reads an exception.
///
/// # Errors
/// Every fault of it.
pub fn parse_exception(body: &Value) -> Result<Exception, Vec<Fault>> {
    let mut faults = Faults::default();
    let root = Member::root(body).object(&mut faults, "an object with `clauses` and `lapsesOn`");
    let exception = root.and_then(|at| {
        let items = at.get("clauses").list(&mut faults, "a list of clauses", CLAUSES_MAX);
        let mut clauses = Vec::with_capacity(items.len());
        for item in items {
            let wanted = "the name of a clause, such as `refund-cap`";
            clauses.extend(item.read(&mut faults, BAD_REQUEST, wanted, ClauseId::parse));
        }
        let wanted = "a day such as `2026-06-01`, the first on which it is no longer good";
        let lapses_on =
            at.get("lapsesOn").read(&mut faults, BAD_REQUEST, wanted, |day| day.parse().ok());
        let reason = at.get("reason").prose(&mut faults, "why it is granted", REASON_MAX);
        let wanted = "the id of a reservation, with its order";
        let about = at.get("reservationId").read_optional(
            &mut faults,
            "InvalidReservationId",
            wanted,
            crate::azure::parse_reservation_id,
        );
        Some(Exception { clauses, lapses_on: lapses_on?, reason: reason?, about })
    });
    faults.finish(exception)
}

/// An exception that was granted, as far as it is shown.
#[derive(Debug, Clone, Copy)]
pub struct Granted<'g> {
    pub waiver: &'g Waiver,
    pub order: OrderId,
    pub reservation: ReservationId,
    pub reason: &'g str,
    pub granted_by: Uuid,
    pub granted_at: Timestamp,
    pub used: Option<(OperationId, Timestamp)>,
}

/// An exception, as it is shown.
pub fn exception(granted: &Granted<'_>) -> Value {
    let waiver = granted.waiver;
    let mut shown = json!({
        "id": waiver.id,
        "ticket": waiver.ticket,
        "reservationId": crate::azure::reservation_id(granted.order, granted.reservation),
        "clauses": waiver.clauses.iter().map(|clause| clause.as_str()).collect::<Vec<_>>(),
        "lapsesOn": waiver.lapses_on.to_string(),
        "reason": granted.reason,
        "grantedBy": granted.granted_by,
        "grantedAt": instant(granted.granted_at),
    });
    if let Some((operation, at)) = granted.used {
        shown["usedBy"] = json!(operation);
        shown["usedAt"] = instant(at);
    }
    shown
}

/// A ticket, with what the desk needs beside what its own people see.
#[derive(Debug, Clone, Copy)]
pub struct Ticket<'t> {
    pub id: Uuid,
    pub tenant: TenantId,
    pub opened_by: Uuid,
    pub about: Option<(OrderId, ReservationId)>,
    pub ticket: shape::Ticket<'t>,
}

/// A ticket as the desk sees it.
pub fn ticket(of: &Ticket<'_>) -> Value {
    let mut shown = json!({
        "id": of.id,
        "tenantId": of.tenant,
        "openedBy": of.opened_by,
        "ticket": shape::show(&of.ticket),
    });
    if let Some((order, reservation)) = of.about {
        shown["reservationId"] = json!(crate::azure::reservation_id(order, reservation));
    }
    shown
}
