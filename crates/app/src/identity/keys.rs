//! The desk's own key pairs. The newest signs; a retired one verifies until the last token it
//! signed has ended.

use super::{LEEWAY_SECONDS, random_scalar};
use crate::limits::TOKEN_SECONDS;
use crate::{App, Error};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use p256::ecdsa::signature::{Signer, Verifier};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use p256::pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding};
use prorata_store::signing_keys::{self, SigningKey as Row};
use prorata_store::{Store, Tx, meta};
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// The algorithm of all keys of the desk's own.
pub const ALGORITHM: &str = "ES256";

/// Where programs before this one kept the only key they had.
const ONLY_KEY: &str = "signing-key";

/// Another process may have made a new key: so long one goes on with those it knows.
const KNOWN_FOR: Duration = Duration::from_secs(60);

/// After a token named a key that nobody made, keys are not looked for again so long. Those that
/// are shown to others are no older either.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Days after which a key is replaced by itself.
const KEY_DAYS: i64 = 90;

/// Public members of a key, as a key set shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    pub id: String,
    /// Coordinates on the curve P-256, base64url without padding.
    pub x: String,
    pub y: String,
}

/// The key pairs of this desk, as they were last read.
pub(crate) struct Keys {
    ring: RwLock<Arc<Ring>>,
    /// When a key was last looked for and not found.
    in_vain_at: Mutex<Option<Instant>>,
}

struct Ring {
    /// The newest first.
    pairs: Vec<Pair>,
    read_at: Instant,
}

struct Pair {
    id: String,
    signing: SigningKey,
    verifying: VerifyingKey,
    made_at: Timestamp,
    retired_at: Option<Timestamp>,
}

impl Keys {
    /// Reads the keys, or makes the first at first start.
    pub(crate) fn open(store: &Store) -> Result<Keys, Error> {
        let mut ring = read(store)?;
        if ring.pairs.is_empty() {
            // The key of an older program goes on, so that its tokens do.
            let fresh = pem(&fresh()?)?;
            store.write(move |tx| -> Result<(), Error> {
                let kept = meta::put_if_absent(tx, ONLY_KEY, &fresh)?;
                let row = row(&pair_of(&kept, Timestamp::now(), None)?, kept);
                Ok(signing_keys::insert(tx, &row)?)
            })?;
            ring = read(store)?;
        }
        Ok(Keys { ring: RwLock::new(Arc::new(ring)), in_vain_at: Mutex::default() })
    }

    fn ring(&self) -> Arc<Ring> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the keys again. It blocks.
    fn reload(&self, store: &Store) -> Result<Arc<Ring>, Error> {
        let ring = Arc::new(read(store)?);
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = ring.clone();
        Ok(ring)
    }

    /// Signs with the newest key: its id goes to `text`, which gives what is to be signed. It may
    /// block, for the keys are read again now and then.
    pub(super) fn sign<T>(
        app: &App,
        text: impl FnOnce(&str) -> Result<T, Error>,
    ) -> Result<(T, String), Error>
    where
        T: AsRef<str>,
    {
        let keys = &app.gate.keys;
        let mut ring = keys.ring();
        if ring.read_at.elapsed() > KNOWN_FOR {
            ring = keys.reload(&app.store)?;
        }
        let newest = ring.newest()?;
        let age = Timestamp::now().duration_since(newest.made_at);
        if age > SignedDuration::from_hours(24 * KEY_DAYS) {
            rotate(app)?;
            ring = keys.ring();
        }
        let pair = ring.newest()?;
        let text = text(&pair.id)?;
        let signature: Signature = pair.signing.sign(text.as_ref().as_bytes());
        Ok((text, URL_SAFE_NO_PAD.encode(signature.to_bytes())))
    }

    /// Whether a signature is by the key of this id: `None` when there is no such key.
    pub(super) fn verifies(
        &self,
        id: &str,
        text: &str,
        signature: &str,
        now: Timestamp,
    ) -> Option<bool> {
        let ring = self.ring();
        let pair = ring.pairs.iter().find(|pair| pair.id == id && pair.is_good_at(now))?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok();
        let signature = signature.and_then(|bytes| Signature::from_slice(&bytes).ok());
        Some(signature.is_some_and(|one| pair.verifying.verify(text.as_bytes(), &one).is_ok()))
    }

    /// Whether it is worth looking for a key that another process may have made.
    pub(super) fn may_look(&self) -> bool {
        let in_vain_at = self.in_vain_at.lock().unwrap_or_else(PoisonError::into_inner);
        in_vain_at.is_none_or(|at| at.elapsed() > LOOK_EVERY)
    }

    /// Looks for a key that another process may have made, unless it is known.
    pub(super) fn look_for(&self, store: &Store, id: &str) -> Result<(), Error> {
        let has = |ring: &Ring| ring.pairs.iter().any(|pair| pair.id == id);
        if !has(&self.ring()) && self.may_look() && !has(&*self.reload(store)?) {
            let mut in_vain_at = self.in_vain_at.lock().unwrap_or_else(PoisonError::into_inner);
            *in_vain_at = Some(Instant::now());
        }
        Ok(())
    }
}

impl Ring {
    fn newest(&self) -> Result<&Pair, Error> {
        let current = self.pairs.iter().find(|pair| pair.retired_at.is_none());
        current.ok_or_else(|| Error::Broken("there is no key to sign with".to_owned()))
    }
}

impl Pair {
    fn is_good_at(&self, now: Timestamp) -> bool {
        self.retired_at.is_none_or(|retired| now < retired + verifies_for())
    }

    fn public(&self) -> PublicKey {
        let point = self.verifying.to_encoded_point(false);
        let part = |bytes: Option<&p256::FieldBytes>| {
            bytes.map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).unwrap_or_default()
        };
        PublicKey { id: self.id.clone(), x: part(point.x()), y: part(point.y()) }
    }
}

/// How long a retired key verifies: another process may sign with it until it reads the keys again,
/// and what it signs then lives its whole time.
fn verifies_for() -> SignedDuration {
    let signs_on = i64::try_from(KNOWN_FOR.as_secs()).unwrap_or(i64::MAX);
    SignedDuration::from_secs(TOKEN_SECONDS + LEEWAY_SECONDS + signs_on)
}

/// Makes a new key, which signs from now on; tokens of the old ones go on until they end. Answers
/// the new key's id.
///
/// # Errors
/// Those of the database.
pub fn rotate(app: &App) -> Result<String, Error> {
    let made = fresh()?;
    let pem = pem(&made)?;
    let pair = pair_of(&pem, Timestamp::now(), None)?;
    let id = pair.id.clone();
    app.store.write(move |tx: &mut Tx<'_>| -> Result<(), Error> {
        let now = Timestamp::now();
        signing_keys::insert(tx, &row(&pair, pem.clone()))?;
        signing_keys::retire_others(tx, &pair.id, now)?;
        signing_keys::remove_retired(tx, now - verifies_for())?;
        Ok(())
    })?;
    app.gate.keys.reload(&app.store)?;
    Ok(id)
}

/// The public halves of all keys that verify, the newest first. It may block.
///
/// # Errors
/// Those of the database.
pub fn public_keys(app: &App) -> Result<Vec<PublicKey>, Error> {
    let mut ring = app.gate.keys.ring();
    if ring.read_at.elapsed() > LOOK_EVERY {
        ring = app.gate.keys.reload(&app.store)?;
    }
    let now = Timestamp::now();
    Ok(ring.pairs.iter().filter(|pair| pair.is_good_at(now)).map(Pair::public).collect())
}

fn read(store: &Store) -> Result<Ring, Error> {
    let rows = store.read(|tx| Ok::<_, Error>(signing_keys::all(tx)?))?;
    let pairs = rows.iter().map(|row| pair_of(&row.pem, row.made_at, row.retired_at));
    Ok(Ring { pairs: pairs.collect::<Result<_, _>>()?, read_at: Instant::now() })
}

fn fresh() -> Result<SigningKey, Error> {
    SigningKey::from_slice(&random_scalar())
        .map_err(|error| Error::Broken(format!("no signing key could be made: {error}")))
}

fn pem(key: &SigningKey) -> Result<String, Error> {
    key.to_pkcs8_pem(LineEnding::LF)
        .map(|pem| pem.to_string())
        .map_err(|error| Error::Broken(format!("the signing key cannot be written: {error}")))
}

fn pair_of(pem: &str, made_at: Timestamp, retired_at: Option<Timestamp>) -> Result<Pair, Error> {
    let signing = SigningKey::from_pkcs8_pem(pem)
        .map_err(|error| Error::Broken(format!("the signing key cannot be read: {error}")))?;
    let verifying = *signing.verifying_key();
    let point = verifying.to_encoded_point(false);
    let id = URL_SAFE_NO_PAD.encode(&Sha256::digest(point.as_bytes())[..12]);
    Ok(Pair { id, signing, verifying, made_at, retired_at })
}

fn row(pair: &Pair, pem: String) -> Row {
    Row { id: pair.id.clone(), pem, made_at: pair.made_at, retired_at: pair.retired_at }
}
