//! Answers in the shapes that ARM clients expect.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;

use super::ArmError;

/// The content type of every JSON answer.
pub(super) const JSON_UTF8: HeaderValue =
    HeaderValue::from_static("application/json; charset=utf-8");

const ASYNC_OPERATION: HeaderName = HeaderName::from_static("azure-asyncoperation");

/// A JSON answer.
pub fn json(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(bytes) => {
            let mut response = Response::new(Body::from(bytes));
            *response.status_mut() = status;
            response.headers_mut().insert(CONTENT_TYPE, JSON_UTF8);
            response
        }
        Err(error) => {
            let reference = uuid::Uuid::new_v4();
            tracing::error!(%reference, %error, "an answer could not be written as JSON");
            ArmError::internal(reference).into_response()
        }
    }
}

/// An answer without a body, e.g. 200 of archive.
pub fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// 202 of a long-running operation.
///
/// `location` and `async_operation` must be absolute (clients in Go refuse others). `retry_after`
/// is in seconds; 0 becomes 1, because Python takes 0 for absent and sleeps 30 s.
pub fn accepted(
    body: Option<Value>,
    location: String,
    async_operation: Option<String>,
    retry_after: u32,
) -> Response {
    let mut response = match body {
        Some(body) => json(StatusCode::ACCEPTED, &body),
        None => empty(StatusCode::ACCEPTED),
    };
    let headers = response.headers_mut();
    put_url(headers, LOCATION, &location);
    if let Some(url) = async_operation {
        put_url(headers, ASYNC_OPERATION, &url);
    }
    headers.insert(RETRY_AFTER, HeaderValue::from(retry_after.max(1)));
    response
}

/// 200 of an operation that has ended already, with the absolute URL where its result stays.
pub fn done(body: &Value, location: &str) -> Response {
    let mut response = json(StatusCode::OK, body);
    put_url(response.headers_mut(), LOCATION, location);
    response
}

/// 201 of a resource that is being made: its body, and where to look how far it is.
pub fn created(body: &Value, async_operation: &str, retry_after: u32) -> Response {
    let mut response = json(StatusCode::CREATED, body);
    let headers = response.headers_mut();
    put_url(headers, ASYNC_OPERATION, async_operation);
    headers.insert(RETRY_AFTER, HeaderValue::from(retry_after.max(1)));
    response
}

/// 200 of a poll while the operation still runs: the body, both headers again, and the wait.
pub fn polling(body: &Value, url: &str, retry_after: u32) -> Response {
    let mut response = json(StatusCode::OK, body);
    let headers = response.headers_mut();
    put_url(headers, LOCATION, url);
    put_url(headers, ASYNC_OPERATION, url);
    headers.insert(RETRY_AFTER, HeaderValue::from(retry_after.max(1)));
    response
}

fn put_url(headers: &mut HeaderMap, name: HeaderName, url: &str) {
    debug_assert!(url.starts_with("http"), "operation URLs are absolute: {url}");
    // `uri::absolute` leaves only printable ASCII, so this cannot fail for URLs made there.
    if let Ok(value) = HeaderValue::from_str(url) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepted_has_both_urls_and_waits_at_least_a_second() {
        let url = "https://localhost/providers/Microsoft.Capacity/operationResults/1".to_owned();
        let response = accepted(None, url.clone(), Some(url.clone()), 0);
        assert_eq!(response.status(), 202);
        assert_eq!(response.headers()["location"], url);
        assert_eq!(response.headers()["azure-asyncoperation"], url);
        assert_eq!(response.headers()["retry-after"], "1");
        assert!(response.headers().get("content-type").is_none());
    }

    #[test]
    fn an_order_answers_with_a_body_and_its_location_only() {
        let url = "https://localhost/x".to_owned();
        let response = accepted(Some(serde_json::json!({"name": "x"})), url, None, 120);
        assert_eq!(response.headers()["content-type"], JSON_UTF8);
        assert_eq!(response.headers()["retry-after"], "120");
        assert!(response.headers().get("azure-asyncoperation").is_none());
    }
}
