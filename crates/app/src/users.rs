//! People who sign in here: an administrator adds and invites them, they choose their password and
//! look after what they sign in with.

mod administration;
mod sign_in;

pub(crate) use administration::put_principal;
pub use administration::{
    Changes, Invitation, NewUser, Shown, add, change, end_session, end_sessions, list, require,
    reset, reset_second_factor, rule, sessions, set_closed, set_password, set_rule, show,
};
pub use sign_in::{Entered, give_code, sign_in, who_awaits_code};

use crate::audit::{self, Event};
use crate::passwords::Password;
use crate::revocations::Revoked;
use crate::second_factor::{self, Enrolment};
use crate::sessions::{self, random_text};
use crate::{App, Call, Caller, Error, Fault, Origin, PrincipalKind};
use jiff::Timestamp;
use prorata_store::Tx;
use prorata_store::users::{self, User};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Characters of a user name.
const NAME_CHARS: std::ops::RangeInclusive<usize> = 3..=64;

/// Characters of a display name.
const SHOWN_CHARS_MAX: usize = 128;

/// What a person sees of their own account.
#[derive(Debug, Clone)]
pub struct Account {
    pub user_name: String,
    pub display_name: String,
    pub mail: Option<String>,
    pub password_at: Option<Timestamp>,
    /// Since when a second factor counts.
    pub second_factor_since: Option<Timestamp>,
    pub recovery_codes_left: u32,
    /// Whether the tenant asks for a second factor before money moves.
    pub second_factor_asked: bool,
}

/// The caller as a user of this desk; nothing for programs and for accounts of other issuers.
///
/// # Errors
/// Those of the database, as for all functions here.
pub fn myself(tx: &mut Tx<'_>, caller: &Caller) -> Result<Option<User>, Error> {
    if caller.kind != PrincipalKind::User {
        return Ok(None);
    }
    Ok(users::user(tx, caller.home, caller.principal)?)
}

fn known(tx: &mut Tx<'_>, caller: &Caller) -> Result<User, Error> {
    myself(tx, caller)?.ok_or_else(|| Error::Absent { what: "password".into(), code: "NotFound" })
}

/// What a person sees of their own account.
pub fn account(tx: &mut Tx<'_>, caller: &Caller) -> Result<Option<Account>, Error> {
    let Some(user) = myself(tx, caller)? else { return Ok(None) };
    let factor = users::factor(tx, user.tenant, user.id)?;
    Ok(Some(Account {
        second_factor_since: factor.and_then(|factor| factor.confirmed_at),
        recovery_codes_left: users::codes_left(tx, user.tenant, user.id)?,
        second_factor_asked: second_factor::rule(tx, caller.tenant)? == second_factor::Rule::Money,
        user_name: user.user_name,
        display_name: user.display_name,
        mail: user.mail,
        password_at: user.password_at,
    }))
}

/// Whether a password is the caller's. Takes tens of milliseconds on purpose.
///
/// # Errors
/// [`Error::Malformed`] naming the field where it is another.
pub fn check_password(app: &App, caller: &Caller, typed: &str, path: &str) -> Result<User, Error> {
    let (caller, typed) = (caller.clone(), Password::typed(typed));
    let user = app.read(move |tx, _| known(tx, &caller))?;
    if typed.is_plausible() && sign_in::matches(&user, &typed) {
        return Ok(user);
    }
    Err(Error::malformed(path, "is not your present password"))
}

/// Changes the caller's password, and ends all their sessions but the one that it is done in.
///
/// # Errors
/// [`Error::Malformed`] where the old one is wrong, or the new one cannot be taken.
pub fn change_password(
    app: &App,
    call: &Call,
    session: Option<Uuid>,
    old: &str,
    new: &str,
) -> Result<(), Error> {
    let user = check_password(app, &call.caller, old, "oldPassword")?;
    let new = Password::typed(new);
    if let Some(fault) = new.fault("newPassword", &[&user.user_name, &user.display_name]) {
        return Err(Error::Malformed(vec![fault]));
    }
    let hash = new.hash()?;
    let (call, call_principal) = (call.clone(), user.id);
    let revoked = app.write(move |tx, _| {
        if !users::change_password(tx, &user, &hash, Timestamp::now())? {
            return Err(Error::malformed("oldPassword", "was changed meanwhile; sign in again"));
        }
        note(tx, &call, "change-password", &user)?;
        sessions::end_all(tx, user.tenant, user.id, session)
    })?;
    app.revoked(Revoked::of(call_principal, revoked));
    Ok(())
}

/// The person for whom an invitation is, while it can be taken.
pub fn invited(tx: &mut Tx<'_>, app: &App, token: &str) -> Result<Option<User>, Error> {
    let found = users::by_invitation(tx, &token_hash(token))?;
    Ok(found.filter(|user| {
        let ends = user.invitation.as_ref().map(|(_, ends)| *ends);
        ends.is_some_and(|ends| Timestamp::now() < ends)
            && !app.revocations.is_closed(user.tenant, user.id)
    }))
}

/// Takes an invitation up: chooses the password. It can be taken up once.
///
/// # Errors
/// [`Error::Unknown`] for an invitation that is not there any more; [`Error::Malformed`] for a
/// password that cannot be taken.
pub fn accept_invitation(
    app: &App,
    token: &str,
    new: &str,
    origin: &Origin,
) -> Result<User, Error> {
    let key = token.to_owned();
    let gone = || Error::Unknown("the invitation was taken up, or has lapsed".to_owned());
    let user = app.read(move |tx, app| invited(tx, app, &key))?.ok_or_else(gone)?;
    let new = Password::typed(new);
    if let Some(fault) = new.fault("password", &[&user.user_name, &user.display_name]) {
        return Err(Error::Malformed(vec![fault]));
    }
    let (hash, key) = (new.hash()?, token_hash(token));
    let (taken, origin) = (user.clone(), origin.clone());
    let revoked = app.write(move |tx, app| {
        if !users::take_invitation(tx, &key, &hash, Timestamp::now())? {
            return Err(gone());
        }
        note(tx, &own_call(app, &taken, &origin), "accept-invitation", &taken)?;
        sessions::end_all(tx, taken.tenant, taken.id, None)
    })?;
    app.revoked(Revoked::of(user.id, revoked));
    Ok(user)
}

/// Begins to set up the caller's second factor.
///
/// # Errors
/// As [`second_factor::enrol`].
pub fn enrol(tx: &mut Tx<'_>, app: &App, caller: &Caller) -> Result<Enrolment, Error> {
    let user = known(tx, caller)?;
    second_factor::enrol(tx, app, &user)
}

/// The second factor that the caller has begun to set up.
pub fn enrolling(tx: &mut Tx<'_>, app: &App, caller: &Caller) -> Result<Option<Enrolment>, Error> {
    let Some(user) = myself(tx, caller)? else { return Ok(None) };
    second_factor::pending(tx, app, &user)
}

/// Lets the caller's second factor count; answers its recovery codes. All other sessions end.
///
/// # Errors
/// As [`second_factor::confirm`].
pub fn confirm(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    session: Option<Uuid>,
    code: &str,
) -> Result<(Vec<String>, Revoked), Error> {
    let user = known(tx, &call.caller)?;
    let codes = second_factor::confirm(tx, app, &user, code)?;
    note(tx, call, "confirm-second-factor", &user)?;
    let revoked = sessions::end_all(tx, user.tenant, user.id, session)?;
    Ok((codes, Revoked::of(user.id, revoked)))
}

/// New recovery codes for the caller.
///
/// # Errors
/// [`Error::Malformed`] where there is no second factor.
pub fn renew_recovery_codes(tx: &mut Tx<'_>, call: &Call) -> Result<Vec<String>, Error> {
    let user = known(tx, &call.caller)?;
    if !second_factor::is_enrolled(tx, user.tenant, user.id)? {
        return Err(Error::malformed("secondFactor", "is not set up"));
    }
    note(tx, call, "renew-recovery-codes", &user)?;
    second_factor::new_recovery_codes(tx, &user)
}

/// Takes the caller's second factor away.
pub fn remove_second_factor(tx: &mut Tx<'_>, call: &Call) -> Result<(), Error> {
    let user = known(tx, &call.caller)?;
    if second_factor::remove(tx, &user)? {
        note(tx, call, "remove-second-factor", &user)?;
    }
    Ok(())
}

/// The caller's own sessions, the newest first.
pub fn my_sessions(tx: &mut Tx<'_>, caller: &Caller) -> Result<Vec<sessions::Shown>, Error> {
    sessions::list(tx, caller.home, caller.principal)
}

/// Ends one of the caller's own sessions.
///
/// # Errors
/// [`Error::Absent`] where the caller has no such session.
pub fn end_my_session(tx: &mut Tx<'_>, caller: &Caller, id: Uuid) -> Result<Revoked, Error> {
    sessions::end_one(tx, caller.home, caller.principal, id)
}

/// Ends the caller's sessions, but for the one that stays where one is named.
pub fn end_my_sessions(
    tx: &mut Tx<'_>,
    caller: &Caller,
    except: Option<Uuid>,
) -> Result<Revoked, Error> {
    let ended = sessions::end_all(tx, caller.home, caller.principal, except)?;
    Ok(Revoked::of(caller.principal, ended))
}

/// As whom a user acts in their own tenant.
pub fn caller_of(user: &User) -> Caller {
    let (client, name) = (user.id.to_string(), user.display_name.clone());
    let kind = PrincipalKind::User;
    Caller { kind, ..Caller::new(user.tenant, user.id, client, name) }
}

/// A call of the person's own before they have a session.
fn own_call(app: &App, user: &User, origin: &Origin) -> Call {
    let call = Call::new(caller_of(user), app.now(), Uuid::new_v4());
    Call { origin: origin.clone(), ..call }
}

/// Writes down who did what to an account.
fn note(tx: &mut Tx<'_>, call: &Call, action: &'static str, user: &User) -> Result<(), Error> {
    audit::line(tx, call, &Event::new(action, format!("user/{}", user.id)))
}

/// A random token and the hash of it that is kept.
fn new_token() -> (String, String) {
    let token = random_text();
    let hash = token_hash(&token);
    (token, hash)
}

fn token_hash(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The user name in the one form in which it is kept: ASCII, so that no two look alike.
///
/// # Errors
/// What is wrong with it.
pub fn user_name(text: &str, path: &str) -> Result<String, Fault> {
    let name = text.trim().to_ascii_lowercase();
    let fits = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-+@".contains(&byte));
    if NAME_CHARS.contains(&name.len()) && fits {
        return Ok(name);
    }
    let said = "must have 3 to 64 letters, digits or signs of . _ - + @, such as \
                anna@contoso.example";
    Err(Fault::new(path, said))
}

pub(crate) fn display_name(text: &str, path: &str) -> Result<String, Fault> {
    let name = text.trim();
    let chars = name.chars().count();
    if (1..=SHOWN_CHARS_MAX).contains(&chars) && !name.chars().any(char::is_control) {
        return Ok(name.to_owned());
    }
    let said = format!("must have 1 to {SHOWN_CHARS_MAX} characters, none of them a control");
    Err(Fault::new(path, said))
}

/// An address that mail can be sent to, as far as that can be seen.
pub(crate) fn mail(text: &str, path: &str) -> Result<String, Fault> {
    let mail = text.trim();
    let parts = mail.split_once('@').filter(|(who, place)| !who.is_empty() && place.contains('.'));
    let plain =
        mail.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>,;:\"()[]\\".contains(&byte));
    if mail.len() <= 254 && plain && parts.is_some_and(|(_, place)| !place.contains('@')) {
        return Ok(mail.to_owned());
    }
    Err(Fault::new(path, "must be a mail address such as anna@contoso.example"))
}

#[cfg(test)]
mod tests {
    use super::{display_name, mail, user_name};

    #[test]
    fn names_are_plain_and_bounded() {
        assert_eq!(user_name(" Anna@Contoso.Example ", "").unwrap(), "anna@contoso.example");
        for bad in ["an", "anna berg", "änna", "anna\n2026 root signed in", "a\u{1b}[2Jb", "<b>x"]
        {
            assert!(user_name(bad, "userName").is_err(), "{bad}");
        }
        assert_eq!(display_name(" Anna Söhne <b> ", "").unwrap(), "Anna Söhne <b>");
        assert!(display_name("a\nb", "").is_err() && display_name(" ", "").is_err());
        assert!(mail("anna@contoso.example", "").is_ok());
        for bad in ["anna", "@b.c", "a@b", "a@b.c\nBcc: d@e.f", "a b@c.d", "a@b@c.d", "<a@b.c>"] {
            assert!(mail(bad, "mail").is_err(), "{bad}");
        }
    }
}
