//! Whether the server can do its work.

use super::asked::Asked;
use crate::arm::{self, ArmError};
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::identity::issuers;
use prorata_app::worker;
use serde_json::json;

/// 200 when the database answers, with how many jobs were given up and how the keys of other
/// issuers stand.
pub(super) async fn show(asked: Asked) -> Result<Response, ArmError> {
    let parked = asked.app().read_async(|tx, _app| worker::parked(tx)).await;
    let parked = parked.map_err(|error| asked.problem(error))?;
    let issuers = issuers::list(asked.app()).into_iter();
    let issuers: Vec<_> = issuers
        .map(|shown| json!({ "id": shown.row.id, "keys": shown.standing.as_str() }))
        .collect();
    let body = json!({ "status": "ok", "parkedJobs": parked, "issuers": issuers });
    Ok(arm::json(StatusCode::OK, &body))
}
