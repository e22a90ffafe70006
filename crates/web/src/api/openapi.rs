//! The description of this API.

use super::asked::Asked;
use super::table::{Entry, open, run};
use crate::arm::{ArmError, RouteTable, json};
use crate::openapi;
use axum::http::{Method, StatusCode};
use axum::response::Response;

pub(super) fn routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    table.route(Method::GET, "/openapi.json", "OpenApi", &[], open(run!(show)))
}

/// The routes of this server as an OpenAPI document.
async fn show(asked: Asked) -> Result<Response, ArmError> {
    let shared = &asked.shared;
    let document = shared.description.get_or_init(|| {
        let written = openapi::write(&shared.table);
        // A server that is no sandbox has none of the sandbox's routes, which are described too.
        tracing::debug!(mistakes = ?written.mistakes, "described the routes");
        written.document
    });
    Ok(json(StatusCode::OK, document))
}
