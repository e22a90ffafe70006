//! Who is signed in: sessions by the hash of what their browser holds.

use crate::{Row, StoreError, Tx};
use jiff::Timestamp;
use prorata_domain::ids::{PrincipalId, TenantId};
use uuid::Uuid;

const INSERT: &str = "INSERT INTO sessions (hash, id, tenant, principal, stage, proof, caller, \
    began_at, used_at, ends_at, address, agent) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
const FIND: &str = "SELECT hash, id, tenant, principal, stage, proof, caller, began_at, used_at, \
    ends_at, address, agent FROM sessions WHERE hash = $1";
const OF_PRINCIPAL: &str = "SELECT hash, id, tenant, principal, stage, proof, caller, began_at, \
    used_at, ends_at, address, agent FROM sessions WHERE tenant = $1 AND principal = $2 \
    ORDER BY began_at, id";
const USED: &str = "UPDATE sessions SET used_at = $2, address = $3, agent = $4 WHERE hash = $1";
const END: &str = "DELETE FROM sessions WHERE hash = $1";
const END_ONE: &str = "DELETE FROM sessions WHERE tenant = $1 AND principal = $2 AND id = $3";
const END_ALL: &str = "DELETE FROM sessions WHERE tenant = $1 AND principal = $2 AND hash <> $3";
const END_LAPSED: &str = "DELETE FROM sessions WHERE ends_at < $1";

pub(crate) const STATEMENTS: &[&str] =
    &[INSERT, FIND, OF_PRINCIPAL, USED, END, END_ONE, END_ALL, END_LAPSED];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Of what the browser holds.
    pub hash: String,
    /// What it is shown and revoked by.
    pub id: Uuid,
    /// The tenant of the account.
    pub tenant: TenantId,
    pub principal: PrincipalId,
    /// How far signing in has come.
    pub stage: String,
    /// What the person proved who they are with.
    pub proof: String,
    /// JSON: as whom it acts.
    pub caller: String,
    pub began_at: Timestamp,
    pub used_at: Timestamp,
    pub ends_at: Timestamp,
    /// Where it was used from last.
    pub address: Option<String>,
    pub agent: Option<String>,
}

/// # Errors
/// Those of the database, as for all functions here.
pub fn insert(tx: &mut Tx<'_>, row: &Session) -> Result<(), StoreError> {
    tx.queue(
        INSERT,
        vec![
            (&row.hash).into(),
            row.id.into(),
            row.tenant.into(),
            row.principal.into(),
            (&row.stage).into(),
            (&row.proof).into(),
            (&row.caller).into(),
            row.began_at.into(),
            row.used_at.into(),
            row.ends_at.into(),
            row.address.as_deref().into(),
            row.agent.as_deref().into(),
        ],
    );
    Ok(())
}

pub fn find(tx: &mut Tx<'_>, hash: &str) -> Result<Option<Session>, StoreError> {
    tx.one(FIND, &[hash.into()])?.map(|row| read(&row)).transpose()
}

/// The sessions of an account, the oldest first; also those that have lapsed and were not taken
/// away yet.
pub fn of_principal(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    principal: PrincipalId,
) -> Result<Vec<Session>, StoreError> {
    tx.query(OF_PRINCIPAL, &[tenant.into(), principal.into()])?.iter().map(read).collect()
}

/// Notes that a session was used, and from where.
pub fn used(
    tx: &mut Tx<'_>,
    hash: &str,
    at: Timestamp,
    address: Option<&str>,
    agent: Option<&str>,
) -> Result<(), StoreError> {
    tx.queue(USED, vec![hash.into(), at.into(), address.into(), agent.into()]);
    Ok(())
}

pub fn end(tx: &mut Tx<'_>, hash: &str) -> Result<(), StoreError> {
    tx.queue(END, vec![hash.into()]);
    Ok(())
}

/// Ends one session of an account; answers whether it was there.
pub fn end_one(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    principal: PrincipalId,
    id: Uuid,
) -> Result<bool, StoreError> {
    Ok(tx.execute(END_ONE, &[tenant.into(), principal.into(), id.into()])? > 0)
}

/// Ends all sessions of an account, except the one of this hash.
pub fn end_all(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    principal: PrincipalId,
    except: Option<&str>,
) -> Result<u64, StoreError> {
    tx.execute(END_ALL, &[tenant.into(), principal.into(), except.unwrap_or_default().into()])
}

/// Takes away what has lapsed.
pub fn end_lapsed(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    tx.queue(END_LAPSED, vec![now.into()]);
    Ok(())
}

fn read(row: &Row) -> Result<Session, StoreError> {
    Ok(Session {
        hash: row.string(0)?,
        id: row.uuid(1)?,
        tenant: TenantId(row.uuid(2)?),
        principal: PrincipalId(row.uuid(3)?),
        stage: row.string(4)?,
        proof: row.string(5)?,
        caller: row.string(6)?,
        began_at: row.instant(7)?,
        used_at: row.instant(8)?,
        ends_at: row.instant(9)?,
        address: row.opt_string(10)?,
        agent: row.opt_string(11)?,
    })
}
