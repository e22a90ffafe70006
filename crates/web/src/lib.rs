//! The HTTP server: the ARM-style API and the portal.

pub mod api;
pub mod arm;
pub mod guard;
pub mod limits;
mod openapi;
pub mod portal;
pub mod proxy;
pub mod server;
pub mod tls;
pub mod uri;

use axum::Router;
use guard::Guard;
/// What templates ask the message catalogs for.
pub(crate) use portal::language::{recorded, say, say_of, sideways};
use prorata_app::App;
use proxy::Proxies;
use std::sync::Arc;

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
    router_behind(app, options, Proxies::default())
}

/// The same behind proxies that are believed when they say whom they speak for.
pub fn router_behind(app: App, options: Options, proxies: Proxies) -> Router {
    let guard = Arc::new(Guard::default());
    let sandbox = options.sandbox;
    let api = api::guarded(app.clone(), api::Options { sandbox }, guard.clone());
    let pages = portal::guarded(app, options.secure_cookies, guard);
    arm::with_edge(api.merge(pages), arm::Edge { proxies, ..arm::Edge::default() })
}
