//! A recorded decision, told again.

use crate::{App, Error, operations};
use prorata_domain::decision::{Finding, Refusal};
use prorata_domain::ids::OperationId;
use prorata_store::Tx;
use serde::Deserialize;

/// An operation with its findings, as it was recorded.
#[derive(Debug, Clone)]
pub struct Explained {
    pub row: operations::Row,
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
}

/// Reads an operation of any tenant: for the operator at the database, not for callers.
///
/// # Errors
/// [`Error::Absent`] when there is no such operation.
pub fn operation(tx: &mut Tx<'_>, _app: &App, id: OperationId) -> Result<Explained, Error> {
    let row = prorata_store::operations::load_any(tx, id)?.ok_or_else(|| Error::Absent {
        what: format!("operation `{id}`"),
        code: "ResourceNotFound",
    })?;
    // Payments and expiries are not decided, so their documents hold no decision.
    let refusal = serde_json::from_str::<Document>(&row.doc)
        .ok()
        .and_then(|document| document.decision.refusal);
    let findings = operations::findings(tx, &row)?;
    Ok(Explained { row, findings, refusal })
}
