//! Quotes: what was answered, kept until it lapses, and taken once.

use crate::orders::limit_value;
use crate::{Read, Row, StoreError, Tx, Value};
use jiff::Timestamp;
use prorata_domain::ids::{OperationId, PrincipalId, TenantId};
use uuid::Uuid;

const INSERT: &str = "INSERT INTO quotes (id, kind, tenant, principal, created_at, lapses_at, \
    state, operation, request_hash) VALUES ($1, $2, $3, $4, $5, $6, 'open', NULL, $7)";
const INSERT_DOC: &str = "INSERT INTO quote_docs (id, doc, findings) VALUES ($1, $2, $3)";
const STANDING: &str = "SELECT q.lapses_at, q.operation, q.request_hash, d.doc \
    FROM quotes q JOIN quote_docs d ON d.id = q.id \
    WHERE q.id = $1 AND q.tenant = $2 AND q.principal = $3 AND q.kind = $4";
/// Of two at once only one takes it: transactions that change the same row are never both kept.
const TAKE: &str = "UPDATE quotes SET state = 'used', operation = $2, request_hash = $3 \
    WHERE id = $1 AND state = 'open'";
const LOAD: &str = "SELECT q.id, q.kind, q.tenant, q.principal, q.created_at, q.lapses_at, \
    q.request_hash, d.doc, d.findings \
    FROM quotes q JOIN quote_docs d ON d.id = q.id WHERE q.id = $1";
const PAGE: &str = "SELECT id, state, lapses_at FROM quotes WHERE id > $1 ORDER BY id LIMIT $2";
const SWEEP: &str = "DELETE FROM quotes WHERE id = $1 AND state = 'open'";
const SWEEP_DOC: &str = "DELETE FROM quote_docs WHERE id = $1";
const LAST_CREATED: &str = "SELECT MAX(created_at) FROM quotes";

pub(crate) const STATEMENTS: &[&str] =
    &[INSERT, INSERT_DOC, TAKE, STANDING, LOAD, LAST_CREATED, PAGE, SWEEP, SWEEP_DOC];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuoteKind {
    Price,
    Refund,
    Exchange,
}

impl QuoteKind {
    pub fn as_str(self) -> &'static str {
        match self {
            QuoteKind::Price => "price",
            QuoteKind::Refund => "refund",
            QuoteKind::Exchange => "exchange",
        }
    }

    fn parse(text: &str) -> Option<QuoteKind> {
        [QuoteKind::Price, QuoteKind::Refund, QuoteKind::Exchange]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// A session's id, or the id that an order would have.
    pub id: Uuid,
    pub kind: QuoteKind,
    pub tenant: TenantId,
    pub principal: PrincipalId,
    pub created_at: Timestamp,
    /// The first instant at which it can no longer be taken.
    pub lapses_at: Timestamp,
    /// What was asked; once taken, what the taker asked.
    pub request_hash: String,
    pub doc: String,
    /// JSON; apart from the rest, which is all that a deed reads.
    pub findings: String,
}

/// Who wants to take a quote, and for what.
#[derive(Debug, Clone, Copy)]
pub struct Take<'t> {
    pub kind: QuoteKind,
    pub tenant: TenantId,
    pub principal: PrincipalId,
    /// The operation it is taken for.
    pub operation: OperationId,
    pub request_hash: &'t str,
    pub now: Timestamp,
}

/// What came of taking a quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// It was open, and is used now.
    Open {
        doc: String,
    },
    /// It was used before: for this operation, with a request of this hash.
    Used {
        operation: OperationId,
        request_hash: String,
    },
    Lapsed,
    /// There is none of that id and kind of theirs.
    Absent,
}

/// # Errors
/// Those of the database, as for all functions here.
pub fn insert(tx: &mut Tx<'_>, quote: &Quote) -> Result<(), StoreError> {
    tx.queue(
        INSERT,
        vec![
            quote.id.into(),
            Value::fixed(quote.kind.as_str()),
            quote.tenant.into(),
            quote.principal.into(),
            quote.created_at.into(),
            quote.lapses_at.into(),
            (&quote.request_hash).into(),
        ],
    );
    let doc = vec![quote.id.into(), Value::packed(&quote.doc), Value::packed(&quote.findings)];
    tx.queue(INSERT_DOC, doc);
    Ok(())
}

/// What [`take`] reads.
pub fn standing(id: Uuid, kind: QuoteKind, tenant: TenantId, principal: PrincipalId) -> Read {
    let kind = Value::fixed(kind.as_str());
    Read { sql: STANDING, params: vec![id.into(), tenant.into(), principal.into(), kind] }
}

pub fn take(tx: &mut Tx<'_>, id: Uuid, take: &Take<'_>) -> Result<Taken, StoreError> {
    let read = standing(id, take.kind, take.tenant, take.principal);
    let standing = tx.one_guarded(read.sql, &read.params, id)?;
    let Some(row) = standing else { return Ok(Taken::Absent) };
    if let Some(operation) = row.opt_uuid(1)? {
        let request_hash = row.string(2)?;
        return Ok(Taken::Used { operation: OperationId(operation), request_hash });
    }
    if row.instant(0)? <= take.now {
        return Ok(Taken::Lapsed);
    }
    // What an open quote says is never changed.
    let params = vec![id.into(), take.operation.into(), take.request_hash.into()];
    tx.queue_guarding(TAKE, params, id, &["quotes", "quote_docs"]);
    Ok(Taken::Open { doc: row.packed(3)? })
}

pub fn load(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Quote>, StoreError> {
    let read = |row: Row| {
        Ok(Quote {
            id: row.uuid(0)?,
            kind: row.parsed(1, "a kind of quote", QuoteKind::parse)?,
            tenant: TenantId(row.uuid(2)?),
            principal: PrincipalId(row.uuid(3)?),
            created_at: row.instant(4)?,
            lapses_at: row.instant(5)?,
            request_hash: row.string(6)?,
            doc: row.packed(7)?,
            findings: row.packed(8)?,
        })
    };
    tx.one(LOAD, &[id.into()])?.map(read).transpose()
}

/// When the last quote was made. Looks at every one, so it is for rare use.
pub fn last_created_at(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    tx.one(LAST_CREATED, &[])?.map_or(Ok(None), |row| row.opt_instant(0))
}

/// Takes quotes away that nobody took and that lapsed by `before`: looks at the next `limit` ones
/// by id, after one of them or from the first. Answers how many went, and where to look on.
pub fn sweep(
    tx: &mut Tx<'_>,
    after: Option<Uuid>,
    before: Timestamp,
    limit: usize,
) -> Result<(usize, Option<Uuid>), StoreError> {
    let after = after.map_or(Value::fixed(""), Value::from);
    let rows = tx.query(PAGE, &[after, limit_value(limit)])?;
    let mut swept = 0;
    for row in &rows {
        if row.text(1)? == "open" && row.instant(2)? <= before {
            let id = row.uuid(0)?;
            tx.queue(SWEEP, vec![id.into()]);
            tx.queue(SWEEP_DOC, vec![id.into()]);
            swept += 1;
        }
    }
    let next = rows.last().filter(|_| rows.len() == limit).map(|row| row.uuid(0)).transpose()?;
    Ok((swept, next))
}
