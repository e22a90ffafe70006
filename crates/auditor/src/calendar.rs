//! Days by UTC, and the months of a schedule.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan, tz::TimeZone};

/// The UTC day of an instant.
pub fn day_of(at: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(at).date()
}

/// The instant at which a UTC day begins.
pub fn midnight(day: Date) -> Timestamp {
    day.at(0, 0, 0, 0).to_zoned(TimeZone::UTC).map_or(Timestamp::MAX, |at| at.timestamp())
}

/// Whole days from one day to another.
pub fn days(from: Date, to: Date) -> i64 {
    i64::from(from.until(to).map_or(0, |span| span.get_days()))
}

/// The same day of the month so many months later, or that month's last day.
pub fn months_later(day: Date, months: i32) -> Date {
    let index = i32::from(day.year()) * 12 + i32::from(day.month()) - 1 + months;
    let (year, month) = (index.div_euclid(12), index.rem_euclid(12) + 1);
    let first = i16::try_from(year)
        .ok()
        .zip(i8::try_from(month).ok())
        .and_then(|(year, month)| Date::new(year, month, 1).ok())
        .unwrap_or(Date::MAX);
    let last = first.days_in_month();
    Date::new(first.year(), first.month(), day.day().min(last)).unwrap_or(first)
}

/// So many days later, or earlier.
pub fn days_later(day: Date, count: i64) -> Date {
    day.saturating_add(count.days())
}

/// Months of a term such as `P3Y`.
pub fn months_of(term: &str) -> Option<i32> {
    match term {
        "P1M" => Some(1),
        "P1Y" => Some(12),
        "P3Y" => Some(36),
        "P5Y" => Some(60),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn months_end_where_they_have_no_such_day() {
        assert_eq!(months_later(date(2024, 1, 31), 1), date(2024, 2, 29));
        assert_eq!(months_later(date(2024, 2, 29), 12), date(2025, 2, 28));
        assert_eq!(months_later(date(2023, 11, 30), 3), date(2024, 2, 29));
        assert_eq!(months_later(date(2024, 3, 15), -3), date(2023, 12, 15));
        assert_eq!(days(date(2024, 2, 28), date(2024, 3, 1)), 2);
    }
}
