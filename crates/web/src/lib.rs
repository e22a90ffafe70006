//! The HTTP server: the ARM-style API and the portal.

pub mod api;
pub mod arm;
pub mod limits;
pub mod server;
pub mod tls;
pub mod uri;
