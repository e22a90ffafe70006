//! How many calls a caller has left in the hour.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::Method;
use axum::http::header::{HeaderName, HeaderValue};
use axum::response::{IntoResponseParts, ResponseParts};
use prorata_app::Origin;
use uuid::Uuid;

use super::ArmError;
use crate::limits::{RATE_ROWS_PER_SHARD_MAX, READS_PER_HOUR, WRITES_PER_HOUR};

const SHARDS: usize = 64;
const HOUR_NANOS: u64 = 3_600_000_000_000;

/// What a call counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    /// GET and HEAD.
    Read,
    /// Everything else; a POST that only computes too.
    Write,
}

impl Access {
    /// What a call with this method counts as.
    pub fn of(method: &Method) -> Self {
        if *method == Method::GET || *method == Method::HEAD { Self::Read } else { Self::Write }
    }
}

/// Whose calls are counted, and where: a caller's tenant-level calls, or its calls in one
/// subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RateKey {
    caller: u128,
    subscription: Option<u128>,
}

impl RateKey {
    /// Calls on tenant-level paths by this principal.
    pub fn tenant(caller: Uuid) -> Self {
        Self { caller: caller.as_u128(), subscription: None }
    }

    /// Calls on paths below `/subscriptions/{id}` by this principal.
    pub fn subscription(caller: Uuid, subscription: Uuid) -> Self {
        Self { caller: caller.as_u128(), subscription: Some(subscription.as_u128()) }
    }

    /// Calls without a token from this address.
    pub fn address(address: IpAddr) -> Self {
        let mapped = match address {
            IpAddr::V4(v4) => v4.to_ipv6_mapped(),
            // One subscriber line holds a whole /64.
            IpAddr::V6(v6) => (v6.to_bits() & !u128::from(u64::MAX)).into(),
        };
        Self { caller: mapped.to_bits(), subscription: None }
    }

    /// Calls from where they came, which may not be known.
    pub fn place(origin: &Origin) -> Self {
        Self::address(origin.address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)).to_canonical())
    }

    fn shard(self) -> usize {
        let mixed = self.caller ^ self.subscription.unwrap_or(0);
        ((mixed as u64 ^ (mixed >> 64) as u64) % SHARDS as u64) as usize
    }
}

/// What is left after a call; as a response part it sets the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remaining {
    /// Calls left now.
    pub calls: u32,
    access: Access,
    in_subscription: bool,
}

impl Remaining {
    /// The header's name and value.
    pub fn header(self) -> (HeaderName, HeaderValue) {
        let name = match (self.in_subscription, self.access) {
            (false, Access::Read) => "x-ms-ratelimit-remaining-tenant-reads",
            (false, Access::Write) => "x-ms-ratelimit-remaining-tenant-writes",
            (true, Access::Read) => "x-ms-ratelimit-remaining-subscription-reads",
            (true, Access::Write) => "x-ms-ratelimit-remaining-subscription-writes",
        };
        (HeaderName::from_static(name), HeaderValue::from(self.calls))
    }
}

impl IntoResponseParts for Remaining {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        let (name, value) = self.header();
        parts.headers_mut().insert(name, value);
        Ok(parts)
    }
}

/// Token buckets of an hour's capacity that refill steadily, one for each key and access.
///
/// A bucket is one number, the moment at which it will be full again; a full bucket need not be
/// stored, so memory is bounded by the callers of the last hour.
pub struct RateLimits {
    shards: [Mutex<HashMap<(RateKey, Access), u64>>; SHARDS],
    reads_per_hour: u32,
    writes_per_hour: u32,
    enforced: bool,
    start: Instant,
}

impl RateLimits {
    /// Counts down from the recorded service's figures and refuses nobody.
    pub fn counting(start: Instant) -> Self {
        Self::new(READS_PER_HOUR, WRITES_PER_HOUR, false, start)
    }

    /// Buckets of these capacities, at least one call each. `enforced` says whether a caller with
    /// an empty bucket is refused. `start` is any moment not after the first call.
    pub fn new(reads_per_hour: u32, writes_per_hour: u32, enforced: bool, start: Instant) -> Self {
        Self {
            shards: std::array::from_fn(|_| Mutex::new(HashMap::new())),
            reads_per_hour: reads_per_hour.max(1),
            writes_per_hour: writes_per_hour.max(1),
            enforced,
            start,
        }
    }

    /// Whether the bucket is empty and that matters; takes nothing.
    pub fn is_spent(&self, key: RateKey, access: Access, now: Instant) -> bool {
        if !self.enforced {
            return false;
        }
        let now = now.saturating_duration_since(self.start).as_nanos() as u64;
        let shard = self.shards[key.shard()].lock().unwrap_or_else(PoisonError::into_inner);
        let full_at = shard.get(&(key, access)).copied().unwrap_or_default();
        full_at.saturating_sub(now) + self.call_nanos(access) > HOUR_NANOS
    }

    fn call_nanos(&self, access: Access) -> u64 {
        let per_hour = match access {
            Access::Read => self.reads_per_hour,
            Access::Write => self.writes_per_hour,
        };
        HOUR_NANOS / u64::from(per_hour)
    }

    /// Takes one call from the bucket.
    ///
    /// Errors: 429 `TooManyRequests` with `Retry-After` when it is empty and limits are enforced.
    pub fn charge(
        &self,
        key: RateKey,
        access: Access,
        now: Instant,
    ) -> Result<Remaining, ArmError> {
        let per_hour = match access {
            Access::Read => self.reads_per_hour,
            Access::Write => self.writes_per_hour,
        };
        let call_nanos = HOUR_NANOS / u64::from(per_hour);
        let now = now.saturating_duration_since(self.start).as_nanos() as u64;
        let left = |calls| Remaining { calls, access, in_subscription: key.subscription.is_some() };

        let mut shard = self.shards[key.shard()].lock().unwrap_or_else(PoisonError::into_inner);
        make_room(&mut shard, now);
        let entry = shard.entry((key, access));
        let full_at = match &entry {
            Entry::Occupied(row) => (*row.get()).max(now),
            Entry::Vacant(_) => now,
        };
        let missing = full_at + call_nanos - now;
        if missing <= HOUR_NANOS {
            entry.insert_entry(full_at + call_nanos);
            return Ok(left(((HOUR_NANOS - missing) / call_nanos) as u32));
        }
        drop(shard);
        if !self.enforced {
            return Ok(left(0));
        }
        let wait = Duration::from_nanos(missing - HOUR_NANOS).as_secs_f64().ceil() as u32;
        let kind = if access == Access::Read { "reads" } else { "writes" };
        let (name, value) = left(0).header();
        Err(ArmError::too_many(
            format!(
                "The limit of {per_hour} {kind} in an hour is used up. \
                 Try again after {} seconds.",
                wait.max(1)
            ),
            wait,
        )
        .with_header(name, value))
    }
}

/// Drops the buckets that are full again when a shard has grown to its bound; if none is, the one
/// nearest to full.
fn make_room(shard: &mut HashMap<(RateKey, Access), u64>, now: u64) {
    if shard.len() < RATE_ROWS_PER_SHARD_MAX {
        return;
    }
    shard.retain(|_, full_at| *full_at > now);
    if shard.len() >= RATE_ROWS_PER_SHARD_MAX {
        let nearest = shard.iter().min_by_key(|(_, full_at)| **full_at).map(|(key, _)| *key);
        if let Some(key) = nearest {
            shard.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANNA: Uuid = Uuid::from_u128(1);
    const BERT: Uuid = Uuid::from_u128(2);

    #[test]
    fn the_recorded_figures_count_down() {
        let now = Instant::now();
        let limits = RateLimits::counting(now);
        let read = limits.charge(RateKey::tenant(ANNA), Access::Read, now).unwrap();
        let (name, value) = read.header();
        assert_eq!(name, "x-ms-ratelimit-remaining-tenant-reads");
        assert_eq!(value, "11999");
        let write = |key| limits.charge(key, Access::Write, now).unwrap();
        assert_eq!(write(RateKey::tenant(ANNA)).calls, 1199);
        assert_eq!(write(RateKey::tenant(ANNA)).calls, 1198);
        assert_eq!(write(RateKey::tenant(BERT)).calls, 1199);
        let there = write(RateKey::subscription(ANNA, BERT));
        assert_eq!(there.calls, 1199);
        assert_eq!(there.header().0, "x-ms-ratelimit-remaining-subscription-writes");
    }

    #[test]
    fn without_enforcement_the_count_stops_at_zero() {
        let now = Instant::now();
        let limits = RateLimits::new(2, 2, false, now);
        let calls: Vec<u32> = (0..5)
            .map(|_| limits.charge(RateKey::tenant(ANNA), Access::Read, now).unwrap().calls)
            .collect();
        assert_eq!(calls, [1, 0, 0, 0, 0]);
    }

    #[test]
    fn an_empty_bucket_refuses_and_refills_steadily() {
        let now = Instant::now();
        let limits = RateLimits::new(3600, 60, true, now);
        let key = RateKey::address("192.0.2.1".parse().unwrap());
        for _ in 0..60 {
            assert!(!limits.is_spent(key, Access::Write, now));
            limits.charge(key, Access::Write, now).unwrap();
        }
        assert!(limits.is_spent(key, Access::Write, now));
        assert!(!limits.is_spent(key, Access::Read, now));
        let error = limits.charge(key, Access::Write, now).unwrap_err();
        assert_eq!((error.status.as_u16(), &*error.code), (429, "TooManyRequests"));
        assert_eq!(error.headers().unwrap()["retry-after"], "60");
        let later = now + Duration::from_millis(59_500);
        let error = limits.charge(key, Access::Write, later).unwrap_err();
        assert_eq!(error.headers().unwrap()["retry-after"], "1");
        let later = now + Duration::from_secs(60);
        assert_eq!(limits.charge(key, Access::Write, later).unwrap().calls, 0);
        let later = now + Duration::from_secs(7200);
        assert_eq!(limits.charge(key, Access::Write, later).unwrap().calls, 59);
    }

    #[test]
    fn memory_is_bounded() {
        let now = Instant::now();
        let limits = RateLimits::counting(now);
        for caller in 0..(RATE_ROWS_PER_SHARD_MAX as u128 + 500) {
            let key = RateKey::tenant(Uuid::from_u128(caller * SHARDS as u128));
            limits.charge(key, Access::Read, now).unwrap();
        }
        assert!(limits.shards[0].lock().unwrap().len() <= RATE_ROWS_PER_SHARD_MAX);
    }

    #[test]
    fn methods_count_as_reads_or_writes() {
        assert_eq!(Access::of(&Method::GET), Access::Read);
        assert_eq!(Access::of(&Method::POST), Access::Write);
        assert_eq!(Access::of(&Method::PATCH), Access::Write);
    }
}
