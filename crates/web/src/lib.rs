//! The HTTP server: the ARM-style API and the portal.

pub mod api;
pub mod arm;
pub mod limits;
mod openapi;
pub mod portal;
pub mod server;
pub mod tls;
pub mod uri;

use axum::Router;
use prorata_app::App;

/// How a server is set up.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Serves the routes of test benches; without it they do not exist.
    pub sandbox: bool,
    /// Whether the portal's cookies travel over TLS only: the server's own, or a proxy's.
    pub secure_cookies: bool,
}

/// Everything that is served, with the edge around it.
pub fn router(app: App, options: Options) -> Router {
    let api = api::router(app.clone(), api::Options { sandbox: options.sandbox });
    let pages = portal::router(app, options.secure_cookies);
    arm::with_edge(api.merge(pages), arm::Edge::default())
}
