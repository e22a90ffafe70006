//! What all rearrangements share: who may, what is looked at, and how one is shown again.

use crate::reservations::absent_reservation;
use crate::{App, Call, Error};
use prorata_domain::access::Scope;
use prorata_domain::ids::{AssignmentId, OperationId, OrderId, ReservationId};
use prorata_domain::reservation::{BillingAccount, Order, Reservation, ReservationState};
use prorata_store::reservations::{self, Revision};
use prorata_store::{Tx, world};

/// A rearrangement that was made: the reservations as it left them.
#[derive(Debug, Clone)]
pub struct Rearranged {
    pub order: Order,
    pub reservations: Vec<Reservation>,
    /// The reservation and the revision of it by which the result is found again.
    pub subject: (ReservationId, i64),
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

/// Gives everybody who has a role on each of the sources the same role on what they became: who
/// could see and act on the whole can on its parts, and nobody gains a unit by a merge.
///
/// # Errors
/// Those of the database.
pub(crate) fn carry_roles(
    tx: &mut Tx<'_>,
    order: &Order,
    sources: &[ReservationId],
    into: &[ReservationId],
) -> Result<(), Error> {
    let given = world::assignments_on(tx, order.tenant, order.id)?;
    let at = |id: &ReservationId| Scope::reservation(order.id, *id).as_str().to_owned();
    let Some((first, rest)) = sources.split_first() else { return Ok(()) };
    let on_first = given.iter().filter(|one| one.scope == at(first));
    let on_all = on_first.filter(|one| {
        rest.iter().all(|source| {
            given.iter().any(|other| {
                (other.principal, &other.role, &other.scope)
                    == (one.principal, &one.role, &at(source))
            })
        })
    });
    for one in on_all {
        for id in into {
            let carried = world::RoleAssignment {
                id: AssignmentId(tx.new_id()),
                scope: at(id),
                ..one.clone()
            };
            world::put_assignment(tx, &carried)?;
        }
    }
    Ok(())
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
