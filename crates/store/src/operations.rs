//! Operations: what was decided, from what, and why. Rows are only ever added.

use crate::audit::{By, Whose};
use crate::orders::limit_value;
use crate::sealed::of_values;
use crate::{Row, StoreError, Tx, Value, quotes};
use jiff::Timestamp;
use prorata_domain::ids::{OperationId, PrincipalId, TenantId};
use prorata_domain::seal::Unit;
use uuid::Uuid;

const INSERT: &str = "INSERT INTO operations (id, kind, tenant, principal, decided_at, verdict, \
    code, billing_account, cap_scope, counted_minor, doc, target, findings, caller_kind, home, \
    client, name, partner, address, agent, correlation) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, \
    $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)";
const LOAD: &str = "SELECT id, kind, tenant, principal, decided_at, verdict, code, \
    billing_account, cap_scope, counted_minor, doc, target, findings, caller_kind, home, client, name, \
    partner, address, agent, correlation FROM operations \
    WHERE id = $1 AND tenant = $2";
const ANY: &str = "SELECT id, kind, tenant, principal, decided_at, verdict, code, \
    billing_account, cap_scope, counted_minor, doc, target, findings, caller_kind, home, client, name, \
    partner, address, agent, correlation FROM operations WHERE id = $1";
const PAGE: &str = "SELECT id, kind, tenant, principal, decided_at, verdict, code, \
    billing_account, cap_scope, counted_minor, doc, target, findings, caller_kind, home, client, \
    name, partner, address, agent, correlation FROM operations \
    WHERE (tenant, decided_at, id) > ($1, $2, $3) ORDER BY tenant, decided_at, id LIMIT $4";
const NEWEST: &str = "SELECT id, kind, tenant, principal, decided_at, verdict, code, target, \
    caller_kind, home, client, name, partner, address, agent, correlation FROM operations \
    WHERE tenant = $1 AND (decided_at, id) < ($2, $3) AND decided_at >= $4 \
    ORDER BY tenant DESC, decided_at DESC, id DESC LIMIT $5";
const NEWEST_OF_PARTNER: &str = "SELECT id, kind, tenant, principal, decided_at, verdict, code, target, \
    caller_kind, home, client, name, partner, address, agent, correlation FROM operations \
    WHERE partner = $1 AND (decided_at, id) < ($2, $3) AND decided_at >= $4 \
    ORDER BY partner DESC, decided_at DESC, id DESC LIMIT $5";
/// The last of each tenant, each by the end of its part of the index.
const LAST_DECIDED: &str =
    "SELECT (SELECT MAX(o.decided_at) FROM operations o WHERE o.tenant = t.id) FROM tenants t";

pub(crate) const STATEMENTS: &[&str] =
    &[INSERT, LOAD, ANY, PAGE, NEWEST, NEWEST_OF_PARTNER, LAST_DECIDED];

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
    pub by: By,
}

/// # Errors
/// Those of the database, as for all functions here.
pub fn insert(tx: &mut Tx<'_>, operation: &Operation) -> Result<(), StoreError> {
    let mut params = Vec::with_capacity(21);
    params.extend([
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
    ]);
    params.extend(operation.by.values());
    let documents = [Some(operation.doc.as_str()), operation.findings.as_deref()];
    let digest = of_values("operations", &params, &documents);
    tx.queue(INSERT, params);
    tx.seal(Unit::Operation(operation.id.0), digest);
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

/// The next operations of all tenants, by tenant and time, after one of them or from the first.
pub fn page(
    tx: &mut Tx<'_>,
    after: Option<&Operation>,
    limit: usize,
) -> Result<Vec<Operation>, StoreError> {
    let mut params = match after {
        Some(last) => vec![last.tenant.into(), last.decided_at.into(), last.id.into()],
        None => vec![Value::fixed(""), Value::Int(i64::MIN), Value::fixed("")],
    };
    params.push(limit_value(limit));
    tx.query(PAGE, &params)?.iter().map(read).collect()
}

/// An operation as an audit line: without what it was decided from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    pub id: OperationId,
    pub kind: String,
    pub tenant: TenantId,
    pub principal: PrincipalId,
    pub decided_at: Timestamp,
    pub verdict: String,
    pub code: Option<String>,
    pub target: Option<String>,
    pub by: By,
}

/// The next operations from a place back to an instant, newest first; the one at the place itself
/// is not among them.
pub fn newest(
    tx: &mut Tx<'_>,
    whose: Whose,
    before: (Timestamp, Uuid),
    from: Timestamp,
    limit: usize,
) -> Result<Vec<Brief>, StoreError> {
    let (sql, tenant) = match whose {
        Whose::Tenant(tenant) => (NEWEST, tenant),
        Whose::Partner(partner) => (NEWEST_OF_PARTNER, partner),
    };
    let (at, id) = before;
    let params = [tenant.into(), at.into(), id.into(), from.into(), limit_value(limit)];
    let read = |row: &Row| {
        Ok(Brief {
            id: OperationId(row.uuid(0)?),
            kind: row.string(1)?,
            tenant: TenantId(row.uuid(2)?),
            principal: PrincipalId(row.uuid(3)?),
            decided_at: row.instant(4)?,
            verdict: row.string(5)?,
            code: row.opt_string(6)?,
            target: row.opt_string(7)?,
            by: By::read(row, 8)?,
        })
    };
    tx.query(sql, &params)?.iter().map(read).collect()
}

/// The last instant at which anything was decided or quoted.
pub fn last_recorded_at(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    let mut last = quotes::last_created_at(tx)?;
    for row in tx.query(LAST_DECIDED, &[])? {
        last = last.max(row.opt_instant(0)?);
    }
    Ok(last)
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
        by: By::read(row, 13)?,
    })
}
