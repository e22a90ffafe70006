//! How much of a reservation was used, over a day, a week or a month: the share of its hours by
//! figures that were loaded, and of a pre-purchase plan what was paid from it.

use crate::portal::chart::{Chart, Legend, Row};
use crate::portal::language::{say, say_with};
use crate::portal::words::{self, Said};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use prorata_app::drain::Balance;
use prorata_app::utilization::Summed;
use prorata_domain::commit_units::CommitUnits;
use prorata_domain::ids::{OrderId, ReservationId};
use prorata_domain::term::{days_between, utc_day};
use prorata_domain::utilization::{Day, SPANS, Utilization};
use prorata_store::drains::Drain;

/// Usages of a plan that are looked at for its chart.
pub const USAGES_MAX: usize = 5000;

/// What is known of the usage of a reservation.
#[derive(Debug, Default)]
pub struct Known {
    pub summed: Option<Summed>,
    /// The figures of the longest span.
    pub days: Vec<Day>,
    /// What a pre-purchase plan holds.
    pub balance: Option<Balance>,
    /// What was used of it in the span that is shown.
    pub drains: Vec<Drain>,
}

/// The part of the overview that tells of usage.
#[derive(Debug, Clone)]
pub struct Usage {
    pub spans: Vec<Span>,
    /// Which way it went, and up to which day it is known.
    pub trend: Option<String>,
    pub chart: Option<Chart>,
    /// Of a pre-purchase plan: bought, used and left.
    pub sums: Vec<(Said, String)>,
    /// What is to be said where there is nothing to draw.
    pub none: Vec<Said>,
    /// A row of a world document that loads a figure; nothing where there are some.
    pub example: Option<String>,
}

/// A length of time that can be chosen, with its share where it is known.
#[derive(Debug, Clone)]
pub struct Span {
    pub label: Said,
    pub share: String,
    pub href: String,
    pub current: bool,
}

/// The span that a query asks for; a week where it asks for none.
pub fn span(asked: &str) -> i32 {
    SPANS.into_iter().find(|days| days.to_string() == asked).unwrap_or(SPANS[1])
}

/// The longest span.
pub fn longest() -> i32 {
    SPANS.into_iter().max().unwrap_or_default()
}

/// The instant at which a span of a plan begins: so many days back, the running one counted; of one
/// day, the 24 hours up to and with the running one.
pub fn since(now: Timestamp, days: i32) -> Timestamp {
    let grain = grain(days);
    let end = step(now, grain) + 1;
    Timestamp::from_second((end - buckets(days)) * grain).unwrap_or(Timestamp::MIN)
}

fn grain(days: i32) -> i64 {
    if days == 1 { 3600 } else { 86_400 }
}

fn buckets(days: i32) -> i64 {
    if days == 1 { 24 } else { i64::from(days) }
}

fn step(at: Timestamp, grain: i64) -> i64 {
    at.as_second().div_euclid(grain)
}

impl Usage {
    /// What is told of a reservation, over a span of days.
    pub fn new(
        path: &str,
        (order, reservation): (OrderId, ReservationId),
        days: i32,
        now: Timestamp,
        known: &Known,
    ) -> Usage {
        let share = |at: usize| {
            let summed = known.summed.as_ref()?;
            summed.shares.get(at).copied().flatten()
        };
        let span = |(at, span): (usize, i32)| Span {
            label: say_with("usage-span", [("count", span.into())]),
            share: share(at).map(percent).unwrap_or_default(),
            href: format!("{path}?days={span}#usage"),
            current: span == days,
        };
        let mut usage = Usage {
            spans: SPANS.into_iter().enumerate().map(span).collect(),
            trend: None,
            chart: None,
            sums: Vec::new(),
            none: Vec::new(),
            example: None,
        };
        if let Some(balance) = &known.balance {
            usage.of_plan(days, now, balance, &known.drains);
        } else if let Some(summed) = &known.summed {
            usage.trend = Some(trend(summed, utc_day(now)));
            usage.chart = Some(shares(days, summed.last_day, &known.days));
        } else {
            usage.spans.clear();
            usage.none = vec![say("usage-none"), say("usage-none-how")];
            usage.example = Some(example(order, reservation, utc_day(now)));
        }
        usage
    }

    fn of_plan(&mut self, days: i32, now: Timestamp, balance: &Balance, drains: &[Drain]) {
        let named = |id, units: CommitUnits| (say(id), units_of(units.millionths()));
        self.sums = vec![
            named("usage-bought", balance.bought),
            named("usage-used", balance.drained),
            named("usage-left", balance.left),
        ];
        if balance.drained.is_zero() {
            self.spans.clear();
            self.none = vec![say("usage-plan-none"), say("usage-plan-how")];
        } else {
            self.chart = Some(drained(days, now, drains));
        }
    }
}

/// What a program would send for the day before this one.
fn example(order: OrderId, reservation: ReservationId, today: Date) -> String {
    let day = today.yesterday().unwrap_or(today);
    format!(
        "{{\"utilization\": [{{\"tenantId\": \"…\", \"reservationOrderId\": \"{order}\", \
         \"reservationId\": \"{reservation}\", \"usageDate\": \"{day}\", \"reservedHours\": \"24\", \
         \"usedHours\": \"18.5\"}}]}}"
    )
}

/// `up · figures up to 1 March 2026`; figures that are older than a day or two say how old.
fn trend(summed: &Summed, today: Date) -> String {
    let word = match summed.trend.as_str() {
        "UP" => "usage-trend-up",
        "DOWN" => "usage-trend-down",
        _ => "usage-trend-same",
    };
    let day = words::day(summed.last_day);
    let upto = say_with("usage-up-to", [("day", day.into())]);
    let age = days_between(summed.last_day, today);
    let stale = (age > 2).then(|| say_with("usage-stale", [("count", age.into())]));
    match stale {
        Some(stale) => format!("{} {upto} {stale}", say(word)),
        None => format!("{} {upto}", say(word)),
    }
}

/// Hundredths of a percent.
fn percent(share: Utilization) -> String {
    percent_of(share.hundredths())
}

fn percent_of(hundredths: i64) -> String {
    let (whole, rest) = (hundredths / 100, hundredths.abs() % 100);
    let number = if rest == 0 { whole.to_string() } else { format!("{whole}.{rest:02}") };
    say_with("usage-percent", [("number", words::decimal(&number).into())]).into_owned()
}

/// The share of each day up to the last one with a figure.
fn shares(span: i32, last: Date, known: &[Day]) -> Chart {
    let row = |back: i32| {
        let date = last.saturating_sub(back.days());
        let found = known.iter().find(|day| day.day == date);
        let share = found.and_then(|day| Utilization::of(std::slice::from_ref(day)));
        let hours = |hours: rust_decimal::Decimal| words::decimal(&hours.to_string());
        Row {
            label: words::short_day(date),
            amounts: share.map(|share| vec![share.hundredths()]),
            beside: match found {
                Some(day) => vec![hours(day.used.to_decimal()), hours(day.reserved.to_decimal())],
                None => vec![String::new(); 2],
            },
        }
    };
    let rows: Vec<Row> = (0..span).rev().map(row).collect();
    let legend = Legend {
        title: say_with("usage-chart", [("count", span.into())]).into_owned(),
        column: say("usage-day").into_owned(),
        series: vec![say("usage").into_owned()],
        beside: vec![
            say("usage-hours-used").into_owned(),
            say("usage-hours-reserved").into_owned(),
        ],
        unknown: say("usage-unknown").into_owned(),
        least: 10_000,
    };
    Chart::bars(legend, &rows, percent_of)
}

/// What was paid from a plan, and what went beyond it.
fn drained(days: i32, now: Timestamp, drains: &[Drain]) -> Chart {
    let (grain, count) = (grain(days), buckets(days));
    let first = step(now, grain) + 1 - count;
    let mut amounts: Vec<[i64; 2]> = (0..count).map(|_| [0, 0]).collect();
    for drain in drains {
        let place = usize::try_from(step(drain.used_at, grain) - first).ok();
        if let Some(amounts) = place.and_then(|place| amounts.get_mut(place)) {
            amounts[0] += drain.covered.millionths();
            amounts[1] += drain.overage.millionths();
        }
    }
    let row = |(bucket, amounts): (i64, &[i64; 2])| Row {
        label: named(bucket * grain, grain),
        amounts: Some(amounts.to_vec()),
        beside: Vec::new(),
    };
    let rows: Vec<Row> = (first..).zip(&amounts).map(row).collect();
    let legend = Legend {
        title: say_with("usage-plan-chart", [("count", days.into())]).into_owned(),
        column: say(if grain == 3600 { "usage-hour" } else { "usage-day" }).into_owned(),
        series: vec![say("usage-covered").into_owned(), say("usage-overage").into_owned()],
        ..Legend::default()
    };
    Chart::bars(legend, &rows, units_of)
}

/// The name of the hour or the day that begins at a second.
fn named(second: i64, grain: i64) -> String {
    let at = Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH);
    if grain == 3600 {
        let time = at.strftime("%H:%M").to_string();
        let values = [("day", words::short_day(utc_day(at)).into()), ("time", time.into())];
        return say_with("moment", values).into_owned();
    }
    words::short_day(utc_day(at))
}

/// Commit units from their millionths.
fn units_of(millionths: i64) -> String {
    let fraction = format!("{:06}", millionths % 1_000_000);
    let (whole, fraction) = (millionths / 1_000_000, fraction.trim_end_matches('0'));
    let number =
        if fraction.is_empty() { whole.to_string() } else { format!("{whole}.{fraction}") };
    words::decimal(&number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use prorata_domain::utilization::Hours;

    const NOW: &str = "2026-11-21T10:15:30Z";

    #[test]
    fn a_span_holds_the_running_hour_or_day() {
        let now: Timestamp = NOW.parse().unwrap();
        assert_eq!(since(now, 1).to_string(), "2026-11-20T11:00:00Z");
        assert_eq!(since(now, 7).to_string(), "2026-11-15T00:00:00Z");
        assert_eq!(since(now, 30).to_string(), "2026-10-23T00:00:00Z");
        assert_eq!((span("1"), span("30"), span(""), span("2")), (1, 30, 7, 7));
    }

    #[test]
    fn figures_are_written_with_no_more_digits_than_they_have() {
        assert_eq!(
            (units_of(1_500_000), units_of(12_500_000_000)),
            ("1.5".into(), "12,500".into())
        );
        assert_eq!((percent_of(10_000), percent_of(4643)), ("100 %".into(), "46.43 %".into()));
        assert_eq!(percent_of(5), "0.05 %");
    }

    #[test]
    fn days_without_a_figure_are_not_days_without_use() {
        let hours = |whole: i64| Hours::from_thousandths(whole * 1000).unwrap();
        let day = |day, used| Day { day, reserved: hours(48), used: hours(used) };
        let known = [day(date(2026, 3, 1), 0), day(date(2026, 3, 3), 24)];
        let chart = shares(7, date(2026, 3, 3), &known);
        let read: Vec<&str> = chart.points.iter().map(|point| point.read.as_str()).collect();
        assert_eq!(read.len(), 7);
        assert_eq!(read[4..], ["1 Mar 2026: 0 %", "2 Mar 2026: no figure", "3 Mar 2026: 50 %"]);
        assert_eq!(chart.points[6].beside, ["24", "48"]);
        assert_eq!(chart.top, "100 %");
    }

    #[test]
    fn usage_of_a_plan_stands_in_its_day() {
        let drain = |used_at: &str, covered: &str, overage: &str| {
            let units = |text| CommitUnits::parse(text).unwrap();
            Drain {
                usage_id: used_at.to_owned(),
                used_at: used_at.parse().unwrap(),
                recorded_at: NOW.parse().unwrap(),
                units: units(covered).plus(units(overage)).unwrap(),
                covered: units(covered),
                overage: units(overage),
                operation: prorata_domain::ids::OperationId(uuid::Uuid::nil()),
            }
        };
        let drains = [
            drain("2026-11-21T09:59:59Z", "2", "0"),
            drain("2026-11-21T00:00:00Z", "1", "0.5"),
            drain("2026-11-14T23:59:59Z", "9", "0"),
        ];
        let chart = drained(7, NOW.parse().unwrap(), &drains);
        let values: Vec<&[String]> = chart.points.iter().map(|point| &point.values[..]).collect();
        assert_eq!(values[6], ["3", "0.5"]);
        assert!(values[..6].iter().all(|values| *values == ["0", "0"]), "{values:?}");
    }
}
