//! The one place where an amount is divided or converted, and therefore rounded.

use crate::{Currency, Hourly, Money, MoneyError};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// What is being rounded; each use has one rule, named after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// A payment of a monthly plan: the unit total over the number of payments, cut to the minor
    /// unit (32.00 over 12 is 2.66). Source: recorded purchase of 2023-02-10.
    Instalment,
    /// The used part of a running period, rounded half up (2.58 x 22 / 31 is 1.83).
    /// Source: recorded refund of 2022-09-20.
    UsedPart,
    /// An amount in another currency, rounded half up (1.83 GBP at 1.19 is 2.18 USD).
    Conversion,
    /// A fee on a return, rounded half up.
    Fee,
    /// An hourly commitment for a total, or the total of one: up, so that a commitment made for an
    /// amount is never worth less than it (1,800.00 over 8,760 hours is 0.206).
    Commitment,
}

impl Rounding {
    /// The rule in words, as it stands in an explanation.
    pub fn in_words(self) -> &'static str {
        match self {
            Rounding::Instalment => "cut",
            Rounding::UsedPart | Rounding::Conversion | Rounding::Fee => "half up",
            Rounding::Commitment => "up",
        }
    }

    fn divide(self, numerator: i128, denominator: i128) -> i128 {
        let quotient = numerator.div_euclid(denominator);
        let remainder = numerator.rem_euclid(denominator);
        match self {
            Rounding::Instalment => quotient,
            Rounding::UsedPart | Rounding::Conversion | Rounding::Fee => {
                quotient + i128::from(remainder * 2 >= denominator)
            }
            Rounding::Commitment => quotient + i128::from(remainder > 0),
        }
    }

    fn strategy(self) -> RoundingStrategy {
        match self {
            Rounding::Instalment => RoundingStrategy::ToZero,
            Rounding::UsedPart | Rounding::Conversion | Rounding::Fee => {
                RoundingStrategy::MidpointAwayFromZero
            }
            Rounding::Commitment => RoundingStrategy::AwayFromZero,
        }
    }
}

/// `amount` x `part` / `whole`, rounded by `rule`.
///
/// # Errors
/// [`MoneyError::TooLarge`] beyond 64 bits; [`MoneyError::Negative`] for a negative amount or
/// part; [`MoneyError::NoWhole`] when `whole` is not positive.
///
/// ```
/// use prorata_ledger::{Money, Currency, rounding, Rounding};
/// let instalment = Money::new(258, Currency::USD);
/// let used = rounding::share(instalment, 22, 31, Rounding::UsedPart).unwrap();
/// assert_eq!(used.to_string(), "1.83 USD");
/// ```
pub fn share(amount: Money, part: i64, whole: i64, rule: Rounding) -> Result<Money, MoneyError> {
    if whole <= 0 {
        return Err(MoneyError::NoWhole);
    }
    if amount.minor() < 0 || part < 0 {
        return Err(MoneyError::Negative);
    }
    let exact = i128::from(amount.minor()) * i128::from(part);
    let minor = i64::try_from(rule.divide(exact, i128::from(whole)));
    minor.map(|minor| Money::new(minor, amount.currency())).map_err(|_| MoneyError::TooLarge)
}

/// `amount` times a decimal `rate`, in the minor units of `to`, rounded by `rule`.
///
/// # Errors
/// [`MoneyError::TooLarge`] when the product does not fit; [`MoneyError::Negative`] for a
/// negative rate.
pub fn scale(
    amount: Money,
    rate: Decimal,
    to: Currency,
    rule: Rounding,
) -> Result<Money, MoneyError> {
    if rate.is_sign_negative() && !rate.is_zero() {
        return Err(MoneyError::Negative);
    }
    if rate == Decimal::ONE && to == amount.currency() {
        return Ok(amount);
    }
    let product = amount.to_decimal().checked_mul(rate).ok_or(MoneyError::TooLarge)?;
    Money::from_decimal(product.round_dp_with_strategy(to.exponent(), rule.strategy()), to)
}

/// Thousandths of a unit in an [`Hourly`].
const THOUSANDTHS: i128 = 1000;

/// What `hours` of an hourly amount come to, in minor units. In currencies of two and three
/// decimals the hours of a term leave nothing to round.
///
/// # Errors
/// As [`share`].
pub fn of_hours(hourly: Hourly, hours: i64) -> Result<Money, MoneyError> {
    let currency = hourly.currency();
    if hourly.thousandths() < 0 || hours < 0 {
        return Err(MoneyError::Negative);
    }
    let exact = i128::from(hourly.thousandths())
        .checked_mul(i128::from(hours))
        .and_then(|exact| exact.checked_mul(i128::from(currency.minor_per_unit())))
        .ok_or(MoneyError::TooLarge)?;
    let minor = i64::try_from(Rounding::Commitment.divide(exact, THOUSANDTHS));
    minor.map(|minor| Money::new(minor, currency)).map_err(|_| MoneyError::TooLarge)
}

/// The smallest hourly amount of which `hours` come to at least `total`.
///
/// # Errors
/// As [`share`].
///
/// ```
/// use prorata_ledger::{Currency, Money, rounding};
/// let hourly = rounding::per_hour(Money::new(180_000, Currency::USD), 26_280).unwrap();
/// assert_eq!(hourly.to_string(), "0.069 USD an hour");
/// ```
pub fn per_hour(total: Money, hours: i64) -> Result<Hourly, MoneyError> {
    if hours <= 0 {
        return Err(MoneyError::NoWhole);
    }
    if total.minor() < 0 {
        return Err(MoneyError::Negative);
    }
    let currency = total.currency();
    let whole = i128::from(hours) * i128::from(currency.minor_per_unit());
    let exact = i128::from(total.minor()) * THOUSANDTHS;
    let thousandths = i64::try_from(Rounding::Commitment.divide(exact, whole));
    thousandths.map(|it| Hourly::new(it, currency)).map_err(|_| MoneyError::TooLarge)
}

/// What an hour of `hours` costs, as a price is shown: to four decimals, half up. Nothing is paid
/// by it.
///
/// # Errors
/// [`MoneyError::NoWhole`] without hours.
///
/// ```
/// use prorata_ledger::{Currency, Money, rounding};
/// let hour = rounding::price_of_an_hour(Money::new(3_200, Currency::USD), 8_760).unwrap();
/// assert_eq!(hour.to_string(), "0.0037");
/// ```
pub fn price_of_an_hour(total: Money, hours: i64) -> Result<Decimal, MoneyError> {
    if hours <= 0 {
        return Err(MoneyError::NoWhole);
    }
    let exact = total.to_decimal() / Decimal::from(hours);
    let mut shown = exact.round_dp_with_strategy(4, Rounding::UsedPart.strategy());
    shown.rescale(4);
    Ok(shown)
}
