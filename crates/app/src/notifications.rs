//! What somebody is to be told: written in the transaction of its cause, listed for its tenant.
//! What people do themselves is told from its operation; what the clock does has a row of its own.

use crate::access::Readable;
use crate::limits::PAGE_ROWS_MAX;
use crate::operations::{Deed, Kind};
use crate::orders::Page;
use crate::{App, Call, Error, request};
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_domain::decision::Refusal;
use prorata_domain::ids::{OrderId, RequestId, ReservationId, TenantId};
use prorata_domain::policy::ClauseId;
use prorata_domain::reservation::Order;
use prorata_ledger::Money;
use prorata_store::Tx;
use prorata_store::deliveries::{self, Told};
use prorata_store::notifications as rows;
use prorata_store::reservations::Visible;
use serde::Serialize;
use uuid::Uuid;

pub use prorata_store::notifications::Notification;

/// What is told by the clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged, rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Notice {
    /// The term ends soon.
    Expiring {
        on: Date,
        renew: bool,
    },
    Expired,
    Renewed {
        order: OrderId,
        total: Money,
    },
    NotRenewed {
        code: String,
        reason: String,
    },
    PaymentFailed {
        code: String,
        reason: String,
        /// When it is tried again; none when that is with the next payment, or never.
        next_on: Option<Date>,
    },
    /// Somebody asked for support.
    TicketOpened {
        title: String,
    },
    /// The desk answered a ticket.
    TicketAnswered {
        title: String,
        subject: String,
    },
    TicketClosed {
        title: String,
    },
    /// The desk waived clauses for a reservation, once.
    ExceptionGranted {
        ticket: String,
        clauses: Vec<ClauseId>,
        lapses_on: Date,
    },
}

impl Notice {
    /// A payment that was refused.
    pub(crate) fn refused(refusal: &Refusal, next_on: Option<Date>) -> Notice {
        let (code, reason) = (refusal.code.to_string(), refusal.reason.clone());
        Notice::PaymentFailed { code, reason, next_on }
    }

    pub fn kind(&self) -> &'static str {
        match self {
            Notice::Expiring { .. } => "expiring",
            Notice::Expired => "expired",
            Notice::Renewed { .. } => "renewed",
            Notice::NotRenewed { .. } => "not-renewed",
            Notice::PaymentFailed { .. } => "payment-failed",
            Notice::TicketOpened { .. } => "ticket-opened",
            Notice::TicketAnswered { .. } => "ticket-answered",
            Notice::TicketClosed { .. } => "ticket-closed",
            Notice::ExceptionGranted { .. } => "exception-granted",
        }
    }
}

/// Tells of a reservation.
///
/// # Errors
/// Those of the database.
pub(crate) fn push(
    tx: &mut Tx<'_>,
    call: &Call,
    order: &Order,
    reservation: ReservationId,
    notice: &Notice,
) -> Result<(), Error> {
    push_about(tx, call, order, format!("order/{}/reservation/{reservation}", order.id), notice)
}

/// Tells of an order as a whole.
///
/// # Errors
/// Those of the database.
pub(crate) fn push_of_order(
    tx: &mut Tx<'_>,
    call: &Call,
    order: &Order,
    notice: &Notice,
) -> Result<(), Error> {
    push_about(tx, call, order, format!("order/{}", order.id), notice)
}

fn push_about(
    tx: &mut Tx<'_>,
    call: &Call,
    order: &Order,
    target: String,
    notice: &Notice,
) -> Result<(), Error> {
    push_of_tenant(tx, call, order.tenant, order.billing_account.clone(), target, notice)
}

/// Tells a tenant of something; `billing_account` is whose bill it is about, or empty.
///
/// # Errors
/// Those of the database.
pub(crate) fn push_of_tenant(
    tx: &mut Tx<'_>,
    call: &Call,
    tenant: TenantId,
    billing_account: String,
    target: String,
    notice: &Notice,
) -> Result<(), Error> {
    let id = tx.new_id();
    rows::insert(
        tx,
        &Notification {
            tenant,
            at: call.now,
            id,
            kind: notice.kind().to_owned(),
            billing_account,
            target,
            doc: serde_json::to_string(notice)?,
        },
    )?;
    Ok(())
}

/// A page of what the caller's tenant is to be told, by time.
///
/// # Errors
/// [`Error::Malformed`] for a mark that no page gave; those of the database.
pub fn list(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<Notification>, Error> {
    let limit = limit.clamp(1, PAGE_ROWS_MAX);
    let after = after.map(read_mark).transpose()?;
    let mut rows = rows::of_tenant(tx, call.caller.tenant, after, limit + 1)?;
    let next = (rows.len() > limit).then(|| mark(&rows[limit - 1]));
    rows.truncate(limit);
    // A page may so be shorter than asked for; its mark leads on all the same.
    let readable = Readable::of(tx, call)?;
    let mut seen = Vec::with_capacity(rows.len());
    for mut row in rows {
        let is_seen = match (order_of(&row.target), request_of(&row.target)) {
            (Some(order), _) => readable.holds_order(order),
            (None, Some(id)) => request::visible(tx, call, id)?,
            // What is about no order alone, such as an exchange, is for who reads all of them.
            (None, None) => matches!(readable.orders, Visible::All),
        };
        if is_seen {
            row.kind = told(&row.kind).to_owned();
            seen.push(row);
        }
    }
    Ok(Page { rows: seen, next })
}

/// The request that a path is.
fn request_of(target: &str) -> Option<RequestId> {
    RequestId::parse(target.strip_prefix("request/")?)
}

/// The order that a path begins with.
fn order_of(target: &str) -> Option<OrderId> {
    OrderId::parse(target.strip_prefix("order/")?.split('/').next()?)
}

/// Whether a deed of a kind is told to those who want to know, as the listing has it.
pub(crate) fn is_told(kind: Kind) -> bool {
    rows::DEEDS_TOLD.contains(&kind.as_str())
}

/// Puts a deed on its way to the receivers of its tenant.
///
/// # Errors
/// Those of the database.
pub(crate) fn send_deed(tx: &mut Tx<'_>, call: &Call, deed: &Deed<'_>) -> Result<(), Error> {
    let told = Told {
        tenant: call.caller.tenant,
        notification: deed.id.0,
        at: call.now,
        kind: told(deed.kind.as_str()),
        billing_account: deed.billing_account,
        target: &deed.target,
        doc: "{}",
    };
    Ok(deliveries::fan_out(tx, &told)?)
}

/// The word for a notification of a deed, from that of its operation.
fn told(kind: &str) -> &str {
    match kind {
        "refund" => "cancellation",
        "scope" => "scope-change",
        "update" => "change",
        other => other,
    }
}

fn mark(row: &Notification) -> String {
    format!("{}.{}", row.at.as_microsecond(), row.id)
}

fn read_mark(mark: &str) -> Result<(Timestamp, Uuid), Error> {
    let read = || {
        let (at, id) = mark.split_once('.')?;
        let at = Timestamp::from_microsecond(at.parse().ok()?).ok()?;
        Some((at, Uuid::try_parse(id).ok()?))
    };
    read().ok_or_else(|| Error::malformed("$skiptoken", "is not the mark that a page before gave"))
}
