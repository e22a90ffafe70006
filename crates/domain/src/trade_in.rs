//! Giving up reservations for savings plans alone.
//!
//! For each return, in request order: state, quantity, self-service, young return, lowest price,
//! proration, fee, settlement. For each savings plan: the clauses of its purchase, then the types
//! that may become it. Then the currency, how many reservations, the value of the plans, and the
//! refund cap, which a trade-in does not touch. The first clause not met names the refusal. There
//! is no right to run out of and no exchange group: the plan covers the service or it does not.

pub mod comparison;

use crate::decision::{
    Amount, Decision, Formula, Impossible, Line, Outcome, Refusal, Repair, Subject,
};
use crate::exchange::{
    Facts, Notes, Plan, Request, cap_unconcerned, currency, largest_return, matching, returns,
    savings_plans, too_large, totals,
};
use crate::policy::{Book, ClauseId, Clauses, FeeBase, PlanKind};
use crate::proration::{ReturnValue, finding};
use crate::savings_plan::purchase as savings_plan;
use crate::term::{Term, utc_day};
use crate::waiver::Exceptions;
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_ledger::{Hourly, Money, MoneyError, Rounding, rounding};
use std::borrow::Cow;

/// Decides a trade-in.
///
/// # Errors
/// [`Impossible`] when recorded facts contradict each other; never because of the request.
pub fn decide(
    book: &Book,
    facts: &Facts,
    request: &Request,
    now: Timestamp,
) -> Result<Decision<Plan>, Impossible> {
    matching(facts, request)?;
    if !request.is_trade_in() {
        return Err(Impossible::Facts("a trade-in buys savings plans and nothing else"));
    }
    let today = utc_day(now);
    let clauses = book.in_force(today);
    let exceptions = Exceptions::of(&facts.returns, &clauses, today);
    let mut notes = Notes { exceptions, ..Notes::default() };
    let returns = returns(&mut notes, facts, request, &clauses, today)?;
    let plans = savings_plans(&mut notes, facts, request, &clauses, today);
    let complete = returns.len() == facts.returns.len() && plans.len() == facts.savings_plans.len();
    let priced = if currency(&mut notes, facts, request) && complete {
        match totals(returns, Vec::new(), plans, Vec::new()) {
            Ok(plan) => Some(plan),
            Err(fault) => {
                too_large(&mut notes, &fault);
                None
            }
        }
    } else {
        None
    };
    limit(&mut notes, facts, &clauses);
    if let Some(plan) = &priced {
        floor(&mut notes, facts, plan, &clauses, today)?;
    }
    cap_unconcerned(&mut notes, &clauses);
    let waivers = notes.exceptions.used();
    let priced = priced.map(|plan| Plan { waivers, ..plan });
    Ok(Decision { proposal: priced, refusal: notes.refusal, findings: notes.findings })
}

/// The smallest hourly commitment of which a whole term is worth at least `value`: what stands in
/// for what is given up.
///
/// # Errors
/// When the amount does not fit.
pub fn commitment_for(value: Money, term: Term) -> Result<Hourly, MoneyError> {
    rounding::per_hour(value, term.hours())
}

fn limit(notes: &mut Notes, facts: &Facts, clauses: &Clauses<'_>) {
    let rule = clauses.trade_in_limit;
    let most = rule.value.reservations;
    let asked = i64::try_from(facts.returns.len()).unwrap_or(i64::MAX);
    let lines = vec![
        Line::new("reservations", Amount::Count(asked)),
        Line::new("at most", Amount::Count(most)),
    ];
    let over = asked > most;
    let outcome = if over { Outcome::NotMet } else { Outcome::Met };
    notes.note(
        finding(rule, None, outcome, lines),
        over.then(|| Refusal {
            clause: ClauseId::TradeInLimit,
            code: "BadRequest".into(),
            reason: format!("{asked} reservations cannot be traded in at once, only {most}"),
            repairs: Vec::new(),
        }),
    );
}

/// Every reservation that is given up may become a plan of this kind.
pub(crate) fn types(
    notes: &mut Notes,
    facts: &Facts,
    plan: &savings_plan::Plan,
    clauses: &Clauses<'_>,
    about: Subject,
) {
    let rule = clauses.trade_in_types;
    let kind = plan.commitment.kind;
    let may = |kind: PlanKind| {
        facts.returns.iter().all(|held| rule.value.may_become(&held.commitment.resource_type, kind))
    };
    let lines = vec![Line::new("kind of savings plan", kind.as_str())];
    let stray = facts
        .returns
        .iter()
        .map(|held| held.commitment.resource_type.as_str())
        .find(|from| !rule.value.may_become(from, kind));
    let Some(from) = stray else {
        notes.note(finding(rule, Some(about), Outcome::Met, lines), None);
        return;
    };
    let offers = &clauses.savings_plan_offer.value.offers;
    let values: Vec<String> =
        offers.iter().filter(|offer| may(offer.kind)).map(|offer| offer.sku.clone()).collect();
    let repairs = if values.is_empty() {
        Vec::new()
    } else {
        vec![Repair::Choose { about: Some(about), field: Cow::Borrowed("sku.name"), values }]
    };
    let refusal = Refusal {
        clause: ClauseId::TradeInTypes,
        code: "SelfServiceRefundNotSupported".into(),
        reason: format!("a `{from}` reservation cannot be traded in for a {kind} savings plan"),
        repairs,
    };
    notes.note(finding(rule, Some(about), Outcome::NotMet, lines), Some(refusal));
}

/// What is kept back of a refund.
pub(crate) fn fee(
    notes: &mut Notes,
    value: &ReturnValue,
    clauses: &Clauses<'_>,
    about: Subject,
) -> Result<Money, Impossible> {
    let rule = clauses.trade_in_fee;
    let rate = rule.value.rate;
    let base = match rule.value.base {
        FeeBase::CancelledCommitment => value.given_up()?,
        FeeBase::CashRefund => value.refund,
    };
    let by_rate = rounding::scale(base, rate, base.currency(), Rounding::Fee)?;
    // Nobody pays to trade in: a fee takes at most what comes back.
    let fee = by_rate.lesser(value.refund)?;
    let scaled = Formula::Scale { of: base, rate, rounding: Rounding::Fee };
    let mut lines = vec![Line::new("fee rate", Amount::Rate(rate))];
    if by_rate == fee {
        lines.push(Line::new("fee", fee).by(scaled));
    } else {
        lines.push(Line::new("fee by the rate", by_rate).by(scaled));
        let lesser = Formula::Lesser { first: by_rate, second: value.refund };
        lines.push(Line::new("fee", fee).by(lesser));
    }
    let outcome = if rate.is_zero() { Outcome::NotConcerned } else { Outcome::Met };
    notes.note(finding(rule, Some(about), outcome, lines), None);
    Ok(fee)
}

/// The plans are worth at least what is given up, over their whole terms.
fn floor(
    notes: &mut Notes,
    facts: &Facts,
    plan: &Plan,
    clauses: &Clauses<'_>,
    today: Date,
) -> Result<(), Impossible> {
    let short = plan.net_payable.is_negative();
    let lines = vec![
        Line::new("given up", plan.refunds_total),
        Line::new("bought", plan.purchases_total),
        Line::new("net payable", plan.net_payable)
            .by(Formula::Minus { from: plan.purchases_total, less: plan.refunds_total }),
    ];
    if !short {
        notes.note(finding(clauses.trade_in_floor, None, Outcome::Met, lines), None);
        return Ok(());
    }
    let by = plan.refunds_total.minus(plan.purchases_total)?;
    let mut repairs: Vec<Repair> = raised(plan, by)?.into_iter().collect();
    if let ([held], [given]) = (facts.returns.as_slice(), plan.returns.as_slice()) {
        let most =
            largest_return(held, given.value.quantity, plan.purchases_total, clauses, today)?;
        let about = Some(Subject::Return(1));
        repairs.extend(most.map(|to| Repair::ReduceQuantity { about, to }));
    }
    let refusal = Refusal {
        clause: ClauseId::TradeInFloor,
        code: "BadRequest".into(),
        reason: format!(
            "the savings plans ({}) are worth less than what is given up ({})",
            plan.purchases_total, plan.refunds_total
        ),
        repairs,
    };
    notes.note(finding(clauses.trade_in_floor, None, Outcome::NotMet, lines), Some(refusal));
    Ok(())
}

/// The smallest hourly commitment of the last plan that makes up for what is missing; nothing
/// where no plan is bought or the amount does not fit.
pub(crate) fn raised(plan: &Plan, by: Money) -> Result<Option<Repair>, Impossible> {
    let Some(last) = plan.savings_plans.last() else { return Ok(None) };
    let bought = &last.commitment;
    let needed = last.total.plus(by)?;
    let mut to = rounding::per_hour(needed, bought.term.hours())?;
    // A payment is cut to the minor unit, so in coarse currencies a little more is needed.
    while worth(to, bought)?.minor() < needed.minor() {
        to = Hourly::new(to.thousandths().saturating_add(1), to.currency());
    }
    // The whole term is rounded up, so there a little less may do as well.
    while to.thousandths() > 1 {
        let less = Hourly::new(to.thousandths() - 1, to.currency());
        if worth(less, bought)?.minor() < needed.minor() {
            break;
        }
        to = less;
    }
    let about =
        Some(Subject::SavingsPlan(u32::try_from(plan.savings_plans.len()).unwrap_or(u32::MAX)));
    Ok(Some(Repair::RaiseCommitment { about, to }))
}

/// What a plan of this commitment costs, paid as `like` is.
fn worth(hourly: Hourly, like: &crate::savings_plan::Commitment) -> Result<Money, MoneyError> {
    let payments = like.payments();
    let whole = savings_plan::whole_term(hourly, like.term)?;
    crate::proration::unit_payment(whole, payments)?.times(i64::from(payments))
}
