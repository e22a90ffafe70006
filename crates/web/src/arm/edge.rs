//! What surrounds every request: checks before it, a time limit and a net under it, headers after.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Instant;

use axum::Router;
use axum::body::HttpBody;
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, EXPIRES, HOST, HeaderMap, HeaderName,
    HeaderValue, PRAGMA, REFERRER_POLICY, RETRY_AFTER, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{StatusCode, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use uuid::Uuid;

use super::ArmError;
use super::error::may_retry_after;
use super::respond::JSON_UTF8;
use crate::limits::Limits;
use crate::proxy::Proxies;
use crate::server::Peer;
use crate::uri;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-ms-request-id");
const CORRELATION_ID: HeaderName = HeaderName::from_static("x-ms-correlation-request-id");
const ROUTING_ID: HeaderName = HeaderName::from_static("x-ms-routing-request-id");
const CLIENT_ID: HeaderName = HeaderName::from_static("x-ms-client-request-id");
const RETURN_CLIENT_ID: HeaderName = HeaderName::from_static("x-ms-return-client-request-id");

/// Longest client request id that is sent back; a GUID has 36 characters.
const CLIENT_ID_BYTES_MAX: usize = 128;

/// For answers that are no pages: opened in a browser they load nothing, run nothing, and are in no
/// frame.
const NO_PAGE: &str = "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'; sandbox";

/// What [`edge`] needs to know.
#[derive(Clone, Debug, Default)]
pub struct Edge {
    /// The bounds it holds.
    pub limits: Limits,
    /// Who is believed to speak for others.
    pub proxies: Proxies,
}

/// The ids of a request, in its extensions. The request id is the reference number of failures.
#[derive(Clone, Copy, Debug)]
pub struct CallIds {
    /// Made by us for this request, `x-ms-request-id`.
    pub request: Uuid,
    /// The caller's for a chain of requests, or made by us, `x-ms-correlation-request-id`.
    pub correlation: Uuid,
}

/// The router with [`edge`] around all its routes and its fallback.
pub fn with_edge(router: Router, edge_of: Edge) -> Router {
    router.layer(from_fn_with_state(Arc::new(edge_of), edge))
}

/// The middleware around every request. One function, so that its order can be read:
/// ids, bounds of the header, the request itself within its time, headers of the answer.
pub async fn edge(State(edge): State<Arc<Edge>>, mut request: Request, next: Next) -> Response {
    let start = Instant::now();
    let ids = CallIds {
        request: random_uuid(),
        correlation: correlation_sent(request.headers()).unwrap_or_else(random_uuid),
    };
    request.extensions_mut().insert(ids);
    let method = request.method().clone();
    let uri = request.uri().clone();
    let peer = request.extensions().get::<Peer>().copied();
    let client_id = client_id_wanted(request.headers());
    let local = is_loopback(request.headers());

    let checked = check_header(&request, &edge.limits)
        .and_then(|()| edge.proxies.settle(&mut request))
        .map(|origin| request.extensions_mut().insert(origin));
    let mut response = match checked {
        Ok(_) => bounded(next.run(request), &edge, &ids, &uri).await,
        Err(error) => error.into_response(),
    };
    finish(&mut response, &ids, client_id, local);
    tracing::debug!(
        %method, path = uri.path(), status = response.status().as_u16(),
        micros = start.elapsed().as_micros() as u64, request_id = %ids.request,
        peer = peer.map(|peer| tracing::field::display(peer.address)), "answered"
    );
    response
}

/// Runs the request within its time; a panic becomes a 500 with a reference.
async fn bounded(
    running: impl Future<Output = Response>,
    edge: &Edge,
    ids: &CallIds,
    uri: &Uri,
) -> Response {
    let mut running = pin!(running);
    let guarded =
        poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| running.as_mut().poll(cx))) {
            Ok(Poll::Ready(response)) => Poll::Ready(Ok(response)),
            Ok(Poll::Pending) => Poll::Pending,
            Err(payload) => Poll::Ready(Err(payload)),
        });
    match tokio::time::timeout(edge.limits.request_time, guarded).await {
        Ok(Ok(response)) => response,
        Ok(Err(payload)) => {
            let panic = payload
                .downcast_ref::<&str>()
                .copied()
                .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
                .unwrap_or("without a message");
            let path = uri.path();
            tracing::error!(reference = %ids.request, path, panic, "a request panicked");
            ArmError::internal(ids.request).into_response()
        }
        Err(_) => {
            let seconds = edge.limits.request_time.as_secs_f32();
            tracing::warn!(reference = %ids.request, path = uri.path(), "a request took too long");
            ArmError::new(
                StatusCode::GATEWAY_TIMEOUT,
                "ServerTimeout",
                format!(
                    "The request was not finished within {seconds} seconds. It may still take \
                     effect; sending it again is safe. Reference {}.",
                    ids.request
                ),
            )
            .into_response()
        }
    }
}

/// The bounds on what stands before the body.
fn check_header(request: &Request, limits: &Limits) -> Result<(), ArmError> {
    let headers = request.headers();
    let uri_bytes = request.uri().path_and_query().map_or(0, |p| p.as_str().len());
    if uri_bytes > limits.uri_bytes_max {
        return Err(ArmError::new(
            StatusCode::URI_TOO_LONG,
            "InvalidRequestUri",
            format!(
                "Path and query have {uri_bytes} bytes, more than the limit of {}.",
                limits.uri_bytes_max
            ),
        ));
    }
    let too_large = |message| {
        ArmError::new(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "RequestHeaderFieldsTooLarge",
            message,
        )
    };
    if headers.len() > limits.headers_max {
        return Err(too_large(format!(
            "The request has {} header fields, more than the limit of {}.",
            headers.len(),
            limits.headers_max
        )));
    }
    let bytes: usize = headers.iter().map(|(n, v)| n.as_str().len() + v.len() + 4).sum();
    if bytes > limits.header_bytes_max {
        return Err(too_large(format!(
            "The header fields have {bytes} bytes, more than the limit of {}.",
            limits.header_bytes_max
        )));
    }
    let mut hosts = headers.get_all(HOST).iter();
    let host = hosts.next();
    let valid = host.is_none_or(|host| host.to_str().is_ok_and(uri::is_authority));
    if !valid || hosts.next().is_some() {
        return Err(ArmError::bad_request(
            "BadRequest",
            "The request needs one Host header that holds a host name and, if any, a port.",
        )
        .with_target("Host"));
    }
    Ok(())
}

/// Puts on the headers that every answer has, and takes off those that harm.
fn finish(response: &mut Response, ids: &CallIds, client_id: Option<HeaderValue>, local: bool) {
    if response.status().as_u16() >= 400
        && !response.headers().contains_key(CONTENT_TYPE)
        && response.body().is_end_stream()
    {
        name_failure(response);
    }
    let status = response.status();
    let headers = response.headers_mut();
    if let Some(wait) = headers.get(RETRY_AFTER) {
        if !may_retry_after(status) {
            headers.remove(RETRY_AFTER);
        } else if wait == "0" {
            headers.insert(RETRY_AFTER, HeaderValue::from(1));
        }
    }
    let html = match headers.get(CONTENT_TYPE) {
        Some(kind) if kind == "application/json" => {
            headers.insert(CONTENT_TYPE, JSON_UTF8);
            false
        }
        Some(kind) => kind.as_bytes().starts_with(b"text/html"),
        None => false,
    };
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache, no-store"));
        headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
        headers.insert(EXPIRES, HeaderValue::from_static("-1"));
    }
    // A browser that saw this on a page of `localhost` would refuse plain HTTP to every other
    // development server on the machine.
    if !(html && local) {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(STRICT_TRANSPORT_SECURITY, year);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(NO_PAGE));
    headers.entry(REFERRER_POLICY).or_insert(HeaderValue::from_static("no-referrer"));
    headers.insert(REQUEST_ID, uuid_value(ids.request));
    headers.insert(CORRELATION_ID, uuid_value(ids.correlation));
    let routing = format!("PRORATA:{}:{}", compact(Timestamp::now()), ids.correlation);
    if let Ok(value) = HeaderValue::try_from(routing) {
        headers.insert(ROUTING_ID, value);
    }
    if let Some(client_id) = client_id {
        headers.insert(CLIENT_ID, client_id);
    }
}

/// Gives the router's own bare refusals the envelope, without which clients lose the code.
fn name_failure(response: &mut Response) {
    let status = response.status();
    let (code, message) = match status {
        StatusCode::NOT_FOUND => ("NotFound", "There is nothing at this path."),
        StatusCode::METHOD_NOT_ALLOWED => {
            ("HttpMethodNotSupported", "The method is not supported here; see the Allow header.")
        }
        StatusCode::PAYLOAD_TOO_LARGE => {
            ("RequestEntityTooLarge", "The request body is larger than the limit.")
        }
        status if status.is_client_error() => ("BadRequest", "The request cannot be understood."),
        _ => ("InternalServerError", "Something failed on our side."),
    };
    let named = ArmError::new(status, code, message).into_response();
    let (parts, body) = named.into_parts();
    *response.body_mut() = body;
    response.headers_mut().remove(axum::http::header::CONTENT_LENGTH);
    response.headers_mut().extend(parts.headers);
}

fn random_uuid() -> Uuid {
    // Not `Uuid::new_v4`, which asks the kernel each time.
    uuid::Builder::from_random_bytes(rand::random()).into_uuid()
}

fn correlation_sent(headers: &HeaderMap) -> Option<Uuid> {
    let value = headers.get(CORRELATION_ID)?.as_bytes();
    if value.len() == 36 { Uuid::try_parse_ascii(value).ok() } else { None }
}

fn client_id_wanted(headers: &HeaderMap) -> Option<HeaderValue> {
    let wanted = headers.get(RETURN_CLIENT_ID)?.as_bytes().eq_ignore_ascii_case(b"true");
    let id = headers.get(CLIENT_ID).filter(|id| id.len() <= CLIENT_ID_BYTES_MAX)?;
    if wanted { Some(id.clone()) } else { None }
}

fn is_loopback(headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    host.len() >= 9 && host.as_bytes()[..9].eq_ignore_ascii_case(b"localhost")
}

fn uuid_value(id: Uuid) -> HeaderValue {
    let mut text = Uuid::encode_buffer();
    HeaderValue::from_str(id.hyphenated().encode_lower(&mut text))
        .expect("the text of a GUID is printable ASCII")
}

/// `20261121T101530Z`.
fn compact(now: Timestamp) -> impl std::fmt::Display {
    now.strftime("%Y%m%dT%H%M%SZ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::routing::get;
    use std::time::Duration;
    use tower::ServiceExt;

    fn app() -> Router {
        let router = Router::new()
            .route("/plain", get(|| async { "x" }))
            .route("/json", get(|| async { ([(CONTENT_TYPE, "application/json")], "{}") }))
            .route("/page", get(|| async { axum::response::Html("<p>") }))
            .route("/cached", get(|| async { ([(CACHE_CONTROL, "max-age=60")], "x") }))
            .route("/panic", get(|| async { panic!("no such {}", "luck") as &str }))
            .route("/wait", get(|| async { ([(RETRY_AFTER, "0")], "x") }))
            .route("/gone", get(|| async { (StatusCode::GONE, [(RETRY_AFTER, "5")], "x") }))
            .route(
                "/slow",
                get(|| async {
                    tokio::time::sleep(Duration::from_secs(60)).await;
                    "x"
                }),
            );
        let limits = Limits { request_time: Duration::from_millis(50), ..Limits::default() };
        with_edge(router, Edge { limits, ..Edge::default() })
    }

    async fn send(path: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, String) {
        let mut request = Request::builder().uri(path).header("host", "localhost:8443");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        let (parts, body) = app().oneshot(request).await.unwrap().into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        (parts.status, parts.headers, String::from_utf8(bytes.into()).unwrap())
    }

    fn code(body: &str) -> String {
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        body["error"]["code"].as_str().unwrap().to_owned()
    }

    #[tokio::test]
    async fn every_answer_has_the_recorded_headers() {
        let (status, headers, _) = send("/json", &[]).await;
        assert_eq!(status, 200);
        for (name, value) in [
            ("content-type", "application/json; charset=utf-8"),
            ("cache-control", "no-cache, no-store"),
            ("pragma", "no-cache"),
            ("expires", "-1"),
            ("strict-transport-security", "max-age=31536000; includeSubDomains"),
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", NO_PAGE),
            ("referrer-policy", "no-referrer"),
        ] {
            assert_eq!(headers[name], value, "{name}");
        }
        let id = headers[REQUEST_ID].to_str().unwrap();
        assert_eq!(Uuid::parse_str(id).unwrap().get_version_num(), 4);
        let correlation = headers[CORRELATION_ID].to_str().unwrap();
        let routing = headers[ROUTING_ID].to_str().unwrap();
        let parts: Vec<&str> = routing.split(':').collect();
        assert_eq!((parts[0], parts[2], parts.len()), ("PRORATA", correlation, 3));
        assert_eq!((parts[1].len(), &parts[1][8..9], &parts[1][15..]), (16, "T", "Z"));
        assert!(headers.get(CLIENT_ID).is_none());
    }

    #[tokio::test]
    async fn ids_of_the_caller_are_honoured_when_they_are_fit() {
        let id = "0f8fad5b-d9cb-469f-a165-70867728950e";
        let (_, headers, _) = send(
            "/json",
            &[
                ("x-ms-correlation-request-id", id),
                ("x-ms-client-request-id", "mine"),
                ("x-ms-return-client-request-id", "True"),
            ],
        )
        .await;
        assert_eq!(
            (&headers[CORRELATION_ID], &headers[CLIENT_ID]),
            (&id.parse().unwrap(), &"mine".parse().unwrap())
        );
        let (_, headers, _) = send("/json", &[("x-ms-correlation-request-id", "x")]).await;
        assert_ne!(headers[CORRELATION_ID], "x");
    }

    #[tokio::test]
    async fn what_a_handler_set_stays() {
        let (_, headers, _) = send("/cached", &[]).await;
        assert_eq!(headers[CACHE_CONTROL], "max-age=60");
        assert!(headers.get(EXPIRES).is_none());
    }

    #[tokio::test]
    async fn a_page_of_localhost_does_not_bind_the_browser() {
        let (_, headers, _) = send("/page", &[]).await;
        assert!(headers.get(STRICT_TRANSPORT_SECURITY).is_none());
    }

    #[tokio::test]
    async fn a_panic_is_a_500_with_the_request_id_as_reference() {
        let (status, headers, body) = send("/panic", &[]).await;
        assert_eq!((status.as_u16(), &*code(&body)), (500, "InternalServerError"));
        assert!(body.contains(headers[REQUEST_ID].to_str().unwrap()), "{body}");
        assert!(!body.contains("luck"), "the cause is for the log: {body}");
    }

    #[tokio::test]
    async fn a_request_that_takes_too_long_is_a_504() {
        let (status, _, body) = send("/slow", &[]).await;
        assert_eq!((status.as_u16(), &*code(&body)), (504, "ServerTimeout"));
    }

    #[tokio::test]
    async fn retry_after_never_harms() {
        assert_eq!(send("/wait", &[]).await.1[RETRY_AFTER], "1");
        assert!(send("/gone", &[]).await.1.get(RETRY_AFTER).is_none());
    }

    #[tokio::test]
    async fn bare_refusals_of_the_router_get_the_envelope() {
        let (status, _, body) = send("/nowhere", &[]).await;
        assert_eq!((status.as_u16(), &*code(&body)), (404, "NotFound"));
    }

    #[tokio::test]
    async fn bounds_of_the_header_are_named() {
        let long = "x".repeat(33_000);
        let (status, _, body) = send("/json", &[("x-long", &long)]).await;
        assert_eq!(status, 431);
        assert!(body.contains("limit of 32768"), "{body}");
        let names: Vec<String> = (0..65).map(|n| format!("x-{n}")).collect();
        let many: Vec<(&str, &str)> = names.iter().map(|n| (n.as_str(), "")).collect();
        assert_eq!(send("/json", &many).await.0, 431);
        let path = format!("/json?{}", "x".repeat(17_000));
        assert_eq!(send(&path, &[]).await.0, 414);
        let (status, _, body) = send("/json", &[("host", "two.example")]).await;
        assert_eq!((status.as_u16(), &*code(&body)), (400, "BadRequest"));
    }
}
