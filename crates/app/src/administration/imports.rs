//! Lists taken in at the desk: prices, size-flexibility ratios, machine sizes, utilization. All good rows of a
//! list together or none, with a report of the rows that were not taken.

use crate::audit::{self, Event, Verdict};
use crate::prices::Report;
use crate::support::desk;
use crate::utilization::{self, UtilizationRow};
use crate::{App, Call, Error};
use jiff::Timestamp;
use prorata_domain::catalog::{PriceRow, RatioRow, SizeRow};
use prorata_store::prices::Held;
use prorata_store::ratios::Held as HeldRatios;
use prorata_store::{Tx, meta, prices, ratios, sizes};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Where the last reports are kept.
const REPORTS: &str = "imports";

/// Reports that are kept: a year of monthly lists.
const REPORTS_MAX: usize = 12;

/// Rejected rows that a report keeps with their reason.
pub const REJECTED_MAX: usize = 100;

/// Which list it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Pages of the Retail Prices API.
    RetailPrices,
    /// A price list of one's own.
    Prices,
    Ratios,
    Sizes,
    /// How much of a tenant's reservations was used, by days.
    Utilization,
}

impl Kind {
    pub const ALL: [Kind; 5] =
        [Kind::RetailPrices, Kind::Prices, Kind::Ratios, Kind::Sizes, Kind::Utilization];

    pub fn as_str(self) -> &'static str {
        match self {
            Kind::RetailPrices => "retail-prices",
            Kind::Prices => "prices",
            Kind::Ratios => "ratios",
            Kind::Sizes => "sizes",
            Kind::Utilization => "utilization",
        }
    }

    pub fn parse(text: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// The good rows of a list.
#[derive(Debug, Clone)]
pub enum Rows {
    Prices(Vec<PriceRow>),
    Ratios(Vec<RatioRow>),
    Sizes(Vec<SizeRow>),
    Utilization(Vec<UtilizationRow>),
}

impl Rows {
    pub fn len(&self) -> usize {
        match self {
            Rows::Prices(rows) => rows.len(),
            Rows::Ratios(rows) => rows.len(),
            Rows::Sizes(rows) => rows.len(),
            Rows::Utilization(rows) => rows.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn put(&self, tx: &mut Tx<'_>, app: &App) -> Result<Report, Error> {
        let written = match self {
            Rows::Prices(rows) => prices::put(tx, rows)?,
            Rows::Ratios(rows) => ratios::put(tx, rows)?,
            Rows::Sizes(rows) => sizes::put(tx, rows)?,
            Rows::Utilization(rows) => utilization::put(tx, app, rows, "rows")?,
        };
        Ok(Report { written, unchanged: (self.len() as u64).saturating_sub(written) })
    }
}

/// A row that was not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejected {
    pub line: u64,
    /// Empty when it is the whole row.
    pub field: String,
    pub reason: String,
}

/// What a file held, beside its good rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    pub rejected: Vec<Rejected>,
    pub rejected_total: u64,
    /// Why rows were passed over that are sound but of no use here, with counts.
    pub skipped: BTreeMap<String, u64>,
}

/// A file that somebody sends. The id is made when its form is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    pub id: Uuid,
    pub kind: Kind,
    pub file: String,
}

/// What came of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Done {
    pub id: Uuid,
    pub kind: Kind,
    pub file: String,
    pub by: String,
    pub at: Timestamp,
    /// New rows, or such with other figures than before.
    pub written: u64,
    pub unchanged: u64,
    pub rejected_total: u64,
    pub rejected: Vec<Rejected>,
    pub skipped: BTreeMap<String, u64>,
    /// Why nothing of it was taken.
    pub refused: Option<String>,
}

/// What is loaded now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Loaded {
    /// By currency.
    pub prices: Vec<Held>,
    pub ratios: HeldRatios,
    pub sizes: i64,
}

/// What is loaded now. It counts everything, so it takes a while where there is much.
///
/// # Errors
/// [`Error::Absent`] for who is not at the desk, as for all functions here; those of the database.
pub fn loaded(tx: &mut Tx<'_>, call: &Call) -> Result<Loaded, Error> {
    desk::member(tx, call)?;
    Ok(Loaded { prices: prices::held(tx)?, ratios: ratios::held(tx)?, sizes: sizes::count(tx)? })
}

/// The last reports, the newest first.
///
/// # Errors
/// As [`loaded`].
pub fn reports(tx: &mut Tx<'_>, call: &Call) -> Result<Vec<Done>, Error> {
    desk::member(tx, call)?;
    kept(tx)
}

fn kept(tx: &mut Tx<'_>) -> Result<Vec<Done>, Error> {
    let kept = meta::get(tx, REPORTS)?;
    Ok(kept.map_or(Ok(Vec::new()), |text| serde_json::from_str(&text))?)
}

/// Whether the caller may take lists in, before anything of one is read.
///
/// # Errors
/// As [`loaded`].
pub fn require(tx: &mut Tx<'_>, call: &Call) -> Result<(), Error> {
    desk::member(tx, call).map(drop)
}

/// Writes the good rows of a file and its report, in one transaction. The same file again, by its
/// id, is the same answer. Call it where blocking is allowed.
///
/// # Errors
/// As [`loaded`], and [`Error::Malformed`] for rows that do not fit what is held; nothing is written
/// then.
pub fn take_in(app: &App, call: &Call, sent: &Sent, rows: Rows, said: Said) -> Result<Done, Error> {
    let (call, sent) = (call.clone(), sent.clone());
    app.write(move |tx, app| {
        desk::member(tx, &call)?;
        if let Some(before) = kept(tx)?.into_iter().find(|done| done.id == sent.id) {
            return Ok(before);
        }
        let report = rows.put(tx, app)?;
        finished(tx, &call, &sent, report, &said, None)
    })
}

/// Records that nothing of a file was taken, and why.
///
/// # Errors
/// As [`loaded`].
pub fn refuse(app: &App, call: &Call, sent: &Sent, said: Said, why: &str) -> Result<Done, Error> {
    let (call, sent, why) = (call.clone(), sent.clone(), why.to_owned());
    app.write(move |tx, _| {
        desk::member(tx, &call)?;
        let nothing = Report { written: 0, unchanged: 0 };
        finished(tx, &call, &sent, nothing, &said, Some(why.clone()))
    })
}

fn finished(
    tx: &mut Tx<'_>,
    call: &Call,
    sent: &Sent,
    report: Report,
    said: &Said,
    refused: Option<String>,
) -> Result<Done, Error> {
    let done = Done {
        id: sent.id,
        kind: sent.kind,
        file: sent.file.clone(),
        by: call.caller.name.clone(),
        at: call.now,
        written: report.written,
        unchanged: report.unchanged,
        rejected_total: said.rejected_total,
        rejected: said.rejected.iter().take(REJECTED_MAX).cloned().collect(),
        skipped: said.skipped.clone(),
        refused,
    };
    let mut reports = kept(tx)?;
    reports.retain(|other| other.id != done.id);
    reports.insert(0, done.clone());
    reports.truncate(REPORTS_MAX);
    meta::put(tx, REPORTS, &serde_json::to_string(&reports)?)?;
    let verdict = if done.refused.is_some() { Verdict::Refused } else { Verdict::Approved };
    let event = Event::new("import-list", format!("import/{}", done.id)).as_verdict(verdict);
    let details = json!({
        "kind": done.kind.as_str(), "file": done.file, "written": done.written,
        "unchanged": done.unchanged, "rejected": done.rejected_total, "refused": done.refused,
    });
    audit::line(tx, call, &event.with(&details)?)?;
    Ok(done)
}
