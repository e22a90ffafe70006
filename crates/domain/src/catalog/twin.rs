//! Sizes that differ only in premium storage.

use super::series::vm_series;
use serde::Deserialize;

/// A size that differs from another only in premium storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PremiumTwin {
    /// Its name, spelled as sizes are.
    pub sku: String,
    /// Whether it is the one of the two that has premium storage.
    pub has_premium: bool,
}

/// Two series whose sizes of the same number are twins.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TwinSeries {
    pub without: String,
    pub with: String,
}

/// The twin of a size among series that come in pairs; `None` for a size of another series.
pub(super) fn premium_twin(pairs: &[TwinSeries], sku: &str) -> Option<PremiumTwin> {
    // Promotional sizes are covered by no reservation.
    if sku.to_ascii_lowercase().ends_with("_promo") {
        return None;
    }
    let series = vm_series(sku)?;
    let (twin_series, has_premium) = pairs.iter().find_map(|pair| {
        let is = |name: &str| series.eq_ignore_ascii_case(name);
        if is(&pair.without) {
            Some((&pair.with, true))
        } else if is(&pair.with) {
            Some((&pair.without, false))
        } else {
            None
        }
    })?;
    let name = if has_premium { with_premium(sku)? } else { without_premium(sku)? };
    // The name says its series, so a name that was put together wrongly is noticed.
    let fits = vm_series(&name).is_some_and(|found| found.eq_ignore_ascii_case(twin_series));
    fits.then_some(PremiumTwin { sku: name, has_premium })
}

/// A size's name in parts: `Standard_` `D` `11` `` `_v2`.
struct Parts<'n> {
    tier: &'n str,
    family: &'n str,
    number: &'n str,
    features: &'n str,
    rest: &'n str,
}

fn parts(sku: &str) -> Option<Parts<'_>> {
    let split = |text, at: usize| -> (&str, &str) { str::split_at(text, at) };
    let (tier, name) = split(sku, sku.find('_')? + 1);
    let (base, rest) = split(name, name.find('_').unwrap_or(name.len()));
    let (family, numbered) = split(base, base.find(|letter: char| letter.is_ascii_digit())?);
    let end = numbered.find(|letter: char| !letter.is_ascii_digit() && letter != '-');
    let (number, features) = split(numbered, end.unwrap_or(numbered.len()));
    Some(Parts { tier, family, number, features, rest })
}

/// The first generations write premium storage behind the family (`DS2_v2`), later ones behind the
/// features (`D2s_v3`).
fn with_premium(sku: &str) -> Option<String> {
    let Parts { tier, family, number, features, rest } = parts(sku)?;
    let early = matches!(family, "D" | "G") && matches!(rest, "" | "_v2");
    Some(if early {
        format!("{tier}{family}S{number}{features}{rest}")
    } else {
        format!("{tier}{family}{number}{features}s{rest}")
    })
}

fn without_premium(sku: &str) -> Option<String> {
    let Parts { tier, family, number, features, rest } = parts(sku)?;
    match (family, features.strip_suffix('s')) {
        ("DS" | "GS", _) => {
            let family = family.strip_suffix('S')?;
            Some(format!("{tier}{family}{number}{features}{rest}"))
        }
        (_, Some(features)) => Some(format!("{tier}{family}{number}{features}{rest}")),
        (_, None) => None,
    }
}
