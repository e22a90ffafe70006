//! Whether the server can do its work.

use super::asked::Asked;
use crate::arm::{ArmError, json};
use axum::http::StatusCode;
use axum::response::Response;

/// 200 when the database answers.
pub(super) async fn show(asked: Asked) -> Result<Response, ArmError> {
    let answered = asked.app().read_async(|_tx, _app| Ok(())).await;
    answered.map_err(|error| asked.problem(error))?;
    Ok(json(StatusCode::OK, &serde_json::json!({ "status": "ok" })))
}
