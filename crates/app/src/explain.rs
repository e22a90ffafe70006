//! A recorded decision, told again.

use crate::{App, Error};
use prorata_domain::decision::{Finding, Refusal};
use prorata_domain::ids::OperationId;
use prorata_store::{Tx, operations};
use serde::Deserialize;

/// An operation with its findings, as it was recorded.
#[derive(Debug, Clone)]
pub struct Explained {
    pub row: crate::operations::Row,
    pub findings: Vec<Finding>,
    pub refusal: Option<Refusal>,
}

#[derive(Deserialize)]
struct Document {
    decision: Recorded,
}

#[derive(Deserialize)]
struct Recorded {
    refusal: Option<Refusal>,
    findings: Vec<Finding>,
}

/// Reads an operation of any tenant: for the operator at the database, not for callers.
///
/// # Errors
/// [`Error::Absent`] when there is no such operation.
pub fn operation(tx: &mut Tx<'_>, _app: &App, id: OperationId) -> Result<Explained, Error> {
    let row = operations::load_any(tx, id)?.ok_or_else(|| Error::Absent {
        what: format!("operation `{id}`"),
        code: "ResourceNotFound",
    })?;
    // Payments and expiries are not decided, so they have no findings.
    let recorded =
        serde_json::from_str::<Document>(&row.doc).ok().map(|document| document.decision);
    let (refusal, findings) =
        recorded.map_or((None, Vec::new()), |recorded| (recorded.refusal, recorded.findings));
    Ok(Explained { row, findings, refusal })
}
