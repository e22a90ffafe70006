//! Readers of the files that fill the catalog: prices, size-flexibility ratios, VM sizes.
//!
//! Each takes any buffered input (a file, standard input), reads it once from front to back, and
//! answers with the good rows beside a list of the rejected ones. A file that is not of its kind
//! at all (no header, a required column missing, JSON that breaks off) is one error, and then
//! there are no rows. Whether a file with rejected rows is kept is up to the caller.
//!
//! Memory is bounded for any input: a line or item has a longest length, so has a field, and
//! there is a largest number of rows and of rejections that are kept.

mod collect;
mod lines;
pub mod price_csv;
pub mod ratio_csv;
pub mod retail_json;
pub mod size_csv;
mod table;
pub mod utilization_csv;
mod value;

use collect::Collector;
use std::collections::BTreeMap;
use std::io;

/// The longest line of a CSV file, and the longest item of a JSON file, in bytes.
pub const MAX_LINE: usize = 64 * 1024;
/// The longest name or other text in one field, in bytes.
pub const MAX_FIELD: usize = 256;
/// The most good rows in one file: three times the public list of all reservation prices.
pub const MAX_ROWS: u64 = 2_000_000;
/// The most rejections that are kept with their reason; the rest are only counted.
pub const MAX_REJECTED: usize = 10_000;
/// Progress is told each time that so many rows were read, and at the end.
pub const PROGRESS_EVERY: u64 = 1_000;

/// What a file held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported<T> {
    /// The good rows, in the order of the file.
    pub rows: Vec<T>,
    /// The rejected rows, at most [`MAX_REJECTED`] of them.
    pub rejected: Vec<Rejected>,
    /// How many rows were rejected in all.
    pub rejected_total: u64,
    /// Rows that are sound but of no use here, such as on-demand prices beside reservations.
    pub skipped: u64,
    /// Why rows were skipped, with counts.
    pub skipped_because: BTreeMap<String, u64>,
}

/// A row that was not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {field}{}{reason}", if field.is_empty() { "" } else { ": " })]
pub struct Rejected {
    /// The line on which the row begins, from 1.
    pub line: u64,
    /// The field at fault; empty when it is the whole row.
    pub field: String,
    pub reason: String,
}

/// Why a file was refused as a whole.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("the input could not be read: {0}")]
    Io(#[from] io::Error),
    #[error("the input is empty")]
    Empty,
    #[error("line {line}: the header cannot be read: {reason}")]
    Header { line: u64, reason: String },
    #[error(
        "line {line}: the header lacks {}; it needs {}",
        missing.join(", "),
        required.join(", ")
    )]
    MissingColumns { line: u64, missing: Vec<&'static str>, required: &'static [&'static str] },
    #[error("line {line}: the header names {column} twice")]
    RepeatedColumn { line: u64, column: &'static str },
    #[error("line {line}: the JSON cannot be read: {reason}")]
    Json { line: u64, reason: String },
    #[error("line {line}: more than {MAX_ROWS} rows; split the file")]
    TooManyRows { line: u64 },
}

/// Why one field was not taken.
#[derive(Debug)]
struct Fault {
    field: &'static str,
    reason: String,
}

impl Fault {
    fn new(field: &'static str, reason: impl Into<String>) -> Fault {
        Fault { field, reason: reason.into() }
    }
}

#[cfg(test)]
mod tests;
