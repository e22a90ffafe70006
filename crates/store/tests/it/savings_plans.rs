//! Savings plans and the names that orders are bought under.

use crate::sample::{
    OPERATION, OTHER_TENANT, PRINCIPAL, TENANT, at, day, id, put_world, usd, write,
};
use prorata_domain::access::Scope;
use prorata_domain::ids::{
    AssignmentId, EntryId, OperationId, SavingsPlanId, SavingsPlanOrderId, SubscriptionId,
};
use prorata_domain::policy::PlanKind;
use prorata_domain::reservation::AppliedScope;
use prorata_domain::savings_plan::{AcquiredBy, Commitment, Order, SavingsPlan, State};
use prorata_domain::term::{BillingPlan, Term};
use prorata_ledger::{Currency, Hourly};
use prorata_store::aliases::{self, Alias, AliasKind};
use prorata_store::savings_plans::{self, Payment};
use prorata_store::{Store, StoreError, world};

crate::contracts!(
    a_plan_comes_back_and_changes_by_revision,
    payments_of_a_plan_come_back,
    a_name_is_used_once,
    roles_on_plans_are_found_by_their_order,
    names_and_revisions_stay,
);

fn order(number: u128) -> Order {
    Order {
        id: SavingsPlanOrderId(id(0x2000 + number)),
        tenant: TENANT,
        billing_account: "account".into(),
        billing_profile: Some("profile".into()),
        customer: None,
        billing_subscription: SubscriptionId(id(5)),
        buyer: PRINCIPAL,
        display_name: format!("plan {number}"),
        commitment: Commitment {
            sku: "Compute_Savings_Plan".into(),
            kind: PlanKind::Compute,
            term: Term::P3Y,
            plan: BillingPlan::Monthly,
            hourly: Hourly::new(1, Currency::USD),
            whole_term: usd(2_628),
            payment: usd(73),
            usd_rate: "1".parse().unwrap(),
        },
        requested_at: at(0),
        started_at: at(1),
        expires_on: day(20),
        payments_made: 1,
        version: 1,
    }
}

fn plan(order: &Order) -> SavingsPlan {
    SavingsPlan {
        id: SavingsPlanId(id(0x3000)),
        order: order.id,
        tenant: order.tenant,
        display_name: order.display_name.clone(),
        applied_scope: AppliedScope::ResourceGroup {
            subscription: SubscriptionId(id(5)),
            name: "Web".into(),
        },
        renew: false,
        renewal: None,
        state: State::Active,
        acquired_by: AcquiredBy::TradeIn,
        purchased_at: at(1),
        effective_at: at(1),
        updated_at: at(1),
        renew_source: Some((SavingsPlanOrderId(id(1)), SavingsPlanId(id(2)))),
        renew_destination: None,
        revision: 1,
    }
}

fn a_plan_comes_back_and_changes_by_revision(store: &Store) {
    let (bought, other) = (order(1), order(2));
    let held = plan(&bought);
    let changed = SavingsPlan {
        display_name: "renamed".into(),
        applied_scope: AppliedScope::Shared,
        renew: true,
        renewal: Some(held.renewal_request(&bought)),
        state: State::Expired,
        renew_destination: Some((other.id, SavingsPlanId(id(9)))),
        revision: 2,
        ..held.clone()
    };
    let paid = Order { payments_made: 2, version: 2, ..bought.clone() };
    let rows = (bought.clone(), other.clone(), held.clone(), changed.clone(), paid.clone());
    write(store, move |tx| {
        let (bought, other, held, changed, paid) = &rows;
        put_world(tx)?;
        savings_plans::insert(tx, bought, held, OPERATION)?;
        savings_plans::insert(tx, other, &plan(other), OPERATION)?;
        assert!(!savings_plans::update(tx, changed, 7, OPERATION)?, "another revision is there");
        assert!(savings_plans::update(tx, changed, 1, OPERATION)?);
        assert!(!savings_plans::update_order(tx, paid, 7)?, "another version is there");
        assert!(savings_plans::update_order(tx, paid, 1)?);
        Ok(())
    });
    write(store, move |tx| {
        let found = savings_plans::held(tx, TENANT, bought.id)?;
        assert_eq!(found, Some((paid.clone(), changed.clone())));
        assert_eq!(savings_plans::held(tx, OTHER_TENANT, bought.id)?, None);
        assert_eq!(savings_plans::load_order(tx, TENANT, other.id)?, Some(other.clone()));
        let first = savings_plans::page(tx, TENANT, None, 1)?;
        assert_eq!(first.iter().map(|row| row.0.id).collect::<Vec<_>>(), [bought.id]);
        let next = savings_plans::page(tx, TENANT, Some(bought.id), 5)?;
        assert_eq!(next.iter().map(|row| row.0.id).collect::<Vec<_>>(), [other.id]);
        let of = |tx: &mut _, account| savings_plans::page_of_account(tx, account, TENANT, None, 5);
        assert_eq!((of(tx, "account")?.len(), of(tx, "none")?.len()), (2, 0));
        assert_eq!(savings_plans::all(tx, None, 5)?.len(), 2);
        let revisions = savings_plans::revisions(tx, TENANT, bought.id, held.id)?;
        let told: Vec<_> = revisions.into_iter().map(|row| (row.number, row.plan)).collect();
        assert_eq!(told, [(1, held.clone()), (2, changed.clone())]);
        Ok(())
    });
}

fn payments_of_a_plan_come_back(store: &Store) {
    let payment = Payment {
        order: order(1).id,
        number: 1,
        due: day(4),
        amount: usd(73),
        paid_at: at(5),
        entry: EntryId(id(6)),
    };
    write(store, move |tx| savings_plans::insert_payment(tx, &payment));
    write(store, move |tx| {
        assert_eq!(savings_plans::payments(tx, payment.order)?, [payment]);
        Ok(())
    });
    let twice: Result<(), StoreError> =
        store.write(move |tx| savings_plans::insert_payment(tx, &payment));
    assert!(matches!(twice, Err(StoreError::Constraint(_))), "{twice:?}");
}

fn alias(kind: AliasKind) -> Alias {
    Alias {
        tenant: TENANT,
        kind,
        name: "First".into(),
        principal: PRINCIPAL,
        at: at(3),
        request_hash: "hash".into(),
        order: id(4),
        operation: OperationId(id(match kind {
            AliasKind::Reservation => 5,
            AliasKind::SavingsPlan => 6,
        })),
        doc: "{}".into(),
    }
}

fn a_name_is_used_once(store: &Store) {
    use AliasKind::{Reservation, SavingsPlan};
    write(store, move |tx| {
        assert!(aliases::insert(tx, &alias(SavingsPlan))?);
        let again = Alias { name: "fIRST".into(), order: id(9), ..alias(SavingsPlan) };
        assert!(!aliases::insert(tx, &again)?, "names have no letter case");
        assert!(aliases::insert(tx, &alias(Reservation))?, "the other kind has names of its own");
        Ok(())
    });
    write(store, move |tx| {
        let found = aliases::load(tx, TENANT, SavingsPlan, "FIRST")?;
        assert_eq!(found, Some(alias(SavingsPlan)));
        assert_eq!(aliases::load(tx, OTHER_TENANT, SavingsPlan, "first")?, None);
        assert_eq!(aliases::load(tx, TENANT, SavingsPlan, "second")?, None);
        let operation = alias(Reservation).operation;
        assert_eq!(aliases::of_operation(tx, TENANT, operation)?, Some(alias(Reservation)));
        assert_eq!(aliases::of_operation(tx, OTHER_TENANT, operation)?, None);
        Ok(())
    });
}

fn roles_on_plans_are_found_by_their_order(store: &Store) {
    let (first, second) = (order(1).id, order(2).id);
    let scopes = [
        Scope::benefits(),
        Scope::savings_plan_order(first),
        Scope::savings_plan(first, SavingsPlanId(id(3))),
        Scope::savings_plan_order(second),
    ];
    let given = scopes.clone();
    write(store, move |tx| {
        put_world(tx)?;
        for (number, scope) in (1..).zip(&given) {
            let assignment = world::RoleAssignment {
                id: AssignmentId(id(number)),
                tenant: TENANT,
                principal: PRINCIPAL,
                role: "Reader".into(),
                scope: scope.as_str().to_ascii_uppercase(),
            };
            assert!(world::put_assignment(tx, &assignment)?);
        }
        let about = world::assignments_about_savings_plans(tx, TENANT, PRINCIPAL, first)?;
        let found: Vec<_> = about.into_iter().map(|given| given.scope).collect();
        assert_eq!(found, scopes[..3]);
        Ok(())
    });
}

fn names_and_revisions_stay(store: &Store) {
    write(store, move |tx| {
        put_world(tx)?;
        savings_plans::insert(tx, &order(1), &plan(&order(1)), OPERATION)?;
        aliases::insert(tx, &alias(AliasKind::SavingsPlan)).map(drop)
    });
    for sql in [
        "UPDATE savings_plan_revisions SET doc = ''",
        "DELETE FROM savings_plan_revisions",
        "UPDATE order_aliases SET doc = ''",
        "DELETE FROM order_aliases",
    ] {
        let refused: Result<u64, StoreError> = store.write(move |tx| tx.execute(sql, &[]));
        assert!(matches!(&refused, Err(StoreError::Constraint(_))), "{sql}: {refused:?}");
    }
}
