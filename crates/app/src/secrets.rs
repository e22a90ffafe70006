//! What programs sign in with: several secrets each, so that one can take the place of another
//! while both are good. A secret is shown once, kept as a hash, and taken away with its tokens.

use crate::audit::{self, Event};
use crate::identity::{self, NOBODY, hash_secret, new_secret, secret_matches};
use crate::revocations::{self, Revoked};
use crate::{App, Call, Caller, Error, Fault, users};
use jiff::{SignedDuration, Timestamp, ToSpan};
use prorata_domain::ids::{PrincipalId, TenantId};
use prorata_domain::principal::PrincipalKind;
use prorata_store::secrets::{self, Secret};
use prorata_store::world::Principal;
use prorata_store::{Tx, world};
use uuid::Uuid;

/// Secrets of one principal beside that of a world document.
const SECRETS_MAX: usize = 10;

/// Characters by which a secret is told from the others of its principal.
const HINT_CHARS: usize = 4;

/// Characters of a secret's name.
const NAME_CHARS_MAX: usize = 64;

/// Days after which a secret ends where nobody says, and at most.
pub const DAYS: i64 = 180;
pub const DAYS_MAX: i64 = 730;

/// Use is noted no more often than this.
const NOTED_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// A secret to make.
#[derive(Debug, Clone)]
pub struct NewSecret {
    pub name: String,
    /// In how many days it ends.
    pub days: i64,
}

/// A secret as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub id: Uuid,
    pub name: String,
    /// How it begins; nothing is known of that of a world document.
    pub hint: Option<String>,
    pub created_at: Option<Timestamp>,
    pub ends_at: Option<Timestamp>,
    /// To the minute.
    pub used_at: Option<Timestamp>,
}

/// A secret that was made, shown this once.
#[derive(Clone)]
pub struct Made {
    pub shown: Shown,
    pub secret: String,
}

/// A program that signed in, and the secret it did so with.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub caller: Caller,
    pub credential: Uuid,
}

impl SignedIn {
    /// The second that a token issued for it says: not one of which tokens were just revoked.
    pub fn issue_at(&self, app: &App) -> i64 {
        app.revocations.issue_from(&self.caller, Timestamp::now().as_second())
    }
}

fn shown(row: Secret) -> Shown {
    Shown {
        id: row.id,
        name: row.name,
        hint: Some(row.hint),
        created_at: Some(row.created_at),
        ends_at: Some(row.ends_at),
        used_at: row.used_at,
    }
}

fn program(tx: &mut Tx<'_>, tenant: TenantId, id: PrincipalId) -> Result<Principal, Error> {
    let found = world::principal(tx, tenant, id)?;
    let program = found.filter(|found| found.kind == PrincipalKind::ServicePrincipal);
    let absent = || Error::Absent { what: format!("service principal `{id}`"), code: "NotFound" };
    program.ok_or_else(absent)
}

/// The secrets of a principal of the caller's tenant, by id; that of a world document first.
///
/// # Errors
/// [`Error::Denied`] unless the caller administers the tenant, [`Error::Absent`] where it has no
/// such service principal, as for all functions here.
pub fn list(tx: &mut Tx<'_>, call: &Call, id: PrincipalId) -> Result<Vec<Shown>, Error> {
    users::require(tx, call)?;
    let principal = program(tx, call.caller.tenant, id)?;
    let first = (!principal.secret_hash.is_empty()).then(|| Shown {
        id: id.0,
        name: "world document".to_owned(),
        hint: None,
        created_at: None,
        ends_at: None,
        used_at: None,
    });
    let further = secrets::of_principal(tx, call.caller.tenant, id)?;
    Ok(first.into_iter().chain(further.into_iter().map(shown)).collect())
}

/// Makes a secret. Hashing it takes tens of milliseconds: call it where blocking is allowed.
///
/// # Errors
/// [`Error::Malformed`] with every fault, and where there are too many already.
pub fn add(app: &App, call: &Call, id: PrincipalId, new: &NewSecret) -> Result<Made, Error> {
    let name = new.name.trim().to_owned();
    let mut faults = Vec::new();
    let chars = name.chars().count();
    if !(1..=NAME_CHARS_MAX).contains(&chars) || name.chars().any(char::is_control) {
        let said = format!("must have 1 to {NAME_CHARS_MAX} characters, none of them a control");
        faults.push(Fault::new("name", said));
    }
    if !(1..=DAYS_MAX).contains(&new.days) {
        faults.push(Fault::new("days", format!("must be 1 to {DAYS_MAX}")));
    }
    if !faults.is_empty() {
        return Err(Error::Malformed(faults));
    }
    // Nobody without the right is let to spend the time of hashing.
    let asked = call.clone();
    let others = app.read(move |tx, _| list(tx, &asked, id))?;
    let secret = unlike(&others);
    let now = Timestamp::now();
    let hours = new.days.saturating_mul(24);
    let row = Secret {
        tenant: call.caller.tenant,
        principal: id,
        id: Uuid::new_v4(),
        name,
        hint: hint(&secret).unwrap_or_default().to_owned(),
        hash: hash_secret(&secret)?,
        created_at: now,
        ends_at: now
            .checked_add(hours.hours())
            .map_err(|error| Error::Broken(error.to_string()))?,
        used_at: None,
    };
    let (call, made) = (call.clone(), row.clone());
    app.write(move |tx, _| {
        let kept = list(tx, &call, id)?;
        if kept.iter().filter(|secret| secret.hint.is_some()).count() >= SECRETS_MAX {
            let said = format!("has {SECRETS_MAX} secrets already; remove one first");
            return Err(Error::malformed("id", said));
        }
        secrets::insert(tx, &row)?;
        audit::line(tx, &call, &Event::new("add-secret", target(id, row.id)))
    })?;
    Ok(Made { shown: shown(made), secret })
}

/// A new secret that begins unlike the others.
fn unlike(others: &[Shown]) -> String {
    loop {
        let secret = new_secret();
        let hint = hint(&secret);
        if !others.iter().any(|other| other.hint.as_deref() == hint) {
            return secret;
        }
    }
}

fn hint(secret: &str) -> Option<&str> {
    secret.get(..HINT_CHARS)
}

fn target(principal: PrincipalId, secret: Uuid) -> String {
    format!("principal/{principal}/secret/{secret}")
}

/// Takes a secret away; every token that was issued for it ends.
///
/// # Errors
/// [`Error::Absent`] where the principal has no such secret.
pub fn remove(
    tx: &mut Tx<'_>,
    call: &Call,
    id: PrincipalId,
    secret: Uuid,
) -> Result<Revoked, Error> {
    users::require(tx, call)?;
    program(tx, call.caller.tenant, id)?;
    let tenant = call.caller.tenant;
    let removed = if secret == id.0 {
        secrets::clear_first(tx, tenant, id)?
    } else {
        secrets::remove(tx, tenant, id, secret)?
    };
    if !removed {
        return Err(Error::Absent { what: format!("secret `{secret}`"), code: "NotFound" });
    }
    audit::line(tx, call, &Event::new("remove-secret", target(id, secret)))?;
    let ended = if secret == id.0 {
        // Tokens do not say more of this one than their principal.
        revocations::end_tokens(tx, tenant, id)?
    } else {
        revocations::end_credential(tx, tenant, secret)?
    };
    Ok(Revoked::of(id, vec![ended]))
}

/// Signs a program in, in the tenant that it names or else in the only one that has such a client.
/// Takes tens of milliseconds on purpose: call it where blocking is allowed.
///
/// # Errors
/// [`Error::Unknown`] for a client that is not there, another secret, one that has ended, or a
/// closed account; all take equally long, for one hash is checked in any case.
pub fn sign_in(
    app: &App,
    tenant: Option<TenantId>,
    client: &str,
    secret: &str,
) -> Result<SignedIn, Error> {
    let client = client.to_owned();
    let begins = hint(secret).unwrap_or_default().to_owned();
    let found = app.read(move |tx, _| {
        let Some(principal) = identity::account(tx, tenant, &client)? else { return Ok(None) };
        let account = principal.home.unwrap_or(principal.tenant);
        let secret = secrets::by_hint(tx, account, principal.id, &begins)?;
        Ok(Some((principal, secret)))
    })?;
    let now = Timestamp::now();
    let kept = found.map(|(principal, secret)| {
        let secret = secret.filter(|secret| now < secret.ends_at);
        (principal, secret)
    });
    let hash = kept.as_ref().map(|(principal, secret)| match secret {
        Some(secret) => secret.hash.clone(),
        None => principal.secret_hash.clone(),
    });
    let hash = hash.filter(|hash| !hash.is_empty());
    let right = secret_matches(secret, hash.as_deref().unwrap_or(NOBODY)) && hash.is_some();
    let wrong = || Error::Unknown("the client or its secret is wrong".to_owned());
    let (principal, secret) = kept.filter(|_| right).ok_or_else(wrong)?;
    let account = principal.home.unwrap_or(principal.tenant);
    let closed = |tenant| app.revocations.is_closed(tenant, principal.id);
    if closed(principal.tenant) || closed(account) {
        return Err(wrong());
    }
    let credential = secret.as_ref().map_or(principal.id.0, |secret| secret.id);
    note_use(app, secret, now)?;
    Ok(SignedIn { caller: identity::acting(app, principal)?, credential })
}

fn note_use(app: &App, secret: Option<Secret>, now: Timestamp) -> Result<(), Error> {
    let Some(secret) = secret else { return Ok(()) };
    if secret.used_at.is_some_and(|used| now.duration_since(used) < NOTED_EVERY) {
        return Ok(());
    }
    app.write(move |tx, _| Ok(secrets::used(tx, &secret, now)?))
}
