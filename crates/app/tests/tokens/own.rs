//! Tokens of the desk's own issuer: for whom, of which tenant, by which of its keys.

use crate::provider::{Pair, raw};
use crate::world::{OTHER, SECRET, TENANT, app, apply, client, now, tenants};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use prorata_app::clock::Clock;
use prorata_app::{App, Caller, Error, identity};
use prorata_domain::ids::TenantId;
use prorata_domain::policy::Book;
use serde_json::{Value, json};

const AUDIENCE: &str = "https://management.azure.com";

fn tenant(text: &str) -> TenantId {
    TenantId::parse(text).unwrap()
}

fn desk() -> (App, Caller) {
    let app = app();
    apply(&app, tenants()).unwrap();
    let caller = identity::sign_in(&app, tenant(TENANT), &client(9), SECRET).unwrap();
    (app, caller)
}

fn issued(app: &App, caller: &Caller, audience: &str) -> String {
    let issuer = identity::issuer_at("https://desk.example", Some(caller.tenant));
    identity::issue(app, caller, &issuer, audience).unwrap().access_token
}

fn refused(app: &App, token: &str) -> String {
    match identity::verify(app, token) {
        Err(Error::Unknown(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_token_for_another_audience_is_refused() {
    let (app, caller) = desk();
    assert_eq!(identity::verify(&app, &issued(&app, &caller, AUDIENCE)).unwrap(), caller);
    for wrong in ["https://graph.microsoft.com", "https://desk.example", "api://desk", ""] {
        let why = refused(&app, &issued(&app, &caller, wrong));
        assert!(why.contains("not for this desk"), "{why}");
    }
    identity::known_as(&app, "Desk.example");
    identity::accept_audience(&app, "api://desk");
    for right in ["https://desk.example:8443", "https://desk.example/", "api://desk"] {
        identity::verify(&app, &issued(&app, &caller, right)).unwrap();
    }
}

#[test]
fn a_token_of_another_tenant_than_its_issuer_is_refused() {
    let (app, caller) = desk();
    let of_other = identity::issuer_at("https://desk.example", Some(tenant(OTHER)));
    let token = identity::issue(&app, &caller, &of_other, AUDIENCE).unwrap().access_token;
    assert!(refused(&app, &token).contains("issuer"));
    let anywhere = identity::issuer_at("https://desk.example", None);
    let token = identity::issue(&app, &caller, &anywhere, AUDIENCE).unwrap().access_token;
    identity::verify(&app, &token).unwrap();
}

#[test]
fn the_claims_of_a_token_do_not_count_without_the_desks_signature() {
    let (app, caller) = desk();
    let token = issued(&app, &caller, AUDIENCE);
    let parts: Vec<&str> = token.split('.').collect();
    let read = |part: &str| serde_json::from_slice(&BASE64.decode(part).unwrap()).unwrap();
    let (header, claims): (Value, Value) = (read(parts[0]), read(parts[1]));
    let mut elevated = claims.clone();
    elevated["oid"] = json!("99999999-0000-4000-8000-000000000000");
    let own = parts[2].to_owned();
    assert!(refused(&app, &raw(&header, &elevated, |_| own)).contains("not valid"));
    for algorithm in ["none", "HS256", "ES384", "RS256"] {
        let mut other = header.clone();
        other["alg"] = json!(algorithm);
        let own = parts[2].to_owned();
        assert!(refused(&app, &raw(&other, &claims, |_| own)).contains("not valid"));
    }
    // A key of one's own under the id of the desk's.
    let thief = Pair::elliptic("x");
    let sign = |text: &str| {
        jsonwebtoken::crypto::sign(text.as_bytes(), &thief.private, thief.algorithm).unwrap()
    };
    assert!(refused(&app, &raw(&header, &claims, sign)).contains("not valid"));
}

#[test]
fn an_expired_token_is_refused_and_one_that_is_not_valid_yet() {
    let (app, caller) = desk();
    let issuer = identity::issuer_at("https://desk.example", Some(caller.tenant));
    let at = |second: i64| {
        let issued = identity::issue_for(&app, &caller, &issuer, AUDIENCE, None, second).unwrap();
        identity::verify(&app, &issued.access_token).map_err(|error| error.to_string())
    };
    assert!(at(now() - 3600 - 61).unwrap_err().contains("expired"));
    assert!(at(now() + 90).unwrap_err().contains("not valid yet"));
    at(now() - 3500).unwrap();
}

#[test]
fn tokens_of_a_retired_key_go_on_and_new_ones_are_of_the_new_key() {
    let (app, caller) = desk();
    let before = issued(&app, &caller, AUDIENCE);
    // Another process over the same database, which has read its keys already.
    let clock = Clock::sandbox("2026-08-01T00:00:00Z".parse().unwrap());
    let other = App::open(app.store.clone(), Book::built_in().clone(), clock).unwrap();
    identity::verify(&other, &before).unwrap();
    let old = identity::public_keys(&app).unwrap();
    let new = identity::rotate(&app).unwrap();
    let both = identity::public_keys(&app).unwrap();
    assert_eq!((both.len(), both[0].id == new, &both[1]), (2, true, &old[0]));
    let after = issued(&app, &caller, AUDIENCE);
    let kid = |token: &str| {
        let header = BASE64.decode(token.split('.').next().unwrap()).unwrap();
        serde_json::from_slice::<Value>(&header).unwrap()["kid"].clone()
    };
    assert_eq!((kid(&before), kid(&after)), (json!(old[0].id), json!(new)));
    for token in [&before, &after] {
        identity::verify(&app, token).unwrap();
    }
    // The other process knows both at once.
    for token in [&before, &after] {
        identity::verify(&other, token).unwrap();
    }
    assert_eq!(identity::public_keys(&other).unwrap(), both);
}

#[test]
fn a_guest_signs_in_with_the_secret_of_home_and_acts_where_it_was_asked_to() {
    let (app, at_home) = desk();
    let guests = json!({ "guests": [
        { "tenantId": OTHER, "homeTenantId": TENANT, "clientId": client(9) },
    ]});
    let none = identity::sign_in(&app, tenant(OTHER), &client(9), SECRET);
    assert!(matches!(none, Err(Error::Unknown(_))), "{none:?}");
    apply(&app, guests.clone()).unwrap();
    assert_eq!(apply(&app, guests).unwrap().applied, 0, "the same again changes nothing");
    let guest = identity::sign_in(&app, tenant(OTHER), &client(9), SECRET).unwrap();
    assert_eq!((guest.tenant, guest.home), (tenant(OTHER), tenant(TENANT)));
    assert_eq!(guest.principal, at_home.principal);
    let wrong = identity::sign_in(&app, tenant(OTHER), &client(9), "another secret");
    assert!(matches!(wrong, Err(Error::Unknown(_))), "{wrong:?}");
    let back = identity::verify(&app, &issued(&app, &guest, AUDIENCE)).unwrap();
    assert_eq!(back, guest, "a token tells both tenants");
    let names: Vec<String> =
        identity::tenants(&app, &guest).unwrap().into_iter().map(|tenant| tenant.name).collect();
    assert_eq!(names, ["ours", "theirs"]);
    assert_eq!(identity::switch(&app, &guest, tenant(TENANT)).unwrap(), at_home);
    let nowhere = TenantId::parse(&client(1)).unwrap();
    assert!(matches!(identity::switch(&app, &guest, nowhere), Err(Error::Absent { .. })));
}

#[test]
fn who_only_shares_an_object_id_is_no_guest() {
    let (app, caller) = desk();
    // Another account of the same object id in the other tenant, by chance or on purpose.
    apply(&app, json!({ "principals": [{
        "tenantId": OTHER, "clientId": client(8), "id": caller.principal, "name": "somebody else",
        "clientSecret": SECRET,
    }]}))
    .unwrap();
    let switched = identity::switch(&app, &caller, tenant(OTHER));
    assert!(matches!(switched, Err(Error::Absent { .. })), "{switched:?}");
    assert_eq!(identity::tenants(&app, &caller).unwrap().len(), 1);
}
