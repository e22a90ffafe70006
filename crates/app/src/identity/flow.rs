//! What a browser keeps for the desk for some minutes: it can be read there, but not changed.

use crate::{App, Error};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use prorata_store::{Store, meta};
use sha2::Sha256;

/// Where the key of the seal is kept.
const SEAL_KEY: &str = "sign-in-seal";

/// The key by which what is kept elsewhere is known again. All processes over one database share it.
pub(crate) struct Seal(Vec<u8>);

impl Seal {
    pub(super) fn open(store: &Store) -> Result<Seal, Error> {
        let known = store.read(|tx| Ok::<_, Error>(meta::get(tx, SEAL_KEY)?))?;
        let text = match known {
            Some(text) => text,
            None => {
                let fresh = super::random_text();
                store.write(move |tx| Ok::<_, Error>(meta::put_if_absent(tx, SEAL_KEY, &fresh)?))?
            }
        };
        Ok(Seal(text.into_bytes()))
    }

    fn mac(&self, text: &str) -> Result<Hmac<Sha256>, Error> {
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(&self.0)
            .map_err(|error| Error::Broken(format!("the seal's key cannot be used: {error}")))?;
        mac.update(text.as_bytes());
        Ok(mac)
    }
}

/// Makes a text that [`open`] reads again.
pub(super) fn seal(app: &App, content: &[u8]) -> Result<String, Error> {
    let text = URL_SAFE_NO_PAD.encode(content);
    let tag = app.gate.seal.mac(&text)?.finalize().into_bytes();
    Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(tag)))
}

/// What was sealed here; nothing for what was not.
pub(super) fn open(app: &App, sealed: &str) -> Option<Vec<u8>> {
    let (text, tag) = sealed.split_once('.')?;
    let tag = URL_SAFE_NO_PAD.decode(tag).ok()?;
    app.gate.seal.mac(text).ok()?.verify_slice(&tag).ok()?;
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Whether two texts are the same; the time taken says nothing of where they differ.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.len() == other.len()
        && one.bytes().zip(other.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}
