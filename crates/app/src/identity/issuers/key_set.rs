//! The public keys of an issuer.

use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;

/// Keys of one issuer; the largest have some ten.
const KEYS_MAX: usize = 64;

/// Characters of an RSA modulus: at least 2048 bits, at most 8192.
const MODULUS_CHARS: std::ops::RangeInclusive<usize> = 342..=1366;

/// A key that verifies signatures of one algorithm.
#[derive(Clone)]
pub struct Key {
    pub id: Option<String>,
    pub algorithm: Algorithm,
    /// The issuer that the key says it is of, where the set has keys of several.
    pub issuer: Option<String>,
    key: DecodingKey,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    key_ops: Option<Vec<String>>,
    alg: Option<String>,
    crv: Option<String>,
    issuer: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

/// The keys of a set that are for signatures and of a kind that is known; others are left out, as
/// sets may hold keys for other uses.
pub fn read(set: &serde_json::Value) -> Option<Vec<Key>> {
    let rows = set.get("keys")?.as_array()?;
    let keys = rows.iter().take(KEYS_MAX).filter_map(|row| {
        let jwk: Jwk = serde_json::from_value(row.clone()).ok()?;
        key(jwk)
    });
    Some(keys.collect())
}

fn key(jwk: Jwk) -> Option<Key> {
    let for_signatures = jwk.purpose.as_deref().is_none_or(|purpose| purpose == "sig")
        && jwk.key_ops.as_ref().is_none_or(|uses| uses.iter().any(|name| name == "verify"));
    if !for_signatures {
        return None;
    }
    let algorithm = algorithm(&jwk)?;
    let key = match jwk.kty.as_str() {
        "RSA" => {
            let modulus = jwk.n.as_deref()?.trim_end_matches('=');
            if !MODULUS_CHARS.contains(&modulus.len()) {
                return None;
            }
            DecodingKey::from_rsa_components(modulus, jwk.e.as_deref()?).ok()?
        }
        "EC" => DecodingKey::from_ec_components(jwk.x.as_deref()?, jwk.y.as_deref()?).ok()?,
        "OKP" => DecodingKey::from_ed_components(jwk.x.as_deref()?).ok()?,
        _ => return None,
    };
    Some(Key { id: jwk.kid, algorithm, issuer: jwk.issuer, key })
}

/// The one algorithm of a key: what the key says, if that goes with its kind; else the usual one of
/// its kind. Keys that are shared secrets have none here.
fn algorithm(jwk: &Jwk) -> Option<Algorithm> {
    use Algorithm::{ES256, ES384, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512};
    let (usual, possible): (Algorithm, &[Algorithm]) = match (jwk.kty.as_str(), jwk.crv.as_deref())
    {
        ("RSA", _) => (RS256, &[RS256, RS384, RS512, PS256, PS384, PS512]),
        ("EC", Some("P-256")) => (ES256, &[ES256]),
        ("EC", Some("P-384")) => (ES384, &[ES384]),
        ("OKP", Some("Ed25519")) => (EdDSA, &[EdDSA]),
        _ => return None,
    };
    match jwk.alg.as_deref() {
        None => Some(usual),
        Some("Ed25519") if usual == EdDSA => Some(EdDSA),
        Some(name) => possible.iter().copied().find(|known| self::name(*known) == name),
    }
}

/// The name of an algorithm, as headers of tokens have it.
fn name(algorithm: Algorithm) -> String {
    format!("{algorithm:?}")
}

impl Key {
    /// Whether a signature is by this key. `said` is the algorithm that the token names: it must be
    /// the key's own.
    pub fn verifies(&self, said: &str, text: &str, signature: &str) -> bool {
        let same = name(self.algorithm) == said
            || (self.algorithm == Algorithm::EdDSA && said == "Ed25519");
        let checked =
            || jsonwebtoken::crypto::verify(signature, text.as_bytes(), &self.key, self.algorithm);
        same && checked().unwrap_or(false)
    }
}
