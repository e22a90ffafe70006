//! Which versions of Microsoft.Capacity have an operation, newest first as answers name them.

use prorata_wire::azure::Version;

/// The versions that have more than one operation.
const EVERY: &[&str] = &[
    Version::V2022_11_01.as_str(),
    Version::V2022_03_01.as_str(),
    Version::V2021_07_01.as_str(),
    Version::V2020_10_01Preview.as_str(),
    Version::V2019_04_01.as_str(),
    Version::V2018_06_01.as_str(),
    Version::V2018_06_01Preview.as_str(),
    Version::V2017_11_01.as_str(),
];

const fn newest(count: usize) -> &'static [&'static str] {
    EVERY.split_at(count).0
}

/// Lists, updates, splits, merges, revisions, the catalog.
pub(super) const SINCE_2017: &[&str] = EVERY;

/// Prices, purchases, available scopes.
pub(super) const SINCE_2019: &[&str] = newest(5);

/// Exchanges.
pub(super) const SINCE_2020: &[&str] = newest(4);

/// The list over all orders.
pub(super) const SINCE_2021: &[&str] = newest(3);

/// Returns.
pub(super) const SINCE_2022: &[&str] = newest(2);

/// Archiving was not published between its first version and 2022-03-01.
pub(super) const ARCHIVE: &[&str] =
    &[Version::V2022_11_01.as_str(), Version::V2022_03_01.as_str(), Version::V2019_04_01.as_str()];

/// The change of directory has a preview of its own.
pub(super) const CHANGE_DIRECTORY: &[&str] = &[
    Version::V2022_11_01.as_str(),
    Version::V2022_03_01.as_str(),
    Version::V2021_07_01.as_str(),
    Version::V2020_11_15Preview.as_str(),
];
