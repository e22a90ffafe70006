//! Partners, their customers and agents, permissions, registered subscriptions and carts.

use crate::sample::{OTHER_TENANT, PRINCIPAL, TENANT, at, day, id, put_world, write};
use prorata_domain::ids::{PrincipalId, SubscriptionId, TenantId};
use prorata_domain::partner::{PartnerKind, PartnerRole, Relationship};
use prorata_domain::principal::PrincipalKind;
use prorata_store::partners::{Agent, Customer, Permission};
use prorata_store::{Store, StoreError, Tx, carts, partners, world};

crate::contracts!(
    a_partner_and_its_customers_come_back,
    roles_hold_between_their_days,
    an_agent_is_found_by_client_and_customer,
    a_permission_says_what_was_said_last,
    a_cart_is_changed_from_the_version_it_was_read_in,
);

const PARTNER: TenantId = TENANT;
const CUSTOMER: TenantId = OTHER_TENANT;

fn relationship() -> Relationship {
    Relationship {
        since: day(2),
        until: Some(day(9)),
        azure_plan: true,
        market: Some("GB".to_owned()),
    }
}

fn customer() -> Customer {
    Customer {
        partner: PARTNER,
        customer: CUSTOMER,
        name: "tenant".to_owned(),
        relationship: relationship(),
        reseller: Some(PARTNER),
    }
}

fn put_partner(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    put_world(tx)?;
    partners::put_partner(tx, PARTNER, PartnerKind::IndirectProvider)?;
    partners::put_customer(tx, &customer()).map(drop)
}

fn agent(role: PartnerRole) -> Agent {
    Agent {
        principal: PRINCIPAL,
        name: "robot".to_owned(),
        role,
        since: day(3),
        until: Some(day(5)),
    }
}

fn a_partner_and_its_customers_come_back(store: &Store) {
    write(store, |tx| {
        put_partner(tx)?;
        assert!(!partners::put_partner(tx, PARTNER, PartnerKind::IndirectProvider)?);
        assert!(!partners::put_customer(tx, &customer())?, "the same again changes nothing");
        assert!(partners::put_account(tx, "account", PARTNER, CUSTOMER)?);
        assert!(!partners::put_account(tx, "account", PARTNER, CUSTOMER)?);
        Ok(())
    });
    write(store, |tx| {
        let found = partners::partner(tx, PARTNER)?.unwrap();
        assert_eq!((found.kind, found.name.as_str()), (PartnerKind::IndirectProvider, "tenant"));
        assert_eq!(partners::partner(tx, CUSTOMER)?, None);
        assert_eq!(partners::customer(tx, PARTNER, CUSTOMER)?, Some(customer()));
        assert_eq!(partners::customer(tx, CUSTOMER, PARTNER)?, None);
        assert_eq!(partners::customers(tx, PARTNER, None, 10)?, [customer()]);
        assert_eq!(partners::customers(tx, PARTNER, Some(CUSTOMER), 10)?, []);
        assert_eq!(partners::resold(tx, PARTNER, CUSTOMER)?, [customer()]);
        assert_eq!(partners::seller(tx, "account")?.unwrap().partner, PARTNER);
        assert_eq!(partners::seller(tx, "none")?, None);
        assert_eq!(partners::accounts(tx, PARTNER, CUSTOMER)?, ["account"]);
        let endless = Relationship { until: None, ..relationship() };
        let changed = Customer { relationship: endless, ..customer() };
        assert!(partners::put_customer(tx, &changed)?, "a value that goes is a change");
        assert_eq!(partners::customer(tx, PARTNER, CUSTOMER)?, Some(changed));
        Ok(())
    });
}

fn roles_hold_between_their_days(store: &Store) {
    write(store, |tx| {
        put_partner(tx)?;
        for role in [PartnerRole::SalesAgent, PartnerRole::AdminAgent] {
            assert!(partners::put_agent(tx, PARTNER, &agent(role))?);
            assert!(!partners::put_agent(tx, PARTNER, &agent(role))?);
        }
        let endless = Agent { until: None, ..agent(PartnerRole::SalesAgent) };
        assert!(partners::put_agent(tx, PARTNER, &endless)?);
        let mut on = |number| partners::roles(tx, PARTNER, PRINCIPAL, day(number));
        assert_eq!(on(2)?, []);
        assert_eq!(on(3)?, [PartnerRole::AdminAgent, PartnerRole::SalesAgent]);
        assert_eq!(on(5)?, [PartnerRole::SalesAgent]);
        assert_eq!(partners::roles(tx, CUSTOMER, PRINCIPAL, day(3))?, []);
        Ok(())
    });
}

fn an_agent_is_found_by_client_and_customer(store: &Store) {
    write(store, |tx| {
        put_partner(tx)?;
        let principal = world::Principal {
            tenant: PARTNER,
            id: PRINCIPAL,
            client_id: "ABC".into(),
            name: "robot".into(),
            secret_hash: "hash".into(),
            kind: PrincipalKind::ServicePrincipal,
            home: None,
        };
        world::put_principal(tx, &principal)?;
        for role in [PartnerRole::SalesAgent, PartnerRole::AdminAgent] {
            partners::put_agent(tx, PARTNER, &agent(role))?;
        }
        assert_eq!(partners::employers(tx, "aBc", CUSTOMER)?, [PARTNER]);
        assert_eq!(partners::employers(tx, "abc", PARTNER)?, []);
        assert_eq!(partners::employers(tx, "other", CUSTOMER)?, []);
        let listed = partners::agents(tx, PARTNER)?;
        assert_eq!(listed, [agent(PartnerRole::AdminAgent), agent(PartnerRole::SalesAgent)]);
        Ok(())
    });
}

fn a_permission_says_what_was_said_last(store: &Store) {
    write(store, |tx| {
        put_partner(tx)?;
        assert_eq!(partners::permission(tx, PARTNER, CUSTOMER, "reservations")?, None);
        let mut said = Permission { allowed: true, changed_at: at(1), changed_by: PRINCIPAL };
        assert!(partners::put_permission(tx, PARTNER, CUSTOMER, "reservations", &said)?);
        let again = Permission { changed_at: at(2), changed_by: PrincipalId(id(9)), ..said };
        assert!(!partners::put_permission(tx, PARTNER, CUSTOMER, "reservations", &again)?);
        let kept = partners::permission(tx, PARTNER, CUSTOMER, "reservations")?;
        assert_eq!(kept, Some(said.clone()), "saying the same again changes nothing");
        said = Permission { allowed: false, changed_at: at(3), ..said };
        assert!(partners::put_permission(tx, PARTNER, CUSTOMER, "reservations", &said)?);
        let kept = partners::permission(tx, PARTNER, CUSTOMER, "reservations")?;
        assert_eq!(kept, Some(said));
        let subscription = SubscriptionId(id(7));
        assert_eq!(partners::registered_at(tx, subscription)?, None);
        assert!(partners::register(tx, subscription, at(1), PRINCIPAL)?);
        assert!(!partners::register(tx, subscription, at(2), PRINCIPAL)?);
        assert_eq!(partners::registered_at(tx, subscription)?, Some(at(1)));
        Ok(())
    });
}

fn a_cart_is_changed_from_the_version_it_was_read_in(store: &Store) {
    let cart = carts::Cart {
        partner: PARTNER,
        customer: CUSTOMER,
        id: id(5),
        created_at: at(1),
        lapses_at: at(9),
        changed_at: at(1),
        changed_by: PRINCIPAL,
        status: "Active".to_owned(),
        doc: "{}".to_owned(),
        version: 1,
    };
    let kept = cart.clone();
    write(store, move |tx| {
        put_partner(tx)?;
        carts::insert(tx, &kept)
    });
    write(store, move |tx| {
        assert_eq!(carts::load(tx, PARTNER, CUSTOMER, cart.id)?, Some(cart.clone()));
        assert_eq!(carts::load(tx, CUSTOMER, PARTNER, cart.id)?, None);
        let changed =
            carts::Cart { status: "Ordered".to_owned(), changed_at: at(2), ..cart.clone() };
        assert!(carts::replace(tx, &changed)?);
        assert!(!carts::replace(tx, &changed)?, "it has another version by now");
        let found = carts::load(tx, PARTNER, CUSTOMER, cart.id)?.unwrap();
        assert_eq!((found.version, found.status.as_str()), (2, "Ordered"));
        Ok(())
    });
}
