//! Who is signed in to the portal: random cookies outside, a bounded map inside.
//!
//! Sessions live in the memory of one process. After a restart, or at another process of the same
//! database, people sign in again; nothing else is lost, for quotes and operations are kept in
//! the database. Rights are looked up at each call, so a session carries none.

use axum::http::HeaderMap;
use axum::http::header::{COOKIE, HeaderValue};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use prorata_app::Caller;
use rand::RngCore;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Signed-in people at once. A session takes about half a kilobyte, so all of them a few MiB.
const SESSIONS_MAX: usize = 10_000;

/// A session that is not used ends: a desk left alone over lunch is closed.
const IDLE_TIME: Duration = Duration::from_secs(30 * 60);

/// A session ends after a working day, however busy.
const WHOLE_TIME: Duration = Duration::from_secs(10 * 60 * 60);

/// A signed-in person.
#[derive(Debug, Clone)]
pub struct Session {
    pub caller: Caller,
    /// What each form of this session must bring back.
    pub form_token: String,
    began: Instant,
    used: Instant,
}

/// All sessions of this process. Kept by the hash of the cookie, so that a copy of the memory
/// holds nothing to sign in with, and looking up takes no longer for a near miss.
#[derive(Debug, Default)]
pub struct Sessions {
    by_hash: Mutex<HashMap<[u8; 32], Session>>,
}

impl Sessions {
    /// Begins a session and gives the cookie's value.
    pub fn begin(&self, caller: Caller, now: Instant) -> String {
        let id = random_text();
        let session = Session { caller, form_token: random_text(), began: now, used: now };
        let mut sessions = self.by_hash.lock().unwrap_or_else(PoisonError::into_inner);
        if sessions.len() >= SESSIONS_MAX {
            sessions.retain(|_, session| session.is_open(now));
        }
        if sessions.len() >= SESSIONS_MAX {
            let longest_unused =
                sessions.iter().min_by_key(|(_, session)| session.used).map(|(hash, _)| *hash);
            longest_unused.map(|hash| sessions.remove(&hash));
        }
        sessions.insert(hash(&id), session);
        id
    }

    /// The session of a cookie, as long as it is open; looking it up counts as use.
    pub fn find(&self, id: &str, now: Instant) -> Option<Session> {
        let mut sessions = self.by_hash.lock().unwrap_or_else(PoisonError::into_inner);
        let hash = hash(id);
        let session = sessions.get_mut(&hash)?;
        if !session.is_open(now) {
            sessions.remove(&hash);
            return None;
        }
        session.used = now;
        Some(session.clone())
    }

    pub fn end(&self, id: &str) {
        self.by_hash.lock().unwrap_or_else(PoisonError::into_inner).remove(&hash(id));
    }
}

impl Session {
    fn is_open(&self, now: Instant) -> bool {
        now.duration_since(self.used) < IDLE_TIME && now.duration_since(self.began) < WHOLE_TIME
    }
}

fn hash(id: &str) -> [u8; 32] {
    Sha256::digest(id.as_bytes()).into()
}

/// 256 random bits as text.
pub fn random_text() -> String {
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Whether two tokens are the same; the time taken says nothing of where they differ.
pub fn same(one: &str, other: &str) -> bool {
    one.len() == other.len()
        && one.bytes().zip(other.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

/// The portal's two cookies. Over TLS their names carry the prefix by which a browser refuses
/// them from a plain connection or for a wider domain.
#[derive(Debug, Clone, Copy)]
pub struct Cookies {
    pub secure: bool,
}

impl Cookies {
    fn session_name(self) -> &'static str {
        if self.secure { "__Host-prorata" } else { "prorata" }
    }

    fn form_name(self) -> &'static str {
        if self.secure { "__Host-prorata-form" } else { "prorata-form" }
    }

    pub fn session(self, headers: &HeaderMap) -> Option<String> {
        find(headers, self.session_name())
    }

    /// The token of the sign-in form, which has no session yet.
    pub fn form(self, headers: &HeaderMap) -> Option<String> {
        find(headers, self.form_name())
    }

    pub fn set_session(self, id: &str) -> HeaderValue {
        self.set(self.session_name(), id, "Lax", None)
    }

    pub fn clear_session(self) -> HeaderValue {
        self.set(self.session_name(), "", "Lax", Some(0))
    }

    pub fn set_form(self, token: &str) -> HeaderValue {
        self.set(self.form_name(), token, "Strict", None)
    }

    fn set(self, name: &str, value: &str, same_site: &str, seconds: Option<u32>) -> HeaderValue {
        let age = seconds.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
        let secure = if self.secure { "; Secure" } else { "" };
        let text = format!("{name}={value}; Path=/; HttpOnly; SameSite={same_site}{age}{secure}");
        HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
    }
}

fn find(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, value)| *key == name && !value.is_empty())
        .map(|(_, value)| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use prorata_domain::ids::{PrincipalId, TenantId};
    use uuid::Uuid;

    fn caller() -> Caller {
        Caller::new(
            TenantId(Uuid::nil()),
            PrincipalId(Uuid::nil()),
            "client".to_owned(),
            "Ada".to_owned(),
        )
    }

    #[test]
    fn a_session_ends_unused_and_after_a_day() {
        let sessions = Sessions::default();
        let start = Instant::now();
        let id = sessions.begin(caller(), start);
        assert!(sessions.find(&id, start + IDLE_TIME / 2).is_some());
        assert!(sessions.find(&id, start + IDLE_TIME * 2).is_none());

        let id = sessions.begin(caller(), start);
        let mut now = start;
        while now < start + WHOLE_TIME {
            assert!(sessions.find(&id, now).is_some());
            now += IDLE_TIME / 2;
        }
        assert!(sessions.find(&id, now).is_none());
    }

    #[test]
    fn the_map_of_sessions_is_bounded_and_drops_the_longest_unused() {
        let sessions = Sessions::default();
        let start = Instant::now();
        let first = sessions.begin(caller(), start);
        for _ in 0..SESSIONS_MAX {
            sessions.begin(caller(), start + Duration::from_secs(1));
        }
        assert_eq!(sessions.by_hash.lock().unwrap().len(), SESSIONS_MAX);
        assert!(sessions.find(&first, start + Duration::from_secs(2)).is_none());
    }

    #[test]
    fn cookies_are_read_and_written() {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_static("a=b; prorata=one=1; __Host-prorata=two"));
        assert_eq!(Cookies { secure: false }.session(&headers).as_deref(), Some("one=1"));
        assert_eq!(Cookies { secure: true }.session(&headers).as_deref(), Some("two"));
        let set = Cookies { secure: true }.set_session("x");
        assert_eq!(set, "__Host-prorata=x; Path=/; HttpOnly; SameSite=Lax; Secure");
        assert!(same("abc", "abc") && !same("abc", "abd") && !same("abc", "ab"));
    }
}
