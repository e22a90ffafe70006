//! The manners of an ARM endpoint: the error envelope, the headers on every answer, long-running
//! shapes, request bodies, tokens, throttling and the route table.
//!
//! A handler parses with [`json_body`] and [`bearer`], answers with [`json`] or [`accepted`], and
//! fails with an [`ArmError`]. [`with_edge`] puts [`edge`] around all routes; it adds the headers,
//! the time limit and the net under a panic.

mod bearer;
mod body;
mod edge;
mod error;
mod pattern;
mod rate;
mod respond;
mod route;

pub use bearer::{bearer, challenge};
pub use body::{json_body, json_body_or_none, read_body, read_body_within};
pub use edge::{CallIds, Edge, edge, with_edge};
pub use error::{ArmError, Detail};
pub use pattern::{Captures, Pattern};
pub use rate::{Access, RateKey, RateLimits, Remaining};
pub use respond::{accepted, created, done, empty, json, polling};
pub use route::{Matched, Route, RouteTable};
