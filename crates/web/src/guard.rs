//! A brake on guessing secrets that cannot be used against whom they belong to.
//!
//! Failures are counted by where they come from: by account and place, and by place alone, a place
//! being an address or what one line holds of them. After a few, the next attempt has to wait, at
//! most a minute. Nothing is ever locked: whatever strangers do elsewhere, the first attempt from a
//! place is taken. A browser that was signed in with the account before shows it by a cookie and is
//! counted by itself, so that not even a neighbour behind the same address can hold it up.
//!
//! An attempt counts as failed from its beginning, and is taken back when it was right: many at
//! once gain nothing.

use prorata_domain::ids::TenantId;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Failures of a person at one place that are taken for typing errors.
const FREE_FAILURES: u32 = 5;

/// Those of a program: it does not mistype, but asks several times at once.
const FREE_OF_PROGRAM: u32 = 20;

/// Wrong codes of a person, from wherever: who gets that far has the password.
const FREE_CODES: u32 = 20;

/// The same once an account has failed so often, from wherever, that somebody is trying names.
const FREE_UNDER_ATTACK: u32 = 1;
const ATTACKED_FROM: u32 = 100;

/// Failures of one place with whatever accounts: an office of people shares one.
const FREE_OF_PLACE: u32 = 50;

/// Attempts of one account at one place, and of one place, that may be under way at once.
const AT_ONCE: u32 = 32;
const AT_ONCE_OF_PLACE: u32 = 64;

/// The longest wait; the first is a second, and each failure doubles it.
const WAIT_MAX: Duration = Duration::from_secs(60);

/// Failures are forgotten after this long without another.
const FORGET_TIME: Duration = Duration::from_secs(15 * 60);

/// A place where an account was right is its own for so long.
const OWN_PLACE_TIME: Duration = Duration::from_secs(24 * 60 * 60);

/// Rows remembered; beyond that those with the fewest failures go first.
const REMEMBERED_MAX: usize = 32_768;

/// Where a call comes from: an IPv4 address, or the /64 of an IPv6 one, which is one line's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place(u128);

impl Place {
    /// Calls that came over no network share one place.
    pub fn of(address: Option<IpAddr>) -> Place {
        Place(match address.map(|address| address.to_canonical()) {
            None => 0,
            Some(IpAddr::V4(v4)) => v4.to_ipv6_mapped().to_bits(),
            Some(IpAddr::V6(v6)) => v6.to_bits() & !u128::from(u64::MAX),
        })
    }
}

/// An account that somebody tries to sign in with, whether it is there or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Account {
    name: u128,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Program,
    Person,
    Codes,
}

impl Account {
    /// A program, in a tenant or in whichever has it.
    pub fn program(tenant: Option<TenantId>, client: &str) -> Account {
        let tenant = tenant.map_or_else(String::new, |tenant| tenant.to_string());
        Account::of(Kind::Program, &format!("{tenant}/{}", client.to_ascii_lowercase()))
    }

    pub fn person(user_name: &str) -> Account {
        Account::of(Kind::Person, &user_name.trim().to_ascii_lowercase())
    }

    /// The codes of a person, which are tried by who has the password already.
    pub fn codes(user_name: &str) -> Account {
        Account::of(Kind::Codes, &user_name.trim().to_ascii_lowercase())
    }

    fn of(kind: Kind, name: &str) -> Account {
        let digest = Sha256::digest(name);
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        Account { name: u128::from_be_bytes(bytes), kind }
    }

    fn free(self) -> u32 {
        if self.kind == Kind::Program { FREE_OF_PROGRAM } else { FREE_FAILURES }
    }
}

/// One attempt to sign in.
#[derive(Debug, Clone, Copy)]
pub struct Attempt {
    pub place: Place,
    pub account: Account,
    /// A browser that proved to know the account.
    pub device: Option<u128>,
}

/// What is counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Here(Place, Account),
    Device(u128, Account),
    Place(Place),
    Account(Account),
}

#[derive(Debug, Clone, Copy)]
struct Count {
    failures: u32,
    under_way: u32,
    last: Instant,
    /// When the account was right here.
    right: Option<Instant>,
}

impl Count {
    fn pause(&self, free: u32, at_once: u32) -> Duration {
        if self.under_way >= at_once {
            return Duration::from_secs(1);
        }
        // Where the account was right before, what is under way is taken to be right as well.
        let hoped = if self.right.is_some() { self.under_way } else { 0 };
        match self.failures.saturating_sub(hoped).checked_sub(free) {
            None => Duration::ZERO,
            Some(beyond) => Duration::from_secs(1 << beyond.min(6)).min(WAIT_MAX),
        }
    }

    fn is_own(&self, now: Instant) -> bool {
        self.right.is_some_and(|right| now.duration_since(right) < OWN_PLACE_TIME)
    }

    fn matters(&self, now: Instant) -> bool {
        self.under_way > 0 || now.duration_since(self.last) < FORGET_TIME || self.is_own(now)
    }
}

/// Counts failures and says who has to wait.
#[derive(Debug, Default)]
pub struct Guard {
    counts: Mutex<HashMap<Key, Count>>,
}

/// An attempt that was let through: it has failed unless it is said to have been right.
#[derive(Debug)]
#[must_use = "an attempt that was right has to say so"]
pub struct Admitted<'g> {
    guard: &'g Guard,
    attempt: Attempt,
    right: bool,
}

impl Admitted<'_> {
    /// The secret was right.
    pub fn was_right(mut self) {
        self.right = true;
    }
}

impl Drop for Admitted<'_> {
    fn drop(&mut self) {
        self.guard.ended(&self.attempt, self.right, Instant::now());
    }
}

impl Guard {
    /// Lets an attempt through, or says how long it has to wait. One that has to wait is not
    /// looked at, and counts as nothing.
    ///
    /// # Errors
    /// The time to wait.
    pub fn admit(&self, attempt: Attempt, now: Instant) -> Result<Admitted<'_>, Duration> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = waits(&counts, &attempt, now);
        if !wait.is_zero() {
            return Err(wait);
        }
        for key in attempt.keys() {
            make_room(&mut counts, now);
            let fresh = Count { failures: 0, under_way: 0, last: now, right: None };
            let count = counts.entry(key).or_insert(fresh);
            if now.duration_since(count.last) >= FORGET_TIME {
                count.failures = 0;
            }
            count.failures = count.failures.saturating_add(1);
            count.under_way += 1;
            count.last = now;
        }
        Ok(Admitted { guard: self, attempt, right: false })
    }

    fn ended(&self, attempt: &Attempt, right: bool, now: Instant) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        for key in attempt.keys() {
            let Some(count) = counts.get_mut(&key) else { continue };
            count.under_way = count.under_way.saturating_sub(1);
            if !right {
                continue;
            }
            match key {
                Key::Here(..) | Key::Device(..) => {
                    count.failures = 0;
                    count.right = Some(now);
                }
                Key::Place(_) | Key::Account(_) => {
                    count.failures = count.failures.saturating_sub(1);
                }
            }
        }
    }
}

impl Attempt {
    /// All that the attempt is counted as, whatever comes of it.
    fn keys(&self) -> impl Iterator<Item = Key> + use<> {
        let own = match self.device {
            Some(device) => Key::Device(device, self.account),
            None => Key::Here(self.place, self.account),
        };
        [own, Key::Place(self.place), Key::Account(self.account)].into_iter()
    }
}

fn waits(counts: &HashMap<Key, Count>, attempt: &Attempt, now: Instant) -> Duration {
    let left = |count: &Count, free, at_once| {
        if now.duration_since(count.last) >= FORGET_TIME {
            return Duration::ZERO;
        }
        let until = count.last + count.pause(free, at_once);
        until.checked_duration_since(now).unwrap_or_default()
    };
    if let Some(device) = attempt.device {
        let own = counts.get(&Key::Device(device, attempt.account));
        return own.map_or(Duration::ZERO, |count| left(count, attempt.account.free(), AT_ONCE));
    }
    let all = counts.get(&Key::Account(attempt.account));
    let attacked = all.is_some_and(|count| {
        count.failures >= ATTACKED_FROM && now.duration_since(count.last) < FORGET_TIME
    });
    let free = if attacked { FREE_UNDER_ATTACK } else { attempt.account.free() };
    let all_wait = match all {
        Some(count) if attempt.account.kind == Kind::Codes => left(count, FREE_CODES, AT_ONCE),
        _ => Duration::ZERO,
    };
    let here = counts.get(&Key::Here(attempt.place, attempt.account));
    let here_wait = here.map_or(Duration::ZERO, |count| left(count, free, AT_ONCE));
    let here_wait = here_wait.max(all_wait);
    if here.is_some_and(|count| count.is_own(now)) {
        return here_wait;
    }
    let place = counts.get(&Key::Place(attempt.place));
    let place_wait =
        place.map_or(Duration::ZERO, |count| left(count, FREE_OF_PLACE, AT_ONCE_OF_PLACE));
    here_wait.max(place_wait)
}

/// Keeps the map in its bounds: what no longer matters goes first, then the quarter with the fewest
/// failures, so that a flood of new places does not wash away what is known of a guesser.
fn make_room(counts: &mut HashMap<Key, Count>, now: Instant) {
    if counts.len() < REMEMBERED_MAX {
        return;
    }
    counts.retain(|_, count| count.matters(now));
    if counts.len() < REMEMBERED_MAX {
        return;
    }
    let weight = |count: &Count| (count.under_way > 0, count.failures, count.last);
    let mut rows: Vec<_> = counts.iter().map(|(key, count)| (weight(count), *key)).collect();
    let quarter = rows.len() / 4;
    rows.select_nth_unstable_by_key(quarter, |(weight, _)| *weight);
    for (_, key) in &rows[..quarter] {
        counts.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str) -> Place {
        Place::of(Some(text.parse().unwrap()))
    }

    fn attempt(address: &str, name: &str) -> Attempt {
        Attempt { place: place(address), account: Account::person(name), device: None }
    }

    fn fail(guard: &Guard, attempt: Attempt, now: Instant) -> Result<(), Duration> {
        guard.admit(attempt, now).map(drop)
    }

    #[test]
    fn waits_grow_after_a_few_failures_and_are_forgotten() {
        let guard = Guard::default();
        let (who, mut now) = (attempt("192.0.2.1", "anna"), Instant::now());
        for _ in 0..FREE_FAILURES {
            fail(&guard, who, now).unwrap();
        }
        for wait in [1, 2, 4, 8, 16, 32, 60, 60] {
            let wait = Duration::from_secs(wait);
            assert_eq!(fail(&guard, who, now), Err(wait));
            now += wait;
            fail(&guard, who, now).unwrap();
        }
        now += FORGET_TIME;
        guard.admit(who, now).unwrap().was_right();
        fail(&guard, who, now).unwrap();
    }

    #[test]
    fn nobody_locks_another_out() {
        let guard = Guard::default();
        let now = Instant::now();
        // Strangers fail with the name from ten thousand addresses, and many times from some.
        for number in 0..10_000_u32 {
            let stranger = std::net::Ipv4Addr::from(0xc633_0000 + number).to_string();
            for _ in 0..3 {
                let _ = fail(&guard, attempt(&stranger, "anna"), now);
            }
        }
        guard.admit(attempt("192.0.2.1", "anna"), now).unwrap().was_right();
        // A neighbour behind the same address holds up who comes new, but not the browser that was
        // signed in before, nor another account that was right there.
        guard.admit(attempt("192.0.2.1", "bert"), now).unwrap().was_right();
        for number in 0..100 {
            let _ = fail(&guard, attempt("192.0.2.1", "anna"), now);
            let _ = fail(&guard, attempt("192.0.2.1", &format!("name-{number}")), now);
        }
        assert!(fail(&guard, attempt("192.0.2.1", "anna"), now).is_err());
        assert!(fail(&guard, attempt("192.0.2.1", "somebody"), now).is_err());
        let known = Attempt { device: Some(7), ..attempt("192.0.2.1", "anna") };
        guard.admit(known, now).unwrap().was_right();
        guard.admit(attempt("192.0.2.1", "bert"), now).unwrap().was_right();
    }

    #[test]
    fn a_known_browser_is_no_way_round_the_brake() {
        let guard = Guard::default();
        let now = Instant::now();
        let stolen = Attempt { device: Some(7), ..attempt("192.0.2.1", "anna") };
        for _ in 0..FREE_FAILURES {
            fail(&guard, stolen, now).unwrap();
        }
        assert!(fail(&guard, stolen, now).is_err());
        let moved = Attempt { place: place("198.51.100.1"), ..stolen };
        assert!(fail(&guard, moved, now).is_err(), "wherever it is");
    }

    #[test]
    fn many_at_once_gain_nothing() {
        let guard = Guard::default();
        let now = Instant::now();
        let under_way: Vec<_> =
            (0..100).map_while(|_| guard.admit(attempt("192.0.2.1", "anna"), now).ok()).collect();
        assert_eq!(under_way.len(), FREE_FAILURES as usize);
    }

    #[test]
    fn a_program_may_ask_many_times_at_once() {
        let guard = Guard::default();
        let now = Instant::now();
        let account = Account::program(None, "client");
        let robot = Attempt { account, ..attempt("192.0.2.1", "x") };
        guard.admit(robot, now).unwrap().was_right();
        let many: Vec<_> = (0..AT_ONCE).map(|_| guard.admit(robot, now).unwrap()).collect();
        assert!(guard.admit(robot, now).is_err(), "but not without end");
        many.into_iter().for_each(Admitted::was_right);
        guard.admit(robot, now).unwrap().was_right();
    }

    #[test]
    fn codes_are_braked_wherever_they_are_tried_but_for_the_own_browser() {
        let guard = Guard::default();
        let now = Instant::now();
        let codes = Account::codes("anna");
        let from = |number: u32| Attempt {
            account: codes,
            ..attempt(&std::net::Ipv4Addr::from(0xcb00_7100 + number).to_string(), "anna")
        };
        let tried = (0..1000).filter(|number| fail(&guard, from(*number), now).is_ok()).count();
        assert_eq!(tried, FREE_CODES as usize);
        let own = Attempt { device: Some(7), ..from(5000) };
        guard.admit(own, now).unwrap().was_right();
    }

    #[test]
    fn an_attack_from_everywhere_leaves_each_place_one_try() {
        let guard = Guard::default();
        let now = Instant::now();
        let mut tried = 0;
        for number in 0..1000_u32 {
            let bot = std::net::Ipv4Addr::from(0xcb00_7100 + number).to_string();
            while fail(&guard, attempt(&bot, "anna"), now).is_ok() {
                tried += 1;
            }
        }
        assert!(tried < 1200, "{tried} guesses in a quarter of an hour");
    }

    #[test]
    fn a_line_is_one_place_whatever_addresses_it_takes() {
        assert_eq!(place("2001:db8::1"), place("2001:db8::ffff:2"));
        assert_ne!(place("2001:db8::1"), place("2001:db8:0:1::1"));
        assert_eq!(place("192.0.2.1"), place("::ffff:192.0.2.1"));
        assert_ne!(place("192.0.2.1"), place("192.0.2.2"));
    }

    #[test]
    fn memory_is_bounded_and_a_flood_washes_no_guesser_away() {
        let guard = Guard::default();
        let now = Instant::now();
        let guesser = attempt("192.0.2.1", "anna");
        while fail(&guard, guesser, now).is_ok() {}
        for number in 0..(REMEMBERED_MAX as u128 * 2) {
            let line = std::net::Ipv6Addr::from((0x2001_0db8 << 96) + (number << 64)).to_string();
            let _ = fail(&guard, attempt(&line, &format!("name-{number}")), now);
        }
        assert!(guard.counts.lock().unwrap().len() <= REMEMBERED_MAX);
        assert!(fail(&guard, guesser, now).is_err());
    }
}
