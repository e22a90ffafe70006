//! Sessions of people, kept in the database: they outlive a restart, are the same at every process
//! of it, and end where somebody ends them.
//!
//! A browser holds 256 random bits of which only the hash is kept. Signing in always begins a new
//! session with bits of its own, so that nobody can plant one. Rights are looked up at each call: a
//! session carries none. Sessions live by the system's clock, also in a sandbox.

use crate::administration::{self, Standing};
use crate::revocations::Revoked;
use crate::second_factor::{self, Rule};
use crate::{App, Call, Caller, Error, Origin, PartnerAgent, PrincipalKind, revocations};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use prorata_domain::ids::{PrincipalId, TenantId};
use prorata_store::revocations::Revocation;
use prorata_store::sessions::{self, Session as Row};
use prorata_store::{Tx, users};
use rand::RngCore;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A session that is not used ends: a desk left alone over lunch is closed.
pub const IDLE_TIME: SignedDuration = SignedDuration::from_mins(30);

/// A session ends after a working day, however busy.
pub const WHOLE_TIME: SignedDuration = SignedDuration::from_hours(10);

/// How long somebody may look for the code after the password was right.
const CODE_TIME: SignedDuration = SignedDuration::from_mins(5);

/// Use is noted no more often than this, so that looking at pages does not write all the time.
const NOTED_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// Sessions of one account at once; the oldest go when there are more.
const SESSIONS_MAX: usize = 50;

/// Characters kept of what a browser calls itself.
const AGENT_CHARS_MAX: usize = 200;

/// What somebody proved who they are with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// The secret of a program.
    Secret,
    Password,
    PasswordAndCode,
    /// Another issuer vouches for them.
    Issuer,
    /// Another issuer vouches for them, and that they gave a second factor there.
    IssuerAndCode,
}

impl Proof {
    const ALL: [Proof; 5] = [
        Proof::Secret,
        Proof::Password,
        Proof::PasswordAndCode,
        Proof::Issuer,
        Proof::IssuerAndCode,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Proof::Secret => "secret",
            Proof::Password => "password",
            Proof::PasswordAndCode => "password-and-code",
            Proof::Issuer => "issuer",
            Proof::IssuerAndCode => "issuer-and-code",
        }
    }

    pub fn parse(text: &str) -> Option<Proof> {
        Proof::ALL.into_iter().find(|proof| proof.as_str() == text)
    }

    /// Whether a person proved only one thing.
    fn is_single(self) -> bool {
        matches!(self, Proof::Password | Proof::Issuer)
    }
}

/// How far signing in has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The password was right; the code is awaited.
    Code,
    Open,
}

impl Stage {
    fn as_str(self) -> &'static str {
        match self {
            Stage::Code => "code",
            Stage::Open => "open",
        }
    }
}

/// A session as it is used.
#[derive(Debug, Clone)]
pub struct Session {
    pub id: Uuid,
    pub caller: Caller,
    pub proof: Proof,
    pub began_at: Timestamp,
    /// What each form of this session brings back.
    pub form_token: String,
    /// The caller's tenant asks for a second factor before money moves, and this session has none.
    pub lacks_second_factor: bool,
    /// What the caller may look after, as their rights are now.
    pub standing: Standing,
    /// Its use is to be noted.
    stale: bool,
}

/// A session that was begun: what the browser is to hold, and what it is shown by.
#[derive(Clone)]
pub struct Begun {
    pub cookie: String,
    pub id: Uuid,
}

/// A session as its owner or an administrator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub id: Uuid,
    pub proof: String,
    pub began_at: Timestamp,
    /// To the minute.
    pub used_at: Timestamp,
    pub ends_at: Timestamp,
    pub address: Option<String>,
    pub agent: Option<String>,
}

/// As whom a session acts, as it is kept.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Actor {
    tenant: TenantId,
    principal: PrincipalId,
    client: String,
    name: String,
    kind: String,
    home: TenantId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agent: Option<Agent>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Agent {
    tenant: TenantId,
    roles: Vec<String>,
}

impl Actor {
    fn of(caller: &Caller) -> Actor {
        let agent =
            |agent: &PartnerAgent| Agent { tenant: agent.tenant, roles: agent.roles.clone() };
        Actor {
            tenant: caller.tenant,
            principal: caller.principal,
            client: caller.client.clone(),
            name: caller.name.clone(),
            kind: caller.kind.as_str().to_owned(),
            home: caller.home,
            agent: caller.agent.as_ref().map(agent),
        }
    }

    fn caller(self) -> Caller {
        let mut caller = Caller::new(self.tenant, self.principal, self.client, self.name);
        caller.kind = PrincipalKind::parse(&self.kind).unwrap_or_default();
        caller.home = self.home;
        caller.agent =
            self.agent.map(|agent| PartnerAgent { tenant: agent.tenant, roles: agent.roles });
        caller
    }
}

/// Begins a session. Whatever the browser held before is to be ended with [`end`].
///
/// # Errors
/// [`Error::Unknown`] for an account that is closed; those of the database.
pub fn begin(
    tx: &mut Tx<'_>,
    app: &App,
    caller: &Caller,
    proof: Proof,
    origin: &Origin,
) -> Result<Begun, Error> {
    put(tx, app, caller, proof, Stage::Open, origin)
}

/// Begins what becomes a session once the code was given.
pub(crate) fn await_code(
    tx: &mut Tx<'_>,
    app: &App,
    caller: &Caller,
    origin: &Origin,
) -> Result<Begun, Error> {
    put(tx, app, caller, Proof::Password, Stage::Code, origin)
}

fn put(
    tx: &mut Tx<'_>,
    app: &App,
    caller: &Caller,
    proof: Proof,
    stage: Stage,
    origin: &Origin,
) -> Result<Begun, Error> {
    if is_closed(app, caller) {
        return Err(closed());
    }
    let now = Timestamp::now();
    sessions::end_lapsed(tx, now)?;
    let kept = sessions::of_principal(tx, caller.home, caller.principal)?;
    for row in kept.iter().take((kept.len() + 1).saturating_sub(SESSIONS_MAX)) {
        sessions::end(tx, &row.hash)?;
    }
    let cookie = random_text();
    let id = Uuid::new_v4();
    let row = Row {
        hash: hash(&cookie),
        id,
        tenant: caller.home,
        principal: caller.principal,
        stage: stage.as_str().to_owned(),
        proof: proof.as_str().to_owned(),
        caller: serde_json::to_string(&Actor::of(caller))?,
        began_at: now,
        used_at: now,
        ends_at: now + if stage == Stage::Open { WHOLE_TIME } else { CODE_TIME },
        address: origin.address.map(|address| address.to_string()),
        agent: origin.agent.as_deref().map(told),
    };
    sessions::insert(tx, &row)?;
    Ok(Begun { cookie, id })
}

/// The session of a cookie, as long as it is open.
///
/// # Errors
/// Those of the database.
pub fn find(tx: &mut Tx<'_>, app: &App, cookie: &str) -> Result<Option<Session>, Error> {
    let Some(row) = open_row(tx, app, cookie, Stage::Open)? else { return Ok(None) };
    let proof = Proof::parse(&row.proof)
        .ok_or_else(|| Error::Broken(format!("`{}` proves nothing", row.proof)))?;
    let caller = serde_json::from_str::<Actor>(&row.caller)?.caller();
    let rule =
        if proof.is_single() { second_factor::rule(tx, caller.tenant)? } else { Rule::Optional };
    let call = Call::new(caller.clone(), app.now(), Uuid::nil());
    Ok(Some(Session {
        id: row.id,
        proof,
        began_at: row.began_at,
        form_token: form_token(cookie),
        lacks_second_factor: rule == Rule::Money,
        standing: administration::standing(tx, &call)?,
        stale: Timestamp::now().duration_since(row.used_at) >= NOTED_EVERY,
        caller,
    }))
}

/// The row of a cookie at a stage, if it has not lapsed and its account is open.
fn open_row(tx: &mut Tx<'_>, app: &App, cookie: &str, stage: Stage) -> Result<Option<Row>, Error> {
    let now = Timestamp::now();
    let row = sessions::find(tx, &hash(cookie))?;
    Ok(row.filter(|row| {
        row.stage == stage.as_str()
            && now < row.ends_at
            && now.duration_since(row.used_at) < IDLE_TIME
            && !app.revocations.is_closed(row.tenant, row.principal)
    }))
}

/// [`find`] for a request: notes its use now and then.
///
/// # Errors
/// Those of the database.
pub async fn find_used(
    app: &App,
    cookie: String,
    origin: &Origin,
) -> Result<Option<Session>, Error> {
    // What no session can be is not looked for.
    if !(40..=64).contains(&cookie.len()) {
        return Ok(None);
    }
    revocations::keep_up(app).await?;
    let key = cookie.clone();
    let found = app.read_async(move |tx, app| find(tx, app, &key)).await?;
    if found.as_ref().is_some_and(|session| session.stale) {
        let (hash, origin) = (hash(&cookie), origin.clone());
        app.write_async(move |tx, _| {
            let address = origin.address.map(|address| address.to_string());
            let agent = origin.agent.as_deref().map(told);
            let (address, agent) = (address.as_deref(), agent.as_deref());
            Ok(sessions::used(tx, &hash, Timestamp::now(), address, agent)?)
        })
        .await?;
    }
    Ok(found)
}

/// Who gave the password of what awaits a code.
pub(crate) fn awaiting(
    tx: &mut Tx<'_>,
    app: &App,
    cookie: &str,
) -> Result<Option<users::User>, Error> {
    let Some(row) = open_row(tx, app, cookie, Stage::Code)? else { return Ok(None) };
    Ok(users::user(tx, row.tenant, row.principal)?)
}

/// Ends the session of a cookie, whatever its stage, with every token that goes back to it.
///
/// # Errors
/// Those of the database.
pub fn end(tx: &mut Tx<'_>, cookie: &str) -> Result<Option<Revoked>, Error> {
    let Some(row) = sessions::find(tx, &hash(cookie))? else { return Ok(None) };
    sessions::end(tx, &row.hash)?;
    let ended = revocations::end_credential(tx, row.tenant, row.id)?;
    Ok(Some(Revoked::of(row.principal, vec![ended])))
}

/// The open sessions of an account, the newest first.
///
/// # Errors
/// Those of the database.
pub(crate) fn list(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    principal: PrincipalId,
) -> Result<Vec<Shown>, Error> {
    let now = Timestamp::now();
    let rows = sessions::of_principal(tx, tenant, principal)?;
    let open = |row: &Row| {
        row.stage == Stage::Open.as_str()
            && now < row.ends_at
            && now.duration_since(row.used_at) < IDLE_TIME
    };
    let shown = |row: Row| Shown {
        id: row.id,
        proof: row.proof,
        began_at: row.began_at,
        used_at: row.used_at,
        ends_at: row.ends_at.min(row.used_at + IDLE_TIME),
        address: row.address,
        agent: row.agent,
    };
    Ok(rows.into_iter().filter(open).map(shown).rev().collect())
}

/// Ends one session of an account.
///
/// # Errors
/// [`Error::Absent`] where it has none of this id.
pub(crate) fn end_one(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    principal: PrincipalId,
    id: Uuid,
) -> Result<Revoked, Error> {
    if !sessions::end_one(tx, tenant, principal, id)? {
        return Err(Error::Absent { what: format!("session `{id}`"), code: "NotFound" });
    }
    let ended = revocations::end_credential(tx, tenant, id)?;
    Ok(Revoked::of(principal, vec![ended]))
}

/// Ends the sessions of an account, but for one that stays where there is any.
pub(crate) fn end_all(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    principal: PrincipalId,
    except: Option<Uuid>,
) -> Result<Vec<Revocation>, Error> {
    let rows = sessions::of_principal(tx, tenant, principal)?;
    let mut revoked = Vec::new();
    for row in rows.iter().filter(|row| Some(row.id) != except) {
        sessions::end(tx, &row.hash)?;
        revoked.push(revocations::end_credential(tx, tenant, row.id)?);
    }
    Ok(revoked)
}

fn is_closed(app: &App, caller: &Caller) -> bool {
    app.revocations.is_closed(caller.tenant, caller.principal)
        || app.revocations.is_closed(caller.home, caller.principal)
}

/// The same words as for another secret: a closed account is told to nobody.
fn closed() -> Error {
    Error::Unknown("the account or its password is wrong".to_owned())
}

/// What each form of a session brings back: from the cookie one gets to it, not back.
fn form_token(cookie: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!("form/{cookie}")))
}

fn hash(cookie: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(cookie.as_bytes()))
}

/// What a program calls itself, in one bounded line.
pub fn told(agent: &str) -> String {
    agent.chars().filter(|letter| !letter.is_control()).take(AGENT_CHARS_MAX).collect()
}

/// 256 random bits as text.
pub fn random_text() -> String {
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}
