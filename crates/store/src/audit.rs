//! The audit log: who wanted what, what was answered, and everything that was looked at. Rows
//! are only ever added.

use crate::orders::limit_value;
use crate::sealed::of_values;
use crate::{Row, StoreError, Tx, Value};
use jiff::Timestamp;
use prorata_domain::ids::{PrincipalId, TenantId};
use prorata_domain::seal::Unit;
use uuid::Uuid;

const INSERT: &str = "INSERT INTO audit \
    (id, at, tenant, principal, action, target, verdict, findings, caller_kind, home, client, \
    name, partner, address, agent, correlation, decision) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
const FINDINGS: &str = "SELECT findings FROM audit WHERE tenant = $1 AND at = $2 AND id = $3";
const PAGE: &str = "SELECT id, at, tenant, principal, action, target, verdict, findings, \
    caller_kind, home, client, name, partner, address, agent, correlation, decision \
    FROM audit WHERE tenant = $1 AND (at, id) > ($2, $3) ORDER BY at, id LIMIT $4";
const NEWEST: &str = "SELECT id, at, tenant, principal, action, target, verdict, findings, \
    caller_kind, home, client, name, partner, address, agent, correlation, decision \
    FROM audit WHERE tenant = $1 AND (at, id) < ($2, $3) AND at >= $4 \
    ORDER BY tenant DESC, at DESC, id DESC LIMIT $5";
const NEWEST_OF_PARTNER: &str = "SELECT id, at, tenant, principal, action, target, verdict, \
    findings, caller_kind, home, client, name, partner, address, agent, correlation, decision \
    FROM audit WHERE partner = $1 AND (at, id) < ($2, $3) AND at >= $4 \
    ORDER BY partner DESC, at DESC, id DESC LIMIT $5";

const CHANGES_OF_ORDER: &str = "SELECT operation FROM revisions \
    WHERE tenant = $1 AND order_id = $2 ORDER BY reservation_id, number LIMIT $3";

pub(crate) const STATEMENTS: &[&str] =
    &[INSERT, FINDINGS, PAGE, NEWEST, NEWEST_OF_PARTNER, CHANGES_OF_ORDER];

/// Who did something, beside the principal, and from where. Rows of older programs say nothing of
/// it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct By {
    /// Such as `user`.
    pub kind: Option<String>,
    /// The tenant of the principal's own account, where that is another one.
    pub home: Option<TenantId>,
    /// The client (application) that was used.
    pub client: Option<String>,
    /// What the principal was called then.
    pub name: Option<String>,
    /// The partner for whom an agent acted, in the tenant of a customer.
    pub partner: Option<TenantId>,
    pub address: Option<String>,
    /// The program that called, in its own words.
    pub agent: Option<String>,
    pub correlation: Option<Uuid>,
}

impl By {
    pub(crate) fn values(&self) -> [Value; 8] {
        [
            self.kind.as_deref().into(),
            self.home.into(),
            self.client.as_deref().into(),
            self.name.as_deref().into(),
            self.partner.into(),
            self.address.as_deref().into(),
            self.agent.as_deref().into(),
            self.correlation.into(),
        ]
    }

    /// Reads eight columns from one on.
    pub(crate) fn read(row: &Row, first: usize) -> Result<By, StoreError> {
        Ok(By {
            kind: row.opt_string(first)?,
            home: row.opt_uuid(first + 1)?.map(TenantId),
            client: row.opt_string(first + 2)?,
            name: row.opt_string(first + 3)?,
            partner: row.opt_uuid(first + 4)?.map(TenantId),
            address: row.opt_string(first + 5)?,
            agent: row.opt_string(first + 6)?,
            correlation: row.opt_uuid(first + 7)?,
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Of older operations, the operation's.
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
    pub by: By,
    /// The operation, quote, request or the like that it is about.
    pub decision: Option<Uuid>,
}

/// # Errors
/// Those of the database, as for all functions here.
pub fn insert(tx: &mut Tx<'_>, line: &Line) -> Result<(), StoreError> {
    let mut params = Vec::with_capacity(17);
    params.extend([
        line.id.into(),
        line.at.into(),
        line.tenant.into(),
        line.principal.into(),
        (&line.action).into(),
        (&line.target).into(),
        (&line.verdict).into(),
        Value::packed(&line.findings),
    ]);
    params.extend(line.by.values());
    params.push(line.decision.into());
    let digest = of_values("audit", &params, &[Some(&line.findings)]);
    tx.queue(INSERT, params);
    let unit = Unit::Line { id: line.id, tenant: line.tenant.0, at: line.at.as_microsecond() };
    tx.seal(unit, digest);
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
    tx.query(PAGE, &[tenant.into(), at, id, limit_value(limit)])?.iter().map(read).collect()
}

/// Whose lines: those of a tenant, or those of a partner's agents in all tenants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    Tenant(TenantId),
    Partner(TenantId),
}

/// The next lines from a place back to an instant, newest first; the line at the place itself is
/// not among them.
pub fn newest(
    tx: &mut Tx<'_>,
    whose: Whose,
    before: (Timestamp, Uuid),
    from: Timestamp,
    limit: usize,
) -> Result<Vec<Line>, StoreError> {
    let (sql, tenant) = match whose {
        Whose::Tenant(tenant) => (NEWEST, tenant),
        Whose::Partner(partner) => (NEWEST_OF_PARTNER, partner),
    };
    let (at, id) = before;
    let params = [tenant.into(), at.into(), id.into(), from.into(), limit_value(limit)];
    tx.query(sql, &params)?.iter().map(read).collect()
}

/// The operations that changed reservations of an order, at most so many: an exchange names none of
/// them in its target.
pub fn changes_of_order(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    order: Uuid,
    limit: usize,
) -> Result<Vec<Uuid>, StoreError> {
    let params = [tenant.into(), order.into(), limit_value(limit)];
    tx.query(CHANGES_OF_ORDER, &params)?.iter().map(|row| row.uuid(0)).collect()
}

fn read(row: &Row) -> Result<Line, StoreError> {
    Ok(Line {
        id: row.uuid(0)?,
        at: row.instant(1)?,
        tenant: TenantId(row.uuid(2)?),
        principal: PrincipalId(row.uuid(3)?),
        action: row.string(4)?,
        target: row.string(5)?,
        verdict: row.string(6)?,
        findings: row.packed(7)?,
        by: By::read(row, 8)?,
        decision: row.opt_uuid(16)?,
    })
}
