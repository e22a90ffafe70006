//! Renewing what is held to the end of its term: the lock of the price, and the purchase.

use crate::access::{self, Permit};
use crate::billing::account_of;
use crate::catalog::purchase_facts;
use crate::notifications::{self, Notice};
use crate::operations::{Deed, Evidence, Kind, record};
use crate::purchase::{Placement, place};
use crate::{App, Call, Caller, Error};
use prorata_domain::access::Scope;
use prorata_domain::decision::Decision;
use prorata_domain::ids::{AssignmentId, OperationId, OrderId, ReservationId};
use prorata_domain::purchase;
use prorata_domain::renewal::{self, Facts, Lock, Request};
use prorata_domain::reservation::{AcquiredBy, Order, Reservation, ReservationState};
use prorata_domain::term::utc_day;
use prorata_store::{Tx, renewals, world};

/// What a reservation is to be renewed as, and at which price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    pub request: Request,
    /// Nothing before the price is locked.
    pub lock: Option<Lock>,
}

/// What a live reservation is to be renewed as; nothing while its renewal is off.
///
/// # Errors
/// Those of the database.
pub fn view(
    tx: &mut Tx<'_>,
    order: &Order,
    reservation: &Reservation,
) -> Result<Option<View>, Error> {
    if !reservation.state.is_active() || !(reservation.renew || reservation.renew_as.is_some()) {
        return Ok(None);
    }
    let request = Request::of(order, reservation);
    Ok(Some(View { request, lock: kept_lock(tx, order, reservation)? }))
}

/// What the renewal of a live reservation would buy were it made today, whether it is switched on
/// or not, and the price that was locked for it, where one was.
#[derive(Debug, Clone)]
pub struct Outlook {
    pub request: Request,
    pub lock: Option<Lock>,
    pub today: Decision<purchase::Plan>,
}

/// The outlook for the renewal of a reservation.
///
/// # Errors
/// Those of the database; a refusal is an answer.
pub fn outlook(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    order: &Order,
    reservation: &Reservation,
) -> Result<Outlook, Error> {
    let request = Request::of(order, reservation);
    let facts = gather_purchase(tx, app, call, order, &request)?;
    let today = purchase::decide(&app.book, &facts, &request.purchase, call.now)?;
    Ok(Outlook { request, lock: kept_lock(tx, order, reservation)?, today })
}

/// What each of these reservations was renewed from, where it was bought by a renewal.
///
/// # Errors
/// Those of the database.
pub fn sources(
    tx: &mut Tx<'_>,
    shown: &[(Order, Reservation)],
) -> Result<Vec<Option<(OrderId, ReservationId)>>, Error> {
    let renewed = |row: &Reservation| row.acquired_by == AcquiredBy::Renewal;
    let wanted: Vec<_> = shown
        .iter()
        .filter(|(_, row)| renewed(row))
        .map(|(order, row)| (order.id, row.id))
        .collect();
    if wanted.is_empty() {
        return Ok(vec![None; shown.len()]);
    }
    let mut found = renewals::sources(tx, &wanted)?.into_iter();
    let source = |(_, row): &(Order, Reservation)| {
        if renewed(row) { found.next().flatten() } else { None }
    };
    Ok(shown.iter().map(source).collect())
}

fn kept_lock(
    tx: &mut Tx<'_>,
    order: &Order,
    reservation: &Reservation,
) -> Result<Option<Lock>, Error> {
    match renewals::lock(tx, order.id, reservation.id)? {
        Some(lock) => Ok(Some(serde_json::from_str(&lock)?)),
        None => Ok(None),
    }
}

/// Locks the price at which a reservation will be renewed; where it cannot be bought, there is
/// none to lock.
///
/// # Errors
/// Those of the database.
pub(crate) fn lock(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    order: &Order,
    reservation: &Reservation,
) -> Result<(), Error> {
    let request = Request::of(order, reservation);
    let facts = gather_purchase(tx, app, call, order, &request)?;
    let lock = renewal::lock(&app.book, &facts, &request, call.now)?;
    let doc = lock.as_ref().map(serde_json::to_string).transpose()?;
    Ok(renewals::put_lock(tx, order.id, reservation.id, doc.as_deref())?)
}

/// Brings the lock of a renewal up to date after its switch or what it buys was changed: within the
/// time of the lock the price of the day is locked, before it there is none.
///
/// # Errors
/// Those of the database.
pub(crate) fn relock(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    order: &Order,
    reservation: &Reservation,
) -> Result<(), Error> {
    let rule = app.book.in_force(order.expires_on).renewal_lock.value;
    let locked = utc_day(call.now) >= rule.locked_on(order.expires_on);
    if reservation.renew && locked {
        return lock(tx, app, call, order, reservation);
    }
    if kept_lock(tx, order, reservation)?.is_some() {
        renewals::put_lock(tx, order.id, reservation.id, None)?;
    }
    Ok(())
}

/// Buys a reservation anew at the end of its term, or says why not; answers what becomes of it.
///
/// # Errors
/// Those of the database; a refusal is an answer.
pub(crate) fn renew(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    order: &Order,
    reservation: &Reservation,
) -> Result<ReservationState, Error> {
    let request = Request::of(order, reservation);
    let facts = Facts {
        purchase: gather_purchase(tx, app, call, order, &request)?,
        on: reservation.renew,
        state: reservation.state.clone(),
        expires_on: order.expires_on,
        lock: kept_lock(tx, order, reservation)?,
    };
    let mut decision = renewal::decide(&app.book, &facts, &request, call.now)?;
    let permit = Permit::due(call, Scope::reservation(order.id, reservation.id));
    // A renewal is known by the order it buys, as a purchase is.
    let id = tx.new_id();
    let (state, notice) = match (decision.plan(), &decision.refusal) {
        (Some(plan), _) => {
            let wanted = purchase::Request { renew: plan.renew, ..request.purchase.clone() };
            let placement = Placement {
                permit: &permit,
                owners: access::behind(tx, call, wanted.billing_subscription)?,
                order: OrderId(id),
                operation: OperationId(id),
                acquired_by: AcquiredBy::Renewal,
                source: Some(reservation.id),
                carried: None,
            };
            let account = &facts.purchase.account;
            let (bought, new) = place(tx, app, call, account, &wanted, &plan.bought, &placement)?;
            inherit_roles(tx, call, (order.id, reservation.id), (bought.id, new.id))?;
            let from = (order.id, reservation.id);
            renewals::put_destination(tx, from, (bought.id, new.id))?;
            let notice = Notice::Renewed { order: bought.id, total: plan.bought.total };
            (ReservationState::Renewed { order: bought.id, into: new.id }, notice)
        }
        (None, refusal) => {
            let (code, reason) = refusal.as_ref().map_or_else(Default::default, |refusal| {
                (refusal.code.to_string(), refusal.reason.clone())
            });
            (ReservationState::NotRenewed, Notice::NotRenewed { code, reason })
        }
    };
    notifications::push(tx, call, order, reservation.id, &notice)?;
    let findings = std::mem::take(&mut decision.findings);
    let refusal = decision.refusal.clone();
    let deed = Deed {
        permit: &permit,
        id: OperationId(id),
        kind: Kind::Renewal,
        target: format!("order/{}/reservation/{}", order.id, reservation.id),
        billing_account: &order.billing_account,
        counted: None,
    };
    let policy = app.book.digest().to_owned();
    let evidence = Evidence { policy, facts: facts.clone(), request, decision };
    record(tx, call, &deed, refusal.as_ref(), &findings, &evidence)?;
    Ok(state)
}

/// The facts of the purchase. A subscription that is not there any more, or is another tenant's,
/// sells nothing.
fn gather_purchase(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    order: &Order,
    request: &Request,
) -> Result<purchase::Facts, Error> {
    // An order that went to another tenant is still paid for, and applied, where it was.
    let payer = world::subscription(tx, request.purchase.billing_subscription)?;
    let tenant = payer.map_or(order.tenant, |subscription| subscription.tenant);
    let payer = Call { caller: Caller { tenant, ..call.caller.clone() }, ..call.clone() };
    match purchase_facts(tx, app, &payer, &request.purchase) {
        Err(Error::Absent { what, .. }) => Ok(purchase::Facts {
            account: account_of(tx, order)?,
            offer: None,
            sold_in: Vec::new(),
            type_stopped: None,
            scope_fault: Some(format!("{what} is not there any more")),
            customer: None,
        }),
        other => other,
    }
}

/// Gives everybody with a role on the old order or reservation the same on the new one.
fn inherit_roles(
    tx: &mut Tx<'_>,
    call: &Call,
    (old_order, old): (OrderId, ReservationId),
    (order, new): (OrderId, ReservationId),
) -> Result<(), Error> {
    for given in world::assignments_on(tx, call.caller.tenant, old_order)? {
        let whole = given.scope.eq_ignore_ascii_case(Scope::order(old_order).as_str());
        let part = given.scope.eq_ignore_ascii_case(Scope::reservation(old_order, old).as_str());
        let buyer = given.principal == call.caller.principal && given.role == "Owner";
        // The buyer owns what is bought already.
        if !(whole && !buyer || part) {
            continue;
        }
        let scope = if whole { Scope::order(order) } else { Scope::reservation(order, new) };
        let inherited = world::RoleAssignment {
            id: AssignmentId(tx.new_id()),
            scope: scope.as_str().to_owned(),
            ..given
        };
        world::put_assignment(tx, &inherited)?;
    }
    Ok(())
}
