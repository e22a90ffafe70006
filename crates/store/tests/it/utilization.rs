//! How much of reservations was used.

use crate::sample::{TENANT, day, order, reservation, write};
use prorata_domain::utilization::{Day, Hours, Utilization};
use prorata_store::utilization::{self, Place};
use prorata_store::{Store, Tx};

crate::contracts!(figures_are_kept_by_day_and_summed_up);

fn used(number: i8, used: i64) -> Day {
    let hours = |whole: i64| Hours::from_thousandths(whole * 1000).unwrap();
    Day { day: day(number), reserved: hours(24), used: hours(used) }
}

fn figures_are_kept_by_day_and_summed_up(store: &Store) {
    let place = |number: u128| -> Place {
        let order = order(number);
        (TENANT, order.id, reservation(&order, 1).id)
    };
    let (busy, idle) = (place(1), place(2));
    let rows =
        vec![(busy, used(1, 24)), (busy, used(2, 12)), (idle, used(1, 0)), (idle, used(3, 6))];
    let put = {
        let rows = rows.clone();
        move |tx: &mut Tx<'_>| utilization::put(tx, &rows)
    };
    assert!(!write(store, utilization::any));
    assert_eq!(write(store, put.clone()), 4);
    assert_eq!(write(store, put), 0, "the same again changes nothing");
    assert_eq!(write(store, move |tx| utilization::put(tx, &[(busy, used(2, 24))])), 1);
    write(store, move |tx| {
        assert!(utilization::any(tx)?);
        assert_eq!(utilization::days(tx, busy, day(2), day(9))?, [used(2, 24)]);
        let summed = utilization::summed(tx, busy)?.unwrap();
        assert_eq!(
            (summed.order, summed.last_day, summed.trend.as_str()),
            (busy.1, day(2), "SAME")
        );
        let full = Some(Utilization::from_hundredths(10_000));
        assert_eq!(summed.shares, [full, full, full]);
        let below = |share| Utilization::from_hundredths(share);
        let lowest = utilization::lowest(tx, TENANT, below(8_000), day(1), 10)?;
        assert_eq!(lowest.iter().map(|row| row.order).collect::<Vec<_>>(), [idle.1]);
        assert_eq!(lowest[0].shares[1], Some(below(1_250)));
        assert_eq!(utilization::lowest(tx, TENANT, below(8_000), day(4), 10)?, []);
        assert_eq!(utilization::summed(tx, place(3))?, None);
        Ok(())
    });
}
