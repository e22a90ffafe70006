//! Operations: what was decided, from what, and why. Rows are only ever added.

use crate::orders::limit_value;
use crate::{Row, StoreError, Tx, Value, quotes};
use jiff::Timestamp;
use prorata_domain::ids::{OperationId, PrincipalId, TenantId};

const INSERT: &str = "INSERT INTO operations (id, kind, tenant, principal, decided_at, verdict, \
    code, billing_account, cap_scope, counted_minor, doc, target, findings) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
const LOAD: &str = "SELECT id, kind, tenant, principal, decided_at, verdict, code, \
    billing_account, cap_scope, counted_minor, doc, target, findings FROM operations \
    WHERE id = $1 AND tenant = $2";
const ANY: &str = "SELECT id, kind, tenant, principal, decided_at, verdict, code, \
    billing_account, cap_scope, counted_minor, doc, target, findings FROM operations WHERE id = $1";
const PAGE: &str = "SELECT id, kind, tenant, principal, decided_at, verdict, code, \
    billing_account, cap_scope, counted_minor, doc, target, findings FROM operations \
    WHERE (decided_at, id) > ($1, $2) ORDER BY decided_at, id LIMIT $3";
const LAST_DECIDED: &str = "SELECT MAX(decided_at) FROM operations";

pub(crate) const STATEMENTS: &[&str] = &[INSERT, LOAD, ANY, PAGE, LAST_DECIDED];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    pub id: OperationId,
    pub kind: String,
    pub tenant: TenantId,
    pub principal: PrincipalId,
    pub decided_at: Timestamp,
    pub verdict: String,
    /// The protocol's code of a refusal.
    pub code: Option<String>,
    pub billing_account: String,
    pub cap_scope: Option<String>,
    /// What it counted toward the cap, in US cents.
    pub counted_minor: i64,
    /// Facts, request and decision.
    pub doc: String,
    /// What it was done to, as a path; older rows have it in their audit line.
    pub target: Option<String>,
    /// JSON: everything that was looked at; older rows have it in their audit line.
    pub findings: Option<String>,
}

/// # Errors
/// Those of the database, as for all functions here.
pub fn insert(tx: &mut Tx<'_>, operation: &Operation) -> Result<(), StoreError> {
    tx.queue(
        INSERT,
        vec![
            operation.id.into(),
            (&operation.kind).into(),
            operation.tenant.into(),
            operation.principal.into(),
            operation.decided_at.into(),
            (&operation.verdict).into(),
            operation.code.as_deref().into(),
            (&operation.billing_account).into(),
            operation.cap_scope.as_deref().into(),
            operation.counted_minor.into(),
            Value::packed(&operation.doc),
            operation.target.as_deref().into(),
            operation.findings.as_deref().map(Value::packed).unwrap_or(Value::Null),
        ],
    );
    Ok(())
}

/// An operation of a tenant.
pub fn load(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: OperationId,
) -> Result<Option<Operation>, StoreError> {
    tx.one(LOAD, &[id.into(), tenant.into()])?.map(|row| read(&row)).transpose()
}

/// An operation of whatever tenant, for the operator.
pub fn load_any(tx: &mut Tx<'_>, id: OperationId) -> Result<Option<Operation>, StoreError> {
    tx.one(ANY, &[id.into()])?.map(|row| read(&row)).transpose()
}

/// The next operations of all tenants by time, after one of them or from the first.
pub fn page(
    tx: &mut Tx<'_>,
    after: Option<(Timestamp, OperationId)>,
    limit: usize,
) -> Result<Vec<Operation>, StoreError> {
    let (at, id) = match after {
        Some((at, id)) => (at.into(), id.into()),
        None => (Value::Int(i64::MIN), Value::fixed("")),
    };
    tx.query(PAGE, &[at, id, limit_value(limit)])?.iter().map(read).collect()
}

/// The last instant at which anything was decided or quoted.
pub fn last_recorded_at(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    let decided = tx.one(LAST_DECIDED, &[])?.map_or(Ok(None), |row| row.opt_instant(0))?;
    Ok(decided.max(quotes::last_created_at(tx)?))
}

fn read(row: &Row) -> Result<Operation, StoreError> {
    Ok(Operation {
        id: OperationId(row.uuid(0)?),
        kind: row.string(1)?,
        tenant: TenantId(row.uuid(2)?),
        principal: PrincipalId(row.uuid(3)?),
        decided_at: row.instant(4)?,
        verdict: row.string(5)?,
        code: row.opt_string(6)?,
        billing_account: row.string(7)?,
        cap_scope: row.opt_string(8)?,
        counted_minor: row.int(9)?,
        doc: row.packed(10)?,
        target: row.opt_string(11)?,
        findings: row.opt_packed(12)?,
    })
}
