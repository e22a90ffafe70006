//! The shapes of api-version 2022-11-01; where 2022-03-01 differs, functions take the version.

pub mod applied;
pub mod catalog;
pub mod directory;
pub mod exchange;
pub(in crate::azure) mod limits;
pub mod operations;
pub mod order;
pub mod purchase;
pub mod rearrange;
pub mod refund;
pub mod refused;
pub mod renewal;
pub mod reservation;
pub(in crate::azure) mod scope;
pub mod update;

pub use limits::DISPLAY_NAME_CHARS_MAX;
