//! Measures the desk, each figure beside a reference measured in the same run. A development
//! program: `cargo xtask bench [--quick] [NAME...]` builds it and the server for release and runs
//! it. The table goes to standard output, what is going on to standard error.

mod binary;
mod client;
mod clock;
mod cost;
mod cpu;
mod decide;
mod deeds;
mod desk;
mod flood;
mod http;
mod measure;
mod page;
mod postgres;
mod probe;
mod quote;
mod server;
mod sqlite;
mod table;
mod transfer;
mod year;

use std::process::ExitCode;
use table::Line;

/// Why a section could not be measured.
pub type Trouble = Box<dyn std::error::Error + Send + Sync>;

/// How much to measure.
#[derive(Debug, Clone, Copy)]
pub struct Extent {
    pub quick: bool,
    /// How often each figure is measured.
    pub repetitions: usize,
}

impl Extent {
    /// A full count, or a tenth of it for a quick look.
    pub fn of(self, full: usize) -> usize {
        if self.quick { full / 10 } else { full }
    }
}

/// Measures one section.
type Section = fn(Extent) -> Result<Vec<Line>, Trouble>;

const SECTIONS: &[(&str, Section)] = &[
    ("decide", decide::measure),
    ("sqlite", sqlite::measure),
    ("http", http::measure),
    ("postgres", postgres::measure),
    ("quote", quote::measure),
    ("page", page::measure),
    ("flood", flood::measure),
    ("clock", clock::measure),
    ("binary", binary::measure),
];

/// Sections that run only by name.
const BY_NAME: &[(&str, Section)] = &[("probe", probe::measure), ("cost", cost::measure)];

fn known() -> impl Iterator<Item = &'static (&'static str, Section)> {
    SECTIONS.iter().chain(BY_NAME)
}

fn main() -> ExitCode {
    let mut quick = false;
    let mut wanted = Vec::new();
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--quick" => quick = true,
            name if known().any(|(known, _)| *known == name) => wanted.push(argument),
            other => {
                let names: Vec<&str> = known().map(|(name, _)| *name).collect();
                eprintln!("`{other}` is not one of --quick, {}", names.join(", "));
                return ExitCode::from(2);
            }
        }
    }
    let extent = Extent { quick, repetitions: if quick { 3 } else { 5 } };
    let mut lines = Vec::new();
    let mut troubles = Vec::new();
    for (name, measure) in known() {
        let all = wanted.is_empty() && SECTIONS.iter().any(|(other, _)| other == name);
        if all || wanted.iter().any(|other| other == name) {
            eprintln!("measuring: {name}");
            match measure(extent) {
                Ok(measured) => lines.extend(measured),
                Err(trouble) => troubles.push(format!("{name}: {trouble}")),
            }
        }
    }
    println!("{}", table::render(&lines));
    for trouble in &troubles {
        eprintln!("not measured: {trouble}");
    }
    if troubles.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
