//! Merging reservations of one order into one.

use crate::access::{self, Permit};
use crate::operations::{Deed, Evidence, Kind, record, recorded};
use crate::purchase::approved;
use crate::rearrange::{Rearranged, carry_roles, held, left_by, revision_when};
use crate::renewal::relock;
use crate::{App, Call, Error};
use prorata_domain::Decision;
use prorata_domain::access::Action;
use prorata_domain::ids::{OperationId, OrderId, ReservationId};
use prorata_domain::merge::{Facts, Plan, Request, carry_out, decide};
use prorata_domain::rearrange::Item;
use prorata_domain::reservation::{BillingAccount, Order, Reservation, ReservationState};
use prorata_store::{Tx, operations, reservations};

/// What is to be merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    pub order: OrderId,
    pub sources: Vec<ReservationId>,
}

/// Merges reservations. The same merge again is the same answer.
///
/// # Errors
/// [`Error::Absent`], [`Error::Denied`] or [`Error::Refused`].
pub fn merge(tx: &mut Tx<'_>, app: &App, call: &Call, ask: &Ask) -> Result<Rearranged, Error> {
    merge_items(tx, app, call, ask)
        .map_err(|error| error.attempted(call, Kind::Merge, format!("order/{}", ask.order)))
}

/// What a merge would be, with all that was looked at; nothing is done.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`]; never because of a rule.
pub fn preview(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    ask: &Ask,
) -> Result<Decision<Plan>, Error> {
    let (_, order, _, sources) = gather(tx, call, ask)?;
    let facts = Facts { items: sources.iter().map(|row| Item::new(&order, row)).collect() };
    let request = Request { sources: ask.sources.clone() };
    Ok(decide(&app.book, &facts, &request, call.now)?)
}

fn gather(
    tx: &mut Tx<'_>,
    call: &Call,
    ask: &Ask,
) -> Result<(Permit, Order, BillingAccount, Vec<Reservation>), Error> {
    let mut permit = None;
    for source in &ask.sources {
        permit = Some(access::reservation(tx, call, Action::Manage, ask.order, *source)?);
    }
    let mut found = None;
    let mut sources = Vec::with_capacity(ask.sources.len());
    for source in &ask.sources {
        let (order, reservation, account) = held(tx, call, ask.order, *source)?;
        sources.push(reservation);
        found = Some((order, account));
    }
    let (Some(permit), Some((order, account))) = (permit, found) else {
        return Err(Error::malformed("properties.sources", "must name at least two reservations"));
    };
    Ok((permit, order, account, sources))
}

fn merge_items(tx: &mut Tx<'_>, app: &App, call: &Call, ask: &Ask) -> Result<Rearranged, Error> {
    let (permit, order, account, sources) = gather(tx, call, ask)?;
    let request = Request { sources: ask.sources.clone() };
    if let Some(done) = made_before(tx, &order, &sources, &request)? {
        return Ok(done);
    }
    let facts = Facts { items: sources.iter().map(|row| Item::new(&order, row)).collect() };
    let mut decision = decide(&app.book, &facts, &request, call.now)?;
    if let Some(refusal) = decision.refusal {
        return Err(Error::refused(refusal, decision.findings));
    }
    let plan = approved(&decision)?;
    let made = carry_out(&sources, plan, ReservationId(tx.new_id()), call.now);
    let Some((mut rows, merged)) = made else {
        return Err(Error::Broken("a merge was approved without sources".to_owned()));
    };
    let operation = OperationId(tx.new_id());
    for (row, was) in rows.iter().zip(&sources) {
        reservations::replace(tx, row, was.revision, operation)?;
        if was.renew {
            relock(tx, app, call, &order, row)?;
        }
    }
    reservations::insert(tx, &order, &merged, operation)?;
    carry_roles(tx, &order, &ask.sources, &[merged.id])?;
    let findings = std::mem::take(&mut decision.findings);
    let policy = app.book.digest().to_owned();
    let deed = Deed {
        permit: &permit,
        id: operation,
        kind: Kind::Merge,
        target: format!("order/{}/reservation/{}", order.id, merged.id),
        billing_account: &account.id,
        counted: None,
    };
    let document = Evidence { policy, facts, request, decision };
    record(tx, call, &deed, None, &findings, &document)?;
    let subject = (rows[0].id, rows[0].revision);
    rows.push(merged);
    Ok(Rearranged { order, reservations: rows, subject })
}

/// The result of the same merge, where it was made already.
fn made_before(
    tx: &mut Tx<'_>,
    order: &Order,
    sources: &[Reservation],
    request: &Request,
) -> Result<Option<Rearranged>, Error> {
    let is_merged = |row: &Reservation| matches!(row.state, ReservationState::Merged { .. });
    let Some(first) = sources.first().filter(|_| sources.iter().all(is_merged)) else {
        return Ok(None);
    };
    let Some(revision) = revision_when(tx, first, is_merged)? else { return Ok(None) };
    let Some(row) = operations::load_any(tx, revision.operation)? else { return Ok(None) };
    let evidence: Evidence<Facts, Request, Plan> = recorded(tx, &row)?;
    if evidence.request != *request {
        return Ok(None);
    }
    shown(tx, order, revision.reservation, revision.operation).map(Some)
}

/// The reservations that a merge left: its sources, of which the first is given, then what they
/// became.
pub(crate) fn shown(
    tx: &mut Tx<'_>,
    order: &Order,
    first: Reservation,
    operation: OperationId,
) -> Result<Rearranged, Error> {
    let subject = (first.id, first.revision);
    let mut rows = Vec::new();
    for into in first.state.became() {
        let merged = left_by(tx, order, into, operation)?;
        for source in &merged.merged_from {
            rows.push(left_by(tx, order, *source, operation)?);
        }
        rows.push(merged);
    }
    Ok(Rearranged { order: order.clone(), reservations: rows, subject })
}
