//! Lists of reservations against the same list made by hand.

use crate::sample::{
    OPERATION, OTHER_TENANT, PRINCIPAL, TENANT, at, day, order, put_world, reservation,
};
use prorata_domain::access::Scope;
use prorata_domain::ids::{AssignmentId, OrderId, PrincipalId, SubscriptionId};
use prorata_domain::reservation::{AppliedScope, Order, Reservation, ReservationState};
use prorata_domain::term::Term;
use prorata_store::reservations::{Field, Filter, ListQuery, OrderBy, StateCount, Visible};
use prorata_store::{Store, StoreError, Value, orders, reservations, world};
use uuid::Uuid;

crate::contracts!(
    every_sorting_has_pages,
    filters_choose,
    only_visible_ones_are_listed,
    states_are_counted
);

const FIELDS: [Field; 13] = [
    Field::Sku,
    Field::ResourceType,
    Field::Location,
    Field::DisplayName,
    Field::AppliedScopeType,
    Field::Term,
    Field::State,
    Field::Quantity,
    Field::Archived,
    Field::Renew,
    Field::ExpiresOn,
    Field::EffectiveAt,
    Field::PurchasedAt,
];

type Listed = (Order, Reservation);

/// Whether a filter is to choose a row.
type Chosen = fn(&Listed) -> bool;

/// Sixty reservations in forty orders, no two alike in all fields, and one of another tenant.
fn rows() -> Vec<Listed> {
    let mut rows = Vec::new();
    for number in 0..60u128 {
        let n = u32::try_from(number).unwrap();
        let mut order = order(number % 40);
        // Orders are scattered over the ids.
        order.id = OrderId(Uuid::from_u128((number % 40) * 0x9E37_79B9_7F4A_7C15 % 0xFFFF_FFFF));
        let o = n % 40;
        order.commitment.sku = format!("Sku_{}", o % 7);
        order.commitment.resource_type = ["VirtualMachines", "SqlDatabases"][o as usize % 2].into();
        order.commitment.location = ["westus", "uksouth", "eastus"][o as usize % 3].into();
        order.commitment.term = [Term::P1Y, Term::P3Y][o as usize % 2];
        order.expires_on = day(i8::try_from(o % 9).unwrap() + 1);
        let mut one = reservation(&order, number);
        one.display_name =
            ["Ärger", "alpha", "Beta", "x'; DROP TABLE orders"][n as usize % 4].into();
        one.quantity = n % 5 + 1;
        one.archived = n % 11 == 0;
        one.renew = n % 4 == 1;
        one.effective_at = at(i64::from(n % 6));
        one.purchased_at = at(i64::from(n % 8));
        if n % 3 == 0 {
            one.applied_scope = AppliedScope::Subscription(SubscriptionId(Uuid::from_u128(1)));
        }
        if n % 5 == 0 {
            one.state = ReservationState::Returned { rest: None };
        } else if n % 7 == 0 {
            one.state = ReservationState::Expired;
        }
        rows.push((order, one));
    }
    rows
}

fn fill(store: &Store) -> Vec<Listed> {
    let rows = rows();
    let written = rows.clone();
    let done: Result<(), StoreError> = store.write(move |tx| {
        put_world(tx)?;
        for (number, (order, one)) in written.iter().enumerate() {
            if number < 40 {
                orders::insert(tx, order)?;
            }
            reservations::insert(tx, order, one, OPERATION)?;
        }
        let foreign = Order { tenant: OTHER_TENANT, ..written[0].0.clone() };
        let theirs = Reservation { tenant: OTHER_TENANT, ..written[0].1.clone() };
        orders::insert(tx, &foreign)?;
        reservations::insert(tx, &foreign, &theirs, OPERATION)
    });
    done.unwrap();
    rows
}

fn value(field: Field, (order, one): &Listed) -> (i64, String) {
    let number = |number: i64| (number, String::new());
    let text = |text: &str| (0, text.to_owned());
    match field {
        Field::Sku => text(&order.commitment.sku),
        Field::ResourceType => text(&order.commitment.resource_type),
        Field::Location => text(&order.commitment.location),
        Field::DisplayName => text(&one.display_name),
        Field::AppliedScopeType => {
            text(if one.applied_scope == AppliedScope::Shared { "Shared" } else { "Single" })
        }
        Field::Term => text(order.commitment.term.as_str()),
        Field::State => text(one.state.name()),
        Field::Quantity => number(one.quantity.into()),
        Field::Archived => number(one.archived.into()),
        Field::Renew => number(one.renew.into()),
        Field::ExpiresOn => text(&order.expires_on.to_string()),
        Field::EffectiveAt => number(one.effective_at.as_microsecond()),
        Field::PurchasedAt => number(one.purchased_at.as_microsecond()),
        Field::BillingAccount => text(&order.billing_account),
        Field::BillingProfile => text(order.billing_profile.as_deref().unwrap_or("")),
        Field::NoBenefit => text(one.no_benefit.map_or("", |lack| lack.as_str())),
    }
}

fn by_hand(mut rows: Vec<Listed>, order_by: OrderBy) -> Vec<Listed> {
    rows.sort_by_key(|row| (value(order_by.field, row), row.0.id, row.1.id));
    if order_by.descending {
        rows.reverse();
    }
    rows
}

/// Every page of a list, put together.
fn listed(
    store: &Store,
    visible: Visible,
    filter: Option<Filter>,
    order_by: Option<OrderBy>,
    limit: usize,
) -> Vec<Listed> {
    let mut rows = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let (visible, filter, mark) = (visible.clone(), filter.clone(), after.clone());
        let page = store.read(move |tx| {
            reservations::list_all(
                tx,
                &ListQuery {
                    tenant: TENANT,
                    visible: &visible,
                    filter: filter.as_ref(),
                    order_by,
                    after: mark.as_deref(),
                    limit,
                },
            )
        });
        let page = page.unwrap_or_else(|error: StoreError| panic!("{error}"));
        assert!(page.rows.len() <= limit);
        assert!(page.next.is_none() || page.rows.len() == limit);
        rows.extend(page.rows);
        after = page.next;
        if after.is_none() {
            return rows;
        }
    }
}

fn every_sorting_has_pages(store: &Store) {
    let rows = fill(store);
    for field in FIELDS {
        for descending in [false, true] {
            let order_by = OrderBy { field, descending };
            for limit in [7, 60, 61] {
                let found = listed(store, Visible::All, None, Some(order_by), limit);
                assert_eq!(found, by_hand(rows.clone(), order_by), "{order_by:?} by {limit}");
            }
        }
    }
    let found = listed(store, Visible::All, None, None, 50);
    assert_eq!(found, by_hand(rows, OrderBy { field: Field::ExpiresOn, descending: false }));
    rows_are_left_out(store, &found);
    for mark in ["", "x", &"0".repeat(80), "ä".repeat(40).as_str()] {
        let mark = mark.to_owned();
        let page = store.read(move |tx| {
            reservations::list_all(
                tx,
                &ListQuery {
                    tenant: TENANT,
                    visible: &Visible::All,
                    filter: None,
                    order_by: None,
                    after: Some(&mark),
                    limit: 5,
                },
            )
        });
        assert!(matches!(page, Err(StoreError::Mark(_))), "{page:?}");
    }
}

fn rows_are_left_out(store: &Store, all: &[Listed]) {
    for count in [0, 1, all.len() - 2, all.len(), 4_000_000_000] {
        let page = store.read(move |tx| {
            let after = count.to_string();
            let query = ListQuery {
                tenant: TENANT,
                visible: &Visible::All,
                filter: None,
                order_by: None,
                after: Some(&after),
                limit: 5,
            };
            reservations::list_all(tx, &query)
        });
        let wanted: Vec<Listed> = all.iter().skip(count).take(5).cloned().collect();
        assert_eq!(page.unwrap().rows, wanted, "{count}");
    }
}

fn filters_choose(store: &Store) {
    let rows = fill(store);
    let eq = |field, text: &str| Filter::Eq(field, text.into());
    let cases: Vec<(Filter, Chosen)> = vec![
        (eq(Field::Sku, "sku_3"), |(order, _)| order.commitment.sku == "Sku_3"),
        (eq(Field::DisplayName, "ALPHA"), |(_, one)| one.display_name == "alpha"),
        (eq(Field::DisplayName, "x'; DROP TABLE orders"), |(_, one)| {
            one.display_name.contains('\'')
        }),
        (Filter::Eq(Field::Quantity, 3.into()), |(_, one)| one.quantity == 3),
        (Filter::Eq(Field::Quantity, "3".into()), |_| false),
        (Filter::Eq(Field::Sku, 3.into()), |_| false),
        (Filter::Eq(Field::Archived, true.into()), |(_, one)| one.archived),
        (eq(Field::State, "expired"), |(_, one)| one.state == ReservationState::Expired),
        (Filter::Before(Field::ExpiresOn, day(4).into()), |(order, _)| order.expires_on < day(4)),
        (Filter::From(Field::EffectiveAt, at(3).into()), |(_, one)| one.effective_at >= at(3)),
        (Filter::Contains(Field::DisplayName, "LPH".into()), |(_, one)| {
            one.display_name.to_lowercase().contains("lph")
        }),
        (Filter::Contains(Field::Sku, "_".into()), |(order, _)| order.commitment.sku.contains('_')),
        (Filter::Contains(Field::DisplayName, "%".into()), |(_, one)| {
            one.display_name.contains('%')
        }),
        (Filter::Contains(Field::Quantity, "3".into()), |_| false),
        (Filter::And(vec![]), |_| true),
        (Filter::Or(vec![]), |_| false),
        (
            Filter::And(vec![
                Filter::Or(vec![eq(Field::Term, "p1y"), eq(Field::Location, "eastus")]),
                Filter::Eq(Field::Renew, false.into()),
                eq(Field::AppliedScopeType, "Shared"),
            ]),
            |(order, one)| {
                (order.commitment.term == Term::P1Y || order.commitment.location == "eastus")
                    && !one.renew
                    && one.applied_scope == AppliedScope::Shared
            },
        ),
    ];
    let order_by = OrderBy::default();
    for (filter, chosen) in cases {
        let wanted: Vec<Listed> = rows.iter().filter(|row| chosen(row)).cloned().collect();
        let found = listed(store, Visible::All, Some(filter.clone()), None, 4);
        assert_eq!(found, by_hand(wanted, order_by), "{filter:?}");
    }
}

fn only_visible_ones_are_listed(store: &Store) {
    let rows = fill(store);
    let chosen: Vec<OrderId> = rows.iter().map(|(order, _)| order.id).step_by(7).collect();
    let reader = Visible::Assigned { principal: PRINCIPAL, roles: vec!["Reader".into()] };
    assert_eq!(listed(store, reader.clone(), None, None, 4), []);
    let given = chosen.clone();
    let assigned: Result<(), StoreError> = store.write(move |tx| {
        // Several roles on each, of which one allows to see it, and one that allows nothing.
        for (number, (order, role)) in
            given.iter().flat_map(|order| [(order, "Writer"), (order, "Reader")]).enumerate()
        {
            world::put_assignment(
                tx,
                &world::RoleAssignment {
                    id: AssignmentId(Uuid::from_u128(number as u128)),
                    tenant: TENANT,
                    principal: PRINCIPAL,
                    role: role.into(),
                    scope: Scope::order(*order).as_str().into(),
                },
            )?;
        }
        Ok(())
    });
    assigned.unwrap();
    let wanted: Vec<Listed> =
        rows.iter().filter(|(order, _)| chosen.contains(&order.id)).cloned().collect();
    let wanted = by_hand(wanted, OrderBy::default());
    assert_eq!(listed(store, Visible::Orders(chosen.clone()), None, None, 4), wanted);
    assert_eq!(listed(store, reader.clone(), None, None, 4), wanted);
    assert_eq!(listed(store, Visible::Orders(vec![]), None, None, 4), []);
    let nobody = Visible::Assigned {
        principal: PrincipalId(Uuid::from_u128(77)),
        roles: vec!["Reader".into()],
    };
    assert_eq!(listed(store, nobody, None, None, 4), []);

    let mut all: Vec<OrderId> = rows.iter().map(|(order, _)| order.id).collect();
    let mut seen = chosen;
    for (visible, wanted) in [
        (Visible::All, &mut all),
        (Visible::Orders(seen.clone()), &mut seen.clone()),
        (reader, &mut seen),
    ] {
        wanted.sort_unstable();
        wanted.dedup();
        let mut found = Vec::new();
        while let Some(page) = {
            let (visible, after) = (visible.clone(), found.last().copied());
            let page = store.read(move |tx| orders::page(tx, TENANT, &visible, after, 3));
            let page: Vec<Order> = page.unwrap_or_else(|error: StoreError| panic!("{error}"));
            (!page.is_empty()).then_some(page)
        } {
            found.extend(page.iter().map(|order| order.id));
        }
        assert_eq!(found, *wanted, "{visible:?}");
    }
}

fn states_are_counted(store: &Store) {
    let rows = fill(store);
    // Thirty days before the fifth: what ends later does not count as expiring.
    let now = prorata_domain::term::day_start(jiff::civil::date(2024, 2, 4));
    let mut wanted: Vec<StateCount> = Vec::new();
    for (order, one) in &rows {
        let state = one.state.name().to_owned();
        let expiring = one.state.is_active() && order.expires_on <= day(5);
        let no_benefit = one.state.is_active() && one.no_benefit.is_some();
        let row = StateCount { state, expiring, no_benefit, count: 1 };
        match wanted.iter_mut().find(|known| StateCount { count: 1, ..(*known).clone() } == row) {
            Some(known) => known.count += 1,
            None => wanted.push(row),
        }
    }
    wanted.sort_by_key(|row| (row.state.clone(), row.expiring, row.no_benefit));
    let found: Result<Vec<StateCount>, StoreError> =
        store.read(move |tx| reservations::summary(tx, TENANT, &Visible::All, None, now));
    assert_eq!(found, Ok(wanted));
}

/// Values of filters are parameters and nothing else.
#[test]
fn ids_are_no_values_to_compare_with() {
    let store = crate::memory();
    fill(&store);
    let filter = Filter::Eq(Field::Sku, Value::Id(Uuid::from_u128(1)));
    assert_eq!(listed(&store, Visible::All, Some(filter), None, 4), []);
}
