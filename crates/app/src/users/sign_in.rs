//! Signing in: name and password, then the code where there is a second factor.

use super::{caller_of, note, own_call};
use crate::audit::{self, Named, Verdict};
use crate::passwords::Password;
use crate::sessions::{self, Begun, Proof};
use crate::{App, Error, Origin, second_factor};
use jiff::Timestamp;
use prorata_store::users::{self, User};
use uuid::Uuid;

/// How far signing in has come.
pub enum Entered {
    /// Signed in.
    Open(Begun),
    /// The password was right, the code is awaited; the cookie is good for giving it alone.
    Code(Begun),
}

/// Whether a password is a user's. It takes equally long where there is none.
pub(super) fn matches(user: &User, typed: &Password) -> bool {
    let hash = user.password_hash.as_deref();
    typed.matches(hash.unwrap_or(crate::identity::NOBODY)) && hash.is_some()
}

fn refused() -> Error {
    Error::Unknown("the account or its password is wrong".to_owned())
}

/// Signs a person in. Takes tens of milliseconds on purpose: call it where blocking is allowed.
///
/// # Errors
/// [`Error::Unknown`] for a name that is not there, another password, a closed account or one that
/// has no password yet; all take equally long.
pub fn sign_in(app: &App, name: &str, typed: &str, origin: &Origin) -> Result<Entered, Error> {
    let typed = Password::typed(typed);
    if !typed.is_plausible() {
        return Err(refused());
    }
    let key = super::user_name(name, "userName").unwrap_or_default();
    let found = app.read(move |tx, _| Ok(users::by_name(tx, &key)?))?;
    let right = match &found {
        Some(user) => matches(user, &typed),
        None => typed.matches(crate::identity::NOBODY),
    };
    if !right {
        let caller = found.as_ref().map(caller_of);
        let unknown = Named::Unknown { tenant: None, client: "" };
        let named = caller.as_ref().map_or(unknown, |it| Named::Known(it, Verdict::Failed));
        audit::sign_in(app, named, origin, Uuid::new_v4())?;
    }
    let Some(user) = found.filter(|_| right) else { return Err(refused()) };
    let origin = origin.clone();
    app.write(move |tx, app| {
        // What the password was checked against has to be there still.
        let now = users::user(tx, user.tenant, user.id)?;
        if now.is_none_or(|now| now.password_hash != user.password_hash) {
            return Err(refused());
        }
        let caller = caller_of(&user);
        if second_factor::is_enrolled(tx, user.tenant, user.id)? {
            return Ok(Entered::Code(sessions::await_code(tx, app, &caller, &origin)?));
        }
        note(tx, &own_call(app, &user, &origin), "sign-in", &user)?;
        Ok(Entered::Open(sessions::begin(tx, app, &caller, Proof::Password, &origin)?))
    })
}

/// The name of who is to give a code, while it is awaited.
///
/// # Errors
/// Those of the database.
pub async fn who_awaits_code(app: &App, cookie: String) -> Result<Option<String>, Error> {
    let found = app.read_async(move |tx, app| sessions::awaiting(tx, app, &cookie)).await?;
    Ok(found.map(|user| user.user_name))
}

/// Takes a one-time code or a recovery code after the password; each is taken once. The session
/// that begins is a new one.
///
/// # Errors
/// [`Error::Unknown`] for another code, one that was used, or where none is awaited any more.
pub async fn give_code(
    app: &App,
    cookie: String,
    code: String,
    origin: Origin,
) -> Result<Begun, Error> {
    app.write_async(move |tx, app| {
        let Some(user) = sessions::awaiting(tx, app, &cookie)? else {
            return Err(Error::Unknown("signing in took too long; begin again".to_owned()));
        };
        if !second_factor::takes(tx, app, &user, &code)? {
            return Err(Error::Unknown("the code is wrong, or was used before".to_owned()));
        }
        sessions::end(tx, &cookie)?;
        note(tx, &own_call(app, &user, &origin), "sign-in", &user)?;
        let proof = Proof::PasswordAndCode;
        let begun = sessions::begin(tx, app, &caller_of(&user), proof, &origin)?;
        tracing::debug!(user = user.user_name, at = %Timestamp::now(), "a code was taken");
        Ok(begun)
    })
    .await
}
