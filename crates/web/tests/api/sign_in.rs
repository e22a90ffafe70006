//! The token issuer and the sandbox, as they are before anybody has a token.

use crate::desk::{Answer, Desk, HOST, SECRET, TENANT, client};
use axum::body::Body;
use axum::http::{Method, Request};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use prorata_web::api::Options;
use serde_json::json;

async fn send(
    desk: &Desk,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<Body>,
) -> Answer {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", HOST)
        .header("x-forwarded-proto", "https");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    desk.send(request.body(body.into()).unwrap()).await
}

async fn token(desk: &Desk, tenant: &str, form: &str) -> Answer {
    send(desk, Method::POST, &format!("/{tenant}/oauth2/v2.0/token"), &[], form.to_owned()).await
}

fn form(secret: &str) -> String {
    format!(
        "client_id={}&client_secret={}&grant_type=client_credentials&client_info=1\
         &scope=https%3A%2F%2Fdesk.example%3A8443%2F%2F.default",
        client("owner"),
        secret.replace(' ', "+")
    )
}

#[tokio::test]
async fn a_client_signs_in_and_calls() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    let issued = token(&desk, TENANT, &form(SECRET)).await;
    assert_eq!(issued.ok(200)["token_type"], "Bearer");
    assert!(issued.body["expires_in"].as_i64().unwrap() > 600);
    assert!(issued.header("cache-control").contains("no-store"));
    let bearer = format!("Bearer {}", issued.body["access_token"].as_str().unwrap());
    let path = "/providers/Microsoft.Capacity/operations?api-version=2022-11-01";
    let called = send(&desk, Method::GET, path, &[("authorization", &bearer)], "").await;
    called.ok(200);

    let basic = format!("Basic {}", STANDARD.encode(format!("{}:{SECRET}", client("owner"))));
    let by_header = send(
        &desk,
        Method::POST,
        &format!("/{TENANT}/oauth2/v2.0/token"),
        &[("authorization", &basic)],
        "grant_type=client_credentials",
    )
    .await;
    by_header.ok(200);
}

#[tokio::test]
async fn failures_are_in_the_form_of_oauth() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    let other = crate::desk::OTHER_TENANT;
    for (tenant, form, status, error) in [
        (TENANT, form("wrong secret"), 401, "invalid_client"),
        (other, form(SECRET), 401, "invalid_client"),
        ("common", form(SECRET), 400, "invalid_request"),
        (
            TENANT,
            form(SECRET).replace("client_credentials", "password"),
            400,
            "unsupported_grant_type",
        ),
        (TENANT, "grant_type=client_credentials".to_owned(), 400, "invalid_request"),
        (TENANT, String::new(), 400, "invalid_request"),
        (TENANT, "%zz".to_owned(), 400, "invalid_request"),
        (TENANT, format!("{}&scope2=x", form(&"x".repeat(2000))), 401, "invalid_client"),
    ] {
        let answer = token(&desk, tenant, &form).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.body["error"]),
            (status, &json!(error)),
            "{form}"
        );
        assert!(!answer.body["error_description"].as_str().unwrap().is_empty());
    }
    let basic = [("authorization", "Basic !")];
    let path = format!("/{TENANT}/oauth2/v2.0/token");
    let answer = send(&desk, Method::POST, &path, &basic, "grant_type=client_credentials").await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("www-authenticate")),
        (401, "Basic realm=\"token\"")
    );
}

#[tokio::test]
async fn clients_find_the_token_endpoint_and_the_keys() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    let at = format!("https://{HOST}/{TENANT}");
    for path in ["v2.0/.well-known/openid-configuration", ".well-known/openid-configuration"] {
        let found = send(&desk, Method::GET, &format!("/{TENANT}/{path}"), &[], "").await;
        assert_eq!(found.ok(200)["token_endpoint"], format!("{at}/oauth2/v2.0/token"));
        assert_eq!(found.body["issuer"], format!("{at}/v2.0"));
        assert!(found.body["authorization_endpoint"].as_str().unwrap().starts_with("https://"));
        assert_eq!(found.body["jwks_uri"], format!("{at}/discovery/v2.0/keys"));
    }
    let keys = send(&desk, Method::GET, &format!("/{TENANT}/discovery/v2.0/keys"), &[], "").await;
    assert_eq!(keys.ok(200)["keys"][0]["crv"], "P-256");
}

#[tokio::test]
async fn a_client_signs_in_by_the_paths_of_adfs_that_name_no_tenant() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    let at = format!("https://{HOST}/adfs");
    let path = "/adfs/.well-known/openid-configuration";
    let found = send(&desk, Method::GET, path, &[], "").await;
    assert_eq!(found.ok(200)["issuer"], at);
    assert_eq!(found.body["token_endpoint"], format!("{at}/oauth2/token"));
    assert_eq!(found.body["jwks_uri"], format!("{at}/discovery/keys"));
    let keys = send(&desk, Method::GET, "/adfs/discovery/keys", &[], "").await;
    assert_eq!(keys.ok(200)["keys"][0]["alg"], "ES256");

    let sign_in = |form: String| send(&desk, Method::POST, "/adfs/oauth2/token", &[], form);
    let issued = sign_in(form(SECRET)).await;
    let bearer = format!("Bearer {}", issued.ok(200)["access_token"].as_str().unwrap());
    let path = "/tenants?api-version=2022-12-01";
    let called = send(&desk, Method::GET, path, &[("authorization", &bearer)], "").await;
    assert_eq!(called.ok(200)["value"][0]["tenantId"], TENANT);
    assert_eq!(sign_in(form("wrong")).await.ok(401)["error"], "invalid_client");

    // The same client in a second tenant: nobody can say which of the two is meant.
    let world = json!({"principals": [{
        "tenantId": crate::desk::OTHER_TENANT, "clientId": client("owner"), "name": "twin",
        "clientSecret": SECRET,
    }]});
    send(&desk, Method::POST, "/sandbox/world", &[], world.to_string()).await.ok(200);
    assert_eq!(sign_in(form(SECRET)).await.ok(401)["error"], "invalid_client");
    token(&desk, TENANT, &form(SECRET)).await.ok(200);
}

#[tokio::test]
async fn the_sandbox_has_a_clock_and_takes_worlds() {
    let desk = Desk::at("2023-03-04T04:17:25Z").await;
    let clock = send(&desk, Method::GET, "/sandbox/clock", &[], "").await;
    assert_eq!(clock.ok(200), &json!({"now": "2023-03-04T04:17:25Z"}));
    let set = json!({"now": "2023-05-01T00:00:00Z"}).to_string();
    let set = send(&desk, Method::POST, "/sandbox/clock", &[], set).await;
    assert_eq!(set.ok(200), &json!({"now": "2023-05-01T00:00:00Z"}));
    for body in ["{}", r#"{"now": "soon"}"#, r#"{"now": 5}"#] {
        let answer = send(&desk, Method::POST, "/sandbox/clock", &[], body).await;
        assert_eq!(
            (answer.code(400), &answer.body["error"]["target"]),
            ("BadRequest", &json!("now"))
        );
    }
    desk.post("calculatePrice", &crate::desk::purchase("Standard_B1ls", "Upfront", 1))
        .await
        .ok(200);
    let back = json!({"now": "2023-04-01T00:00:00Z"}).to_string();
    send(&desk, Method::POST, "/sandbox/clock", &[], back).await.code(400);

    let world = r#"{"tenants": [{"id": "11111111-0000-4000-8000-000000000009", "name": "new"}]}"#;
    let applied = send(&desk, Method::POST, "/sandbox/world", &[], world).await;
    assert_eq!(applied.ok(200), &json!({"applied": 1, "unchanged": 0}));
    let toml = "[[tenants]]\nid = \"11111111-0000-4000-8000-000000000009\"\nname = \"new\"\n";
    let kind = [("content-type", "application/toml")];
    let again = send(&desk, Method::POST, "/sandbox/world", &kind, toml).await;
    assert_eq!(again.ok(200), &json!({"applied": 0, "unchanged": 1}));
    let unknown = send(&desk, Method::POST, "/sandbox/world", &[], r#"{"boats": []}"#).await;
    assert_eq!(unknown.code(400), "InvalidRequestContent");
    assert!(unknown.message().contains("boats"), "{}", unknown.message());
}

#[tokio::test]
async fn without_a_sandbox_its_routes_do_not_exist() {
    let desk = Desk::with("2023-03-04T04:17:25Z", Options { sandbox: false }).await;
    for (method, path) in [
        (Method::GET, "/sandbox/clock"),
        (Method::POST, "/sandbox/clock"),
        (Method::POST, "/sandbox/world"),
        (Method::GET, "/nothing"),
    ] {
        let answer = send(&desk, method, path, &[], "{}").await;
        assert_eq!(answer.code(404), "NotFound");
    }
    let health = send(&desk, Method::GET, "/healthz", &[], "").await;
    assert_eq!(health.ok(200)["status"], "ok");
}
