//! What rearranging keeps: lineage, wishes, groups, and orders that go to another tenant.

use crate::sample::{
    OPERATION, OTHER_TENANT, TENANT, account, at, id, order, put_world, reservation, write,
};
use jiff::civil::date;
use prorata_domain::ids::{AssignmentId, OperationId, PrincipalId, ReservationId, SubscriptionId};
use prorata_domain::purchase::Request;
use prorata_domain::reservation::{
    AcquiredBy, AppliedScope, NoBenefit, Order, Reservation, ReservationState,
};
use prorata_store::world::{self, ManagementGroup, RoleAssignment, Subscription};
use prorata_store::{Store, groups, orders, reservations};

crate::contracts!(
    lineage_and_wishes_come_back,
    revisions_go_by_pages_from_the_newest,
    an_order_goes_with_all_that_is_under_it,
    an_order_that_comes_back_keeps_what_was_recorded,
    reservations_are_found_by_their_scope,
    groups_are_a_tree,
);

fn wish(order: &Order) -> Request {
    let bought = &order.commitment;
    Request {
        resource_type: bought.resource_type.clone(),
        sku: bought.sku.clone(),
        location: Some(bought.location.clone()),
        billing_subscription: order.billing_subscription,
        term: bought.term,
        plan: bought.plan,
        quantity: 3,
        display_name: "fewer".to_owned(),
        applied_scope: AppliedScope::Shared,
        instance_flexibility: Some(false),
        renew: true,
        review_at: None,
    }
}

fn lineage_and_wishes_come_back(store: &Store) {
    write(store, |tx| {
        put_world(tx)?;
        let order = order(1);
        orders::insert(tx, &order)?;
        let merged = Reservation {
            acquired_by: AcquiredBy::Merge,
            merged_from: vec![ReservationId(id(91)), ReservationId(id(92))],
            ..reservation(&order, 1)
        };
        reservations::insert(tx, &order, &merged, OPERATION)?;
        assert_eq!(reservations::load(tx, TENANT, order.id, merged.id)?, Some(merged.clone()));
        let mut row = merged;
        for reason in NoBenefit::ALL {
            let was = row.revision;
            row = Reservation {
                no_benefit: Some(reason),
                renew_as: Some(Box::new(wish(&order))),
                review_at: Some(at(7)),
                revision: was + 1,
                ..row
            };
            reservations::replace(tx, &row, was, OPERATION)?;
            assert_eq!(reservations::load(tx, TENANT, order.id, row.id)?, Some(row.clone()));
        }
        let all = reservations::revisions(tx, TENANT, order.id, row.id)?;
        assert_eq!(all.last().map(|last| last.reservation.clone()), Some(row));
        Ok(())
    });
}

fn revisions_go_by_pages_from_the_newest(store: &Store) {
    write(store, |tx| {
        put_world(tx)?;
        let order = order(1);
        orders::insert(tx, &order)?;
        let first = reservation(&order, 1);
        reservations::insert(tx, &order, &first, OPERATION)?;
        for revision in 2..=5 {
            let next = Reservation { revision, ..first.clone() };
            reservations::replace(tx, &next, revision - 1, OPERATION)?;
        }
        let mut page = |before, limit| {
            let found =
                reservations::revisions_before(tx, TENANT, order.id, first.id, before, limit);
            found.map(|rows| rows.iter().map(|row| row.number).collect::<Vec<_>>())
        };
        assert_eq!(page(None, 3)?, [5, 4, 3]);
        assert_eq!(page(Some(3), 3)?, [2, 1]);
        assert_eq!(page(Some(1), 3)?, [0i64; 0]);
        Ok(())
    });
}

/// The same order and reservation in the other tenant, one version on.
fn moved(order: &Order, row: &Reservation) -> (Order, Reservation) {
    let to = if order.tenant == TENANT { OTHER_TENANT } else { TENANT };
    (
        Order { tenant: to, version: order.version + 1, ..order.clone() },
        Reservation {
            tenant: to,
            no_benefit: Some(NoBenefit::ManagementGroupMissing),
            updated_at: at(9),
            revision: row.revision + 1,
            ..row.clone()
        },
    )
}

fn an_order_goes_with_all_that_is_under_it(store: &Store) {
    write(store, |tx| {
        put_world(tx)?;
        let (order, other) = (order(1), order(2));
        let row = reservation(&order, 1);
        for order in [&order, &other] {
            orders::insert(tx, order)?;
            world::put_assignment(
                tx,
                &RoleAssignment {
                    id: AssignmentId(order.id.0),
                    tenant: TENANT,
                    principal: PrincipalId(id(70)),
                    role: "Owner".to_owned(),
                    scope: format!("/providers/Microsoft.Capacity/reservationOrders/{}", order.id),
                },
            )?;
        }
        reservations::insert(tx, &order, &row, OPERATION)?;
        let (there, gone) = moved(&order, &row);
        let operation = OperationId(id(80));
        let rows = [gone.clone()];
        let change = reservations::change_directory;
        assert!(change(tx, TENANT, &there, &rows, operation, at(9))?);
        assert_eq!(orders::load(tx, TENANT, order.id)?, None);
        assert_eq!(orders::load(tx, OTHER_TENANT, order.id)?, Some(there.clone()));
        assert_eq!(reservations::of_order(tx, TENANT, order.id)?, []);
        let there_now = reservations::of_order(tx, OTHER_TENANT, order.id)?;
        assert_eq!(there_now, std::slice::from_ref(&gone));
        let all = reservations::revisions(tx, OTHER_TENANT, order.id, row.id)?;
        let found: Vec<_> = all.iter().map(|one| (one.number, one.operation)).collect();
        assert_eq!(found, [(1, OPERATION), (2, operation)]);
        let left = world::assignments_of(tx, TENANT, PrincipalId(id(70)))?;
        assert_eq!(left.len(), 1, "the role on the other order stays");
        let last = reservations::last_directory_change(tx, order.id)?.unwrap();
        assert_eq!((last.from, last.to, last.operation), (TENANT, OTHER_TENANT, operation));
        assert_eq!(reservations::last_directory_change(tx, other.id)?, None);
        assert!(!change(tx, TENANT, &there, &rows, operation, at(9))?, "it is not there any more");
        Ok(())
    });
}

fn an_order_that_comes_back_keeps_what_was_recorded(store: &Store) {
    write(store, |tx| {
        put_world(tx)?;
        let order = order(1);
        let row = reservation(&order, 1);
        orders::insert(tx, &order)?;
        reservations::insert(tx, &order, &row, OPERATION)?;
        let (there, gone) = moved(&order, &row);
        let change = reservations::change_directory;
        let rows = std::slice::from_ref(&gone);
        assert!(change(tx, TENANT, &there, rows, OperationId(id(81)), at(9))?);
        let (back, again) = moved(&there, &gone);
        assert!(change(tx, OTHER_TENANT, &back, &[again], OperationId(id(82)), at(10))?);
        let all = reservations::revisions(tx, TENANT, order.id, row.id)?;
        let found: Vec<_> = all.iter().map(|one| (one.number, one.operation.0)).collect();
        assert_eq!(found, [(1, OPERATION.0), (2, id(81)), (3, id(82))]);
        let last = reservations::last_directory_change(tx, order.id)?.unwrap();
        assert_eq!((last.from, last.to), (OTHER_TENANT, TENANT));
        let left = reservations::tenants_left(tx, order.id)?;
        assert_eq!(left, [OTHER_TENANT, TENANT]);
        Ok(())
    });
}

fn reservations_are_found_by_their_scope(store: &Store) {
    let subscription = SubscriptionId(id(7));
    write(store, move |tx| {
        put_world(tx)?;
        let order = order(1);
        orders::insert(tx, &order)?;
        let scopes = [
            AppliedScope::Shared,
            AppliedScope::Subscription(subscription),
            AppliedScope::ResourceGroup { subscription, name: "web".into() },
            AppliedScope::ManagementGroup { tenant: TENANT, id: "root".into() },
        ];
        for (number, applied_scope) in (1..).zip(scopes) {
            let row = Reservation { applied_scope, ..reservation(&order, number) };
            reservations::insert(tx, &order, &row, OPERATION)?;
        }
        let over = Reservation {
            applied_scope: AppliedScope::Subscription(subscription),
            state: ReservationState::Expired,
            ..reservation(&order, 9)
        };
        reservations::insert(tx, &order, &over, OPERATION)?;
        let mut found = |scope| {
            let rows = reservations::scoped(tx, scope);
            rows.map(|rows| rows.iter().map(|row| row.id).collect::<Vec<_>>())
        };
        let numbered = |number| reservation(&order, number).id;
        assert_eq!(found(subscription.0)?, [numbered(2), numbered(3)]);
        assert_eq!(found(TENANT.0)?, [numbered(4)]);
        assert_eq!(found(id(77))?, []);
        let day = order.expires_on.yesterday().unwrap();
        let billed = &account().id;
        assert_eq!(reservations::shared(tx, TENANT, billed, day)?, [order.id]);
        assert_eq!(reservations::shared(tx, TENANT, billed, order.expires_on)?, []);
        assert_eq!(reservations::shared(tx, TENANT, "another", day)?, []);
        assert_eq!(reservations::shared(tx, OTHER_TENANT, billed, date(2020, 1, 1))?, []);
        Ok(())
    });
}

fn groups_are_a_tree(store: &Store) {
    write(store, |tx| {
        put_world(tx)?;
        for name in ["Corp", "Prod"] {
            let group =
                ManagementGroup { tenant: TENANT, id: name.to_owned(), name: name.to_owned() };
            assert!(world::put_management_group(tx, &group)?);
        }
        assert!(groups::place_group(tx, TENANT, "PROD", Some("Corp"))?);
        assert!(!groups::place_group(tx, TENANT, "prod", Some("corp"))?, "it is there already");
        let expected = [("corp".to_owned(), None), ("prod".to_owned(), Some("corp".to_owned()))];
        assert_eq!(groups::tree(tx, TENANT)?, expected);
        assert_eq!(groups::tree(tx, OTHER_TENANT)?, []);

        let subscription = SubscriptionId(id(71));
        let row = |state: &str| Subscription {
            id: subscription,
            tenant: TENANT,
            billing_account: account().id,
            name: "placed".to_owned(),
            state: state.to_owned(),
        };
        world::put_subscription(tx, &row("Enabled"))?;
        assert_eq!(groups::group_of(tx, subscription)?, None);
        assert!(groups::place_subscription(tx, subscription, Some("Prod"))?);
        assert!(!groups::place_subscription(tx, subscription, Some("prod"))?);
        assert_eq!(groups::group_of(tx, subscription)?.as_deref(), Some("prod"));
        let placed = groups::placed(tx, TENANT, &account().id)?;
        assert!(placed.contains(&(subscription, Some("prod".to_owned()))));
        world::put_subscription(tx, &row("Deleted"))?;
        let placed = groups::placed(tx, TENANT, &account().id)?;
        assert!(!placed.iter().any(|(id, _)| *id == subscription));
        assert!(groups::place_subscription(tx, subscription, None)?);

        assert!(groups::remove_group(tx, TENANT, "Prod")?);
        assert!(!groups::remove_group(tx, TENANT, "prod")?);
        world::put_resource_group(tx, subscription, "Web")?;
        assert!(groups::remove_resource_group(tx, subscription, "WEB")?);
        assert!(!groups::remove_resource_group(tx, subscription, "web")?);
        Ok(())
    });
}
