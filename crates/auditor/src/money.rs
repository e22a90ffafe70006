//! Amounts in whole minor units, and how they are divided and converted.

use rust_decimal::Decimal;
use std::fmt;

/// A currency by its ISO code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    pub const USD: Currency = Currency(*b"USD");

    /// Reads a code of three letters.
    pub fn parse(code: &str) -> Option<Currency> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_alphabetic).then(|| Currency(bytes.map(upper)))
    }

    pub fn code(self) -> String {
        self.0.iter().map(|byte| char::from(*byte)).collect()
    }

    /// Decimals that are paid with: none for yen, three for dinars, two for the rest.
    pub fn decimals(self) -> u32 {
        match &self.0 {
            b"JPY" | b"KRW" | b"CLP" => 0,
            b"KWD" | b"BHD" | b"JOD" => 3,
            _ => 2,
        }
    }
}

fn upper(byte: u8) -> u8 {
    byte.to_ascii_uppercase()
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code())
    }
}

/// An amount of money.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Amount {
    pub minor: i128,
    pub currency: Currency,
}

impl Amount {
    pub fn new(minor: i128, currency: Currency) -> Amount {
        Amount { minor, currency }
    }

    /// As a decimal number of whole units.
    pub fn decimal(self) -> Decimal {
        Decimal::try_from_i128_with_scale(self.minor, self.currency.decimals()).unwrap_or_default()
    }

    /// From a decimal number of whole units with no more decimals than the currency has.
    pub fn of(units: Decimal, currency: Currency) -> Option<Amount> {
        let mut exact = units;
        exact.rescale(currency.decimals());
        (exact == units).then(|| Amount::new(exact.mantissa(), currency))
    }

    /// In another currency at a rate of its units for one of this, half a minor unit up.
    pub fn at_rate(self, rate: Decimal, to: Currency) -> Amount {
        let mut over = self.minor * rate.mantissa();
        let mut under = 1i128;
        let places = i64::from(rate.scale()) + i64::from(self.currency.decimals());
        let shift = places - i64::from(to.decimals());
        for _ in 0..shift.max(0) {
            under *= 10;
        }
        for _ in 0..(-shift).max(0) {
            over *= 10;
        }
        Amount::new(half_up(over, under), to)
    }

    /// Whether the amount can be kept in 64 bits.
    pub fn fits(self) -> bool {
        i64::try_from(self.minor).is_ok()
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.decimal(), self.currency.code())
    }
}

/// A quotient of numbers that are not negative, rounded to the nearest, halves up.
pub fn half_up(over: i128, under: i128) -> i128 {
    (2 * over + under) / (2 * under)
}

/// US dollars turned into another currency: one over the rate, to ten decimals.
pub fn inverse(rate: Decimal) -> Decimal {
    if rate.is_zero() {
        return Decimal::ZERO;
    }
    let mut over = 10_000_000_000i128;
    for _ in 0..rate.scale() {
        over *= 10;
    }
    Decimal::try_from_i128_with_scale(half_up(over, rate.mantissa()), 10).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn amounts_turn_into_other_currencies_half_up() {
        let pounds = Currency::parse("gbp").unwrap();
        let yen = Currency::parse("JPY").unwrap();
        assert_eq!(Amount::new(183, pounds).at_rate(rate("1.19"), Currency::USD).minor, 218);
        assert_eq!(Amount::new(1, yen).at_rate(rate("0.005"), Currency::USD).minor, 1);
        assert_eq!(Amount::new(100, Currency::USD).at_rate(rate("149.5"), yen).minor, 150);
        assert_eq!(inverse(rate("1.19")), rate("0.8403361345"));
    }

    #[test]
    fn text_becomes_minor_units_or_nothing() {
        let dinar = Currency::parse("KWD").unwrap();
        assert_eq!(Amount::of(rate("1.5"), dinar).unwrap().minor, 1500);
        assert_eq!(Amount::of(rate("1.5"), Currency::parse("JPY").unwrap()), None);
        assert_eq!(Amount::new(-5, dinar).to_string(), "-0.005 KWD");
    }
}
