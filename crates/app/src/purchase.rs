//! Quoting and buying a reservation.

mod shown;

pub use shown::{Compared, Offered, Payer, Shown, Stage, compare, payers, shown};

use crate::access::{self, Owners, Permit, absent_order};
use crate::billing::post_payment;
use crate::catalog::purchase_facts;
use crate::due;
use crate::notifications::{self, Notice};
use crate::operations::{Deed, Evidence, Kept, Kind, kept, record};
use crate::request::{Ask, Leave};
use crate::{App, Call, Error, audit, partner};
use jiff::{Timestamp, ToSpan};
use prorata_domain::access::{Action, Scope};
use prorata_domain::accounting::Event;
use prorata_domain::decision::{Decision, Refusal, Repair};
use prorata_domain::ids::{OperationId, OrderId, ReservationId};
use prorata_domain::policy::ClauseId;
use prorata_domain::purchase::{Facts, Plan, Request, decide};
use prorata_domain::request::figures::Figures;
use prorata_domain::reservation::{AcquiredBy, BillingAccount, Order, Reservation};
use prorata_domain::rights::Carried;
use prorata_domain::term::utc_day;
use prorata_domain::{payment, provisioning};
use prorata_store::quotes::{self, QuoteKind, Taken};
use prorata_store::{Tx, orders, reservations};
use sha2::{Digest, Sha256};

/// The answer to "what would it cost".
#[derive(Debug, Clone)]
pub struct Quoted {
    pub order: OrderId,
    pub decision: Decision<Plan>,
    pub lapses_at: Timestamp,
    pub account: BillingAccount,
}

/// An order that was placed.
#[derive(Debug, Clone)]
pub struct Placed {
    pub order: Order,
    pub reservations: Vec<Reservation>,
}

/// Prices a purchase and keeps the quote for a while under a new order id. A refused request
/// keeps nothing.
///
/// # Errors
/// [`Error::Denied`] without the right to buy with the subscription.
pub fn quote(tx: &mut Tx<'_>, app: &App, call: &Call, request: &Request) -> Result<Quoted, Error> {
    let (_, facts) = gather(tx, app, call, request)?;
    let mut decision = decide(&app.book, &facts, request, call.now)?;
    let lapses_at = lapses_at(app, call.now);
    let order = OrderId(tx.new_id());
    let account = facts.account.clone();
    let target = format!("subscription/{}", request.billing_subscription);
    let refusal = decision.refusal.as_ref();
    audit::quoted(tx, call, "purchase-quote", target, order.0, refusal, &decision.findings)?;
    if decision.is_approved() {
        let findings = std::mem::take(&mut decision.findings);
        let evidence = Evidence {
            policy: app.book.digest().to_owned(),
            facts,
            request: request.clone(),
            decision,
        };
        quotes::insert(
            tx,
            &quotes::Quote {
                id: order.0,
                kind: QuoteKind::Price,
                tenant: call.caller.tenant,
                principal: call.caller.principal,
                created_at: call.now,
                lapses_at,
                request_hash: String::new(),
                doc: serde_json::to_string(&evidence)?,
                findings: serde_json::to_string(&findings)?,
            },
        )?;
        decision = Decision { findings, ..evidence.decision };
    }
    Ok(Quoted { order, decision, lapses_at, account })
}

/// Buys what was quoted under an order id. The same id and request again is the same answer; the
/// same id with another request is a conflict.
///
/// # Errors
/// [`Error::Refused`] when the quote is gone or no longer holds, [`Error::KeyReused`] when the id
/// was bought with another request.
pub fn buy(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    id: OrderId,
    request: &Request,
) -> Result<Placed, Error> {
    buy_by(tx, app, call, id, request, Leave::Wish)
}

/// The same, at the caller's own wish or for a request that was approved.
///
/// # Errors
/// As [`buy`].
pub(crate) fn buy_by(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    id: OrderId,
    request: &Request,
    leave: Leave<'_>,
) -> Result<Placed, Error> {
    buy_quoted(tx, app, call, id, request, leave)
        .map_err(|error| error.attempted(call, Kind::Purchase, format!("order/{id}")))
}

fn buy_quoted(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    id: OrderId,
    request: &Request,
    leave: Leave<'_>,
) -> Result<Placed, Error> {
    // A purchase is known by its order, as a return and an exchange are by their sessions.
    let operation = OperationId(id.0);
    let hash = request_hash(request)?;
    let quoted = match quotes::take(
        tx,
        id.0,
        &quotes::Take {
            kind: QuoteKind::Price,
            tenant: call.caller.tenant,
            principal: call.caller.principal,
            operation,
            request_hash: &hash,
            now: call.now,
        },
    )? {
        Taken::Open { doc } => doc,
        Taken::Used { request_hash, .. } if request_hash == hash => return placed(tx, call, id),
        Taken::Used { .. } => {
            return Err(Error::KeyReused {
                what: format!("reservation order id `{id}`"),
                code: "ReservationOrderIdAlreadyExists",
            });
        }
        Taken::Lapsed => return Err(session_gone("the quote has lapsed")),
        Taken::Absent => return Err(no_quote(tx, call, id)?),
    };
    let quoted: Kept<Facts, Request, Plan> = kept(&quoted)?;
    same_deal(&quoted.request, request)?;
    let (permit, facts) = gather(tx, app, call, request)?;
    let owners = access::behind(tx, call, request.billing_subscription)?;
    let mut decision = decide(&app.book, &facts, request, call.now)?;
    if let Some(refusal) = decision.refusal {
        return Err(Error::refused(refusal, decision.findings));
    }
    let plan = approved(&decision)?;
    let was = quoted.proposal().map(|plan| plan.total);
    if was != Some(plan.total) {
        let was = was.map_or_else(|| "nothing".to_owned(), |total| total.to_string());
        return Err(Error::refused(
            Refusal {
                clause: ClauseId::Price,
                code: "BadRequest".into(),
                reason: format!("the price was {was} when quoted and is {} now", plan.total),
                repairs: vec![Repair::QuoteAgain],
            },
            decision.findings,
        ));
    }
    guarded(tx, call, leave, &facts.account, request, plan)?;
    let placed = Placement {
        permit: &permit,
        owners,
        order: id,
        operation,
        acquired_by: AcquiredBy::Purchase,
        source: None,
        carried: None,
    };
    let (order, reservation) = place(tx, app, call, &facts.account, request, plan, &placed)?;
    decision = payment::at_once(decision, &facts.account, call.now)?;
    let findings = std::mem::take(&mut decision.findings);
    let policy = app.book.digest().to_owned();
    let document = Evidence { policy, request: request.clone(), decision, facts };
    let deed = Deed {
        permit: &permit,
        id: operation,
        kind: Kind::Purchase,
        target: format!("order/{id}"),
        billing_account: &document.facts.account.id,
        counted: None,
    };
    let refusal = document.decision.refusal.as_ref();
    if let Some(refusal) = refusal {
        notifications::push_of_order(tx, call, &order, &Notice::refused(refusal, None))?;
    }
    record(tx, call, &deed, refusal, &findings, &document)?;
    Ok(Placed { order, reservations: vec![reservation] })
}

/// Refuses what an approval policy wants to be asked for first.
///
/// # Errors
/// [`Error::Refused`].
pub(crate) fn guarded(
    tx: &mut Tx<'_>,
    call: &Call,
    leave: Leave<'_>,
    account: &BillingAccount,
    request: &Request,
    plan: &Plan,
) -> Result<(), Error> {
    let wanted = || Ask::Purchase(request.clone());
    let figures = || Figures::of_purchase(plan, account);
    crate::request::guard(tx, call, leave, &[account], wanted, figures)
}

/// What a purchase comes to for somebody who may make it, whoever asks.
///
/// # Errors
/// [`Error::Absent`] for a subscription that is not there.
pub(crate) fn priced(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    request: &Request,
) -> Result<(BillingAccount, Decision<Plan>), Error> {
    let mut facts = purchase_facts(tx, app, call, request)?;
    facts.customer = None;
    let decision = decide(&app.book, &facts, request, call.now)?;
    Ok((facts.account, decision))
}

/// What an approved decision holds.
pub(crate) fn approved<P>(decision: &Decision<P>) -> Result<&P, Error> {
    decision.plan().ok_or_else(|| Error::Broken("an approved decision without a plan".to_owned()))
}

pub(crate) fn gather(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    request: &Request,
) -> Result<(Permit, Facts), Error> {
    let permit = access::subscription(tx, call, Action::Buy, request.billing_subscription)?;
    let mut facts = purchase_facts(tx, app, call, request)?;
    facts.customer = partner::buying(tx, call, &facts.account, request.billing_subscription)?;
    Ok((permit, facts))
}

/// When something quoted now lapses.
pub(crate) fn lapses_at(app: &App, now: Timestamp) -> Timestamp {
    let minutes = app.book.in_force(utc_day(now)).quote_life.value.minutes;
    now.checked_add(minutes.minutes()).unwrap_or(Timestamp::MAX)
}

/// Refuses a request that is another deal than the quoted one. What the quote does not price (the
/// name, the applied scope, renewal) may differ.
fn same_deal(quoted: &Request, request: &Request) -> Result<(), Error> {
    let refuse = |code: &'static str, field: &str| {
        Err(Error::refused(
            Refusal {
                clause: ClauseId::Session,
                code: code.into(),
                reason: format!("`{field}` differs from what was quoted under this order id"),
                repairs: vec![Repair::QuoteAgain],
            },
            Vec::new(),
        ))
    };
    if quoted.billing_subscription != request.billing_subscription {
        return refuse("BillingScopeIdCannotBeChanged", "billingScopeId");
    }
    let location = |request: &Request| {
        request.location.as_ref().map(|text| text.replace(' ', "").to_ascii_lowercase())
    };
    let differs = [
        ("sku.name", !quoted.sku.eq_ignore_ascii_case(&request.sku)),
        (
            "reservedResourceType",
            !quoted.resource_type.eq_ignore_ascii_case(&request.resource_type),
        ),
        ("location", location(quoted) != location(request)),
        ("term", quoted.term != request.term),
        ("billingPlan", quoted.plan != request.plan),
        ("quantity", quoted.quantity != request.quantity),
    ];
    match differs.into_iter().find(|(_, differs)| *differs) {
        Some((field, _)) => refuse("BadRequest", field),
        None => Ok(()),
    }
}

/// The refusal of a deed whose quote is gone.
pub(crate) fn session_gone(why: &str) -> Error {
    Error::refused(
        Refusal {
            clause: ClauseId::Session,
            code: "BadRequest".into(),
            reason: format!("the session timed out: {why}"),
            repairs: vec![Repair::QuoteAgain],
        },
        Vec::new(),
    )
}

fn no_quote(tx: &mut Tx<'_>, call: &Call, id: OrderId) -> Result<Error, Error> {
    Ok(match orders::load(tx, call.caller.tenant, id)? {
        Some(_) => Error::KeyReused {
            what: format!("reservation order id `{id}`"),
            code: "ReservationOrderIdAlreadyExists",
        },
        None => session_gone("no quote of yours has this order id; call calculatePrice"),
    })
}

fn placed(tx: &mut Tx<'_>, call: &Call, id: OrderId) -> Result<Placed, Error> {
    let order = orders::load(tx, call.caller.tenant, id)?.ok_or_else(|| absent_order(id))?;
    let reservations = reservations::of_order(tx, call.caller.tenant, id)?;
    Ok(Placed { order, reservations })
}

/// A hash of the request as understood, by which a repeated call is told from another.
pub(crate) fn request_hash(request: &impl serde::Serialize) -> Result<String, Error> {
    let digest = Sha256::digest(serde_json::to_vec(request)?);
    Ok(digest[..16].iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Where a purchase is to be put, and by which right.
pub(crate) struct Placement<'p> {
    pub permit: &'p Permit,
    /// Who stands behind the subscription that pays.
    pub owners: Owners,
    pub order: OrderId,
    pub operation: OperationId,
    pub acquired_by: AcquiredBy,
    /// What an exchange carries over of the rights of what it gives up.
    pub carried: Option<Carried>,
    /// What is renewed by it.
    pub source: Option<ReservationId>,
}

/// Writes an order, its reservation, its first payment and what will fall due; the buyer becomes
/// the order's owner. Where the first payment is refused, nothing is held, posted or due.
pub(crate) fn place(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    account: &BillingAccount,
    request: &Request,
    plan: &Plan,
    placement: &Placement<'_>,
) -> Result<(Order, Reservation), Error> {
    let payer = Scope::subscription(request.billing_subscription);
    placement.permit.require(Action::Buy, &payer)?;
    let first = plan
        .schedule
        .first()
        .ok_or_else(|| Error::Broken("a purchase without a payment".to_owned()))?;
    let failing = account.failing_on(utc_day(call.now)).filter(|_| !first.amount.is_zero());
    let walked = provisioning::walk(failing);
    let order = Order {
        id: placement.order,
        tenant: call.caller.tenant,
        billing_account: account.id.clone(),
        billing_profile: account.profile.clone(),
        billing_subscription: request.billing_subscription,
        buyer: call.caller.principal,
        display_name: request.display_name.clone(),
        commitment: plan.commitment.clone(),
        commit_units: plan.commit_units,
        original_quantity: plan.quantity,
        requested_at: call.now,
        started_at: call.now,
        expires_on: plan.expires_on,
        payments_made: i32::from(failing.is_none()),
        renew: request.renew,
        review_at: request.review_at,
        version: 1,
    };
    let reservation = Reservation {
        id: ReservationId(tx.new_id()),
        order: order.id,
        tenant: order.tenant,
        display_name: request.display_name.clone(),
        sku: plan.commitment.sku.clone(),
        quantity: plan.quantity,
        applied_scope: request.applied_scope.clone(),
        instance_flexibility: request.instance_flexibility.unwrap_or(true),
        renew: request.renew,
        archived: false,
        state: walked.state(),
        acquired_by: placement.acquired_by,
        purchased_at: call.now,
        carried: placement.carried,
        effective_at: call.now,
        updated_at: call.now,
        source: placement.source,
        merged_from: Vec::new(),
        review_at: None,
        renew_as: None,
        no_benefit: None,
        revision: walked.steps,
    };
    orders::insert(tx, &order)?;
    reservations::insert(tx, &order, &reservation, placement.operation)?;
    access::put_on(tx, call, &Scope::order(order.id), &placement.owners)?;
    if failing.is_none() {
        let event = match placement.acquired_by {
            AcquiredBy::Exchange => Event::ExchangePurchase,
            AcquiredBy::Renewal => Event::Renewal,
            _ => Event::Purchase,
        };
        post_payment(tx, call, account, order.id, first, placement.operation, event)?;
        due::push_next(tx, app, &order, call.now)?;
    }
    Ok((order, reservation))
}
