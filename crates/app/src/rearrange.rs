//! What all rearrangements share: who may, what is looked at, and how one is shown again.

use crate::access::require_order;
use crate::reservations::absent_reservation;
use crate::{App, Call, Error};
use prorata_domain::access::{Action, Assignment, Scope, allows};
use prorata_domain::ids::{OperationId, OrderId, ReservationId};
use prorata_domain::reservation::{BillingAccount, Order, Reservation, ReservationState};
use prorata_store::Tx;
use prorata_store::reservations::{self, Revision};

/// A rearrangement that was made: the reservations as it left them.
#[derive(Debug, Clone)]
pub struct Rearranged {
    pub order: Order,
    pub reservations: Vec<Reservation>,
    /// The reservation and the revision of it by which the result is found again.
    pub subject: (ReservationId, i64),
}

/// Refuses unless the caller may act on a reservation: by a role on it, or on or above its order.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`].
pub(crate) fn require_item(
    call: &Call,
    assigned: &[Assignment],
    action: Action,
    order: OrderId,
    id: ReservationId,
) -> Result<(), Error> {
    if allows(assigned, action, &Scope::reservation(order, id)) {
        return Ok(());
    }
    require_order(call, assigned, action, order)
}

/// A reservation with its order and the account that pays.
///
/// # Errors
/// [`Error::Absent`].
pub(crate) fn held(
    tx: &mut Tx<'_>,
    call: &Call,
    order: OrderId,
    id: ReservationId,
) -> Result<(Order, Reservation, BillingAccount), Error> {
    match reservations::held(tx, call.caller.tenant, order, id)? {
        Some(found) => Ok(found),
        None => Err(absent_reservation(tx, call, order, id)?),
    }
}

/// The first revision of a reservation that was in such a state.
pub(crate) fn revision_when(
    tx: &mut Tx<'_>,
    reservation: &Reservation,
    is: impl Fn(&Reservation) -> bool,
) -> Result<Option<Revision>, Error> {
    let all = reservations::revisions(tx, reservation.tenant, reservation.order, reservation.id)?;
    Ok(all.into_iter().find(|revision| is(&revision.reservation)))
}

/// A reservation as an operation left it.
pub(crate) fn left_by(
    tx: &mut Tx<'_>,
    order: &Order,
    id: ReservationId,
    operation: OperationId,
) -> Result<Reservation, Error> {
    let all = reservations::revisions(tx, order.tenant, order.id, id)?;
    let found = all.into_iter().rev().find(|revision| revision.operation == operation);
    found.map(|revision| revision.reservation).ok_or_else(|| {
        Error::Broken(format!("reservation `{id}` has no revision of operation `{operation}`"))
    })
}

/// The result of a split or a merge that the caller may see.
///
/// # Errors
/// [`Error::Absent`] when the reservation was not split or merged by that revision, or the caller
/// may not see it.
pub fn result(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    order: OrderId,
    subject: (ReservationId, i64),
) -> Result<Rearranged, Error> {
    let (order, reservation) = crate::reservations::show(tx, app, call, order, subject.0)?;
    let found = revision_when(tx, &reservation, |row| row.revision == subject.1)?;
    let shown = match found {
        Some(revision) => match revision.reservation.state {
            ReservationState::Split { .. } => {
                Some(crate::split::shown(tx, &order, revision.reservation, revision.operation)?)
            }
            ReservationState::Merged { .. } => {
                Some(crate::merge::shown(tx, &order, revision.reservation, revision.operation)?)
            }
            _ => None,
        },
        None => None,
    };
    shown.ok_or_else(|| Error::Absent {
        what: format!("result `{}_{}`", subject.0, subject.1),
        code: "ResourceNotFound",
    })
}
