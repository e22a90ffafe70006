//! Answers that were given under a caller's key, to be given again when the same is asked again.

use crate::{StoreError, Tx};
use jiff::Timestamp;
use prorata_domain::ids::{PrincipalId, TenantId};

const FIND: &str = "SELECT request_hash, status, body FROM idempotency \
    WHERE tenant = $1 AND principal = $2 AND job = $3 AND request_key = $4";
const INSERT: &str = "INSERT INTO idempotency \
    (tenant, principal, job, request_key, request_hash, status, body, at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

pub(crate) const STATEMENTS: &[&str] = &[FIND, INSERT];

/// Whose key, for which job.
#[derive(Debug, Clone, Copy)]
pub struct Key<'k> {
    pub tenant: TenantId,
    pub principal: PrincipalId,
    pub job: &'k str,
    pub key: &'k str,
}

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    Fresh,
    /// The same was asked before, and this was the answer.
    Answered {
        status: u16,
        body: String,
    },
    /// Something else was asked under the key.
    Other,
}

/// # Errors
/// Those of the database, as for all functions here.
pub fn find(tx: &mut Tx<'_>, key: Key<'_>, request_hash: &str) -> Result<Known, StoreError> {
    let params = [key.tenant.into(), key.principal.into(), key.job.into(), key.key.into()];
    let Some(row) = tx.one(FIND, &params)? else { return Ok(Known::Fresh) };
    if row.text(0)? != request_hash {
        return Ok(Known::Other);
    }
    let status = row.parsed_int(1, "a status", |status| u16::try_from(status).ok())?;
    Ok(Known::Answered { status, body: row.string(2)? })
}

/// Keeps the answer that a fresh key got, in the transaction that did the work. Of two at once
/// one fails, runs again, and finds the other's answer.
pub fn keep(
    tx: &mut Tx<'_>,
    key: Key<'_>,
    request_hash: &str,
    status: u16,
    body: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.queue(
        INSERT,
        vec![
            key.tenant.into(),
            key.principal.into(),
            key.job.into(),
            key.key.into(),
            request_hash.into(),
            i64::from(status).into(),
            body.into(),
            now.into(),
        ],
    );
    Ok(())
}
