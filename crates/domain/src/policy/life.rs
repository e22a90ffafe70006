//! The clauses on what happens to a reservation by the clock: payments that fail, the end of the
//! term, renewal, and quotes that nobody took.

use super::file::Fields;
use super::value::Value;
use super::words::words;
use crate::term::days_between;
use jiff::ToSpan;
use jiff::civil::Date;

words! {
    /// What becomes of a renewal whose price moved after it was locked.
    MovedPrice {
        /// The lower of the locked price and that of the day is charged.
        Lower = "lower",
        /// The renewal is not made.
        Refuse = "refuse",
    }
}

/// The price of a renewal is locked before it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RenewalLock {
    /// Days before the end of the term.
    pub days: i64,
    pub moved: MovedPrice,
}

impl RenewalLock {
    /// The day on which the price of a renewal is locked.
    pub fn locked_on(&self, expires_on: Date) -> Date {
        expires_on.saturating_sub(self.days.days())
    }
}

/// Whether what a renewal buys is to be renewed in its turn, when nothing else is said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RenewalDefault {
    pub on: bool,
}

/// When a payment that was refused is tried again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PaymentRetry {
    /// Days after the one on which it fell due; they rise.
    pub days: Vec<i64>,
}

impl PaymentRetry {
    /// The first day after `today` on which a payment overdue since `since` is tried again; none
    /// when that is with the next payment.
    pub fn next(&self, since: Date, today: Date) -> Option<Date> {
        let held = days_between(since, today);
        let next = self.days.iter().find(|days| **days > held)?;
        Some(since.saturating_add(next.days()))
    }
}

/// What happens to a return while payments are overdue.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OverduePayments {
    /// Nothing is returned or exchanged until they are made.
    pub block_returns: bool,
}

/// From when on a reservation shows as expiring.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Expiring {
    /// Days before the end of the term.
    pub days: i64,
}

impl Expiring {
    /// The first day on which a reservation shows as expiring.
    pub fn begins_on(&self, expires_on: Date) -> Date {
        expires_on.saturating_sub(self.days.days())
    }
}

/// How long a quote that was not taken is kept after it lapsed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct QuoteSweep {
    pub days: i64,
}

impl Expiring {
    /// The clause as it is built in, for showing what ends on a day.
    pub fn shown(on: Date) -> &'static Expiring {
        super::Book::built_in().in_force(on).expiring.value
    }

    /// The last day on which a term may end that shows as expiring today.
    pub fn until(&self, today: Date) -> Date {
        today.saturating_add(self.days.days())
    }
}

impl Value for RenewalLock {
    fn read(fields: &mut Fields<'_>) -> Option<RenewalLock> {
        let days = fields.count("days");
        let moved = fields.word("moved", MovedPrice::parse, "`lower` or `refuse`");
        Some(RenewalLock { days: days?, moved: moved? })
    }

    fn summary(&self) -> String {
        let moved = match self.moved {
            MovedPrice::Lower => "the lower of it and the price of the day is charged",
            MovedPrice::Refuse => "a price that moved since is a refusal",
        };
        format!("locked {} days before the end; {moved}", self.days)
    }
}

impl Value for RenewalDefault {
    fn read(fields: &mut Fields<'_>) -> Option<RenewalDefault> {
        Some(RenewalDefault { on: fields.yes_or_no("on")? })
    }

    fn summary(&self) -> String {
        if self.on { "on" } else { "off" }.to_owned()
    }
}

impl Value for PaymentRetry {
    fn read(fields: &mut Fields<'_>) -> Option<PaymentRetry> {
        let day = |text: &str| {
            let days: i64 = text.strip_prefix('P')?.strip_suffix('D')?.parse().ok()?;
            (1..=1000).contains(&days).then_some(days)
        };
        let days = fields.words("after", day, "a list of periods such as \"P3D\"")?;
        if days.windows(2).all(|pair| pair[0] < pair[1]) {
            return Some(PaymentRetry { days });
        }
        fields.refuse(super::Fault::Unfit { field: "after", wants: "periods that rise" });
        None
    }

    fn summary(&self) -> String {
        let days: Vec<String> = self.days.iter().map(ToString::to_string).collect();
        format!("{} days after it fell due, then with the next payment", days.join(", "))
    }
}

impl Value for OverduePayments {
    fn read(fields: &mut Fields<'_>) -> Option<OverduePayments> {
        Some(OverduePayments { block_returns: fields.yes_or_no("block_returns")? })
    }

    fn summary(&self) -> String {
        if self.block_returns {
            "no return before they are made".to_owned()
        } else {
            "a return cancels them".to_owned()
        }
    }
}

impl Value for Expiring {
    fn read(fields: &mut Fields<'_>) -> Option<Expiring> {
        Some(Expiring { days: fields.count("days")? })
    }

    fn summary(&self) -> String {
        format!("{} days before the end", self.days)
    }
}

impl Value for QuoteSweep {
    fn read(fields: &mut Fields<'_>) -> Option<QuoteSweep> {
        Some(QuoteSweep { days: fields.count("days")? })
    }

    fn summary(&self) -> String {
        format!("{} days", self.days)
    }
}
