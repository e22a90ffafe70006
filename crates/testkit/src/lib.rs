//! What tests need and nobody ships: throw-away PostgreSQL clusters.

pub mod postgres;
