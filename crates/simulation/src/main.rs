//! Plays customers over years against the desk, while an auditor with books of its own looks on.
//!
//!   cargo xtask simulate [--seeds N] [--from S] [--years Y]      plays N seeds
//!   cargo xtask simulate --seed S [--years Y] [--until STEP] [--only STEP,STEP] [--tell]   one again
//!   cargo xtask simulate --faults                                faults put in on purpose are found

mod act;
mod desk;
mod dice;
mod faults;
mod give_up;
mod nuisance;
mod rearrange;
mod run;
mod shrink;
mod world;

use faults::FAULTS;
use run::{Difference, Outcome, Setup, play};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Seeds in which a fault has to be found.
const FAULT_SEEDS: u64 = 60;

fn main() -> ExitCode {
    let mut setup = Setup { seed: 1, years: 10, ..Setup::default() };
    let (mut seeds, mut faults) = (1, false);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        if name == "--faults" {
            faults = true;
            continue;
        }
        if name == "--tell" {
            setup.tell = true;
            continue;
        }
        let value = arguments.next().unwrap_or_default();
        if name == "--only" {
            setup.only = value.split(',').filter_map(|step| step.trim().parse().ok()).collect();
            continue;
        }
        let value = value.parse::<u64>().ok();
        match (name.as_str(), value) {
            ("--seeds", Some(count)) => seeds = count,
            ("--seed" | "--from", Some(seed)) => setup.seed = seed,
            ("--until", Some(step)) => setup.until = Some(step),
            ("--years", Some(years)) if years > 0 => setup.years = years,
            _ => {
                eprintln!("simulate: {name} is unknown, or wants a number");
                return ExitCode::from(2);
            }
        }
    }
    if faults { find_faults(&setup) } else { play_all(&setup, seeds) }
}

/// Plays seeds on every core until one shows a difference.
fn play_all(setup: &Setup, seeds: u64) -> ExitCode {
    let began = Instant::now();
    let next = AtomicU64::new(setup.seed);
    let failed = AtomicBool::new(false);
    let sum = Mutex::new(Outcome::default());
    let found: Mutex<Vec<Box<Difference>>> = Mutex::new(Vec::new());
    on_every_core(|| {
        while !failed.load(Ordering::Relaxed) {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= setup.seed.saturating_add(seeds) {
                return;
            }
            match play(&Setup { seed, ..setup.clone() }) {
                Ok(outcome) => sum.lock().unwrap_or_else(PoisonError::into_inner).add(&outcome),
                Err(difference) => {
                    failed.store(true, Ordering::Relaxed);
                    found.lock().unwrap_or_else(PoisonError::into_inner).push(difference);
                }
            }
        }
    });
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.sort_by_key(|difference| difference.seed);
    if let Some(first) = found.first() {
        eprintln!("{first}");
        shrink::tell(setup, first);
        return ExitCode::FAILURE;
    }
    let sum = sum.into_inner().unwrap_or_else(PoisonError::into_inner);
    let took = began.elapsed().as_secs_f32();
    println!("{seeds} seeds of {} years in {took:.1} s: desk and auditor agree", setup.years);
    println!("{sum}");
    ExitCode::SUCCESS
}

/// Puts each fault into the desk and plays seeds until the auditor finds it.
fn find_faults(setup: &Setup) -> ExitCode {
    let next = AtomicU64::new(0);
    let missed = AtomicU64::new(0);
    on_every_core(|| {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(fault) = usize::try_from(index).ok().and_then(|at| FAULTS.get(at)) else {
                return;
            };
            let played = (setup.seed..setup.seed + FAULT_SEEDS)
                .find_map(|seed| play(&Setup { seed, fault: Some(fault), ..setup.clone() }).err());
            match played {
                Some(found) if found.step > 0 => {
                    println!("found: {} (seed {}, step {})", fault.name, found.seed, found.step);
                }
                other => {
                    missed.fetch_add(1, Ordering::Relaxed);
                    let why = other.map_or(String::new(), |other| other.answer);
                    println!("NOT FOUND: {} {why}", fault.name);
                }
            }
        }
    });
    let missed = missed.load(Ordering::Relaxed);
    println!("{} faults, {missed} not found", FAULTS.len());
    if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn on_every_core(work: impl Fn() + Sync) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(&work);
        }
    });
}
