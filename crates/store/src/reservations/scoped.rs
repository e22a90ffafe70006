//! Reservations by what benefits from them.

use super::{read_reservation, reservation_columns};
use crate::{StoreError, Tx, Value};
use jiff::civil::Date;
use prorata_domain::ids::{OrderId, TenantId};
use prorata_domain::reservation::Reservation;
use uuid::Uuid;

const SCOPED: &str = concat!(
    "SELECT ",
    reservation_columns!(),
    " FROM reservations r WHERE r.scope_id = $1 AND r.state = 'active' \
     ORDER BY r.tenant, r.order_id, r.id"
);
const SHARED: &str = "SELECT DISTINCT r.order_id FROM reservations r \
    JOIN orders o ON o.tenant = r.tenant AND o.id = r.order_id \
    WHERE r.tenant = $1 AND o.billing_account = $2 AND r.scope_type = 'Shared' \
    AND r.state = 'active' AND r.expires_on > $3 ORDER BY r.order_id";

pub(crate) const STATEMENTS: &[&str] = &[SCOPED, SHARED];

/// The live reservations whose scope is this subscription or a resource group of it, or, for a
/// tenant's id, one of its management groups; those of all tenants.
///
/// # Errors
/// Those of the database, as for all functions here.
pub fn scoped(tx: &mut Tx<'_>, scope: Uuid) -> Result<Vec<Reservation>, StoreError> {
    tx.query(SCOPED, &[Value::Id(scope)])?.iter().map(|row| read_reservation(row, 0)).collect()
}

/// The orders of a tenant with a live reservation that is shared among all that an account pays
/// for.
pub fn shared(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    billing_account: &str,
    today: Date,
) -> Result<Vec<OrderId>, StoreError> {
    let params = [tenant.into(), billing_account.into(), today.into()];
    tx.query(SHARED, &params)?.iter().map(|row| Ok(OrderId(row.uuid(0)?))).collect()
}
