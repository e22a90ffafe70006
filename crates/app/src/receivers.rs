//! Who is told of what happens in a tenant: programs by webhook, people by mail.

use crate::access::{self, Permit};
use crate::audit::{Event, line};
use crate::limits::{FORMER_SECRET_SECONDS, RECEIVERS_MAX};
use crate::{App, Call, Error};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{Timestamp, ToSpan};
use prorata_domain::access::{Action, Scope};
use prorata_store::Tx;
use prorata_store::deliveries::{self, Told};
use prorata_store::receivers::{self as rows, Secret};
use uuid::Uuid;

pub use prorata_store::receivers::{Channel, Receiver, State};

/// What the secrets of webhooks begin with, as the Standard Webhooks specification has them.
pub const SECRET_PREFIX: &str = "whsec_";

/// A receiver that somebody wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    pub channel: Channel,
    pub name: String,
    /// A URL, or addresses of mail with commas between.
    pub address: String,
    /// The kinds of notification; all where it is empty.
    pub kinds: Vec<String>,
    pub state: State,
}

/// The permit to say who is told: what is told is of the whole tenant, so it takes who may give
/// roles in all of it.
pub(crate) fn manager(tx: &mut Tx<'_>, call: &Call) -> Result<Permit, Error> {
    access::at(tx, call, Action::Assign, &Scope::root())
}

/// The receivers of the caller's tenant.
///
/// # Errors
/// [`Error::Denied`]; those of the database.
pub fn list(tx: &mut Tx<'_>, call: &Call) -> Result<Vec<Receiver>, Error> {
    let _ = manager(tx, call)?;
    Ok(rows::of_tenant(tx, call.caller.tenant)?)
}

/// One of them.
///
/// # Errors
/// [`Error::Denied`] or [`Error::Absent`].
pub fn show(tx: &mut Tx<'_>, call: &Call, id: Uuid) -> Result<Receiver, Error> {
    let _ = manager(tx, call)?;
    rows::load(tx, call.caller.tenant, id)?.ok_or_else(|| absent(id))
}

/// Adds one, or changes the one of that id; answers whether it was added. `secret` signs what an
/// added webhook gets.
///
/// # Errors
/// [`Error::Denied`]; [`Error::Malformed`] when there are too many, or its channel would change.
pub fn put(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    id: Uuid,
    ask: &Ask,
    secret: &str,
) -> Result<(Receiver, bool), Error> {
    let permit = manager(tx, call)?;
    let held = rows::of_tenant(tx, call.caller.tenant)?;
    if let Some(held) = held.iter().find(|row| row.id == id) {
        return Ok((change(tx, call, &permit, held, ask)?, false));
    }
    if held.len() >= RECEIVERS_MAX {
        let why = format!("cannot be added: there are {RECEIVERS_MAX} already; remove one first");
        return Err(Error::malformed("receiver", why));
    }
    let row = Receiver {
        tenant: call.caller.tenant,
        id,
        channel: ask.channel,
        name: ask.name.clone(),
        address: ask.address.clone(),
        kinds: ask.kinds.clone(),
        secret: match ask.channel {
            Channel::Webhook => Some(seal(app, id, secret)?),
            Channel::Mail => None,
        },
        former: None,
        state: ask.state,
        created_at: call.now,
    };
    rows::insert(tx, &row)?;
    note(tx, call, &permit, "receiver-add", id)?;
    Ok((row, true))
}

fn change(
    tx: &mut Tx<'_>,
    call: &Call,
    permit: &Permit,
    held: &Receiver,
    ask: &Ask,
) -> Result<Receiver, Error> {
    if held.channel != ask.channel {
        let why = format!("is `{}` and stays so; add another receiver", held.channel.as_str());
        return Err(Error::malformed("channel", why));
    }
    let row = Receiver {
        name: ask.name.clone(),
        address: ask.address.clone(),
        kinds: ask.kinds.clone(),
        state: ask.state,
        ..held.clone()
    };
    rows::replace(tx, &row)?;
    note(tx, call, permit, "receiver-change", held.id)?;
    Ok(row)
}

/// A secret for a webhook, in the form that receivers' libraries take.
pub fn new_secret() -> String {
    use rand::RngCore;
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    format!("{SECRET_PREFIX}{}", STANDARD.encode(bytes))
}

/// Takes one away, with all that is on its way to it.
///
/// # Errors
/// [`Error::Denied`] or [`Error::Absent`].
pub fn remove(tx: &mut Tx<'_>, call: &Call, id: Uuid) -> Result<(), Error> {
    let permit = manager(tx, call)?;
    if !rows::delete(tx, call.caller.tenant, id)? {
        return Err(absent(id));
    }
    deliveries::drop_all(tx, id)?;
    note(tx, call, &permit, "receiver-remove", id)
}

/// Signs with another secret from now on; the former one signs beside it for a day, so that the
/// receiver has time to take the new one.
///
/// # Errors
/// [`Error::Denied`] or [`Error::Absent`]; [`Error::Malformed`] for a receiver of mail.
pub fn rotate(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    id: Uuid,
    secret: &str,
    system_now: Timestamp,
) -> Result<Receiver, Error> {
    let permit = manager(tx, call)?;
    let row = show(tx, call, id)?;
    if row.channel != Channel::Webhook {
        return Err(Error::malformed("receiver", "gets mail, which has no secret"));
    }
    let until =
        system_now.saturating_add(FORMER_SECRET_SECONDS.seconds()).unwrap_or(Timestamp::MAX);
    rows::set_secret(tx, call.caller.tenant, id, &seal(app, id, secret)?, until)?;
    note(tx, call, &permit, "receiver-rotate-secret", id)?;
    show(tx, call, id)
}

/// Sends a receiver a notification that is about nothing.
///
/// # Errors
/// [`Error::Denied`] or [`Error::Absent`].
pub fn test(tx: &mut Tx<'_>, call: &Call, id: Uuid) -> Result<Uuid, Error> {
    let permit = manager(tx, call)?;
    let row = show(tx, call, id)?;
    let notification = tx.new_id();
    let told = Told {
        tenant: row.tenant,
        notification,
        at: call.now,
        kind: "test",
        billing_account: "",
        target: &format!("receiver/{id}"),
        doc: "{}",
    };
    deliveries::insert(tx, id, &told)?;
    note(tx, call, &permit, "receiver-test", id)?;
    Ok(notification)
}

/// A secret as it is kept: it opens for its receiver only.
fn seal(app: &App, id: Uuid, secret: &str) -> Result<Secret, Error> {
    Ok(Secret(app.sealer.seal(&format!("receiver/{id}"), secret.as_bytes())?))
}

/// A secret as its receiver knows it.
pub(crate) fn unseal(app: &App, id: Uuid, sealed: &Secret) -> Result<Secret, Error> {
    let opened = app.sealer.open_sealed(&format!("receiver/{id}"), &sealed.0)?;
    let text = String::from_utf8(opened);
    text.map(Secret).map_err(|_| Error::Broken(format!("the secret of receiver `{id}` is no text")))
}

/// The line of a change that a permit was given for.
fn note(
    tx: &mut Tx<'_>,
    call: &Call,
    _permit: &Permit,
    action: &str,
    id: Uuid,
) -> Result<(), Error> {
    line(tx, call, &Event::new(action, format!("receiver/{id}")))
}

fn absent(id: Uuid) -> Error {
    Error::Absent { what: format!("receiver `{id}`"), code: "ReceiverNotFound" }
}
