//! The cap on what is returned within a rolling window: what counts, together with what, and what
//! would still fit.

use super::{Facts, Plan, Request};
use crate::decision::{Finding, Formula, Impossible, Line, Outcome, Refusal, Repair};
use crate::policy::{Book, CapScope, ClauseId, Clauses, Counted};
use crate::proration::{self, ReturnValue, finding};
use crate::reservation::BillingAccount;
use crate::term::days_between;
use jiff::ToSpan;
use jiff::civil::Date;
use prorata_ledger::{Currency, Money};

/// What a refund counts toward the cap by the rule of the day, in US dollars.
pub(super) fn counted(value: &ReturnValue, clauses: &Clauses<'_>) -> Result<Money, Impossible> {
    let lowers = clauses.lowest_price.value.lowers_cap;
    Ok(match clauses.refund_cap_counts.value.counts {
        Counted::CashRefund => value.refund_usd,
        Counted::RefundAmount => value.refund_usd.plus(value.cancelled_usd)?,
        Counted::CancelledCommitment if lowers => value.refund_usd.plus(value.cancelled_usd)?,
        Counted::CancelledCommitment => value.refund_of_record_usd.plus(value.cancelled_usd)?,
    })
}

/// What was counted before, in the window of a day.
pub(super) fn used_in_window(
    facts: &Facts,
    clauses: &Clauses<'_>,
    today: Date,
) -> Result<Money, Impossible> {
    let opens = clauses.refund_cap.value.window_opens(today);
    let minor = facts
        .cap_used
        .iter()
        .filter(|(day, _)| *day >= opens)
        .try_fold(0i64, |sum, (_, minor)| sum.checked_add(*minor))
        .ok_or(Impossible::Facts("the refunds counted toward the cap do not fit 64 bits"))?;
    Ok(Money::new(minor, Currency::USD))
}

pub(super) fn counts_finding(plan: &Plan, clauses: &Clauses<'_>) -> Finding {
    let value = &plan.value;
    let counts = clauses.refund_cap_counts.value.counts;
    let mut lines = vec![
        Line::new("what counts", counts.as_str()),
        Line::new("refund in US dollars", value.refund_usd),
    ];
    if counts != Counted::CashRefund {
        lines.push(Line::new("refund by the price paid", value.refund_of_record_usd));
        lines.push(Line::new("payments never made, in US dollars", value.cancelled_usd));
    }
    lines.push(Line::new("counted", plan.counted));
    finding(clauses.refund_cap_counts, None, Outcome::Met, lines)
}

pub(super) fn scope_finding(account: &BillingAccount, clauses: &Clauses<'_>) -> Finding {
    finding(
        clauses.refund_cap_scope,
        None,
        Outcome::Met,
        vec![Line::new("refunds counted together", cap_scope(account, clauses))],
    )
}

/// The name under which refunds of an account are counted together.
pub fn cap_scope(account: &BillingAccount, clauses: &Clauses<'_>) -> String {
    scope_name(account, clauses.refund_cap_scope.value)
}

/// The names under which refunds that still count on a day may have been counted: that of the day,
/// and those that the rules of the days before gave. An account has one profile and one customer,
/// so a rule that counts by another of them names the same refunds anew and forgives none.
pub fn cap_scopes(account: &BillingAccount, book: &Book, today: Date) -> Vec<String> {
    let opens = book.in_force(today).refund_cap.value.window_opens(today);
    let mut names: Vec<String> =
        book.cap_scopes(opens, today).map(|rule| scope_name(account, rule)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn scope_name(account: &BillingAccount, rule: &CapScope) -> String {
    use crate::policy::CapScopeKind as Kind;
    let kind = rule.of(account.agreement);
    let name = match kind {
        Kind::BillingProfile => account.profile.as_deref(),
        Kind::Customer => account.customer.as_deref(),
        Kind::Enrollment | Kind::BillingAccount => None,
    };
    format!("{}/{}/{}", account.id, kind.as_str(), name.unwrap_or("all"))
}

pub(super) fn lines(
    facts: &Facts,
    plan: &Plan,
    clauses: &Clauses<'_>,
    today: Date,
) -> Result<Vec<Line>, Impossible> {
    let total = plan.cap_used.plus(plan.counted)?;
    let opens = clauses.refund_cap.value.window_opens(today);
    let mut lines = vec![
        Line::new("counted since", opens),
        Line::new("counted before", plan.cap_used),
        Line::new("counted by this refund", plan.counted),
        Line::new("counted together", total)
            .by(Formula::Plus { first: plan.cap_used, second: plan.counted }),
        Line::new("cap", plan.cap),
    ];
    if total.minor() <= plan.cap.minor() {
        lines.push(
            Line::new("left after it", plan.cap.minus(total)?)
                .by(Formula::Minus { from: plan.cap, less: total }),
        );
        lines.push(Line::new(
            "what this refund counts comes back on",
            clauses.refund_cap.value.returns_on(today),
        ));
    } else if let Some(day) =
        facts.cap_used.iter().map(|used| used.0).filter(|day| *day >= opens).min()
    {
        lines.push(Line::new("next return to the pool", clauses.refund_cap.value.returns_on(day)));
    }
    Ok(lines)
}

pub(super) fn refuse(
    facts: &Facts,
    request: &Request,
    plan: &Plan,
    clauses: &Clauses<'_>,
    today: Date,
) -> Result<Refusal, Impossible> {
    let mut repairs = Vec::new();
    if let Some(to) = largest_quantity(facts, request.quantity, clauses, today)? {
        repairs.push(Repair::ReduceQuantity { about: None, to });
    }
    if let Some(day) = first_day(facts, request.quantity, clauses, today)? {
        repairs.push(Repair::WaitUntil { day });
    }
    Ok(Refusal {
        clause: ClauseId::RefundCap,
        code: "RefundLimitExceeded".into(),
        reason: format!(
            "this refund counts {} toward a cap of {}, of which {} is used",
            plan.counted, plan.cap, plan.cap_used
        ),
        repairs,
    })
}

fn fits(
    facts: &Facts,
    quantity: u32,
    clauses: &Clauses<'_>,
    day: Date,
) -> Result<bool, Impossible> {
    let value = proration::value(&facts.held, quantity, clauses, day)?;
    let used = used_in_window(facts, clauses, day)?;
    let total = used.plus(counted(&value, clauses)?)?;
    Ok(total.minor() <= clauses.refund_cap.value.amount.minor())
}

/// The largest quantity below the one asked for that passes today; what a return counts grows
/// with its quantity, so halving finds it.
fn largest_quantity(
    facts: &Facts,
    asked: u32,
    clauses: &Clauses<'_>,
    today: Date,
) -> Result<Option<u32>, Impossible> {
    let (mut passes, mut fails) = (0, asked);
    while fails - passes > 1 {
        let middle = passes + (fails - passes) / 2;
        if fits(facts, middle, clauses, today)? { passes = middle } else { fails = middle }
    }
    Ok((passes > 0).then_some(passes))
}

/// The first later day on which the same return passes, if nothing else is returned meanwhile,
/// every payment is made when due, and today's price and rules stay: a rule of a later date must
/// not change what was answered before it.
fn first_day(
    facts: &Facts,
    quantity: u32,
    clauses: &Clauses<'_>,
    today: Date,
) -> Result<Option<Date>, Impossible> {
    let mut later = facts.clone();
    let days = days_between(today, facts.held.expires_on);
    for ahead in 1..days {
        let day = today.saturating_add(ahead.days());
        later.held.pay_until(day);
        if fits(&later, quantity, clauses, day)? {
            return Ok(Some(day));
        }
    }
    Ok(None)
}
