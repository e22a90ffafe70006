//! Commit units, which pre-purchase plans hold and usage drains: exact to a millionth.

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Millionths in a unit.
const SCALE: u32 = 6;

/// A number of commit units, never negative. There is nothing to round: what has more than six
/// decimals is refused where it enters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct CommitUnits(i64);

impl CommitUnits {
    pub const ZERO: CommitUnits = CommitUnits(0);

    /// From millionths; `None` for a negative number.
    pub fn from_millionths(millionths: i64) -> Option<CommitUnits> {
        (millionths >= 0).then_some(CommitUnits(millionths))
    }

    pub fn millionths(self) -> i64 {
        self.0
    }

    /// Reads `12500` or `0.25`: digits, and no more than six decimals.
    pub fn parse(text: &str) -> Option<CommitUnits> {
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
        if !digits(whole) || !digits(part) || part.len() > SCALE as usize {
            return None;
        }
        let whole: i64 = whole.parse().ok()?;
        let part: i64 = format!("{part:0<6}").parse().ok()?;
        Some(CommitUnits(whole.checked_mul(10i64.pow(SCALE))?.checked_add(part)?))
    }

    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// `None` when the sum does not fit.
    pub fn plus(self, other: CommitUnits) -> Option<CommitUnits> {
        self.0.checked_add(other.0).map(CommitUnits)
    }

    /// What is left; nothing when there is less.
    pub fn less(self, other: CommitUnits) -> CommitUnits {
        CommitUnits(self.0.saturating_sub(other.0).max(0))
    }

    /// `None` when the product does not fit.
    pub fn times(self, count: u32) -> Option<CommitUnits> {
        self.0.checked_mul(i64::from(count)).map(CommitUnits)
    }

    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.0, SCALE).normalize()
    }
}

impl fmt::Display for CommitUnits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.to_decimal())
    }
}

impl Serialize for CommitUnits {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.to_string())
    }
}

impl<'de> Deserialize<'de> for CommitUnits {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let wanted = || serde::de::Error::custom(format!("`{text}` is no number of commit units"));
        CommitUnits::parse(&text).ok_or_else(wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_read_and_shown_exactly() {
        for text in ["0", "12500", "0.25", "0.000001", "9223372036854.775807"] {
            assert_eq!(CommitUnits::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(CommitUnits::parse("1.500"), CommitUnits::parse("1.5"));
        for text in ["", "-1", "+1", "1.", ".5", "1e3", "0.0000001", "9223372036854.775808", "1,5"]
        {
            assert_eq!(CommitUnits::parse(text), None, "{text}");
        }
    }
}
