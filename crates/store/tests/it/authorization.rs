//! Role assignments as resources, and roles that a tenant made for itself.

use crate::sample::{OTHER_TENANT, PRINCIPAL, TENANT, at, id, order, put_world, write};
use prorata_domain::access::Scope;
use prorata_domain::ids::{AssignmentId, PrincipalId, ReservationId, SubscriptionId};
use prorata_store::role_assignments::{self as given, Reach, RoleAssignment, Stamp};
use prorata_store::role_definitions::{self as roles, RoleDefinition};
use prorata_store::{Store, world};

crate::contracts!(
    an_assignment_is_given_changed_and_taken_away,
    assignments_come_in_pages_by_where_they_lie,
    a_tenants_own_roles_come_back,
);

fn assignment(number: u128, scope: &Scope) -> RoleAssignment {
    RoleAssignment {
        id: AssignmentId(id(number)),
        tenant: TENANT,
        principal: PRINCIPAL,
        role: "Reader".into(),
        scope: scope.clone(),
        shown_scope: Some(scope.as_str().to_uppercase()),
        description: Some("for the audit".into()),
        created: Some(Stamp { at: at(1), by: PRINCIPAL }),
        updated: Some(Stamp { at: at(1), by: PRINCIPAL }),
    }
}

fn an_assignment_is_given_changed_and_taken_away(store: &Store) {
    let scope = Scope::order(order(1).id);
    let first = assignment(1, &scope);
    write(store, {
        let first = first.clone();
        move |tx| {
            put_world(tx)?;
            given::insert(tx, &first)
        }
    });
    let changed = RoleAssignment {
        description: None,
        updated: Some(Stamp { at: at(2), by: PrincipalId(id(77)) }),
        ..first.clone()
    };
    write(store, {
        let (first, changed) = (first.clone(), changed.clone());
        move |tx| {
            assert_eq!(given::load(tx, first.id)?, Some(first.clone()));
            assert_eq!(given::load(tx, AssignmentId(id(9)))?, None);
            given::update(tx, &changed)?;
            assert_eq!(given::load(tx, first.id)?, Some(changed.clone()));
            Ok(())
        }
    });
    write(store, move |tx| {
        let same = given::same(tx, TENANT, PRINCIPAL, "Reader", &scope)?;
        assert_eq!(same, Some(changed.clone()));
        assert_eq!(given::same(tx, TENANT, PRINCIPAL, "Owner", &scope)?, None);
        assert_eq!(given::same(tx, TENANT, PRINCIPAL, "Reader", &Scope::capacity())?, None);
        assert_eq!(given::of_role(tx, TENANT, "Reader")?, Some(changed.clone()));
        assert_eq!(given::of_role(tx, OTHER_TENANT, "Reader")?, None);
        let about = world::assignments_about(tx, TENANT, PRINCIPAL, order(1).id)?;
        assert_eq!(about.len(), 1, "what is given counts where access is decided");
        given::delete(tx, OTHER_TENANT, changed.id)?;
        assert!(given::load(tx, changed.id)?.is_some(), "another tenant's is not touched");
        given::delete(tx, TENANT, changed.id)?;
        assert_eq!(given::load(tx, changed.id)?, None);
        Ok(())
    });
}

fn assignments_come_in_pages_by_where_they_lie(store: &Store) {
    let (first, second) = (order(1).id, order(2).id);
    let scopes = [
        Scope::root(),
        Scope::subscription(SubscriptionId(id(7))),
        Scope::order(first),
        Scope::reservation(first, ReservationId(id(5))),
        Scope::order(second),
    ];
    write(store, {
        let scopes = scopes.clone();
        move |tx| {
            put_world(tx)?;
            for (number, scope) in (1..).zip(&scopes) {
                given::insert(tx, &assignment(number, scope))?;
            }
            let other = RoleAssignment {
                principal: PrincipalId(id(50)),
                created: None,
                updated: None,
                shown_scope: None,
                ..assignment(6, &Scope::root())
            };
            given::insert(tx, &other)
        }
    });
    write(store, move |tx| {
        let mut numbers = |principal, reach, after: Option<u128>, limit| {
            let after = after.map(|number| AssignmentId(id(number)));
            let rows = given::page(tx, TENANT, principal, reach, after, limit)?;
            Ok::<_, prorata_store::StoreError>(
                rows.into_iter().map(|row| row.id).collect::<Vec<_>>(),
            )
        };
        let ids = |numbers: &[u128]| {
            numbers.iter().map(|number| AssignmentId(id(*number))).collect::<Vec<_>>()
        };
        let (root, of) = (Reach::about(&Scope::root()), Some(PRINCIPAL));
        assert_eq!(numbers(None, root, None, 9)?, ids(&[1, 2, 3, 4, 5, 6]));
        assert_eq!(numbers(None, root, Some(2), 2)?, ids(&[3, 4]));
        assert_eq!(numbers(of, root, None, 9)?, ids(&[1, 2, 3, 4, 5]));
        let about = Reach::about(&Scope::reservation(first, ReservationId(id(5))));
        assert_eq!(numbers(None, about, None, 9)?, ids(&[1, 2, 3, 4, 6]));
        assert_eq!(numbers(of, about, None, 9)?, ids(&[1, 2, 3, 4]));
        let outside = Reach::about(&scopes[1]);
        assert_eq!(outside, Reach::Outside);
        assert_eq!(numbers(None, outside, None, 9)?, ids(&[1, 2, 6]));
        assert_eq!(numbers(of, outside, None, 9)?, ids(&[1, 2]));
        Ok(())
    });
}

fn a_tenants_own_roles_come_back(store: &Store) {
    let role = RoleDefinition {
        id: id(20),
        name: "Order Watcher".into(),
        description: "looks on".into(),
        doc: "{}".into(),
        created: Stamp { at: at(1), by: PRINCIPAL },
        updated: Stamp { at: at(1), by: PRINCIPAL },
    };
    let renamed = RoleDefinition {
        name: "Order Keeper".into(),
        doc: r#"{"permissions":[]}"#.into(),
        updated: Stamp { at: at(2), by: PRINCIPAL },
        ..role.clone()
    };
    write(store, move |tx| {
        put_world(tx)?;
        roles::put(tx, TENANT, &role)?;
        assert_eq!(roles::load(tx, TENANT, role.id)?, Some(role.clone()));
        assert_eq!(roles::load(tx, OTHER_TENANT, role.id)?, None);
        assert_eq!(roles::named(tx, TENANT, "ORDER watcher")?, Some(role.clone()));
        roles::put(tx, TENANT, &renamed)?;
        assert_eq!(roles::of_tenant(tx, TENANT)?, std::slice::from_ref(&renamed));
        assert_eq!(roles::named(tx, TENANT, "Order Watcher")?, None);
        roles::delete(tx, TENANT, role.id)?;
        assert_eq!(roles::of_tenant(tx, TENANT)?, []);
        Ok(())
    });
}
