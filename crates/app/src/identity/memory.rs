//! Tokens remembered as verified, so that a signature is checked once and not at each call.

use super::tokens::Verified;
use prorata_domain::ids::PrincipalId;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Tokens remembered at once, of about half a kilobyte each.
const REMEMBERED_MAX: usize = 4096;

/// So long a token is not looked at again: what was revoked at another process of the same database
/// goes on no longer than this.
const REMEMBERED_SECONDS: i64 = 60;

/// A token's digest: the memory holds nothing to sign in with.
pub(super) type Digested = [u8; 32];

#[derive(Default)]
pub(super) struct Memory {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    known: HashMap<Digested, (Verified, i64)>,
    /// Counts what was forgotten, so that what was looked up before is not remembered after.
    forgotten: u64,
}

/// What was forgotten when a look-up began.
#[derive(Debug, Clone, Copy)]
pub(super) struct Since(u64);

pub(super) fn digest(token: &str) -> Digested {
    Sha256::digest(token.as_bytes()).into()
}

impl Memory {
    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn find(&self, token: &Digested, now: i64) -> Option<Verified> {
        let inner = self.lock();
        inner
            .known
            .get(token)
            .filter(|(_, until)| now < *until)
            .map(|(verified, _)| verified.clone())
    }

    /// To be called before anything is looked up that a revocation changes.
    pub fn begin(&self) -> Since {
        Since(self.lock().forgotten)
    }

    /// Remembers a token that ends at `ends`, unless something was forgotten meanwhile.
    pub fn keep(&self, since: Since, token: Digested, verified: Verified, ends: i64, now: i64) {
        let mut inner = self.lock();
        if inner.forgotten != since.0 {
            return;
        }
        if inner.known.len() >= REMEMBERED_MAX {
            inner.known.retain(|_, (_, until)| now < *until);
            if inner.known.len() >= REMEMBERED_MAX {
                inner.known.clear();
            }
        }
        inner.known.insert(token, (verified, ends.min(now.saturating_add(REMEMBERED_SECONDS))));
    }

    pub fn forget(&self, principal: PrincipalId) {
        let mut inner = self.lock();
        inner.forgotten += 1;
        inner.known.retain(|_, (verified, _)| verified.caller.principal != principal);
    }

    pub fn forget_all(&self) {
        let mut inner = self.lock();
        inner.forgotten += 1;
        inner.known.clear();
    }
}
