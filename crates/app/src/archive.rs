//! Putting reservations that are over out of sight, and getting them back.

use crate::operations::{Deed, Evidence, Kind, record};
use crate::purchase::approved;
use crate::rearrange::held;
use crate::{App, Call, Error, access};
use prorata_domain::Decision;
use prorata_domain::access::Action;
use prorata_domain::archive::{Facts, Plan, Request, carry_out, decide};
use prorata_domain::ids::{OperationId, OrderId, ReservationId};
use prorata_domain::rearrange::Item;
use prorata_store::{Tx, reservations};

/// Puts a reservation into the archive, or gets it out. One that is there (or not) already stays
/// as it is.
///
/// # Errors
/// [`Error::Absent`], [`Error::Denied`] or [`Error::Refused`].
pub fn archive(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    order: OrderId,
    reservation: ReservationId,
    archived: bool,
) -> Result<(), Error> {
    let kind = if archived { Kind::Archive } else { Kind::Unarchive };
    let target = format!("order/{order}/reservation/{reservation}");
    let deed = (order, reservation, archived);
    archive_item(tx, app, call, deed, kind, &target)
        .map_err(|error| error.attempted(call, kind, target))
}

/// What it would be, with all that was looked at; nothing is done.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`]; never because of a rule.
pub fn preview(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    order: OrderId,
    reservation: ReservationId,
    archived: bool,
) -> Result<Decision<Plan>, Error> {
    let _ = access::reservation(tx, call, Action::Manage, order, reservation)?;
    let (order, row, _) = held(tx, call, order, reservation)?;
    let facts = Facts { item: Item::new(&order, &row) };
    Ok(decide(&app.book, &facts, &Request { archived }, call.now)?)
}

fn archive_item(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    (order, id, archived): (OrderId, ReservationId, bool),
    kind: Kind,
    target: &str,
) -> Result<(), Error> {
    let permit = access::reservation(tx, call, Action::Manage, order, id)?;
    let (order, row, account) = held(tx, call, order, id)?;
    let facts = Facts { item: Item::new(&order, &row) };
    let request = Request { archived };
    let mut decision = decide(&app.book, &facts, &request, call.now)?;
    if let Some(refusal) = decision.refusal {
        return Err(Error::refused(refusal, decision.findings));
    }
    if row.archived == archived {
        return Ok(());
    }
    let changed = carry_out(&row, approved(&decision)?, call.now);
    let operation = OperationId(tx.new_id());
    reservations::replace(tx, &changed, row.revision, operation)?;
    let findings = std::mem::take(&mut decision.findings);
    let deed = Deed {
        permit: &permit,
        id: operation,
        kind,
        target: target.to_owned(),
        billing_account: &account.id,
        counted: None,
    };
    let policy = app.book.digest().to_owned();
    let document = Evidence { policy, facts, request, decision };
    record(tx, call, &deed, None, &findings, &document)
}
