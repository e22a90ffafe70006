//! Term, billing plan and the calendar of payments.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use serde::{Deserialize, Serialize};
use std::fmt;

/// How long a commitment lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Term {
    P1M,
    P1Y,
    P3Y,
    P5Y,
}

impl Term {
    pub const ALL: [Term; 4] = [Term::P1M, Term::P1Y, Term::P3Y, Term::P5Y];

    /// Reads `P1Y` and its like, in any casing.
    pub fn parse(text: &str) -> Option<Term> {
        Term::ALL.into_iter().find(|term| term.as_str().eq_ignore_ascii_case(text))
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Term::P1M => "P1M",
            Term::P1Y => "P1Y",
            Term::P3Y => "P3Y",
            Term::P5Y => "P5Y",
        }
    }

    /// `1 Year`, as product titles say it.
    pub fn title(self) -> &'static str {
        match self {
            Term::P1M => "1 Month",
            Term::P1Y => "1 Year",
            Term::P3Y => "3 Years",
            Term::P5Y => "5 Years",
        }
    }

    pub fn months(self) -> i32 {
        match self {
            Term::P1M => 1,
            Term::P1Y => 12,
            Term::P3Y => 36,
            Term::P5Y => 60,
        }
    }

    /// The hours that a commitment by the hour is reckoned with: years of 365 days, months of
    /// 730 hours. Source: the price list's totals, which are the hourly price times these.
    pub fn hours(self) -> i64 {
        match self {
            Term::P1M => 730,
            Term::P1Y => 8_760,
            Term::P3Y => 26_280,
            Term::P5Y => 43_800,
        }
    }

    /// The day on which the benefit ends (the first day without it), by the calendar: a term from
    /// a 29 February ends on the 28th.
    pub fn end(self, start: Date) -> Date {
        add_months(start, self.months())
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How a commitment is paid: at once, or month by month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum BillingPlan {
    Upfront,
    Monthly,
}

impl BillingPlan {
    pub const ALL: [BillingPlan; 2] = [BillingPlan::Upfront, BillingPlan::Monthly];

    pub fn parse(text: &str) -> Option<BillingPlan> {
        BillingPlan::ALL.into_iter().find(|plan| plan.as_str().eq_ignore_ascii_case(text))
    }

    pub fn as_str(self) -> &'static str {
        match self {
            BillingPlan::Upfront => "Upfront",
            BillingPlan::Monthly => "Monthly",
        }
    }

    /// How many payments make up a term.
    pub fn payments(self, term: Term) -> i32 {
        match self {
            BillingPlan::Upfront => 1,
            BillingPlan::Monthly => term.months(),
        }
    }
}

impl fmt::Display for BillingPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The day payment number `index` (from 0) falls due: the start's day of the month, or the
/// month's last day where it has no such day.
pub fn due_date(start: Date, index: i32) -> Date {
    add_months(start, index)
}

/// The UTC day of an instant; every rule counts UTC days.
pub fn utc_day(instant: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(instant).date()
}

/// Midnight UTC at which a day begins.
pub fn day_start(day: Date) -> Timestamp {
    TimeZone::UTC
        .to_ambiguous_timestamp(day.to_datetime(jiff::civil::Time::midnight()))
        .unambiguous()
        .unwrap_or(Timestamp::MAX)
}

/// Whole days from one day to another; negative when `to` is earlier.
pub fn days_between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

fn add_months(start: Date, months: i32) -> Date {
    start.checked_add(months.months()).unwrap_or(Date::MAX)
}
