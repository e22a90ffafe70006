//! What was paid from pre-purchase plans, and what rights and plans come back as.

use crate::sample::{OPERATION, TENANT, at, order, put_world, reservation, write};
use prorata_domain::commit_units::CommitUnits;
use prorata_domain::reservation::{Order, Reservation};
use prorata_domain::rights::Carried;
use prorata_store::drains::{self, Drain};
use prorata_store::{Store, StoreError, orders, reservations};

crate::contracts!(
    a_usage_is_drained_once_and_counted,
    plans_and_carried_rights_come_back,
    drains_are_never_changed,
);

fn units(text: &str) -> CommitUnits {
    CommitUnits::parse(text).unwrap()
}

fn drain(usage_id: &str, covered: &str, overage: &str) -> Drain {
    let (covered, overage) = (units(covered), units(overage));
    Drain {
        usage_id: usage_id.to_owned(),
        used_at: at(5),
        recorded_at: at(7),
        units: covered.plus(overage).unwrap(),
        covered,
        overage,
        operation: OPERATION,
    }
}

fn a_usage_is_drained_once_and_counted(store: &Store) {
    let order = order(1);
    let plan = reservation(&order, 1);
    let (id, part) = (order.id, plan.id);
    write(store, move |tx| {
        assert_eq!(drains::drained(tx, id, part)?, CommitUnits::ZERO);
        drains::insert(tx, id, part, &drain("b", "99.5", "0"))?;
        drains::insert(tx, id, part, &drain("a", "0.000001", "3"))
    });
    write(store, move |tx| {
        assert_eq!(drains::load(tx, id, part, "a")?, Some(drain("a", "0.000001", "3")));
        assert_eq!(drains::load(tx, id, part, "c")?, None);
        assert_eq!(drains::drained(tx, id, part)?, units("99.500001"));
        assert_eq!(drains::sum(tx, id, part)?, units("99.500001"));
        assert_eq!(drains::broken(tx, id, part)?, None);
        let page = drains::page(tx, id, part, None, 1)?;
        assert_eq!(page, [drain("a", "0.000001", "3")]);
        let page = drains::page(tx, id, part, Some("a"), 10)?;
        assert_eq!(page, [drain("b", "99.5", "0")]);
        let used = drains::used_since(tx, id, part, at(5), 10)?;
        assert_eq!(used, [drain("a", "0.000001", "3"), drain("b", "99.5", "0")]);
        assert_eq!(drains::used_since(tx, id, part, at(5), 1)?.len(), 1);
        assert_eq!(drains::used_since(tx, id, part, at(6), 10)?, []);
        Ok(())
    });
    let again = store.write(move |tx| drains::insert(tx, id, part, &drain("a", "1", "0")));
    assert!(matches!(again, Err(StoreError::Constraint(_))), "{again:?}");
}

fn plans_and_carried_rights_come_back(store: &Store) {
    let order = Order { commit_units: Some(units("12500")), ..order(1) };
    let carried = Some(Carried { bought_at: at(3), used: 1 });
    let held = Reservation { carried, ..reservation(&order, 1) };
    write(store, {
        let (order, held) = (order.clone(), held.clone());
        move |tx| {
            put_world(tx)?;
            orders::insert(tx, &order)?;
            reservations::insert(tx, &order, &held, OPERATION)
        }
    });
    write(store, move |tx| {
        assert_eq!(orders::load(tx, TENANT, order.id)?, Some(order.clone()));
        assert_eq!(reservations::load(tx, TENANT, order.id, held.id)?, Some(held.clone()));
        Ok(())
    });
}

fn drains_are_never_changed(store: &Store) {
    let order = order(1);
    let plan = reservation(&order, 1);
    write(store, move |tx| drains::insert(tx, order.id, plan.id, &drain("a", "1", "0")));
    for change in ["UPDATE drains SET covered = 2", "DELETE FROM drains"] {
        let changed = store.write(move |tx| tx.execute(change, &[]).map(|_| ()));
        assert!(changed.is_err(), "{change}");
    }
}
