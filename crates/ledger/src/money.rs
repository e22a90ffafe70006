use crate::Currency;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An amount: whole minor units (cents) of one currency. Never a float.
///
/// Adding and subtracting refuse mixed currencies and results beyond 64 bits; dividing and
/// converting live in [`crate::rounding`].
///
/// In recorded documents, which hold many, an amount is a pair: `[3423, "USD"]`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "(i64, Currency)", into = "(i64, Currency)")]
pub struct Money {
    minor: i64,
    currency: Currency,
}

/// Why an amount could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("amounts in {0} and {1} cannot be put together")]
    Mixed(Currency, Currency),
    #[error("the amount does not fit 64 bits of minor units")]
    TooLarge,
    #[error("a negative amount is not allowed here")]
    Negative,
    #[error("an amount cannot be divided by nothing")]
    NoWhole,
    #[error("the amount has more decimals than {0} has")]
    TooFine(Currency),
}

impl From<(i64, Currency)> for Money {
    fn from((minor, currency): (i64, Currency)) -> Money {
        Money { minor, currency }
    }
}

impl From<Money> for (i64, Currency) {
    fn from(money: Money) -> (i64, Currency) {
        (money.minor, money.currency)
    }
}

impl Money {
    pub const fn new(minor: i64, currency: Currency) -> Money {
        Money { minor, currency }
    }

    pub const fn zero(currency: Currency) -> Money {
        Money { minor: 0, currency }
    }

    pub const fn minor(self) -> i64 {
        self.minor
    }

    pub const fn currency(self) -> Currency {
        self.currency
    }

    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    /// # Errors
    /// [`MoneyError::Mixed`] or [`MoneyError::TooLarge`].
    pub fn plus(self, other: Money) -> Result<Money, MoneyError> {
        self.same_currency(other)?;
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::TooLarge)?;
        Ok(Money { minor, ..self })
    }

    /// # Errors
    /// [`MoneyError::Mixed`] or [`MoneyError::TooLarge`].
    pub fn minus(self, other: Money) -> Result<Money, MoneyError> {
        self.same_currency(other)?;
        let minor = self.minor.checked_sub(other.minor).ok_or(MoneyError::TooLarge)?;
        Ok(Money { minor, ..self })
    }

    /// # Errors
    /// [`MoneyError::TooLarge`].
    pub fn times(self, count: i64) -> Result<Money, MoneyError> {
        let minor = self.minor.checked_mul(count).ok_or(MoneyError::TooLarge)?;
        Ok(Money { minor, ..self })
    }

    /// The smaller of two amounts of one currency.
    ///
    /// # Errors
    /// [`MoneyError::Mixed`].
    pub fn lesser(self, other: Money) -> Result<Money, MoneyError> {
        self.same_currency(other)?;
        Ok(if other.minor < self.minor { other } else { self })
    }

    /// The sum of amounts; nothing at all is zero in `currency`.
    ///
    /// # Errors
    /// [`MoneyError::Mixed`] or [`MoneyError::TooLarge`].
    pub fn sum(
        currency: Currency,
        amounts: impl IntoIterator<Item = Money>,
    ) -> Result<Money, MoneyError> {
        amounts.into_iter().try_fold(Money::zero(currency), Money::plus)
    }

    /// Reads an exact decimal such as `12.34`.
    ///
    /// # Errors
    /// [`MoneyError::TooFine`] when it has more decimals than the currency,
    /// [`MoneyError::TooLarge`] when it does not fit.
    pub fn from_decimal(amount: Decimal, currency: Currency) -> Result<Money, MoneyError> {
        let scaled = amount
            .checked_mul(Decimal::from(currency.minor_per_unit()))
            .ok_or(MoneyError::TooLarge)?;
        if !scaled.fract().is_zero() {
            return Err(MoneyError::TooFine(currency));
        }
        let minor = scaled.to_i64().ok_or(MoneyError::TooLarge)?;
        Ok(Money { minor, currency })
    }

    /// The amount in whole units, exactly: 1234 cents are `12.34`.
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.minor, self.currency.exponent())
    }

    fn same_currency(self, other: Money) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::Mixed(self.currency, other.currency))
        }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.to_decimal(), self.currency)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
