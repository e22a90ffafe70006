//! What stands in the request line and the headers.

use crate::desk;
use axum::http::{HeaderMap, HeaderValue, Uri};
use prorata_app::identity;
use prorata_web::arm::bearer;
use prorata_web::uri::{Path, Query, absolute};
use prorata_wire::azure::{self, parse_filter, parse_order_by};

/// A path and query can be taken apart, and what was understood can be written and read again.
pub fn uri(bytes: &[u8]) {
    let Ok(uri) = Uri::try_from(bytes) else { return };
    // A segment with a slash in it is no path that a link is ever written for.
    let plain = |path: &Path| path.segments().all(|segment| !segment.contains('/'));
    if let Some(path) = Path::parse(&uri).ok().filter(plain) {
        let again: String = path.segments().flat_map(|segment| ["/", segment]).collect();
        let pairs = Query::parse(&uri);
        let kept: Vec<(&str, &str)> = match &pairs {
            Ok(query) => query.pairs().collect(),
            Err(_) => Vec::new(),
        };
        let url = absolute("https://desk.example", &again, kept.iter().copied());
        let Ok(written) = url.parse::<Uri>() else { return };
        let read = Path::parse(&written).expect("what was written is read again");
        assert!(read.segments().eq(path.segments()), "{url}");
        let query = Query::parse(&written).expect("what was written is read again");
        assert!(query.pairs().eq(kept), "{url}");
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = Query::parse_form(text);
    }
}

/// A filter is understood or refused with one fault that says why.
pub fn filter(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match parse_filter(text) {
        Ok(None) => assert!(text.trim().is_empty()),
        Ok(Some(_)) => {}
        Err(fault) => assert!(!fault.message.is_empty() && !fault.code.is_empty()),
    }
}

pub fn order_by(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match parse_order_by(text) {
        Ok(None) => assert!(text.trim().is_empty()),
        Ok(Some(_)) => {}
        Err(fault) => assert!(!fault.message.is_empty() && !fault.code.is_empty()),
    }
}

/// Ids that are understood are written as ids that mean the same.
pub fn ids(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Some(order) = azure::parse_order_id(text) {
        assert_eq!(azure::parse_order_id(&azure::order_id(order)), Some(order));
    }
    if let Some((order, item)) = azure::parse_reservation_id(text) {
        let written = azure::reservation_id(order, item);
        assert_eq!(azure::parse_reservation_id(&written), Some((order, item)));
    }
    if let Some(subscription) = azure::parse_subscription(text) {
        let written = azure::subscription_id(subscription);
        assert_eq!(azure::parse_subscription(&written), Some(subscription));
    }
    let _ = azure::parse_scope(text);
}

/// No bytes but those that were issued are a token.
pub fn token(bytes: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(bytes) else { return };
    let headers = HeaderMap::from_iter([(axum::http::header::AUTHORIZATION, value)]);
    let Ok(token) = bearer(&headers, "https://desk.example/common") else { return };
    let known = desk::with(|desk| identity::verify(desk.app(), token));
    assert!(known.is_err(), "a token that nobody issued was taken");
}
