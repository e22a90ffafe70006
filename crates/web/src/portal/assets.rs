//! The stylesheet, the script and the mark, compiled in. Their names carry a hash of their text, so
//! that a browser may keep them for ever and still sees a new release's at once.

use super::{compress, desk};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::sync::{Arc, LazyLock};

const KEEP: &str = "public, max-age=31536000, immutable";

/// The sheets of style, in the order in which they are read: what everything is made of, what many
/// pages share, what one kind of page has, and last what a narrow screen changes.
macro_rules! sheets {
    ($($name:literal)*) => {
        concat!($(include_str!(concat!("../../assets/css/", $name, ".css")), "\n"),*)
    };
}

pub const STYLE: &str = sheets!(
    "base" "frame" "parts" "forms" "tables" "decision" "products" "exchange" "compare" "listing"
    "proof" "refund" "policy" "administration" "home" "item" "support" "narrow"
);

struct Asset {
    /// The path of it.
    path: String,
    name: String,
    content_type: &'static str,
    text: &'static str,
    /// The text in fewer bytes, made once and as short as can be.
    packed: Vec<u8>,
}

static STYLESHEET: LazyLock<Asset> =
    LazyLock::new(|| asset("portal", "css", "text/css; charset=utf-8", STYLE));

pub const SCRIPT_TEXT: &str = include_str!("../../assets/portal.js");

static SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| asset("portal", "js", "text/javascript; charset=utf-8", SCRIPT_TEXT));

static MARK: LazyLock<Asset> =
    LazyLock::new(|| asset("mark", "svg", "image/svg+xml", include_str!("../../assets/mark.svg")));

fn asset(stem: &str, suffix: &str, content_type: &'static str, text: &'static str) -> Asset {
    let digest = Sha256::digest(text.as_bytes());
    let hash: String = digest[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    let name = format!("{stem}-{hash}.{suffix}");
    let packed = compress::gzip(text.as_bytes(), 9, 0).unwrap_or_default();
    Asset { path: format!("/assets/{name}"), name, content_type, text, packed }
}

pub fn stylesheet() -> &'static str {
    &STYLESHEET.path
}

pub fn script() -> &'static str {
    &SCRIPT.path
}

pub fn mark() -> &'static str {
    &MARK.path
}

pub async fn show(
    State(portal): State<Arc<desk::Portal>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Some(asset) = [&STYLESHEET, &SCRIPT, &MARK].into_iter().find(|asset| asset.name == name)
    else {
        return desk::no_page(&portal, None);
    };
    let kept = [(CONTENT_TYPE, asset.content_type), (CACHE_CONTROL, KEEP)];
    if !compress::is_taken(&headers) || asset.packed.is_empty() {
        return (kept, asset.text).into_response();
    }
    let mut response = (kept, asset.packed.as_slice()).into_response();
    compress::told(response.headers_mut());
    response
}
