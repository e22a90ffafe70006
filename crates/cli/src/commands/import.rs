//! `prorata prices|ratios|sizes import`: lists from files or standard input.

use super::{Progress, open_input};
use crate::database::Database;
use crate::failure::{Failure, Kind, Outcome};
use crate::output::write;
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_app::prices;
use prorata_app::utilization::{self, UtilizationRow};
use prorata_domain::catalog::Catalog;
use prorata_domain::ids::TenantId;
use prorata_domain::term::utc_day;
use prorata_wire::import::utilization_csv::DayRow;
use prorata_wire::import::{
    ImportError, Imported, Rejected, price_csv, ratio_csv, retail_json, size_csv, utilization_csv,
};
use std::io::BufRead;
use uuid::Uuid;

/// What every import is told.
#[derive(Debug, Args)]
pub struct Source {
    /// The file; `-` is standard input.
    #[arg(value_name = "FILE")]
    file: String,

    /// Import nothing when any row is rejected.
    #[arg(long)]
    strict: bool,

    #[command(flatten)]
    database: Database,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PriceFormat {
    /// The answer of the Retail Prices API.
    RetailJson,
    /// Our own: resource_type, sku, location, term, billing_plan, currency, unit_total, since.
    Csv,
}

/// Import reservation prices.
///
/// Rows that cannot be used are reported on standard error with their line, field and reason; the
/// others are imported together, or not at all.
#[derive(Debug, Args)]
pub struct Prices {
    /// What the file holds; without it, the file is looked at.
    #[arg(long, value_enum)]
    format: Option<PriceFormat>,

    #[command(flatten)]
    source: Source,
}

/// Import size-flexibility ratios from their public CSV.
///
/// Rows that cannot be used are reported on standard error with their line, field and reason; the
/// others are imported together, or not at all.
#[derive(Debug, Args)]
pub struct Ratios {
    /// The first day on which they hold; without it, today (UTC).
    #[arg(long, value_name = "DATE")]
    since: Option<Date>,

    #[command(flatten)]
    source: Source,
}

/// Import VM sizes from a CSV.
///
/// Rows that cannot be used are reported on standard error with their line, field and reason; the
/// others are imported together, or not at all.
#[derive(Debug, Args)]
pub struct Sizes {
    #[command(flatten)]
    source: Source,
}

/// Import how much of reservations was used, from the CSV of daily usage summaries.
///
/// Needed are the columns ReservationOrderId, ReservationId, UsageDate, ReservedHours and UsedHours.
/// Rows that cannot be used are reported on standard error with their line, field and reason; the
/// others are imported together, or not at all.
#[derive(Debug, Args)]
pub struct Utilization {
    /// The tenant whose reservations these are.
    #[arg(long, value_name = "ID")]
    tenant: Uuid,

    #[command(flatten)]
    source: Source,
}

impl Prices {
    pub fn run(&self) -> Result<Outcome, Failure> {
        let format = self.format;
        let read = |mut input: Box<dyn BufRead>, progress: &mut dyn FnMut(u64)| {
            let catalog = Catalog::built_in();
            let format = match format {
                Some(format) => format,
                None => guess(&mut input)?,
            };
            match format {
                PriceFormat::RetailJson => retail_json::read(input, &catalog, progress),
                PriceFormat::Csv => price_csv::read(input, &catalog, progress),
            }
        };
        self.source.run(read, prices::import)
    }
}

impl Ratios {
    pub fn run(&self) -> Result<Outcome, Failure> {
        let since = self.since.unwrap_or_else(|| utc_day(Timestamp::now()));
        self.source
            .run(|input, progress| ratio_csv::read(input, since, progress), prices::import_ratios)
    }
}

impl Sizes {
    pub fn run(&self) -> Result<Outcome, Failure> {
        self.source.run(|input, progress| size_csv::read(input, progress), prices::import_sizes)
    }
}

impl Utilization {
    pub fn run(&self) -> Result<Outcome, Failure> {
        let row = |row: DayRow| UtilizationRow {
            tenant_id: TenantId(self.tenant),
            reservation_order_id: row.order,
            reservation_id: row.reservation,
            usage_date: row.day.day,
            reserved_hours: row.day.reserved.to_decimal(),
            used_hours: row.day.used.to_decimal(),
        };
        self.source.run(
            |input, progress| utilization_csv::read(input, progress),
            |app, rows| utilization::import(app, rows.into_iter().map(row).collect()),
        )
    }
}

/// JSON begins with a brace or bracket, and our CSV cannot.
fn guess(input: &mut dyn BufRead) -> Result<PriceFormat, ImportError> {
    let head = input.fill_buf()?;
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let first = head.iter().find(|byte| !byte.is_ascii_whitespace());
    Ok(match first {
        Some(b'{' | b'[') => PriceFormat::RetailJson,
        _ => PriceFormat::Csv,
    })
}

impl Source {
    /// Reads the file, reports, and writes the good rows in one transaction.
    fn run<T>(
        &self,
        read: impl FnOnce(Box<dyn BufRead>, &mut dyn FnMut(u64)) -> Result<Imported<T>, ImportError>,
        keep: impl FnOnce(&prorata_app::App, Vec<T>) -> Result<prices::Report, prorata_app::Error>,
    ) -> Result<Outcome, Failure> {
        let input = open_input(&self.file)?;
        let imported = {
            let mut progress = Progress::of("rows read");
            read(input, &mut |count| progress.tell(count))
        };
        let Imported { rows, rejected, rejected_total, skipped, skipped_because } = imported
            .map_err(|error| {
                Failure::new(format!("`{}` cannot be used: {error}", self.file))
                    .with_hint("nothing was imported")
            })?;
        report(&rejected, rejected_total);
        for (why, count) in &skipped_because {
            eprintln!("skipped {count}: {why}");
        }
        if self.strict && rejected_total > 0 {
            return Err(Failure {
                kind: Kind::Failed,
                ..Failure::new(format!("{rejected_total} rows were rejected; nothing was imported"))
                    .with_hint("mend them, or leave --strict away to import the others")
            });
        }
        if rows.is_empty() && rejected_total > 0 {
            return Err(Failure::new(format!(
                "all {rejected_total} rows were rejected; nothing was imported"
            )));
        }
        let kept = keep(&self.database.open()?, rows)?;
        write(&format!(
            "{} written, {} unchanged, {rejected_total} rejected, {skipped} skipped\n",
            kept.written, kept.unchanged
        ))?;
        Ok(Outcome::Done)
    }
}

fn report(rejected: &[Rejected], total: u64) {
    for row in rejected {
        eprintln!("rejected {row}");
    }
    let untold = total - rejected.len() as u64;
    if untold > 0 {
        eprintln!("rejected {untold} more");
    }
}
