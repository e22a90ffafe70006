//! Carts with which partners buy for their customers.

use crate::{Row, StoreError, Tx, Value};
use jiff::Timestamp;
use prorata_domain::ids::{PrincipalId, TenantId};
use uuid::Uuid;

const INSERT: &str = "INSERT INTO carts (partner, customer, id, created_at, lapses_at, \
    changed_at, changed_by, status, doc, version) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)";
/// Of two who change a cart at once, the second has not seen the version that is there.
const REPLACE: &str = "UPDATE carts SET changed_at = $5, changed_by = $6, status = $7, doc = $8, \
    version = $4 + 1 WHERE partner = $1 AND customer = $2 AND id = $3 AND version = $4";
const LOAD: &str = "SELECT partner, customer, id, created_at, lapses_at, changed_at, changed_by, \
    status, doc, version FROM carts WHERE partner = $1 AND customer = $2 AND id = $3";

pub(crate) const STATEMENTS: &[&str] = &[INSERT, REPLACE, LOAD];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cart {
    pub partner: TenantId,
    pub customer: TenantId,
    pub id: Uuid,
    pub created_at: Timestamp,
    pub lapses_at: Timestamp,
    pub changed_at: Timestamp,
    pub changed_by: PrincipalId,
    pub status: String,
    /// JSON: the lines, each with the order it became.
    pub doc: String,
    /// Counts the changes; 1 for a cart that was just made.
    pub version: i64,
}

/// Keeps a new cart; its version is 1.
///
/// # Errors
/// Those of the database, as for all functions here.
pub fn insert(tx: &mut Tx<'_>, cart: &Cart) -> Result<(), StoreError> {
    let params = vec![
        cart.partner.into(),
        cart.customer.into(),
        cart.id.into(),
        cart.created_at.into(),
        cart.lapses_at.into(),
        cart.changed_at.into(),
        cart.changed_by.into(),
        (&cart.status).into(),
        (&cart.doc).into(),
    ];
    tx.queue(INSERT, params);
    Ok(())
}

/// Changes a cart from the version it was read in; `false` when it was changed since.
pub fn replace(tx: &mut Tx<'_>, cart: &Cart) -> Result<bool, StoreError> {
    let params = [
        cart.partner.into(),
        cart.customer.into(),
        cart.id.into(),
        Value::Int(cart.version),
        cart.changed_at.into(),
        cart.changed_by.into(),
        (&cart.status).into(),
        (&cart.doc).into(),
    ];
    Ok(tx.execute(REPLACE, &params)? > 0)
}

pub fn load(
    tx: &mut Tx<'_>,
    partner: TenantId,
    customer: TenantId,
    id: Uuid,
) -> Result<Option<Cart>, StoreError> {
    let params = [partner.into(), customer.into(), id.into()];
    tx.one(LOAD, &params)?.map(|row| read(&row)).transpose()
}

fn read(row: &Row) -> Result<Cart, StoreError> {
    Ok(Cart {
        partner: TenantId(row.uuid(0)?),
        customer: TenantId(row.uuid(1)?),
        id: row.uuid(2)?,
        created_at: row.instant(3)?,
        lapses_at: row.instant(4)?,
        changed_at: row.instant(5)?,
        changed_by: PrincipalId(row.uuid(6)?),
        status: row.string(7)?,
        doc: row.string(8)?,
        version: row.int(9)?,
    })
}
