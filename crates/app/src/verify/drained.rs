//! What pre-purchase plans hold: drained and left come to what was bought, usage by usage.

use super::{Broken, Report, broken, count_policy, name, replayed};
use crate::drain::balance;
use crate::operations::{Evidence, Row, recorded};
use crate::{App, Error};
use prorata_domain::drain::{Facts, Plan, Request, decide};
use prorata_domain::reservation::{Order, Reservation, ReservationState};
use prorata_store::journal::Posted;
use prorata_store::{Tx, drains};

/// Checks the plans of an order.
///
/// # Errors
/// Those of the database.
pub(super) fn plans_hold(
    tx: &mut Tx<'_>,
    order: &Order,
    held: &[Reservation],
) -> Result<Option<Broken>, Error> {
    for plan in held {
        let Some(holds) = balance(tx, order, plan)? else { continue };
        let row = format!("reservation {} of order {}", plan.id, order.id);
        if let Some(usage) = drains::broken(tx, order.id, plan.id)? {
            let what = format!("usage `{usage}` is not what was covered and what was overage");
            return Ok(broken("covered and overage are the usage", row, what));
        }
        let sum = drains::sum(tx, order.id, plan.id)?;
        if sum != holds.drained || sum > holds.bought {
            let what =
                format!("{sum} was covered, {} is counted of {}", holds.drained, holds.bought);
            return Ok(broken("drained and left are what was bought", row, what));
        }
        let empty = holds.left.is_zero();
        let ended = plan.state == ReservationState::Drained;
        if ended && !empty || empty && plan.state.is_active() {
            let what = format!("{} is left of it, and it is {}", holds.left, plan.state.name());
            return Ok(broken("a plan ends with its last unit", row, what));
        }
    }
    Ok(None)
}

/// Checks a drain: decided again from its facts, and posted for only when it emptied the plan.
pub(super) fn drain_holds(
    tx: &mut Tx<'_>,
    app: &App,
    row: &Row,
    posted: &[Posted],
    report: &mut Report,
) -> Result<Option<Broken>, Error> {
    let read: Evidence<Facts, Request, Plan> = recorded(tx, row)?;
    count_policy(app, &read.policy, report);
    let again = decide(&app.book, &read.facts, &read.request, row.decided_at)?;
    if let Some(found) = replayed(row, &read.decision, &again) {
        return Ok(Some(found));
    }
    let Some(plan) = read.decision.plan() else { return Ok(None) };
    let ends = plan.left.is_zero();
    Ok(posted.first().filter(|_| !ends).and_then(|entry| {
        let what = format!("entry {}", entry.id);
        broken("a drain posts nothing while something is left", name(row), what)
    }))
}
