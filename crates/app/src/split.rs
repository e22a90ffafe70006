//! Splitting a reservation into several.

use crate::access::{self, Permit};
use crate::operations::{Deed, Evidence, Kind, record, recorded};
use crate::purchase::approved;
use crate::rearrange::{Rearranged, carry_roles, held, left_by, revision_when};
use crate::renewal::relock;
use crate::{App, Call, Error};
use prorata_domain::Decision;
use prorata_domain::access::Action;
use prorata_domain::ids::{OperationId, OrderId, ReservationId};
use prorata_domain::rearrange::Item;
use prorata_domain::reservation::{BillingAccount, Order, Reservation, ReservationState};
use prorata_domain::split::{Facts, Plan, Request, carry_out, decide};
use prorata_store::{Tx, operations, reservations};

/// What is to be split, and into how many units each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    pub order: OrderId,
    pub reservation: ReservationId,
    pub quantities: Vec<u32>,
}

/// Splits a reservation. The same split of it again is the same answer.
///
/// # Errors
/// [`Error::Absent`], [`Error::Denied`] or [`Error::Refused`].
pub fn split(tx: &mut Tx<'_>, app: &App, call: &Call, ask: &Ask) -> Result<Rearranged, Error> {
    let target = format!("order/{}/reservation/{}", ask.order, ask.reservation);
    split_item(tx, app, call, ask, &target)
        .map_err(|error| error.attempted(call, Kind::Split, target))
}

/// What a split would be, with all that was looked at; nothing is done.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`]; never because of a rule.
pub fn preview(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    ask: &Ask,
) -> Result<Decision<Plan>, Error> {
    let (_, order, source, _) = gather(tx, call, ask)?;
    let facts = Facts { item: Item::new(&order, &source) };
    let request = Request { quantities: ask.quantities.clone() };
    Ok(decide(&app.book, &facts, &request, call.now)?)
}

fn gather(
    tx: &mut Tx<'_>,
    call: &Call,
    ask: &Ask,
) -> Result<(Permit, Order, Reservation, BillingAccount), Error> {
    let permit = access::reservation(tx, call, Action::Manage, ask.order, ask.reservation)?;
    let (order, source, account) = held(tx, call, ask.order, ask.reservation)?;
    Ok((permit, order, source, account))
}

fn split_item(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    ask: &Ask,
    target: &str,
) -> Result<Rearranged, Error> {
    let (permit, order, source, account) = gather(tx, call, ask)?;
    let request = Request { quantities: ask.quantities.clone() };
    if let Some(done) = made_before(tx, &order, &source, &request)? {
        return Ok(done);
    }
    let facts = Facts { item: Item::new(&order, &source) };
    let mut decision = decide(&app.book, &facts, &request, call.now)?;
    if let Some(refusal) = decision.refusal {
        return Err(Error::refused(refusal, decision.findings));
    }
    let plan = approved(&decision)?;
    let ends_renewal = plan.ends_renewal;
    let ids: Vec<_> = plan.quantities.iter().map(|_| ReservationId(tx.new_id())).collect();
    let (ended, mut parts) = carry_out(&source, plan, &ids, call.now);
    let operation = OperationId(tx.new_id());
    reservations::replace(tx, &ended, source.revision, operation)?;
    for part in &parts {
        reservations::insert(tx, &order, part, operation)?;
    }
    carry_roles(tx, &order, &[ended.id], &ids)?;
    if ends_renewal {
        relock(tx, app, call, &order, &ended)?;
    }
    let findings = std::mem::take(&mut decision.findings);
    let policy = app.book.digest().to_owned();
    let deed = Deed {
        permit: &permit,
        id: operation,
        kind: Kind::Split,
        target: target.to_owned(),
        billing_account: &account.id,
        counted: None,
    };
    let document = Evidence { policy, facts, request, decision };
    record(tx, call, &deed, None, &findings, &document)?;
    let subject = (ended.id, ended.revision);
    parts.push(ended);
    Ok(Rearranged { order, reservations: parts, subject })
}

/// The result of the same split, where it was made already.
fn made_before(
    tx: &mut Tx<'_>,
    order: &Order,
    source: &Reservation,
    request: &Request,
) -> Result<Option<Rearranged>, Error> {
    if !matches!(source.state, ReservationState::Split { .. }) {
        return Ok(None);
    }
    let is_split = |row: &Reservation| matches!(row.state, ReservationState::Split { .. });
    let Some(revision) = revision_when(tx, source, is_split)? else { return Ok(None) };
    let Some(row) = operations::load_any(tx, revision.operation)? else { return Ok(None) };
    let evidence: Evidence<Facts, Request, Plan> = recorded(tx, &row)?;
    if evidence.request != *request {
        return Ok(None);
    }
    shown(tx, order, revision.reservation, revision.operation).map(Some)
}

/// The reservations that a split left: its parts, then what was split.
pub(crate) fn shown(
    tx: &mut Tx<'_>,
    order: &Order,
    ended: Reservation,
    operation: OperationId,
) -> Result<Rearranged, Error> {
    let mut rows = Vec::new();
    for part in ended.state.became() {
        rows.push(left_by(tx, order, part, operation)?);
    }
    let subject = (ended.id, ended.revision);
    rows.push(ended);
    Ok(Rearranged { order: order.clone(), reservations: rows, subject })
}
