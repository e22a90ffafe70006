//! The bearer token of a request, and the challenge when there is none.

use axum::http::StatusCode;
use axum::http::header::{AUTHORIZATION, HeaderMap, HeaderValue, WWW_AUTHENTICATE};

use super::ArmError;

/// The token of `Authorization: Bearer ...`, unchecked.
///
/// `authorization_uri` is the address of the token issuer as the caller reaches it; it goes into
/// the challenge. Without a token: 401 `AuthenticationFailed`.
pub fn bearer<'a>(headers: &'a HeaderMap, authorization_uri: &str) -> Result<&'a str, ArmError> {
    let missing = || {
        challenge(
            authorization_uri,
            "AuthenticationFailed",
            "Authentication failed. The 'Authorization' header is missing.",
        )
    };
    let value = headers.get(AUTHORIZATION).ok_or_else(missing)?;
    let value = value.to_str().unwrap_or_default().trim();
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    let token = token.trim_start();
    if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && !token.contains(' ') {
        return Ok(token);
    }
    Err(challenge(
        authorization_uri,
        "AuthenticationFailed",
        "Authentication failed. The 'Authorization' header is not of the form 'Bearer <token>'.",
    ))
}

/// 401 with the challenge that makes clients drop their cached token.
///
/// `code` is `AuthenticationFailed` or `InvalidAuthenticationToken`. The challenge never says
/// `insufficient_claims`, on which clients would send the same request again.
pub fn challenge(authorization_uri: &str, code: &'static str, description: &str) -> ArmError {
    let quoted = |text: &str| -> String {
        text.chars().filter(|c| c.is_ascii() && !c.is_ascii_control() && *c != '"').collect()
    };
    let value = format!(
        "Bearer authorization_uri=\"{}\", error=\"invalid_token\", error_description=\"{}\"",
        quoted(authorization_uri).replace('\\', ""),
        quoted(description).replace('\\', ""),
    );
    let error = ArmError::new(StatusCode::UNAUTHORIZED, code, description);
    match HeaderValue::from_str(&value) {
        Ok(value) => error.with_header(WWW_AUTHENTICATE, value),
        Err(_) => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(value: &str) -> HeaderMap {
        HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn the_scheme_has_no_case() {
        for value in ["Bearer abc.def", "bearer abc.def", "BEARER  abc.def "] {
            assert_eq!(bearer(&headers(value), "https://x").unwrap(), "abc.def");
        }
    }

    #[test]
    fn anything_else_is_challenged() {
        let mut all: Vec<HeaderMap> =
            ["", "Bearer", "Bearer ", "Basic abc", "Bearer a b", "abc"].map(headers).into();
        all.push(HeaderMap::new());
        for headers in all {
            let error = bearer(&headers, "https://localhost/t").unwrap_err();
            assert_eq!((error.status.as_u16(), &*error.code), (401, "AuthenticationFailed"));
            let challenge = error.headers().unwrap()[WWW_AUTHENTICATE].to_str().unwrap();
            let start =
                "Bearer authorization_uri=\"https://localhost/t\", error=\"invalid_token\", ";
            assert!(challenge.starts_with(start), "{challenge}");
        }
    }

    #[test]
    fn a_description_cannot_break_out_of_its_quotes() {
        let error = challenge("https://x", "InvalidAuthenticationToken", "a\"b\\\r\nc: d\u{e9}");
        let value = error.headers().unwrap()[WWW_AUTHENTICATE].to_str().unwrap();
        assert!(value.ends_with("error_description=\"abc: d\""), "{value}");
    }
}
