//! What every decision answers: a plan or a refusal, and always every finding.
//!
//! Findings come in the order in which [`ClauseId`] lists the clauses, once per thing the clause
//! was applied to. The first finding that is not met names the refusal. Findings hold numbers;
//! sentences are made from them where they are shown.

use crate::policy::ClauseId;
use jiff::civil::Date;
use prorata_ledger::{Hourly, Money, MoneyError, Rounding};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// What a job would do, whether it may, and the findings that led there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision<P> {
    /// What would be done. It is there for a refusal too where the request could be priced, so
    /// that a quote shows its amounts beside the reason why not.
    pub proposal: Option<P>,
    /// Why it may not be done; nothing when it may.
    pub refusal: Option<Refusal>,
    /// Left out of a document where they are recorded beside it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

impl<P> Decision<P> {
    /// The plan to carry out, where the answer was yes.
    pub fn plan(&self) -> Option<&P> {
        if self.refusal.is_some() { None } else { self.proposal.as_ref() }
    }

    pub fn is_approved(&self) -> bool {
        self.plan().is_some()
    }
}

/// One clause looked at: in which form, with what result, and the numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub clause: ClauseId,
    /// The date from which the value that was applied is in force.
    pub since: Date,
    /// What the clause was applied to, where a request has several things: `return 2`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Subject>,
    pub outcome: Outcome,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Line>,
}

/// Which part of an exchange a finding is about; positions count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    Return(u32),
    Purchase(u32),
    SavingsPlan(u32),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Return(position) => write!(f, "return {position}"),
            Subject::Purchase(position) => write!(f, "purchase {position}"),
            Subject::SavingsPlan(position) => write!(f, "savings plan {position}"),
        }
    }
}

/// What came of looking at a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Met,
    NotMet,
    /// The clause has nothing to say about this case, for instance the cap about an exchange.
    NotConcerned,
    /// Nothing is refused, but something will be lost that can still be kept.
    Warned,
    /// Not met, and let pass by an exception; the last lines name the ticket.
    Waived,
}

/// One line of the arithmetic: what it is, how much, and how it came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub label: Cow<'static, str>,
    pub amount: Amount,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formula: Option<Formula>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Amount {
    Money(Money),
    Hourly(Hourly),
    Count(i64),
    Days(i64),
    Date(Date),
    Rate(Decimal),
    Text(Cow<'static, str>),
}

/// How a line's amount was reached from the lines before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Formula {
    /// `of` x `part` / `whole`, rounded.
    Share { of: Money, part: i64, whole: i64, rounding: Rounding },
    /// `of` x `count`.
    Times { of: Money, count: i64 },
    /// `of` for each of `hours`.
    Hours { of: Hourly, hours: i64 },
    /// `from` - `less`.
    Minus { from: Money, less: Money },
    /// `first` + `second`.
    Plus { first: Money, second: Money },
    /// `of` at `rate`, rounded.
    Scale { of: Money, rate: Decimal, rounding: Rounding },
    /// The days from one day to another.
    Days { from: Date, to: Date },
    /// The lesser of two amounts.
    Lesser { first: Money, second: Money },
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Amount::Money(money) => write!(f, "{money}"),
            Amount::Hourly(hourly) => write!(f, "{hourly}"),
            Amount::Count(count) => write!(f, "{count}"),
            Amount::Days(1) => write!(f, "1 day"),
            Amount::Days(days) => write!(f, "{days} days"),
            Amount::Date(date) => write!(f, "{date}"),
            Amount::Rate(rate) => write!(f, "{}", rate.normalize()),
            Amount::Text(text) => f.write_str(text),
        }
    }
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Formula::Share { of, part, whole, rounding } => {
                write!(f, "{of} x {part} / {whole}, {}", rounding.in_words())
            }
            Formula::Times { of, count } => write!(f, "{of} x {count}"),
            Formula::Hours { of, hours } => write!(f, "{of} x {hours} hours"),
            Formula::Minus { from, less } => write!(f, "{from} - {less}"),
            Formula::Plus { first, second } => write!(f, "{first} + {second}"),
            Formula::Scale { of, rate, rounding } => {
                write!(f, "{of} x {}, {}", rate.normalize(), rounding.in_words())
            }
            Formula::Days { from, to } => write!(f, "from {from} to {to}"),
            Formula::Lesser { first, second } => write!(f, "the lesser of {first} and {second}"),
        }
    }
}

impl Line {
    pub fn new(label: impl Into<Cow<'static, str>>, amount: impl Into<Amount>) -> Line {
        Line { label: label.into(), amount: amount.into(), formula: None }
    }

    pub fn by(mut self, formula: Formula) -> Line {
        self.formula = Some(formula);
        self
    }
}

impl From<Money> for Amount {
    fn from(money: Money) -> Self {
        Amount::Money(money)
    }
}

impl From<Date> for Amount {
    fn from(date: Date) -> Self {
        Amount::Date(date)
    }
}

impl From<&'static str> for Amount {
    fn from(text: &'static str) -> Self {
        Amount::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Amount {
    fn from(text: String) -> Self {
        Amount::Text(Cow::Owned(text))
    }
}

/// Why not: the first clause not met, and the smallest changes that would turn it into a yes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    pub clause: ClauseId,
    /// The protocol's code, such as `RefundLimitExceeded`.
    pub code: Cow<'static, str>,
    /// One sentence with the numbers, for people and for the protocol's message.
    pub reason: String,
    /// Each one alone would do; the smallest change comes first. Empty where nothing helps.
    pub repairs: Vec<Repair>,
}

/// A change to the request that would make this clause say yes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Repair {
    /// Return at most this many units.
    ReduceQuantity { about: Option<Subject>, to: u32 },
    /// Add at least this much to what is bought.
    RaisePurchase { by: Money },
    /// Commit at least this much an hour.
    RaiseCommitment { about: Option<Subject>, to: Hourly },
    /// Ask again on this day, the first on which it fits.
    WaitUntil { day: Date },
    /// Buy one of these resource types instead.
    BuyWithin { about: Option<Subject>, resource_types: Vec<String> },
    /// Choose one of these instead of what was asked for.
    Choose { about: Option<Subject>, field: Cow<'static, str>, values: Vec<String> },
    /// Pay what is overdue first, by mending the means of payment.
    PayOverdue { amount: Money },
    /// Have the partner do it.
    AskPartner { partner: String },
    /// Be given one of these roles there.
    ObtainRole { roles: Vec<String>, at: String },
    /// Leave the customer's organisation, and come back as an agent.
    LeaveTenant,
    /// Have somebody add the guest account to the order.
    JoinOrder,
    /// Draft a request of this kind, and have others approve it.
    AskForApproval { kind: Cow<'static, str> },
    /// Ask for a new quote.
    QuoteAgain,
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |about: &Option<Subject>| {
            about.map_or_else(String::new, |subject| format!(" in {subject}"))
        };
        match self {
            Repair::ReduceQuantity { about, to } => {
                write!(f, "return a quantity of at most {to}{}", of(about))
            }
            Repair::RaisePurchase { by } => write!(f, "buy for at least {by} more"),
            Repair::RaiseCommitment { about, to } => {
                write!(f, "commit at least {to}{}", of(about))
            }
            Repair::WaitUntil { day } => write!(f, "ask again on {day} or later"),
            Repair::BuyWithin { about, resource_types } => {
                write!(f, "buy one of {}{}", resource_types.join(", "), of(about))
            }
            Repair::Choose { about, field, values } => {
                write!(f, "choose one of {} as {field}{}", values.join(", "), of(about))
            }
            Repair::PayOverdue { amount } => {
                write!(f, "mend the means of payment, so that {amount} is paid")
            }
            Repair::AskPartner { partner } => write!(f, "ask the partner, {partner}"),
            Repair::ObtainRole { roles, at } => {
                write!(f, "be given one of {} in {at}", roles.join(", "))
            }
            Repair::LeaveTenant => {
                f.write_str("leave the customer's organisation, and come back as an agent")
            }
            Repair::JoinOrder => {
                f.write_str("have somebody add the guest account to the order as its owner")
            }
            Repair::AskForApproval { kind } => write!(
                f,
                "ask for approval: draft and submit a request with `POST /prorata/requests`, or \
                 with `prorata request draft {kind}`"
            ),
            Repair::QuoteAgain => f.write_str("ask for a new quote"),
        }
    }
}

/// A recorded fact contradicts itself, or an amount does not fit: a bug or a broken row, never
/// an answer to the caller's wish.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Impossible {
    #[error(transparent)]
    Amount(#[from] MoneyError),
    #[error(transparent)]
    Entry(#[from] prorata_ledger::EntryError),
    #[error("{0}")]
    Facts(&'static str),
}
