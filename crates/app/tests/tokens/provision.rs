//! The first sight of an account: it makes a principal where the operator wants that, and never
//! takes over somebody else's.

use crate::world::{OTHER, TENANT, Trust, apply, claims, client, now};
use prorata_app::identity::issuers::{IssuerRow, Provision};
use prorata_app::{Error, PrincipalKind, identity};
use prorata_store::world;
use serde_json::{Value, json};

fn provisions(trust: &Trust, id: &str, provision: Provision) {
    let shown = identity::issuers::list(&trust.app).into_iter();
    let row = shown.map(|shown| shown.row).find(|row| row.id == id).unwrap();
    identity::issuers::add(&trust.app, IssuerRow { provision, ..row }).unwrap();
}

fn entra(trust: &Trust, oid: &str, more: Value) -> String {
    let mut claims = json!({
        "iss": format!("{}/{TENANT}/v2.0", trust.entra.0.url), "aud": "api://desk",
        "tid": TENANT, "oid": oid, "sub": "pairwise", "exp": now() + 60, "scp": "x",
        "name": "New\u{7} One", "azp": "cli",
    });
    for (name, value) in more.as_object().unwrap() {
        claims[name] = value.clone();
    }
    trust.entra.1.sign(&claims)
}

#[test]
fn nothing_is_made_unless_the_operator_says_so() {
    let trust = Trust::new();
    let token = entra(&trust, "0d0d0d0d-0000-4000-8000-0000000000aa", json!({}));
    assert!(trust.verify(&token).unwrap_err().contains("no principal"));
    provisions(&trust, "entra", Provision::Users);
    let made = trust.verify(&token).unwrap();
    assert_eq!(made.principal.to_string(), "0d0d0d0d-0000-4000-8000-0000000000aa");
    assert_eq!((made.name.as_str(), made.kind), ("New One", PrincipalKind::User));
    // A program is none of the users.
    let app = entra(&trust, "0d0d0d0d-0000-4000-8000-0000000000bb", json!({ "idtyp": "app" }));
    assert!(trust.verify(&app).unwrap_err().contains("no principal"));
    provisions(&trust, "entra", Provision::All);
    assert_eq!(trust.verify(&app).unwrap().kind, PrincipalKind::ServicePrincipal);
    // Seen again it is the same, also under another name.
    let again = entra(
        &trust,
        "0d0d0d0d-0000-4000-8000-0000000000aa",
        json!({ "name": "Renamed", "preferred_username": "other@x" }),
    );
    assert_eq!(trust.verify(&again).unwrap().principal, made.principal);
}

#[test]
fn an_object_id_that_is_somebodys_is_not_taken_over() {
    let trust = Trust::new();
    provisions(&trust, "entra", Provision::All);
    let tenant = prorata_domain::ids::TenantId::parse(TENANT).unwrap();
    let victim = identity::sign_in(&trust.app, tenant, &client(9), crate::world::SECRET).unwrap();
    let token = entra(&trust, &victim.principal.to_string(), json!({ "name": "built-in" }));
    assert!(trust.verify(&token).unwrap_err().contains("no principal"));
}

#[test]
fn a_client_id_that_is_somebodys_is_not_taken_over() {
    let trust = Trust::new();
    provisions(&trust, "generic", Provision::All);
    let own = client(9);
    let token = trust.generic.1.sign(&claims(&trust, json!({ "sub": own, "azp": own })));
    let made = trust.verify(&token).unwrap();
    assert_eq!(made.kind, PrincipalKind::ServicePrincipal);
    let (tenant, id) = (made.tenant, made.principal);
    let kept = trust.app.read(move |tx, _| Ok(world::principal(tx, tenant, id)?)).unwrap().unwrap();
    assert_eq!(kept.client_id, id.to_string());
    let victim = identity::sign_in(&trust.app, tenant, &own, crate::world::SECRET).unwrap();
    assert_ne!(victim.principal, id);
    let empty = identity::sign_in(&trust.app, tenant, &kept.client_id, "");
    assert!(matches!(empty, Err(Error::Unknown(_))), "it has no secret");
}

#[test]
fn an_issuer_that_is_removed_is_trusted_no_more_at_once() {
    let trust = Trust::new();
    let token = trust.generic.1.sign(&claims(&trust, json!({})));
    trust.verify(&token).unwrap();
    assert!(identity::issuers::remove(&trust.app, "generic").unwrap());
    assert!(!identity::issuers::remove(&trust.app, "generic").unwrap());
    assert!(trust.verify(&token).is_err());
}

#[test]
fn two_issuers_cannot_share_a_name() {
    let trust = Trust::new();
    let row = json!({ "issuers": [{
        "id": "twin", "issuer": trust.generic.0.url, "audiences": ["x"], "tenants": [OTHER],
        "innerNetwork": true,
    }]});
    match apply(&trust.app, row) {
        Err(Error::Malformed(faults)) => assert_eq!(faults[0].path, "issuers[0].issuer"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_secret_is_shown_nowhere() {
    let trust = Trust::new();
    let row = IssuerRow {
        client_id: Some("desk".to_owned()),
        client_secret: Some("hush-hush".to_owned()),
        ..identity::issuers::list(&trust.app)[0].row.clone()
    };
    assert!(!format!("{row:?}").contains("hush"));
    identity::issuers::add(&trust.app, row).unwrap();
    let shown = identity::issuers::list(&trust.app);
    assert!(shown.iter().all(|shown| shown.row.client_secret.is_none()));
    assert!(!format!("{shown:?}").contains("hush"));
}
