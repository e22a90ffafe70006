//! People, sessions and secrets over the API, and what is refused before anybody is known.

use crate::desk::{Answer, Desk, HOST, SECRET, TENANT, client};
use axum::body::Body;
use axum::http::{Method, Request};
use prorata_app::sessions::{self, Proof};
use prorata_app::{Caller, Origin, PrincipalKind, identity, users};
use prorata_domain::ids::{PrincipalId, TenantId};
use prorata_web::api::Options;
use serde_json::{Value, json};
use uuid::Uuid;

const NOW: &str = "2023-03-04T04:17:25Z";
const PASSWORD: &str = "four other loose words";

async fn ask(desk: &Desk, token: &str, method: Method, path: &str, body: Value) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", HOST)
        .header("x-forwarded-proto", "https")
        .header("authorization", format!("Bearer {token}"));
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    desk.send(request.body(body).unwrap()).await
}

async fn owner(desk: &Desk, method: Method, path: &str, body: Value) -> Answer {
    ask(desk, &desk.token("owner"), method, path, body).await
}

async fn token(desk: &Desk, name: &str, secret: &str) -> Answer {
    let form = format!(
        "client_id={}&client_secret={}&grant_type=client_credentials\
         &scope=https%3A%2F%2Fdesk.example%3A8443%2F.default",
        client(name),
        secret.replace(' ', "+")
    );
    let request = Request::builder()
        .method(Method::POST)
        .uri(format!("/{TENANT}/oauth2/v2.0/token"))
        .header("host", HOST)
        .header("x-forwarded-proto", "https");
    desk.send(request.body(Body::from(form)).unwrap()).await
}

async fn add(desk: &Desk, name: &str) -> (String, String) {
    let body = json!({ "userName": name, "displayName": "Anna Berg", "mail": "a@contoso.example" });
    let added = owner(desk, Method::POST, "/prorata/users", body).await;
    let added = added.ok(201);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&added["id"]), text(&added["invitation"]["token"]))
}

async fn accept(desk: &Desk, invitation: String) {
    let app = desk.app.clone();
    let origin = Origin::default();
    let accept = move || users::accept_invitation(&app, &invitation, PASSWORD, &origin);
    tokio::task::spawn_blocking(accept).await.unwrap().unwrap();
}

/// Signs a person in as the portal does; answers a token for the session.
async fn signed_in(desk: &Desk, id: &str) -> (String, Uuid) {
    let app = desk.app.clone();
    let tenant = TenantId::parse(TENANT).unwrap();
    let id = PrincipalId(Uuid::parse_str(id).unwrap());
    let caller = Caller::new(tenant, id, id.to_string(), "Anna");
    let caller = Caller { kind: PrincipalKind::User, ..caller };
    let begin = move || {
        let origin = Origin { address: Some([192, 0, 2, 1].into()), agent: Some("x".into()) };
        let who = caller.clone();
        let begun =
            app.write(move |tx, app| sessions::begin(tx, app, &who, Proof::Password, &origin));
        let begun = begun.unwrap();
        let issuer = identity::issuer_at("https://desk", Some(caller.tenant));
        identity::known_as(&app, "desk");
        let now = jiff::Timestamp::now().as_second();
        let audience = "https://desk";
        let issued =
            identity::issue_for(&app, &caller, &issuer, audience, Some(begun.id), now).unwrap();
        (issued.access_token, begun.id)
    };
    tokio::task::spawn_blocking(begin).await.unwrap()
}

#[tokio::test]
async fn people_are_administered() {
    let desk = Desk::at(NOW).await;
    let (id, invitation) = add(&desk, "Anna@Contoso.example").await;
    let listed = owner(&desk, Method::GET, "/prorata/users", Value::Null).await;
    let row = &listed.ok(200)["value"][0];
    assert_eq!(
        (&row["userName"], &row["state"]),
        (&json!("anna@contoso.example"), &json!("invited"))
    );
    assert!(!listed.body.to_string().contains(&invitation), "it is shown once");
    accept(&desk, invitation).await;
    let path = format!("/prorata/users/{id}");
    let changed = owner(
        &desk,
        Method::PATCH,
        &path,
        // Members that are not one's to set are not looked at.
        json!({ "displayName": "Anna B.", "mail": null, "id": Uuid::nil(), "tenant": "x",
                "state": "disabled", "passwordHash": "x" }),
    )
    .await;
    let changed = changed.ok(200);
    assert_eq!((&changed["displayName"], &changed["mail"]), (&json!("Anna B."), &Value::Null));
    assert_eq!((&changed["id"], &changed["state"]), (&json!(id), &json!("active")));
    for (body, path) in [
        (json!({ "userName": "an na", "displayName": "x" }), "userName"),
        (json!({ "userName": "bert\n2026", "displayName": "x" }), "userName"),
        (json!({ "userName": "bert", "displayName": "" }), "displayName"),
        (json!({ "userName": "bert", "displayName": "x", "mail": "x" }), "mail"),
        (json!({ "userName": "ANNA@contoso.example", "displayName": "x" }), "userName"),
    ] {
        let refused = owner(&desk, Method::POST, "/prorata/users", body).await;
        assert_eq!(refused.code(400), "BadRequest");
        assert_eq!(refused.body["error"]["target"], path);
    }
    let reset = owner(&desk, Method::POST, &format!("{path}/reset"), json!({})).await;
    let link = reset.ok(200)["link"].as_str().unwrap();
    assert!(link.starts_with(&format!("https://{HOST}/invitation?token=")), "{link}");
    let shown = owner(&desk, Method::GET, &path, Value::Null).await;
    assert_eq!(shown.ok(200)["state"], "invited");
    let path = format!("{path}/resetSecondFactor");
    assert_eq!(owner(&desk, Method::POST, &path, json!({})).await.status, 204);

    let rule = "/prorata/signInRule";
    assert_eq!(
        owner(&desk, Method::GET, rule, Value::Null).await.ok(200)["secondFactor"],
        "optional"
    );
    let set = owner(&desk, Method::PUT, rule, json!({ "secondFactor": "money" })).await;
    assert_eq!(set.ok(200)["secondFactor"], "money");
    owner(&desk, Method::PUT, rule, json!({ "secondFactor": "never" })).await.code(400);
}

#[tokio::test]
async fn only_administrators_look_after_people() {
    let desk = Desk::at(NOW).await;
    let (id, _) = add(&desk, "anna").await;
    for who in ["reader", "nobody", "stranger"] {
        let bearer = desk.token(who);
        for (method, path, body) in [
            (Method::GET, "/prorata/users".to_owned(), Value::Null),
            (Method::GET, format!("/prorata/users/{id}"), Value::Null),
            (Method::POST, format!("/prorata/users/{id}/reset"), json!({})),
            (Method::POST, format!("/prorata/users/{id}/disable"), json!({})),
            (Method::DELETE, format!("/prorata/users/{id}/sessions"), Value::Null),
            (Method::POST, format!("/prorata/principals/{id}/secrets"), json!({ "name": "x" })),
            (Method::PUT, "/prorata/signInRule".to_owned(), json!({ "secondFactor": "money" })),
        ] {
            let answer = ask(&desk, &bearer, method, &path, body).await;
            // An administrator of another tenant may ask, and finds nobody of this one.
            let fine = who == "stranger" && !path.contains(&id);
            let turned_away = [403, 404].contains(&answer.status.as_u16());
            assert!(fine || turned_away, "{who} at {path}: {}", answer.status);
            assert!(!answer.body.to_string().contains("anna"), "{who} at {path}");
        }
    }
}

#[tokio::test]
async fn an_administrator_ends_sessions() {
    let desk = Desk::at(NOW).await;
    let (id, invitation) = add(&desk, "anna").await;
    accept(&desk, invitation).await;
    let (first, session) = signed_in(&desk, &id).await;
    let (second, _) = signed_in(&desk, &id).await;
    let path = format!("/prorata/users/{id}/sessions");
    let listed = owner(&desk, Method::GET, &path, Value::Null).await;
    let rows = listed.ok(200)["value"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!((&rows[0]["address"], &rows[0]["proof"]), (&json!("192.0.2.1"), &json!("password")));
    let mine = "/prorata/sessions";
    ask(&desk, &first, Method::GET, mine, Value::Null).await.ok(200);
    let one = format!("{path}/{session}");
    assert_eq!(owner(&desk, Method::DELETE, &one, Value::Null).await.status, 204);
    // The token of that session ended with it, the other's did not.
    ask(&desk, &first, Method::GET, mine, Value::Null).await.code(401);
    ask(&desk, &second, Method::GET, mine, Value::Null).await.ok(200);
    owner(&desk, Method::DELETE, &one, Value::Null).await.code(404);
    assert_eq!(owner(&desk, Method::DELETE, &path, Value::Null).await.status, 204);
    ask(&desk, &second, Method::GET, mine, Value::Null).await.code(401);
}

#[tokio::test]
async fn own_sessions_are_listed_and_ended() {
    let desk = Desk::at(NOW).await;
    let (id, invitation) = add(&desk, "anna").await;
    accept(&desk, invitation).await;
    let (first, session) = signed_in(&desk, &id).await;
    let (second, other) = signed_in(&desk, &id).await;
    let listed = ask(&desk, &first, Method::GET, "/prorata/sessions", Value::Null).await;
    assert_eq!(listed.ok(200)["value"].as_array().unwrap().len(), 2);
    let path = format!("/prorata/sessions/{other}");
    // Nobody else has a session of this id.
    owner(&desk, Method::DELETE, &path, Value::Null).await.code(404);
    assert_eq!(ask(&desk, &first, Method::DELETE, &path, Value::Null).await.status, 204);
    ask(&desk, &second, Method::GET, "/prorata/sessions", Value::Null).await.code(401);
    let all = ask(&desk, &first, Method::DELETE, "/prorata/sessions", Value::Null).await;
    assert_eq!((all.status.as_u16(), session == other), (204, false));
    ask(&desk, &first, Method::GET, "/prorata/sessions", Value::Null).await.code(401);
}

#[tokio::test]
async fn secrets_are_rotated_and_end_with_their_tokens() {
    let desk = Desk::at(NOW).await;
    let caller = identity::verify(&desk.app, &desk.token("reader")).unwrap();
    let path = format!("/prorata/principals/{}/secrets", caller.principal);
    let made = owner(&desk, Method::POST, &path, json!({ "name": "autumn", "days": 30 })).await;
    let (id, secret) = (made.ok(201)["id"].clone(), made.body["secret"].as_str().unwrap());
    let listed = owner(&desk, Method::GET, &path, Value::Null).await;
    let rows = listed.ok(200)["value"].as_array().unwrap();
    assert_eq!((rows.len(), &rows[0]["name"]), (2, &json!("world document")));
    assert_eq!((&rows[1]["hint"], &rows[1]["usedAt"]), (&json!(secret[..4]), &Value::Null));
    assert!(!listed.body.to_string().contains(secret));

    // Both are good, and each has tokens of its own.
    let bearer = |issued: &Answer| issued.ok(200)["access_token"].as_str().unwrap().to_owned();
    let old = bearer(&token(&desk, "reader", SECRET).await);
    let new = bearer(&token(&desk, "reader", secret).await);
    token(&desk, "reader", &format!("{}x", &secret[..secret.len() - 1])).await.ok(401);
    token(&desk, "nobody", secret).await.ok(401);
    let orders = "/providers/Microsoft.Capacity/reservationOrders?api-version=2022-11-01";
    for bearer in [&old, &new] {
        ask(&desk, bearer, Method::GET, orders, Value::Null).await.ok(200);
    }
    let listed = owner(&desk, Method::GET, &path, Value::Null).await;
    assert!(listed.ok(200)["value"][1]["usedAt"].is_string());

    let gone = format!("{path}/{}", id.as_str().unwrap());
    assert_eq!(owner(&desk, Method::DELETE, &gone, Value::Null).await.status, 204);
    ask(&desk, &new, Method::GET, orders, Value::Null).await.code(401);
    ask(&desk, &old, Method::GET, orders, Value::Null).await.ok(200);
    token(&desk, "reader", secret).await.ok(401);
    owner(&desk, Method::DELETE, &gone, Value::Null).await.code(404);

    // That of the world document goes as well, with all tokens of the principal.
    let first = format!("{path}/{}", caller.principal);
    assert_eq!(owner(&desk, Method::DELETE, &first, Value::Null).await.status, 204);
    ask(&desk, &old, Method::GET, orders, Value::Null).await.code(401);
    token(&desk, "reader", SECRET).await.ok(401);
    // What is made right after is good right away.
    let made = owner(&desk, Method::POST, &path, json!({ "name": "winter" })).await;
    let fresh = bearer(&token(&desk, "reader", made.ok(201)["secret"].as_str().unwrap()).await);
    ask(&desk, &fresh, Method::GET, orders, Value::Null).await.ok(200);
    for body in [json!({ "name": "" }), json!({ "name": "x", "days": 731 }), json!({})] {
        owner(&desk, Method::POST, &path, body).await.code(400);
    }
}

#[tokio::test]
async fn a_closed_account_signs_in_nowhere() {
    let desk = Desk::at(NOW).await;
    let orders = "/providers/Microsoft.Capacity/reservationOrders?api-version=2022-11-01";
    let issued = token(&desk, "reader", SECRET).await;
    let bearer = issued.ok(200)["access_token"].as_str().unwrap().to_owned();
    let id = identity::verify(&desk.app, &bearer).unwrap().principal;
    ask(&desk, &bearer, Method::GET, orders, Value::Null).await.ok(200);
    let path = format!("/prorata/principals/{id}");
    let disable = format!("{path}/disable");
    assert_eq!(owner(&desk, Method::POST, &disable, json!({})).await.status, 204);
    ask(&desk, &bearer, Method::GET, orders, Value::Null).await.code(401);
    token(&desk, "reader", SECRET).await.ok(401);
    let enable = format!("{path}/enable");
    assert_eq!(owner(&desk, Method::POST, &enable, json!({})).await.status, 204);
    ask(&desk, &bearer, Method::GET, orders, Value::Null).await.code(401);
    let issued = token(&desk, "reader", SECRET).await;
    let bearer = issued.ok(200)["access_token"].as_str().unwrap().to_owned();
    ask(&desk, &bearer, Method::GET, orders, Value::Null).await.ok(200);

    let (id, invitation) = add(&desk, "anna").await;
    accept(&desk, invitation).await;
    let (bearer, _) = signed_in(&desk, &id).await;
    let path = format!("/prorata/users/{id}");
    let closed = owner(&desk, Method::POST, &format!("{path}/disable"), json!({})).await;
    assert_eq!(closed.ok(200)["state"], "disabled");
    ask(&desk, &bearer, Method::GET, "/prorata/sessions", Value::Null).await.code(401);
    let (app, origin) = (desk.app.clone(), Origin::default());
    let enter = move || users::sign_in(&app, "anna", PASSWORD, &origin).is_err();
    assert!(tokio::task::spawn_blocking(enter).await.unwrap());
    let opened = owner(&desk, Method::POST, &format!("{path}/enable"), json!({})).await;
    assert_eq!(opened.ok(200)["state"], "active");
    // Nobody closes their own account.
    let me = identity::verify(&desk.app, &desk.token("owner")).unwrap().principal;
    let own = format!("/prorata/principals/{me}/disable");
    owner(&desk, Method::POST, &own, json!({})).await.code(400);
}

async fn from(desk: &Desk, address: &str, bearer: &str, path: &str) -> Answer {
    let request = Request::builder()
        .uri(path)
        .header("host", HOST)
        .header("x-forwarded-for", address)
        .header("authorization", format!("Bearer {bearer}"));
    desk.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_place_that_sends_bad_tokens_is_turned_away_and_others_are_not() {
    let desk = Desk::with(NOW, Options { sandbox: false }).await;
    let orders = "/providers/Microsoft.Capacity/reservationOrders?api-version=2022-11-01";
    let good = desk.token("owner");
    from(&desk, "192.0.2.1", &good, orders).await.ok(200);
    let mut refused = None;
    for number in 0..1300 {
        let answer = from(&desk, "192.0.2.1", &format!("a.b.{number}"), orders).await;
        if answer.status == 429 {
            refused = Some((number, answer));
            break;
        }
        assert_eq!(answer.status, 401);
    }
    let (number, answer) = refused.expect("a bound");
    assert_eq!((number, answer.code(429)), (1200, "UnauthenticatedRequestsThrottled"));
    assert!(!answer.header("retry-after").is_empty());
    // A token that was good a moment ago is good here too; and another place is not held up.
    from(&desk, "192.0.2.1", &good, orders).await.ok(200);
    from(&desk, "192.0.2.2", "a.b.c", orders).await.code(401);
    from(&desk, "192.0.2.2", &desk.token("reader"), orders).await.ok(200);
}

#[tokio::test]
async fn a_client_that_guesses_secrets_waits() {
    let desk = Desk::at(NOW).await;
    for _ in 0..20 {
        token(&desk, "reader", "wrong").await.ok(401);
    }
    let answer = token(&desk, "reader", "wrong").await;
    assert_eq!(answer.ok(429)["error"], "temporarily_unavailable");
    assert!(!answer.header("retry-after").is_empty());
    token(&desk, "owner", SECRET).await.ok(200);
}
