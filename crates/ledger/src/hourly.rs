use crate::{Currency, Money, MoneyError, rounding};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An amount that is spent every hour: whole thousandths of one unit of a currency, whatever its
/// own minor unit. Sellers take hourly amounts to three decimals.
///
/// In recorded documents it is a pair: `[15230, "USD"]`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "(i64, Currency)", into = "(i64, Currency)")]
pub struct Hourly {
    thousandths: i64,
    currency: Currency,
}

/// Decimals of an hourly amount.
const DECIMALS: u32 = 3;

impl From<(i64, Currency)> for Hourly {
    fn from((thousandths, currency): (i64, Currency)) -> Hourly {
        Hourly { thousandths, currency }
    }
}

impl From<Hourly> for (i64, Currency) {
    fn from(hourly: Hourly) -> (i64, Currency) {
        (hourly.thousandths, hourly.currency)
    }
}

impl Hourly {
    pub const fn new(thousandths: i64, currency: Currency) -> Hourly {
        Hourly { thousandths, currency }
    }

    pub const fn thousandths(self) -> i64 {
        self.thousandths
    }

    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Reads an exact decimal such as `15.23`.
    ///
    /// # Errors
    /// [`MoneyError::TooFine`] with more than three decimals, [`MoneyError::TooLarge`] when it
    /// does not fit.
    ///
    /// ```
    /// use prorata_ledger::{Currency, Hourly};
    /// let hourly = Hourly::from_decimal("0.206".parse().unwrap(), Currency::USD).unwrap();
    /// assert_eq!(hourly.times(8760).unwrap().to_string(), "1804.56 USD");
    /// ```
    pub fn from_decimal(amount: Decimal, currency: Currency) -> Result<Hourly, MoneyError> {
        let scaled = amount.checked_mul(Decimal::ONE_THOUSAND).ok_or(MoneyError::TooLarge)?;
        if !scaled.fract().is_zero() {
            return Err(MoneyError::TooFine(currency));
        }
        let thousandths = i64::try_from(scaled).map_err(|_| MoneyError::TooLarge)?;
        Ok(Hourly { thousandths, currency })
    }

    /// The amount in whole units, exactly: `0.206`.
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.thousandths, DECIMALS)
    }

    /// What so many hours come to.
    ///
    /// # Errors
    /// [`MoneyError::TooLarge`] when it does not fit; [`MoneyError::Negative`] below zero.
    pub fn times(self, hours: i64) -> Result<Money, MoneyError> {
        rounding::of_hours(self, hours)
    }
}

impl fmt::Display for Hourly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} an hour", self.to_decimal().normalize(), self.currency)
    }
}

impl fmt::Debug for Hourly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
