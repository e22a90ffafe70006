//! .
pub mod postgres;
