//! What the desk has to read again but nobody else should: sealed before it is stored.
//!
//! The key is the operator's where one is given, and then is nowhere in the database. Without one
//! the desk makes its own and keeps it there, apart from the rows: that protects a table that gets
//! out, not a whole database.

use crate::Error;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use prorata_store::{Store, meta};
use rand::RngCore;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::Sha256;

const SEALING_KEY: &str = "sealing-key";

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;

/// Seals and opens, and signs what is given out to be shown again.
pub struct Sealer {
    seal: LessSafeKey,
    sign: [u8; KEY_BYTES],
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer")
    }
}

impl Sealer {
    /// With the key that is kept in the database; it is made at first start.
    pub(crate) fn open(store: &Store) -> Result<Sealer, Error> {
        let mut fresh = [0; KEY_BYTES];
        rand::rng().fill_bytes(&mut fresh);
        let fresh = URL_SAFE_NO_PAD.encode(fresh);
        let kept = store.write(move |tx| -> Result<String, Error> {
            Ok(meta::put_if_absent(tx, SEALING_KEY, &fresh)?)
        })?;
        let unreadable = || Error::Broken("the sealing key cannot be read".to_owned());
        let key = URL_SAFE_NO_PAD.decode(kept).map_err(|_| unreadable())?;
        Sealer::new(&key.try_into().map_err(|_| unreadable())?)
    }

    pub(crate) fn new(key: &[u8; KEY_BYTES]) -> Result<Sealer, Error> {
        let unfit = |_| Error::Broken("the sealing key does not fit".to_owned());
        let part = UnboundKey::new(&CHACHA20_POLY1305, &derived(key, "seal")).map_err(unfit)?;
        Ok(Sealer { seal: LessSafeKey::new(part), sign: derived(key, "sign") })
    }

    /// Seals a text. `about` is what it belongs to: it opens only there.
    ///
    /// # Errors
    /// When it is too long for the cipher.
    pub fn seal(&self, about: &str, text: &[u8]) -> Result<String, Error> {
        let mut nonce = [0; NONCE_LEN];
        rand::rng().fill_bytes(&mut nonce);
        let mut sealed = text.to_vec();
        self.seal
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(about.as_bytes()),
                &mut sealed,
            )
            .map_err(|_| Error::Broken("a text could not be sealed".to_owned()))?;
        Ok(URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// Opens what [`Sealer::seal`] made.
    ///
    /// # Errors
    /// When it was sealed with another key, for something else, or was changed.
    pub fn open_sealed(&self, about: &str, sealed: &str) -> Result<Vec<u8>, Error> {
        let shut =
            || Error::Broken(format!("what was sealed for {about} does not open with this key"));
        let bytes = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| shut())?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN).ok_or_else(shut)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| shut())?;
        let mut opened = sealed.to_vec();
        let text = self
            .seal
            .open_in_place(nonce, Aad::from(about.as_bytes()), &mut opened)
            .map_err(|_| shut())?;
        Ok(text.to_vec())
    }

    /// A signature over a text that the desk gives out and wants to know again.
    pub fn sign(&self, about: &str, text: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.mac(about, text).finalize().into_bytes())
    }

    /// Whether a signature is that of a text.
    pub fn is_signed(&self, about: &str, text: &str, signature: &str) -> bool {
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
        self.mac(about, text).verify_slice(&signature).is_ok()
    }

    fn mac(&self, about: &str, text: &str) -> Hmac<Sha256> {
        let mac = Hmac::<Sha256>::new_from_slice(&self.sign);
        let mut mac = mac.expect("any length is a key of this hash");
        mac.update(about.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        mac
    }
}

/// A key of its own for each use.
fn derived(key: &[u8; KEY_BYTES], purpose: &str) -> [u8; KEY_BYTES] {
    let mac = Hmac::<Sha256>::new_from_slice(key);
    let mut mac = mac.expect("any length is a key of this hash");
    mac.update(purpose.as_bytes());
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_only_where_it_belongs() {
        let (one, other) = (Sealer::new(&[1; 32]).unwrap(), Sealer::new(&[2; 32]).unwrap());
        let sealed = one.seal("anna", b"seed").unwrap();
        assert!(!sealed.contains("seed"));
        assert_ne!(sealed, one.seal("anna", b"seed").unwrap(), "never twice alike");
        assert_eq!(one.open_sealed("anna", &sealed).unwrap(), b"seed");
        assert!(one.open_sealed("bert", &sealed).is_err());
        assert!(other.open_sealed("anna", &sealed).is_err());
        assert!(one.open_sealed("anna", &sealed[1..]).is_err());
        assert!(one.open_sealed("anna", "").is_err());
    }

    #[test]
    fn a_signature_is_for_one_text_and_one_use() {
        let sealer = Sealer::new(&[1; 32]).unwrap();
        let signature = sealer.sign("device", "a.b");
        assert!(sealer.is_signed("device", "a.b", &signature));
        assert!(!sealer.is_signed("device", "a.c", &signature));
        assert!(!sealer.is_signed("devic", "ea.b", &signature));
        assert!(!sealer.is_signed("device", "a.b", ""));
    }

    #[test]
    fn the_key_stays_with_the_database() {
        let store = Store::memory().unwrap();
        let sealed = Sealer::open(&store).unwrap().seal("x", b"seed").unwrap();
        assert_eq!(Sealer::open(&store).unwrap().open_sealed("x", &sealed).unwrap(), b"seed");
    }
}
