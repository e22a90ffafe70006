//! Keys that change, issuers that are away, and floods of tokens that name keys nobody has.

use crate::provider::{Pair, Provider};
use crate::world::{TENANT, Trust, app, apply, claims, tenants};
use jsonwebtoken::Header;
use prorata_app::{Error, identity};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

fn stand(trust: &Trust) -> &'static str {
    let shown = identity::issuers::list(&trust.app);
    shown.iter().find(|shown| shown.row.id == "generic").unwrap().standing.as_str()
}

#[test]
fn keys_that_are_rotated_while_calls_run_fail_no_good_call() {
    let trust = Trust::new();
    let (provider, first) = &trust.generic;
    let second = Pair::elliptic("g-2");
    let (stop, calls) = (AtomicBool::new(false), AtomicUsize::new(0));
    let signing = std::sync::Mutex::new(first.clone());
    thread::scope(|scope| {
        for worker in 0..4 {
            let (trust, stop, calls, signing) = (&trust, &stop, &calls, &signing);
            scope.spawn(move || {
                let mut number = 0;
                while !stop.load(Ordering::SeqCst) {
                    number += 1;
                    let jti = format!("{worker}-{number}");
                    // No lock is held while a call runs: the key changes between any two.
                    let pair = signing.lock().unwrap().clone();
                    let token = pair.sign(&claims(trust, json!({ "jti": jti })));
                    trust.verify(&token).unwrap();
                    calls.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        let past = |count: usize| {
            while calls.load(Ordering::SeqCst) < count && !stop.load(Ordering::SeqCst) {
                thread::yield_now();
            }
        };
        past(20);
        // As providers do it: the new key is shown with the old one, then signs.
        provider.has(&[first.clone(), second.clone()]);
        *signing.lock().unwrap() = second.clone();
        past(calls.load(Ordering::SeqCst) + 40);
        stop.store(true, Ordering::SeqCst);
    });
    assert!(calls.load(Ordering::SeqCst) >= 60);
    assert_eq!(provider.asked(), 2, "once at first, once for the new key");
}

#[test]
fn a_flood_of_unknown_keys_makes_no_flood_of_questions() {
    let trust = Trust::new();
    let (provider, pair) = &trust.generic;
    let good = |jti: &str| pair.sign(&claims(&trust, json!({ "jti": jti })));
    trust.verify(&good("before")).unwrap();
    thread::scope(|scope| {
        for worker in 0..4 {
            let trust = &trust;
            scope.spawn(move || {
                for number in 0..50 {
                    let kid = Some(format!("nobody-{worker}-{number}"));
                    let header = Header { kid, ..pair.header() };
                    assert!(
                        trust.verify(&pair.sign_with(&claims(trust, json!({})), &header)).is_err()
                    );
                }
            });
        }
    });
    assert_eq!(provider.asked(), 2, "once at first, once for the first that nobody has");
    trust.verify(&good("after")).unwrap();
}

#[test]
fn known_keys_go_on_while_the_issuer_is_away() {
    let trust = Trust::new();
    let (provider, pair) = &trust.generic;
    assert_eq!(stand(&trust), "unasked");
    trust.verify(&pair.sign(&claims(&trust, json!({ "jti": "1" })))).unwrap();
    assert_eq!(stand(&trust), "good");
    provider.stop();
    let unknown = Pair::elliptic("g-2").sign(&claims(&trust, json!({})));
    assert!(trust.verify(&unknown).unwrap_err().contains("key"));
    assert_eq!(stand(&trust), "cached");
    trust.verify(&pair.sign(&claims(&trust, json!({ "jti": "2" })))).unwrap();
}

#[test]
fn an_issuer_that_never_answered_makes_callers_come_back_later() {
    let trust = Trust::new();
    trust.generic.0.stop();
    let token = trust.generic.1.sign(&claims(&trust, json!({})));
    let error = identity::verify(&trust.app, &token).unwrap_err();
    assert!(matches!(error, Error::Busy(_)), "{error}");
    assert_eq!(stand(&trust), "down");
    // The others are not held up by it.
    let (provider, pair) = &trust.keycloak;
    let token = pair.sign(&json!({
        "iss": provider.url, "aud": "desk", "sub": "f1f1f1f1-0000-4000-8000-000000000001",
        "typ": "Bearer", "exp": crate::world::now() + 60,
        "realm_access": { "roles": ["desk-user"] },
    }));
    assert_eq!(trust.verify(&token).unwrap().name, "Grace");
}

/// What the configuration fetch must not be talked into.
#[test]
fn discovery_goes_only_where_it_is_told() {
    let target = Provider::start(&[Pair::elliptic("t")]);
    let redirect =
        format!("HTTP/1.1 302 Found\r\nlocation: {}/keys\r\ncontent-length: 0\r\n\r\n", target.url);
    let long = format!("HTTP/1.1 200 OK\r\ncontent-length: 9000000\r\n\r\n{}", "x".repeat(1 << 20));
    type Prepare<'a> = &'a dyn Fn(&Provider);
    let cases: [(&str, Prepare<'_>); 6] = [
        ("redirected", &|provider| provider.answers(Some(redirect.clone()))),
        ("too long", &|provider| provider.answers(Some(long.clone()))),
        ("no document", &|provider| {
            provider.answers(Some("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi".to_owned()))
        }),
        ("another issuer's", &|provider| provider.says("issuer", json!(target.url))),
        ("keys in a file", &|provider| provider.says("jwks_uri", json!("file:///etc/passwd"))),
        ("keys without TLS elsewhere", &|provider| {
            provider.says("jwks_uri", json!("http://id.example/keys"))
        }),
    ];
    for (name, prepare) in cases {
        let trust = Trust::new();
        prepare(&trust.generic.0);
        let token = trust.generic.1.sign(&claims(&trust, json!({})));
        assert!(identity::verify(&trust.app, &token).is_err(), "{name}");
        assert_eq!(stand(&trust), "down", "{name}");
    }
    assert_eq!(target.asked(), 0);
}

#[test]
fn inner_addresses_are_trusted_only_where_that_is_said() {
    let provider = Provider::start(&[Pair::elliptic("g")]);
    let issuer = |changes: Value| {
        let mut row = json!({
            "id": "inner", "issuer": provider.url, "audiences": ["x"], "tenants": [TENANT],
        });
        for (name, value) in changes.as_object().unwrap() {
            row[name] = value.clone();
        }
        json!({ "issuers": [row] })
    };
    let app = app();
    apply(&app, tenants()).unwrap();
    let faults = |changes| match apply(&app, issuer(changes)) {
        Err(Error::Malformed(faults)) => {
            faults.into_iter().map(|fault| fault.path).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    let at = |field: &str| vec![format!("issuers[0].{field}")];
    assert_eq!(faults(json!({})), at("issuer"), "not without TLS");
    assert_eq!(faults(json!({ "issuer": "https://user:pw@id.example" })), at("issuer"));
    assert_eq!(faults(json!({ "issuer": "https://id.example/?x=y" })), at("issuer"));
    let https = |more: &str| json!({ "issuer": "https://id.example", more: null });
    let mut row = https("name");
    row["discovery"] = json!("http://169.254.169.254/latest");
    assert_eq!(faults(row), at("discovery"));
    let mut row = https("name");
    row["id"] = json!("../x");
    assert_eq!(faults(row), at("id"));
    // By TLS it may be said, but it is not called.
    let local = provider.url.replace("http://127.0.0.1", "https://localhost");
    apply(&app, issuer(json!({ "issuer": local }))).unwrap();
    let token = Pair::elliptic("g").sign(&json!({
        "iss": local, "sub": "x", "aud": "x", "exp": crate::world::now() + 60,
    }));
    assert!(matches!(identity::verify(&app, &token), Err(Error::Busy(_))));
    assert_eq!(provider.asked(), 0);
    apply(&app, issuer(json!({ "innerNetwork": true }))).unwrap();
    assert_eq!(identity::issuers::list(&app).len(), 1);
}
