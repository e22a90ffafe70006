//! Answers in fewer bytes, for browsers that take gzip.
//!
//! How long a compressed page is tells how much of it repeats: who can make a reader's browser ask
//! again and again for a page that repeats a text of theirs, and sees the lengths on the way, can
//! guess a secret of the page letter by letter. So no page that is compressed has a secret that
//! stays the same: the token of its forms is masked anew in each answer
//! ([`super::session::masked`]), and what shows secrets (`/account`, `/administration`), or takes
//! them (`/sign-in`, `/invitation`), is sent as it is. Names and figures are not compressed apart from what is looked
//! for beside them; for those, a random length is added to each answer, and the session's cookie
//! does not go along with what another site fetches.

use axum::body::{Body, HttpBody, to_bytes};
use axum::http::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, VARY,
};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use flate2::{Compression, GzBuilder};
use std::io::{self, Write};

/// Less than fits a packet is not made shorter.
const BYTES_MIN: u64 = 1024;
/// What is longer is sent as it is: it would hold up others.
const BYTES_MAX: u64 = 2 << 20;
/// Pages are made for one answer, so little time is spent on each.
const PAGE_LEVEL: u32 = 4;
/// Bytes that are added at most.
const PADDING_MAX: usize = 64;

const SECRET: [&str; 4] = ["/account", "/administration", "/sign-in", "/invitation"];

/// Whether a browser takes gzip.
pub fn is_taken(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = weight.trim().trim_start_matches("q=").trim();
        name.trim().eq_ignore_ascii_case("gzip") && weight.parse::<f32>() != Ok(0.0)
    })
}

/// Whether the answers of an address may be compressed.
pub fn may_be(uri: &Uri) -> bool {
    !SECRET.iter().any(|path| uri.path().starts_with(path))
}

/// A page in fewer bytes; other answers stay as they are.
pub async fn page(response: Response) -> Response {
    let is_page = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let length = response.body().size_hint().exact().unwrap_or_default();
    if !is_page
        || !(BYTES_MIN..=BYTES_MAX).contains(&length)
        || response.headers().contains_key(CONTENT_ENCODING)
    {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // It is in memory already.
    let Ok(whole) = to_bytes(body, usize::MAX).await else {
        return Response::from_parts(parts, Body::empty());
    };
    let padding = usize::from(rand::random::<u8>()) % PADDING_MAX;
    match gzip(&whole, PAGE_LEVEL, padding) {
        Ok(packed) => {
            parts.headers.remove(CONTENT_LENGTH);
            told(&mut parts.headers);
            Response::from_parts(parts, Body::from(packed))
        }
        Err(_) => Response::from_parts(parts, Body::from(whole)),
    }
}

/// Says that an answer is compressed, and that it depends on what the browser takes.
pub fn told(headers: &mut HeaderMap) {
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    headers.append(VARY, HeaderValue::from_static("accept-encoding"));
}

/// The bytes compressed, with so many more that mean nothing.
///
/// # Errors
/// None in memory.
pub fn gzip(bytes: &[u8], level: u32, padding: usize) -> io::Result<Vec<u8>> {
    let to = Vec::with_capacity(bytes.len() / 4 + PADDING_MAX);
    let builder = GzBuilder::new().extra(vec![0; padding]);
    let mut packer = builder.write(to, Compression::new(level));
    packer.write_all(bytes)?;
    packer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;
    use std::io::Read;

    #[test]
    fn browsers_say_whether_they_take_it() {
        for (line, taken) in [
            ("gzip", true),
            ("br, GZIP;q=0.5", true),
            ("gzip;q=0", false),
            ("gzip; q=0.0, br", false),
            ("identity", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(line));
            assert_eq!(is_taken(&headers), taken, "{line}");
        }
    }

    #[test]
    fn what_is_packed_comes_out_the_same_whatever_its_length() {
        let text = "a page ".repeat(1000);
        for padding in [0, 1, 63] {
            let packed = gzip(text.as_bytes(), PAGE_LEVEL, padding).unwrap();
            assert!(packed.len() < 300);
            let mut read = String::new();
            GzDecoder::new(&*packed).read_to_string(&mut read).unwrap();
            assert_eq!(read, text);
        }
        let lengths = [0, 63].map(|padding| gzip(b"x", 1, padding).unwrap().len());
        assert_eq!(lengths[1] - lengths[0], 63);
    }

    #[test]
    fn what_shows_secrets_is_not_packed() {
        for (path, packed) in
            [("/reservations?q=x", true), ("/account", false), ("/sign-in/code", false)]
        {
            assert_eq!(may_be(&path.parse().unwrap()), packed, "{path}");
        }
    }
}
