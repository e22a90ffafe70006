//! What some units of a reservation are worth on a given day.
//!
//! A payment covers a period: the whole term when paid upfront, else the month from one due day
//! to the next. The used part of the running period is counted in UTC days and rounded half up;
//! what comes back is the payment less that part. Payments not yet made are cancelled.

use crate::decision::{Amount, Finding, Formula, Impossible, Line, Outcome, Subject};
use crate::policy::{ClauseId, Clauses, InForce};
use crate::reservation::{Commitment, Held, ReservationState};
use crate::term::{BillingPlan, days_between, due_date};
use jiff::civil::Date;
use prorata_ledger::{Currency, Money, MoneyError, Rounding, rounding};
use serde::{Deserialize, Serialize};

/// Rules about the shape of a request have always held; the book begins on this day.
const STRUCTURAL_SINCE: Date = jiff::civil::date(2019, 1, 1);

/// What returning some units is worth, in the currency they were bought in and in US dollars.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnValue {
    pub quantity: u32,
    /// Payments made so far, of `payments`.
    pub payments_made: i32,
    pub payments: i32,
    /// Paid so far for all units held.
    pub paid_for_held: Money,
    /// Paid so far for the returned units.
    pub paid: Money,
    /// The part of `paid` that does not come back.
    pub used: Money,
    /// The part of `paid` that comes back: `paid` = `used` + `refund`.
    pub refund: Money,
    /// What would come back by the price paid, were today's price not lower.
    pub refund_of_record: Money,
    /// Payments of the returned units that are never made.
    pub cancelled: Money,
    pub refund_usd: Money,
    pub refund_of_record_usd: Money,
    pub cancelled_usd: Money,
}

impl ReturnValue {
    /// Everything given up: what comes back and what is never paid.
    ///
    /// # Errors
    /// When the sum does not fit.
    pub fn given_up(&self) -> Result<Money, MoneyError> {
        self.refund.plus(self.cancelled)
    }
}

/// The running period of a reservation on a day, and what was paid for it.
struct Period {
    from: Date,
    to: Date,
    used_days: i64,
    days: i64,
}

impl Period {
    /// The period the last payment paid for.
    fn running(held: &Held, today: Date) -> Period {
        let (from, to) = match held.commitment.plan {
            BillingPlan::Upfront => (held.starts_on, held.expires_on),
            BillingPlan::Monthly => {
                let last = held.payments_made.max(1);
                let to = due_date(held.starts_on, last).min(held.expires_on);
                (due_date(held.starts_on, last - 1), to)
            }
        };
        let days = days_between(from, to).max(1);
        Period { from, to, used_days: days_between(from, today).clamp(0, days), days }
    }
}

/// The payment of one unit under a plan, by today's price.
fn current_payment(commitment: &Commitment, unit_total: Money) -> Result<Money, MoneyError> {
    unit_payment(unit_total, commitment.payments())
}

/// One payment for one unit: the unit total over the number of payments, cut to the minor unit.
///
/// # Errors
/// For a negative total.
pub fn unit_payment(unit_total: Money, payments: i32) -> Result<Money, MoneyError> {
    rounding::share(unit_total, 1, i64::from(payments), Rounding::Instalment)
}

/// Values the return of `quantity` units of what is held, on the UTC day `today`.
///
/// # Errors
/// When recorded amounts do not fit together.
pub fn value(
    held: &Held,
    quantity: u32,
    clauses: &Clauses<'_>,
    today: Date,
) -> Result<ReturnValue, Impossible> {
    let commitment = &held.commitment;
    if !(0..=commitment.payments()).contains(&held.payments_made) {
        return Err(Impossible::Facts("an order has more or fewer payments made than it can have"));
    }
    if commitment.unit_payment.is_negative() {
        return Err(Impossible::Facts("a payment of an order is negative"));
    }
    let units = i64::from(quantity);
    let paid_each = commitment.unit_payment.times(i64::from(held.payments_made))?;
    let period = Period::running(held, today);
    let at_stake = running_payment(held, commitment.unit_payment)?.times(units)?;
    let young = is_young(held, clauses, today);

    let refund_of_record = unused(at_stake, &period, young)?;
    let basis =
        if young { at_stake } else { lowest(held, clauses)?.times(units)?.lesser(at_stake)? };
    let refund = unused(basis, &period, young)?;

    let paid = paid_each.times(units)?;
    let left = i64::from(commitment.payments() - held.payments_made);
    let cancelled = commitment.unit_payment.times(left)?.times(units)?;
    let usd =
        |amount| rounding::scale(amount, commitment.usd_rate, Currency::USD, Rounding::Conversion);
    Ok(ReturnValue {
        quantity,
        payments_made: held.payments_made,
        payments: commitment.payments(),
        paid_for_held: paid_each.times(i64::from(held.quantity))?,
        paid,
        used: paid.minus(refund)?,
        refund,
        refund_of_record,
        cancelled,
        refund_usd: usd(refund)?,
        refund_of_record_usd: usd(refund_of_record)?,
        cancelled_usd: usd(cancelled)?,
    })
}

/// What was paid for the running period; nothing when no payment was made.
fn running_payment(held: &Held, payment: Money) -> Result<Money, MoneyError> {
    payment.times(i64::from(held.payments_made.min(1)))
}

/// The payment that a return is valued by: the lesser of the one made and today's.
fn lowest(held: &Held, clauses: &Clauses<'_>) -> Result<Money, MoneyError> {
    let made = held.commitment.unit_payment;
    match held.current_unit_total {
        Some(total) if clauses.lowest_price.value.applies => {
            made.lesser(current_payment(&held.commitment, total)?)
        }
        _ => Ok(made),
    }
}

fn is_young(held: &Held, clauses: &Clauses<'_>, today: Date) -> bool {
    clauses.young_return.value.covers(days_between(held.starts_on, today))
}

fn unused(payment: Money, period: &Period, young: bool) -> Result<Money, MoneyError> {
    if young {
        return Ok(payment);
    }
    payment.minus(rounding::share(payment, period.used_days, period.days, Rounding::UsedPart)?)
}

/// The findings that lead to a value, in their documented order: young return, lowest price,
/// proration.
///
/// # Errors
/// When recorded amounts do not fit together.
pub fn findings(
    held: &Held,
    worth: &ReturnValue,
    clauses: &Clauses<'_>,
    today: Date,
    about: Option<Subject>,
) -> Result<[Finding; 3], Impossible> {
    let period = Period::running(held, today);
    let young = is_young(held, clauses, today);
    let units = i64::from(worth.quantity);
    let made = held.commitment.unit_payment;
    let lowest = lowest(held, clauses)?;
    Ok([
        finding(
            clauses.young_return,
            about,
            concerned(young),
            vec![
                Line::new(
                    "days since the benefit began",
                    Amount::Days(days_between(held.starts_on, today)),
                )
                .by(Formula::Days { from: held.starts_on, to: today }),
                Line::new(
                    "days within which all comes back",
                    Amount::Days(clauses.young_return.value.days),
                ),
            ],
        ),
        finding(clauses.lowest_price, about, concerned(!young && lowest != made), {
            let mut lines = vec![Line::new("payment made for a unit", made)];
            if let Some(total) = held.current_unit_total {
                let current = current_payment(&held.commitment, total)?;
                lines.push(Line::new("the same at today's price", current));
                if !young && clauses.lowest_price.value.applies {
                    lines.push(
                        Line::new("counted", lowest)
                            .by(Formula::Lesser { first: made, second: current }),
                    );
                }
            }
            lines
        }),
        finding(clauses.proration, about, Outcome::Met, {
            let basis = running_payment(held, if young { made } else { lowest })?.times(units)?;
            let mut lines = vec![
                Line::new("payments made", Amount::Count(i64::from(worth.payments_made))),
                Line::new("paid for the returned units", worth.paid).by(Formula::Times {
                    of: made.times(i64::from(worth.payments_made))?,
                    count: units,
                }),
                Line::new("days in the running period", Amount::Days(period.days))
                    .by(Formula::Days { from: period.from, to: period.to }),
                Line::new("days used of them", Amount::Days(period.used_days)),
            ];
            if !young {
                let share =
                    rounding::share(basis, period.used_days, period.days, Rounding::UsedPart)?;
                lines.push(Line::new("used part of the running period", share).by(
                    Formula::Share {
                        of: basis,
                        part: period.used_days,
                        whole: period.days,
                        rounding: Rounding::UsedPart,
                    },
                ));
                lines.push(
                    Line::new("refund", worth.refund)
                        .by(Formula::Minus { from: basis, less: share }),
                );
            } else {
                lines.push(Line::new("refund", worth.refund));
            }
            lines.push(
                Line::new("used", worth.used)
                    .by(Formula::Minus { from: worth.paid, less: worth.refund }),
            );
            let left = worth.payments - worth.payments_made;
            lines.push(
                Line::new("payments never made", worth.cancelled)
                    .by(Formula::Times { of: made.times(units)?, count: i64::from(left) }),
            );
            lines
        }),
    ])
}

fn concerned(yes: bool) -> Outcome {
    if yes { Outcome::Met } else { Outcome::NotConcerned }
}

/// A finding on a clause in force.
pub(crate) fn finding<V>(
    clause: InForce<'_, V>,
    about: Option<Subject>,
    outcome: Outcome,
    lines: Vec<Line>,
) -> Finding {
    Finding { clause: clause.clause, since: clause.since, about, outcome, lines }
}

/// A finding on a rule about the shape of a request, which has no dated values.
pub(crate) fn structural(
    clause: ClauseId,
    about: Option<Subject>,
    outcome: Outcome,
    lines: Vec<Line>,
) -> Finding {
    Finding { clause, since: STRUCTURAL_SINCE, about, outcome, lines }
}

/// The finding on whether a reservation is live: what returns, rearrangements and exceptions begin
/// with.
pub(crate) fn whether_live(
    state: &ReservationState,
    expires_on: Date,
    is_live: bool,
    about: Option<Subject>,
) -> Finding {
    structural(
        ClauseId::ReservationState,
        about,
        if is_live { Outcome::Met } else { Outcome::NotMet },
        vec![
            Line::new("state", state.name()),
            Line::new("first day without the benefit", expires_on),
        ],
    )
}
