//! The cases of `cases.json`: tokens as Entra ID, Keycloak and others make them, each with something
//! about it that is right or wrong.

use crate::provider::{Pair, Provider, raw};
use crate::world::{OTHER, TENANT, Trust, now};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use jsonwebtoken::{Algorithm, EncodingKey, Header, crypto};
use prorata_app::identity;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    bases: BTreeMap<String, Map<String, Value>>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    base: String,
    #[serde(default)]
    claims: Map<String, Value>,
    #[serde(default)]
    header: Map<String, Value>,
    sign: Option<String>,
    is: Option<Is>,
    refused: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Is {
    principal: String,
    kind: String,
    client: String,
}

fn changed(into: &mut Map<String, Value>, changes: &Map<String, Value>) {
    for (name, value) in changes {
        if value.is_null() {
            into.remove(name);
        } else {
            into.insert(name.clone(), value.clone());
        }
    }
}

/// Puts what is known now into its places; a text that is a number then is one.
fn filled(value: &Value, issuer: &str) -> Value {
    let Value::String(text) = value else { return value.clone() };
    let mut text = text.clone();
    for (place, seconds) in [
        ("{now}", 0),
        ("{now+3600}", 3600),
        ("{now+600}", 600),
        ("{now+300}", 300),
        ("{now+90}", 90),
        ("{now+30}", 30),
        ("{now-30}", -30),
        ("{now-61}", -61),
    ] {
        text = text.replace(place, &(now() + seconds).to_string());
    }
    if let Ok(number) = text.parse::<serde_json::Number>() {
        return Value::Number(number);
    }
    let text = text.replace("{issuer}", issuer).replace("{tenant}", TENANT);
    json!(text.replace("{other}", OTHER))
}

fn of<'a>(trust: &'a Trust, base: &str) -> &'a (Provider, Pair) {
    match base {
        "entra" | "entra-v1" => &trust.entra,
        "keycloak" => &trust.keycloak,
        _ => &trust.generic,
    }
}

fn token(trust: &Trust, case: &Case, bases: &BTreeMap<String, Map<String, Value>>) -> String {
    let (provider, pair) = of(trust, &case.base);
    let mut claims = bases[&case.base].clone();
    changed(&mut claims, &case.claims);
    let claims: Map<String, Value> =
        claims.iter().map(|(name, value)| (name.clone(), filled(value, &provider.url))).collect();
    let claims = Value::Object(claims);
    let mut header =
        json!({ "alg": format!("{:?}", pair.algorithm), "kid": pair.kid(), "typ": "JWT" });
    changed(header.as_object_mut().unwrap(), &case.header);
    let signed = |key: &EncodingKey, algorithm| {
        let key = key.clone();
        move |text: &str| crypto::sign(text.as_bytes(), &key, algorithm).unwrap()
    };
    let own = signed(&pair.private, pair.algorithm);
    let thief = Pair::elliptic("thief");
    match case.sign.as_deref() {
        None => raw(&header, &claims, own),
        Some(none @ ("none" | "NoNe")) => {
            header["alg"] = json!(none);
            raw(&header, &claims, |_| String::new())
        }
        Some("empty") => raw(&header, &claims, |_| String::new()),
        Some("hs256-with-public-key") => {
            header["alg"] = json!("HS256");
            let secret = EncodingKey::from_secret(pair.public.to_string().as_bytes());
            raw(&header, &claims, signed(&secret, Algorithm::HS256))
        }
        Some("rs512") => {
            header["alg"] = json!("RS512");
            raw(&header, &claims, signed(&pair.private, Algorithm::RS512))
        }
        Some("of-another-token") => raw(&header, &claims, |_| own("something.else")),
        Some("embedded-key") => {
            header["jwk"] = thief.public.clone();
            raw(&header, &claims, signed(&thief.private, thief.algorithm))
        }
        Some("pointed-key") => {
            let evil = Provider::start(std::slice::from_ref(&thief));
            header["jku"] = json!(format!("{}/keys", evil.url));
            header["x5u"] = header["jku"].clone();
            let token = raw(&header, &claims, signed(&thief.private, thief.algorithm));
            assert!(trust.verify(&token).is_err());
            assert_eq!(evil.asked(), 0, "nobody asks where a token points to");
            token
        }
        Some("key-of-keycloak") => {
            let other = &trust.keycloak.1;
            header["kid"] = json!(other.kid());
            header["alg"] = json!("RS256");
            raw(&header, &claims, signed(&other.private, other.algorithm))
        }
        Some("key-of-keycloak-under-own-id") => {
            let other = &trust.keycloak.1;
            header["alg"] = json!("RS256");
            raw(&header, &claims, signed(&other.private, other.algorithm))
        }
        Some("key-of-the-desk") => {
            let keys = identity::public_keys(&trust.app).unwrap();
            header["kid"] = json!(keys[0].id);
            raw(&header, &claims, own)
        }
        Some("encryption-key") => {
            let mut key = pair.public.clone();
            key["use"] = json!("enc");
            key["kid"] = json!("k-enc");
            provider.has_set(vec![key]);
            header["kid"] = json!("k-enc");
            raw(&header, &claims, own)
        }
        Some("key-of-consumers") => {
            let mut key = pair.public.clone();
            key["kid"] = json!("e-9");
            key["issuer"] =
                json!(format!("{}/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0", provider.url));
            provider.has_set(vec![key]);
            header["kid"] = json!("e-9");
            raw(&header, &claims, own)
        }
        Some(other) => panic!("nobody knows how to sign by {other}"),
    }
}

#[test]
fn tokens_of_each_shape_are_taken_or_refused_for_their_reason() {
    let cases: Cases = serde_json::from_str(include_str!("cases.json")).unwrap();
    let wanted = cases.cases.iter().map(|case| {
        // A desk of its own: what one case does to a provider is not another's.
        let trust = Trust::new();
        let token = token(&trust, case, &cases.bases);
        let found = trust.verify(&token);
        let wrong = |why: String| Some(format!("{}: {why}", case.name));
        match (&case.is, &case.refused, found) {
            (Some(is), None, Ok(caller)) => {
                let seen = (caller.name.as_str(), caller.kind.as_str(), caller.client.as_str());
                let same = seen == (&is.principal, &is.kind, &is.client)
                    && caller.tenant.to_string() == TENANT
                    && caller.home == caller.tenant;
                if same { None } else { wrong(format!("{caller:?}")) }
            }
            (None, Some(why), Err(error)) if error.contains(why) => None,
            (_, _, found) => wrong(format!("{found:?}")),
        }
    });
    let wrong: Vec<String> = wanted.flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn whatever_is_changed_in_a_token_it_is_refused() {
    let trust = Trust::new();
    let pair = &trust.generic.1;
    let token = pair.sign(&crate::world::claims(&trust, json!({})));
    assert_eq!(trust.verify(&token).unwrap().name, "Barbara");
    let mut tried = 0;
    for at in (0..token.len()).step_by(3) {
        let mut bytes = token.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        // The last character of a part has bits that mean nothing.
        let same = |a: &str, b: &str| {
            a.split('.')
                .zip(b.split('.'))
                .all(|(a, b)| BASE64.decode(a).ok() == BASE64.decode(b).ok())
        };
        if changed != token && !same(&changed, &token) {
            assert!(trust.verify(&changed).is_err(), "changed at {at}");
            tried += 1;
        }
    }
    assert!(tried > 50);
    for cut in [0, 1, token.len() / 2, token.len() - 1] {
        assert!(trust.verify(&token[..cut]).is_err());
    }
}

#[test]
fn an_oversized_token_is_refused_unread() {
    let trust = Trust::new();
    let long = "x".repeat(identity::TOKEN_BYTES_MAX);
    let token = trust.generic.1.sign(&crate::world::claims(&trust, json!({ "more": long })));
    let error = trust.verify(&token).unwrap_err();
    assert!(error.contains("too long"), "{error}");
    assert_eq!(trust.generic.0.asked(), 0, "nobody asks for its key");
}

#[test]
fn a_header_of_a_known_name_says_nothing_of_the_key() {
    let trust = Trust::new();
    let pair = &trust.generic.1;
    let header = Header { kid: Some("../../etc/passwd".to_owned()), ..pair.header() };
    let token = pair.sign_with(&crate::world::claims(&trust, json!({})), &header);
    assert!(trust.verify(&token).unwrap_err().contains("key"));
}
