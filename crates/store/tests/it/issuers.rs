//! Issuers, the accounts of theirs that are principals, guests, keys, and answers taken once.

use crate::sample::{OTHER_TENANT, PRINCIPAL, TENANT, at, write};
use prorata_domain::ids::TenantId;
use prorata_domain::principal::PrincipalKind;
use prorata_store::issuers::{self, Identity, Issuer};
use prorata_store::signing_keys::{self, SigningKey};
use prorata_store::world::{self, Principal, Tenant};
use prorata_store::{Store, StoreError, Tx, directory};

crate::contracts!(
    an_issuer_is_kept_with_its_secret_apart,
    an_account_is_a_principal_of_one_tenant,
    a_guest_is_the_same_account_elsewhere,
    keys_retire_and_go,
    an_answer_is_taken_once,
);

fn issuer(secret: Option<&str>) -> Issuer {
    Issuer {
        id: "work".to_owned(),
        url: "https://id.example".to_owned(),
        doc: "{}".to_owned(),
        secret: secret.map(str::to_owned),
    }
}

fn person(tenant: TenantId, home: Option<TenantId>) -> Principal {
    Principal {
        tenant,
        id: PRINCIPAL,
        client_id: "ada".to_owned(),
        name: "Ada".to_owned(),
        secret_hash: String::new(),
        kind: PrincipalKind::User,
        home,
    }
}

fn put_tenants(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    world::put_tenant(tx, &Tenant { id: TENANT, name: "ours".to_owned() })?;
    world::put_tenant(tx, &Tenant { id: OTHER_TENANT, name: "theirs".to_owned() }).map(drop)
}

fn an_issuer_is_kept_with_its_secret_apart(store: &Store) {
    write(store, |tx| {
        assert!(issuers::put(tx, &issuer(Some("s")))?);
        assert!(!issuers::put(tx, &issuer(Some("s")))?, "the same again changes nothing");
        assert!(issuers::put(tx, &issuer(None))?, "a secret that goes is a change");
        Ok(())
    });
    write(store, |tx| {
        assert!(issuers::all(tx)? == [issuer(None)]);
        assert!(issuers::remove(tx, "work")? && !issuers::remove(tx, "work")?);
        assert!(issuers::all(tx)?.is_empty());
        Ok(())
    });
    let twice = store.write(|tx| {
        issuers::put(tx, &issuer(None))?;
        issuers::put(tx, &Issuer { id: "other".to_owned(), ..issuer(None) })
    });
    assert!(matches!(twice, Err(StoreError::Constraint(_))), "{twice:?}");
}

fn an_account_is_a_principal_of_one_tenant(store: &Store) {
    let ada = Identity { issuer: "https://id.example".to_owned(), subject: "1".to_owned() };
    let stranger = Identity { issuer: "https://other.example".to_owned(), ..ada.clone() };
    write(store, move |tx| {
        put_tenants(tx)?;
        world::put_principal(tx, &person(TENANT, None))?;
        assert!(issuers::bind(tx, &ada, TENANT, PRINCIPAL)?);
        assert!(!issuers::bind(tx, &ada, TENANT, PRINCIPAL)?);
        assert_eq!(issuers::principal(tx, &ada, TENANT)?, Some(person(TENANT, None)));
        assert_eq!(issuers::principal(tx, &ada, OTHER_TENANT)?, None);
        assert_eq!(issuers::principal(tx, &stranger, TENANT)?, None, "the issuer counts");
        assert_eq!(issuers::identities(tx, TENANT, PRINCIPAL)?, std::slice::from_ref(&ada));
        assert!(issuers::unbind(tx, &ada, TENANT)? && !issuers::unbind(tx, &ada, TENANT)?);
        assert_eq!(issuers::principal(tx, &ada, TENANT)?, None);
        Ok(())
    });
}

fn a_guest_is_the_same_account_elsewhere(store: &Store) {
    write(store, |tx| {
        put_tenants(tx)?;
        world::put_principal(tx, &person(TENANT, None))?;
        let names = |tx: &mut Tx<'_>, home| {
            let tenants = issuers::tenants_of(tx, home, PRINCIPAL)?;
            Ok::<_, StoreError>(tenants.into_iter().map(|tenant| tenant.name).collect::<Vec<_>>())
        };
        assert_eq!(names(tx, TENANT)?, ["ours"]);
        assert!(world::put_principal(tx, &person(OTHER_TENANT, Some(TENANT)))?);
        assert!(!world::put_principal(tx, &person(OTHER_TENANT, Some(TENANT)))?);
        assert_eq!(names(tx, TENANT)?, ["ours", "theirs"]);
        let found = world::principal(tx, OTHER_TENANT, PRINCIPAL)?.map(|guest| guest.home);
        assert_eq!(found, Some(Some(TENANT)));
        let only = directory::only_client(tx, "ADA")?.map(|account| account.tenant);
        assert_eq!(only, Some(TENANT), "a guest does not make its client ambiguous");
        // Somebody else's principal of the same id is not the account's.
        assert!(world::put_principal(tx, &person(OTHER_TENANT, None))?);
        assert_eq!(names(tx, TENANT)?, ["ours"]);
        Ok(())
    });
}

fn keys_retire_and_go(store: &Store) {
    let key = |id: &str, seconds| SigningKey {
        id: id.to_owned(),
        pem: format!("pem of {id}"),
        made_at: at(seconds),
        retired_at: None,
    };
    write(store, move |tx| {
        signing_keys::insert(tx, &key("a", 1))?;
        signing_keys::insert(tx, &key("b", 2))?;
        signing_keys::insert(tx, &SigningKey { pem: "another".to_owned(), ..key("b", 2) })?;
        assert_eq!(signing_keys::retire_others(tx, "b", at(2))?, 1);
        assert_eq!(signing_keys::retire_others(tx, "b", at(9))?, 0, "it retired once");
        let retired = SigningKey { retired_at: Some(at(2)), ..key("a", 1) };
        assert!(signing_keys::all(tx)? == [key("b", 2), retired]);
        assert_eq!(signing_keys::remove_retired(tx, at(2))?, 0);
        assert_eq!(signing_keys::remove_retired(tx, at(3))?, 1);
        assert!(signing_keys::all(tx)? == [key("b", 2)]);
        Ok(())
    });
}

fn an_answer_is_taken_once(store: &Store) {
    write(store, |tx| {
        assert!(issuers::use_once(tx, "x", at(10), at(1))?);
        assert!(!issuers::use_once(tx, "x", at(10), at(2))?);
        assert!(!issuers::use_once(tx, "x", at(10), at(10))?, "not before it lapses");
        assert!(issuers::use_once(tx, "x", at(20), at(11))?);
        Ok(())
    });
}
