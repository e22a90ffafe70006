//! The sandbox of a test bench: a clock that stands still, and worlds to work on.

use super::asked::{Asked, read_one};
use crate::arm::{ArmError, json};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use jiff::Timestamp;
use prorata_app::world::Document;
use prorata_app::{App, Error, clock, world};
use serde_json::{Value, json as value};

/// Bytes of a world document: a price list of a hundred thousand rows is about 20 MiB of JSON.
const WORLD_BYTES_MAX: usize = 32 << 20;

pub(super) async fn clock(asked: Asked) -> Result<Response, ArmError> {
    Ok(shown(asked.app().now()))
}

/// Sets the clock, and answers when everything that fell due is done.
pub(super) async fn set_clock(asked: Asked) -> Result<Response, ArmError> {
    let body = asked.json().await?;
    let now =
        body.get("now").and_then(Value::as_str).and_then(|text| text.parse::<Timestamp>().ok());
    let Some(now) = now else {
        let message =
            "`now` is missing or not an instant; give one such as `2023-02-10T00:00:00Z`.";
        return Err(ArmError::bad_request("BadRequest", message).with_target("now"));
    };
    let set = blocking(&asked, move |app| clock::set(app, now)).await?;
    Ok(shown(set))
}

fn shown(now: Timestamp) -> Response {
    json(StatusCode::OK, &value!({ "now": now.to_string() }))
}

/// Applies a world document in JSON, or in TOML where the content type says so.
pub(super) async fn world(asked: Asked) -> Result<Response, ArmError> {
    let bytes = asked.bytes(WORLD_BYTES_MAX).await?;
    let kind = asked.parts.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let document = if kind.is_some_and(|kind| kind.contains("toml")) {
        from_toml(&bytes)?
    } else {
        // Read as a value first: that names the member at which it is not JSON.
        read_one(prorata_wire::azure::parse_body(&bytes))?;
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        serde_json::from_slice::<Document>(bytes).map_err(|error| invalid(&error.to_string()))?
    };
    let report = blocking(&asked, move |app| world::apply(app, document)).await?;
    Ok(json(StatusCode::OK, &report))
}

fn from_toml(bytes: &[u8]) -> Result<Document, ArmError> {
    let text = std::str::from_utf8(bytes).map_err(|error| invalid(&error.to_string()))?;
    toml::from_str(text).map_err(|error| invalid(&error.to_string()))
}

fn invalid(why: &str) -> ArmError {
    let message =
        format!("The world document cannot be read: {}.", why.trim_end_matches(['.', '\n']));
    ArmError::bad_request("InvalidRequestContent", message)
}

/// Runs what may take long away from the tasks that answer requests.
async fn blocking<T: Send + 'static>(
    asked: &Asked,
    work: impl FnOnce(&App) -> Result<T, Error> + Send + 'static,
) -> Result<T, ArmError> {
    let app = asked.app().clone();
    let done = tokio::task::spawn_blocking(move || work(&app)).await;
    done.unwrap_or_else(|error| Err(Error::Broken(error.to_string())))
        .map_err(|error| asked.problem(error))
}
