//! Taking in prices, ratios and sizes that were read elsewhere: all of a list or nothing.

use crate::{App, Error};
use prorata_domain::catalog::{PriceRow, RatioRow, SizeRow};
use prorata_store::{prices, ratios, sizes};

/// What an import came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Report {
    pub written: u64,
    /// Rows that the database held already, with the same figures.
    pub unchanged: u64,
}

impl Report {
    pub(crate) fn of(written: u64, rows: usize) -> Report {
        Report { written, unchanged: (rows as u64).saturating_sub(written) }
    }
}

/// Writes price rows in one transaction.
///
/// # Errors
/// Those of the database; nothing is written then.
pub fn import(app: &App, rows: Vec<PriceRow>) -> Result<Report, Error> {
    app.write(move |tx, _| Ok(Report::of(prices::put(tx, &rows)?, rows.len())))
}

/// Writes size-flexibility ratios in one transaction.
///
/// # Errors
/// Those of the database; nothing is written then.
pub fn import_ratios(app: &App, rows: Vec<RatioRow>) -> Result<Report, Error> {
    app.write(move |tx, _| Ok(Report::of(ratios::put(tx, &rows)?, rows.len())))
}

/// Writes VM sizes in one transaction.
///
/// # Errors
/// Those of the database; nothing is written then.
pub fn import_sizes(app: &App, rows: Vec<SizeRow>) -> Result<Report, Error> {
    app.write(move |tx, _| Ok(Report::of(sizes::put(tx, &rows)?, rows.len())))
}
