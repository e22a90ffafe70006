//! Moving orders to another tenant.
//!
//! What was asked, decided and recorded in the tenant that is left stays there: quotes, operations
//! and audit lines. The order, its reservations and what they were go.

use crate::access::{self, absent_order};
use crate::operations::{Deed, Evidence, Kind, record, recorded};
use crate::purchase::approved;
use crate::{App, Call, Error};
use prorata_domain::access::{Action, Scope};
use prorata_domain::directory::{Facts, Plan, Request, carry_out, decide};
use prorata_domain::ids::{AssignmentId, OperationId, OrderId, PrincipalId, TenantId};
use prorata_domain::rearrange::Item;
use prorata_domain::reservation::{Order, Reservation};
use prorata_store::{Tx, operations, orders, reservations, world};

/// An order that was moved, with all its reservations.
#[derive(Debug, Clone)]
pub struct Moved {
    pub order: Order,
    pub reservations: Vec<Reservation>,
}

/// Moves an order to another tenant. The same move again is the same answer.
///
/// # Errors
/// [`Error::Absent`], [`Error::Denied`] or [`Error::Refused`].
pub fn change_directory(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    id: OrderId,
    destination: TenantId,
) -> Result<Moved, Error> {
    change(tx, app, call, id, destination)
        .map_err(|error| error.attempted(call, Kind::ChangeDirectory, format!("order/{id}")))
}

fn change(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    id: OrderId,
    destination: TenantId,
) -> Result<Moved, Error> {
    if let Some(moved) = moved_before(tx, call, id, destination)? {
        return Ok(moved);
    }
    let permit = access::order(tx, call, Action::ChangeDirectory, id)?;
    let order = orders::load(tx, call.caller.tenant, id)?.ok_or_else(|| absent_order(id))?;
    let rows = reservations::of_order(tx, order.tenant, id)?;
    let known = known_as(tx, call, destination)?;
    let facts = Facts {
        order: id,
        tenant: order.tenant,
        items: rows.iter().map(|row| Item::new(&order, row)).collect(),
        caller_is_known_there: known.is_some(),
    };
    let request = Request { destination };
    let mut decision = decide(&app.book, &facts, &request, call.now)?;
    if let Some(refusal) = decision.refusal {
        return Err(Error::refused(refusal, decision.findings));
    }
    let (moved, rows) = carry_out(&order, &rows, approved(&decision)?, call.now);
    let operation = OperationId(tx.new_id());
    let done =
        reservations::change_directory(tx, order.tenant, &moved, &rows, operation, call.now)?;
    if !done {
        return Err(Error::Busy(format!("order `{id}` was changed meanwhile")));
    }
    prorata_store::access::forget_payer_owners(tx, id)?;
    if let Some(known) = known {
        keep_access(tx, &moved, known)?;
    }
    let findings = std::mem::take(&mut decision.findings);
    let deed = Deed {
        permit: &permit,
        id: operation,
        kind: Kind::ChangeDirectory,
        target: format!("order/{id}"),
        billing_account: &order.billing_account,
        counted: None,
    };
    let policy = app.book.digest().to_owned();
    let document = Evidence { policy, facts, request, decision };
    record(tx, call, &deed, None, &findings, &document)?;
    Ok(Moved { order: moved, reservations: rows })
}

/// Who the caller is in another tenant: the same principal there, or the same client.
fn known_as(tx: &mut Tx<'_>, call: &Call, tenant: TenantId) -> Result<Option<PrincipalId>, Error> {
    let known = match world::principal(tx, tenant, call.caller.principal)? {
        Some(known) => Some(known),
        None => world::principal_by_client(tx, tenant, &call.caller.client)?,
    };
    Ok(known.map(|known| known.id))
}

/// Of all roles on the order only the caller's stays: as its owner, as whom they are known there.
fn keep_access(tx: &mut Tx<'_>, order: &Order, principal: PrincipalId) -> Result<(), Error> {
    world::put_assignment(
        tx,
        &world::RoleAssignment {
            id: AssignmentId(tx.new_id()),
            tenant: order.tenant,
            principal,
            role: "Owner".to_owned(),
            scope: Scope::order(order.id).as_str().to_owned(),
        },
    )?;
    Ok(())
}

/// The result of the same move by the same caller, where it was the last one.
fn moved_before(
    tx: &mut Tx<'_>,
    call: &Call,
    id: OrderId,
    destination: TenantId,
) -> Result<Option<Moved>, Error> {
    let last = reservations::last_directory_change(tx, id)?;
    let Some(last) = last.filter(|last| (last.from, last.to) == (call.caller.tenant, destination))
    else {
        return Ok(None);
    };
    let Some(row) = operations::load(tx, call.caller.tenant, last.operation)? else {
        return Ok(None);
    };
    if row.principal != call.caller.principal {
        return Ok(None);
    }
    let evidence: Evidence<Facts, Request, Plan> = recorded(tx, &row)?;
    let Some(order) = orders::load(tx, destination, id)? else { return Ok(None) };
    let reservations = evidence.facts.items.into_iter().map(|item| item.reservation).collect();
    Ok(Some(Moved { order, reservations }))
}
