//! What reservations were: a row for every state, only ever added.

use crate::orders::limit_value;
use crate::{Row, StoreError, Tx, Value};
use jiff::Timestamp;
use prorata_domain::ids::{OperationId, OrderId, ReservationId, TenantId};
use prorata_domain::reservation::Reservation;

const INSERT_REVISION: &str = "INSERT INTO revisions \
    (tenant, order_id, reservation_id, number, at, operation, doc) \
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const REVISIONS: &str = "SELECT number, at, operation, doc FROM revisions \
    WHERE tenant = $1 AND order_id = $2 AND reservation_id = $3 ORDER BY number";
const REVISIONS_BEFORE: &str = "SELECT number, at, operation, doc FROM revisions \
    WHERE tenant = $1 AND order_id = $2 AND reservation_id = $3 AND number < $4 \
    ORDER BY number DESC LIMIT $5";

const FIRST_REVISION: &str = "SELECT number, at, operation, doc FROM revisions \
    WHERE tenant = $1 AND order_id = $2 AND reservation_id = $3 ORDER BY number LIMIT 1";

pub(crate) const STATEMENTS: &[&str] =
    &[INSERT_REVISION, REVISIONS, REVISIONS_BEFORE, FIRST_REVISION];

/// What a reservation was, from an instant on, and by which operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    pub number: i64,
    pub at: Timestamp,
    pub operation: OperationId,
    pub reservation: Reservation,
}

/// Keeps what a reservation is now.
pub(super) fn revise(
    tx: &mut Tx<'_>,
    reservation: &Reservation,
    operation: OperationId,
) -> Result<(), StoreError> {
    let doc = serde_json::to_string(reservation)
        .map_err(|error| StoreError::Statement(error.to_string()))?;
    tx.queue(
        INSERT_REVISION,
        vec![
            reservation.tenant.into(),
            reservation.order.into(),
            reservation.id.into(),
            reservation.revision.into(),
            reservation.updated_at.into(),
            operation.into(),
            Value::packed(&doc),
        ],
    );
    Ok(())
}

/// Everything that a reservation was, from the first revision on.
///
/// # Errors
/// Those of the database, as for all functions here.
pub fn revisions(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    order: OrderId,
    id: ReservationId,
) -> Result<Vec<Revision>, StoreError> {
    let rows = tx.query(REVISIONS, &[tenant.into(), order.into(), id.into()])?;
    rows.iter().map(read_revision).collect()
}

/// What a reservation was before a revision, or up to now: the newest first, at most so many.
pub fn revisions_before(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    order: OrderId,
    id: ReservationId,
    before: Option<i64>,
    limit: usize,
) -> Result<Vec<Revision>, StoreError> {
    let before = Value::Int(before.unwrap_or(i64::MAX));
    let params = [tenant.into(), order.into(), id.into(), before, limit_value(limit)];
    tx.query(REVISIONS_BEFORE, &params)?.iter().map(read_revision).collect()
}

/// The first revision that was kept of a reservation.
pub fn first_revision(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    order: OrderId,
    id: ReservationId,
) -> Result<Option<Revision>, StoreError> {
    let found = tx.one(FIRST_REVISION, &[tenant.into(), order.into(), id.into()])?;
    found.map(|row| read_revision(&row)).transpose()
}

fn read_revision(row: &Row) -> Result<Revision, StoreError> {
    Ok(Revision {
        number: row.int(0)?,
        at: row.instant(1)?,
        operation: OperationId(row.uuid(2)?),
        reservation: serde_json::from_str(&row.packed(3)?)
            .map_err(|error| StoreError::Io(format!("a revision does not parse: {error}")))?,
    })
}
