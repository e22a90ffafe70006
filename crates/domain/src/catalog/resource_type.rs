//! A kind of resource that can be reserved, and what held of it on any day.

use super::{Placement, vm_series};
use crate::commit_units::CommitUnits;
use crate::term::{BillingPlan, Term};
use jiff::civil::Date;
use serde::{Deserialize, Deserializer};

/// How the SKU names of a type are built, where that tells something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SkuNaming {
    /// `Standard_D2s_v3`: family, size, features and version; see [`vm_series`].
    VmSize,
}

/// How the public retail price list names a type.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetailName {
    /// The service, exactly (letter case ignored).
    pub service: String,
    /// A part of the product name; empty for every product of the service.
    #[serde(default)]
    pub product: String,
}

/// What holds of a type from a day on, until the next of its values.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypeValue {
    #[serde(deserialize_with = "day")]
    pub since: Date,
    /// Whether it can be bought and renewed; what runs goes on either way.
    #[serde(default = "yes")]
    pub sold: bool,
    /// The longest list of terms; a SKU has those of them that it has a price for.
    pub terms: Vec<Term>,
    pub billing_plans: Vec<BillingPlan>,
    /// What a quantity of one is, in words.
    pub unit: String,
    /// Whether a reservation of one size covers others of its group by ratio.
    pub size_flexible: bool,
    /// The article that says so.
    pub source: String,
}

/// A kind of resource that can be reserved. Types are data: the set is open.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceType {
    /// The name in requests and answers, such as `VirtualMachines`.
    pub name: String,
    /// The name in catalog rows, such as `virtualMachines`.
    pub catalog_name: String,
    /// How product titles begin.
    pub title: String,
    pub location: Placement,
    #[serde(default)]
    pub sku_naming: Option<SkuNaming>,
    /// Whether a reservation of it is a plan that holds commit units, which drain as usage is paid
    /// from them.
    #[serde(default)]
    pub pre_purchase: bool,
    #[serde(default)]
    pub retail: Vec<RetailName>,
    #[serde(default)]
    pub note: String,
    /// Never empty; days rise.
    #[serde(rename = "value")]
    pub values: Vec<TypeValue>,
}

impl ResourceType {
    /// The value in force on a day; before the first day, the first.
    pub fn on(&self, day: Date) -> &TypeValue {
        let begun = self.values.partition_point(|value| value.since <= day);
        &self.values[begun.saturating_sub(1)]
    }

    /// Since when it is not sold, where it is not on a day.
    pub fn stopped_on(&self, day: Date) -> Option<&TypeValue> {
        Some(self.on(day)).filter(|value| !value.sold)
    }

    /// The series that clauses name for a SKU of this type, where its name tells one.
    pub fn series_of(&self, sku: &str) -> Option<String> {
        match self.sku_naming? {
            SkuNaming::VmSize => vm_series(sku),
        }
    }

    /// Whether it was sold for the term on some day: price lists are of all days.
    pub fn offers(&self, term: Term) -> bool {
        self.values.iter().any(|value| value.terms.contains(&term))
    }

    /// Whether it was paid by the plan on some day.
    pub fn allows(&self, plan: BillingPlan) -> bool {
        self.values.iter().any(|value| value.billing_plans.contains(&plan))
    }

    /// Checks what a price row says of commit units: `Some(None)` where what it says cannot be
    /// read.
    ///
    /// # Errors
    /// What the row must say instead.
    pub fn check_commit_units(
        &self,
        said: Option<Option<CommitUnits>>,
    ) -> Result<(), &'static str> {
        match (self.pre_purchase, said) {
            (true, Some(Some(units))) if !units.is_zero() => Ok(()),
            // A plan of which no commit units are known can be held, and drains nothing.
            (_, None) => Ok(()),
            (false, Some(_)) => Err("must be left out: only pre-purchase plans hold commit units"),
            (true, Some(_)) => Err("must be a number above 0 with at most six decimals"),
        }
    }

    /// Every term that it was ever sold for, shortest first.
    pub fn all_terms(&self) -> Vec<Term> {
        let mut terms: Vec<Term> =
            self.values.iter().flat_map(|value| value.terms.iter().copied()).collect();
        terms.sort_unstable();
        terms.dedup();
        terms
    }
}

fn yes() -> bool {
    true
}

/// A date in TOML's own notation.
fn day<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    let text = toml::value::Datetime::deserialize(from)?.to_string();
    text.parse().map_err(serde::de::Error::custom)
}
