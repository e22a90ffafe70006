//! Orders and reservations, one at a time.

use crate::sample::{
    OPERATION, OTHER_TENANT, TENANT, account, at, id, order, put_world, reservation, write,
};
use prorata_domain::ids::{ReservationId, SubscriptionId};
use prorata_domain::reservation::{AppliedScope, Reservation, ReservationState};
use prorata_store::{Store, StoreError, Tx, orders, reservations};

crate::contracts!(
    orders_and_reservations_come_back_whole,
    a_stale_change_is_not_written,
    every_state_and_scope_comes_back,
);

fn orders_and_reservations_come_back_whole(store: &Store) {
    let order = order(1);
    let (one, two) = (reservation(&order, 1), reservation(&order, 2));
    write(store, {
        let (order, one, two) = (order.clone(), one.clone(), two.clone());
        move |tx| {
            put_world(tx)?;
            orders::insert(tx, &order)?;
            reservations::insert(tx, &order, &one, OPERATION)?;
            reservations::insert(tx, &order, &two, OPERATION)
        }
    });
    write(store, move |tx| {
        assert_eq!(orders::load(tx, TENANT, order.id)?, Some(order.clone()));
        assert_eq!(orders::load(tx, OTHER_TENANT, order.id)?, None);
        assert_eq!(orders::all(tx, None, 10)?.len(), 1);
        assert_eq!(orders::all(tx, Some((TENANT, order.id)), 10)?, []);
        let held = reservations::held(tx, TENANT, order.id, one.id)?;
        assert_eq!(held, Some((order.clone(), one.clone(), account())));
        assert_eq!(reservations::held(tx, OTHER_TENANT, order.id, one.id)?, None);
        let wanted = [(order.id, two.id), (order.id, ReservationId(id(99))), (order.id, one.id)];
        let each = reservations::held_each(tx, TENANT, &wanted)?;
        let found: Vec<_> = each.iter().map(|held| held.as_ref().map(|held| held.1.id)).collect();
        assert_eq!(found, [Some(two.id), None, Some(one.id)]);
        assert_eq!(reservations::of_order(tx, TENANT, order.id)?, [one.clone(), two.clone()]);
        assert_eq!(reservations::load(tx, TENANT, order.id, two.id)?, Some(two.clone()));
        assert_eq!(reservations::units_active(tx, TENANT, order.id)?, 20);
        let revisions = reservations::revisions(tx, TENANT, order.id, one.id)?;
        assert_eq!((revisions.len(), &revisions[0].reservation), (1, &one));
        Ok(())
    });
}

fn a_stale_change_is_not_written(store: &Store) {
    let order = order(1);
    let first = reservation(&order, 1);
    let second = Reservation { quantity: 4, revision: 2, updated_at: at(9), ..first.clone() };
    write(store, {
        let (order, first) = (order.clone(), first.clone());
        move |tx| {
            put_world(tx)?;
            orders::insert(tx, &order)?;
            reservations::insert(tx, &order, &first, OPERATION)
        }
    });
    let change = {
        let (order, second) = (order.clone(), second.clone());
        move |tx: &mut Tx<'_>| reservations::update(tx, &order, &second, 1, OPERATION)
    };
    assert!(write(store, change.clone()));
    assert!(!write(store, change), "somebody was quicker");
    let replaced: Result<(), StoreError> = store.write({
        let second = second.clone();
        move |tx| reservations::replace(tx, &second, 1, OPERATION)
    });
    assert!(matches!(replaced, Err(StoreError::Constraint(_))), "{replaced:?}");
    write(store, move |tx| {
        assert_eq!(reservations::load(tx, TENANT, order.id, second.id)?, Some(second.clone()));
        assert_eq!(reservations::revisions(tx, TENANT, order.id, second.id)?.len(), 2);
        let paid = prorata_domain::reservation::Order {
            payments_made: 2,
            renew: true,
            review_at: Some(at(3)),
            version: 2,
            ..order.clone()
        };
        assert!(orders::update(tx, &paid, 1)?);
        assert!(!orders::update(tx, &paid, 1)?);
        assert_eq!(orders::load(tx, TENANT, order.id)?, Some(paid));
        Ok(())
    });
}

fn every_state_and_scope_comes_back(store: &Store) {
    let rest = ReservationId(id(55));
    let states = [
        ReservationState::Active,
        ReservationState::Expired,
        ReservationState::Returned { rest: None },
        ReservationState::Returned { rest: Some(rest) },
        ReservationState::Exchanged { rest: Some(rest) },
        ReservationState::Merged { into: rest },
        ReservationState::Split { into: vec![rest, ReservationId(id(56))] },
    ];
    let subscription = SubscriptionId(id(7));
    let scopes = [
        AppliedScope::Shared,
        AppliedScope::Subscription(subscription),
        AppliedScope::ResourceGroup { subscription, name: "web".into() },
        AppliedScope::ManagementGroup { tenant: TENANT, id: "root".into() },
    ];
    write(store, move |tx| {
        put_world(tx)?;
        let order = order(1);
        orders::insert(tx, &order)?;
        for (number, state) in (0..).zip(&states) {
            let scope = scopes[usize::try_from(number).unwrap() % 4].clone();
            let one = Reservation {
                state: state.clone(),
                applied_scope: scope,
                source: Some(rest),
                archived: true,
                ..reservation(&order, number)
            };
            reservations::insert(tx, &order, &one, OPERATION)?;
            assert_eq!(reservations::load(tx, TENANT, order.id, one.id)?, Some(one));
        }
        Ok(())
    });
}
