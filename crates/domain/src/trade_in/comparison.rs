//! What a trade-in changes: which commitment would pass, which would cover what the reservations
//! cover, and what a month costs before and after. It is shown and decides nothing.

use super::commitment_for;
use crate::exchange::{Facts, Plan};
use crate::reservation::Held;
use crate::term::Term;
use jiff::civil::Date;
use prorata_ledger::{Currency, Hourly, Money, MoneyError, Rounding, rounding};
use rust_decimal::Decimal;
use std::sync::OnceLock;

/// The price of an hour of a machine under a savings plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    pub sku: String,
    pub location: String,
    pub term: Term,
    pub currency: Currency,
    pub hourly: Decimal,
    pub since: Date,
}

/// The rates that ship with the product; their file says where they are from.
pub fn rates() -> &'static [Rate] {
    static RATES: OnceLock<Vec<Rate>> = OnceLock::new();
    RATES.get_or_init(|| {
        let text = include_str!("../../../../catalog/azure/savings-plan-rates.csv");
        let rows = text.lines().filter(|line| !line.starts_with('#')).skip(1);
        rows.map(|line| rate(line).expect("a test reads the built-in rates")).collect()
    })
}

fn rate(line: &str) -> Option<Rate> {
    let [sku, location, term, currency, hourly, since] =
        line.split(',').collect::<Vec<_>>().try_into().ok()?;
    Some(Rate {
        sku: sku.to_owned(),
        location: location.to_owned(),
        term: Term::parse(term)?,
        currency: Currency::parse(currency).ok()?,
        hourly: Decimal::from_str_exact(hourly).ok()?,
        since: since.parse().ok()?,
    })
}

/// What a trade-in changes, for the term of its last plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The smallest hourly commitment that is worth what is given up, by term.
    pub passing: Vec<(Term, Hourly)>,
    pub term: Term,
    /// What is paid for the reservations in a month: their totals over the months of their terms.
    pub reservations_monthly: Money,
    /// What the same machines cost in a month under the plan, when they run all the time; nothing
    /// where a rate is not known.
    pub plan_monthly: Option<Money>,
    /// The hourly commitment that covers them all the time.
    pub covering: Option<Hourly>,
    /// What has no rate, as `SKU in region`.
    pub without_rate: Vec<String>,
}

/// Compares what is given up with the same machines under the plan.
///
/// # Errors
/// When an amount does not fit.
pub fn compare(
    facts: &Facts,
    plan: &Plan,
    rates: &[Rate],
    today: Date,
) -> Result<Option<Comparison>, MoneyError> {
    let Some(bought) = plan.savings_plans.last() else { return Ok(None) };
    let (term, given_up) = (bought.commitment.term, plan.refunds_total);
    let mut passing = Vec::new();
    for term in [Term::P1Y, Term::P3Y] {
        passing.push((term, commitment_for(given_up, term)?));
    }
    let currency = given_up.currency();
    let (mut before, mut after) = (Money::zero(currency), Money::zero(currency));
    let mut whole_term = Money::zero(currency);
    let mut without_rate = Vec::new();
    for (held, units) in facts.returns.iter().zip(&plan.returns) {
        let units = &units.value.quantity;
        let months = i64::from(held.commitment.term.months());
        let total = held.commitment.unit_total.times(i64::from(*units))?;
        before = before.plus(rounding::share(total, 1, months, Rounding::UsedPart)?)?;
        let Some(rate) = rate_of(held, term, rates, today) else {
            without_rate.push(format!("{} in {}", held.commitment.sku, held.commitment.location));
            continue;
        };
        let hours = |hours: i64| {
            let run = Money::new(currency.minor_per_unit(), currency);
            let run = run.times(hours)?.times(i64::from(*units))?;
            rounding::scale(run, rate.hourly, currency, Rounding::Conversion)
        };
        after = after.plus(hours(Term::P1M.hours())?)?;
        whole_term = whole_term.plus(hours(term.hours())?)?;
    }
    let known = without_rate.is_empty();
    let covering = match known {
        true => Some(commitment_for(whole_term, term)?),
        false => None,
    };
    let plan_monthly = known.then_some(after);
    let reservations_monthly = before;
    Ok(Some(Comparison {
        passing,
        term,
        reservations_monthly,
        plan_monthly,
        covering,
        without_rate,
    }))
}

/// The latest rate of what is held whose day has come.
fn rate_of<'r>(held: &Held, term: Term, rates: &'r [Rate], today: Date) -> Option<&'r Rate> {
    let what = &held.commitment;
    rates
        .iter()
        .filter(|rate| {
            what.resource_type.eq_ignore_ascii_case("VirtualMachines")
                && rate.sku.eq_ignore_ascii_case(&what.sku)
                && rate.location.eq_ignore_ascii_case(&what.location)
                && rate.term == term
                && rate.currency == what.unit_total.currency()
                && rate.since <= today
        })
        .max_by_key(|rate| rate.since)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_rates_that_ship_are_read_and_are_positive() {
        let rates = super::rates();
        assert!(rates.len() > 20);
        assert!(rates.iter().all(|rate| rate.hourly > rust_decimal::Decimal::ZERO));
    }
}
