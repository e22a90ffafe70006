//! Leaves out what a difference does not need.

use crate::run::{Difference, Setup, play};
use std::collections::BTreeSet;

/// Plays of a seed that shrinking may take.
const PLAYS_MAX: u32 = 150;

/// Tells which steps of a seed are enough to show a difference.
pub fn tell(setup: &Setup, difference: &Difference) {
    let setup = Setup { seed: difference.seed, until: Some(difference.step), ..setup.clone() };
    let all: Vec<u64> = (1..difference.step).collect();
    let mut skip = BTreeSet::new();
    let mut last = None;
    let mut plays = 0;
    let mut chunk = all.len().div_ceil(2);
    while chunk >= 1 && plays < PLAYS_MAX {
        for part in all.chunks(chunk) {
            let mut more = skip.clone();
            more.extend(part);
            if more.len() == skip.len() || plays >= PLAYS_MAX {
                continue;
            }
            plays += 1;
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
