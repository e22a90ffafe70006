//! Reading request bodies within bounds.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_ENCODING, HeaderMap};
use serde_json::Value;

use super::ArmError;
use crate::limits::BODY_TIME;

/// The JSON body of a request, as a value and as the bytes that were sent.
///
/// The content type is not looked at: official clients and scripts differ in it. Nesting is bounded
/// by the parser (128 levels). Errors: 400 `InvalidRequestContent` when it is empty or cannot be
/// read, naming line and column; 408, 413 and 415 as in [`read_body`].
pub async fn json_body(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
) -> Result<(Value, Bytes), ArmError> {
    json_body_or_none(headers, body, limit)
        .await?
        .ok_or_else(|| invalid("The request needs a JSON body and came with none.".to_owned()))
}

/// The same for an operation whose body may be missing.
pub async fn json_body_or_none(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
) -> Result<Option<(Value, Bytes)>, ArmError> {
    let bytes = read_body(headers, body, limit).await?;
    // Windows PowerShell puts a byte order mark in front.
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    if text.iter().all(u8::is_ascii_whitespace) {
        return Ok(None);
    }
    let text = std::str::from_utf8(text).map_err(|error| {
        invalid(format!(
            "The request body is not UTF-8: the byte at offset {} is wrong.",
            error.valid_up_to()
        ))
    })?;
    match serde_json::from_str(text) {
        Ok(value) => Ok(Some((value, bytes))),
        Err(error) => Err(invalid(format!("The request body is not valid JSON: {error}."))),
    }
}

/// The whole body, at most `limit` bytes in at most [`BODY_TIME`].
///
/// Errors: 413 naming the limit, 408 when it comes too slowly, 415 when it is compressed, 400 when
/// the caller breaks off.
pub async fn read_body(headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes, ArmError> {
    read_body_within(headers, body, limit, BODY_TIME).await
}

/// [`read_body`] in another time.
pub async fn read_body_within(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
    time: Duration,
) -> Result<Bytes, ArmError> {
    refuse_compressed(headers)?;
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    if body.size_hint().lower() > limit as u64 {
        return Err(ArmError::body_too_large(limit));
    }
    match tokio::time::timeout(time, collect(body, limit)).await {
        Ok(bytes) => bytes,
        Err(_) => Err(ArmError::new(
            StatusCode::REQUEST_TIMEOUT,
            "RequestTimeout",
            format!("The request body did not arrive within {} seconds.", time.as_secs_f32()),
        )),
    }
}

async fn collect(mut body: Body, limit: usize) -> Result<Bytes, ArmError> {
    let mut first: Option<Bytes> = None;
    let mut kept = Vec::new();
    // A declared length is at most the limit here.
    let declared = body.size_hint().lower() as usize;
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let frame = frame
            .map_err(|_| invalid("The request body ended before it was complete.".to_owned()))?;
        let Ok(data) = frame.into_data() else { continue };
        let so_far = kept.len() + first.as_ref().map_or(0, Bytes::len);
        if so_far + data.len() > limit {
            return Err(ArmError::body_too_large(limit));
        }
        if let Some(start) = first.take() {
            kept.reserve(declared.max(start.len() + data.len()));
            kept.extend_from_slice(&start);
            kept.extend_from_slice(&data);
        } else if kept.is_empty() {
            // Nearly every body comes in one piece and is not copied.
            first = Some(data);
        } else {
            kept.extend_from_slice(&data);
        }
    }
    Ok(first.unwrap_or_else(|| Bytes::from(kept)))
}

fn refuse_compressed(headers: &HeaderMap) -> Result<(), ArmError> {
    match headers.get(CONTENT_ENCODING) {
        Some(value) if !value.as_bytes().eq_ignore_ascii_case(b"identity") => Err(ArmError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UnsupportedMediaType",
            "Compressed request bodies are not accepted. Send the body without Content-Encoding.",
        )
        .with_target("Content-Encoding")),
        _ => Ok(()),
    }
}

fn invalid(message: String) -> ArmError {
    ArmError::bad_request("InvalidRequestContent", message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    async fn read(body: impl Into<Body>) -> Result<(Value, Bytes), ArmError> {
        json_body(&HeaderMap::new(), body.into(), 200_000).await
    }

    async fn message(body: impl Into<Body>) -> String {
        let error = read(body).await.unwrap_err();
        assert_eq!((error.status.as_u16(), &*error.code), (400, "InvalidRequestContent"));
        error.message
    }

    #[tokio::test]
    async fn a_body_is_given_parsed_and_as_sent() {
        let (value, bytes) = read(" {\"a\": 1} ").await.unwrap();
        assert_eq!((value["a"].as_i64(), &bytes[..]), (Some(1), &b" {\"a\": 1} "[..]));
        assert_eq!(read("\u{feff}[]").await.unwrap().0, serde_json::json!([]));
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_named() {
        for (body, says) in [
            ("", "came with none"),
            ("  \r\n", "came with none"),
            ("{\"a\":\n  tru}", "line 2 column"),
            ("{\"a\": 1} x", "trailing characters"),
            ("{\"a\": 1e999}", "out of range"),
            ("NaN", "line 1 column 1"),
        ] {
            let text = message(body).await;
            assert!(text.contains(says), "{body:?}: {text}");
        }
        assert!(message(&b"{\"a\": \"\xff\"}"[..]).await.contains("offset 7"));
    }

    #[tokio::test]
    async fn deep_nesting_is_refused_and_does_not_overflow() {
        assert!(message("[".repeat(100_000)).await.contains("recursion limit"));
        assert!(message("{\"a\":".repeat(30_000)).await.contains("recursion limit"));
    }

    #[tokio::test]
    async fn the_limit_is_exact_and_named() {
        let none = HeaderMap::new();
        assert_eq!(read_body(&none, Body::from("12345"), 5).await.unwrap(), "12345");
        let error = read_body(&none, Body::from("123456"), 5).await.unwrap_err();
        assert_eq!(error.status, 413);
        assert!(error.message.contains("limit of 5 bytes"), "{}", error.message);
    }

    #[tokio::test]
    async fn compressed_bodies_are_refused() {
        let headers = HeaderMap::from_iter([(CONTENT_ENCODING, HeaderValue::from_static("gzip"))]);
        let error = json_body(&headers, Body::from("{}"), 5).await.unwrap_err();
        assert_eq!(error.status, 415);
    }

    #[tokio::test]
    async fn a_missing_body_may_be_fine() {
        let none = json_body_or_none(&HeaderMap::new(), Body::empty(), 5).await.unwrap();
        assert_eq!(none, None);
    }
}
