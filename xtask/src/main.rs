//! Development tasks: `cargo xtask tidy` keeps the invariants of ARCHITECTURE.md, `cargo xtask
//! bench` measures against references in the same run.

mod tidy;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("tidy") => tidy::run(),
        Some("bench") => bench(arguments.collect()),
        _ => {
            eprintln!("usage: cargo xtask tidy | cargo xtask bench [--quick] [NAME...]");
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
