//! The built-in token issuer: client credentials in, signed tokens out, and who a token is.
//!
//! Tokens are ES256 JWTs. The signing key is kept in the database; secrets are kept as argon2
//! hashes only. Tokens live by the system's clock, also in a sandbox.

use crate::limits::TOKEN_SECONDS;
use crate::{App, Caller, Error};
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Argon2, Params};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use p256::ecdsa::signature::{Signer, Verifier};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use p256::pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding};
use prorata_domain::ids::{PrincipalId, TenantId};
use prorata_store::world::Principal;
use prorata_store::{Store, directory, meta, world};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

const SIGNING_KEY: &str = "signing-key";

/// Tokens remembered as verified, so that a signature is checked once and not at each call.
const REMEMBERED_MAX: usize = 4096;

/// The issuer's key pair, and the tokens it has verified.
pub struct Keys {
    signing: SigningKey,
    verifying: VerifyingKey,
    id: String,
    verified: Mutex<HashMap<[u8; 32], (Caller, i64)>>,
}

/// A token that was issued.
#[derive(Debug, Clone)]
pub struct Issued {
    pub access_token: String,
    pub expires_in: i64,
}

/// Public members of the signing key, as a key set shows them.
#[derive(Debug, Clone)]
pub struct PublicKey {
    pub id: String,
    /// Coordinates on the curve P-256, base64url without padding.
    pub x: String,
    pub y: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Header {
    alg: String,
    typ: String,
    kid: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    tid: TenantId,
    oid: PrincipalId,
    sub: PrincipalId,
    appid: String,
    name: String,
    ver: String,
}

impl Keys {
    /// Loads the key pair, or makes one at first start.
    pub(crate) fn open(store: &Store) -> Result<Keys, Error> {
        let fresh = SigningKey::from_slice(&random_scalar())
            .map_err(|error| Error::Broken(format!("no signing key could be made: {error}")))?;
        let pem = fresh
            .to_pkcs8_pem(LineEnding::LF)
            .map_err(|error| Error::Broken(format!("the signing key cannot be written: {error}")))?
            .to_string();
        // Whoever writes first wins, so that processes over one database share the key.
        let kept = store.write(move |tx| -> Result<String, Error> {
            Ok(meta::put_if_absent(tx, SIGNING_KEY, &pem)?)
        })?;
        let signing = SigningKey::from_pkcs8_pem(&kept)
            .map_err(|error| Error::Broken(format!("the signing key cannot be read: {error}")))?;
        let verifying = *signing.verifying_key();
        let point = verifying.to_encoded_point(false);
        let id = URL_SAFE_NO_PAD.encode(&Sha256::digest(point.as_bytes())[..12]);
        Ok(Keys { signing, verifying, id, verified: Mutex::new(HashMap::new()) })
    }

    fn remembered(&self, digest: &[u8; 32], now: i64) -> Option<Caller> {
        let verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        verified.get(digest).filter(|(_, until)| now < *until).map(|(caller, _)| caller.clone())
    }

    fn remember(&self, digest: [u8; 32], caller: Caller, until: i64, now: i64) {
        let mut verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        if verified.len() >= REMEMBERED_MAX {
            verified.retain(|_, (_, until)| now < *until);
            if verified.len() >= REMEMBERED_MAX {
                verified.clear();
            }
        }
        verified.insert(digest, (caller, until));
    }
}

fn random_scalar() -> [u8; 32] {
    use rand::RngCore;
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    // Below the order of the curve, and never zero.
    bytes[0] &= 0x7f;
    bytes[31] |= 1;
    bytes
}

/// A new secret: 240 random bits as text.
pub fn new_secret() -> String {
    use rand::RngCore;
    let mut bytes = [0; 30];
    rand::rng().fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

fn hasher() -> Argon2<'static> {
    // 19 MiB and two passes: the least that current advice gives for this hash.
    let params = Params::new(19 * 1024, 2, 1, None).expect("these parameters are in range");
    Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
}

/// The hash of a secret, as it is kept.
///
/// # Errors
/// When the secret cannot be hashed (longer than 4 GiB).
pub fn hash_secret(secret: &str) -> Result<String, Error> {
    let salt = SaltString::encode_b64(&random_scalar()[..16])
        .map_err(|error| Error::Broken(format!("no salt: {error}")))?;
    hasher()
        .hash_password(secret.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|error| Error::Broken(format!("the secret cannot be hashed: {error}")))
}

/// Whether a secret is the one whose hash was kept.
pub fn secret_matches(secret: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| hasher().verify_password(secret.as_bytes(), &hash).is_ok())
}

/// Signs a client in. Takes tens of milliseconds on purpose: call it where blocking is allowed.
///
/// # Errors
/// [`Error::Unknown`] for a client that is not there or another secret; the two take equally long.
pub fn sign_in(app: &App, tenant: TenantId, client: &str, secret: &str) -> Result<Caller, Error> {
    let client_key = client.to_ascii_lowercase();
    let found = app.read(move |tx, _| Ok(world::principal_by_client(tx, tenant, &client_key)?))?;
    checked(found, secret)
}

/// Signs in a client that does not say its tenant: the one where such a client is, if it is in one
/// only.
///
/// # Errors
/// Those of [`sign_in`]; a client of two tenants is not known here.
pub fn sign_in_anywhere(app: &App, client: &str, secret: &str) -> Result<Caller, Error> {
    let client_key = client.to_owned();
    let found = app.read(move |tx, _| Ok(directory::only_client(tx, &client_key)?))?;
    checked(found, secret)
}

fn checked(found: Option<Principal>, secret: &str) -> Result<Caller, Error> {
    // A hash nobody has the secret of, so that an unknown client takes as long as a known one.
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$\
                          AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let hash = found.as_ref().map_or(NOBODY, |principal| principal.secret_hash.as_str());
    let matches = secret_matches(secret, hash);
    match found.filter(|_| matches) {
        Some(principal) => {
            Ok(Caller::new(principal.tenant, principal.id, principal.client_id, principal.name))
        }
        None => Err(Error::Unknown("the client or its secret is wrong".to_owned())),
    }
}

/// A signed token for a caller. `issuer` is the issuer's URL, `audience` what it is meant for.
///
/// # Errors
/// When the claims cannot be written.
pub fn issue(app: &App, caller: &Caller, issuer: &str, audience: &str) -> Result<Issued, Error> {
    let now = Timestamp::now().as_second();
    let header = Header { alg: "ES256".into(), typ: "JWT".into(), kid: app.keys.id.clone() };
    let claims = Claims {
        iss: issuer.to_owned(),
        aud: audience.to_owned(),
        iat: now,
        nbf: now,
        exp: now + TOKEN_SECONDS,
        tid: caller.tenant,
        oid: caller.principal,
        sub: caller.principal,
        appid: caller.client.clone(),
        name: caller.name.clone(),
        ver: "1.0".into(),
    };
    let body = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&header)?),
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&claims)?)
    );
    let signature: Signature = app.keys.signing.sign(body.as_bytes());
    let access_token = format!("{body}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()));
    Ok(Issued { access_token, expires_in: TOKEN_SECONDS })
}

/// Who a token is.
///
/// # Errors
/// [`Error::Unknown`] for a token that is not ours, was changed, or has expired.
pub fn verify(app: &App, token: &str) -> Result<Caller, Error> {
    let now = Timestamp::now().as_second();
    let digest: [u8; 32] = Sha256::digest(token.as_bytes()).into();
    if let Some(caller) = app.keys.remembered(&digest, now) {
        return Ok(caller);
    }
    let claims =
        claims(app, token).ok_or_else(|| Error::Unknown("the token is not valid".into()))?;
    if now >= claims.exp || now < claims.nbf - 60 {
        return Err(Error::Unknown("the token has expired".to_owned()));
    }
    let caller = Caller::new(claims.tid, claims.oid, claims.appid, claims.name);
    app.keys.remember(digest, caller.clone(), claims.exp, now);
    Ok(caller)
}

fn claims(app: &App, token: &str) -> Option<Claims> {
    let (body, signature) = token.rsplit_once('.')?;
    let (header, claims) = body.split_once('.')?;
    let header: Header = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
    // The algorithm is ours to choose, never the token's.
    if header.alg != "ES256" || header.kid != app.keys.id {
        return None;
    }
    let signature = Signature::from_slice(&URL_SAFE_NO_PAD.decode(signature).ok()?).ok()?;
    app.keys.verifying.verify(body.as_bytes(), &signature).ok()?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
}

/// The public half of the signing key.
pub fn public_key(app: &App) -> PublicKey {
    let point = app.keys.verifying.to_encoded_point(false);
    let part = |bytes: Option<&p256::FieldBytes>| {
        bytes.map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).unwrap_or_default()
    };
    PublicKey { id: app.keys.id.clone(), x: part(point.x()), y: part(point.y()) }
}

/// A new correlation id for a call that brought none.
pub fn new_correlation() -> Uuid {
    Uuid::new_v4()
}
