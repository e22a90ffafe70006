//! What can be reserved: resource types, regions, and the rows of prices, ratios and sizes.
//!
//! Pure: texts in, values out. The built-in texts are files under `catalog/azure`; prices from
//! elsewhere are read by the importers of the wire crate into the same [`PriceRow`].

mod file;
mod resource_type;
mod row;
mod series;
mod twin;
pub mod types;

pub use file::CatalogError;
pub use resource_type::{ResourceType, RetailName, SkuNaming, TypeValue};
pub use row::{PriceKey, PriceRow, RatioRow, SizeRow, sku_key};
pub use series::{later_versions, vm_series};
pub use twin::{PremiumTwin, TwinSeries};

use crate::term::Term;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The small price list that ships with the product, in the CSV form that `prices import` reads.
/// Its comments say where each figure is from.
pub const SAMPLE_PRICES: &str = include_str!("../../../catalog/azure/sample-prices.csv");

/// The location of a product that is sold without a region.
pub const GLOBAL: &str = "global";

/// Whether a price of a type belongs to one region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Placement {
    Regional,
    Global,
}

/// A region under its three names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// The name in requests, such as `westus`.
    pub arm: String,
    /// The name in product titles, such as `US West`.
    pub title: String,
    /// The name in a list for people, such as `West US`.
    pub name: String,
}

/// Every resource type and region that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalog {
    types: BTreeMap<String, ResourceType>,
    regions: BTreeMap<String, Region>,
    twins: Vec<TwinSeries>,
}

impl Catalog {
    /// The catalog that ships with the product.
    pub fn built_in() -> Catalog {
        Catalog::parse(
            include_str!("../../../catalog/azure/resource-types.toml"),
            include_str!("../../../catalog/azure/regions.toml"),
            include_str!("../../../catalog/azure/premium-storage-twins.toml"),
        )
        .expect("the built-in texts are read by a test")
    }

    /// Reads a catalog from the texts of `resource-types.toml`, `regions.toml` and
    /// `premium-storage-twins.toml`.
    ///
    /// # Errors
    /// [`CatalogError`] naming the text and the place: unreadable TOML, an unknown or missing
    /// member, a name that is empty or given twice, a type without terms or plans.
    pub fn parse(
        resource_types: &str,
        regions: &str,
        twins: &str,
    ) -> Result<Catalog, CatalogError> {
        Ok(Catalog {
            types: file::resource_types(resource_types)?,
            regions: file::regions(regions)?,
            twins: file::twins(twins)?,
        })
    }

    /// A type by its name (`VirtualMachines`) or catalog name, in any casing.
    pub fn resource_type(&self, name: &str) -> Option<&ResourceType> {
        self.types.get(&name.to_ascii_lowercase())
    }

    /// Every type, by name.
    pub fn resource_types(&self) -> impl Iterator<Item = &ResourceType> {
        self.types.values()
    }

    /// The type that a row of the public retail price list is about. An entry that names a part
    /// of the product wins over one that names the service alone.
    pub fn retail_type(&self, service: &str, product: &str) -> Option<&ResourceType> {
        let product = product.to_ascii_lowercase();
        self.types
            .values()
            .flat_map(|rt| rt.retail.iter().map(move |name| (name, rt)))
            .filter(|(name, _)| name.service.eq_ignore_ascii_case(service))
            .filter(|(name, _)| product.contains(&name.product.to_ascii_lowercase()))
            .max_by_key(|(name, _)| name.product.len())
            .map(|(_, rt)| rt)
    }

    /// The size that differs from this one only in premium storage, for types whose sizes do.
    pub fn premium_twin(&self, resource_type: &str, sku: &str) -> Option<PremiumTwin> {
        match self.resource_type(resource_type)?.sku_naming? {
            SkuNaming::VmSize => twin::premium_twin(&self.twins, sku),
        }
    }

    pub fn region(&self, arm: &str) -> Option<&Region> {
        self.regions.get(&arm.to_ascii_lowercase())
    }

    /// Every region, by its name in requests.
    pub fn regions(&self) -> impl Iterator<Item = &Region> {
        self.regions.values()
    }

    /// A region as product titles show it; one that is not listed shows as it was given.
    pub fn region_title<'a>(&'a self, arm: &'a str) -> &'a str {
        self.region(arm).map_or(arm, |region| &region.title)
    }
}

/// `Reserved VM Instance, Standard_B1ls, US West, 1 Year`; without the region for a type that is
/// sold without one. Source: recorded quote of 2023-02-10.
pub fn product_title(rt: &ResourceType, sku: &str, region_title: &str, term: Term) -> String {
    match rt.location {
        Placement::Regional => format!("{}, {sku}, {region_title}, {}", rt.title, term.title()),
        Placement::Global => format!("{}, {sku}, {}", rt.title, term.title()),
    }
}

#[cfg(test)]
mod tests;
