//! Leaves out what a difference does not need.

use crate::run::{Difference, Setup, play};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// How long shrinking may take.
const TIME_MAX: Duration = Duration::from_secs(30);

/// Tells which steps of a seed are enough to show a difference.
pub fn tell(setup: &Setup, difference: &Difference) {
    let until = Some(difference.step);
    let setup = Setup { seed: difference.seed, until, tell: false, ..setup.clone() };
    if !setup.only.is_empty() {
        return;
    }
    let all: Vec<u64> = (1..difference.step).collect();
    let mut skip = BTreeSet::new();
    let mut last = None;
    let began = Instant::now();
    let mut chunk = all.len().div_ceil(2);
    while chunk >= 1 && began.elapsed() < TIME_MAX {
        for part in all.chunks(chunk) {
            let mut more = skip.clone();
            more.extend(part);
            if more.len() == skip.len() || began.elapsed() >= TIME_MAX {
                continue;
            }
            if let Err(found) = play(&Setup { skip: more.clone(), ..setup.clone() })
                && found.step == difference.step
            {
                skip = more;
                last = Some(found);
            }
        }
        if chunk == 1 {
            break;
        }
        chunk /= 2;
    }
    let kept: Vec<String> =
        all.iter().filter(|step| !skip.contains(step)).map(ToString::to_string).collect();
    if let Some(last) = last {
        eprintln!("\nsteps {} alone lead to:\n{last}", kept.join(", "));
        eprintln!("         with --only {},{}", kept.join(","), difference.step);
    }
}
