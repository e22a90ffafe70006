//! What is known of an issuer from itself: where it is asked what, and its keys. Both are kept for
//! a while and fetched again when they are old, or when a token names a key that is not there.

use super::key_set::{self, Key};
use crate::Error;
use crate::outbound::{Caller, Outbound, is_callable};
use serde::Deserialize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Keys of this age are fetched again, beside the calls that use them.
const FRESH_FOR: Duration = Duration::from_secs(10 * 60);

/// Keys of this age are used no more, even while the issuer cannot be reached.
const GOOD_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// After a token named a key that the issuer does not have either, it is not asked again so long:
/// a flood of such tokens makes no flood of questions.
pub(crate) const ASK_EVERY: Duration = Duration::from_secs(10);

/// Calls that may wait for the issuer's answer at once; more are sent away.
const WAITING_MAX: usize = 32;

/// The longest that an issuer may take for one answer.
const ANSWER_TIME: Duration = Duration::from_secs(5);

/// Bytes of an answer; key sets with certificates have some 20 KiB.
const ANSWER_BYTES: u64 = 512 << 10;

/// Where an issuer is asked what.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Endpoints {
    pub issuer: String,
    pub jwks_uri: String,
    pub authorization_endpoint: Option<String>,
    pub token_endpoint: Option<String>,
    pub end_session_endpoint: Option<String>,
    /// Whether answers name the issuer (RFC 9207).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
    pub token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

/// What an issuer said of itself.
pub struct Provider {
    pub endpoints: Endpoints,
    keys: Vec<Key>,
}

impl Provider {
    /// The key of this id; a token that names none means the only one there is.
    fn key(&self, id: Option<&str>) -> Option<&Key> {
        match (id, self.keys.as_slice()) {
            (None, [only]) => Some(only),
            (None, _) => None,
            (Some(id), keys) => keys.iter().find(|key| key.id.as_deref() == Some(id)),
        }
    }
}

/// How the keys of an issuer stand, for those who look after the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has needed them yet.
    Unasked,
    Good,
    /// The issuer did not answer the last time; what is known of it is used on.
    Cached,
    /// The issuer does not answer, and nothing is known of it.
    Down,
}

impl Standing {
    pub fn as_str(self) -> &'static str {
        match self {
            Standing::Unasked => "unasked",
            Standing::Good => "good",
            Standing::Cached => "cached",
            Standing::Down => "down",
        }
    }
}

/// What a look at the known keys gives.
pub enum Look {
    Found(Key),
    /// The issuer has no such key.
    Absent,
    /// Nothing is known, and the issuer was asked in vain a moment ago.
    Down,
    /// The issuer has to be asked, which blocks.
    Ask,
}

/// An issuer's own word, kept.
pub struct Kept {
    issuer: String,
    discovery: String,
    inner: bool,
    caller: Caller,
    state: Mutex<State>,
    asking: Mutex<()>,
    waiting: AtomicUsize,
}

#[derive(Default)]
struct State {
    known: Option<(Arc<Provider>, Instant)>,
    /// When a question brought nothing new.
    in_vain_at: Option<Instant>,
    failed_at: Option<Instant>,
}

impl Kept {
    /// `issuer` is what its documents must say it is called.
    ///
    /// # Errors
    /// [`Error::Malformed`] when its certificate authority cannot be read.
    pub fn new(
        issuer: &str,
        discovery: &str,
        inner: bool,
        ca: Option<String>,
    ) -> Result<Kept, Error> {
        let outbound = Outbound { inner, ca, time: ANSWER_TIME, bytes: ANSWER_BYTES };
        Ok(Kept {
            issuer: issuer.to_owned(),
            discovery: discovery.to_owned(),
            inner,
            caller: outbound.caller()?,
            state: Mutex::default(),
            asking: Mutex::default(),
            waiting: AtomicUsize::new(0),
        })
    }

    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn standing(&self) -> Standing {
        let state = self.state();
        match (&state.known, state.failed_at) {
            (None, None) => Standing::Unasked,
            (None, Some(_)) => Standing::Down,
            (Some((_, at)), Some(failed)) if failed > *at => Standing::Cached,
            (Some(_), _) => Standing::Good,
        }
    }

    /// Looks a key up among those that are known. It does not block.
    pub fn look(self: &Arc<Self>, id: Option<&str>) -> Look {
        let now = Instant::now();
        let recent = |at: Option<Instant>| at.is_some_and(|at| now.duration_since(at) < ASK_EVERY);
        let state = self.state();
        let Some((provider, at)) = &state.known else {
            return if recent(state.failed_at) { Look::Down } else { Look::Ask };
        };
        let age = now.duration_since(*at);
        if age > GOOD_FOR {
            return if recent(state.failed_at) { Look::Down } else { Look::Ask };
        }
        let Some(key) = provider.key(id).cloned() else {
            return if recent(state.in_vain_at) { Look::Absent } else { Look::Ask };
        };
        if age > FRESH_FOR && !recent(state.failed_at) {
            drop(state);
            self.refresh();
        }
        Look::Found(key)
    }

    /// Looks a key up, and asks the issuer for it where that may help. It blocks.
    ///
    /// # Errors
    /// [`Error::Busy`] when too many wait for the issuer already.
    pub fn find(self: &Arc<Self>, id: Option<&str>) -> Result<Look, Error> {
        self.alone(|| match self.look(id) {
            Look::Ask => {
                let answered = self.ask().is_ok();
                let found = self.state().known.as_ref().and_then(|(p, _)| p.key(id).cloned());
                match found {
                    Some(key) if answered => Look::Found(key),
                    _ => {
                        let mut state = self.state();
                        state.in_vain_at = Some(Instant::now());
                        if state.known.is_some() { Look::Absent } else { Look::Down }
                    }
                }
            }
            other => other,
        })
    }

    /// What the issuer says of itself. It blocks when that has to be asked first.
    ///
    /// # Errors
    /// [`Error::Busy`] when the issuer does not answer.
    pub fn provider(self: &Arc<Self>) -> Result<Arc<Provider>, Error> {
        let known = |kept: &Self| {
            let state = kept.state();
            let good = state.known.as_ref().filter(|(_, at)| at.elapsed() < GOOD_FOR);
            good.map(|(provider, at)| (provider.clone(), at.elapsed() > FRESH_FOR))
        };
        if let Some((provider, old)) = known(self) {
            if old {
                self.refresh();
            }
            return Ok(provider);
        }
        let asked = self.alone(|| match known(self) {
            Some((provider, _)) => Ok(provider),
            // Whoever comes while it is away does not make it be asked each time.
            None if self.state().failed_at.is_some_and(|at| at.elapsed() < ASK_EVERY) => {
                Err(String::new())
            }
            None => self.ask(),
        })?;
        asked.map_err(|_| {
            Error::Busy(format!("the issuer `{}` does not answer; try again later", self.issuer))
        })
    }

    /// Lets one at a time ask, and a bounded number wait for its answer.
    fn alone<T>(&self, job: impl FnOnce() -> T) -> Result<T, Error> {
        let waiting = self.waiting.fetch_add(1, Ordering::AcqRel);
        let answer = if waiting < WAITING_MAX {
            let _alone = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
            Ok(job())
        } else {
            Err(Error::Busy("too many calls wait for the token's issuer; try again".to_owned()))
        };
        self.waiting.fetch_sub(1, Ordering::AcqRel);
        answer
    }

    /// Asks again, beside whoever found that it is time.
    fn refresh(self: &Arc<Self>) {
        let kept = self.clone();
        // A thread that cannot be had is had at the next call.
        let _ = std::thread::Builder::new().name("issuer".to_owned()).spawn(move || {
            if let Ok(_alone) = kept.asking.try_lock() {
                let _ = kept.ask();
            }
        });
    }

    fn ask(&self) -> Result<Arc<Provider>, String> {
        let asked = self.fetch();
        let now = Instant::now();
        let mut state = self.state();
        match asked {
            Ok(provider) => {
                let provider = Arc::new(provider);
                state.known = Some((provider.clone(), now));
                state.failed_at = None;
                Ok(provider)
            }
            Err(why) => {
                tracing::warn!(issuer = self.issuer, why, "an issuer cannot be asked for its keys");
                state.failed_at = Some(now);
                Err(why)
            }
        }
    }

    fn fetch(&self) -> Result<Provider, String> {
        let endpoints: Endpoints = serde_json::from_value(self.document(&self.discovery)?)
            .map_err(|error| format!("its configuration cannot be read: {error}"))?;
        if endpoints.issuer != self.issuer {
            return Err(format!("its configuration says it is `{}`", endpoints.issuer));
        }
        let addresses = [
            Some(&endpoints.jwks_uri),
            endpoints.authorization_endpoint.as_ref(),
            endpoints.token_endpoint.as_ref(),
            endpoints.end_session_endpoint.as_ref(),
        ];
        let bad = addresses.into_iter().flatten().find(|url| !is_callable(url, self.inner));
        if let Some(bad) = bad {
            return Err(format!("its configuration names `{bad}`, which may not be called"));
        }
        let keys = key_set::read(&self.document(&endpoints.jwks_uri)?)
            .ok_or_else(|| "its key set cannot be read".to_owned())?;
        Ok(Provider { endpoints, keys })
    }

    fn document(&self, url: &str) -> Result<serde_json::Value, String> {
        let answer = self.caller.get(url).map_err(|error| format!("`{url}`: {error}"))?;
        if answer.status != 200 {
            return Err(format!("`{url}` answered {}", answer.status));
        }
        serde_json::from_slice(&answer.body).map_err(|error| format!("`{url}`: {error}"))
    }
}
