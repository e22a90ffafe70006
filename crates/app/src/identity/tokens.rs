//! Tokens: those the desk issues, and who a token is, of its own issuer or of another.

use super::issuers::{Look, Trusted};
use super::jwt::{Claims, Token, unusable};
use super::keys::{ALGORITHM, Keys};
use super::{LEEWAY_SECONDS, issuers, memory};
use crate::limits::TOKEN_SECONDS;
use crate::{App, Caller, Error, PartnerAgent, PrincipalKind};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use prorata_domain::ids::{PrincipalId, TenantId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

/// A token that was issued.
#[derive(Clone)]
pub struct Issued {
    pub access_token: String,
    /// Seconds that it is good for.
    pub expires_in: i64,
}

/// What the desk says in a token of its own.
#[derive(Debug, Serialize, Deserialize)]
struct Said {
    iss: String,
    aud: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    tid: TenantId,
    oid: PrincipalId,
    sub: PrincipalId,
    appid: String,
    name: String,
    /// `user` or `app`.
    #[serde(default)]
    idtyp: String,
    /// The tenant of the account, of a guest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    home_tid: Option<TenantId>,
    /// The Partner Center roles of a partner's agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    partner_roles: Option<Vec<String>>,
    /// The secret or session that it was issued for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sid: Option<Uuid>,
    ver: String,
}

/// A token that was verified: who it is, and by what it can be revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    pub caller: Caller,
    /// The secret or session that it was issued for, where the desk issued it.
    pub credential: Option<Uuid>,
    /// The second at which it was issued.
    pub issued_at: i64,
}

/// What can be said of a token without waiting for anything.
#[derive(Debug)]
pub enum Glance {
    Known(Box<Verified>),
    Refused(Error),
    /// It is to be looked at where blocking is allowed, by [`verify`].
    LookCloser,
}

/// The address of the desk's own issuer, of a tenant or of whatever tenant a client is in, as those
/// who reach the desk at `base` know it.
pub fn issuer_at(base: &str, tenant: Option<TenantId>) -> String {
    match tenant {
        Some(tenant) => format!("{base}/{tenant}/v2.0"),
        None => format!("{base}/adfs"),
    }
}

/// Whether a token of a tenant may name this issuer.
fn is_issuer_of(issuer: &str, tenant: TenantId) -> bool {
    issuer.ends_with("/adfs") || issuer.ends_with(&format!("/{tenant}/v2.0"))
}

/// A signed token for a caller. `issuer` is the issuer's URL, `audience` what it is meant for. It
/// may block: the keys are read again now and then.
///
/// # Errors
/// When the claims cannot be written or the keys not be read.
pub fn issue(app: &App, caller: &Caller, issuer: &str, audience: &str) -> Result<Issued, Error> {
    let now = Timestamp::now().as_second();
    issue_for(app, caller, issuer, audience, None, now)
}

/// As [`issue`], for the secret or session that the caller signed in with, at a second.
///
/// # Errors
/// Those of [`issue`].
pub fn issue_for(
    app: &App,
    caller: &Caller,
    issuer: &str,
    audience: &str,
    credential: Option<Uuid>,
    now: i64,
) -> Result<Issued, Error> {
    let said = Said {
        iss: issuer.to_owned(),
        aud: audience.to_owned(),
        iat: now,
        nbf: now,
        exp: now + TOKEN_SECONDS,
        tid: caller.tenant,
        oid: caller.principal,
        sub: caller.principal,
        appid: caller.client.clone(),
        name: caller.name.clone(),
        idtyp: if caller.kind == PrincipalKind::User { "user" } else { "app" }.to_owned(),
        home_tid: (caller.home != caller.tenant).then_some(caller.home),
        partner_roles: caller.agent.as_ref().map(|agent| agent.roles.clone()),
        sid: credential,
        ver: "1.0".into(),
    };
    let (body, signature) = Keys::sign(app, |key| {
        let header = json!({ "alg": ALGORITHM, "typ": "JWT", "kid": key });
        Ok(format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(serde_json::to_vec(&header)?),
            URL_SAFE_NO_PAD.encode(serde_json::to_vec(&said)?)
        ))
    })?;
    Ok(Issued { access_token: format!("{body}.{signature}"), expires_in: TOKEN_SECONDS })
}

/// Signs a statement of the desk's own with the key that signs tokens: a compact JWS whose type
/// says what it is, so that it is never taken for a token. It may block.
///
/// # Errors
/// Those of the database.
pub(crate) fn sign_statement(
    app: &App,
    kind: &str,
    statement: &serde_json::Value,
) -> Result<String, Error> {
    let (body, signature) = Keys::sign(app, |key| {
        let header = json!({ "alg": ALGORITHM, "typ": kind, "kid": key });
        Ok(format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(serde_json::to_vec(&header)?),
            URL_SAFE_NO_PAD.encode(serde_json::to_vec(statement)?)
        ))
    })?;
    Ok(format!("{body}.{signature}"))
}

/// Who a token is. It may block: an issuer may have to be asked for its keys.
///
/// # Errors
/// [`Error::Unknown`] for a token that cannot be used, with the reason; [`Error::Busy`] when its
/// issuer does not answer.
pub fn verify(app: &App, token: &str) -> Result<Caller, Error> {
    closely(app, token).map(|verified| verified.caller)
}

/// As [`verify`], with what the token can be revoked by.
///
/// # Errors
/// Those of [`verify`].
pub fn closely(app: &App, token: &str) -> Result<Verified, Error> {
    match glance(app, token) {
        Glance::Known(verified) => return Ok(*verified),
        Glance::Refused(error) => return Err(error),
        Glance::LookCloser => {}
    }
    issuers::keep_up(app)?;
    let since = app.gate.memory.begin();
    let parsed = Token::parse(token)?;
    let now = Timestamp::now();
    let (verified, ends) = match app.gate.issuers.of(&parsed.claims) {
        Some(issuer) => of_other(app, &issuer, &parsed, now)?,
        None => {
            let kid = parsed.header.kid.as_deref().unwrap_or_default();
            app.gate.keys.look_for(&app.store, kid)?;
            of_ours(app, &parsed, now)?
        }
    };
    let now = now.as_second();
    app.gate.memory.keep(since, memory::digest(token), verified.clone(), ends, now);
    unrevoked(app, verified)
}

/// Who a token is that was verified a moment ago and not revoked since; it looks at nothing else.
pub fn remembered(app: &App, token: &str) -> Option<Verified> {
    let verified = app.gate.memory.find(&memory::digest(token), Timestamp::now().as_second())?;
    unrevoked(app, verified).ok()
}

/// What can be said of a token at once: it does not block, so that a flood of bad tokens is turned
/// away where it comes in.
pub fn glance(app: &App, token: &str) -> Glance {
    glanced(app, token).unwrap_or_else(Glance::Refused)
}

fn glanced(app: &App, token: &str) -> Result<Glance, Error> {
    let now = Timestamp::now();
    let digest = memory::digest(token);
    if let Some(verified) = app.gate.memory.find(&digest, now.as_second()) {
        return unrevoked(app, verified).map(|verified| Glance::Known(Box::new(verified)));
    }
    let since = app.gate.memory.begin();
    let parsed = Token::parse(token)?;
    if app.gate.issuers.may_be_old() {
        return Ok(Glance::LookCloser);
    }
    if let Some(issuer) = app.gate.issuers.of(&parsed.claims) {
        // A good signature is worth a look into the database; a bad one, or an unknown key of an
        // issuer that was asked already, is not.
        return match issuer.look(parsed.header.kid.as_deref()) {
            Look::Found(key) => {
                issuers::check(&issuer, &key, &parsed, now.as_second())?;
                Ok(Glance::LookCloser)
            }
            Look::Absent => Err(unusable("the token is signed by a key that its issuer has not")),
            Look::Down => Err(issuers::down(&issuer)),
            Look::Ask => Ok(Glance::LookCloser),
        };
    }
    if !is_known_key(app, &parsed, now) && app.gate.keys.may_look() {
        return Ok(Glance::LookCloser);
    }
    let (verified, ends) = of_ours(app, &parsed, now)?;
    app.gate.memory.keep(since, digest, verified.clone(), ends, now.as_second());
    unrevoked(app, verified).map(|verified| Glance::Known(Box::new(verified)))
}

/// What was revoked is asked at each call, also of a token that is remembered.
fn unrevoked(app: &App, verified: Verified) -> Result<Verified, Error> {
    let Verified { caller, credential, issued_at } = &verified;
    if app.revocations.allow(caller, *credential, *issued_at) {
        Ok(verified)
    } else {
        Err(unusable("the token was revoked"))
    }
}

fn is_known_key(app: &App, token: &Token<'_>, now: Timestamp) -> bool {
    let kid = token.header.kid.as_deref().unwrap_or_default();
    app.gate.keys.verifies(kid, "", "", now).is_some()
}

/// A token of the desk's own issuer.
fn of_ours(app: &App, token: &Token<'_>, now: Timestamp) -> Result<(Verified, i64), Error> {
    let kid = token.header.kid.as_deref().unwrap_or_default();
    let signed = app.gate.keys.verifies(kid, token.signed, token.signature, now);
    // The algorithm is the key's, never the token's.
    if token.header.alg != ALGORITHM || signed != Some(true) {
        return Err(unusable("the token is not valid"));
    }
    let ends = token.claims.good_until(now.as_second(), LEEWAY_SECONDS)?;
    let said = token.claims.read::<Said>().ok_or_else(|| unusable("the token is not valid"))?;
    if !is_issuer_of(&said.iss, said.tid) {
        return Err(unusable("the token's issuer is not that of its tenant"));
    }
    audience(&token.claims, |audience| app.gate.audiences.accept(audience))?;
    let kind =
        if said.idtyp == "user" { PrincipalKind::User } else { PrincipalKind::ServicePrincipal };
    let home = said.home_tid.unwrap_or(said.tid);
    let caller = Caller {
        kind,
        home,
        agent: said.partner_roles.map(|roles| PartnerAgent { tenant: home, roles }),
        ..Caller::new(said.tid, said.oid, said.appid, said.name)
    };
    Ok((Verified { caller, credential: said.sid, issued_at: said.iat }, ends))
}

/// A token of another issuer: its account has to be a principal here.
fn of_other(
    app: &App,
    issuer: &Arc<Trusted>,
    token: &Token<'_>,
    now: Timestamp,
) -> Result<(Verified, i64), Error> {
    let key = issuer.find(token.header.kid.as_deref())?;
    let ends = issuers::check(issuer, &key, token, now.as_second())?;
    let issued_at = token.claims.seconds("iat").unwrap_or(now.as_second());
    let caller = issuers::caller(app, issuer, &token.claims)?;
    Ok((Verified { caller, credential: None, issued_at }, ends))
}

/// Refuses a token that is for nobody we are.
pub(super) fn audience(claims: &Claims, accept: impl Fn(&str) -> bool) -> Result<(), Error> {
    let audiences = claims.audiences();
    if audiences.iter().any(|audience| accept(audience)) {
        return Ok(());
    }
    let shown: String = audiences.first().unwrap_or(&"nobody").chars().take(120).collect();
    Err(unusable(format!("the token is for `{shown}` and not for this desk")))
}
