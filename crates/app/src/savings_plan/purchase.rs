//! Buying a savings plan under a name, and asking whether it would be sold.

use super::billing::{post_payment, push_next};
use super::held;
use crate::access::{self, Owners, Permit};
use crate::catalog::{paying_account, scope_fault};
use crate::exchange::{Gathered, not_asked};
use crate::operations::{Deed, Evidence, Kind, record};
use crate::purchase::{approved, request_hash};
use crate::request::{Ask, Leave, guard};
use crate::{App, Call, Error};
use jiff::Timestamp;
use prorata_domain::access::{Action, Scope};
use prorata_domain::accounting::Event;
use prorata_domain::decision::Decision;
use prorata_domain::ids::{OperationId, SavingsPlanId, SavingsPlanOrderId};
use prorata_domain::request::figures::Figures;
use prorata_domain::reservation::BillingAccount;
use prorata_domain::savings_plan::purchase::{Facts, Plan, Request, decide};
use prorata_domain::savings_plan::{AcquiredBy, Order, SavingsPlan, State};
use prorata_domain::{exchange, payment};
use prorata_store::aliases::{self, Alias, AliasKind};
use prorata_store::{Tx, savings_plans};

/// A name, what was asked under it, and what came of it.
#[derive(Debug, Clone)]
pub struct Aliased {
    pub name: String,
    pub request: Request,
    pub order: SavingsPlanOrderId,
    pub operation: OperationId,
    pub at: Timestamp,
    /// Whether this call bought it; else an earlier one did.
    pub is_new: bool,
    pub state: State,
}

/// Buys a plan under a name. The same name and request again is the same answer; the same name
/// with another request is a conflict.
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
    put_by(tx, app, call, name, request, Leave::Wish)
}

/// The same, at the caller's own wish or for a request that was approved.
///
/// # Errors
/// As [`put`].
pub(crate) fn put_by(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    name: &str,
    request: &Request,
    leave: Leave<'_>,
) -> Result<Aliased, Error> {
    put_named(tx, app, call, name, request, leave).map_err(|error| {
        error.attempted(call, Kind::SavingsPlanPurchase, format!("savings-plan-order-alias/{name}"))
    })
}

fn put_named(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    name: &str,
    request: &Request,
    leave: Leave<'_>,
) -> Result<Aliased, Error> {
    let (permit, facts) = gather(tx, call, request)?;
    let owners = access::behind(tx, call, request.billing_subscription)?;
    let hash = request_hash(request)?;
    let tenant = call.caller.tenant;
    if let Some(alias) = aliases::load(tx, tenant, AliasKind::SavingsPlan, name)? {
        if alias.request_hash != hash {
            return Err(reused(name));
        }
        return known(tx, call, alias);
    }
    let mut decision = sold(app, call, &facts, request)?;
    if let Some(refusal) = decision.refusal {
        return Err(Error::refused(refusal, decision.findings));
    }
    let plan = approved(&decision)?;
    let account = &facts.account;
    let wanted = || Ask::SavingsPlan(request.clone());
    guard(tx, call, leave, &[account], wanted, || Figures::of_savings_plan(plan, account))?;
    let id = SavingsPlanOrderId(tx.new_id());
    let operation = OperationId(id.0);
    let acquired_by = AcquiredBy::Purchase;
    let placement = Placement {
        permit: &permit,
        owners,
        order: id,
        operation,
        acquired_by,
        renew_source: None,
    };
    place(tx, app, call, &facts.account, request, plan, &placement)?;
    let alias = Alias {
        tenant,
        kind: AliasKind::SavingsPlan,
        name: name.to_owned(),
        principal: call.caller.principal,
        at: call.now,
        request_hash: hash,
        order: id.0,
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
        kind: Kind::SavingsPlanPurchase,
        target: format!("savings-plan-order/{id}"),
        billing_account: &document.facts.account.id,
        counted: None,
    };
    record(tx, call, &deed, None, &findings, &document)?;
    Ok(Aliased {
        name: alias.name,
        request: document.request,
        order: id,
        operation,
        at: call.now,
        is_new: true,
        state: State::Active,
    })
}

/// What was bought under a name.
///
/// # Errors
/// [`Error::Absent`] when there is no such name, or the caller may not see its order.
pub fn get(tx: &mut Tx<'_>, _app: &App, call: &Call, name: &str) -> Result<Aliased, Error> {
    let absent = || Error::Absent {
        what: format!("savings plan order alias `{name}`"),
        code: "SavingsPlanOrderAliasNotFound",
    };
    let alias = aliases::load(tx, call.caller.tenant, AliasKind::SavingsPlan, name)?;
    known(tx, call, alias.ok_or_else(absent)?).map_err(|error| match error {
        Error::Absent { .. } => absent(),
        other => other,
    })
}

fn known(tx: &mut Tx<'_>, call: &Call, alias: Alias) -> Result<Aliased, Error> {
    let order = SavingsPlanOrderId(alias.order);
    let _ = access::savings_plan_order(tx, call, Action::ReadSavingsPlan, order)?;
    let (_, plan) = held(tx, call, order)?;
    Ok(Aliased {
        name: alias.name,
        request: serde_json::from_str(&alias.doc)?,
        order,
        operation: alias.operation,
        at: alias.at,
        is_new: false,
        state: plan.state,
    })
}

fn reused(name: &str) -> Error {
    Error::KeyReused {
        what: format!("savings plan order alias `{name}`"),
        code: "SavingsPlanOrderAliasAlreadyExists",
    }
}

/// Whether each of some plans would be sold; a subscription that the caller may not buy with is
/// an answer too.
///
/// # Errors
/// Those of the database.
pub fn validate(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    requests: &[Request],
) -> Result<Vec<Result<Decision<Plan>, Error>>, Error> {
    let mut answers = Vec::with_capacity(requests.len());
    for request in requests {
        answers.push(match gather(tx, call, request) {
            Ok((_, facts)) => Ok(sold(app, call, &facts, request)?),
            Err(error @ (Error::Denied { .. } | Error::Absent { .. })) => Err(error),
            Err(error) => return Err(error),
        });
    }
    Ok(answers)
}

/// Decides whether a plan is sold, and whether its first payment is taken.
pub(crate) fn sold(
    app: &App,
    call: &Call,
    facts: &Facts,
    request: &Request,
) -> Result<Decision<Plan>, Error> {
    let decision = decide(&app.book, facts, request, call.now)?;
    let Some(first) = decision.plan().map(|plan| plan.commitment.payment) else {
        return Ok(decision);
    };
    Ok(payment::first_taken(decision, &facts.account, first, call.now))
}

/// Reads what the purchase of a plan looks at.
pub(crate) fn gather(
    tx: &mut Tx<'_>,
    call: &Call,
    request: &Request,
) -> Result<(Permit, Facts), Error> {
    let payer = request.billing_subscription;
    let permit = access::subscription(tx, call, Action::BuySavingsPlan, payer)?;
    Ok((permit, facts(tx, call, request)?))
}

/// The same, where the right was asked for otherwise.
pub(crate) fn facts(tx: &mut Tx<'_>, call: &Call, request: &Request) -> Result<Facts, Error> {
    let account = paying_account(tx, call, request.billing_subscription)?;
    let scope_fault = scope_fault(tx, call, &account, &request.applied_scope)?;
    Ok(Facts { account, scope_fault })
}

/// Where a plan is to be put, and by which right.
pub(crate) struct Placement<'p> {
    pub permit: &'p Permit,
    /// Who stands behind the subscription that pays.
    pub owners: Owners,
    pub order: SavingsPlanOrderId,
    pub operation: OperationId,
    pub acquired_by: AcquiredBy,
    /// The plan that it follows on.
    pub renew_source: Option<(SavingsPlanOrderId, SavingsPlanId)>,
}

/// Writes an order, its plan, its first payment and what will fall due; the buyer becomes the
/// order's owner.
pub(crate) fn place(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    account: &BillingAccount,
    request: &Request,
    plan: &Plan,
    placement: &Placement<'_>,
) -> Result<(Order, SavingsPlan), Error> {
    let payer = Scope::subscription(request.billing_subscription);
    placement.permit.require(Action::BuySavingsPlan, &payer)?;
    let order = Order {
        id: placement.order,
        tenant: call.caller.tenant,
        billing_account: account.id.clone(),
        billing_profile: account.profile.clone(),
        customer: account.customer.clone(),
        billing_subscription: request.billing_subscription,
        buyer: call.caller.principal,
        display_name: request.display_name.clone(),
        commitment: plan.commitment.clone(),
        requested_at: call.now,
        started_at: call.now,
        expires_on: plan.expires_on,
        payments_made: 1,
        version: 1,
    };
    let held = SavingsPlan {
        id: SavingsPlanId(tx.new_id()),
        order: order.id,
        tenant: order.tenant,
        display_name: request.display_name.clone(),
        applied_scope: request.applied_scope.clone(),
        renew: request.renew,
        renewal: None,
        state: State::Active,
        acquired_by: placement.acquired_by,
        purchased_at: call.now,
        effective_at: call.now,
        updated_at: call.now,
        renew_source: placement.renew_source,
        renew_destination: None,
        revision: 1,
    };
    savings_plans::insert(tx, &order, &held, placement.operation)?;
    let first = plan
        .schedule
        .first()
        .ok_or_else(|| Error::Broken("a savings plan without a payment".to_owned()))?;
    let event = Event::SavingsPlanPurchase;
    post_payment(tx, call, account, order.id, first, placement.operation, event)?;
    access::put_on(tx, call, &Scope::savings_plan_order(order.id), &placement.owners)?;
    push_next(tx, app, &order, call.now)?;
    Ok((order, held))
}

/// Writes every savings plan of an exchange or a trade-in, in request order.
pub(crate) fn place_all(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    gathered: &Gathered,
    plan: &exchange::Plan,
    operation: OperationId,
) -> Result<Vec<(SavingsPlanOrderId, SavingsPlanId)>, Error> {
    let acquired_by = match gathered.request.is_trade_in() {
        true => AcquiredBy::TradeIn,
        false => AcquiredBy::Exchange,
    };
    let mut bought = Vec::with_capacity(plan.savings_plans.len());
    for (index, wanted) in plan.savings_plans.iter().enumerate() {
        let order = SavingsPlanOrderId(tx.new_id());
        let (permit, owners) = gathered.plan_buyers.get(index).ok_or_else(not_asked)?;
        let owners = owners.clone();
        let placement =
            Placement { permit, owners, order, operation, acquired_by, renew_source: None };
        let account = &gathered.facts.savings_plans[index].account;
        let request = &gathered.request.savings_plans[index];
        let (order, held) = place(tx, app, call, account, request, wanted, &placement)?;
        bought.push((order.id, held.id));
    }
    Ok(bought)
}
