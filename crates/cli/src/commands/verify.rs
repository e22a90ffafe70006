//! `prorata verify`: whether every law holds over a database.

use crate::database::{self, Database};
use crate::failure::{Failure, Outcome};
use crate::output::{Output, pairs};
use clap::Args;
use prorata_app::verify::{self, Report};
use prorata_app::{App, clock::Clock};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Check every law over a database, and name the first row that breaks one.
///
/// Entries balance, quantities are conserved, no cap was ever passed, refund and used part add up
/// to what was paid, and each recorded decision follows again from its recorded facts.
#[derive(Debug, Args)]
pub struct Verify {
    #[command(flatten)]
    database: Database,

    /// A directory with policy files that the server was started with.
    #[arg(long, value_name = "DIR")]
    policy: Option<PathBuf>,

    #[command(flatten)]
    output: Output,
}

impl Verify {
    pub fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let book = database::policy(self.policy.as_deref())?;
        let app = App::open(self.database.existing()?, book, Clock::System)?;
        let report = verify::run(&app)?;
        self.output.print(&body(&report), |_| table(&report))?;
        Ok(if report.broken.is_some() { Outcome::NotInOrder } else { Outcome::Done })
    }
}

fn body(report: &Report) -> Value {
    let broken = report
        .broken
        .as_ref()
        .map(|broken| json!({ "law": broken.law, "row": broken.row, "what": broken.what }));
    json!({
        "orders": report.orders,
        "reservations": report.reservations,
        "operations": report.operations,
        "requests": report.requests,
        "entries": report.entries,
        "seals": report.seals,
        "sealedRows": report.sealed_rows,
        "otherPolicy": report.other_policy,
        "parkedJobs": report.parked_jobs,
        "broken": broken,
    })
}

/// A report for people.
pub fn table(report: &Report) -> String {
    let mut rows = vec![
        ("Orders", report.orders.to_string()),
        ("Reservations", report.reservations.to_string()),
        ("Operations", report.operations.to_string()),
        ("Requests", report.requests.to_string()),
        ("Entries", report.entries.to_string()),
        ("Seals", report.seals.to_string()),
        ("Rows in batches and seals", report.sealed_rows.to_string()),
    ];
    if report.other_policy > 0 {
        rows.push(("Decided under another policy book", report.other_policy.to_string()));
    }
    if report.parked_jobs > 0 {
        rows.push(("Parked jobs (see `prorata jobs`)", report.parked_jobs.to_string()));
    }
    match &report.broken {
        None => rows.push(("Laws", "all hold".to_owned())),
        Some(broken) => {
            rows.push(("Broken law", broken.law.to_owned()));
            rows.push(("First row", broken.row.clone()));
            rows.push(("What", broken.what.clone()));
        }
    }
    pairs(&rows)
}
