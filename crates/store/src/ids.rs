//! Where identifiers come from: chance, or a seed for runs that are to be repeated.

use std::sync::atomic::{AtomicU64, Ordering};
use uuid::{Builder, Uuid};

/// Identifiers that follow from a seed. They rise, as those that SQLite gains from do.
#[derive(Debug)]
pub(crate) struct Seeded {
    seed: u64,
    /// Which run this is over the same database: no two give the same identifier.
    run: u16,
    made: AtomicU64,
}

impl Seeded {
    pub fn new(seed: u64, run: u16) -> Seeded {
        Seeded { seed, run, made: AtomicU64::new(0) }
    }

    /// The next one: the run and the count in front, and behind them what the seed makes of both.
    pub fn next(&self) -> Uuid {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let [_, _, a, b, c, d, e, f] = (number << 4).to_be_bytes();
        let [run_high, run_low] = self.run.to_be_bytes();
        // Twelve bits of the count lie behind the version, which `from_custom_bytes` writes.
        let mut bytes = [run_high, run_low, a, b, c, d, e >> 4, (e << 4) | (f >> 4)];
        let chance = mixed(self.seed ^ mixed(number ^ (u64::from(self.run) << 48)));
        let mut id = [0; 16];
        id[..8].swap_with_slice(&mut bytes);
        id[8..].copy_from_slice(&chance.to_be_bytes());
        Builder::from_custom_bytes(id).into_uuid()
    }
}

/// A number that looks like chance (the finalizer of `SplitMix64`).
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::Seeded;
    use std::collections::BTreeSet;

    #[test]
    fn a_seed_gives_the_same_rising_identifiers_and_no_run_those_of_another() {
        let of = |seed, run| {
            let source = Seeded::new(seed, run);
            (0..70_000).map(|_| source.next()).collect::<Vec<_>>()
        };
        let first = of(7, 0);
        assert_eq!(first, of(7, 0));
        assert!(first.windows(2).all(|pair| pair[0] < pair[1]));
        let all: BTreeSet<_> = [first, of(7, 1), of(8, 0)].concat().into_iter().collect();
        assert_eq!(all.len(), 210_000);
    }
}
