//! Views of the list of reservations that somebody keeps under a name.

use crate::{Row, StoreError, Tx};
use prorata_domain::ids::{PrincipalId, TenantId};
use uuid::Uuid;

const PUT: &str = "INSERT INTO saved_views (tenant, principal, id, name, query) \
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, principal, id) DO NOTHING";
const CHANGE: &str = "UPDATE saved_views SET query = $4 \
    WHERE tenant = $1 AND principal = $2 AND id = $3";
const OF: &str = "SELECT id, name, query FROM saved_views \
    WHERE tenant = $1 AND principal = $2 ORDER BY name, id";
const FORGET: &str = "DELETE FROM saved_views WHERE tenant = $1 AND principal = $2 AND id = $3";

pub(crate) const STATEMENTS: &[&str] = &[PUT, CHANGE, OF, FORGET];

/// A filter and a sorting under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    pub id: Uuid,
    pub name: String,
    /// The query of the list's address.
    pub query: String,
}

/// Keeps a new view; answers false, and keeps nothing, where there is one with its id.
///
/// # Errors
/// Those of the database, as for all functions here.
pub fn put(
    tx: &mut Tx<'_>,
    home: TenantId,
    principal: PrincipalId,
    view: &SavedView,
) -> Result<bool, StoreError> {
    let params =
        [home.into(), principal.into(), view.id.into(), (&view.name).into(), (&view.query).into()];
    Ok(tx.execute(PUT, &params)? > 0)
}

/// Gives a view another query.
pub fn change(
    tx: &mut Tx<'_>,
    home: TenantId,
    principal: PrincipalId,
    id: Uuid,
    query: &str,
) -> Result<bool, StoreError> {
    let params = [home.into(), principal.into(), id.into(), query.into()];
    Ok(tx.execute(CHANGE, &params)? > 0)
}

/// The views of a principal by name.
pub fn of(
    tx: &mut Tx<'_>,
    home: TenantId,
    principal: PrincipalId,
) -> Result<Vec<SavedView>, StoreError> {
    let read =
        |row: &Row| Ok(SavedView { id: row.uuid(0)?, name: row.string(1)?, query: row.string(2)? });
    tx.query(OF, &[home.into(), principal.into()])?.iter().map(read).collect()
}

/// Forgets a view; answers whether there was one.
pub fn forget(
    tx: &mut Tx<'_>,
    home: TenantId,
    principal: PrincipalId,
    id: Uuid,
) -> Result<bool, StoreError> {
    Ok(tx.execute(FORGET, &[home.into(), principal.into(), id.into()])? > 0)
}
