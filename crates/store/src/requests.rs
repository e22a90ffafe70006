//! Requests that others approve: as they stand, each of their steps, and each yes.

use crate::orders::limit_value;
use crate::{Read, Row, StoreError, Tx, Value};
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_domain::ids::{OperationId, OrderId, PrincipalId, RequestId, TenantId};
use prorata_domain::request::{Event, Kind, Status};

const INSERT: &str = "INSERT INTO requests (id, tenant, kind, status, principal, billing_account, \
    target, created_at, updated_at, expires_at, operation, doc, findings, version) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
const INSERT_ORDER: &str = "INSERT INTO request_orders (order_id, request) VALUES ($1, $2)";
const INSERT_EVENT: &str = "INSERT INTO request_events \
    (request, number, at, event, status, principal, name, comment) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const INSERT_APPROVAL: &str =
    "INSERT INTO request_approvals (request, principal, account, at) VALUES ($1, $2, $3, $4)";
/// Of two who change it at once, the second has not seen the version that is there.
const REPLACE: &str = "UPDATE requests SET status = $3, updated_at = $4, expires_at = $5, \
    operation = $6, doc = $7, findings = $8, version = $2 + 1 WHERE id = $1 AND version = $2";
const LOAD: &str = "SELECT id, tenant, kind, status, principal, billing_account, target, \
    created_at, updated_at, expires_at, operation, doc, findings, version \
    FROM requests WHERE id = $1";
const LIST: &str = "SELECT id, tenant, kind, status, principal, billing_account, target, \
    created_at, updated_at, expires_at, operation, doc, findings, version FROM requests \
    WHERE tenant = $1 AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT $4";
const LIST_STATUS: &str = "SELECT id, tenant, kind, status, principal, billing_account, target, \
    created_at, updated_at, expires_at, operation, doc, findings, version FROM requests \
    WHERE tenant = $1 AND status = $5 AND (created_at, id) < ($2, $3) \
    ORDER BY created_at DESC, id DESC LIMIT $4";
const PAGE: &str = "SELECT id, tenant, kind, status, principal, billing_account, target, \
    created_at, updated_at, expires_at, operation, doc, findings, version FROM requests \
    WHERE id > $1 ORDER BY id LIMIT $2";
const EVENTS: &str = "SELECT at, event, status, principal, name, comment FROM request_events \
    WHERE request = $1 ORDER BY number";
const COUNT_EVENTS: &str = "SELECT COUNT(*) FROM request_events WHERE request = $1";
const APPROVALS: &str = "SELECT principal, account, at FROM request_approvals \
    WHERE request = $1 ORDER BY at, principal";
const OPEN_OF_ORDER: &str = "SELECT r.id FROM request_orders o \
    JOIN requests r ON r.id = o.request \
    WHERE o.order_id = $1 AND r.status IN ('submitted', 'approved') ORDER BY r.id";
/// The customers with whom a partner has a relationship on a day, where a request waits.
const ASKING_CUSTOMERS: &str = "SELECT c.customer, t.name FROM partner_customers c \
    JOIN tenants t ON t.id = c.customer \
    WHERE c.partner = $1 AND c.since <= $2 AND COALESCE(c.until, '9999-12-31') > $2 \
    AND EXISTS (SELECT 1 FROM requests r WHERE r.tenant = c.customer AND r.status = 'submitted') \
    ORDER BY c.customer LIMIT $3";

pub(crate) const STATEMENTS: &[&str] = &[
    INSERT,
    INSERT_ORDER,
    INSERT_EVENT,
    INSERT_APPROVAL,
    REPLACE,
    LOAD,
    LIST,
    LIST_STATUS,
    PAGE,
    EVENTS,
    COUNT_EVENTS,
    APPROVALS,
    OPEN_OF_ORDER,
    ASKING_CUSTOMERS,
];

/// A request as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub id: RequestId,
    pub tenant: TenantId,
    pub kind: Kind,
    pub status: Status,
    /// Who drafted it.
    pub principal: PrincipalId,
    pub billing_account: String,
    /// What it is about, as a path.
    pub target: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub expires_at: Timestamp,
    /// What was done.
    pub operation: Option<OperationId>,
    /// JSON.
    pub doc: String,
    /// JSON: what was looked at when it was priced last.
    pub findings: String,
    /// Counts the changes; 1 at first.
    pub version: i64,
}

/// A step of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub at: Timestamp,
    pub event: Event,
    /// What the request was then.
    pub status: Status,
    /// Nobody where the desk did it by itself.
    pub principal: Option<PrincipalId>,
    pub name: String,
    pub comment: String,
}

/// Who said yes, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    pub principal: PrincipalId,
    pub account: String,
    pub at: Timestamp,
}

/// Writes a new request, and which orders it would give up.
///
/// # Errors
/// Those of the database, as for all functions here.
pub fn insert(tx: &mut Tx<'_>, request: &Request, orders: &[OrderId]) -> Result<(), StoreError> {
    tx.queue(
        INSERT,
        vec![
            request.id.into(),
            request.tenant.into(),
            Value::fixed(request.kind.as_str()),
            Value::fixed(request.status.as_str()),
            request.principal.into(),
            (&request.billing_account).into(),
            (&request.target).into(),
            request.created_at.into(),
            request.updated_at.into(),
            request.expires_at.into(),
            request.operation.map(|operation| operation.0).into(),
            Value::packed(&request.doc),
            Value::packed(&request.findings),
            request.version.into(),
        ],
    );
    for order in orders {
        tx.queue(INSERT_ORDER, vec![(*order).into(), request.id.into()]);
    }
    Ok(())
}

/// Writes what has changed of a request whose `version` is the one that was read. Answers false
/// when somebody else has changed it since; then nothing was written.
pub fn replace(tx: &mut Tx<'_>, request: &Request) -> Result<bool, StoreError> {
    let params = [
        request.id.into(),
        request.version.into(),
        Value::fixed(request.status.as_str()),
        request.updated_at.into(),
        request.expires_at.into(),
        request.operation.map(|operation| operation.0).into(),
        Value::packed(&request.doc),
        Value::packed(&request.findings),
    ];
    Ok(tx.execute(REPLACE, &params)? == 1)
}

/// Adds a step; `number` is that of the request's version.
pub fn add_step(
    tx: &mut Tx<'_>,
    request: RequestId,
    number: i64,
    step: &Step,
) -> Result<(), StoreError> {
    tx.queue(
        INSERT_EVENT,
        vec![
            request.into(),
            number.into(),
            step.at.into(),
            Value::fixed(step.event.as_str()),
            Value::fixed(step.status.as_str()),
            step.principal.map(|principal| principal.0).into(),
            (&step.name).into(),
            (&step.comment).into(),
        ],
    );
    Ok(())
}

pub fn add_approval(
    tx: &mut Tx<'_>,
    request: RequestId,
    approval: &Approval,
) -> Result<(), StoreError> {
    tx.queue(
        INSERT_APPROVAL,
        vec![
            request.into(),
            approval.principal.into(),
            (&approval.account).into(),
            approval.at.into(),
        ],
    );
    Ok(())
}

pub fn load(tx: &mut Tx<'_>, id: RequestId) -> Result<Option<Request>, StoreError> {
    tx.one(LOAD, &[id.into()])?.map(|row| read(&row)).transpose()
}

/// The newest of a tenant first: those before a mark, in any state or in one.
pub fn list(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    status: Option<Status>,
    before: Option<(Timestamp, RequestId)>,
    limit: usize,
) -> Result<Vec<Request>, StoreError> {
    let (at, id) = match before {
        Some((at, id)) => (at.into(), id.into()),
        None => (Value::Int(i64::MAX), Value::fixed("")),
    };
    let mut params = vec![tenant.into(), at, id, limit_value(limit)];
    let sql = match status {
        None => LIST,
        Some(status) => {
            params.push(Value::fixed(status.as_str()));
            LIST_STATUS
        }
    };
    tx.query(sql, &params)?.iter().map(read).collect()
}

/// Customers of a partner in whose tenants a request waits for approval, with their names.
pub fn asking_customers(
    tx: &mut Tx<'_>,
    partner: TenantId,
    today: Date,
    limit: usize,
) -> Result<Vec<(TenantId, String)>, StoreError> {
    let read = |row: &Row| Ok((TenantId(row.uuid(0)?), row.string(1)?));
    let params = [partner.into(), today.into(), limit_value(limit)];
    tx.query(ASKING_CUSTOMERS, &params)?.iter().map(read).collect()
}

/// The next ones of all tenants by id, for checks.
pub fn page(
    tx: &mut Tx<'_>,
    after: Option<RequestId>,
    limit: usize,
) -> Result<Vec<Request>, StoreError> {
    let after = after.map_or(Value::fixed(""), Value::from);
    tx.query(PAGE, &[after, limit_value(limit)])?.iter().map(read).collect()
}

/// The steps of a request in order.
pub fn steps(tx: &mut Tx<'_>, id: RequestId) -> Result<Vec<Step>, StoreError> {
    let read = |row: &Row| {
        Ok(Step {
            at: row.instant(0)?,
            event: row.parsed(1, "an event", Event::parse)?,
            status: row.parsed(2, "a state", Status::parse)?,
            principal: row.opt_uuid(3)?.map(PrincipalId),
            name: row.string(4)?,
            comment: row.string(5)?,
        })
    };
    tx.query(EVENTS, &[id.into()])?.iter().map(read).collect()
}

/// How many steps a request has.
pub fn count_steps(tx: &mut Tx<'_>, id: RequestId) -> Result<i64, StoreError> {
    tx.one(COUNT_EVENTS, &[id.into()])?.map_or(Ok(0), |row| row.int(0))
}

/// Who said yes, by time.
pub fn approvals(tx: &mut Tx<'_>, id: RequestId) -> Result<Vec<Approval>, StoreError> {
    let read = |row: &Row| {
        Ok(Approval {
            principal: PrincipalId(row.uuid(0)?),
            account: row.string(1)?,
            at: row.instant(2)?,
        })
    };
    tx.query(APPROVALS, &[id.into()])?.iter().map(read).collect()
}

/// What [`open_of_order`] reads.
pub fn open_read(order: OrderId) -> Read {
    Read { sql: OPEN_OF_ORDER, params: vec![order.into()] }
}

/// The requests that would give up something of an order, and wait.
pub fn open_of_order(tx: &mut Tx<'_>, order: OrderId) -> Result<Vec<RequestId>, StoreError> {
    let read = open_read(order);
    let rows = tx.query(read.sql, &read.params)?;
    rows.iter().map(|row| row.uuid(0).map(RequestId)).collect::<Result<_, _>>()
}

fn read(row: &Row) -> Result<Request, StoreError> {
    Ok(Request {
        id: RequestId(row.uuid(0)?),
        tenant: TenantId(row.uuid(1)?),
        kind: row.parsed(2, "a kind of request", Kind::parse)?,
        status: row.parsed(3, "a state", Status::parse)?,
        principal: PrincipalId(row.uuid(4)?),
        billing_account: row.string(5)?,
        target: row.string(6)?,
        created_at: row.instant(7)?,
        updated_at: row.instant(8)?,
        expires_at: row.instant(9)?,
        operation: row.opt_uuid(10)?.map(OperationId),
        doc: row.packed(11)?,
        findings: row.packed(12)?,
        version: row.int(13)?,
    })
}
