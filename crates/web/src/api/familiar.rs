//! Tokens that were good here within the hour, by their digests: while a place is turned away for
//! the bad ones that it sends, these are looked at all the same.

use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// No token of the desk is good for longer.
const KEPT: Duration = Duration::from_secs(60 * 60);

/// Tokens kept at once, of some sixty bytes each; beyond that all are forgotten.
const KEPT_MAX: usize = 65_536;

#[derive(Default)]
pub(super) struct Familiar(Mutex<HashMap<[u8; 32], Instant>>);

impl Familiar {
    /// Notes that a token was good.
    pub fn note(&self, token: &str, now: Instant) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KEPT_MAX {
            known.retain(|_, noted| now.duration_since(*noted) < KEPT);
            if known.len() >= KEPT_MAX {
                known.clear();
            }
        }
        known.insert(Sha256::digest(token.as_bytes()).into(), now);
    }

    /// Whether a token was good within the hour. Whether it still is, is another's to say.
    pub fn is(&self, token: &str, now: Instant) -> bool {
        let digest: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&digest).is_some_and(|noted| now.duration_since(*noted) < KEPT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_familiar_for_an_hour() {
        let (familiar, now) = (Familiar::default(), Instant::now());
        familiar.note("good", now);
        assert!(familiar.is("good", now) && !familiar.is("bad", now));
        assert!(!familiar.is("good", now + KEPT));
        (0..KEPT_MAX).for_each(|number| familiar.note(&number.to_string(), now));
        assert!(familiar.0.lock().unwrap().len() <= KEPT_MAX);
    }
}
