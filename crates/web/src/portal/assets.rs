//! The stylesheet and the mark, compiled in. Their names carry a hash of their text, so that a
//! browser may keep them for ever and still sees a new release's at once.

use super::desk;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::sync::{Arc, LazyLock};

const KEEP: &str = "public, max-age=31536000, immutable";

struct Asset {
    /// The path of it.
    path: String,
    name: String,
    content_type: &'static str,
    text: &'static str,
}

static STYLESHEET: LazyLock<Asset> = LazyLock::new(|| {
    asset("portal", "css", "text/css; charset=utf-8", include_str!("../../assets/portal.css"))
});

static MARK: LazyLock<Asset> =
    LazyLock::new(|| asset("mark", "svg", "image/svg+xml", include_str!("../../assets/mark.svg")));

fn asset(stem: &str, suffix: &str, content_type: &'static str, text: &'static str) -> Asset {
    let digest = Sha256::digest(text.as_bytes());
    let hash: String = digest[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    let name = format!("{stem}-{hash}.{suffix}");
    Asset { path: format!("/assets/{name}"), name, content_type, text }
}

pub fn stylesheet() -> &'static str {
    &STYLESHEET.path
}

pub fn mark() -> &'static str {
    &MARK.path
}

pub async fn show(State(portal): State<Arc<desk::Portal>>, Path(name): Path<String>) -> Response {
    let Some(asset) = [&STYLESHEET, &MARK].into_iter().find(|asset| asset.name == name) else {
        return desk::no_page(&portal, None);
    };
    ([(CONTENT_TYPE, asset.content_type), (CACHE_CONTROL, KEEP)], asset.text).into_response()
}
