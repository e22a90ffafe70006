//! The JSON shapes of the cloud's reservation API: requests in, answers out.
//!
//! Reading gathers every fault of a request before it gives up, each with the JSON path of the
//! member and the way to mend it; members that are not known are ignored. What was read is a value
//! of the domain. Writing takes values of the domain and gives JSON; it decides nothing.

mod body;
mod fault;
mod ids;
mod member;
pub mod metadata;
mod number;
mod query;
pub mod resources;
pub mod v2022_11_01;

pub use body::parse as parse_body;
pub use fault::Fault;
pub use ids::{
    ScopePath, operation_result_id, order_id, parse_order_id, parse_reservation_id, parse_scope,
    parse_subscription, reservation_id, subscription_id,
};
pub use number::{amount, day, instant, price};
pub use query::{Field, Filter, FilterValue, OrderBy, parse_filter, parse_order_by};

/// A version of the API that is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// Catalogs are bare arrays; no management group as an applied scope.
    V2022_03_01,
    /// Catalogs have pages; management groups and `appliedScopeProperties`.
    V2022_11_01,
}

impl Version {
    pub const ALL: [Version; 2] = [Version::V2022_03_01, Version::V2022_11_01];

    /// Reads `2022-11-01`; letter case does not matter to ARM (`-Preview`).
    pub fn parse(text: &str) -> Option<Version> {
        Version::ALL.into_iter().find(|version| version.as_str().eq_ignore_ascii_case(text))
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Version::V2022_03_01 => "2022-03-01",
            Version::V2022_11_01 => "2022-11-01",
        }
    }
}
