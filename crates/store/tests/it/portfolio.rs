//! What is held, by who pays for it.

use crate::sample::{
    OPERATION, OTHER_TENANT, TENANT, account, day, order, put_world, reservation, write,
};
use prorata_domain::ids::OrderId;
use prorata_domain::reservation::ReservationState;
use prorata_store::portfolio::{self, Live};
use prorata_store::{Store, Tx, orders, reservations};

crate::contracts!(what_is_held_is_found_by_its_payer);

fn ids(rows: &[Live]) -> Vec<OrderId> {
    let mut ids: Vec<OrderId> = rows.iter().map(|row| row.order).collect();
    ids.sort_unstable();
    ids
}

fn what_is_held_is_found_by_its_payer(store: &Store) {
    let orders: Vec<_> = (1..=4).map(order).collect();
    let wanted: Vec<OrderId> = orders[..3].iter().map(|order| order.id).collect();
    write(store, {
        let orders = orders.clone();
        move |tx: &mut Tx<'_>| {
            put_world(tx)?;
            for (number, order) in (1..).zip(&orders) {
                orders::insert(tx, order)?;
                let mut held = reservation(order, 1);
                if number == 4 {
                    held.state = ReservationState::Returned { rest: None };
                }
                reservations::insert(tx, order, &held, OPERATION)?;
            }
            Ok(())
        }
    });
    write(store, move |tx| {
        let payer = account().id;
        let paid = portfolio::of_payer(tx, &payer, TENANT)?;
        assert_eq!(ids(&paid), wanted, "what was returned is held no more");
        let first = paid.iter().find(|row| row.order == wanted[0]).unwrap();
        let held = reservation(&orders[0], 1);
        assert_eq!((first.id, first.quantity, first.renew), (held.id, held.quantity, held.renew));
        assert_eq!(first.unit_total, orders[0].commitment.unit_total);
        assert_eq!((first.billing_account.as_str(), first.used), (payer.as_str(), None));
        assert_eq!(portfolio::of_payer(tx, &payer, OTHER_TENANT)?, []);
        assert_eq!(portfolio::of_payer(tx, "nobody", TENANT)?, []);
        assert_eq!(ids(&portfolio::of_tenant(tx, TENANT)?), wanted);
        assert_eq!(ids(&portfolio::of_orders(tx, TENANT, &wanted[1..])?), wanted[1..]);

        // Pages go on where the one before ended, also where all of it has ended.
        let (mut found, mut mark) = (Vec::new(), None);
        loop {
            let (rows, next) = portfolio::page(tx, mark, 2)?;
            found.extend(rows);
            if next.is_none() {
                break;
            }
            mark = next;
        }
        assert_eq!(ids(&found), wanted);

        for (most, count) in [(2, 2), (9, 4)] {
            assert_eq!(portfolio::orders_of_payer(tx, &payer, TENANT, most)?, count);
            assert_eq!(portfolio::orders_of_tenant(tx, TENANT, most)?, count);
        }
        assert_eq!(portfolio::customers(tx, TENANT, day(1))?, []);
        Ok(())
    });
}
