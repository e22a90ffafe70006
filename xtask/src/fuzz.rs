//! Runs the fuzz targets under libFuzzer, on the stable toolchain: coverage is asked for with
//! stable options of the compiler, and sanitizers, which are not stable, have little to find in
//! code without `unsafe`. Needed besides Rust is a C++ compiler.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

/// Marks every branch and comparison, so that libFuzzer sees what an input reached.
const COVERAGE: &str = "-Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// The longest input that is made, in bytes.
const INPUT_BYTES_MAX: u32 = 4096;

/// Inputs that are kept for one target: those that reach something the others do not, the shortest
/// first.
const KEPT_MAX: usize = 60;

/// What is asked for.
struct Wanted {
    targets: Vec<String>,
    seconds: u32,
    /// Whether inputs that reached something new go to the kept corpus.
    keep: bool,
}

/// Where things are.
struct Places {
    root: PathBuf,
    /// What is built and found.
    work: PathBuf,
    fuzzer: PathBuf,
}

pub fn run(arguments: Vec<String>) -> ExitCode {
    match fuzz_all(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("fuzz: {why}");
            ExitCode::FAILURE
        }
    }
}

fn fuzz_all(arguments: Vec<String>) -> Result<(), String> {
    let wanted = wanted(arguments)?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let targets = targets(root, &wanted.targets)?;
    let places = build(root)?;
    let mut failed = Vec::new();
    for target in targets {
        if !fuzz(&places, &target, &wanted)? {
            failed.push(target);
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(format!("faults in: {}", failed.join(", "))) }
}

fn wanted(arguments: Vec<String>) -> Result<Wanted, String> {
    let mut wanted = Wanted { targets: Vec::new(), seconds: 60, keep: false };
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--seconds" => {
                let seconds = arguments.next().and_then(|text| text.parse().ok());
                wanted.seconds = seconds.ok_or("--seconds wants a number")?;
            }
            "--keep" => wanted.keep = true,
            name if name.starts_with('-') => return Err(format!("{name} is unknown")),
            name => wanted.targets.push(name.to_owned()),
        }
    }
    Ok(wanted)
}

/// Builds the fuzzer with coverage, apart from everything else that is built.
fn build(root: &Path) -> Result<Places, String> {
    let host = host()?;
    let built = std::env::var_os("CARGO_TARGET_DIR");
    let work = built.map_or_else(|| root.join("target"), PathBuf::from).join("fuzz");
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let status = Command::new(cargo)
        .args(["build", "--quiet", "--release", "--target", &host, "--manifest-path"])
        .arg(root.join("fuzz/Cargo.toml"))
        .env("CARGO_TARGET_DIR", &work)
        // With a target named, build scripts and macros are built without these.
        .env("RUSTFLAGS", COVERAGE)
        .status()
        .map_err(told)?;
    if !status.success() {
        return Err("the fuzzer was not built; it needs a C++ compiler (g++)".to_owned());
    }
    let fuzzer = work.join(host).join("release/prorata-fuzzer");
    Ok(Places { root: root.to_owned(), work, fuzzer })
}

fn host() -> Result<String, String> {
    let output = Command::new("rustc").arg("-vV").output().map_err(told)?;
    let says = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = says.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "rustc names no host".to_owned())
}

/// The targets of those names, or all: each has a corpus.
fn targets(root: &Path, names: &[String]) -> Result<Vec<String>, String> {
    let entries = fs::read_dir(root.join("fuzz/corpus")).map_err(told)?;
    let mut all: Vec<String> =
        entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    all.sort();
    if let Some(stranger) = names.iter().find(|name| !all.contains(name)) {
        return Err(format!("`{stranger}` is no target; there are {}", all.join(", ")));
    }
    Ok(if names.is_empty() { all } else { names.to_vec() })
}

/// Fuzzes a target; an input that breaks a law is left in its corpus. Whether none did.
fn fuzz(places: &Places, target: &str, wanted: &Wanted) -> Result<bool, String> {
    let kept = places.root.join("fuzz/corpus").join(target);
    let found = places.work.join("found").join(target);
    fs::create_dir_all(&found).map_err(told)?;
    // Targets of one kind share their words: `price-csv` and `size-csv` those of `csv`.
    let kind = target.rsplit('-').next().unwrap_or(target);
    let words = places.root.join("fuzz/words").join(format!("{kind}.dict"));
    let log = places.work.join(format!("{target}.log"));
    let status = Command::new(&places.fuzzer)
        .env("PRORATA_FUZZ_TARGET", target)
        .arg(format!("-max_total_time={}", wanted.seconds))
        .arg(format!("-max_len={INPUT_BYTES_MAX}"))
        .arg(format!("-dict={}", words.display()))
        .arg(format!("-artifact_prefix={}/", kept.display()))
        .args(["-timeout=20", "-rss_limit_mb=3000", "-report_slow_units=60"])
        .arg("-print_final_stats=1")
        .args([&found, &kept])
        .stderr(fs::File::create(&log).map_err(told)?)
        .status()
        .map_err(told)?;
    let says = fs::read(&log).map_err(told)?;
    let says = String::from_utf8_lossy(&says);
    if !status.success() {
        let lines: Vec<&str> = says.lines().collect();
        eprintln!("{target}:\n{}", lines[lines.len().saturating_sub(40)..].join("\n"));
        return Ok(false);
    }
    let runs = says.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    println!("{target}: {} runs, no fault", runs.unwrap_or("?").trim());
    if wanted.keep {
        keep(places, target, &found, &kept)?;
    }
    Ok(true)
}

/// Copies found inputs that reach something the kept ones do not.
fn keep(places: &Places, target: &str, found: &Path, kept: &Path) -> Result<(), String> {
    let fresh = places.work.join("fresh").join(target);
    let _ = fs::remove_dir_all(&fresh);
    fs::create_dir_all(&fresh).map_err(told)?;
    let merged = Command::new(&places.fuzzer)
        .env("PRORATA_FUZZ_TARGET", target)
        .arg("-merge=1")
        .args([fresh.as_path(), kept, found])
        .stderr(Stdio::null())
        .status()
        .map_err(told)?;
    if !merged.success() {
        return Err(format!("the corpus of {target} could not be merged"));
    }
    let has = fs::read_dir(kept).map_err(told)?.count();
    let mut inputs: Vec<(u64, PathBuf)> = fs::read_dir(&fresh)
        .map_err(told)?
        .flatten()
        .filter_map(|entry| Some((entry.metadata().ok()?.len(), entry.path())))
        .collect();
    inputs.sort();
    for (_, path) in inputs.iter().take(KEPT_MAX.saturating_sub(has)) {
        if let Some(name) = path.file_name() {
            fs::copy(path, kept.join(name)).map_err(told)?;
        }
    }
    Ok(())
}

fn told(error: std::io::Error) -> String {
    error.to_string()
}
