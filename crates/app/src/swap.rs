//! Carrying out a swap with premium-storage twins: reservations of the same order, with what was
//! agreed for the old ones. Nothing is posted.

use crate::exchange::{Gathered, not_asked};
use crate::{Call, Error};
use prorata_domain::access::{Action, Scope};
use prorata_domain::exchange::Swap;
use prorata_domain::ids::{OperationId, OrderId, ReservationId};
use prorata_domain::reservation::{AcquiredBy, Reservation, ReservationState};
use prorata_store::{Tx, reservations};

/// Ends what is swapped and places its twins; answers the twins in the order of the swaps.
///
/// # Errors
/// Those of the database; [`Error::Broken`] when the plan is not of these facts.
pub(crate) fn carry_out(
    tx: &mut Tx<'_>,
    call: &Call,
    gathered: &Gathered,
    swaps: &[Swap],
    operation: OperationId,
) -> Result<Vec<(OrderId, ReservationId)>, Error> {
    let mut placed = Vec::with_capacity(swaps.len());
    for (swap, wanted) in swaps.iter().zip(&gathered.request.purchases) {
        let (order, was) = gathered
            .held
            .get(swap.returned)
            .ok_or_else(|| Error::Broken("a swap of a return that is not there".to_owned()))?;
        let permit = gathered.givers.get(swap.returned).ok_or_else(not_asked)?;
        permit.require(Action::Exchange, &Scope::order(order.id))?;
        let into = ReservationId(tx.new_id());
        let rest = (swap.kept > 0).then(|| ReservationId(tx.new_id()));
        let ended = Reservation {
            state: ReservationState::Swapped { into, rest },
            renew: false,
            effective_at: call.now,
            updated_at: call.now,
            revision: was.revision + 1,
            ..was.clone()
        };
        reservations::replace(tx, &ended, was.revision, operation)?;
        // Purchase date and rights are those of what it goes on from.
        let part = Reservation {
            effective_at: call.now,
            updated_at: call.now,
            source: Some(was.id),
            revision: 1,
            ..was.clone()
        };
        let twin = Reservation {
            id: into,
            sku: swap.commitment.sku.clone(),
            quantity: swap.quantity,
            display_name: wanted.display_name.clone(),
            applied_scope: wanted.applied_scope.clone(),
            instance_flexibility: wanted.instance_flexibility.unwrap_or(was.instance_flexibility),
            renew: wanted.renew,
            acquired_by: AcquiredBy::Swap,
            ..part.clone()
        };
        reservations::insert(tx, order, &twin, operation)?;
        if let Some(rest) = rest {
            let kept = Reservation {
                id: rest,
                quantity: swap.kept,
                acquired_by: AcquiredBy::PartialReturn,
                ..part
            };
            reservations::insert(tx, order, &kept, operation)?;
        }
        placed.push((order.id, into));
    }
    Ok(placed)
}
