//! A brake on guessing secrets: after a few failures, a client waits before it may try again.

use prorata_domain::ids::TenantId;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Failures that are taken for typing errors.
const FREE_FAILURES: u32 = 5;

/// The longest wait; the first is a second, and each failure doubles it.
const WAIT_MAX: Duration = Duration::from_secs(60);

/// Failures are forgotten after this long without another.
const FORGET_TIME: Duration = Duration::from_secs(15 * 60);

/// Clients remembered; beyond that the oldest are forgotten early.
const REMEMBERED_MAX: usize = 10_000;

/// Whose failures are counted together. The address is part of it, so that nobody can keep
/// another from signing in by failing in their name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Who {
    pub address: Option<IpAddr>,
    pub tenant: TenantId,
    pub client: String,
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: Instant,
}

#[derive(Debug, Default)]
pub struct Throttle {
    failures: Mutex<HashMap<Who, Failures>>,
}

impl Throttle {
    /// How long the client has to wait before its next attempt; nothing when it may try now.
    pub fn wait(&self, who: &Who, now: Instant) -> Option<Duration> {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let failed = failures.get(who)?;
        let until = failed.last + pause(failed.count);
        until.checked_duration_since(now).filter(|left| !left.is_zero())
    }

    pub fn failed(&self, who: Who, now: Instant) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= REMEMBERED_MAX {
            failures.retain(|_, failed| now.duration_since(failed.last) < FORGET_TIME);
        }
        if failures.len() >= REMEMBERED_MAX {
            failures.clear();
        }
        let failed = failures.entry(who).or_insert(Failures { count: 0, last: now });
        if now.duration_since(failed.last) >= FORGET_TIME {
            failed.count = 0;
        }
        *failed = Failures { count: failed.count.saturating_add(1), last: now };
    }

    pub fn succeeded(&self, who: &Who) {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).remove(who);
    }
}

fn pause(failures: u32) -> Duration {
    match failures.checked_sub(FREE_FAILURES) {
        None => Duration::ZERO,
        Some(beyond) => Duration::from_secs(1 << beyond.min(6)).min(WAIT_MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn waits_grow_after_a_few_failures_and_are_forgotten() {
        let throttle = Throttle::default();
        let who = Who { address: None, tenant: TenantId(Uuid::nil()), client: "c".to_owned() };
        let mut now = Instant::now();
        for _ in 1..FREE_FAILURES {
            throttle.failed(who.clone(), now);
            assert_eq!(throttle.wait(&who, now), None);
        }
        throttle.failed(who.clone(), now);
        assert_eq!(throttle.wait(&who, now), Some(Duration::from_secs(1)));
        for _ in 0..20 {
            throttle.failed(who.clone(), now);
        }
        assert_eq!(throttle.wait(&who, now), Some(WAIT_MAX));
        now += FORGET_TIME;
        throttle.failed(who.clone(), now);
        assert_eq!(throttle.wait(&who, now), None);
        throttle.succeeded(&who);
        assert_eq!(throttle.wait(&who, now), None);
    }
}
