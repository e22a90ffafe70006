//! What the provider offers.

use super::asked::Asked;
use crate::arm::{ArmError, json};
use axum::http::StatusCode;
use axum::response::Response;
use prorata_wire::azure::v2022_11_01::operations;

pub(super) async fn list(asked: Asked) -> Result<Response, ArmError> {
    Ok(json(StatusCode::OK, &operations::list(asked.version)))
}
