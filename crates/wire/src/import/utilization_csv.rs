//! How much of reservations was used, by UTC days: the columns of the daily summaries of usage.
//!
//! Needed are `ReservationOrderId`, `ReservationId`, `UsageDate`, `ReservedHours` and `UsedHours`.
//! Others are ignored, as the shares in percent follow from the hours.

use super::table::{self, Shape};
use super::{Fault, ImportError, Imported, value};
use jiff::civil::Date;
use prorata_domain::ids::{OrderId, ReservationId};
use prorata_domain::utilization::{Day, Hours};
use std::io::BufRead;

const ORDER: &str = "ReservationOrderId";
const RESERVATION: &str = "ReservationId";
const DAY: &str = "UsageDate";
const RESERVED: &str = "ReservedHours";
const USED: &str = "UsedHours";

const SHAPE: Shape =
    Shape { required: &[ORDER, RESERVATION, DAY, RESERVED, USED], optional: &[], comments: false };

/// A day of a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayRow {
    pub order: OrderId,
    pub reservation: ReservationId,
    pub day: Day,
}

impl DayRow {
    fn key(&self) -> (OrderId, ReservationId, Date) {
        (self.order, self.reservation, self.day.day)
    }
}

/// Reads the summaries.
///
/// # Errors
/// [`ImportError`] when the file as a whole cannot be used.
pub fn read(
    input: impl BufRead,
    progress: &mut dyn FnMut(u64),
) -> Result<Imported<DayRow>, ImportError> {
    table::read(input, &SHAPE, progress, DayRow::key, |row| {
        let id = |field, what: &str| Fault::new(field, format!("is not the id of {what}"));
        let hours = |field| {
            Hours::from_decimal(value::decimal(field, row.get(field), false)?).ok_or_else(|| {
                Fault::new(field, "is not hours from 0 with at most three digits after the point")
            })
        };
        // Some exports write the instant at which the day begins.
        let day = row.get(DAY);
        let day = day.split_once('T').map_or(day, |(day, _)| day);
        Ok(DayRow {
            order: OrderId::parse(row.get(ORDER)).ok_or_else(|| id(ORDER, "an order"))?,
            reservation: ReservationId::parse(row.get(RESERVATION))
                .ok_or_else(|| id(RESERVATION, "a reservation"))?,
            day: Day { day: value::day(DAY, day)?, reserved: hours(RESERVED)?, used: hours(USED)? },
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const HEADER: &str =
        "reservationOrderId,reservationId,skuName,reservedHours,usageDate,usedHours";
    const IDS: &str = "11111111-2222-4333-8444-555555555555,66666666-7777-4888-9999-000000000000";

    #[test]
    fn daily_summaries_are_read_and_others_rejected_with_a_reason() {
        let text = format!(
            "{HEADER}\n{IDS},Standard_B1s,48,2026-03-01T00:00:00Z,47.5\n{IDS},x,24,2026-03-02,\n\
             {IDS},x,24,2026-03-01,1\nabc,{},x,1,2026-03-03,1\n{IDS},x,-1,2026-03-03,1\n",
            &IDS[37..]
        );
        let read = read(text.as_bytes(), &mut |_| ()).unwrap();
        assert_eq!(read.rows.len(), 1);
        let day = read.rows[0].day;
        assert_eq!((day.day, day.used.thousandths()), (date(2026, 3, 1), 47_500));
        let reasons: Vec<String> = read.rejected.iter().map(ToString::to_string).collect();
        assert_eq!(reasons.len(), 4, "{reasons:?}");
        assert!(reasons[0].starts_with("line 3: UsedHours: is missing"), "{reasons:?}");
        assert!(reasons[2].starts_with("line 5: ReservationOrderId: is not the id"), "{reasons:?}");
    }
}
