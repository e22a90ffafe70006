//! Development tasks: `cargo xtask tidy` keeps the invariants of ARCHITECTURE.md, `cargo xtask
//! bench` measures against references in the same run, `cargo xtask simulate` plays customers over
//! years against an independent auditor, `cargo xtask fuzz` fuzzes every parser that meets the outside.

mod fuzz;
mod tidy;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("tidy") => tidy::run(),
        Some("bench") => bench(arguments.collect()),
        Some("fuzz") => fuzz::run(arguments.collect()),
        Some("simulate") => simulate(arguments.collect()),
        _ => {
            eprintln!(
                "usage: cargo xtask tidy | cargo xtask bench [--quick] [NAME...] | \
                 cargo xtask fuzz [TARGET...] [--seconds N] [--keep] | \
                 cargo xtask simulate [--seeds N] [--seed S] [--years Y] [--until STEP] [--faults]"
            );
            ExitCode::from(2)
        }
    }
}

/// The benchmarks are a program of their own, always built for release.
fn bench(arguments: Vec<String>) -> ExitCode {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let built = std::process::Command::new(&cargo)
        .args([
            "build",
            "--quiet",
            "--release",
            "--package",
            "prorata",
            "--package",
            "prorata-bench",
        ])
        .status();
    if !built.is_ok_and(|status| status.success()) {
        return ExitCode::FAILURE;
    }
    let ran = std::process::Command::new(&cargo)
        .args(["run", "--quiet", "--release", "--package", "prorata-bench", "--"])
        .args(arguments)
        .status();
    if ran.is_ok_and(|status| status.success()) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The simulation is a program of its own too; optimised, with overflow and debug assertions on as
/// they are in tests.
fn simulate(arguments: Vec<String>) -> ExitCode {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let ran = std::process::Command::new(&cargo)
        .args(["run", "--quiet", "--profile", "play", "--package", "prorata-simulation", "--"])
        .args(arguments)
        .status();
    if ran.is_ok_and(|status| status.success()) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
