//! Changing a reservation, and asking which scopes it may have.

use crate::access::{self, Permit};
use crate::operations::{Deed, Evidence, Kind, record};
use crate::purchase::approved;
use crate::rearrange::held;
use crate::renewal::relock;
use crate::{App, Call, Error, partner, scope};
use prorata_domain::Decision;
use prorata_domain::access::Action;
use prorata_domain::ids::{OperationId, OrderId, ReservationId};
use prorata_domain::rearrange::Item;
use prorata_domain::reservation::{AppliedScope, BillingAccount, Order, Reservation};
use prorata_domain::update::{Facts, Plan, Request, carry_out, decide};
use prorata_store::{Tx, reservations};

/// What is to be changed of which reservation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    pub order: OrderId,
    pub reservation: ReservationId,
    pub changes: Request,
}

/// Changes a reservation. Two changes at once are made one after the other, each of what the one
/// before it left.
///
/// # Errors
/// [`Error::Absent`], [`Error::Denied`] or [`Error::Refused`].
pub fn update(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    ask: &Ask,
) -> Result<(Order, Reservation), Error> {
    let target = format!("order/{}/reservation/{}", ask.order, ask.reservation);
    update_item(tx, app, call, ask, &target)
        .map_err(|error| error.attempted(call, Kind::Update, target))
}

/// What an update would be, with all that was looked at; nothing is done.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`]; never because of a rule.
pub fn preview(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    ask: &Ask,
) -> Result<Decision<Plan>, Error> {
    let (.., facts) = gather(tx, call, ask)?;
    Ok(decide(&app.book, &facts, &ask.changes, call.now)?)
}

fn gather(
    tx: &mut Tx<'_>,
    call: &Call,
    ask: &Ask,
) -> Result<(Permit, Order, Reservation, BillingAccount, Facts), Error> {
    let permit = access::reservation(tx, call, Action::Manage, ask.order, ask.reservation)?;
    let (order, row, account) = held(tx, call, ask.order, ask.reservation)?;
    if ask.changes.renew.is_some() || ask.changes.renew_as.is_some() {
        access::renewal(tx, call, &order, row.id)?;
    }
    let scope_fault = match &ask.changes.applied_scope {
        Some(wanted) => scope::fault(tx, call.caller.tenant, &account, wanted)?,
        None => None,
    };
    let asker = partner::asker(tx, call, &account)?;
    let facts = Facts { item: Item::new(&order, &row), scope_fault, asker };
    Ok((permit, order, row, account, facts))
}

fn update_item(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    ask: &Ask,
    target: &str,
) -> Result<(Order, Reservation), Error> {
    let (permit, order, row, account, facts) = gather(tx, call, ask)?;
    let request = ask.changes.clone();
    let mut decision = decide(&app.book, &facts, &request, call.now)?;
    if let Some(refusal) = decision.refusal {
        return Err(Error::refused(refusal, decision.findings));
    }
    let changed = carry_out(&row, approved(&decision)?, call.now);
    let operation = OperationId(tx.new_id());
    reservations::replace(tx, &changed, row.revision, operation)?;
    if changed.renew != row.renew || changed.renew_as != row.renew_as {
        relock(tx, app, call, &order, &changed)?;
    }
    let findings = std::mem::take(&mut decision.findings);
    let deed = Deed {
        permit: &permit,
        id: operation,
        kind: Kind::Update,
        target: target.to_owned(),
        billing_account: &account.id,
        counted: None,
    };
    let policy = app.book.digest().to_owned();
    let document = Evidence { policy, facts, request, decision };
    record(tx, call, &deed, None, &findings, &document)?;
    Ok((order, changed))
}

/// Which of these scopes a reservation may have; nothing is a scope that cannot be read.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`].
pub fn available_scopes(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    order: OrderId,
    reservation: ReservationId,
    scopes: &[Option<AppliedScope>],
) -> Result<Vec<bool>, Error> {
    let _ = access::reservation(tx, call, Action::Manage, order, reservation)?;
    let (_, _, account) = held(tx, call, order, reservation)?;
    let mut valid = Vec::with_capacity(scopes.len());
    for wanted in scopes {
        valid.push(match wanted {
            Some(wanted) => scope::fault(tx, call.caller.tenant, &account, wanted)?.is_none(),
            None => false,
        });
    }
    Ok(valid)
}
