//! The ARM error envelope.

use std::borrow::Cow;

use axum::http::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;

/// An answer that is not the one asked for, as ARM clients read it.
///
/// Rendered as `{"error":{"code","message","target","details","additionalInfo"}}`; members without
/// a value are left out.
#[derive(Clone, Debug, PartialEq)]
pub struct ArmError {
    /// The HTTP status.
    pub status: StatusCode,
    /// The code that programs branch on.
    pub code: Cow<'static, str>,
    /// What went wrong and what to do about it, in the caller's words.
    pub message: String,
    /// The field, parameter or resource meant, e.g. `properties.quantity`.
    pub target: Option<String>,
    /// All faults of the request when there are several.
    pub details: Vec<Detail>,
    /// Rare additions, boxed to keep a `Result` with this error small.
    extra: Option<Box<Extra>>,
}

/// One of several faults.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Detail {
    /// The code of this fault.
    pub code: Cow<'static, str>,
    /// What is wrong with it and how to mend it.
    pub message: String,
    /// The field meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Extra {
    headers: HeaderMap,
    info: Vec<Info>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Info {
    #[serde(rename = "type")]
    kind: Cow<'static, str>,
    info: Value,
}

impl ArmError {
    /// An error with a status, a code and a message.
    pub fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            status,
            code: code.into(),
            message: message.into(),
            target: None,
            details: Vec::new(),
            extra: None,
        }
    }

    /// 400 with a code.
    pub fn bad_request(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// 404 with a code.
    pub fn not_found(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, message)
    }

    /// 409 with a code. Never use `MissingSubscriptionRegistration`: clients then try to register
    /// the provider.
    pub fn conflict(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, message)
    }

    /// 403 `AuthorizationFailed`; the message should name the client, the action and the scope.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "AuthorizationFailed", message)
    }

    /// 405 `HttpMethodNotSupported` with the `Allow` header.
    pub fn method_not_supported(method: &Method, allowed: &[&Method]) -> Self {
        let allow = allowed.iter().map(|m| m.as_str()).collect::<Vec<_>>().join(", ");
        let message = format!("The method `{method}` is not supported here. Supported: {allow}.");
        let error = Self::new(StatusCode::METHOD_NOT_ALLOWED, "HttpMethodNotSupported", message);
        match HeaderValue::from_str(&allow) {
            Ok(allow) => error.with_header(axum::http::header::ALLOW, allow),
            Err(_) => error,
        }
    }

    /// 500 that tells the caller a reference number only; the cause is in the log beside it.
    pub fn internal(reference: impl std::fmt::Display) -> Self {
        let message = format!(
            "Something failed on our side and the request was not carried out. \
             Give the operator the reference {reference}."
        );
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", message)
    }

    /// 503 `ServerBusy` with the seconds after which trying again makes sense, at least one.
    pub fn busy(message: impl Into<String>, retry_after: u32) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "ServerBusy", message)
            .with_header(RETRY_AFTER, HeaderValue::from(retry_after.max(1)))
    }

    /// 429 `TooManyRequests` with the seconds to wait, at least one.
    pub fn too_many(message: impl Into<String>, retry_after: u32) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", message)
            .with_header(RETRY_AFTER, HeaderValue::from(retry_after.max(1)))
    }

    /// 413 naming the limit in bytes.
    pub fn body_too_large(limit: usize) -> Self {
        let message = format!(
            "The request body is larger than the limit of {limit} bytes. \
             Send less in one request."
        );
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", message)
    }

    /// The same with the field, parameter or resource meant.
    #[must_use]
    pub fn with_target(mut self, target: impl Into<String>) -> Self {
        self.target = Some(target.into());
        self
    }

    /// The same with one more fault.
    #[must_use]
    pub fn with_detail(
        mut self,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
        target: Option<String>,
    ) -> Self {
        self.details.push(Detail { code: code.into(), message: message.into(), target });
        self
    }

    /// The same with one more response header.
    ///
    /// A `Retry-After` is dropped on any 4xx but 429: the Python client resends every request
    /// whose answer carries one, whatever its status.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        if name != RETRY_AFTER || may_retry_after(self.status) {
            self.extra.get_or_insert_default().headers.insert(name, value);
        }
        self
    }

    /// The same with one `additionalInfo` row, for findings and repairs.
    #[must_use]
    pub fn with_info(mut self, kind: impl Into<Cow<'static, str>>, info: Value) -> Self {
        self.extra.get_or_insert_default().info.push(Info { kind: kind.into(), info });
        self
    }

    /// The response headers added beside the usual ones.
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.extra.as_ref().map(|extra| &extra.headers)
    }
}

impl std::fmt::Display for ArmError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}: {}", self.status.as_u16(), self.code, self.message)
    }
}

impl std::error::Error for ArmError {}

/// Whether an answer of this status may carry `Retry-After`.
pub(super) fn may_retry_after(status: StatusCode) -> bool {
    status == StatusCode::TOO_MANY_REQUESTS || !status.is_client_error()
}

#[derive(Serialize)]
struct Envelope<'a> {
    error: Inner<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Inner<'a> {
    code: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    details: &'a [Detail],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    additional_info: &'a [Info],
}

impl IntoResponse for ArmError {
    fn into_response(self) -> Response {
        let envelope = Envelope {
            error: Inner {
                code: &self.code,
                message: &self.message,
                target: self.target.as_deref(),
                details: &self.details,
                additional_info: self.extra.as_ref().map_or(&[], |extra| &extra.info),
            },
        };
        let mut response = super::json(self.status, &envelope);
        if let Some(extra) = self.extra {
            response.headers_mut().extend(extra.headers);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    async fn rendered(error: ArmError) -> (StatusCode, HeaderMap, Value) {
        let response = error.into_response();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        (parts.status, parts.headers, serde_json::from_slice(&bytes).unwrap())
    }

    #[tokio::test]
    async fn the_envelope_leaves_out_what_is_not_there() {
        let (status, headers, body) =
            rendered(ArmError::bad_request("BadRequest", "The field `x` is missing.")).await;
        assert_eq!(status, 400);
        assert_eq!(headers["content-type"], "application/json; charset=utf-8");
        assert_eq!(
            body,
            json!({"error": {"code": "BadRequest", "message": "The field `x` is missing."}})
        );
    }

    #[tokio::test]
    async fn the_envelope_carries_all_faults() {
        let error = ArmError::bad_request("BadRequest", "Two fields are wrong.")
            .with_target("properties")
            .with_detail("InvalidRefundQuantity", "Give 1 or more.", Some("quantity".into()))
            .with_detail("BadRequest", "Give a term.", None)
            .with_info("Repair", json!({"quantity": 2}));
        let (_, _, body) = rendered(error).await;
        assert_eq!(
            body,
            json!({"error": {
                "code": "BadRequest", "message": "Two fields are wrong.", "target": "properties",
                "details": [
                    {"code": "InvalidRefundQuantity", "message": "Give 1 or more.",
                     "target": "quantity"},
                    {"code": "BadRequest", "message": "Give a term."},
                ],
                "additionalInfo": [{"type": "Repair", "info": {"quantity": 2}}],
            }})
        );
    }

    #[tokio::test]
    async fn retry_after_is_for_429_and_5xx_only_and_never_zero() {
        let wait = HeaderValue::from(5);
        for status in [400, 401, 403, 404, 409, 413, 408] {
            let error = ArmError::new(StatusCode::from_u16(status).unwrap(), "X", "x")
                .with_header(RETRY_AFTER, wait.clone());
            assert!(rendered(error).await.1.get(RETRY_AFTER).is_none(), "{status}");
        }
        assert_eq!(rendered(ArmError::too_many("x", 0)).await.1[RETRY_AFTER], "1");
        assert_eq!(rendered(ArmError::busy("x", 0)).await.1[RETRY_AFTER], "1");
    }

    #[tokio::test]
    async fn a_wrong_verb_names_the_right_ones() {
        let error = ArmError::method_not_supported(&Method::PUT, &[&Method::GET, &Method::POST]);
        let (status, headers, body) = rendered(error).await;
        assert_eq!(status, 405);
        assert_eq!(headers["allow"], "GET, POST");
        assert_eq!(body["error"]["code"], "HttpMethodNotSupported");
    }

    #[test]
    fn a_result_with_this_error_stays_small() {
        assert!(size_of::<ArmError>() < 128);
    }
}
