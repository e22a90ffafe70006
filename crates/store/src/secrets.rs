//! The secrets of programs: each with a name, an end, and when it was last used.

use crate::{Row, StoreError, Tx};
use jiff::Timestamp;
use prorata_domain::ids::{PrincipalId, TenantId};
use uuid::Uuid;

const INSERT: &str = "INSERT INTO secrets \
    (tenant, principal, id, name, hint, hash, created_at, ends_at, used_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const OF_PRINCIPAL: &str = "SELECT tenant, principal, id, name, hint, hash, created_at, ends_at, \
    used_at FROM secrets WHERE tenant = $1 AND principal = $2 ORDER BY id";
const BY_HINT: &str = "SELECT tenant, principal, id, name, hint, hash, created_at, ends_at, \
    used_at FROM secrets WHERE tenant = $1 AND principal = $2 AND hint = $3";
const USED: &str =
    "UPDATE secrets SET used_at = $4 WHERE tenant = $1 AND principal = $2 AND id = $3";
const REMOVE: &str = "DELETE FROM secrets WHERE tenant = $1 AND principal = $2 AND id = $3";
const CLEAR_FIRST: &str =
    "UPDATE principals SET secret_hash = '' WHERE tenant = $1 AND id = $2 AND secret_hash <> ''";

pub(crate) const STATEMENTS: &[&str] = &[INSERT, OF_PRINCIPAL, BY_HINT, USED, REMOVE, CLEAR_FIRST];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    pub tenant: TenantId,
    pub principal: PrincipalId,
    pub id: Uuid,
    pub name: String,
    /// How the secret begins: tells people and the desk which one it is.
    pub hint: String,
    /// An argon2 hash; the secret itself is kept nowhere.
    pub hash: String,
    pub created_at: Timestamp,
    pub ends_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

/// # Errors
/// Those of the database, as for all functions here; a hint that the principal has already.
pub fn insert(tx: &mut Tx<'_>, row: &Secret) -> Result<(), StoreError> {
    tx.queue(
        INSERT,
        vec![
            row.tenant.into(),
            row.principal.into(),
            row.id.into(),
            (&row.name).into(),
            (&row.hint).into(),
            (&row.hash).into(),
            row.created_at.into(),
            row.ends_at.into(),
            row.used_at.into(),
        ],
    );
    Ok(())
}

pub fn of_principal(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    principal: PrincipalId,
) -> Result<Vec<Secret>, StoreError> {
    tx.query(OF_PRINCIPAL, &[tenant.into(), principal.into()])?.iter().map(read).collect()
}

/// The secret that begins like this.
pub fn by_hint(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    principal: PrincipalId,
    hint: &str,
) -> Result<Option<Secret>, StoreError> {
    let params = [tenant.into(), principal.into(), hint.into()];
    tx.one(BY_HINT, &params)?.map(|row| read(&row)).transpose()
}

/// Notes that somebody signed in with a secret.
pub fn used(tx: &mut Tx<'_>, secret: &Secret, at: Timestamp) -> Result<(), StoreError> {
    let params = vec![secret.tenant.into(), secret.principal.into(), secret.id.into(), at.into()];
    tx.queue(USED, params);
    Ok(())
}

/// Answers whether it was there.
pub fn remove(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    principal: PrincipalId,
    id: Uuid,
) -> Result<bool, StoreError> {
    Ok(tx.execute(REMOVE, &[tenant.into(), principal.into(), id.into()])? > 0)
}

/// Takes away the secret that a world document gave; answers whether there was one.
pub fn clear_first(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    principal: PrincipalId,
) -> Result<bool, StoreError> {
    Ok(tx.execute(CLEAR_FIRST, &[tenant.into(), principal.into()])? > 0)
}

fn read(row: &Row) -> Result<Secret, StoreError> {
    Ok(Secret {
        tenant: TenantId(row.uuid(0)?),
        principal: PrincipalId(row.uuid(1)?),
        id: row.uuid(2)?,
        name: row.string(3)?,
        hint: row.string(4)?,
        hash: row.string(5)?,
        created_at: row.instant(6)?,
        ends_at: row.instant(7)?,
        used_at: row.opt_instant(8)?,
    })
}
