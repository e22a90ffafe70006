//! Quoting and returning units of a reservation.

use crate::access::{self, Permit, absent_order};
use crate::billing::{self, charge_due};
use crate::catalog::current_price;
use crate::operations::{Deed as Recorded, Evidence, Kept, Kind, record};
use crate::purchase::{approved, lapses_at, request_hash, session_gone};
use crate::request::{self, Leave};
use crate::reservations::absent_reservation;
use crate::{App, Call, Error, audit, partner};
use jiff::Timestamp;
use prorata_domain::access::{Action, Scope};
use prorata_domain::accounting::{self, Event};
use prorata_domain::decision::{Decision, Refusal, Repair};
use prorata_domain::ids::{EntryId, OperationId, OrderId, ReservationId, SessionId};
use prorata_domain::partner::Asker;
use prorata_domain::policy::ClauseId;
use prorata_domain::refund::{Facts, Plan, Request, cap_scope, cap_scopes, decide};
use prorata_domain::request::figures::Figures;
use prorata_domain::reservation::{AcquiredBy, Held, Order, Reservation, ReservationState};
use prorata_domain::term::utc_day;
use prorata_store::quotes::{self, QuoteKind, Taken};
use prorata_store::{Tx, cap, journal, operations, reservations, waivers, world};
use serde::{Deserialize, Serialize};

/// What is to be returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    pub order: OrderId,
    pub reservation: ReservationId,
    pub quantity: u32,
}

/// The answer to "what is it worth".
#[derive(Debug, Clone)]
pub struct Quoted {
    pub session: SessionId,
    pub held: Held,
    pub decision: Decision<Plan>,
}

/// The return of what was quoted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    pub order: OrderId,
    pub session: SessionId,
    pub reservation: ReservationId,
    pub quantity: u32,
    /// Why, in the holder's words.
    pub reason: String,
}

/// A return that was made.
#[derive(Debug, Clone)]
pub struct Done {
    pub session: SessionId,
    pub held: Held,
    pub plan: Plan,
}

/// What is kept of a return: the evidence of its decision, and why it was asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record {
    #[serde(default)]
    pub reason: String,
    #[serde(flatten)]
    pub evidence: Evidence<Facts, Request, Plan>,
}

/// A return that was made, as it was recorded.
#[derive(Debug, Clone)]
pub struct Operation {
    pub session: SessionId,
    pub at: Timestamp,
    pub record: Record,
}

/// What is looked at, with the rows it came from.
struct Gathered {
    order: Order,
    reservation: Reservation,
    facts: Facts,
}

/// Says what returning some units is worth, and whether it may be done. The quote is kept, also
/// when the answer is no.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`]; never because of a rule.
pub fn quote(tx: &mut Tx<'_>, app: &App, call: &Call, ask: &Ask) -> Result<Quoted, Error> {
    let _ = access::order(tx, call, Action::Return, ask.order)?;
    let gathered = gather(tx, app, call, ask)?;
    let request = Request { quantity: ask.quantity };
    let mut decision = decide(&app.book, &gathered.facts, &request, call.now)?;
    let findings = std::mem::take(&mut decision.findings);
    let session = SessionId(tx.new_id());
    let held = gathered.facts.held.clone();
    let policy = app.book.digest().to_owned();
    let evidence = Evidence { policy, facts: gathered.facts, request, decision };
    quotes::insert(
        tx,
        &quotes::Quote {
            id: session.0,
            kind: QuoteKind::Refund,
            tenant: call.caller.tenant,
            principal: call.caller.principal,
            created_at: call.now,
            lapses_at: lapses_at(app, call.now),
            request_hash: request_hash(ask)?,
            doc: serde_json::to_string(&evidence)?,
            findings: serde_json::to_string(&findings)?,
        },
    )?;
    let target = format!("order/{}/reservation/{}", ask.order, ask.reservation);
    let refusal = evidence.decision.refusal.as_ref();
    audit::quoted(tx, call, "refund-quote", target, session.0, refusal, &findings)?;
    Ok(Quoted { session, held, decision: Decision { findings, ..evidence.decision } })
}

/// Returns what was quoted. The same session again is the same answer.
///
/// # Errors
/// [`Error::Refused`] when the session is gone, is for something else, or the return may not be
/// made (any more).
pub fn give_back(tx: &mut Tx<'_>, app: &App, call: &Call, deed: &Deed) -> Result<Done, Error> {
    give_back_by(tx, app, call, deed, Leave::Wish)
}

/// The same, at the caller's own wish or for a request that was approved.
///
/// # Errors
/// As [`give_back`].
pub(crate) fn give_back_by(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    deed: &Deed,
    leave: Leave<'_>,
) -> Result<Done, Error> {
    let target = format!("order/{}/reservation/{}", deed.order, deed.reservation);
    give_back_quoted(tx, app, call, deed, leave)
        .map_err(|error| error.attempted(call, Kind::Refund, target))
}

fn give_back_quoted(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    deed: &Deed,
    leave: Leave<'_>,
) -> Result<Done, Error> {
    let ask = Ask { order: deed.order, reservation: deed.reservation, quantity: deed.quantity };
    let (tenant, principal) = (call.caller.tenant, call.caller.principal);
    tx.announce(vec![
        world::about(tenant, principal, deed.order),
        quotes::standing(deed.session.0, QuoteKind::Refund, tenant, principal),
        reservations::held_read(tenant, deed.order, deed.reservation),
        waivers::open_read(deed.reservation),
    ])?;
    let permit = access::order(tx, call, Action::Return, deed.order)?;
    let operation = OperationId(deed.session.0);
    let hash = request_hash(&ask)?;
    let quoted = match quotes::take(
        tx,
        deed.session.0,
        &quotes::Take {
            kind: QuoteKind::Refund,
            tenant: call.caller.tenant,
            principal: call.caller.principal,
            operation,
            request_hash: &hash,
            now: call.now,
        },
    )? {
        Taken::Open { doc } => doc,
        Taken::Used { request_hash, .. } if request_hash == hash => {
            return done(tx, call, deed.session);
        }
        Taken::Used { .. } => {
            return Err(Error::KeyReused {
                what: format!("session `{}`", deed.session),
                code: "BadRequest",
            });
        }
        Taken::Lapsed => return Err(session_gone("the refund quote has lapsed")),
        Taken::Absent => {
            if prorata_store::orders::load(tx, call.caller.tenant, deed.order)?.is_none() {
                return Err(absent_order(deed.order));
            }
            return Err(session_gone("no refund quote of yours has this session id"));
        }
    };
    let quoted: Kept<Facts, Request, Plan> = crate::operations::kept(&quoted)?;
    if quoted.facts.held.reservation != deed.reservation || quoted.request.quantity != deed.quantity
    {
        return Err(session_gone("the session is for another reservation or quantity"));
    }
    let clauses = app.book.in_force(utc_day(call.now));
    let scope = cap_scope(&quoted.facts.held.account, &clauses);
    cap::enter(tx, &scope)?;
    let gathered = gather(tx, app, call, &ask)?;
    let request = Request { quantity: deed.quantity };
    let mut decision = decide(&app.book, &gathered.facts, &request, call.now)?;
    if let Some(refusal) = decision.refusal {
        return Err(Error::refused(refusal, decision.findings));
    }
    let plan = approved(&decision)?.clone();
    same_worth(quoted.proposal(), &plan, &decision)?;
    let account = &gathered.facts.held.account;
    let wanted = || request::Ask::Refund(request::Refund { ask, reason: String::new() });
    request::guard(tx, call, leave, &[account], wanted, || Figures::of_refund(&plan, account))?;

    let Gathered { order, reservation, facts } = gathered;
    let scope = cap_scope(&facts.held.account, &clauses);
    crate::waivers::use_up(tx, call, operation, &plan.waivers)?;
    let given = GivenUp { permit: &permit, kept: plan.kept, operation, ending: Ending::Returned };
    give_up(tx, call, &order, reservation, &given)?;
    let account = &facts.held.account;
    let entry = accounting::given_back(account, order.id, &plan.value, plan.fee, plan.destination)?;
    if let Some(entry) = entry {
        let id = EntryId(tx.new_id());
        journal::post(
            tx,
            &journal::Post {
                id,
                operation,
                at: call.now,
                event: Event::Refund.as_str(),
                entry: &entry,
            },
        )?;
    }
    cap::add(tx, &scope, utc_day(call.now), plan.counted.minor())?;
    let findings = std::mem::take(&mut decision.findings);
    let policy = app.book.digest().to_owned();
    let document = Record {
        reason: deed.reason.clone(),
        evidence: Evidence { policy, facts, request, decision },
    };
    let held = &document.evidence.facts.held;
    let recorded = Recorded {
        permit: &permit,
        id: operation,
        kind: Kind::Refund,
        target: format!("order/{}/reservation/{}", order.id, deed.reservation),
        billing_account: &held.account.id,
        counted: Some((scope, plan.counted.minor())),
    };
    record(tx, call, &recorded, None, &findings, &document)?;
    Ok(Done { session: deed.session, held: document.evidence.facts.held, plan })
}

/// What a return would look at now, for whoever may see the reservation: to be shown, not to be
/// acted on.
///
/// # Errors
/// [`Error::Absent`]; those of the database.
pub(crate) fn facts(tx: &mut Tx<'_>, app: &App, call: &Call, ask: &Ask) -> Result<Facts, Error> {
    Ok(gather(tx, app, call, ask)?.facts)
}

/// What returning each of some quantities would come to today, to be shown to whoever may see the
/// order; nothing is kept. Nothing while a payment is being made, which changes what comes back.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`]; never because of a rule.
pub fn preview(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    (order, reservation): (OrderId, ReservationId),
    quantities: &[u32],
) -> Result<Option<Vec<Decision<Plan>>>, Error> {
    let (held_in, _) = crate::reservations::show(tx, app, call, order, reservation)?;
    if billing::is_to_charge(tx, &held_in, utc_day(call.now))? {
        return Ok(None);
    }
    let facts = gather(tx, app, call, &Ask { order, reservation, quantity: 0 })?.facts;
    let price = |&quantity: &u32| decide(&app.book, &facts, &Request { quantity }, call.now);
    Ok(Some(quantities.iter().map(price).collect::<Result<_, _>>()?))
}

/// What a return comes to for somebody who may make it, whoever asks.
///
/// # Errors
/// [`Error::Absent`] when the reservation is not there.
pub(crate) fn priced(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    ask: &Ask,
) -> Result<(Held, Decision<Plan>), Error> {
    let mut facts = gather(tx, app, call, ask)?.facts;
    facts.held.asker = Asker::Holder;
    let request = Request { quantity: ask.quantity };
    let decision = decide(&app.book, &facts, &request, call.now)?;
    Ok((facts.held, decision))
}

/// Reads what a return looks at, after making the payments that are due.
fn gather(tx: &mut Tx<'_>, app: &App, call: &Call, ask: &Ask) -> Result<Gathered, Error> {
    let (order, reservation, held) = gather_held(tx, app, call, ask.order, ask.reservation)?;
    let today = utc_day(call.now);
    let clauses = app.book.in_force(today);
    let opens = clauses.refund_cap.value.window_opens(today);
    let mut cap_used = Vec::new();
    for scope in cap_scopes(&held.account, &app.book, today) {
        cap_used.extend(cap::used_since(tx, &scope, opens)?);
    }
    cap_used.sort_unstable();
    Ok(Gathered { order, reservation, facts: Facts { held, cap_used } })
}

/// A reservation that somebody wants to give up, with all that its value depends on.
pub(crate) fn gather_held(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    order: OrderId,
    reservation: ReservationId,
) -> Result<(Order, Reservation, Held), Error> {
    let (order, reservation, account) =
        match reservations::held(tx, call.caller.tenant, order, reservation)? {
            Some(held) => held,
            None => return Err(absent_reservation(tx, call, order, reservation)?),
        };
    let order = charge_due(tx, app, call, order)?;
    let bought = order.commitment_of(&reservation);
    let current = current_price(tx, app, &bought, utc_day(call.now))?;
    let mut held = Held::new(&order, &reservation, account, current);
    held.overdue = billing::overdue_of(tx, &order, utc_day(call.now))?;
    held.asker = partner::asker(tx, call, &held.account)?;
    held.waivers = waivers::open(tx, reservation.id)?;
    Ok((order, reservation, held))
}

/// Refuses when the return is worth something else than was quoted.
fn same_worth(quoted: Option<&Plan>, plan: &Plan, decision: &Decision<Plan>) -> Result<(), Error> {
    let was = quoted.map(|plan| (plan.payout, plan.value.cancelled));
    if was == Some((plan.payout, plan.value.cancelled)) {
        return Ok(());
    }
    let was = was.map_or_else(|| "nothing".to_owned(), |(payout, _)| payout.to_string());
    Err(Error::refused(
        Refusal {
            clause: ClauseId::Session,
            code: "BadRequest".into(),
            reason: format!("the refund was {was} when quoted and is {} now", plan.payout),
            repairs: vec![Repair::QuoteAgain],
        },
        decision.findings.clone(),
    ))
}

/// How a reservation's units end.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Ending {
    Returned,
    Exchanged,
}

/// Units that end: by which right, in which operation, and how.
pub(crate) struct GivenUp<'p> {
    pub permit: &'p Permit,
    /// How many units live on.
    pub kept: u32,
    pub operation: OperationId,
    pub ending: Ending,
}

/// Ends a reservation; units that are kept live on in a new one of the same order with the same
/// end and rights.
pub(crate) fn give_up(
    tx: &mut Tx<'_>,
    call: &Call,
    order: &Order,
    reservation: Reservation,
    given: &GivenUp<'_>,
) -> Result<(), Error> {
    given.permit.require(given.permit.action(), &Scope::order(order.id))?;
    let GivenUp { kept, operation, ending, .. } = *given;
    let rest = (kept > 0).then(|| ReservationId(tx.new_id()));
    let was = reservation.revision;
    let ended = Reservation {
        state: match ending {
            Ending::Returned => ReservationState::Returned { rest },
            Ending::Exchanged => ReservationState::Exchanged { rest },
        },
        renew: false,
        effective_at: call.now,
        updated_at: call.now,
        revision: was + 1,
        ..reservation.clone()
    };
    reservations::replace(tx, &ended, was, operation)?;
    request::look_at_those_of(tx, order.tenant, order.id, call.now)?;
    if let Some(rest) = rest {
        let kept = Reservation {
            id: rest,
            quantity: kept,
            acquired_by: AcquiredBy::PartialReturn,
            effective_at: call.now,
            updated_at: call.now,
            source: Some(reservation.id),
            revision: 1,
            ..reservation
        };
        reservations::insert(tx, order, &kept, operation)?;
    }
    Ok(())
}

/// A return of units of a reservation that the caller may see.
///
/// # Errors
/// [`Error::Absent`] when the reservation has no such return, or the caller may not see it.
pub fn operation(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    order: OrderId,
    reservation: ReservationId,
    session: SessionId,
) -> Result<Operation, Error> {
    crate::reservations::show(tx, app, call, order, reservation)?;
    let absent = || Error::Absent { what: format!("return `{session}`"), code: "ResourceNotFound" };
    let row = operations::load(tx, call.caller.tenant, OperationId(session.0))?
        .filter(|row| row.kind == Kind::Refund.as_str())
        .ok_or_else(absent)?;
    let mut record: Record = serde_json::from_str(&row.doc)?;
    record.evidence.decision.findings = crate::operations::findings(tx, &row)?;
    if record.evidence.facts.held.reservation != reservation {
        return Err(absent());
    }
    let target = format!("order/{order}/reservation/{reservation}");
    audit::looked_at(tx, call, &audit::Event::new("refund-result", target).about(session.0));
    Ok(Operation { session, at: row.decided_at, record })
}

/// A return that was made before, as its record says.
fn done(tx: &mut Tx<'_>, call: &Call, session: SessionId) -> Result<Done, Error> {
    let row = operations::load(tx, call.caller.tenant, OperationId(session.0))?
        .ok_or_else(|| Error::Broken(format!("session `{session}` is used by no operation")))?;
    let evidence: Evidence<Facts, Request, Plan> = crate::operations::recorded(tx, &row)?;
    let plan = approved(&evidence.decision)?.clone();
    Ok(Done { session, held: evidence.facts.held, plan })
}
