//! Amounts, instants and days as the API writes them.

use jiff::Timestamp;
use jiff::civil::Date;
use prorata_domain::term::day_start;
use prorata_domain::utilization::Utilization;
use prorata_ledger::{Hourly, Money};
use serde_json::{Number, Value, json};

/// `{"currencyCode", "amount"}`.
pub fn price(money: Money) -> Value {
    json!({ "currencyCode": money.currency().code(), "amount": amount(money) })
}

/// An amount as a JSON number with the decimals of its currency: `48.0`, `25.8`, `431.93`.
///
/// The API's numbers are doubles, so amounts of more than fifteen digits are as near as a double
/// comes; below that they are exact.
pub fn amount(money: Money) -> Value {
    let text = money.to_decimal().to_string();
    text.parse::<Number>().map_or(Value::Null, Value::Number)
}

/// `{"currencyCode", "amount"}` with an amount by the hour, which has up to three decimals.
pub fn hourly_price(hourly: Hourly) -> Value {
    let text = hourly.to_decimal().normalize().to_string();
    let amount = text.parse::<Number>().map_or(Value::Null, Value::Number);
    json!({ "currencyCode": hourly.currency().code(), "amount": amount })
}

/// A share in percent as a JSON number: `97.5`. Nothing reserved counts as nothing used.
pub(crate) fn percent(share: Option<Utilization>) -> Value {
    let text = share.map_or_else(|| "0".to_owned(), |share| share.percent().to_string());
    let text = if text.contains('.') { text } else { format!("{text}.0") };
    text.parse::<Number>().map_or(Value::Null, Value::Number)
}

/// Nothing, in the form of an amount.
pub(crate) fn no_amount() -> Value {
    json!(0.0)
}

/// `2023-03-04T04:17:25.7707892Z`: UTC with up to seven digits of the second.
pub fn instant(at: Timestamp) -> Value {
    const TICK_NANOSECONDS: i128 = 100;
    let nanoseconds = at.as_nanosecond();
    let whole = nanoseconds - nanoseconds.rem_euclid(TICK_NANOSECONDS);
    json!(Timestamp::from_nanosecond(whole).unwrap_or(at).to_string())
}

/// `2024-03-04`.
pub fn day(date: Date) -> Value {
    json!(date.to_string())
}

/// The instant on `date` at the time of day of `like`: terms end at the hour they began.
pub(crate) fn same_hour(date: Date, like: Timestamp) -> Timestamp {
    let start_of_like = day_start(prorata_domain::term::utc_day(like));
    let into_the_day = like.duration_since(start_of_like);
    day_start(date).checked_add(into_the_day).unwrap_or(Timestamp::MAX)
}

/// Reads an instant as callers write it; without a zone it is UTC.
pub(crate) fn parse_instant(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let local: jiff::civil::DateTime = text.parse().ok()?;
    local.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use prorata_ledger::Currency;

    fn shown(minor: i64, code: &str) -> String {
        amount(Money::new(minor, Currency::parse(code).unwrap())).to_string()
    }

    #[test]
    fn amounts_have_no_artefacts() {
        assert_eq!(shown(4800, "USD"), "48.0");
        assert_eq!(shown(43193, "USD"), "431.93");
        assert_eq!(shown(2580, "GBP"), "25.8");
        assert_eq!(shown(-1, "EUR"), "-0.01");
        assert_eq!(shown(0, "EUR"), "0.0");
        assert_eq!(shown(1234, "JPY").trim_end_matches(".0"), "1234");
        assert_eq!(shown(1234, "KWD"), "1.234");
        assert_eq!(shown(999_999_999_999_999, "USD"), "9999999999999.99");
        for minor in 0..10_000 {
            let text = shown(minor, "USD");
            let cents = text.split_once('.').map_or(0, |(_, cents)| cents.len());
            assert!(cents <= 2, "{text}");
        }
    }

    #[test]
    fn instants_are_utc_in_ticks() {
        let at: Timestamp = "2023-03-04T05:17:25.770789299+01:00".parse().unwrap();
        assert_eq!(instant(at), "2023-03-04T04:17:25.7707892Z");
        assert_eq!(instant("2023-03-04T04:00:00Z".parse().unwrap()), "2023-03-04T04:00:00Z");
        let end = same_hour(jiff::civil::date(2024, 3, 4), at);
        assert_eq!(instant(end), "2024-03-04T04:17:25.7707892Z");
    }

    #[test]
    fn instants_are_read_as_callers_write_them() {
        for text in ["2023-03-04T04:17:25Z", "2023-03-04T05:17:25+01:00", " 2023-03-04T04:17:25 "] {
            assert_eq!(parse_instant(text), Some("2023-03-04T04:17:25Z".parse().unwrap()));
        }
        assert!(parse_instant("0001-01-01T00:00:00.0000000").is_some());
        for text in ["", "soon", "2023-13-01T00:00:00Z", "2023-03-04T25:00:00Z"] {
            assert_eq!(parse_instant(text), None, "{text}");
        }
    }
}
