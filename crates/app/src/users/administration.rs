//! What an administrator of a tenant does with its people.

use super::{display_name, mail, new_token, note, user_name};
use crate::access;
use crate::audit::{self, Event};
use crate::passwords::Password;
use crate::revocations::{self, Revoked};
use crate::second_factor::{self, Rule};
use crate::{App, Call, Error, Origin, sessions};
use jiff::{SignedDuration, Timestamp};
use prorata_domain::access::{Action, Scope};
use prorata_domain::ids::{PrincipalId, TenantId};
use prorata_domain::principal::PrincipalKind;
use prorata_store::users::User;
use prorata_store::{StoreError, Tx, users, world};
use serde_json::json;
use uuid::Uuid;

/// How long an invitation waits to be taken up.
pub const INVITATION_TIME: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A person to add, as they were written down.
#[derive(Debug, Clone)]
pub struct NewUser {
    pub user_name: String,
    pub display_name: String,
    pub mail: Option<String>,
}

/// What is to be changed of a person; what is left out stays.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    pub display_name: Option<String>,
    /// `Some(None)` takes the address away.
    pub mail: Option<Option<String>>,
}

/// What lets somebody choose a password, once. It is shown to who asked for it and kept nowhere.
#[derive(Clone)]
pub struct Invitation {
    pub token: String,
    pub ends_at: Timestamp,
}

/// A person as an administrator sees them.
#[derive(Debug, Clone)]
pub struct Shown {
    pub user: User,
    /// Nobody signs in with it.
    pub closed: bool,
    pub second_factor: bool,
}

/// Refuses unless the caller administers the caller's tenant.
///
/// # Errors
/// [`Error::Denied`], as for all functions here; those of the database.
pub fn require(tx: &mut Tx<'_>, call: &Call) -> Result<(), Error> {
    access::at(tx, call, Action::Assign, &Scope::root()).map(drop)
}

/// Adds a person, who chooses a password with the invitation.
///
/// # Errors
/// [`Error::Malformed`] with every fault; a user name that is taken.
pub fn add(tx: &mut Tx<'_>, call: &Call, new: &NewUser) -> Result<(Shown, Invitation), Error> {
    require(tx, call)?;
    let mut faults = Vec::new();
    let name = user_name(&new.user_name, "userName").map_err(|fault| faults.push(fault));
    let shown = display_name(&new.display_name, "displayName").map_err(|fault| faults.push(fault));
    let mail = new.mail.as_deref().map(|text| mail(text, "mail")).transpose();
    let mail = mail.map_err(|fault| faults.push(fault));
    let (Ok(user_name), Ok(display_name), Ok(mail)) = (name, shown, mail) else {
        return Err(Error::Malformed(faults));
    };
    let (token, hash) = new_token();
    let ends_at = Timestamp::now() + INVITATION_TIME;
    let user = User {
        tenant: call.caller.tenant,
        id: PrincipalId(Uuid::new_v4()),
        user_name,
        display_name,
        mail,
        password_hash: None,
        password_at: None,
        invitation: Some((hash, ends_at)),
        created_at: Timestamp::now(),
    };
    put(tx, &user)?;
    note(tx, call, "add-user", &user)?;
    let shown = Shown { user, closed: false, second_factor: false };
    Ok((shown, Invitation { token, ends_at }))
}

/// Writes a person down: the principal, and what they sign in with.
///
/// # Errors
/// [`Error::Malformed`] for a user name that is taken.
pub(crate) fn put(tx: &mut Tx<'_>, user: &User) -> Result<(), Error> {
    if users::by_name(tx, &user.user_name)?.is_some() {
        return Err(Error::malformed("userName", "is taken; choose another"));
    }
    put_principal(tx, user)?;
    Ok(users::insert(tx, user)?)
}

pub(crate) fn put_principal(tx: &mut Tx<'_>, user: &User) -> Result<bool, StoreError> {
    let principal = world::Principal {
        tenant: user.tenant,
        id: user.id,
        client_id: user.id.to_string(),
        name: user.display_name.clone(),
        // Nobody signs in as a person with a program's grant.
        secret_hash: String::new(),
        kind: PrincipalKind::User,
        home: None,
    };
    world::put_principal(tx, &principal)
}

/// The people of the caller's tenant, a page of them by id.
///
/// # Errors
/// As [`require`].
pub fn list(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    after: Option<PrincipalId>,
    limit: usize,
) -> Result<(Vec<Shown>, Option<PrincipalId>), Error> {
    require(tx, call)?;
    let mut rows = users::of_tenant(tx, call.caller.tenant, after, limit + 1)?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().map(|user| user.id).filter(|_| more);
    let shown = rows.into_iter().map(|user| shown(tx, app, user)).collect::<Result<_, _>>()?;
    Ok((shown, next))
}

fn shown(tx: &mut Tx<'_>, app: &App, user: User) -> Result<Shown, Error> {
    let closed = app.revocations.is_closed(user.tenant, user.id);
    let second_factor = second_factor::is_enrolled(tx, user.tenant, user.id)?;
    Ok(Shown { user, closed, second_factor })
}

fn found(tx: &mut Tx<'_>, tenant: TenantId, id: PrincipalId) -> Result<User, Error> {
    let absent = || Error::Absent { what: format!("user `{id}`"), code: "NotFound" };
    users::user(tx, tenant, id)?.ok_or_else(absent)
}

/// One person of the caller's tenant.
///
/// # Errors
/// [`Error::Absent`] where the tenant has none of this id, as for the functions below.
pub fn show(tx: &mut Tx<'_>, app: &App, call: &Call, id: PrincipalId) -> Result<Shown, Error> {
    require(tx, call)?;
    let user = found(tx, call.caller.tenant, id)?;
    shown(tx, app, user)
}

/// Changes what a person is called, or their mail address.
///
/// # Errors
/// [`Error::Malformed`] with every fault.
pub fn change(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    id: PrincipalId,
    changes: &Changes,
) -> Result<Shown, Error> {
    require(tx, call)?;
    let mut user = found(tx, call.caller.tenant, id)?;
    let mut faults = Vec::new();
    if let Some(text) = &changes.display_name {
        match display_name(text, "displayName") {
            Ok(name) => user.display_name = name,
            Err(fault) => faults.push(fault),
        }
    }
    match changes.mail.as_ref().map(|text| text.as_deref().map(|text| mail(text, "mail"))) {
        Some(Some(Ok(address))) => user.mail = Some(address),
        Some(Some(Err(fault))) => faults.push(fault),
        Some(None) => user.mail = None,
        None => {}
    }
    if !faults.is_empty() {
        return Err(Error::Malformed(faults));
    }
    users::set_name(tx, user.tenant, user.id, &user.display_name)?;
    users::set_mail(tx, user.tenant, user.id, user.mail.as_deref())?;
    note(tx, call, "change-user", &user)?;
    shown(tx, app, user)
}

/// Closes or opens the account of a principal, a person or a program: closed, nobody signs in with
/// it, its sessions end, and its tokens with them.
///
/// # Errors
/// [`Error::Malformed`] for the caller's own account.
pub fn set_closed(
    tx: &mut Tx<'_>,
    call: &Call,
    id: PrincipalId,
    closed: bool,
) -> Result<Revoked, Error> {
    require(tx, call)?;
    let tenant = call.caller.tenant;
    let absent = || Error::Absent { what: format!("principal `{id}`"), code: "NotFound" };
    let principal = world::principal(tx, tenant, id)?.ok_or_else(absent)?;
    if closed && id == call.caller.principal {
        return Err(Error::malformed("id", "is your own account; let another administrator do it"));
    }
    let mut revoked = vec![revocations::set_closed(tx, tenant, id, closed)?];
    if closed {
        revoked.extend(sessions::end_all(tx, tenant, id, None)?);
    }
    let action = if closed { "disable-principal" } else { "enable-principal" };
    let kind = if principal.kind == PrincipalKind::User { "user" } else { "principal" };
    audit::line(tx, call, &Event::new(action, format!("{kind}/{id}")))?;
    Ok(Revoked::of(id, revoked))
}

/// Takes a person's password away and ends their sessions; they choose another with the
/// invitation. The second factor stays.
pub fn reset(
    tx: &mut Tx<'_>,
    call: &Call,
    id: PrincipalId,
) -> Result<(Invitation, Revoked), Error> {
    require(tx, call)?;
    let user = found(tx, call.caller.tenant, id)?;
    let (token, hash) = new_token();
    let ends_at = Timestamp::now() + INVITATION_TIME;
    users::invite(tx, user.tenant, user.id, &hash, ends_at)?;
    let mut revoked = sessions::end_all(tx, user.tenant, user.id, None)?;
    revoked.push(revocations::end_tokens(tx, user.tenant, user.id)?);
    note(tx, call, "reset-user", &user)?;
    Ok((Invitation { token, ends_at }, Revoked::of(id, revoked)))
}

/// Takes a person's second factor away, whose telephone and recovery codes are lost.
pub fn reset_second_factor(
    tx: &mut Tx<'_>,
    call: &Call,
    id: PrincipalId,
) -> Result<Revoked, Error> {
    require(tx, call)?;
    let user = found(tx, call.caller.tenant, id)?;
    if second_factor::remove(tx, &user)? {
        note(tx, call, "reset-second-factor", &user)?;
    }
    Ok(Revoked::of(id, sessions::end_all(tx, user.tenant, user.id, None)?))
}

/// The sessions of a person, the newest first.
pub fn sessions(
    tx: &mut Tx<'_>,
    call: &Call,
    id: PrincipalId,
) -> Result<Vec<sessions::Shown>, Error> {
    require(tx, call)?;
    let user = found(tx, call.caller.tenant, id)?;
    sessions::list(tx, user.tenant, user.id)
}

/// Ends one session of a person.
pub fn end_session(
    tx: &mut Tx<'_>,
    call: &Call,
    id: PrincipalId,
    session: Uuid,
) -> Result<Revoked, Error> {
    require(tx, call)?;
    let user = found(tx, call.caller.tenant, id)?;
    let ended = sessions::end_one(tx, user.tenant, user.id, session)?;
    note(tx, call, "end-session", &user)?;
    Ok(ended)
}

/// Ends all sessions and tokens of a person.
pub fn end_sessions(tx: &mut Tx<'_>, call: &Call, id: PrincipalId) -> Result<Revoked, Error> {
    require(tx, call)?;
    let user = found(tx, call.caller.tenant, id)?;
    let mut revoked = sessions::end_all(tx, user.tenant, user.id, None)?;
    revoked.push(revocations::end_tokens(tx, user.tenant, user.id)?);
    note(tx, call, "end-sessions", &user)?;
    Ok(Revoked::of(id, revoked))
}

/// What the caller's tenant asks of its people beside the password.
pub fn rule(tx: &mut Tx<'_>, call: &Call) -> Result<Rule, Error> {
    require(tx, call)?;
    second_factor::rule(tx, call.caller.tenant)
}

/// Sets what the caller's tenant asks for.
pub fn set_rule(tx: &mut Tx<'_>, call: &Call, rule: Rule) -> Result<(), Error> {
    require(tx, call)?;
    if users::put_rule(tx, call.caller.tenant, rule.as_str())? {
        let event = Event::new("set-sign-in-rule", format!("tenant/{}", call.caller.tenant));
        audit::line(tx, call, &event.with(&json!({ "secondFactor": rule.as_str() }))?)?;
    }
    Ok(())
}

/// Sets a password whatever it was, by the operator of the database, who needs no right: the way
/// back in when no administrator can sign in any more. The account is open after it.
///
/// # Errors
/// [`Error::Absent`] for a name that is not there; [`Error::Malformed`] for a password that cannot
/// be taken.
pub fn set_password(app: &App, name: &str, new: &str) -> Result<User, Error> {
    let name = user_name(name, "userName").map_err(|fault| Error::Malformed(vec![fault]))?;
    let key = name.clone();
    let absent = || Error::Absent { what: format!("user `{name}`"), code: "NotFound" };
    let user = app.read(move |tx, _| Ok(users::by_name(tx, &key)?))?.ok_or_else(absent)?;
    let new = Password::typed(new);
    if let Some(fault) = new.fault("password", &[&user.user_name, &user.display_name]) {
        return Err(Error::Malformed(vec![fault]));
    }
    let hash = new.hash()?;
    let changed = user.clone();
    let revoked = app.write(move |tx, app| {
        users::set_password(tx, changed.tenant, changed.id, &hash, Timestamp::now())?;
        note(tx, &super::own_call(app, &changed, &Origin::default()), "set-password", &changed)?;
        let mut revoked = sessions::end_all(tx, changed.tenant, changed.id, None)?;
        revoked.push(revocations::set_closed(tx, changed.tenant, changed.id, false)?);
        Ok(revoked)
    })?;
    app.revoked(Revoked::of(user.id, revoked));
    Ok(user)
}
