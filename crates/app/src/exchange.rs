//! Quoting and making an exchange, and a trade-in, which is one for savings plans alone.

mod asked;
mod carry_out;
mod compared;
mod weigh;

pub(crate) use asked::priced;
pub use compared::{ComparedTradeIn, OfferedPlan, compare};
pub use weigh::{Bar, Candidate, Instead, candidates, instead, weigh};

use crate::access::{self, Owners, Permit};
use crate::audit;
use crate::catalog::purchase_facts;
use crate::operations::{Deed as Recorded, Evidence, Kept, Kind, findings, kept, record};
use crate::purchase::{approved, lapses_at, request_hash, session_gone};
use crate::refund::gather_held;
use crate::request::Leave;
use crate::savings_plan::purchase::gather as plan_facts;
use crate::{App, Call, Error, Fault};
use jiff::Timestamp;
use prorata_domain::access::Action;
use prorata_domain::decision::{Decision, Impossible, Refusal, Repair};
use prorata_domain::exchange::{Facts, Plan, Request, Twin, decide};
use prorata_domain::ids::{
    OperationId, OrderId, ReservationId, SavingsPlanId, SavingsPlanOrderId, SessionId,
};
use prorata_domain::policy::{Book, ClauseId};
use prorata_domain::reservation::{Held, Order, Reservation};
use prorata_domain::savings_plan::purchase as savings_plan;
use prorata_domain::{payment, purchase, trade_in};
use prorata_ledger::Money;
use prorata_store::quotes::{self, QuoteKind, Taken};
use prorata_store::{Tx, operations};
use serde::{Deserialize, Serialize};

/// Units of a reservation that are given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenUp {
    pub order: OrderId,
    pub reservation: ReservationId,
    pub quantity: u32,
}

/// What is given up, and what is wanted for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    pub returns: Vec<GivenUp>,
    pub purchases: Vec<purchase::Request>,
    /// Alone they make the exchange a trade-in.
    #[serde(default)]
    pub savings_plans: Vec<savings_plan::Request>,
}

impl Ask {
    pub fn is_trade_in(&self) -> bool {
        self.purchases.is_empty() && !self.savings_plans.is_empty()
    }
}

/// The answer to "what would it come to".
#[derive(Debug, Clone)]
pub struct Quoted {
    pub session: SessionId,
    pub decision: Decision<Plan>,
    pub facts: Facts,
}

#[derive(Debug, Clone, Copy)]
pub struct Done {
    pub session: SessionId,
}

/// Whether an operation is a quote so far or was carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Quote,
    Exchange,
}

/// An exchange as it stands: quoted, made, or refused when it was to be made.
#[derive(Debug, Clone)]
pub struct Operation {
    pub session: SessionId,
    pub stage: Stage,
    pub ask: Ask,
    pub facts: Facts,
    pub decision: Decision<Plan>,
    /// Why the deed was refused; a refused quote has its refusal in the decision.
    pub refused: Option<Refusal>,
    /// What was bought, in request order.
    pub bought: Bought,
}

/// What was bought, in request order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bought {
    pub reservations: Vec<(OrderId, ReservationId)>,
    pub savings_plans: Vec<(SavingsPlanOrderId, SavingsPlanId)>,
}

/// What is kept of a quote and of a deed.
#[derive(Serialize, Deserialize)]
struct Record {
    /// What was bought, in request order; empty for a quote or a refusal.
    bought: Vec<(OrderId, ReservationId)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    bought_plans: Vec<(SavingsPlanOrderId, SavingsPlanId)>,
    #[serde(flatten)]
    evidence: Evidence<Facts, Request, Plan>,
}

/// What is looked at, with the rights to each part in the order of the request.
pub(crate) struct Gathered {
    /// To give up.
    pub givers: Vec<Permit>,
    /// To buy, and who stands behind the subscriptions that pay.
    pub buyers: Vec<(Permit, Owners)>,
    pub plan_buyers: Vec<(Permit, Owners)>,
    pub held: Vec<(Order, Reservation)>,
    pub facts: Facts,
    pub request: Request,
}

/// Says what an exchange comes to, and whether it may be made. The quote is kept, also when the
/// answer is no.
///
/// # Errors
/// [`Error::Malformed`] when it gives up or buys nothing, or a reservation twice;
/// [`Error::Absent`] or [`Error::Denied`]; never because of a rule.
pub fn quote(tx: &mut Tx<'_>, app: &App, call: &Call, ask: &Ask) -> Result<Quoted, Error> {
    well_formed(ask)?;
    let gathered = gather(tx, app, call, ask)?;
    let mut decision = judge(&app.book, &gathered.facts, &gathered.request, call.now)?;
    let looked_at = std::mem::take(&mut decision.findings);
    let session = SessionId(tx.new_id());
    let record = Record {
        bought: Vec::new(),
        bought_plans: Vec::new(),
        evidence: Evidence {
            policy: app.book.digest().to_owned(),
            facts: gathered.facts,
            request: gathered.request,
            decision,
        },
    };
    quotes::insert(
        tx,
        &quotes::Quote {
            id: session.0,
            kind: QuoteKind::Exchange,
            tenant: call.caller.tenant,
            principal: call.caller.principal,
            created_at: call.now,
            lapses_at: lapses_at(app, call.now),
            request_hash: String::new(),
            doc: serde_json::to_string(&record)?,
            findings: serde_json::to_string(&looked_at)?,
        },
    )?;
    let Evidence { facts, decision, .. } = record.evidence;
    let mut target = format!("exchange/{session}");
    for held in &facts.returns {
        target.push_str(&format!("/order/{}/reservation/{}", held.order, held.reservation));
    }
    let refusal = decision.refusal.as_ref();
    audit::quoted(tx, call, "exchange-quote", target, session.0, refusal, &looked_at)?;
    Ok(Quoted { session, decision: Decision { findings: looked_at, ..decision }, facts })
}

/// Makes the exchange that was quoted, or records why it was refused. The same session again
/// changes nothing.
///
/// # Errors
/// [`Error::Refused`] when the session is gone; a rule that says no is recorded instead, and
/// [`operation`] tells it.
pub fn execute(tx: &mut Tx<'_>, app: &App, call: &Call, session: SessionId) -> Result<Done, Error> {
    execute_by(tx, app, call, session, Leave::Wish)
}

/// The same, at the caller's own wish or for a request that was approved.
///
/// # Errors
/// As [`execute`], and [`Error::Refused`] where a policy wants it to be asked for first.
pub(crate) fn execute_by(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    session: SessionId,
    leave: Leave<'_>,
) -> Result<Done, Error> {
    let operation = OperationId(session.0);
    let hash = request_hash(&session)?;
    let quoted = match quotes::take(
        tx,
        session.0,
        &quotes::Take {
            kind: QuoteKind::Exchange,
            tenant: call.caller.tenant,
            principal: call.caller.principal,
            operation,
            request_hash: &hash,
            now: call.now,
        },
    )? {
        Taken::Open { doc } => doc,
        Taken::Used { .. } => return Ok(Done { session }),
        Taken::Lapsed => return Err(session_gone("the exchange quote has lapsed")),
        Taken::Absent => {
            return Err(session_gone("no exchange quote of yours has this session id"));
        }
    };
    let quoted: Kept<Facts, Request, Plan> = kept(&quoted)?;
    let gathered = gather(tx, app, call, &asked(&quoted.facts, &quoted.request))?;
    let mut decision = judge(&app.book, &gathered.facts, &gathered.request, call.now)?;
    if decision.refusal.is_none() {
        decision.refusal = moved(quoted.proposal(), approved(&decision)?);
    }
    decision = paid(decision, &gathered.facts, call)?;
    let mut bought = Bought::default();
    if let Some(plan) = decision.plan() {
        let kind = kind(&gathered.request);
        asked::guarded(tx, call, leave, &gathered, plan)
            .map_err(|error| error.attempted(call, kind, format!("exchange/{session}")))?;
        bought = carry_out::carry_out(tx, app, call, &gathered, plan, operation)?;
    }
    let looked_at = std::mem::take(&mut decision.findings);
    let document = Record {
        bought: bought.reservations,
        bought_plans: bought.savings_plans,
        evidence: Evidence {
            policy: app.book.digest().to_owned(),
            facts: gathered.facts,
            request: gathered.request,
            decision,
        },
    };
    let account = document.evidence.facts.returns.first().map(|held| held.account.id.as_str());
    let recorded = Recorded {
        permit: gathered.givers.first().ok_or_else(not_asked)?,
        id: operation,
        kind: kind(&document.evidence.request),
        target: format!("exchange/{session}"),
        billing_account: account.unwrap_or_default(),
        counted: None,
    };
    let refusal = document.evidence.decision.refusal.as_ref();
    record(tx, call, &recorded, refusal, &looked_at, &document)?;
    Ok(Done { session })
}

/// An exchange by its session: the quote, or the deed once it was asked for.
///
/// # Errors
/// [`Error::Absent`] when the caller has no such session.
pub fn operation(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    session: SessionId,
) -> Result<Operation, Error> {
    let row = operations::load(tx, call.caller.tenant, OperationId(session.0))?
        .filter(|row| [Kind::Exchange.as_str(), Kind::TradeIn.as_str()].contains(&&*row.kind));
    let (stage, principal, record) = match row {
        Some(row) => {
            let mut record: Record = serde_json::from_str(&row.doc)?;
            record.evidence.decision.findings = findings(tx, &row)?;
            (Stage::Exchange, row.principal, record)
        }
        None => match quotes::load(tx, session.0)? {
            Some(quote)
                if quote.kind == QuoteKind::Exchange && quote.tenant == call.caller.tenant =>
            {
                let mut record: Record = serde_json::from_str(&quote.doc)?;
                record.evidence.decision.findings = serde_json::from_str(&quote.findings)?;
                (Stage::Quote, quote.principal, record)
            }
            _ => return Err(absent(session)),
        },
    };
    if principal != call.caller.principal {
        return Err(absent(session));
    }
    let event =
        audit::Event::new("exchange-result", format!("exchange/{session}")).about(session.0);
    audit::looked_at(tx, call, &event);
    let refused =
        (stage == Stage::Exchange).then(|| record.evidence.decision.refusal.clone()).flatten();
    Ok(Operation {
        session,
        stage,
        ask: asked(&record.evidence.facts, &record.evidence.request),
        refused,
        bought: Bought { reservations: record.bought, savings_plans: record.bought_plans },
        facts: record.evidence.facts,
        decision: record.evidence.decision,
    })
}

/// What was asked for, as facts and request tell it.
fn asked(facts: &Facts, request: &Request) -> Ask {
    let given_up = facts.returns.iter().zip(&request.returns).map(|(held, quantity)| GivenUp {
        order: held.order,
        reservation: held.reservation,
        quantity: *quantity,
    });
    Ask {
        returns: given_up.collect(),
        purchases: request.purchases.clone(),
        savings_plans: request.savings_plans.clone(),
    }
}

/// A part of an exchange for which no right was asked for.
pub(crate) fn not_asked() -> Error {
    Error::Broken("a part of an exchange has no permit".to_owned())
}

fn absent(session: SessionId) -> Error {
    Error::Absent { what: format!("operation `{session}`"), code: "ResourceNotFound" }
}

fn well_formed(ask: &Ask) -> Result<(), Error> {
    let mut faults = Vec::new();
    if ask.returns.is_empty() {
        faults.push(Fault::new("properties.reservationsToExchange", "name at least one"));
    }
    if ask.purchases.is_empty() && ask.savings_plans.is_empty() {
        faults.push(Fault::new("properties.reservationsToPurchase", "name at least one"));
    }
    for (index, given) in ask.returns.iter().enumerate() {
        if ask.returns[..index].iter().any(|other| other.reservation == given.reservation) {
            faults.push(Fault::new(
                format!("properties.reservationsToExchange[{index}].reservationId"),
                "is named twice; add the quantities up in one row",
            ));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Malformed(faults)) }
}

/// Reads all that the exchange looks at. Rights are asked for before anything is read.
fn gather(tx: &mut Tx<'_>, app: &App, call: &Call, ask: &Ask) -> Result<Gathered, Error> {
    let request = Request {
        returns: ask.returns.iter().map(|given| given.quantity).collect(),
        purchases: ask.purchases.clone(),
        savings_plans: ask.savings_plans.clone(),
    };
    let action = if request.is_trade_in() { Action::TradeIn } else { Action::Exchange };
    let mut gathered = Gathered {
        givers: Vec::with_capacity(ask.returns.len()),
        buyers: Vec::with_capacity(ask.purchases.len()),
        plan_buyers: Vec::with_capacity(ask.savings_plans.len()),
        held: Vec::with_capacity(ask.returns.len()),
        facts: Facts::default(),
        request,
    };
    for given in &ask.returns {
        gathered.givers.push(access::order(tx, call, action, given.order)?);
    }
    for given in &ask.returns {
        let (order, reservation, held) =
            gather_held(tx, app, call, given.order, given.reservation)?;
        gathered.facts.twins.push(twin(app, &order, &held));
        gathered.held.push((order, reservation));
        gathered.facts.returns.push(held);
    }
    for wanted in &ask.purchases {
        let payer = wanted.billing_subscription;
        let permit = access::subscription(tx, call, Action::Buy, payer)?;
        gathered.buyers.push((permit, access::behind(tx, call, payer)?));
        gathered.facts.purchases.push(purchase_facts(tx, app, call, wanted)?);
    }
    for wanted in &ask.savings_plans {
        let (permit, facts) = plan_facts(tx, call, wanted)?;
        let owners = access::behind(tx, call, wanted.billing_subscription)?;
        gathered.plan_buyers.push((permit, owners));
        gathered.facts.savings_plans.push(facts);
    }
    Ok(gathered)
}

/// Decides an exchange or a trade-in, as the request is one or the other.
pub(crate) fn judge(
    book: &Book,
    facts: &Facts,
    request: &Request,
    now: Timestamp,
) -> Result<Decision<Plan>, Impossible> {
    if request.is_trade_in() {
        trade_in::decide(book, facts, request, now)
    } else {
        decide(book, facts, request, now)
    }
}

fn kind(request: &Request) -> Kind {
    if request.is_trade_in() { Kind::TradeIn } else { Kind::Exchange }
}

/// The premium-storage twin of what is held, which it may be swapped with.
pub(crate) fn twin(app: &App, order: &Order, held: &Held) -> Option<Twin> {
    let what = &held.commitment;
    let twin = app.catalog.premium_twin(&what.resource_type, &what.sku)?;
    let billing_subscription = order.billing_subscription;
    Some(Twin { sku: twin.sku, has_premium: twin.has_premium, billing_subscription })
}

/// Refuses an exchange whose purchases cannot be paid for.
fn paid(mut decision: Decision<Plan>, facts: &Facts, call: &Call) -> Result<Decision<Plan>, Error> {
    let Some(plan) = decision.plan() else { return Ok(decision) };
    for (bought, asked) in plan.purchases.iter().zip(&facts.purchases) {
        let one = Decision { proposal: Some(bought.clone()), refusal: None, findings: Vec::new() };
        let one = payment::at_once(one, &asked.account, call.now)?;
        if one.refusal.is_some() {
            decision.refusal = one.refusal;
            decision.findings.extend(one.findings);
            return Ok(decision);
        }
    }
    let first: Vec<_> = plan.savings_plans.iter().map(|bought| bought.commitment.payment).collect();
    for (amount, asked) in first.into_iter().zip(&facts.savings_plans) {
        decision = payment::first_taken(decision, &asked.account, amount, call.now);
    }
    Ok(decision)
}

/// The refusal of an exchange that comes to something else than was quoted.
fn moved(quoted: Option<&Plan>, plan: &Plan) -> Option<Refusal> {
    let totals = |plan: &Plan| (plan.refunds_total, plan.purchases_total);
    let was = quoted.map(totals);
    if was == Some(totals(plan)) {
        return None;
    }
    let told =
        |total: Option<Money>| total.map_or_else(|| "nothing".to_owned(), |it| it.to_string());
    Some(Refusal {
        clause: ClauseId::Session,
        code: "BadRequest".into(),
        reason: format!(
            "the net payable was {} when quoted and is {} now",
            told(quoted.map(|plan| plan.net_payable)),
            plan.net_payable
        ),
        repairs: vec![Repair::QuoteAgain],
    })
}
