//! Renewals: the price that one was locked at, and what it became.

use crate::{Row, StoreError, Tx, Value};
use prorata_domain::ids::{OrderId, ReservationId};

const PUT_LOCK: &str = "INSERT INTO renewals \
    (order_id, reservation_id, lock_doc, into_order, into_reservation) \
    VALUES ($1, $2, $3, NULL, NULL) \
    ON CONFLICT (order_id, reservation_id) DO UPDATE SET lock_doc = excluded.lock_doc";
const PUT_DESTINATION: &str = "INSERT INTO renewals \
    (order_id, reservation_id, lock_doc, into_order, into_reservation) \
    VALUES ($1, $2, NULL, $3, $4) ON CONFLICT (order_id, reservation_id) DO UPDATE SET \
    into_order = excluded.into_order, into_reservation = excluded.into_reservation";
const LOCK: &str = "SELECT lock_doc FROM renewals WHERE order_id = $1 AND reservation_id = $2";
const SOURCE: &str = "SELECT order_id, reservation_id FROM renewals \
    WHERE into_order = $1 AND into_reservation = $2 AND into_order IS NOT NULL";

pub(crate) const STATEMENTS: &[&str] = &[PUT_LOCK, PUT_DESTINATION, LOCK, SOURCE];

/// Keeps the price at which a reservation is to be renewed, in place of an earlier one; nothing
/// takes the lock away.
///
/// # Errors
/// Those of the database, as for all functions here.
pub fn put_lock(
    tx: &mut Tx<'_>,
    order: OrderId,
    reservation: ReservationId,
    lock: Option<&str>,
) -> Result<(), StoreError> {
    tx.queue(PUT_LOCK, vec![order.into(), reservation.into(), lock.into()]);
    Ok(())
}

/// The price at which a reservation is to be renewed, as it was kept.
pub fn lock(
    tx: &mut Tx<'_>,
    order: OrderId,
    reservation: ReservationId,
) -> Result<Option<String>, StoreError> {
    let row = tx.one(LOCK, &[order.into(), reservation.into()])?;
    row.map_or(Ok(None), |row| row.opt_string(0))
}

/// Keeps what a reservation was renewed as.
pub fn put_destination(
    tx: &mut Tx<'_>,
    (order, reservation): (OrderId, ReservationId),
    (into_order, into): (OrderId, ReservationId),
) -> Result<(), StoreError> {
    let row = vec![order.into(), reservation.into(), into_order.into(), into.into()];
    tx.queue(PUT_DESTINATION, row);
    Ok(())
}

/// What each of these reservations was renewed from, in the order in which they were asked for.
pub fn sources(
    tx: &mut Tx<'_>,
    renewed: &[(OrderId, ReservationId)],
) -> Result<Vec<Option<(OrderId, ReservationId)>>, StoreError> {
    let keys: Vec<Vec<Value>> =
        renewed.iter().map(|(order, id)| vec![(*order).into(), (*id).into()]).collect();
    let read = |row: &Row| Ok((OrderId(row.uuid(0)?), ReservationId(row.uuid(1)?)));
    let answers = tx.query_each(SOURCE, &keys)?;
    answers.iter().map(|rows| rows.first().map(read).transpose()).collect()
}
