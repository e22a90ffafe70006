//! Rows that change over time: prices, size-flexibility ratios, sizes.

use crate::commit_units::CommitUnits;
use crate::term::{BillingPlan, Term};
use jiff::civil::Date;
use prorata_ledger::{Currency, Money};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// SKU names, locations and groups compare without case; this is the form they compare in.
pub fn sku_key(text: &str) -> String {
    text.to_ascii_lowercase()
}

/// The price of one unit for a whole term, from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceRow {
    /// The type's own name, such as `VirtualMachines`.
    pub resource_type: String,
    /// The SKU as its maker spells it; compares without case.
    pub sku: String,
    /// The region's name in requests, in lower case, or [`super::GLOBAL`].
    pub location: String,
    pub term: Term,
    /// `None`: the price holds for every plan that the type allows.
    pub billing_plan: Option<BillingPlan>,
    /// The currency of `unit_total`.
    pub currency: Currency,
    /// What one unit costs for the whole term.
    pub unit_total: Money,
    /// The first UTC day of the price; it holds until a later row of the same product.
    pub since: Date,
    /// The series that clauses name, such as `Dsv3`.
    pub series: Option<String>,
    pub tier: Option<String>,
    pub size: Option<String>,
    pub flexibility_group: Option<String>,
    /// What one unit of a pre-purchase plan holds; nothing for what is none.
    pub commit_units: Option<CommitUnits>,
}

/// What makes two price rows the same: product, plan, currency and day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PriceKey {
    pub resource_type: String,
    pub sku: String,
    pub location: String,
    pub term: Term,
    pub billing_plan: Option<BillingPlan>,
    pub currency: Currency,
    pub since: Date,
}

impl PriceRow {
    pub fn key(&self) -> PriceKey {
        PriceKey {
            resource_type: sku_key(&self.resource_type),
            sku: sku_key(&self.sku),
            location: sku_key(&self.location),
            term: self.term,
            billing_plan: self.billing_plan,
            currency: self.currency,
            since: self.since,
        }
    }
}

/// How much one SKU counts within its flexibility group, from a day on.
///
/// A SKU can be in several groups (throughput units are in one group per region), so group and
/// SKU together are the key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatioRow {
    pub group: String,
    pub sku: String,
    /// Exact, and not always whole: `2.1`.
    pub ratio: Decimal,
    /// The first UTC day of the ratio.
    pub since: Date,
}

impl RatioRow {
    pub fn key(&self) -> (String, String, Date) {
        (sku_key(&self.group), sku_key(&self.sku), self.since)
    }
}

/// A virtual machine size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SizeRow {
    /// `Standard_D2s_v3`.
    pub name: String,
    /// `Standard`.
    pub tier: String,
    /// `D2s_v3`.
    pub size: String,
    /// The quota family, such as `standardDSv3Family`.
    pub family: String,
    pub vcpus: u32,
    /// Fewer than `vcpus` for a size with constrained cores.
    pub vcpus_available: u32,
    pub memory_gb: Decimal,
    pub premium_storage: bool,
    /// `x64` or `Arm64`.
    pub architecture: Option<String>,
    pub gpus: Option<u32>,
    /// The size that this one is a constrained form of.
    pub parent_size: Option<String>,
    pub superseded_by: Option<String>,
    /// The UTC day on which the size is switched off.
    pub retires: Option<Date>,
    pub max_data_disks: Option<u32>,
}

impl SizeRow {
    pub fn key(&self) -> String {
        sku_key(&self.name)
    }
}
