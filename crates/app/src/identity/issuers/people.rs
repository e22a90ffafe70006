//! People sign in at their own provider: the code flow with PKCE. What the desk has to remember
//! meanwhile is in a sealed cookie of the browser that began, so that an answer counts in that
//! browser only, and a flood of beginnings fills nothing here.

use super::mapping;
use super::provider::{Endpoints, Provider};
use super::{Look, Trusted, accounts, down};
use crate::identity::jwt::{Claims, Token, unusable};
use crate::identity::{LEEWAY_SECONDS, flow, random_text};
use crate::outbound::Answer;
use crate::{App, Caller, Error};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use prorata_store::issuers as rows;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// So long may a person take to sign in.
const FLOW_SECONDS: i64 = 15 * 60;

/// Characters of a code or an error that are read.
const ANSWER_CHARS: usize = 4096;

/// A sign-in that was begun.
#[derive(Debug)]
pub struct Begun {
    /// Where the person signs in.
    pub location: String,
    /// What the browser keeps until it comes back.
    pub cookie: String,
}

/// What the provider sent the browser back with.
#[derive(Default)]
pub struct Answered {
    pub code: String,
    pub state: String,
    pub issuer: Option<String>,
    pub error: Option<String>,
}

/// Somebody who signed in.
#[derive(Debug)]
pub struct SignedIn {
    pub caller: Caller,
    /// Where to go on: what [`begin`] was given.
    pub next: String,
    /// Whether the provider says that they gave more than one proof (RFC 8176).
    pub second_factor: bool,
}

/// What is remembered between beginning and answer.
#[derive(Serialize, Deserialize)]
struct Flow {
    issuer: String,
    state: String,
    nonce: String,
    verifier: String,
    redirect: String,
    next: String,
    ends: i64,
}

fn found(app: &App, id: &str) -> Result<std::sync::Arc<Trusted>, Error> {
    super::keep_up(app)?;
    let issuer = app.gate.issuers.by_id(id).filter(|issuer| issuer.row.client_id.is_some());
    issuer.ok_or_else(|| Error::Absent { what: "way to sign in".to_owned(), code: "NotFound" })
}

/// Begins a sign-in at a provider, which will send the browser back to `redirect`. It may block.
///
/// # Errors
/// [`Error::Absent`] when nobody can sign in there, [`Error::Busy`] when it does not answer.
pub fn begin(app: &App, id: &str, redirect: &str, next: &str) -> Result<Begun, Error> {
    let issuer = found(app, id)?;
    let provider = issuer.kept.provider()?;
    let Some(at) = provider.endpoints.authorization_endpoint.as_deref() else {
        return Err(Error::Busy(format!("`{id}` does not say where people sign in")));
    };
    let flow = Flow {
        issuer: id.to_owned(),
        state: random_text(),
        nonce: random_text(),
        verifier: random_text(),
        redirect: redirect.to_owned(),
        next: next.to_owned(),
        ends: Timestamp::now().as_second() + FLOW_SECONDS,
    };
    let asked = issuer.row.scopes.clone().unwrap_or_else(|| vec!["profile".to_owned()]);
    let scope = format!("openid {}", asked.join(" "));
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(flow.verifier.as_bytes()));
    let client = issuer.row.client_id.as_deref().unwrap_or_default();
    let location = with_query(
        at,
        &[
            ("response_type", "code"),
            ("client_id", client),
            ("redirect_uri", redirect),
            ("scope", scope.trim()),
            ("state", &flow.state),
            ("nonce", &flow.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ],
    );
    Ok(Begun { location, cookie: flow::seal(app, &serde_json::to_vec(&flow)?)? })
}

/// Ends a sign-in: the answer has to be of this provider, to this browser, and is taken once. It
/// may block.
///
/// # Errors
/// [`Error::Unknown`] for an answer that does not count, with the reason.
pub fn finish(app: &App, id: &str, cookie: &str, answer: &Answered) -> Result<SignedIn, Error> {
    let issuer = found(app, id)?;
    let now = Timestamp::now();
    let flow: Option<Flow> =
        flow::open(app, cookie).and_then(|text| serde_json::from_slice(&text).ok());
    let flow = flow
        .filter(|flow| flow.issuer == id && now.as_second() < flow.ends)
        .ok_or_else(|| unusable("this sign-in was not begun in this browser, or too long ago"))?;
    if !flow::same(&flow.state, &answer.state) {
        return Err(unusable("the answer is not to the sign-in that this browser began"));
    }
    let provider = issuer.kept.provider()?;
    check_issuer(&issuer, &provider.endpoints, answer)?;
    if let Some(error) = &answer.error {
        let said: String = error.chars().filter(char::is_ascii_graphic).take(64).collect();
        return Err(unusable(format!("the provider did not sign you in (`{said}`)")));
    }
    if answer.code.is_empty() || answer.code.len() > ANSWER_CHARS {
        return Err(unusable("the answer has no code"));
    }
    let tokens = exchange(&issuer, &provider.endpoints, &flow, &answer.code)?;
    let (caller, second_factor) = known(app, &issuer, &tokens, &flow.nonce, now)?;
    take_once(app, &flow, now)?;
    Ok(SignedIn { caller, next: flow.next, second_factor })
}

/// Whether the answer is of the provider that was asked: one that is mixed up with another's is
/// refused before its code is shown to anybody (RFC 9207).
fn check_issuer(issuer: &Trusted, at: &Endpoints, answer: &Answered) -> Result<(), Error> {
    match answer.issuer.as_deref() {
        Some(named) if issuer.row.may_be_called(named) => Ok(()),
        Some(_) => Err(unusable("the answer is of another provider")),
        None if at.authorization_response_iss_parameter_supported => {
            Err(unusable("the answer does not say of which provider it is"))
        }
        None => Ok(()),
    }
}

/// What a code was exchanged for.
#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    access_token: Option<String>,
}

fn exchange(issuer: &Trusted, at: &Endpoints, flow: &Flow, code: &str) -> Result<Tokens, Error> {
    let row = &issuer.row;
    let Some(url) = at.token_endpoint.as_deref() else { return Err(down(issuer)) };
    let client = row.client_id.as_deref().unwrap_or_default();
    let secret = row.client_secret.as_deref();
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", &flow.redirect),
        ("code_verifier", &flow.verifier),
    ];
    let methods = at.token_endpoint_auth_methods_supported.as_deref();
    let in_header = methods.is_none_or(|all| all.iter().any(|one| one == "client_secret_basic"));
    let basic = secret
        .filter(|_| in_header)
        .map(|secret| STANDARD.encode(format!("{}:{}", encoded(client), encoded(secret))));
    if basic.is_none() {
        form.push(("client_id", client));
        form.extend(secret.map(|secret| ("client_secret", secret)));
    }
    let answer = issuer.kept.caller().post_form(url, &form, basic.as_deref());
    let Answer { status, body } = answer.map_err(|why| {
        tracing::warn!(issuer = row.id, why, "a code could not be exchanged");
        down(issuer)
    })?;
    if status == 200
        && let Ok(tokens) = serde_json::from_slice(&body)
    {
        return Ok(tokens);
    }
    // Only the error's own word is told: the rest is the provider's, and may hold anything.
    let said: Option<Value> = serde_json::from_slice(&body).ok();
    let word = said.as_ref().and_then(|body| body["error"].as_str()).unwrap_or_default();
    let word: String = word.chars().filter(char::is_ascii_graphic).take(64).collect();
    tracing::info!(issuer = row.id, status, word, "a code was not taken");
    Err(if status >= 500 { down(issuer) } else { unusable("the provider does not take the code") })
}

/// Who an ID token is: signed by the issuer, for the desk's own client, in answer to this sign-in.
fn known(
    app: &App,
    issuer: &Trusted,
    tokens: &Tokens,
    nonce: &str,
    now: Timestamp,
) -> Result<(Caller, bool), Error> {
    let token = Token::parse(&tokens.id_token)?;
    let named = token.claims.text("iss").unwrap_or_default();
    if !issuer.row.is_called(named, &token.claims) {
        return Err(unusable("the ID token is of another issuer"));
    }
    let key = match issuer.kept.find(token.header.kid.as_deref())? {
        Look::Found(key) => key,
        _ => return Err(unusable("the ID token is signed by a key that its issuer has not")),
    };
    super::signed(issuer, &key, &token)?;
    token.claims.good_until(now.as_second(), LEEWAY_SECONDS)?;
    let client = issuer.row.client_id.as_deref().unwrap_or_default();
    check_party(&token.claims, client)?;
    if !token.claims.text("nonce").is_some_and(|said| flow::same(said, nonce)) {
        return Err(unusable("the ID token is not for this sign-in"));
    }
    check_access_hash(&token, tokens.access_token.as_deref())?;
    mapping::has_role(&issuer.row, &token.claims)?;
    let methods = token.claims.get("amr").and_then(Value::as_array);
    let several = methods.is_some_and(|all| all.iter().any(|one| one == "mfa"));
    Ok((accounts::person(app, issuer, &token.claims)?, several))
}

/// An ID token is for the client that asked, and given to no other.
fn check_party(claims: &Claims, client: &str) -> Result<(), Error> {
    let audiences = claims.audiences();
    let party = claims.text("azp");
    let ours = audiences.contains(&client)
        && party.is_none_or(|party| party == client)
        && (audiences.len() == 1 || party.is_some());
    if ours { Ok(()) } else { Err(unusable("the ID token is for another client")) }
}

/// The access token that came with an ID token is the one that it names.
fn check_access_hash(token: &Token<'_>, access: Option<&str>) -> Result<(), Error> {
    let Some(said) = token.claims.text("at_hash") else { return Ok(()) };
    let access = access.unwrap_or_default().as_bytes();
    let digest: Vec<u8> = match token.header.alg.get(2..) {
        Some("256") => Sha256::digest(access).to_vec(),
        Some("384") => Sha384::digest(access).to_vec(),
        _ => Sha512::digest(access).to_vec(),
    };
    let half = URL_SAFE_NO_PAD.encode(&digest[..digest.len() / 2]);
    if half == said {
        Ok(())
    } else {
        Err(unusable("the ID token is not that of the access token"))
    }
}

/// An answer is taken once, in whichever process it arrives.
fn take_once(app: &App, flow: &Flow, now: Timestamp) -> Result<(), Error> {
    let id = URL_SAFE_NO_PAD.encode(Sha256::digest(flow.state.as_bytes()));
    let lapses = now + SignedDuration::from_secs(FLOW_SECONDS + 2 * LEEWAY_SECONDS);
    let first = app.write(move |tx, _| Ok(rows::use_once(tx, &id, lapses, now)?))?;
    if first { Ok(()) } else { Err(unusable("this sign-in was finished before")) }
}

/// Where a person signs out at a provider as well, which then sends the browser to `back`; nothing
/// where it has no such place. It may block.
///
/// # Errors
/// Those of [`begin`].
pub fn sign_out(app: &App, id: &str, back: &str) -> Result<Option<String>, Error> {
    let issuer = found(app, id)?;
    let provider: std::sync::Arc<Provider> = issuer.kept.provider()?;
    let client = issuer.row.client_id.as_deref().unwrap_or_default();
    let query = [("client_id", client), ("post_logout_redirect_uri", back)];
    Ok(provider.endpoints.end_session_endpoint.as_deref().map(|at| with_query(at, &query)))
}

fn with_query(url: &str, pairs: &[(&str, &str)]) -> String {
    let mut text = url.to_owned();
    let mut separator = if url.contains('?') { '&' } else { '?' };
    for (name, value) in pairs {
        text.push(separator);
        text.push_str(name);
        text.push('=');
        text.push_str(&encoded(value));
        separator = '&';
    }
    text
}

/// Text as a value of a query or a form.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_id_token_for_another_client_is_refused() {
        let is_ours = |claims: Value| {
            let claims: Claims = serde_json::from_value(claims).unwrap();
            check_party(&claims, "desk").is_ok()
        };
        assert!(is_ours(json!({ "aud": "desk" })));
        assert!(is_ours(json!({ "aud": ["desk"], "azp": "desk" })));
        assert!(is_ours(json!({ "aud": ["other", "desk"], "azp": "desk" })));
        for others in [
            json!({}),
            json!({ "aud": "other" }),
            json!({ "aud": "desk2" }),
            json!({ "aud": [] }),
            json!({ "aud": "desk", "azp": "other" }),
            json!({ "aud": ["desk", "other"] }),
            json!({ "aud": ["other"], "azp": "desk" }),
        ] {
            assert!(!is_ours(others.clone()), "{others}");
        }
    }
}
