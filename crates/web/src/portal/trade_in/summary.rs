//! What a trade-in comes to: whether the plan is worth what is given up, what is paid and comes
//! back now, and what a month costs before and after.

use super::draft::Draft;
use crate::portal::buy::payer::Allowed;
use crate::portal::compare;
use crate::portal::language::{say, say_with};
use crate::portal::proof::{Proof, Refused, Suggestion};
use crate::portal::words::{self, Said};
use jiff::civil::Date;
use prorata_app::App;
use prorata_app::exchange::GivenUp;
use prorata_domain::decision::{Decision, Refusal, Repair, Subject};
use prorata_domain::exchange::{Facts, Plan};
use prorata_domain::trade_in::comparison::{self, Comparison};
use prorata_ledger::{Hourly, Money, MoneyError};

/// Values of a choice that are offered as buttons; beyond that they are only told.
const CHOICES_MAX: usize = 12;

#[derive(Debug, Clone)]
pub struct Summary {
    pub heading: Said,
    /// Nothing where it could not be priced.
    pub sums: Option<Sums>,
    pub refused: Option<Refused>,
    pub allowed: Allowed,
    pub proof: Proof,
}

/// The figures.
#[derive(Debug, Clone)]
pub struct Sums {
    pub given_up: String,
    pub worth: String,
    /// What is above what has to be reached, or missing from it.
    pub apart: String,
    pub balance: Balance,
    pub back_now: String,
    pub paid_now: String,
    pub later: Said,
    pub commitment: String,
    pub monthly: Option<Monthly>,
}

/// The two sides as bars, in thousandths of the longer one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    pub given_up: i64,
    pub worth: i64,
    pub short: bool,
}

/// A month before and after, where the rates of the plan are known.
#[derive(Debug, Clone)]
pub struct Monthly {
    pub before: String,
    pub after: Option<String>,
    /// The commitment that covers the same machines all the time.
    pub covering: Option<String>,
    /// What has no rate.
    pub unknown: Option<String>,
}

impl Sums {
    /// # Errors
    /// When an amount does not fit.
    pub fn new(facts: &Facts, plan: &Plan, today: Date) -> Result<Option<Sums>, MoneyError> {
        let Some(bought) = plan.savings_plans.first() else { return Ok(None) };
        let (given_up, worth) = (plan.refunds_total, plan.purchases_total);
        let mut back = Money::zero(given_up.currency());
        for given in &plan.returns {
            back = back.plus(given.value.refund)?;
            if let Some(fee) = given.fee {
                back = back.minus(fee)?;
            }
        }
        let apart = match plan.net_payable.is_negative() {
            true => given_up.minus(worth)?,
            false => plan.net_payable,
        };
        let left = bought.commitment.payments() - 1;
        let payment = words::money(bought.commitment.payment);
        let compared = comparison::compare(facts, plan, comparison::rates(), today)?;
        Ok(Some(Sums {
            given_up: words::money(given_up),
            worth: words::money(worth),
            apart: words::money(apart),
            balance: Balance::of(given_up, worth),
            back_now: words::money(back),
            later: match left {
                0 => say("buy-later-nothing"),
                left => {
                    let values = [("count", left.into()), ("amount", payment.clone().into())];
                    say_with("buy-later-monthly", values)
                }
            },
            paid_now: payment,
            commitment: words::hourly(bought.commitment.hourly),
            monthly: compared.as_ref().map(Monthly::of),
        }))
    }
}

impl Balance {
    pub fn of(given_up: Money, worth: Money) -> Balance {
        let most = given_up.minor().max(worth.minor()).max(1);
        let part = |amount: Money| {
            let part = i128::from(amount.minor().max(0)) * 1000 / i128::from(most);
            i64::try_from(part).unwrap_or(1000)
        };
        Balance {
            given_up: part(given_up),
            worth: part(worth),
            short: worth.minor() < given_up.minor(),
        }
    }
}

impl Monthly {
    fn of(told: &Comparison) -> Monthly {
        let unknown = told.without_rate.join(", ");
        Monthly {
            before: words::money(told.reservations_monthly),
            after: told.plan_monthly.map(words::money),
            covering: told.covering.map(words::hourly),
            unknown: (!unknown.is_empty())
                .then(|| say_with("trade-in-no-rate", [("what", unknown.into())]).into_owned()),
        }
    }
}

/// A commitment as the form takes it back.
pub fn typed(of: Hourly) -> String {
    words::decimal(&of.to_decimal().normalize().to_string())
}

/// The summary of a decision; `name` names a reservation that is given up by its place.
///
/// # Errors
/// When an amount does not fit.
pub fn summary(
    app: &App,
    (draft, given): (&Draft, &[GivenUp]),
    facts: &Facts,
    decision: &Decision<Plan>,
    allowed: Allowed,
    today: Date,
    name: impl Fn(usize) -> Option<String>,
) -> Result<Summary, MoneyError> {
    let refusal = decision.refusal.as_ref();
    let plan = decision.proposal.as_ref();
    let sums = plan.map(|plan| Sums::new(facts, plan, today)).transpose()?.flatten();
    Ok(Summary {
        heading: heading(refusal, sums.as_ref()),
        refused: refusal.map(|refusal| Refused::new(refusal, |repair| ways(draft, given, repair))),
        proof: Proof::new(&app.book, &decision.findings, refusal, |subject| titled(subject, &name)),
        sums,
        allowed,
    })
}

fn heading(refusal: Option<&Refusal>, sums: Option<&Sums>) -> Said {
    match (refusal, sums) {
        (Some(refusal), _) => {
            let clause = words::clause(refusal.clause);
            say_with("buy-refused-heading", [("clause", clause.into())])
        }
        (None, Some(sums)) => {
            say_with("trade-in-heading", [("commitment", sums.commitment.clone().into())])
        }
        (None, None) => say("trade-in-nothing"),
    }
}

/// What a finding is about, with the name of a reservation.
pub fn titled(subject: Subject, name: impl Fn(usize) -> Option<String>) -> String {
    let named = match subject {
        Subject::Return(number) => name(number as usize - 1),
        Subject::Purchase(_) | Subject::SavingsPlan(_) => None,
    };
    match named {
        Some(named) => format!("{}: {named}", words::subject(subject)),
        None => words::subject(subject),
    }
}

/// A repair as buttons of the form, where it can take it.
fn ways(draft: &Draft, given: &[GivenUp], repair: &Repair) -> Vec<Suggestion> {
    let told = || vec![Suggestion::told(repair)];
    match repair {
        Repair::RaiseCommitment { to, .. } => {
            vec![Suggestion::act(words::repair(repair), format!("commit.{}", typed(*to)))]
        }
        Repair::ReduceQuantity { about: Some(Subject::Return(number)), to } => {
            match given.get(*number as usize - 1) {
                Some(of) => {
                    let act = format!("reduce.{to}.{}/{}", of.order, of.reservation);
                    vec![Suggestion::act(words::repair(repair), act)]
                }
                None => told(),
            }
        }
        Repair::Choose { field, values, .. } if values.len() <= CHOICES_MAX => {
            let act = |value: &String| match &**field {
                "sku.name" => Some(format!("plan.{value}")),
                "term" => {
                    let (_, plan) = draft.chosen();
                    let term = prorata_domain::term::Term::parse(value)?;
                    Some(format!("offer.{}", compare::value(term, plan)))
                }
                _ => None,
            };
            let way = |value: &String| {
                let (about, field) = (None, field.clone());
                let one = Repair::Choose { about, field, values: vec![value.clone()] };
                Some(Suggestion::act(words::repair(&one), act(value)?))
            };
            let ways: Option<Vec<Suggestion>> = values.iter().map(way).collect();
            ways.unwrap_or_else(told)
        }
        Repair::QuoteAgain => vec![Suggestion::act(words::repair(repair), "look")],
        _ => told(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use prorata_ledger::Currency;

    #[test]
    fn the_balance_tips_where_the_plan_is_worth_less() {
        let usd = |minor| Money::new(minor, Currency::USD);
        let even = Balance { given_up: 1000, worth: 1000, short: false };
        assert_eq!(Balance::of(usd(180_000), usd(180_000)), even);
        let short = Balance { given_up: 1000, worth: 500, short: true };
        assert_eq!(Balance::of(usd(2_000), usd(1_000)), short);
        let over = Balance { given_up: 250, worth: 1000, short: false };
        assert_eq!(Balance::of(usd(1_000), usd(4_000)), over);
        assert_eq!(Balance::of(usd(0), usd(0)).given_up, 0);
    }
}
