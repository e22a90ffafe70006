//! Paths and queries as callers send them, and URLs as we give them back.
//!
//! Clients differ in the case of fixed segments and query keys, in `$` against `%24` and in `+`
//! against `%20`. What is parsed here is decoded once; comparing without case is up to
//! [`Pattern`](crate::arm::Pattern) and [`Query::get`].

use std::fmt::Write;
use std::ops::Range;

use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};

use crate::arm::ArmError;
use crate::limits::{PATH_SEGMENTS_MAX, QUERY_PAIRS_MAX};
use crate::server::Peer;

/// The segments of a path, decoded. Empty segments are dropped, so a trailing or doubled slash
/// makes no difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    text: String,
    segments: Vec<Range<u32>>,
}

impl Path {
    /// Splits and decodes. Errors: 400 `InvalidRequestUri` for broken escapes, text that is not
    /// UTF-8, control characters and too many segments.
    pub fn parse(uri: &Uri) -> Result<Self, ArmError> {
        let path = uri.path();
        let mut text = String::with_capacity(path.len());
        let mut segments = Vec::with_capacity(8);
        for segment in path.split('/').filter(|segment| !segment.is_empty()) {
            if segments.len() == PATH_SEGMENTS_MAX {
                return Err(invalid(format!(
                    "The path has more than the limit of {PATH_SEGMENTS_MAX} segments."
                )));
            }
            let start = text.len() as u32;
            decode_into(&mut text, segment, false)?;
            segments.push(start..text.len() as u32);
        }
        Ok(Self { text, segments })
    }

    /// Number of segments.
    pub fn len(&self) -> usize {
        self.segments.len()
    }

    /// Whether this is the root.
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// The segment at this place.
    pub fn get(&self, index: usize) -> Option<&str> {
        let range = self.segments.get(index)?;
        Some(&self.text[range.start as usize..range.end as usize])
    }

    /// All segments in order.
    pub fn segments(&self) -> impl DoubleEndedIterator<Item = &str> + ExactSizeIterator {
        self.segments.iter().map(|range| &self.text[range.start as usize..range.end as usize])
    }
}

/// The pairs of a query, decoded, in the order sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pairs: Vec<(String, String)>,
}

impl Query {
    /// Splits and decodes; `+` is a blank. Errors: as [`Path::parse`].
    pub fn parse(uri: &Uri) -> Result<Self, ArmError> {
        Self::parse_form(uri.query().unwrap_or_default())
    }

    /// The same for `application/x-www-form-urlencoded` text, e.g. the body of a token request.
    pub fn parse_form(text: &str) -> Result<Self, ArmError> {
        let mut pairs = Vec::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            if pairs.len() == QUERY_PAIRS_MAX {
                return Err(invalid(format!(
                    "The query has more than the limit of {QUERY_PAIRS_MAX} pairs."
                )));
            }
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            pairs.push((decode(key)?, decode(value)?));
        }
        Ok(Self { pairs })
    }

    /// The first value of a key, compared without case. `$filter` is asked for as `$filter`.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.pairs.iter().find(|(k, _)| k.eq_ignore_ascii_case(key)).map(|(_, v)| v.as_str())
    }

    /// All pairs, to be repeated in a next link.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(k, v)| (k.as_str(), v.as_str()))
    }
}

/// Scheme and host as the caller used them, without a trailing slash: `https://desk.example:8443`.
///
/// The `Host` header speaks, unless a trusted proxy says in `X-Forwarded-Proto` and
/// `X-Forwarded-Host` what the caller used: the edge leaves these fields to nobody else. A caller
/// without any host (HTTP/1.0) gets the address it connected to.
pub fn external_base(parts: &Parts) -> String {
    let peer = parts.extensions.get::<Peer>();
    let tls = peer.is_some_and(|peer| peer.tls);
    let forwarded = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let scheme = match forwarded("x-forwarded-proto") {
        Some(proto) if proto.eq_ignore_ascii_case("https") => "https",
        _ if tls => "https",
        _ => "http",
    };
    let host = forwarded("x-forwarded-host")
        .filter(|host| is_authority(host))
        .or_else(|| parts.uri.authority().map(|authority| authority.as_str()))
        .or_else(|| parts.headers.get(HOST).and_then(|host| host.to_str().ok()))
        .filter(|host| is_authority(host));
    match (host, peer) {
        (Some(host), _) => format!("{scheme}://{host}"),
        (None, Some(peer)) => format!("{scheme}://{}", peer.local),
        (None, None) => format!("{scheme}://localhost"),
    }
}

/// Whether this is a host with or without a port, and nothing that could change a URL's meaning.
pub(crate) fn is_authority(host: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._:[]".contains(&b);
    !host.is_empty() && host.len() <= 260 && host.bytes().all(allowed)
}

/// An absolute URL. `path` and the pairs are plain text and are encoded here, `{`, `}`, `$` and
/// blanks among the rest; only the slashes of the path stay.
pub fn absolute<'a>(
    base: &str,
    path: &str,
    query: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> String {
    let mut url = String::with_capacity(base.len() + path.len() + 64);
    url.push_str(base);
    if !path.starts_with('/') {
        url.push('/');
    }
    encode_into(&mut url, path, true);
    for (index, (key, value)) in query.into_iter().enumerate() {
        url.push(if index == 0 { '?' } else { '&' });
        encode_into(&mut url, key, false);
        url.push('=');
        encode_into(&mut url, value, false);
    }
    url
}

fn encode_into(url: &mut String, text: &str, keep_slash: bool) {
    for byte in text.bytes() {
        let plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if plain || (keep_slash && byte == b'/') {
            url.push(byte.into());
        } else {
            write!(url, "%{byte:02X}").expect("writing to a string cannot fail");
        }
    }
}

fn decode(text: &str) -> Result<String, ArmError> {
    let mut decoded = String::with_capacity(text.len());
    decode_into(&mut decoded, text, true)?;
    Ok(decoded)
}

/// Appends the decoded text. The common case has no escapes and is copied at once.
fn decode_into(out: &mut String, text: &str, plus_is_blank: bool) -> Result<(), ArmError> {
    let escaped = |b: u8| b == b'%' || (plus_is_blank && b == b'+');
    if !text.bytes().any(escaped) {
        out.push_str(text);
        return Ok(());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' if plus_is_blank => b' ',
            b'%' => hex(rest.next()).zip(hex(rest.next())).map(|(h, l)| h << 4 | l).ok_or_else(
                || invalid("The URL has a `%` without two hexadecimal digits.".to_owned()),
            )?,
            byte => byte,
        });
    }
    let decoded = String::from_utf8(bytes)
        .map_err(|_| invalid("The URL is not UTF-8 when decoded.".to_owned()))?;
    if decoded.chars().any(char::is_control) {
        return Err(invalid("The URL holds an encoded control character.".to_owned()));
    }
    out.push_str(&decoded);
    Ok(())
}

fn hex(byte: Option<u8>) -> Option<u8> {
    char::from(byte?).to_digit(16).map(|digit| digit as u8)
}

fn invalid(message: String) -> ArmError {
    ArmError::new(StatusCode::BAD_REQUEST, "InvalidRequestUri", message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn path(text: &str) -> Result<Vec<String>, ArmError> {
        let path = Path::parse(&text.parse().unwrap())?;
        Ok(path.segments().map(str::to_owned).collect())
    }

    fn query(text: &str) -> Query {
        Query::parse(&format!("/x?{text}").parse().unwrap()).unwrap()
    }

    #[test]
    fn paths_are_split_and_decoded() {
        assert_eq!(path("/a/B%20c/d/").unwrap(), ["a", "B c", "d"]);
        assert_eq!(path("//a//b").unwrap(), ["a", "b"]);
        assert_eq!(path("/a+b/%2F").unwrap(), ["a+b", "/"]);
        assert!(path("/").unwrap().is_empty());
    }

    #[test]
    fn broken_paths_are_refused() {
        for text in ["/%", "/%4", "/%zz", "/%ff", "/a%00b", "/a%0d%0ab"] {
            assert_eq!(path(text).unwrap_err().code, "InvalidRequestUri", "{text}");
        }
        assert!(path(&"/a".repeat(33)).is_err());
        assert!(path(&"/a".repeat(32)).is_ok());
    }

    #[test]
    fn query_keys_have_no_case_and_the_first_value_wins() {
        let query = query("API-Version=2022-11-01&%24Filter=a+eq%20'b%26c'&x&api-version=2&=&");
        assert_eq!(query.get("api-version"), Some("2022-11-01"));
        assert_eq!(query.get("$filter"), Some("a eq 'b&c'"));
        assert_eq!(query.get("x"), Some(""));
        assert_eq!(query.get("y"), None);
        assert_eq!(query.pairs().count(), 5);
        assert!(Query::parse_form(&"a=1&".repeat(65)).is_err());
    }

    #[test]
    fn urls_encode_everything_that_clients_trip_over() {
        let url = absolute(
            "https://h:1",
            "/providers/a {b}",
            [("api-version", "2022-11-01"), ("$filter", "x eq 'é'"), ("$skiptoken", "a+b/c=")],
        );
        assert_eq!(
            url,
            "https://h:1/providers/a%20%7Bb%7D?api-version=2022-11-01\
             &%24filter=x%20eq%20%27%C3%A9%27&%24skiptoken=a%2Bb%2Fc%3D"
        );
        let back = Query::parse(&url.parse().unwrap()).unwrap();
        assert_eq!(back.get("$skiptoken"), Some("a+b/c="));
    }

    #[test]
    fn what_is_encoded_is_read_back() {
        for char in (' '..='\u{17f}').chain(['\u{20ac}', '\u{1f600}']).filter(|c| !c.is_control()) {
            let text = format!("a{char}b");
            let url = absolute("https://h", &format!("/p/{text}"), [(&*text, &*text)]);
            assert!(!url.contains(['{', '}', '$', '\'', '"']), "{url}");
            let uri: Uri = url.parse().unwrap();
            assert_eq!(Query::parse(&uri).unwrap().pairs().next(), Some((&*text, &*text)));
            if char != '/' {
                assert_eq!(Path::parse(&uri).unwrap().get(1), Some(&*text));
            }
        }
    }

    fn base(tls: Option<bool>, uri: &str, headers: &[(&str, &str)]) -> String {
        let mut request = Request::builder().uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        if let Some(tls) = tls {
            let local = "127.0.0.1:8443".parse().unwrap();
            parts.extensions.insert(Peer { address: local, local, tls });
        }
        external_base(&parts)
    }

    #[test]
    fn the_base_is_what_the_caller_used() {
        let proxied = [
            ("host", "10.0.0.1:8080"),
            ("x-forwarded-host", "desk.example"),
            ("x-forwarded-proto", "https"),
        ];
        assert_eq!(base(Some(false), "/", &proxied), "https://desk.example");
        assert_eq!(base(Some(false), "/", &[("host", "desk")]), "http://desk");
        assert_eq!(base(Some(true), "https://b.example/x", &[("host", "a")]), "https://b.example");
        assert_eq!(base(Some(true), "/", &[]), "https://127.0.0.1:8443");
        assert_eq!(base(Some(true), "/", &[("host", "[::1]:8443")]), "https://[::1]:8443");
    }

    #[test]
    fn a_host_that_is_more_than_a_host_is_not_used() {
        for host in ["a/b", "a?b", "a b", "user@a", "", "{a}", "a\\b"] {
            assert!(!is_authority(host), "{host}");
            let forwarded = [("host", "fine"), ("x-forwarded-host", host)];
            assert_eq!(base(Some(false), "/", &forwarded), "http://fine", "{host}");
        }
    }
}
