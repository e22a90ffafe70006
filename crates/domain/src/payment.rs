//! Taking a payment: whether the account's means of payment takes the charge, and when one that was
//! refused is tried again.

use crate::decision::{
    Amount, Decision, Finding, Impossible, Line, Outcome, Refusal, Repair, Subject,
};
use crate::policy::{Book, ClauseId, Clauses};
use crate::proration::{finding, structural};
use crate::purchase;
use crate::reservation::{BillingAccount, Held, PaymentFailure};
use crate::term::{due_date, utc_day};
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_ledger::Money;
use serde::{Deserialize, Serialize};

impl Held {
    /// Makes the payments that fall due by a day, as if each were taken.
    pub fn pay_until(&mut self, day: Date) {
        while self.payments_made < self.commitment.payments()
            && due_date(self.starts_on, self.payments_made) <= day
        {
            self.payments_made += 1;
        }
    }
}

/// A means of payment that does not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failing {
    pub failure: PaymentFailure,
    /// The first day on which it works again, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// Payments of an order that were refused and not made since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overdue {
    pub payments: i32,
    /// All of them together, for every unit of the order that is still held.
    pub amount: Money,
    /// The day on which the first one fell due.
    pub since: Date,
}

/// A charge that falls due, or is tried again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub account: BillingAccount,
    /// The payments that are taken together: numbers from 1.
    pub numbers: Vec<i32>,
    /// The day on which the first of them fell due.
    pub since: Date,
    pub amount: Money,
    /// How often the first of them was tried before.
    pub attempts: i64,
}

/// What comes of a charge: it is paid, or is tried again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub amount: Money,
    /// When it is tried again if it is refused; none when that is with the next payment.
    pub next_on: Option<Date>,
}

/// Decides a charge.
///
/// # Errors
/// Never yet; as for every job.
pub fn decide(book: &Book, facts: &Facts, now: Timestamp) -> Result<Decision<Plan>, Impossible> {
    let today = utc_day(now);
    let rule = book.in_force(today).payment_retry;
    let (taken, refusal) = taken(&facts.account, facts.amount, today);
    let next_on = rule.value.next(facts.since, today);
    let mut lines = vec![
        Line::new("fell due on", facts.since),
        Line::new("payments", Amount::Count(facts.numbers.len() as i64)),
        Line::new("tried before", Amount::Count(facts.attempts)),
    ];
    let retried = if refusal.is_some() {
        lines.push(match next_on {
            Some(day) => Line::new("tried again on", day),
            None => Line::new("tried again", "with the next payment"),
        });
        Outcome::Met
    } else {
        Outcome::NotConcerned
    };
    let findings = vec![taken, finding(rule, None, retried, lines)];
    Ok(Decision { proposal: Some(Plan { amount: facts.amount, next_on }), refusal, findings })
}

/// Takes the first payment of what is bought: a decision that said yes says no where it is refused.
/// A payment that is taken leaves no finding, since nothing could be done about it.
///
/// # Errors
/// When the amount does not fit.
pub fn at_once(
    mut decision: Decision<purchase::Plan>,
    account: &BillingAccount,
    now: Timestamp,
) -> Result<Decision<purchase::Plan>, Impossible> {
    let Some(plan) = decision.plan() else { return Ok(decision) };
    let (finding, refusal) = taken(account, plan.first_payment()?, utc_day(now));
    if refusal.is_some() {
        decision.findings.push(finding);
        decision.refusal = refusal;
    }
    Ok(decision)
}

/// The same for a savings plan, alone or among what is bought: its first payment is taken.
pub fn first_taken<P>(
    mut decision: Decision<P>,
    account: &BillingAccount,
    amount: Money,
    now: Timestamp,
) -> Decision<P> {
    if decision.plan().is_some() {
        let (finding, refusal) = taken(account, amount, utc_day(now));
        if refusal.is_some() {
            decision.findings.push(finding);
            decision.refusal = refusal;
        }
    }
    decision
}

/// Whether an account's means of payment takes an amount on a day.
pub(crate) fn taken(
    account: &BillingAccount,
    amount: Money,
    today: Date,
) -> (Finding, Option<Refusal>) {
    let mut lines =
        vec![Line::new("means of payment", account.payment.as_str()), Line::new("amount", amount)];
    let Some(failing) = account.failing_on(today).filter(|_| !amount.is_zero()) else {
        return (structural(ClauseId::MeansOfPayment, None, Outcome::Met, lines), None);
    };
    lines.push(Line::new("refused", failing.failure.as_str()));
    if let Some(until) = failing.until {
        lines.push(Line::new("works again on", until));
    }
    let how = match failing.failure {
        PaymentFailure::SoftError => "for now",
        PaymentFailure::HardError => "for good",
    };
    let refusal = Refusal {
        clause: ClauseId::MeansOfPayment,
        code: failing.failure.code().into(),
        reason: format!(
            "{amount} could not be taken: the means of payment of account `{}` ({}) was refused \
             {how}",
            account.id, account.payment
        ),
        repairs: failing.until.map(|day| Repair::WaitUntil { day }).into_iter().collect(),
    };
    (structural(ClauseId::MeansOfPayment, None, Outcome::NotMet, lines), Some(refusal))
}

/// What a return has to say about payments that are overdue; nothing where none are.
pub(crate) fn owed(
    held: &Held,
    clauses: &Clauses<'_>,
    about: Option<Subject>,
) -> Option<(Finding, Option<Refusal>)> {
    let owed = held.overdue?;
    let rule = clauses.overdue_payments;
    let lines = vec![
        Line::new("payments overdue", Amount::Count(i64::from(owed.payments))),
        Line::new("the first fell due on", owed.since),
        Line::new("owed for the order", owed.amount),
    ];
    if !rule.value.block_returns {
        return Some((finding(rule, about, Outcome::Met, lines), None));
    }
    let refusal = Refusal {
        clause: ClauseId::OverduePayments,
        code: "OperationCannotBePerformedInCurrentState".into(),
        reason: format!(
            "{} of order `{}` is overdue since {}; nothing of it is returned before that is paid",
            owed.amount, held.order, owed.since
        ),
        repairs: vec![Repair::PayOverdue { amount: owed.amount }],
    };
    Some((finding(rule, about, Outcome::NotMet, lines), Some(refusal)))
}

/// Nothing is to be paid, since nothing could be priced.
pub(crate) fn not_asked() -> (Finding, Option<Refusal>) {
    (structural(ClauseId::MeansOfPayment, None, Outcome::NotConcerned, Vec::new()), None)
}
