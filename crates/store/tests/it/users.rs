//! People, their sessions, the secrets of programs, and what was revoked.

use crate::sample::{OTHER_TENANT, PRINCIPAL, TENANT, at, id, put_world, write};
use prorata_domain::ids::PrincipalId;
use prorata_domain::principal::PrincipalKind;
use prorata_store::{Store, StoreError, Tx, revocations, secrets, sessions, users, world};

crate::contracts!(
    a_user_is_found_by_name_and_by_invitation,
    a_user_name_is_taken_once,
    an_invitation_is_taken_once,
    a_step_and_a_recovery_code_are_taken_once,
    sessions_come_back_and_end,
    secrets_are_found_by_how_they_begin,
    revocations_are_read_by_change,
);

fn put_person(tx: &mut Tx<'_>, principal: PrincipalId, name: &str) -> Result<(), StoreError> {
    put_world(tx)?;
    let row = world::Principal {
        tenant: TENANT,
        id: principal,
        client_id: principal.to_string(),
        name: name.to_owned(),
        secret_hash: String::new(),
        kind: PrincipalKind::User,
        home: None,
    };
    world::put_principal(tx, &row).map(drop)
}

fn anna() -> users::User {
    users::User {
        tenant: TENANT,
        id: PRINCIPAL,
        user_name: "anna@contoso.example".to_owned(),
        display_name: "Anna".to_owned(),
        mail: Some("anna@contoso.example".to_owned()),
        password_hash: None,
        password_at: None,
        invitation: Some(("invitation".to_owned(), at(100))),
        created_at: at(0),
    }
}

fn put_anna(store: &Store) {
    write(store, |tx| {
        put_person(tx, PRINCIPAL, "Anna")?;
        users::insert(tx, &anna())
    });
}

fn a_user_is_found_by_name_and_by_invitation(store: &Store) {
    put_anna(store);
    write(store, |tx| {
        assert_eq!(users::by_name(tx, "anna@contoso.example")?, Some(anna()));
        assert_eq!(users::by_name(tx, "bert")?, None);
        assert_eq!(users::by_invitation(tx, "invitation")?, Some(anna()));
        assert_eq!(users::user(tx, TENANT, PRINCIPAL)?, Some(anna()));
        assert_eq!(users::user(tx, OTHER_TENANT, PRINCIPAL)?, None);
        assert_eq!(users::of_tenant(tx, TENANT, None, 10)?, [anna()]);
        assert_eq!(users::of_tenant(tx, TENANT, Some(PRINCIPAL), 10)?, []);
        users::set_name(tx, TENANT, PRINCIPAL, "Anna B.")?;
        users::set_mail(tx, TENANT, PRINCIPAL, None)?;
        let changed = users::user(tx, TENANT, PRINCIPAL)?.unwrap();
        assert_eq!((changed.display_name.as_str(), changed.mail), ("Anna B.", None));
        assert_eq!(users::rule(tx, TENANT)?, None);
        assert!(users::put_rule(tx, TENANT, "money")?);
        assert!(!users::put_rule(tx, TENANT, "money")?);
        assert_eq!(users::rule(tx, TENANT)?.as_deref(), Some("money"));
        Ok(())
    });
}

fn a_user_name_is_taken_once(store: &Store) {
    put_anna(store);
    let again: Result<(), StoreError> = store.write(|tx| {
        let other = PrincipalId(id(77));
        put_person(tx, other, "another Anna")?;
        users::insert(tx, &users::User { id: other, ..anna() })
    });
    assert!(matches!(again, Err(StoreError::Constraint(_))), "{again:?}");
}

fn an_invitation_is_taken_once(store: &Store) {
    put_anna(store);
    write(store, |tx| {
        assert!(users::take_invitation(tx, "invitation", "hash", at(5))?);
        assert!(!users::take_invitation(tx, "invitation", "other", at(6))?);
        let user = users::user(tx, TENANT, PRINCIPAL)?.unwrap();
        assert_eq!((user.password_hash.as_deref(), user.password_at), (Some("hash"), Some(at(5))));
        assert_eq!(user.invitation, None);
        assert!(users::change_password(tx, &user, "newer", at(7))?);
        assert!(!users::change_password(tx, &user, "newest", at(8))?, "the old one has changed");
        users::invite(tx, TENANT, PRINCIPAL, "again", at(200))?;
        let user = users::user(tx, TENANT, PRINCIPAL)?.unwrap();
        assert_eq!(user.password_hash, None);
        assert_eq!(user.invitation, Some(("again".to_owned(), at(200))));
        users::set_password(tx, TENANT, PRINCIPAL, "set", at(9))?;
        assert_eq!(users::user(tx, TENANT, PRINCIPAL)?.unwrap().invitation, None);
        Ok(())
    });
}

fn a_step_and_a_recovery_code_are_taken_once(store: &Store) {
    put_anna(store);
    write(store, |tx| {
        assert!(users::put_factor(tx, TENANT, PRINCIPAL, "seed")?);
        assert!(users::put_factor(tx, TENANT, PRINCIPAL, "other seed")?, "nothing confirmed yet");
        assert!(users::confirm_factor(tx, TENANT, PRINCIPAL, at(1))?);
        assert!(!users::confirm_factor(tx, TENANT, PRINCIPAL, at(2))?);
        assert!(!users::put_factor(tx, TENANT, PRINCIPAL, "forged")?, "a confirmed one stays");
        assert!(users::take_step(tx, TENANT, PRINCIPAL, 40)?);
        assert!(!users::take_step(tx, TENANT, PRINCIPAL, 40)?);
        assert!(!users::take_step(tx, TENANT, PRINCIPAL, 39)?);
        assert!(users::take_step(tx, TENANT, PRINCIPAL, 41)?);
        let factor = users::factor(tx, TENANT, PRINCIPAL)?.unwrap();
        assert_eq!((factor.seed.as_str(), factor.last_step), ("other seed", 41));
        assert_eq!(factor.confirmed_at, Some(at(1)));
        users::put_codes(tx, TENANT, PRINCIPAL, &["a".to_owned(), "b".to_owned()])?;
        assert_eq!(users::codes_left(tx, TENANT, PRINCIPAL)?, 2);
        assert!(users::take_code(tx, TENANT, PRINCIPAL, "a", at(3))?);
        assert!(!users::take_code(tx, TENANT, PRINCIPAL, "a", at(4))?);
        assert!(!users::take_code(tx, TENANT, PRINCIPAL, "c", at(4))?);
        assert_eq!(users::codes_left(tx, TENANT, PRINCIPAL)?, 1);
        users::put_codes(tx, TENANT, PRINCIPAL, &["c".to_owned()])?;
        assert!(!users::take_code(tx, TENANT, PRINCIPAL, "b", at(5))?, "replaced");
        assert!(users::remove_factor(tx, TENANT, PRINCIPAL)?);
        assert!(!users::remove_factor(tx, TENANT, PRINCIPAL)?);
        assert_eq!(users::codes_left(tx, TENANT, PRINCIPAL)?, 0);
        Ok(())
    });
}

fn session(number: u128) -> sessions::Session {
    sessions::Session {
        hash: format!("hash-{number}"),
        id: id(number),
        tenant: TENANT,
        principal: PRINCIPAL,
        stage: "open".to_owned(),
        proof: "password".to_owned(),
        caller: "{}".to_owned(),
        began_at: at(number as i64),
        used_at: at(number as i64),
        ends_at: at(1000 + number as i64),
        address: None,
        agent: Some("browser".to_owned()),
    }
}

fn sessions_come_back_and_end(store: &Store) {
    write(store, |tx| {
        (1..6).try_for_each(|number| sessions::insert(tx, &session(number)))?;
        assert_eq!(sessions::find(tx, "hash-2")?, Some(session(2)));
        assert_eq!(sessions::find(tx, "hash-9")?, None);
        sessions::used(tx, "hash-2", at(50), Some("192.0.2.1"), None)?;
        let used = sessions::find(tx, "hash-2")?.unwrap();
        assert_eq!((used.used_at, used.address.as_deref()), (at(50), Some("192.0.2.1")));
        assert_eq!(sessions::of_principal(tx, TENANT, PRINCIPAL)?.len(), 5);
        assert_eq!(sessions::of_principal(tx, OTHER_TENANT, PRINCIPAL)?.len(), 0);
        sessions::end(tx, "hash-1")?;
        assert!(!sessions::end_one(tx, OTHER_TENANT, PRINCIPAL, id(2))?, "not theirs");
        assert!(sessions::end_one(tx, TENANT, PRINCIPAL, id(2))?);
        assert!(!sessions::end_one(tx, TENANT, PRINCIPAL, id(2))?);
        sessions::end_lapsed(tx, at(1004))?;
        let left = sessions::of_principal(tx, TENANT, PRINCIPAL)?;
        assert_eq!(left.iter().map(|row| row.id).collect::<Vec<_>>(), [id(4), id(5)]);
        assert_eq!(sessions::end_all(tx, TENANT, PRINCIPAL, Some("hash-5"))?, 1);
        assert_eq!(sessions::end_all(tx, TENANT, PRINCIPAL, None)?, 1);
        Ok(())
    });
}

fn secrets_are_found_by_how_they_begin(store: &Store) {
    let secret = secrets::Secret {
        tenant: TENANT,
        principal: PRINCIPAL,
        id: id(1),
        name: "first".to_owned(),
        hint: "Ab3".to_owned(),
        hash: "hash".to_owned(),
        created_at: at(0),
        ends_at: at(9),
        used_at: None,
    };
    let sent = secret.clone();
    write(store, move |tx| {
        put_person(tx, PRINCIPAL, "robot")?;
        secrets::insert(tx, &sent)
    });
    let twice: Result<(), StoreError> = store.write({
        let twin = secrets::Secret { id: id(2), ..secret.clone() };
        move |tx| secrets::insert(tx, &twin)
    });
    assert!(matches!(twice, Err(StoreError::Constraint(_))), "{twice:?}");
    write(store, move |tx| {
        assert_eq!(secrets::by_hint(tx, TENANT, PRINCIPAL, "Ab3")?, Some(secret.clone()));
        assert_eq!(secrets::by_hint(tx, TENANT, PRINCIPAL, "ab3")?, None);
        assert_eq!(secrets::by_hint(tx, OTHER_TENANT, PRINCIPAL, "Ab3")?, None);
        secrets::used(tx, &secret, at(5))?;
        let listed = secrets::of_principal(tx, TENANT, PRINCIPAL)?;
        assert_eq!(listed.iter().map(|row| row.used_at).collect::<Vec<_>>(), [Some(at(5))]);
        assert!(!secrets::remove(tx, OTHER_TENANT, PRINCIPAL, secret.id)?);
        assert!(secrets::remove(tx, TENANT, PRINCIPAL, secret.id)?);
        assert!(!secrets::remove(tx, TENANT, PRINCIPAL, secret.id)?);
        assert!(!secrets::clear_first(tx, TENANT, PRINCIPAL)?, "it has none of a document");
        Ok(())
    });
}

fn revocations_are_read_by_change(store: &Store) {
    let row = |number: u128, closed| revocations::Revocation {
        tenant: TENANT,
        subject: id(number),
        tokens_from: 7,
        closed,
        changed_at: at(number as i64),
    };
    write(store, move |tx| {
        revocations::put(tx, &row(1, false))?;
        revocations::put(tx, &row(2, true))?;
        revocations::put(tx, &row(3, false))?;
        assert_eq!(revocations::one(tx, TENANT, id(2))?, Some(row(2, true)));
        assert_eq!(revocations::one(tx, OTHER_TENANT, id(2))?, None);
        assert_eq!(revocations::since(tx, at(2))?, [row(2, true), row(3, false)]);
        revocations::put(tx, &revocations::Revocation { tokens_from: 9, ..row(3, true) })?;
        assert_eq!(revocations::one(tx, TENANT, id(3))?.map(|row| row.tokens_from), Some(9));
        revocations::forget(tx, at(3))?;
        assert_eq!(revocations::one(tx, TENANT, id(1))?, None);
        assert!(revocations::one(tx, TENANT, id(2))?.is_some(), "what is closed stays closed");
        Ok(())
    });
}
