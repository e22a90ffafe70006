//! What was paid from pre-purchase plans: a row for each usage, and what they come to.

use crate::orders::limit_value;
use crate::{Row, StoreError, Tx, Value};
use jiff::Timestamp;
use prorata_domain::commit_units::CommitUnits;
use prorata_domain::ids::{OperationId, OrderId, ReservationId};

const INSERT: &str = "INSERT INTO drains (order_id, reservation_id, usage_id, used_at, recorded_at, \
    units, covered, overage, operation) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const ADD: &str = "INSERT INTO drained (order_id, reservation_id, units) VALUES ($1, $2, $3) \
    ON CONFLICT (order_id, reservation_id) DO UPDATE SET units = drained.units + $3";
const LOAD: &str = "SELECT usage_id, used_at, recorded_at, units, covered, overage, operation \
    FROM drains WHERE order_id = $1 AND reservation_id = $2 AND usage_id = $3";
const PAGE: &str = "SELECT usage_id, used_at, recorded_at, units, covered, overage, operation \
    FROM drains WHERE order_id = $1 AND reservation_id = $2 AND usage_id > $3 \
    ORDER BY usage_id LIMIT $4";
const USED_SINCE: &str = "SELECT usage_id, used_at, recorded_at, units, covered, overage, \
    operation FROM drains WHERE order_id = $1 AND reservation_id = $2 AND used_at >= $3 \
    ORDER BY used_at DESC, usage_id LIMIT $4";
const DRAINED: &str = "SELECT units FROM drained WHERE order_id = $1 AND reservation_id = $2";
const SUM: &str = "SELECT CAST(COALESCE(SUM(covered), 0) AS BIGINT) FROM drains \
    WHERE order_id = $1 AND reservation_id = $2";
const BROKEN: &str = "SELECT usage_id FROM drains WHERE order_id = $1 AND reservation_id = $2 \
    AND (units <> covered + overage OR units <= 0 OR covered < 0 OR overage < 0) \
    ORDER BY usage_id LIMIT 1";

pub(crate) const STATEMENTS: &[&str] = &[INSERT, ADD, LOAD, PAGE, USED_SINCE, DRAINED, SUM, BROKEN];

/// Usage that was paid from a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drain {
    pub usage_id: String,
    pub used_at: Timestamp,
    pub recorded_at: Timestamp,
    /// `covered` and `overage` together.
    pub units: CommitUnits,
    pub covered: CommitUnits,
    pub overage: CommitUnits,
    pub operation: OperationId,
}

/// Writes a drain, and counts what it covers.
///
/// # Errors
/// Those of the database, as for all functions here.
pub fn insert(
    tx: &mut Tx<'_>,
    order: OrderId,
    reservation: ReservationId,
    drain: &Drain,
) -> Result<(), StoreError> {
    tx.queue(
        INSERT,
        vec![
            order.into(),
            reservation.into(),
            (&drain.usage_id).into(),
            drain.used_at.into(),
            drain.recorded_at.into(),
            drain.units.millionths().into(),
            drain.covered.millionths().into(),
            drain.overage.millionths().into(),
            drain.operation.into(),
        ],
    );
    tx.queue(ADD, vec![order.into(), reservation.into(), drain.covered.millionths().into()]);
    Ok(())
}

/// The drain of a usage, where there is one.
pub fn load(
    tx: &mut Tx<'_>,
    order: OrderId,
    reservation: ReservationId,
    usage_id: &str,
) -> Result<Option<Drain>, StoreError> {
    let found = tx.one(LOAD, &[order.into(), reservation.into(), usage_id.into()])?;
    found.map(|row| read(&row)).transpose()
}

/// The next drains of a plan by usage id, after one of them or from the first.
pub fn page(
    tx: &mut Tx<'_>,
    order: OrderId,
    reservation: ReservationId,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<Drain>, StoreError> {
    let after = after.map_or(Value::fixed(""), Value::from);
    let rows = tx.query(PAGE, &[order.into(), reservation.into(), after, limit_value(limit)])?;
    rows.iter().map(read).collect()
}

/// What was used from an instant on, at most so many, the newest first.
pub fn used_since(
    tx: &mut Tx<'_>,
    order: OrderId,
    reservation: ReservationId,
    since: Timestamp,
    limit: usize,
) -> Result<Vec<Drain>, StoreError> {
    let params = [order.into(), reservation.into(), since.into(), limit_value(limit)];
    tx.query(USED_SINCE, &params)?.iter().map(read).collect()
}

/// What the drains of a plan covered together, as it is counted.
pub fn drained(
    tx: &mut Tx<'_>,
    order: OrderId,
    reservation: ReservationId,
) -> Result<CommitUnits, StoreError> {
    match tx.one(DRAINED, &[order.into(), reservation.into()])? {
        Some(row) => units(&row, 0),
        None => Ok(CommitUnits::ZERO),
    }
}

/// The same, added up anew from the drains.
pub fn sum(
    tx: &mut Tx<'_>,
    order: OrderId,
    reservation: ReservationId,
) -> Result<CommitUnits, StoreError> {
    match tx.one(SUM, &[order.into(), reservation.into()])? {
        Some(row) => units(&row, 0),
        None => Ok(CommitUnits::ZERO),
    }
}

/// The first drain whose parts do not add up.
pub fn broken(
    tx: &mut Tx<'_>,
    order: OrderId,
    reservation: ReservationId,
) -> Result<Option<String>, StoreError> {
    tx.one(BROKEN, &[order.into(), reservation.into()])?.map(|row| row.string(0)).transpose()
}

fn read(row: &Row) -> Result<Drain, StoreError> {
    Ok(Drain {
        usage_id: row.string(0)?,
        used_at: row.instant(1)?,
        recorded_at: row.instant(2)?,
        units: units(row, 3)?,
        covered: units(row, 4)?,
        overage: units(row, 5)?,
        operation: OperationId(row.uuid(6)?),
    })
}

fn units(row: &Row, at: usize) -> Result<CommitUnits, StoreError> {
    let millionths = row.int(at)?;
    CommitUnits::from_millionths(millionths)
        .ok_or_else(|| StoreError::Statement(format!("{millionths} is no number of commit units")))
}
