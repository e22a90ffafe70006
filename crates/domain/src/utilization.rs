//! How much of a reservation was used, by UTC days: figures that were measured elsewhere, as the
//! daily summaries of usage have them.

use jiff::civil::Date;
use rust_decimal::Decimal;

/// Hours in thousandths, so that sums are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Hours(i64);

impl Hours {
    /// More than any reservation has in a day: a million units, and each of their hours.
    const MAX_THOUSANDTHS: i64 = 24 * 1_000_000 * 1_000;

    /// Thousandths of an hour; nothing for a number below zero or beyond all use.
    pub fn from_thousandths(thousandths: i64) -> Option<Hours> {
        (0..=Hours::MAX_THOUSANDTHS).contains(&thousandths).then_some(Hours(thousandths))
    }

    /// A decimal with at most three digits after the point.
    pub fn from_decimal(hours: Decimal) -> Option<Hours> {
        let thousandths = hours.checked_mul(Decimal::ONE_THOUSAND)?;
        let whole = i64::try_from(thousandths.trunc()).ok()?;
        (Decimal::from(whole) == thousandths).then(|| Hours::from_thousandths(whole))?
    }

    pub fn thousandths(self) -> i64 {
        self.0
    }

    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.0, 3).normalize()
    }
}

/// A UTC day of a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    pub day: Date,
    /// The hours that were paid for: the quantity times the hours of the day in which it was held.
    pub reserved: Hours,
    /// The hours of them that usage took.
    pub used: Hours,
}

/// What of a reservation was used over some days, as the API shows it: hundredths of a percent of
/// what was reserved, rounded half up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Utilization(i64);

impl Utilization {
    /// Nothing where nothing was reserved.
    pub fn of(days: &[Day]) -> Option<Utilization> {
        let sum = |hours: fn(&Day) -> Hours| {
            days.iter().map(|day| i128::from(hours(day).thousandths())).sum::<i128>()
        };
        let (reserved, used) = (sum(|day| day.reserved), sum(|day| day.used));
        let twice = (used * 20_000 + reserved).checked_div_euclid(2 * reserved)?;
        i64::try_from(twice).ok().map(Utilization)
    }

    /// As kept.
    pub fn from_hundredths(hundredths: i64) -> Utilization {
        Utilization(hundredths)
    }

    pub fn hundredths(self) -> i64 {
        self.0
    }

    /// How many whole units of so many were not needed: those that are kept have room for all that
    /// was used.
    pub fn unused(self, units: u32) -> u32 {
        let needed = (i64::from(units) * self.0.clamp(0, 10_000) + 9_999) / 10_000;
        units.saturating_sub(u32::try_from(needed).unwrap_or(units))
    }

    /// Percent with at most two digits after the point.
    pub fn percent(self) -> Decimal {
        Decimal::new(self.0, 2).normalize()
    }
}

/// The lengths over which utilization is told, in days, as the API has them.
pub const SPANS: [i32; 3] = [1, 7, 30];

/// The utilization of the last 1, 7 and 30 days that end with `last`, the last day with a figure.
pub fn over_spans(days: &[Day], last: Date) -> [Option<Utilization>; 3] {
    SPANS.map(|span| {
        let within: Vec<Day> = days
            .iter()
            .filter(|day| {
                let age = crate::term::days_between(day.day, last);
                (0..i64::from(span)).contains(&age)
            })
            .copied()
            .collect();
        Utilization::of(&within)
    })
}

/// Which way utilization went: the last seven days against the seven before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trend {
    Up,
    Down,
    Same,
}

impl Trend {
    pub fn of(days: &[Day], last: Date) -> Trend {
        let week = |from: i64| {
            let within: Vec<Day> = days
                .iter()
                .filter(|day| (from..from + 7).contains(&crate::term::days_between(day.day, last)))
                .copied()
                .collect();
            Utilization::of(&within)
        };
        match (week(0), week(7)) {
            (Some(now), Some(before)) if now > before => Trend::Up,
            (Some(now), Some(before)) if now < before => Trend::Down,
            _ => Trend::Same,
        }
    }

    /// The API's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Trend::Up => "UP",
            Trend::Down => "DOWN",
            Trend::Same => "SAME",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;
    use jiff::civil::date;

    fn day(before: i32, reserved: i64, used: i64) -> Day {
        let hours = |whole: i64| Hours::from_thousandths(whole * 1000).unwrap();
        let day = date(2026, 3, 31).checked_sub(before.days()).unwrap();
        Day { day, reserved: hours(reserved), used: hours(used) }
    }

    #[test]
    fn shares_are_rounded_half_up_and_nothing_reserved_has_none() {
        let of =
            |reserved, used| Utilization::of(&[day(0, reserved, used)]).map(|u| u.hundredths());
        assert_eq!(of(24, 24), Some(10_000));
        assert_eq!(of(24, 8), Some(3_333));
        assert_eq!(of(3, 2), Some(6_667));
        assert_eq!(of(20_000, 1), Some(1), "half a hundredth goes up");
        assert_eq!(of(24, 0), Some(0));
        assert_eq!(of(0, 0), None);
        assert_eq!(Utilization::of(&[]), None);
    }

    #[test]
    fn spans_end_with_the_last_day_and_weigh_days_by_their_hours() {
        let last = date(2026, 3, 31);
        let days: Vec<Day> =
            (0..40).map(|before| day(before, 24, if before == 0 { 0 } else { 24 })).collect();
        let [one, week, month] = over_spans(&days, last).map(|part| part.unwrap().hundredths());
        assert_eq!((one, week, month), (0, 8_571, 9_667));
        assert_eq!(Trend::of(&days, last), Trend::Down);
        assert_eq!(Trend::of(&days[..7], last), Trend::Same, "no week before");
        let uneven = [day(0, 24, 24), day(1, 240, 0)];
        assert_eq!(over_spans(&uneven, last)[1].unwrap().hundredths(), 909);
    }

    #[test]
    fn units_that_were_not_needed_are_whole_and_leave_room_for_the_rest() {
        let unused = |hundredths, units| Utilization::from_hundredths(hundredths).unused(units);
        assert_eq!(unused(10_000, 4), 0);
        assert_eq!(unused(0, 4), 4);
        assert_eq!(unused(5_000, 4), 2);
        assert_eq!(unused(5_001, 4), 1, "a little more than two units were used");
        assert_eq!(unused(9_999, 1), 0);
        assert_eq!(unused(12_000, 3), 0, "more was used than was reserved");
        assert_eq!(unused(1, u32::MAX), u32::MAX - 429_497);
    }

    #[test]
    fn hours_have_three_digits_and_are_not_below_zero() {
        let hours = |text: &str| Hours::from_decimal(text.parse().unwrap()).map(Hours::thousandths);
        assert_eq!(hours("23.985"), Some(23_985));
        assert_eq!(hours("1.0000"), Some(1_000));
        assert_eq!(hours("1.0001"), None);
        assert_eq!(hours("-1"), None);
        assert_eq!(hours("99999999999999"), None);
    }
}
