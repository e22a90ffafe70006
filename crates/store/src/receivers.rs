//! Who is told of what happens in a tenant: an address of mail, or of a program that listens.

use crate::{Row, StoreError, Tx, Value};
use jiff::Timestamp;
use prorata_domain::ids::TenantId;
use uuid::Uuid;

const INSERT: &str = "INSERT INTO receivers (tenant, id, channel, name, address, kinds, secret, \
    former_secret, former_until, state, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, NULL, $8, $9)";
const OF_TENANT: &str = "SELECT tenant, id, channel, name, address, kinds, secret, former_secret, \
    former_until, state, created_at FROM receivers WHERE tenant = $1 ORDER BY created_at, id";
const LOAD: &str = "SELECT tenant, id, channel, name, address, kinds, secret, former_secret, \
    former_until, state, created_at FROM receivers WHERE tenant = $1 AND id = $2";
const DELETE: &str = "DELETE FROM receivers WHERE tenant = $1 AND id = $2";
const REPLACE: &str = "UPDATE receivers SET name = $3, address = $4, kinds = $5, state = $6 \
    WHERE tenant = $1 AND id = $2";
const SET_STATE: &str = "UPDATE receivers SET state = $3 WHERE tenant = $1 AND id = $2";
const SET_SECRET: &str = "UPDATE receivers SET former_secret = secret, former_until = $4, \
    secret = $3 WHERE tenant = $1 AND id = $2";

pub(crate) const STATEMENTS: &[&str] =
    &[INSERT, OF_TENANT, LOAD, DELETE, REPLACE, SET_STATE, SET_SECRET];

/// By what a receiver is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    Mail,
    Webhook,
}

impl Channel {
    pub fn as_str(self) -> &'static str {
        match self {
            Channel::Mail => "mail",
            Channel::Webhook => "webhook",
        }
    }

    pub fn parse(text: &str) -> Option<Channel> {
        [Channel::Mail, Channel::Webhook].into_iter().find(|channel| channel.as_str() == text)
    }
}

/// Whether a receiver is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Active,
    /// Stopped by a person; what happens meanwhile is not told later.
    Paused,
    /// Said itself that it is no more.
    Gone,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            State::Active => "active",
            State::Paused => "paused",
            State::Gone => "gone",
        }
    }

    pub fn parse(text: &str) -> Option<State> {
        [State::Active, State::Paused, State::Gone].into_iter().find(|one| one.as_str() == text)
    }
}

/// What signs the messages to a receiver: never shown again, logged or told.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a secret")
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receiver {
    pub tenant: TenantId,
    pub id: Uuid,
    pub channel: Channel,
    pub name: String,
    /// A URL, or addresses of mail with commas between.
    pub address: String,
    /// The kinds of notification that are told; all where it is empty.
    pub kinds: Vec<String>,
    pub secret: Option<Secret>,
    /// The one before, which signs too until then.
    pub former: Option<(Secret, Timestamp)>,
    pub state: State,
    pub created_at: Timestamp,
}

/// # Errors
/// Those of the database, as for all functions here.
pub fn insert(tx: &mut Tx<'_>, row: &Receiver) -> Result<(), StoreError> {
    tx.queue(
        INSERT,
        vec![
            row.tenant.into(),
            row.id.into(),
            Value::fixed(row.channel.as_str()),
            (&row.name).into(),
            (&row.address).into(),
            kinds_text(&row.kinds).into(),
            row.secret.as_ref().map(|secret| secret.0.as_str()).into(),
            Value::fixed(row.state.as_str()),
            row.created_at.into(),
        ],
    );
    Ok(())
}

/// All of a tenant, the oldest first.
pub fn of_tenant(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Vec<Receiver>, StoreError> {
    tx.query(OF_TENANT, &[tenant.into()])?.iter().map(read).collect()
}

pub fn load(tx: &mut Tx<'_>, tenant: TenantId, id: Uuid) -> Result<Option<Receiver>, StoreError> {
    tx.one(LOAD, &[tenant.into(), id.into()])?.map(|row| read(&row)).transpose()
}

/// Answers false when there is none.
pub fn delete(tx: &mut Tx<'_>, tenant: TenantId, id: Uuid) -> Result<bool, StoreError> {
    Ok(tx.execute(DELETE, &[tenant.into(), id.into()])? > 0)
}

/// Changes what may be changed by hand: all but its channel and its secrets.
pub fn replace(tx: &mut Tx<'_>, row: &Receiver) -> Result<(), StoreError> {
    let params = [
        row.tenant.into(),
        row.id.into(),
        (&row.name).into(),
        (&row.address).into(),
        kinds_text(&row.kinds).into(),
        Value::fixed(row.state.as_str()),
    ];
    tx.execute(REPLACE, &params).map(drop)
}

/// Answers false when there is none.
pub fn set_state(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: Uuid,
    state: State,
) -> Result<bool, StoreError> {
    let params = [tenant.into(), id.into(), Value::fixed(state.as_str())];
    Ok(tx.execute(SET_STATE, &params)? > 0)
}

/// Signs with another secret from now on, and with the present one beside it until an instant.
pub fn set_secret(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: Uuid,
    secret: &Secret,
    former_until: Timestamp,
) -> Result<bool, StoreError> {
    let params = [tenant.into(), id.into(), secret.0.as_str().into(), former_until.into()];
    Ok(tx.execute(SET_SECRET, &params)? > 0)
}

/// With a comma before and after each, so that one is found with both around it.
fn kinds_text(kinds: &[String]) -> String {
    if kinds.is_empty() { String::new() } else { format!(",{},", kinds.join(",")) }
}

fn read(row: &Row) -> Result<Receiver, StoreError> {
    let kinds = row.string(5)?;
    let former = row.opt_string(7)?.zip(row.opt_instant(8)?);
    Ok(Receiver {
        tenant: TenantId(row.uuid(0)?),
        id: row.uuid(1)?,
        channel: row.parsed(2, "a channel", Channel::parse)?,
        name: row.string(3)?,
        address: row.string(4)?,
        kinds: kinds.split(',').filter(|kind| !kind.is_empty()).map(str::to_owned).collect(),
        secret: row.opt_string(6)?.map(Secret),
        former: former.map(|(secret, until)| (Secret(secret), until)),
        state: row.parsed(9, "a state", State::parse)?,
        created_at: row.instant(10)?,
    })
}
