//! The audit log: who wanted what, what was answered, and everything that was looked at. Rows
//! are only ever added.

use crate::orders::limit_value;
use crate::{Row, StoreError, Tx, Value};
use jiff::Timestamp;
use prorata_domain::ids::{PrincipalId, TenantId};
use uuid::Uuid;

const INSERT: &str = "INSERT INTO audit \
    (id, at, tenant, principal, action, target, verdict, findings) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const FINDINGS: &str = "SELECT findings FROM audit WHERE tenant = $1 AND at = $2 AND id = $3";
const PAGE: &str = "SELECT id, at, tenant, principal, action, target, verdict, findings \
    FROM audit WHERE tenant = $1 AND (at, id) > ($2, $3) ORDER BY at, id LIMIT $4";

pub(crate) const STATEMENTS: &[&str] = &[INSERT, FINDINGS, PAGE];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The operation's, where there is one.
    pub id: Uuid,
    pub at: Timestamp,
    pub tenant: TenantId,
    pub principal: PrincipalId,
    pub action: String,
    /// A path.
    pub target: String,
    pub verdict: String,
    /// JSON.
    pub findings: String,
}

/// # Errors
/// Those of the database, as for all functions here.
pub fn insert(tx: &mut Tx<'_>, line: &Line) -> Result<(), StoreError> {
    tx.queue(
        INSERT,
        vec![
            line.id.into(),
            line.at.into(),
            line.tenant.into(),
            line.principal.into(),
            (&line.action).into(),
            (&line.target).into(),
            (&line.verdict).into(),
            Value::packed(&line.findings),
        ],
    );
    Ok(())
}

/// What one line says was looked at.
pub fn findings(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    at: Timestamp,
    id: Uuid,
) -> Result<Option<String>, StoreError> {
    tx.one(FINDINGS, &[tenant.into(), at.into(), id.into()])?.map(|row| row.packed(0)).transpose()
}

/// The next lines of a tenant by time, after one of them or from the first.
pub fn page(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    after: Option<(Timestamp, Uuid)>,
    limit: usize,
) -> Result<Vec<Line>, StoreError> {
    let (at, id) = match after {
        Some((at, id)) => (at.into(), id.into()),
        None => (Value::Int(i64::MIN), Value::fixed("")),
    };
    let read = |row: &Row| {
        Ok(Line {
            id: row.uuid(0)?,
            at: row.instant(1)?,
            tenant: TenantId(row.uuid(2)?),
            principal: PrincipalId(row.uuid(3)?),
            action: row.string(4)?,
            target: row.string(5)?,
            verdict: row.string(6)?,
            findings: row.packed(7)?,
        })
    };
    tx.query(PAGE, &[tenant.into(), at, id, limit_value(limit)])?.iter().map(read).collect()
}
