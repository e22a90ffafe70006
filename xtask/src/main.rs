//! Development tasks: `cargo xtask tidy` keeps the invariants of ARCHITECTURE.md, `cargo xtask
//! bench` measures against references in the same run, `cargo xtask simulate` plays customers over
//! years against an independent auditor, `cargo xtask fuzz` fuzzes every parser that meets the outside,
//! `cargo xtask shots` takes pictures of every page of the portal.

mod fuzz;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("tidy") => tidy::run(),
        Some("bench") => bench(arguments.collect()),
        Some("fuzz") => fuzz::run(arguments.collect()),
        Some("simulate") => simulate(arguments.collect()),
        Some("shots") => shots(),
        _ => {
            eprintln!(
                "usage: cargo xtask tidy | cargo xtask bench [--quick] [NAME...] | \
                 cargo xtask fuzz [TARGET...] [--seconds N] [--keep] | \
                 cargo xtask simulate [--seeds N] [--seed S] [--years Y] [--until STEP] [--faults] | \
                 cargo xtask shots"
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

/// Pictures of every page, into `shots` of the target directory; by the browser and the clients that
/// `./test` sets up.
fn shots() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from);
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let built = Command::new(cargo).args(["build", "--quiet", "--package", "prorata"]).status();
    if !built.is_ok_and(|status| status.success()) {
        return ExitCode::FAILURE;
    }
    let python = root.join("target/venv/bin/python");
    let browser = root.join("tests/browser");
    let took = Command::new(&python)
        .arg(browser.join("shots.py"))
        .arg(target.join("shots"))
        .env("PYTHONPATH", root.join("tests/clients/python"))
        .env("PRORATA_BIN", target.join("debug/prorata"))
        .status();
    match took {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{}: {error}; `./test` sets up what this needs", python.display());
            ExitCode::FAILURE
        }
    }
}
