//! Who is calling: the desk's own issuer (client credentials in, signed tokens out), the issuers
//! besides it that are trusted, and who a token is.
//!
//! Tokens of the desk are ES256 JWTs. The signing keys are kept in the database; secrets are kept as
//! argon2 hashes only. Tokens live by the system's clock, also in a sandbox.

mod audiences;
mod flow;
pub mod issuers;
mod jwt;
mod keys;
mod memory;
mod tenants;
mod tokens;

pub use audiences::{accept_audience, known_as};
pub use jwt::TOKEN_BYTES_MAX;
pub use keys::{PublicKey, public_keys, rotate};
pub use prorata_store::world::Tenant;
pub use tenants::{switch, tenants};
pub(crate) use tokens::sign_statement;
pub use tokens::{
    Glance, Issued, Verified, closely, glance, issue, issue_for, issuer_at, remembered, verify,
};

use crate::{App, Caller, Error, partner, secrets};
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Argon2, Params};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use prorata_domain::ids::{PrincipalId, TenantId};
use prorata_store::world::Principal;
use prorata_store::{Store, Tx, directory, world};
use uuid::Uuid;

/// Seconds by which the clocks of the desk and of an issuer may differ.
const LEEWAY_SECONDS: i64 = 60;

/// What knowing a caller needs: keys, issuers, and what was verified a moment ago.
pub(crate) struct Gate {
    keys: keys::Keys,
    memory: memory::Memory,
    audiences: audiences::Audiences,
    issuers: issuers::Issuers,
    seal: flow::Seal,
}

impl Gate {
    /// Loads what is kept, and makes the keys at first start.
    pub(crate) fn open(store: &Store) -> Result<Gate, Error> {
        Ok(Gate {
            keys: keys::Keys::open(store)?,
            memory: memory::Memory::default(),
            audiences: audiences::Audiences::default(),
            issuers: issuers::Issuers::open(store)?,
            seal: flow::Seal::open(store)?,
        })
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

/// 256 random bits as text.
fn random_text() -> String {
    use rand::RngCore;
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
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
    Ok(secrets::sign_in(app, Some(tenant), client, secret)?.caller)
}

/// Signs in a client that does not say its tenant: the one where such a client is, if it is in one
/// only.
///
/// # Errors
/// Those of [`sign_in`]; a client of two tenants is not known here.
pub fn sign_in_anywhere(app: &App, client: &str, secret: &str) -> Result<Caller, Error> {
    Ok(secrets::sign_in(app, None, client, secret)?.caller)
}

/// The principal of a client in a tenant, or in the only one that has it. What it signs in with is
/// that of its account: of a guest at home, of an agent at the partner.
pub(crate) fn account(
    tx: &mut Tx<'_>,
    tenant: Option<TenantId>,
    client: &str,
) -> Result<Option<Principal>, Error> {
    let client = client.to_ascii_lowercase();
    let Some(tenant) = tenant else { return Ok(directory::only_client(tx, &client)?) };
    let Some(found) = world::principal_by_client(tx, tenant, &client)? else {
        return partner::agent_account(tx, tenant, &client);
    };
    let account = match found.home {
        Some(home) => world::principal(tx, home, found.id)?,
        None => Some(found.clone()),
    };
    Ok(account.map(|account| Principal { secret_hash: account.secret_hash, ..found }))
}

/// As whom a principal acts.
pub(crate) fn acting(app: &App, principal: Principal) -> Result<Caller, Error> {
    partner::as_agent(app, issuers::acting(principal))
}

/// A hash nobody has the secret of, so that an unknown client takes as long as a known one.
pub(crate) const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$\
                                 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Forgets the tokens of a principal that were verified: something of it was revoked.
pub(crate) fn forget(app: &App, principal: PrincipalId) {
    app.gate.memory.forget(principal);
}

/// Forgets every token that was verified.
pub(crate) fn forget_all(app: &App) {
    app.gate.memory.forget_all();
}

/// A new correlation id for a call that brought none.
pub fn new_correlation() -> Uuid {
    Uuid::new_v4()
}
