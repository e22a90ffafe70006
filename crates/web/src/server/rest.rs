//! What a handler leaves unread of a request's body.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::{CONNECTION, EXPECT};
use axum::http::{HeaderValue, Request, StatusCode};
use axum::response::Response;
use hyper::body::{Frame, Incoming, SizeHint};
use tokio::time::timeout;

use crate::limits::{DISCARD_BYTES_MAX, DISCARD_TIME};

/// The place where an unread rest is left when a handler lets go of the body.
///
/// Clients write the whole body before they read, so the rest is taken and dropped before the
/// answer is sent: a close in its place would reset the connection under the writing client, which
/// would never see why it was refused.
pub(super) struct Rest {
    left: Arc<Mutex<Option<Incoming>>>,
    waits_for_leave: bool,
}

/// A body that leaves its rest.
struct Lent {
    body: Option<Incoming>,
    left: Arc<Mutex<Option<Incoming>>>,
}

impl Rest {
    /// The request as the application takes it; no place for a rest if it has no body.
    pub(super) fn of(request: Request<Incoming>) -> (Request<Body>, Option<Self>) {
        let (parts, body) = request.into_parts();
        if body.is_end_stream() {
            return (Request::from_parts(parts, Body::empty()), None);
        }
        let left = Arc::new(Mutex::new(None));
        let lent = Lent { body: Some(body), left: left.clone() };
        let waits_for_leave = parts.headers.contains_key(EXPECT);
        let request = Request::from_parts(parts, Body::new(lent));
        (request, Some(Self { left, waits_for_leave }))
    }

    /// Takes the rest, within bounds; if it stays unfinished, the connection is to end.
    pub(super) async fn settle(self, response: &mut Response) {
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut body) = left else { return };
        // Reading would tell one who waits for leave to send it all. One who was too slow already
        // is not waited for again.
        let worthwhile = !self.waits_for_leave
            && response.status() != StatusCode::REQUEST_TIMEOUT
            && body.size_hint().lower() <= DISCARD_BYTES_MAX;
        if worthwhile && matches!(timeout(DISCARD_TIME, discard(&mut body)).await, Ok(true)) {
            return;
        }
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
}

/// Reads to the end; whether it came within the bound.
async fn discard(body: &mut Incoming) -> bool {
    let mut seen = 0;
    while let Some(frame) = std::future::poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx)).await {
        let Ok(frame) = frame else { return false };
        seen += frame.data_ref().map_or(0, |data| data.len() as u64);
        if seen > DISCARD_BYTES_MAX {
            return false;
        }
    }
    true
}

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        match &mut self.body {
            Some(body) => Pin::new(body).poll_frame(cx),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), HttpBody::size_hint)
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(body) = self.body.take().filter(|body| !body.is_end_stream()) {
            *self.left.lock().unwrap_or_else(PoisonError::into_inner) = Some(body);
        }
    }
}
