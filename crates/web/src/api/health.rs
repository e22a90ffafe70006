//! Whether the server can do its work.

use super::asked::Asked;
use crate::arm::{ArmError, json};
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::worker;

/// 200 when the database answers, with how many jobs were given up.
pub(super) async fn show(asked: Asked) -> Result<Response, ArmError> {
    let parked = asked.app().read_async(|tx, _app| worker::parked(tx)).await;
    let parked = parked.map_err(|error| asked.problem(error))?;
    let body = serde_json::json!({ "status": "ok", "parkedJobs": parked });
    Ok(json(StatusCode::OK, &body))
}
