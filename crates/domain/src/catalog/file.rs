//! Reading the catalog's TOML texts.

use super::{Region, ResourceType, TwinSeries};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Why a catalog text was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogError {
    #[error("{file}: {reason}")]
    Unreadable { file: &'static str, reason: String },
    #[error("{file}: `{name}` {reason}")]
    Entry { file: &'static str, name: String, reason: &'static str },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypesText {
    #[serde(rename = "type")]
    types: Vec<ResourceType>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegionsText {
    #[serde(rename = "region")]
    regions: Vec<Region>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TwinsText {
    source: String,
    #[serde(rename = "read")]
    _read: toml::value::Datetime,
    series: Vec<TwinSeries>,
}

pub(super) fn resource_types(text: &str) -> Result<BTreeMap<String, ResourceType>, CatalogError> {
    const FILE: &str = "resource-types.toml";
    let read: TypesText = read(FILE, text)?;
    let mut types = BTreeMap::new();
    for rt in read.types {
        let entry = |reason| CatalogError::Entry { file: FILE, name: rt.name.clone(), reason };
        if rt.name.is_empty() || rt.title.is_empty() {
            return Err(entry("lacks a name or a title"));
        }
        // Lookups ignore case, so the two names may differ in nothing else.
        if !rt.name.eq_ignore_ascii_case(&rt.catalog_name) {
            return Err(entry("has a catalog_name that is another name"));
        }
        if rt.values.is_empty() {
            return Err(entry("has no values"));
        }
        if rt.values.windows(2).any(|pair| pair[0].since >= pair[1].since) {
            return Err(entry("has values whose days do not rise"));
        }
        if rt.values.iter().any(|value| value.terms.is_empty() || value.billing_plans.is_empty()) {
            return Err(entry("has no terms or no billing plans"));
        }
        if rt.values.iter().any(|value| value.unit.is_empty() || value.source.is_empty()) {
            return Err(entry("has a value without a unit or a source"));
        }
        if types.contains_key(&rt.name.to_ascii_lowercase()) {
            return Err(entry("is there twice"));
        }
        types.insert(rt.name.to_ascii_lowercase(), rt);
    }
    Ok(types)
}

pub(super) fn regions(text: &str) -> Result<BTreeMap<String, Region>, CatalogError> {
    const FILE: &str = "regions.toml";
    let read: RegionsText = read(FILE, text)?;
    let mut regions = BTreeMap::new();
    for region in read.regions {
        let entry = |reason| CatalogError::Entry { file: FILE, name: region.arm.clone(), reason };
        if region.arm.is_empty() || region.title.is_empty() || region.name.is_empty() {
            return Err(entry("lacks one of its names"));
        }
        if regions.contains_key(&region.arm.to_ascii_lowercase()) {
            return Err(entry("is there twice"));
        }
        regions.insert(region.arm.to_ascii_lowercase(), region);
    }
    Ok(regions)
}

pub(super) fn twins(text: &str) -> Result<Vec<TwinSeries>, CatalogError> {
    const FILE: &str = "premium-storage-twins.toml";
    let read: TwinsText = read(FILE, text)?;
    let entry = |name: &str, reason| CatalogError::Entry { file: FILE, name: name.into(), reason };
    if read.source.is_empty() {
        return Err(entry("source", "is empty"));
    }
    let mut names: Vec<String> = read
        .series
        .iter()
        .flat_map(|pair| [&pair.without, &pair.with])
        .map(|name| name.to_ascii_lowercase())
        .collect();
    names.sort_unstable();
    // A series with two partners would leave it open which is the twin.
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(entry(&pair[0], "is there twice")),
        None => Ok(read.series),
    }
}

fn read<'de, T: Deserialize<'de>>(file: &'static str, text: &'de str) -> Result<T, CatalogError> {
    toml::from_str(text)
        .map_err(|fault| CatalogError::Unreadable { file, reason: fault.to_string() })
}
