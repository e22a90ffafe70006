//! The words and figures of the pages: how an amount, a day, a state is written for people.

use jiff::Timestamp;
use jiff::civil::Date;
use prorata_domain::decision::{Amount, Formula, Refusal, Repair, Subject};
use prorata_domain::policy::{Agreement, ClauseId, Counted, Destination, Payment};
use prorata_domain::reservation::{AcquiredBy, AppliedScope, ReservationState};
use prorata_domain::term::{BillingPlan, Term, utc_day};
use prorata_ledger::Money;

/// `1,234.50 USD`; a minus sign goes before it.
pub fn money(amount: Money) -> String {
    let digits = amount.to_decimal().abs().to_string();
    let (whole, fraction) = digits.split_once('.').map_or((digits.as_str(), ""), |parts| parts);
    let sign = if amount.is_negative() { "−" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{fraction} {}", grouped(whole), amount.currency())
}

/// `12,345`.
pub fn count(number: impl Into<i64>) -> String {
    let number: i64 = number.into();
    let sign = if number < 0 { "−" } else { "" };
    format!("{sign}{}", grouped(&number.unsigned_abs().to_string()))
}

/// Digits in groups of three.
fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 unit`, `3 units`.
pub fn units(quantity: u32) -> String {
    match quantity {
        1 => "1 unit".to_owned(),
        more => format!("{} units", count(more)),
    }
}

/// `10 February 2023`.
pub fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// `10 Feb 2023`, for the columns of a table.
pub fn short_day(date: Date) -> String {
    date.strftime("%-d %b %Y").to_string()
}

/// The UTC day and time of an instant.
pub fn moment(instant: Timestamp) -> String {
    let time = instant.strftime("%H:%M").to_string();
    format!("{}, {time} UTC", day(utc_day(instant)))
}

pub fn amount(amount: &Amount) -> String {
    match amount {
        Amount::Money(amount) => money(*amount),
        Amount::Hourly(hourly) => hourly.to_string(),
        Amount::Count(number) => count(*number),
        Amount::Days(1) => "1 day".to_owned(),
        Amount::Days(days) => format!("{} days", count(*days)),
        Amount::Date(date) => day(*date),
        Amount::Rate(rate) => rate.normalize().to_string(),
        Amount::Text(text) => text.to_string(),
    }
}

/// The amount of a labelled line: words that stand for something are written out.
pub fn amount_of(label: &str, of: &Amount) -> String {
    let Amount::Text(text) = of else { return amount(of) };
    let known = match label {
        "agreement" => Agreement::parse(text).map(agreement),
        "payment method" => Payment::parse(text).map(payment),
        "refunded to" => Destination::parse(text).map(destination),
        "what counts" => Counted::parse(text).map(counted),
        _ => None,
    };
    known.map_or_else(|| amount(of), str::to_owned)
}

fn counted(counted: Counted) -> &'static str {
    match counted {
        Counted::RefundAmount => "the refund and the payments never made",
        Counted::CashRefund => "only the money paid back",
        Counted::CancelledCommitment => "the commitment that is cancelled",
    }
}

/// Why something was refused, as a sentence.
pub fn reason(refusal: &Refusal) -> String {
    sentence(&regrouped(&refusal.reason.replace('`', "")))
}

/// The text with the whole units of its amounts (`71858.10 USD`) in groups.
fn regrouped(text: &str) -> String {
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
    match formula {
        Formula::Share { of, part, whole, rounding } => {
            let (part, whole) = (count(*part), count(*whole));
            format!("{} × {part} ÷ {whole}, {}", money(*of), rounded(rounding.in_words()))
        }
        Formula::Times { of, count: times } => format!("{} × {}", money(*of), count(*times)),
        Formula::Hours { of, hours } => format!("{of} × {} hours", count(*hours)),
        Formula::Minus { from, less } => format!("{} − {}", money(*from), money(*less)),
        Formula::Plus { first, second } => format!("{} + {}", money(*first), money(*second)),
        Formula::Scale { of, rate, rounding } => {
            format!("{} × {}, {}", money(*of), rate.normalize(), rounded(rounding.in_words()))
        }
        Formula::Days { from, to } => format!("from {} to {}", day(*from), day(*to)),
        Formula::Lesser { first, second } => {
            format!("the lesser of {} and {}", money(*first), money(*second))
        }
    }
}

fn rounded(rule: &str) -> String {
    match rule {
        "cut" => "cut, not rounded".to_owned(),
        other => format!("rounded {other}"),
    }
}

/// The name of a clause as a heading: its word with blanks, and a capital.
pub fn clause(clause: ClauseId) -> String {
    capital(&clause.as_str().replace('-', " "))
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
    capital(&subject.to_string())
}

pub fn term(term: Term) -> &'static str {
    match term {
        Term::P1M => "1 month",
        Term::P1Y => "1 year",
        Term::P3Y => "3 years",
        Term::P5Y => "5 years",
    }
}

pub fn plan(plan: BillingPlan) -> &'static str {
    match plan {
        BillingPlan::Upfront => "Upfront",
        BillingPlan::Monthly => "Monthly",
    }
}

pub fn state(state: &ReservationState) -> String {
    capital(state.name())
}

pub fn applied_scope(scope: &AppliedScope) -> String {
    match scope {
        AppliedScope::Shared => "Shared".to_owned(),
        AppliedScope::Subscription(subscription) => format!("Subscription {subscription}"),
        AppliedScope::ResourceGroup { name, .. } => format!("Resource group {name}"),
        AppliedScope::ManagementGroup { id, .. } => format!("Management group {id}"),
    }
}

/// The kind of applied scope alone, for a narrow column.
pub fn applied_scope_kind(scope: &AppliedScope) -> &'static str {
    match scope {
        AppliedScope::Shared => "Shared",
        AppliedScope::Subscription(_) => "Subscription",
        AppliedScope::ResourceGroup { .. } => "Resource group",
        AppliedScope::ManagementGroup { .. } => "Management group",
    }
}

pub fn acquired_by(by: AcquiredBy) -> &'static str {
    match by {
        AcquiredBy::Purchase => "Bought",
        AcquiredBy::Exchange => "Bought in an exchange",
        AcquiredBy::Renewal => "Renewed",
        AcquiredBy::Split => "Split from another reservation",
        AcquiredBy::Merge => "Merged from other reservations",
        AcquiredBy::PartialReturn => "Kept when other units were given up",
        AcquiredBy::Swap => "Swapped with its premium-storage twin",
    }
}

pub fn agreement(agreement: Agreement) -> &'static str {
    match agreement {
        Agreement::Ea => "Enterprise Agreement",
        Agreement::Mca => "Microsoft Customer Agreement",
        Agreement::Csp => "Cloud Solution Provider",
        Agreement::Payg => "Pay-as-you-go",
    }
}

pub fn payment(payment: Payment) -> &'static str {
    match payment {
        Payment::Prepayment => "Prepayment",
        Payment::Overage => "Overage invoice",
        Payment::Wire => "Wire transfer",
        Payment::Card => "Card",
        Payment::Invoice => "Invoice",
    }
}

/// Where the money of a refund goes, as the end of "goes …".
pub fn destination(destination: Destination) -> &'static str {
    match destination {
        Destination::Prepayment => "back to the Prepayment it was paid from",
        Destination::CreditNinetyDays => {
            "to a credit of limited life, as the Prepayment term it was bought under has ended"
        }
        Destination::CreditNote => "to a credit note; invoices stay as they are",
        Destination::CreditMemo => "to a credit memo, with overage invoices rated again",
        Destination::ReopenedInvoice => "to the invoices, which are opened again and adjusted",
        Destination::NextInvoice => "to the next month's invoice",
        Destination::Card => "back to the card that paid",
        Destination::FuturePurchase => "to be held against a future reservation purchase",
    }
}

/// A repair as an instruction.
pub fn repair(repair: &Repair) -> String {
    let about = |subject: &Option<Subject>| {
        subject.map_or_else(String::new, |subject| format!(" in {subject}"))
    };
    match repair {
        Repair::ReduceQuantity { about: of, to } => {
            format!("Return at most {}{}", units(*to), about(of))
        }
        Repair::RaisePurchase { by } => format!("Buy for at least {} more", money(*by)),
        Repair::RaiseCommitment { about: of, to } => format!("Commit at least {to}{}", about(of)),
        Repair::WaitUntil { day: first } => format!("Ask again on {} or later", day(*first)),
        Repair::BuyWithin { about: of, resource_types } => {
            format!("Buy one of {}{}", resource_types.join(", "), about(of))
        }
        Repair::Choose { about: of, field, values } => {
            format!("Choose {} as {field}{}", values.join(" or "), about(of))
        }
        Repair::PayOverdue { amount } => {
            format!("Mend the means of payment, so that {} is paid", money(*amount))
        }
        Repair::AskPartner { partner } => format!("Ask the partner, {partner}"),
        Repair::ObtainRole { roles, at } => {
            format!("Be given one of {} in {at}", roles.join(", "))
        }
        Repair::LeaveTenant => {
            "Leave the customer's organisation, and come back as an agent".to_owned()
        }
        Repair::JoinOrder => "Have somebody add the guest account to the order".to_owned(),
        Repair::AskForApproval { .. } => "Draft a request, and have others approve it".to_owned(),
        Repair::QuoteAgain => "Ask for a new quote".to_owned(),
    }
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
