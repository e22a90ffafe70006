//! The JSON shapes of the cloud's reservation API: requests in, answers out.
//!
//! Reading gathers every fault of a request before it gives up, each with the JSON path of the
//! member and the way to mend it; members that are not known are ignored. What was read is a value
//! of the domain. Writing takes values of the domain and gives JSON; it decides nothing.

pub mod activity_log;
pub mod authorization;
pub mod billing;
pub mod billing_benefits;
mod body;
pub mod consumption;
pub(crate) mod fault;
mod ids;
pub mod management;
pub(crate) mod member;
pub mod metadata;
mod number;
pub mod published;
mod query;
pub mod resources;
pub mod support;
pub mod v2022_11_01;
mod version;

pub use body::parse as parse_body;
pub use fault::Fault;
pub use ids::{
    ScopePath, operation_result_id, order_id, parse_order_id, parse_reservation_id, parse_scope,
    parse_subscription, reservation_id, subscription_id,
};
pub use member::is_plain;
pub use number::{amount, day, hourly_price, instant, price};
pub use query::{Field, Filter, FilterValue, OrderBy, parse_filter, parse_order_by};
pub use version::Version;
