//! Taking in prices, ratios and sizes that were read elsewhere: all of a list or nothing.

use crate::{App, Error};
use prorata_domain::catalog::{PriceRow, RatioRow, SizeRow};
use prorata_domain::term::BillingPlan;
use prorata_store::prices::{self, Stored};

/// What an import came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Report {
    pub written: u64,
    /// Rows that the database held already, with the same figures.
    pub unchanged: u64,
}

/// Writes price rows in one transaction. A row without a plan is written for each plan that its
/// resource type allows.
///
/// # Errors
/// Those of the database; nothing is written then.
pub fn import(app: &App, rows: Vec<PriceRow>) -> Result<Report, Error> {
    let mut stored = Vec::with_capacity(rows.len() * 2);
    for row in rows {
        for plan in plans(app, &row) {
            stored.push(Stored { plan, row: row.clone() });
        }
    }
    app.write(move |tx, _| {
        let written = prices::upsert(tx, &stored)?;
        Ok(Report { written, unchanged: stored.len() as u64 - written })
    })
}

fn plans(app: &App, row: &PriceRow) -> Vec<BillingPlan> {
    match row.billing_plan {
        Some(plan) => vec![plan],
        None => app
            .catalog
            .resource_type(&row.resource_type)
            .map_or_else(|| vec![BillingPlan::Upfront], |found| found.billing_plans.clone()),
    }
}

/// Writes size-flexibility ratios in one transaction.
///
/// # Errors
/// Those of the database; nothing is written then.
pub fn import_ratios(app: &App, rows: Vec<RatioRow>) -> Result<Report, Error> {
    app.write(move |tx, _| {
        let written = prices::upsert_ratios(tx, &rows)?;
        Ok(Report { written, unchanged: rows.len() as u64 - written })
    })
}

/// Writes VM sizes in one transaction.
///
/// # Errors
/// Those of the database; nothing is written then.
pub fn import_sizes(app: &App, rows: Vec<SizeRow>) -> Result<Report, Error> {
    app.write(move |tx, _| {
        let written = prices::upsert_sizes(tx, &rows)?;
        Ok(Report { written, unchanged: rows.len() as u64 - written })
    })
}
