//! Values of single fields, with the reasons why a text is not one.

use super::{Fault, MAX_FIELD};
use jiff::civil::Date;
use prorata_domain::catalog::{Catalog, GLOBAL, Placement, ResourceType};
use prorata_ledger::{Currency, Money, MoneyError};
use rust_decimal::Decimal;

/// The most digits of a number: fewer than a decimal can hold, so that no step rounds.
const MAX_DIGITS: usize = 20;

/// A name: not empty, not too long, without control characters.
pub(super) fn name(field: &'static str, text: &str) -> Result<String, Fault> {
    optional_name(field, text)?.ok_or_else(|| Fault::new(field, "is missing"))
}

pub(super) fn optional_name(field: &'static str, text: &str) -> Result<Option<String>, Fault> {
    let text = text.trim();
    if text.len() > MAX_FIELD {
        return Err(Fault::new(field, format!("is longer than {MAX_FIELD} bytes")));
    }
    if text.chars().any(char::is_control) {
        return Err(Fault::new(field, "holds a control character"));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// An exact decimal such as `12.50`; with `exponent`, as JSON writes numbers, also `6.5e-5`.
pub(super) fn decimal(field: &'static str, text: &str, exponent: bool) -> Result<Decimal, Fault> {
    let unreadable = || Fault::new(field, format!("`{}` is not a number", shown(text)));
    if text.is_empty() {
        return Err(Fault::new(field, "is missing"));
    }
    let (mantissa, power) = match text.split_once(['e', 'E']) {
        Some((mantissa, power)) if exponent => (mantissa, Some(power)),
        Some(_) => return Err(unreadable()),
        None => (text, None),
    };
    let unsigned = mantissa.strip_prefix('-').unwrap_or(mantissa);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return Err(unreadable());
    }
    if whole.len() + fraction.len() > MAX_DIGITS {
        return Err(Fault::new(field, format!("has more than {MAX_DIGITS} digits")));
    }
    match power {
        None => Decimal::from_str_exact(mantissa).map_err(|_| unreadable()),
        // The power is small, or the value would be outside every use here.
        Some(power) => match power.parse::<i8>() {
            Ok(-8..=8) => Decimal::from_scientific(text).map_err(|_| unreadable()),
            _ => Err(unreadable()),
        },
    }
}

pub(super) fn whole_number(field: &'static str, text: &str) -> Result<u32, Fault> {
    optional_whole_number(field, text)?.ok_or_else(|| Fault::new(field, "is missing"))
}

pub(super) fn optional_whole_number(field: &'static str, text: &str) -> Result<Option<u32>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = plain.then(|| text.parse().ok()).flatten();
    let reason = || format!("`{}` is not a whole number", shown(text));
    number.map(Some).ok_or_else(|| Fault::new(field, reason()))
}

/// A day such as `2023-02-10`, in this form only.
pub(super) fn day(field: &'static str, text: &str) -> Result<Date, Fault> {
    if text.is_empty() {
        return Err(Fault::new(field, "is missing"));
    }
    let formed = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let date = formed.then(|| text.parse().ok()).flatten();
    let reason = || format!("`{}` is not a day such as 2023-02-10", shown(text));
    date.ok_or_else(|| Fault::new(field, reason()))
}

pub(super) fn currency(field: &'static str, text: &str) -> Result<Currency, Fault> {
    if text.is_empty() {
        return Err(Fault::new(field, "is missing"));
    }
    let reason = || format!("`{}` is not an ISO 4217 currency", shown(text));
    Currency::parse(text).map_err(|_| Fault::new(field, reason()))
}

/// A price: above zero, and in whole minor units.
pub(super) fn price(
    field: &'static str,
    amount: Decimal,
    currency: Currency,
) -> Result<Money, Fault> {
    if amount.is_zero() {
        return Err(Fault::new(field, "is zero: a size without a price"));
    }
    if amount.is_sign_negative() {
        return Err(Fault::new(field, "is negative"));
    }
    Money::from_decimal(amount, currency).map_err(|fault| match fault {
        MoneyError::TooFine(_) => {
            let digits = currency.exponent();
            Fault::new(field, format!("{amount} has more decimals than {currency} has ({digits})"))
        }
        _ => Fault::new(field, format!("{amount} is too large")),
    })
}

/// Where a price holds: a region's name in requests, or the one place of a type without regions.
pub(super) fn location(
    field: &'static str,
    text: &str,
    rt: &ResourceType,
) -> Result<String, Fault> {
    let location = text.to_ascii_lowercase();
    match rt.location {
        Placement::Global if location.is_empty() || location == GLOBAL => Ok(GLOBAL.to_owned()),
        Placement::Global => {
            let reason = format!("{} is sold without a region: leave it empty", rt.name);
            Err(Fault::new(field, reason))
        }
        Placement::Regional if location.is_empty() => Err(Fault::new(field, "is missing")),
        Placement::Regional => {
            let plain = location.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            if !plain || location.len() > MAX_FIELD {
                let reason = format!("`{}` is not a region's name such as westus", shown(text));
                return Err(Fault::new(field, reason));
            }
            Ok(location)
        }
    }
}

pub(super) fn resource_type<'a>(
    field: &'static str,
    text: &str,
    catalog: &'a Catalog,
) -> Result<&'a ResourceType, Fault> {
    if text.is_empty() {
        return Err(Fault::new(field, "is missing"));
    }
    let reason = || format!("`{}` is not a known resource type", shown(text));
    catalog.resource_type(text).ok_or_else(|| Fault::new(field, reason()))
}

/// A text as a reason may quote it: bounded, whatever the input.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 40;
    let clean = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    let mut shown: String = clean.take(LONGEST).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push_str("...");
    }
    shown
}
