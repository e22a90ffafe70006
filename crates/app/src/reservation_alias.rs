//! Buying a reservation under a name: quote and purchase in one.

use crate::access;
use crate::notifications::{self, Notice};
use crate::operations::{Deed, Evidence, Kind, record};
use crate::purchase::{Placement, approved, gather, guarded, place, request_hash};
use crate::request::Leave;
use crate::{App, Call, Error};
use prorata_domain::access::Action;
use prorata_domain::ids::{OperationId, OrderId};
use prorata_domain::payment;
use prorata_domain::purchase::{Request, decide};
use prorata_domain::reservation::AcquiredBy;
use prorata_store::Tx;
use prorata_store::aliases::{self, Alias, AliasKind};

/// A name, what was asked under it, and what came of it.
#[derive(Debug, Clone)]
pub struct Aliased {
    pub name: String,
    pub request: Request,
    pub order: OrderId,
    pub operation: OperationId,
    /// Whether this call bought it; else an earlier one did.
    pub is_new: bool,
}

/// Buys a reservation under a name. The same name and request again is the same answer; the same
/// name with another request is a conflict.
///
/// # Errors
/// [`Error::Refused`] when it is not sold so, [`Error::KeyReused`] when the name was used for
/// another request.
pub fn put(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    name: &str,
    request: &Request,
) -> Result<Aliased, Error> {
    put_named(tx, app, call, name, request).map_err(|error| {
        error.attempted(call, Kind::Purchase, format!("reservation-order-alias/{name}"))
    })
}

fn put_named(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    name: &str,
    request: &Request,
) -> Result<Aliased, Error> {
    let (permit, facts) = gather(tx, app, call, request)?;
    let owners = access::behind(tx, call, request.billing_subscription)?;
    let hash = request_hash(request)?;
    let tenant = call.caller.tenant;
    if let Some(alias) = aliases::load(tx, tenant, AliasKind::Reservation, name)? {
        if alias.request_hash != hash {
            return Err(Error::KeyReused {
                what: format!("reservation order alias `{name}`"),
                code: "ReservationOrderAliasAlreadyExists",
            });
        }
        return known(tx, call, alias);
    }
    let mut decision = decide(&app.book, &facts, request, call.now)?;
    if let Some(refusal) = decision.refusal {
        return Err(Error::refused(refusal, decision.findings));
    }
    guarded(tx, call, Leave::Wish, &facts.account, request, approved(&decision)?)?;
    let order = OrderId(tx.new_id());
    let operation = OperationId(order.0);
    let placement = Placement {
        permit: &permit,
        owners,
        order,
        operation,
        acquired_by: AcquiredBy::Purchase,
        source: None,
        carried: None,
    };
    let (placed, _) =
        place(tx, app, call, &facts.account, request, approved(&decision)?, &placement)?;
    decision = payment::at_once(decision, &facts.account, call.now)?;
    let alias = Alias {
        tenant,
        kind: AliasKind::Reservation,
        name: name.to_owned(),
        principal: call.caller.principal,
        at: call.now,
        request_hash: hash,
        order: order.0,
        operation,
        doc: serde_json::to_string(request)?,
    };
    if !aliases::insert(tx, &alias)? {
        return Err(Error::Busy(format!("the name `{name}` was used meanwhile")));
    }
    let findings = std::mem::take(&mut decision.findings);
    let policy = app.book.digest().to_owned();
    let document = Evidence { policy, request: request.clone(), decision, facts };
    let deed = Deed {
        permit: &permit,
        id: operation,
        kind: Kind::Purchase,
        target: format!("order/{order}"),
        billing_account: &document.facts.account.id,
        counted: None,
    };
    let refusal = document.decision.refusal.as_ref();
    if let Some(refusal) = refusal {
        notifications::push_of_order(tx, call, &placed, &Notice::refused(refusal, None))?;
    }
    record(tx, call, &deed, refusal, &findings, &document)?;
    let request = document.request;
    Ok(Aliased { name: alias.name, request, order, operation, is_new: true })
}

/// What was bought under a name.
///
/// # Errors
/// [`Error::Absent`] when there is no such name, or the caller may not see its order.
pub fn get(tx: &mut Tx<'_>, _app: &App, call: &Call, name: &str) -> Result<Aliased, Error> {
    let absent = || Error::Absent {
        what: format!("reservation order alias `{name}`"),
        code: "ReservationOrderAliasNotFound",
    };
    let alias = aliases::load(tx, call.caller.tenant, AliasKind::Reservation, name)?;
    known(tx, call, alias.ok_or_else(absent)?).map_err(|error| match error {
        Error::Absent { .. } => absent(),
        other => other,
    })
}

fn known(tx: &mut Tx<'_>, call: &Call, alias: Alias) -> Result<Aliased, Error> {
    let order = OrderId(alias.order);
    let _ = access::order(tx, call, Action::Read, order)?;
    Ok(Aliased {
        name: alias.name,
        request: serde_json::from_str(&alias.doc)?,
        order,
        operation: alias.operation,
        is_new: false,
    })
}
