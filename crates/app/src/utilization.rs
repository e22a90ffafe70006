//! How much of reservations was used: figures by the day that were measured elsewhere, loaded with a
//! world document or from a CSV file.

use crate::{App, Error, Fault, prices};
use prorata_domain::ids::TenantId;
use prorata_domain::utilization::{Day, Hours};
use prorata_store::utilization::{self, Place};
use prorata_store::{Tx, reservations};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

pub use prorata_store::utilization::{Summed, any, days, lowest, summed};

/// A day of a reservation, as a world document or the row of a file has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UtilizationRow {
    pub tenant_id: TenantId,
    pub reservation_order_id: prorata_domain::ids::OrderId,
    pub reservation_id: prorata_domain::ids::ReservationId,
    /// A UTC day.
    pub usage_date: jiff::civil::Date,
    /// Decimals in text, with at most three digits after the point.
    pub reserved_hours: Decimal,
    pub used_hours: Decimal,
}

/// Writes figures in one transaction.
///
/// # Errors
/// [`Error::Malformed`] with every row that cannot be taken; nothing is written then. Those of the
/// database.
pub fn import(app: &App, rows: Vec<UtilizationRow>) -> Result<prices::Report, Error> {
    app.write(move |tx, app| Ok(prices::Report::of(put(tx, app, &rows, "rows")?, rows.len())))
}

/// Checks and writes figures; `list` names them in faults. Answers how many are new or different.
///
/// # Errors
/// As for [`import`].
pub(crate) fn put(
    tx: &mut Tx<'_>,
    app: &App,
    rows: &[UtilizationRow],
    list: &str,
) -> Result<u64, Error> {
    let today = prorata_domain::term::utc_day(app.now());
    let mut known: BTreeSet<Place> = BTreeSet::new();
    let (mut faults, mut figures) = (Vec::new(), Vec::with_capacity(rows.len()));
    for (index, row) in rows.iter().enumerate() {
        let mut fault = |field: &str, says: &str| {
            faults.push(Fault::new(format!("{list}[{index}].{field}"), says));
        };
        let place = (row.tenant_id, row.reservation_order_id, row.reservation_id);
        if !known.contains(&place) {
            if reservations::load(tx, place.0, place.1, place.2)?.is_none() {
                fault("reservationId", "names no reservation of this order and tenant");
                continue;
            }
            known.insert(place);
        }
        if row.usage_date > today {
            fault("usageDate", "must not be after today");
        }
        let hours = "must be hours from 0, with at most three digits after the point";
        let (reserved, used) =
            (Hours::from_decimal(row.reserved_hours), Hours::from_decimal(row.used_hours));
        if reserved.is_none() {
            fault("reservedHours", hours);
        }
        if used.is_none() {
            fault("usedHours", hours);
        }
        if let (Some(reserved), Some(used)) = (reserved, used) {
            figures.push((place, Day { day: row.usage_date, reserved, used }));
        }
    }
    if !faults.is_empty() {
        return Err(Error::Malformed(faults));
    }
    Ok(utilization::put(tx, &figures)?)
}
