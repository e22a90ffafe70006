//! How much of reservations was used, by UTC days, and what it comes to over the last of them.

use crate::orders::limit_value;
use crate::{Row, StoreError, Tx, Value, meta};
use jiff::ToSpan;
use jiff::civil::Date;
use prorata_domain::ids::{OrderId, ReservationId, TenantId};
use prorata_domain::utilization::{Day, Hours, SPANS, Trend, Utilization, over_spans};
use std::collections::BTreeSet;

const PUT: &str = "INSERT INTO utilization_days \
    (tenant, order_id, reservation_id, day, reserved, used) VALUES ($1, $2, $3, $4, $5, $6) \
    ON CONFLICT (tenant, order_id, reservation_id, day) \
    DO UPDATE SET reserved = excluded.reserved, used = excluded.used \
    WHERE utilization_days.reserved <> excluded.reserved OR utilization_days.used <> excluded.used";
const DAYS: &str = "SELECT day, reserved, used FROM utilization_days \
    WHERE tenant = $1 AND order_id = $2 AND reservation_id = $3 AND day >= $4 AND day <= $5 \
    ORDER BY day";
const LAST: &str = "SELECT day FROM utilization_days \
    WHERE tenant = $1 AND order_id = $2 AND reservation_id = $3 ORDER BY day DESC LIMIT 1";
const SUM_UP: &str = "INSERT INTO utilization (tenant, order_id, reservation_id, last_day, trend, \
    day_share, week_share, month_share) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
    ON CONFLICT (tenant, order_id, reservation_id) DO UPDATE SET last_day = excluded.last_day, \
    trend = excluded.trend, day_share = excluded.day_share, week_share = excluded.week_share, \
    month_share = excluded.month_share";
const SUMMED: &str = "SELECT order_id, reservation_id, last_day, trend, day_share, week_share, \
    month_share FROM utilization WHERE tenant = $1 AND order_id = $2 AND reservation_id = $3";
const LOWEST: &str = "SELECT order_id, reservation_id, last_day, trend, day_share, week_share, \
    month_share FROM utilization WHERE tenant = $1 AND week_share < $2 AND last_day >= $3 \
    ORDER BY week_share, order_id, reservation_id LIMIT $4";
const ANY: &str = "SELECT last_day FROM utilization LIMIT 1";

const ALL: &str = "SELECT order_id, reservation_id, last_day, trend, day_share, week_share, \
    month_share, tenant FROM utilization WHERE (tenant, order_id, reservation_id) > ($1, $2, $3) \
    ORDER BY tenant, order_id, reservation_id LIMIT $4";

pub(crate) const STATEMENTS: &[&str] = &[PUT, DAYS, LAST, SUM_UP, SUMMED, LOWEST, ANY, ALL];

/// Where the program remembers which figures there are.
const STATE: &str = "utilization";

/// A reservation, by all that finds it.
pub type Place = (TenantId, OrderId, ReservationId);

/// What the days of a reservation come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summed {
    pub order: OrderId,
    pub reservation: ReservationId,
    /// The last day with a figure; the spans end with it.
    pub last_day: Date,
    /// `UP`, `DOWN` or `SAME`.
    pub trend: String,
    /// Over 1, 7 and 30 days; nothing where nothing was reserved on any of them.
    pub shares: [Option<Utilization>; 3],
}

/// Puts figures in, replacing those of the same days, and sums up anew; answers how many are new or
/// different.
///
/// # Errors
/// Those of the database, as for all functions here.
pub fn put(tx: &mut Tx<'_>, rows: &[(Place, Day)]) -> Result<u64, StoreError> {
    let params: Vec<Vec<Value>> = rows
        .iter()
        .map(|((tenant, order, reservation), day)| {
            vec![
                (*tenant).into(),
                (*order).into(),
                (*reservation).into(),
                day.day.into(),
                day.reserved.thousandths().into(),
                day.used.thousandths().into(),
            ]
        })
        .collect();
    let written = tx.execute_each(PUT, &params)?;
    if written > 0 {
        for place in rows.iter().map(|(place, _)| *place).collect::<BTreeSet<Place>>() {
            sum_up(tx, place)?;
        }
        let state = tx.new_id().to_string();
        meta::put(tx, STATE, &state)?;
    }
    Ok(written)
}

fn sum_up(tx: &mut Tx<'_>, (tenant, order, reservation): Place) -> Result<(), StoreError> {
    let found = tx.one(LAST, &[tenant.into(), order.into(), reservation.into()])?;
    let Some(last) = found.map(|row| row.day(0)).transpose()? else { return Ok(()) };
    let longest = SPANS.into_iter().max().unwrap_or_default();
    let first = last.saturating_sub(longest.days());
    let days = days(tx, (tenant, order, reservation), first, last)?;
    let share = |span: Option<Utilization>| span.map(Utilization::hundredths).into();
    let [day, week, month] = over_spans(&days, last).map(share);
    let trend = Trend::of(&days, last).as_str();
    let values = [
        tenant.into(),
        order.into(),
        reservation.into(),
        last.into(),
        trend.into(),
        day,
        week,
        month,
    ];
    tx.execute(SUM_UP, &values)?;
    Ok(())
}

/// The figures of a reservation from one day to another, both included, in their order.
pub fn days(
    tx: &mut Tx<'_>,
    (tenant, order, reservation): Place,
    first: Date,
    last: Date,
) -> Result<Vec<Day>, StoreError> {
    let values = [tenant.into(), order.into(), reservation.into(), first.into(), last.into()];
    let hours =
        |row: &Row, at| row.parsed_int(at, "thousandths of an hour", Hours::from_thousandths);
    let rows = tx.query(DAYS, &values)?;
    rows.iter()
        .map(|row| Ok(Day { day: row.day(0)?, reserved: hours(row, 1)?, used: hours(row, 2)? }))
        .collect()
}

/// What the figures of a reservation come to; nothing where it has none.
pub fn summed(
    tx: &mut Tx<'_>,
    (tenant, order, reservation): Place,
) -> Result<Option<Summed>, StoreError> {
    let found = tx.one(SUMMED, &[tenant.into(), order.into(), reservation.into()])?;
    found.map(|row| read(&row)).transpose()
}

/// As [`summed`], for several at once, in the order in which they were asked for.
pub fn summed_of(tx: &mut Tx<'_>, wanted: &[Place]) -> Result<Vec<Option<Summed>>, StoreError> {
    let params: Vec<Vec<Value>> = wanted
        .iter()
        .map(|(tenant, order, id)| vec![(*tenant).into(), (*order).into(), (*id).into()])
        .collect();
    let answers = tx.query_each(SUMMED, &params)?;
    answers.iter().map(|rows| rows.first().map(read).transpose()).collect()
}

/// Names the figures that there are: it is another text after each change of them. Empty where
/// nothing was loaded since it is kept.
pub fn state(tx: &mut Tx<'_>) -> Result<String, StoreError> {
    Ok(meta::get(tx, STATE)?.unwrap_or_default())
}

/// What the figures of all reservations come to, after one of them or from the first.
pub fn all(
    tx: &mut Tx<'_>,
    after: Option<Place>,
    limit: usize,
) -> Result<Vec<(Place, Summed)>, StoreError> {
    let [tenant, order, id] = match after {
        Some((tenant, order, id)) => [tenant.into(), order.into(), id.into()],
        None => [Value::fixed(""), Value::fixed(""), Value::fixed("")],
    };
    let rows = tx.query(ALL, &[tenant, order, id, limit_value(limit)])?;
    let read = |row: &Row| {
        let summed = read(row)?;
        Ok(((TenantId(row.uuid(7)?), summed.order, summed.reservation), summed))
    };
    rows.iter().map(read).collect()
}

/// The reservations of a tenant that were used least over their last seven days, below a share and
/// with figures since a day; the lowest first.
pub fn lowest(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    below: Utilization,
    since: Date,
    limit: usize,
) -> Result<Vec<Summed>, StoreError> {
    let values = [tenant.into(), below.hundredths().into(), since.into(), limit_value(limit)];
    tx.query(LOWEST, &values)?.iter().map(read).collect()
}

/// Whether there are figures of anything at all.
pub fn any(tx: &mut Tx<'_>) -> Result<bool, StoreError> {
    Ok(tx.one(ANY, &[])?.is_some())
}

fn read(row: &Row) -> Result<Summed, StoreError> {
    let share = |at| Ok::<_, StoreError>(row.opt_int(at)?.map(Utilization::from_hundredths));
    Ok(Summed {
        order: OrderId(row.uuid(0)?),
        reservation: ReservationId(row.uuid(1)?),
        last_day: row.day(2)?,
        trend: row.string(3)?,
        shares: [share(4)?, share(5)?, share(6)?],
    })
}
