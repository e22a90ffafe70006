//! The words and figures of the pages: how an amount, a day, a state is written for people, in the
//! language of the request.

use super::language::{say, say_if_known, say_with};
use askama::FastWritable;
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_domain::decision::{Amount, Formula, Refusal, Repair, Subject};
use prorata_domain::policy::{Agreement, ClauseId, Counted, Destination, Payment};
use prorata_domain::reservation::{AcquiredBy, AppliedScope, ReservationState};
use prorata_domain::term::{BillingPlan, Term, utc_day};
use prorata_ledger::{Hourly, Money};
use std::borrow::Cow;
use std::fmt;

/// A text of the catalog, or one made of it.
pub type Said = Cow<'static, str>;

/// `1,234.50 USD`; a minus sign goes before it.
pub fn money(amount: Money) -> String {
    format!("{} {}", figure(amount), amount.currency())
}

/// `1,234.50`, where the currency is said once for all of them.
pub fn figure(amount: Money) -> String {
    decimal(&amount.to_decimal().to_string())
}

/// A number with the signs of the language: groups of three, a decimal sign, a true minus.
pub fn decimal(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("−", digits));
    match digits.split_once('.') {
        Some((whole, fraction)) => {
            format!("{sign}{}{}{fraction}", grouped(whole), say("decimal-sign"))
        }
        None => format!("{sign}{}", grouped(digits)),
    }
}

/// `0.206 USD an hour`.
pub fn hourly(of: Hourly) -> String {
    let amount = decimal(&of.to_decimal().normalize().to_string());
    let values = [("amount", amount.into()), ("currency", of.currency().code().into())];
    say_with("hourly", values).into_owned()
}

/// `12,345`.
pub fn count(number: impl Into<i64>) -> String {
    decimal(&number.into().to_string())
}

/// Digits in groups of three.
fn grouped(digits: &str) -> String {
    let sign = say("group-sign");
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push_str(&sign);
        }
        text.push(digit);
    }
    text
}

/// `1 unit`, `3 units`.
pub fn units(quantity: u32) -> String {
    say_with("units", [("count", quantity.into())]).into_owned()
}

/// `1 day`, `3 days`.
pub fn days(count: i64) -> String {
    say_with("days", [("count", count.into())]).into_owned()
}

/// `today`, `in 1 day`, `in 12 days`, `3 days ago`.
pub fn in_days(days: i64) -> String {
    let (id, count) = if days < 0 { ("days-ago", -days) } else { ("in-days", days) };
    say_with(id, [("count", count.into())]).into_owned()
}

/// `10 February 2023`.
pub fn day(date: Date) -> String {
    dated("day", "month", date)
}

/// `10 Feb 2023`, for the columns of a table.
pub fn short_day(date: Date) -> String {
    dated("short-day", "short-month", date)
}

fn dated(pattern: &str, months: &str, date: Date) -> String {
    let month = say(&format!("{months}-{}", date.month()));
    let values = [
        ("day", date.day().to_string().into()),
        ("month", month.into()),
        ("year", date.year().to_string().into()),
    ];
    say_with(pattern, values).into_owned()
}

/// The UTC day and time of an instant.
pub fn moment(instant: Timestamp) -> String {
    let time = instant.strftime("%H:%M").to_string();
    let values = [("day", day(utc_day(instant)).into()), ("time", time.into())];
    say_with("moment", values).into_owned()
}

/// An instant in a page: its UTC day and time, and for script the instant itself, so that the
/// reader's own time is there to see. It writes its own markup.
#[derive(Debug, Clone, Copy)]
pub struct Moment(pub Timestamp);

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<time datetime=\"{:.0}\">{}</time>", self.0, moment(self.0))
    }
}

impl FastWritable for Moment {
    fn write_into(&self, into: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        write!(into, "{self}").map_err(askama::Error::from)
    }
}

/// Nothing in it but our own tags, digits and words of the catalog.
impl askama::filters::HtmlSafe for Moment {}

pub fn amount(amount: &Amount) -> String {
    match amount {
        Amount::Money(amount) => money(*amount),
        Amount::Hourly(of) => hourly(*of),
        Amount::Count(number) => count(*number),
        Amount::Days(number) => days(*number),
        Amount::Date(date) => day(*date),
        Amount::Rate(rate) => decimal(&rate.normalize().to_string()),
        Amount::Text(text) => text.to_string(),
    }
}

/// The amount of a labelled line: words that stand for something are written out.
pub fn amount_of(label: &str, of: &Amount) -> String {
    let Amount::Text(text) = of else { return amount(of) };
    let known = match label {
        "agreement" => Agreement::parse(text).map(agreement),
        "payment method" => Payment::parse(text).map(payment),
        "refunded to" => Destination::parse(text).map(|to| destination(to).into()),
        "what counts" => Counted::parse(text).map(counted),
        _ => None,
    };
    known.map_or_else(|| amount(of), Cow::into_owned)
}

fn counted(counted: Counted) -> Said {
    say(&format!("counted-{}", counted.as_str()))
}

/// Why something was refused, as a sentence.
pub fn reason(refusal: &Refusal) -> String {
    sentence(&regrouped(&refusal.reason.replace('`', "")))
}

/// The text with the whole units of its amounts (`71858.10 USD`) in groups.
pub fn regrouped(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, number) = rest.split_at(start);
        let whole = digits(number);
        let after = &number[whole..];
        let amount = after.starts_with('.') && digits(&after[1..]) > 0;
        // What follows a letter, a hyphen or a point is part of a name, a day or a fraction.
        let free = before.ends_with([' ', '(']) || before.is_empty() && written.is_empty();
        written.push_str(before);
        if amount && free {
            written.push_str(&grouped(&number[..whole]));
        } else {
            written.push_str(&number[..whole]);
        }
        rest = after;
    }
    written.push_str(rest);
    written
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// Whether an amount is a figure, which stands at the right of its column.
pub fn is_figure(amount: &Amount) -> bool {
    !matches!(amount, Amount::Text(_))
}

/// How an amount came about, with signs as they are written by hand.
pub fn formula(formula: &Formula) -> String {
    let two = |id, first: (&'static str, Money), second: (&'static str, Money)| {
        say_with(id, [(first.0, money(first.1).into()), (second.0, money(second.1).into())])
    };
    let said = match formula {
        Formula::Share { of, part, whole, rounding } => say_with(
            "formula-share",
            [
                ("of", money(*of).into()),
                ("part", count(*part).into()),
                ("whole", count(*whole).into()),
                ("rounding", rounded(rounding.in_words()).into()),
            ],
        ),
        Formula::Times { of, count: times } => {
            say_with("formula-times", [("of", money(*of).into()), ("count", count(*times).into())])
        }
        Formula::Hours { of, hours } => {
            say_with("formula-hours", [("of", hourly(*of).into()), ("hours", count(*hours).into())])
        }
        Formula::Minus { from, less } => two("formula-minus", ("from", *from), ("less", *less)),
        Formula::Plus { first, second } => {
            two("formula-plus", ("first", *first), ("second", *second))
        }
        Formula::Scale { of, rate, rounding } => say_with(
            "formula-scale",
            [
                ("of", money(*of).into()),
                ("rate", decimal(&rate.normalize().to_string()).into()),
                ("rounding", rounded(rounding.in_words()).into()),
            ],
        ),
        Formula::Days { from, to } => {
            say_with("formula-days", [("from", day(*from).into()), ("to", day(*to).into())])
        }
        Formula::Lesser { first, second } => {
            two("formula-lesser", ("first", *first), ("second", *second))
        }
    };
    said.into_owned()
}

fn rounded(rule: &str) -> Said {
    say(&format!("rounding-{}", rule.replace(' ', "-")))
}

/// The name of a clause as a heading: the catalog's, or its word with blanks and a capital.
pub fn clause(clause: ClauseId) -> String {
    say_if_known(&format!("clause-{}", clause.as_str()))
        .map_or_else(|| capital(&clause.as_str().replace('-', " ")), Cow::into_owned)
}

/// The text with its first letter as a capital.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The text with its first letter small, as the rest of another sentence.
pub fn uncapital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// A sentence from a fragment: a capital before, a full stop behind.
pub fn sentence(text: &str) -> String {
    let text = capital(text.trim());
    if text.is_empty() || text.ends_with(['.', '!', '?']) { text } else { format!("{text}.") }
}

pub fn subject(subject: Subject) -> String {
    positioned("subject", subject).into_owned()
}

fn positioned(what: &str, subject: Subject) -> Said {
    let (kind, position) = match subject {
        Subject::Return(position) => ("return", position),
        Subject::Purchase(position) => ("purchase", position),
        Subject::SavingsPlan(position) => ("savings-plan", position),
    };
    say_with(&format!("{what}-{kind}"), [("position", position.to_string().into())])
}

pub fn term(term: Term) -> Said {
    say(&format!("term-{}", term.as_str()))
}

pub fn plan(plan: BillingPlan) -> Said {
    say(&format!("plan-{}", plan.as_str()))
}

/// `paid upfront`, `paid monthly`.
pub fn paid(plan: BillingPlan) -> Said {
    say(&format!("paid-{}", plan.as_str()))
}

pub fn state(state: &ReservationState) -> Said {
    say(&format!("state-{}", state.name()))
}

pub fn applied_scope(scope: &AppliedScope) -> Said {
    let named = |id, name: &dyn fmt::Display| say_with(id, [("name", name.to_string().into())]);
    match scope {
        AppliedScope::Shared => say("scope-shared"),
        AppliedScope::Subscription(subscription) => named("scope-subscription-of", subscription),
        AppliedScope::ResourceGroup { name, .. } => named("scope-resource-group-of", name),
        AppliedScope::ManagementGroup { id, .. } => named("scope-management-group-of", id),
    }
}

/// The kind of applied scope alone, for a narrow column.
pub fn applied_scope_kind(scope: &AppliedScope) -> Said {
    say(match scope {
        AppliedScope::Shared => "scope-shared",
        AppliedScope::Subscription(_) => "scope-subscription",
        AppliedScope::ResourceGroup { .. } => "scope-resource-group",
        AppliedScope::ManagementGroup { .. } => "scope-management-group",
    })
}

pub fn acquired_by(by: AcquiredBy) -> Said {
    say(match by {
        AcquiredBy::Purchase => "acquired-purchase",
        AcquiredBy::Exchange => "acquired-exchange",
        AcquiredBy::Renewal => "acquired-renewal",
        AcquiredBy::Split => "acquired-split",
        AcquiredBy::Merge => "acquired-merge",
        AcquiredBy::PartialReturn => "acquired-partial-return",
        AcquiredBy::Swap => "acquired-swap",
    })
}

pub fn agreement(agreement: Agreement) -> Said {
    say(&format!("agreement-{}", agreement.as_str()))
}

pub fn payment(payment: Payment) -> Said {
    say(&format!("payment-{}", payment.as_str()))
}

/// Where the money of a refund goes, as the end of "goes …".
pub fn destination(destination: Destination) -> String {
    say(&format!("goes-{}", destination.as_str())).into_owned()
}

/// A repair as an instruction.
pub fn repair(repair: &Repair) -> String {
    let about = |of: &Option<Subject>| of.map_or(Cow::Borrowed(""), |of| positioned("about", of));
    let said = match repair {
        Repair::ReduceQuantity { about: of, to } => say_with(
            "repair-reduce-quantity",
            [("units", units(*to).into()), ("about", about(of).into())],
        ),
        Repair::RaisePurchase { by } => {
            say_with("repair-raise-purchase", [("amount", money(*by).into())])
        }
        Repair::RaiseCommitment { about: of, to } => say_with(
            "repair-raise-commitment",
            [("amount", hourly(*to).into()), ("about", about(of).into())],
        ),
        Repair::WaitUntil { day: first } => {
            say_with("repair-wait-until", [("day", day(*first).into())])
        }
        Repair::BuyWithin { about: of, resource_types } => say_with(
            "repair-buy-within",
            [("types", resource_types.join(", ").into()), ("about", about(of).into())],
        ),
        Repair::Choose { about: of, field, values } => say_with(
            "repair-choose",
            [
                ("values", values.join(&say("or")).into()),
                ("field", field.to_string().into()),
                ("about", about(of).into()),
            ],
        ),
        Repair::PayOverdue { amount } => {
            say_with("repair-pay-overdue", [("amount", money(*amount).into())])
        }
        Repair::AskPartner { partner } => {
            say_with("repair-ask-partner", [("partner", partner.to_string().into())])
        }
        Repair::ObtainRole { roles, at } => say_with(
            "repair-obtain-role",
            [("roles", roles.join(", ").into()), ("place", at.to_string().into())],
        ),
        Repair::LeaveTenant => say("repair-leave-tenant"),
        Repair::JoinOrder => say("repair-join-order"),
        Repair::AskForApproval { .. } => say("repair-ask-for-approval"),
        Repair::QuoteAgain => say("repair-quote-again"),
    };
    said.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use prorata_ledger::{Currency, Rounding};

    #[test]
    fn figures_are_grouped_and_signed() {
        let usd = |minor| money(Money::new(minor, Currency::USD));
        assert_eq!(usd(123_456_789), "1,234,567.89 USD");
        assert_eq!(usd(-99_900), "−999.00 USD");
        assert_eq!(money(Money::new(1234, Currency::parse("JPY").unwrap())), "1,234 JPY");
        assert_eq!(count(1000), "1,000");
    }

    #[test]
    fn amounts_in_sentences_are_grouped_and_other_digits_are_not() {
        for (text, written) in [
            (
                "counts 71858.10 USD toward 50000.00 USD",
                "counts 71,858.10 USD toward 50,000.00 USD",
            ),
            ("is worth (1234567.5 USD)", "is worth (1,234,567.5 USD)"),
            (
                "bought on 2026-11-21 as Standard_D1000.5",
                "bought on 2026-11-21 as Standard_D1000.5",
            ),
            ("from 1 to 10000, not 20000", "from 1 to 10000, not 20000"),
            ("1000.25", "1,000.25"),
        ] {
            assert_eq!(regrouped(text), written);
        }
    }

    #[test]
    fn formulas_are_written_out() {
        let of = Money::new(258, Currency::USD);
        let share = Formula::Share { of, part: 22, whole: 31, rounding: Rounding::UsedPart };
        assert_eq!(formula(&share), "2.58 USD × 22 ÷ 31, rounded half up");
        let days = Formula::Days { from: date(2023, 2, 10), to: date(2023, 3, 1) };
        assert_eq!(formula(&days), "from 10 February 2023 to 1 March 2023");
    }
}
