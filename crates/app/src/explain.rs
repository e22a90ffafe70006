//! A recorded decision, told again.

use crate::audit::search;
use crate::{App, Call, Error, operations};
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_domain::decision::{Finding, Outcome, Refusal};
use prorata_domain::ids::OperationId;
use prorata_domain::policy::ClauseId;
use prorata_store::Tx;
use prorata_store::audit::Whose;
use prorata_store::operations::newest;
use serde::Deserialize;
use uuid::Uuid;

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
    let row = prorata_store::operations::load_any(tx, id)?.ok_or_else(|| absent(id))?;
    told(tx, row)
}

fn absent(id: OperationId) -> Error {
    Error::Absent { what: format!("operation `{id}`"), code: "ResourceNotFound" }
}

/// An operation that was read already, with its findings.
///
/// # Errors
/// [`Error::Broken`] when its findings do not parse.
pub(crate) fn told(tx: &mut Tx<'_>, row: operations::Row) -> Result<Explained, Error> {
    // Payments and expiries are not decided, so their documents hold no decision.
    let refusal = serde_json::from_str::<Document>(&row.doc)
        .ok()
        .and_then(|document| document.decision.refusal);
    let findings = operations::findings(tx, &row)?;
    Ok(Explained { row, findings, refusal })
}

/// An operation of the caller's own; of the caller's tenant for those who may read its audit.
///
/// # Errors
/// [`Error::Absent`] for one that is not there, or not theirs to see.
pub fn theirs(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    id: OperationId,
) -> Result<Explained, Error> {
    let row = prorata_store::operations::load(tx, call.caller.tenant, id)?;
    let row = row.ok_or_else(|| absent(id))?;
    if row.principal != call.caller.principal && !search::reads(tx, call)? {
        return Err(absent(id));
    }
    let target = row.target.clone().unwrap_or_default();
    let event = crate::audit::Event::new("decision-read", target).about(id.0);
    crate::audit::looked_at(tx, call, &event);
    told(tx, row)
}

/// A recorded decision that looked at a clause, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looking {
    pub operation: OperationId,
    pub at: Timestamp,
    /// The word for the kind of operation.
    pub kind: String,
    pub outcome: Outcome,
    /// Since when the value was in force that was applied.
    pub since: Date,
}

/// The last decisions that looked at a clause, of those that were looked through.
#[derive(Debug, Clone, Default)]
pub struct Found {
    pub rows: Vec<Looking>,
    pub through: usize,
}

/// Decisions that are looked through for a clause.
const LOOKED_THROUGH: usize = 100;

/// The last decisions of the caller's that looked at a clause; those of everybody in the tenant for
/// who may read its audit. The most telling outcome of each stands for it.
///
/// # Errors
/// Those of the database.
pub fn using(tx: &mut Tx<'_>, _app: &App, call: &Call, clause: ClauseId) -> Result<Found, Error> {
    let all = search::reads(tx, call)?;
    let tenant = call.caller.tenant;
    let mut found = Found::default();
    let before = (Timestamp::MAX, Uuid::nil());
    let newest = newest(tx, Whose::Tenant(tenant), before, Timestamp::MIN, LOOKED_THROUGH)?;
    for brief in newest {
        if !all && brief.principal != call.caller.principal {
            continue;
        }
        let Some(row) = prorata_store::operations::load(tx, tenant, brief.id)? else { continue };
        found.through += 1;
        let findings = operations::findings(tx, &row)?;
        let telling = |outcome: Outcome| match outcome {
            Outcome::NotMet => 0,
            Outcome::Waived => 1,
            Outcome::Warned => 2,
            Outcome::Met => 3,
            Outcome::NotConcerned => 4,
        };
        let of_clause = findings.iter().filter(|finding| finding.clause == clause);
        if let Some(finding) = of_clause.min_by_key(|finding| telling(finding.outcome)) {
            found.rows.push(Looking {
                operation: brief.id,
                at: brief.decided_at,
                kind: brief.kind,
                outcome: finding.outcome,
                since: finding.since,
            });
        }
    }
    Ok(found)
}
