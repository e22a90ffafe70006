//! A desk that trusts three providers.

use crate::provider::{Pair, Provider};
use jiff::Timestamp;
use prorata_app::clock::Clock;
use prorata_app::world::{self, Document};
use prorata_app::{App, Caller, Error, identity};
use prorata_domain::policy::Book;
use prorata_store::Store;
use serde_json::{Value, json};

pub const TENANT: &str = "11111111-0000-4000-8000-000000000001";
pub const OTHER: &str = "11111111-0000-4000-8000-000000000002";
pub const SECRET: &str = "correct horse battery";

pub struct Trust {
    pub app: App,
    pub entra: (Provider, Pair),
    pub keycloak: (Provider, Pair),
    pub generic: (Provider, Pair),
}

pub fn now() -> i64 {
    Timestamp::now().as_second()
}

pub fn app() -> App {
    let clock = Clock::sandbox("2026-08-01T00:00:00Z".parse().unwrap());
    App::open(Store::memory().unwrap(), Book::built_in().clone(), clock).unwrap()
}

pub fn apply(app: &App, document: Value) -> Result<world::Report, Error> {
    let document: Document = serde_json::from_value(document).unwrap();
    world::apply(app, document)
}

/// Two tenants, of which one has a program with a secret.
pub fn tenants() -> Value {
    json!({
        "tenants": [{"id": TENANT, "name": "ours"}, {"id": OTHER, "name": "theirs"}],
        "principals": [{
            "tenantId": TENANT, "clientId": client(9), "name": "built-in", "clientSecret": SECRET,
        }],
    })
}

pub fn client(number: u8) -> String {
    format!("33333333-0000-4000-8000-{number:012}")
}

impl Trust {
    pub fn new() -> Trust {
        let app = app();
        let generic = (Pair::elliptic("g-1"), "generic");
        let entra = (Pair::rsa("e-1"), "entra");
        let keycloak = (Pair::rsa("k-1"), "keycloak");
        let [generic, entra, keycloak] = [generic, entra, keycloak]
            .map(|(pair, _)| (Provider::start(std::slice::from_ref(&pair)), pair));
        let form = format!("{}/{{tenantid}}/v2.0", entra.0.url);
        entra.0.says("issuer", json!(form));
        apply(&app, tenants()).unwrap();
        let identity = |number, issuer: &str, subject: &str, name: &str, kind: &str| {
            json!({"tenantId": TENANT, "clientId": client(number), "issuer": issuer,
                "subject": subject, "name": name, "kind": kind})
        };
        apply(&app, json!({
            "issuers": [
                {"id": "entra", "issuer": form, "also": [format!("{}/sts/{{tenantid}}/", entra.0.url)],
                 "discovery": format!("{}/common/.well-known/openid-configuration", entra.0.url),
                 "audiences": ["api://desk"], "tenants": [TENANT], "shape": "entra",
                 "innerNetwork": true},
                {"id": "keycloak", "issuer": keycloak.0.url, "audiences": ["desk"],
                 "tenants": [TENANT], "shape": "keycloak", "requiredRole": "desk-user",
                 "innerNetwork": true},
                {"id": "generic", "issuer": generic.0.url, "tenants": [TENANT],
                 "audiences": ["https://desk.example/api"], "innerNetwork": true},
            ],
            "identities": [
                identity(1, "entra", "0d0d0d0d-0000-4000-8000-000000000001", "Ada", "User"),
                identity(2, "entra", "0d0d0d0d-0000-4000-8000-000000000002", "robot",
                    "ServicePrincipal"),
                identity(3, "keycloak", "f1f1f1f1-0000-4000-8000-000000000001", "Grace", "User"),
                identity(4, "generic", "auth0|77", "Barbara", "User"),
            ],
        }))
        .unwrap();
        Trust { app, entra, keycloak, generic }
    }

    pub fn verify(&self, token: &str) -> Result<Caller, String> {
        identity::verify(&self.app, token).map_err(|error| error.to_string())
    }
}

/// A token of the generic provider as it should be, with some claims changed.
pub fn claims(trust: &Trust, changed: Value) -> Value {
    let mut claims = json!({
        "iss": trust.generic.0.url, "sub": "auth0|77", "aud": "https://desk.example/api",
        "iat": now(), "exp": now() + 600, "azp": "web", "name": "Barbara",
    });
    for (name, value) in changed.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}
