//! The versions of the reservation API that are spoken.

/// A version of Microsoft.Capacity; a later one compares greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// Lists, updates, splits, merges and revisions; the catalog is a bare array.
    V2017_11_01,
    V2018_06_01Preview,
    /// The resource type, instance flexibility and SKU description.
    V2018_06_01,
    /// Prices and purchases, billing plans, renewal, archiving, available scopes.
    V2019_04_01,
    /// Exchanges.
    V2020_10_01Preview,
    /// Change of directory, and nothing else.
    V2020_11_15Preview,
    /// The list over all orders; display states and utilization.
    V2021_07_01,
    /// Returns.
    V2022_03_01,
    /// Catalogs have pages; management groups and `appliedScopeProperties`.
    V2022_11_01,
}

impl Version {
    /// From the oldest on.
    pub const ALL: [Version; 9] = [
        Version::V2017_11_01,
        Version::V2018_06_01Preview,
        Version::V2018_06_01,
        Version::V2019_04_01,
        Version::V2020_10_01Preview,
        Version::V2020_11_15Preview,
        Version::V2021_07_01,
        Version::V2022_03_01,
        Version::V2022_11_01,
    ];

    /// Reads `2022-11-01`; letter case does not matter to ARM (`-Preview`).
    pub fn parse(text: &str) -> Option<Version> {
        Version::ALL.into_iter().find(|version| version.as_str().eq_ignore_ascii_case(text))
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Version::V2017_11_01 => "2017-11-01",
            Version::V2018_06_01Preview => "2018-06-01-preview",
            Version::V2018_06_01 => "2018-06-01",
            Version::V2019_04_01 => "2019-04-01",
            Version::V2020_10_01Preview => "2020-10-01-preview",
            Version::V2020_11_15Preview => "2020-11-15-preview",
            Version::V2021_07_01 => "2021-07-01",
            Version::V2022_03_01 => "2022-03-01",
            Version::V2022_11_01 => "2022-11-01",
        }
    }
}
