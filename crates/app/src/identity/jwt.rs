//! A token taken apart. Nothing it says is believed before its signature was checked with a key of
//! the issuer that it names.

use crate::Error;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Map, Value};

/// Bytes of a token. Those that name some hundred groups have 6 KiB.
pub const TOKEN_BYTES_MAX: usize = 16 << 10;

/// What the header says of the signature. All else in it is not looked at: a token brings no keys.
#[derive(Debug, Deserialize)]
pub(super) struct Header {
    pub alg: String,
    pub kid: Option<String>,
    pub typ: Option<String>,
    #[serde(default)]
    crit: Option<IgnoredAny>,
}

#[derive(Debug)]
pub(super) struct Token<'a> {
    /// What was signed: header and claims.
    pub signed: &'a str,
    pub signature: &'a str,
    pub header: Header,
    pub claims: Claims,
}

/// What a token says.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Claims(Map<String, Value>);

/// A token that cannot be used, and why.
pub(super) fn unusable(why: impl Into<String>) -> Error {
    Error::Unknown(why.into())
}

impl Token<'_> {
    /// Takes a token apart.
    ///
    /// # Errors
    /// [`Error::Unknown`] for what is no signed token of bounded size.
    pub fn parse(text: &str) -> Result<Token<'_>, Error> {
        if text.len() > TOKEN_BYTES_MAX {
            return Err(unusable("the token is too long"));
        }
        let not_one = || unusable("the token is not valid");
        let (signed, signature) = text.rsplit_once('.').ok_or_else(not_one)?;
        let (header, claims) = signed.split_once('.').ok_or_else(not_one)?;
        let header: Header = decoded(header).ok_or_else(not_one)?;
        let claims: Claims = decoded(claims).ok_or_else(not_one)?;
        if header.crit.is_some() {
            return Err(unusable("the token has critical extensions, of which none is known"));
        }
        Ok(Token { signed, signature, header, claims })
    }
}

fn decoded<T: for<'de> Deserialize<'de>>(part: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

impl Claims {
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// A claim that is a text and not empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// All of it as a document of a known form.
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        T::deserialize(Value::Object(self.0.clone())).ok()
    }

    /// An instant in seconds, of a claim that may be missing.
    pub fn seconds(&self, name: &str) -> Option<i64> {
        self.instant(name).ok().flatten()
    }

    /// For whom the token is: one text or a list of them.
    pub fn audiences(&self) -> Vec<&str> {
        match self.0.get("aud") {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// An instant, in whole seconds since 1970; a fraction is cut off.
    fn instant(&self, name: &str) -> Result<Option<i64>, Error> {
        let Some(value) = self.0.get(name) else { return Ok(None) };
        let seconds = value.as_number().and_then(|number| {
            let text = number.to_string();
            text.split('.').next().and_then(|whole| whole.parse().ok())
        });
        seconds.map(Some).ok_or_else(|| unusable(format!("the token's `{name}` is no instant")))
    }

    /// Whether the token is good now, clocks being apart by `leeway` seconds at most; answers when
    /// it ends.
    ///
    /// # Errors
    /// [`Error::Unknown`] when it has ended, has not begun, or does not say when it ends.
    pub fn good_until(&self, now: i64, leeway: i64) -> Result<i64, Error> {
        let ends = self.instant("exp")?.ok_or_else(|| unusable("the token has no end"))?;
        if now >= ends.saturating_add(leeway) {
            return Err(unusable("the token has expired"));
        }
        for begins in ["nbf", "iat"] {
            if self.instant(begins)?.is_some_and(|begins| now < begins.saturating_sub(leeway)) {
                return Err(unusable("the token is not valid yet"));
            }
        }
        Ok(ends)
    }
}
