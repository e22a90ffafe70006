//! The shapes of outside contracts: JSON and CSV in, values of the domain out, and back.
//!
//! Nothing is decided here and nothing is stored. The server, the CLI and the tests read and write
//! the same shapes by the same functions.

pub mod access;
pub mod audit;
pub mod azure;
pub mod cloud_event;
pub mod explanation;
pub mod import;
pub mod notification;
pub mod partner;
pub mod people;
pub mod receiver;
pub mod request;
pub mod rights;
pub mod support;
pub mod usage;
