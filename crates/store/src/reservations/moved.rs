//! Orders that go to another tenant with all that is under them.
//!
//! What was recorded in the tenant that is left stays there; what a reservation was is copied, so
//! that it can be looked up where the reservation is now.

use super::revise;
use crate::{StoreError, Tx, Value};
use jiff::Timestamp;
use prorata_domain::ids::{OperationId, OrderId, TenantId};
use prorata_domain::reservation::{Order, Reservation};

const MOVE_ORDER: &str = "UPDATE orders SET tenant = $3, version = $5 \
    WHERE tenant = $1 AND id = $2 AND version = $4";
const MOVE_RESERVATION: &str = "UPDATE reservations SET tenant = $5, no_benefit = $6, \
    updated_at = $7, revision = $8 \
    WHERE tenant = $1 AND order_id = $2 AND id = $3 AND revision = $4";
const COPY_REVISIONS: &str = "INSERT INTO revisions \
    (tenant, order_id, reservation_id, number, at, operation, doc) \
    SELECT CAST($3 AS TEXT), order_id, reservation_id, number, at, operation, doc \
    FROM revisions WHERE tenant = $1 AND order_id = $2 \
    ON CONFLICT (tenant, order_id, reservation_id, number) DO NOTHING";
const WIPE_ASSIGNMENTS: &str = "DELETE FROM role_assignments WHERE tenant = $1 AND order_id = $2";
const INSERT_CHANGE: &str = "INSERT INTO directory_changes \
    (order_id, version, tenant_from, tenant_to, at, operation) VALUES ($1, $2, $3, $4, $5, $6)";
const LAST_CHANGE: &str = "SELECT tenant_from, tenant_to, operation FROM directory_changes \
    WHERE order_id = $1 ORDER BY version DESC LIMIT 1";
const LEFT: &str =
    "SELECT tenant_from FROM directory_changes WHERE order_id = $1 ORDER BY version DESC";

pub(crate) const STATEMENTS: &[&str] = &[
    MOVE_ORDER,
    MOVE_RESERVATION,
    COPY_REVISIONS,
    WIPE_ASSIGNMENTS,
    INSERT_CHANGE,
    LAST_CHANGE,
    LEFT,
];

/// The last move of an order from one tenant to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DirectoryChange {
    pub from: TenantId,
    pub to: TenantId,
    pub operation: OperationId,
}

/// Moves an order with its reservations out of the tenant `from`; both say already where they go,
/// and their version and revisions are one more than before. Every role on the order is taken
/// away. Answers false when one of the rows was changed meanwhile: then the transaction has to be
/// given up.
///
/// # Errors
/// Those of the database, as for all functions here.
pub fn change_directory(
    tx: &mut Tx<'_>,
    from: TenantId,
    order: &Order,
    reservations: &[Reservation],
    operation: OperationId,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let to = order.tenant;
    let params =
        [from.into(), order.id.into(), to.into(), (order.version - 1).into(), order.version.into()];
    if tx.execute(MOVE_ORDER, &params)? == 0 {
        return Ok(false);
    }
    tx.execute(COPY_REVISIONS, &[from.into(), order.id.into(), to.into()])?;
    for row in reservations {
        let params = [
            from.into(),
            order.id.into(),
            row.id.into(),
            (row.revision - 1).into(),
            to.into(),
            super::no_benefit(row),
            row.updated_at.into(),
            row.revision.into(),
        ];
        if tx.execute(MOVE_RESERVATION, &params)? == 0 {
            return Ok(false);
        }
        revise(tx, row, operation)?;
    }
    tx.execute(WIPE_ASSIGNMENTS, &[from.into(), order.id.into()])?;
    let params: [Value; 6] = [
        order.id.into(),
        order.version.into(),
        from.into(),
        to.into(),
        at.into(),
        operation.into(),
    ];
    tx.execute(INSERT_CHANGE, &params)?;
    Ok(true)
}

/// Where an order went last, if it ever went anywhere.
pub fn last_directory_change(
    tx: &mut Tx<'_>,
    order: OrderId,
) -> Result<Option<DirectoryChange>, StoreError> {
    let Some(row) = tx.one(LAST_CHANGE, &[order.into()])? else { return Ok(None) };
    Ok(Some(DirectoryChange {
        from: TenantId(row.uuid(0)?),
        to: TenantId(row.uuid(1)?),
        operation: OperationId(row.uuid(2)?),
    }))
}

/// The tenants that an order went away from, the last one first.
pub fn tenants_left(tx: &mut Tx<'_>, order: OrderId) -> Result<Vec<TenantId>, StoreError> {
    tx.query(LEFT, &[order.into()])?.iter().map(|row| Ok(TenantId(row.uuid(0)?))).collect()
}
