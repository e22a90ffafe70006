//! Tokens that were ended before their time, by the principal, secret or session they go back to.

use crate::{Row, StoreError, Tx};
use jiff::Timestamp;
use prorata_domain::ids::TenantId;
use uuid::Uuid;

const PUT: &str = "INSERT INTO revocations (tenant, subject, tokens_from, closed, changed_at) \
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, subject) DO UPDATE SET \
    tokens_from = excluded.tokens_from, closed = excluded.closed, \
    changed_at = excluded.changed_at";
const ONE: &str = "SELECT tenant, subject, tokens_from, closed, changed_at FROM revocations \
    WHERE tenant = $1 AND subject = $2";
const SINCE: &str = "SELECT tenant, subject, tokens_from, closed, changed_at FROM revocations \
    WHERE changed_at >= $1 ORDER BY changed_at";
const FORGET: &str = "DELETE FROM revocations WHERE changed_at < $1 AND closed = 0";

pub(crate) const STATEMENTS: &[&str] = &[PUT, ONE, SINCE, FORGET];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revocation {
    pub tenant: TenantId,
    /// A principal, a secret or a session.
    pub subject: Uuid,
    /// Tokens issued before this second are not taken any more.
    pub tokens_from: i64,
    /// Nothing is taken of the subject until it is opened again.
    pub closed: bool,
    pub changed_at: Timestamp,
}

/// # Errors
/// Those of the database, as for all functions here.
pub fn put(tx: &mut Tx<'_>, row: &Revocation) -> Result<(), StoreError> {
    let params = vec![
        row.tenant.into(),
        row.subject.into(),
        row.tokens_from.into(),
        row.closed.into(),
        row.changed_at.into(),
    ];
    tx.queue(PUT, params);
    Ok(())
}

pub fn one(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    subject: Uuid,
) -> Result<Option<Revocation>, StoreError> {
    tx.one(ONE, &[tenant.into(), subject.into()])?.map(|row| read(&row)).transpose()
}

/// All that were changed at an instant or after it.
pub fn since(tx: &mut Tx<'_>, from: Timestamp) -> Result<Vec<Revocation>, StoreError> {
    tx.query(SINCE, &[from.into()])?.iter().map(read).collect()
}

/// Forgets those of tokens that have expired by themselves since.
pub fn forget(tx: &mut Tx<'_>, before: Timestamp) -> Result<(), StoreError> {
    tx.queue(FORGET, vec![before.into()]);
    Ok(())
}

fn read(row: &Row) -> Result<Revocation, StoreError> {
    Ok(Revocation {
        tenant: TenantId(row.uuid(0)?),
        subject: row.uuid(1)?,
        tokens_from: row.int(2)?,
        closed: row.flag(3)?,
        changed_at: row.instant(4)?,
    })
}
