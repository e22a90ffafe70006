//! Notifications on their way to receivers: written in the transaction of their cause, taken by
//! whoever delivers, and kept until they arrived or were given up.

use crate::orders::limit_value;
use crate::{Row, StoreError, Tx, Value};
use jiff::Timestamp;
use prorata_domain::ids::TenantId;
use uuid::Uuid;

/// One for each receiver that wants the kind; none in a tenant without receivers.
const FAN_OUT: &str = "INSERT INTO deliveries (receiver, notification, tenant, at, kind, \
    billing_account, target, doc, state, attempts, next_at, trouble) \
    SELECT id, CAST($2 AS TEXT), tenant, CAST($3 AS BIGINT), CAST($4 AS TEXT), CAST($5 AS TEXT), \
    CAST($6 AS TEXT), CAST($7 AS TEXT), 'waiting', 0, 0, NULL FROM receivers \
    WHERE tenant = $1 AND state = 'active' AND (kinds = '' OR kinds LIKE $8)";
const INSERT: &str = "INSERT INTO deliveries (receiver, notification, tenant, at, kind, \
    billing_account, target, doc, state, attempts, next_at, trouble) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', 0, 0, NULL)";
const ANY_DUE: &str = "SELECT 1 FROM deliveries WHERE state = 'waiting' AND next_at <= $1 LIMIT 1";
const CLAIM: &str = "UPDATE deliveries SET attempts = attempts + 1, next_at = $2 \
    WHERE state = 'waiting' AND next_at <= $1 AND notification IN (SELECT notification \
    FROM deliveries WHERE state = 'waiting' AND next_at <= $1 ORDER BY next_at LIMIT $3) \
    RETURNING receiver, notification, tenant, at, kind, billing_account, target, doc, state, \
    attempts, trouble";
const ARRIVED: &str = "DELETE FROM deliveries \
    WHERE receiver = $1 AND notification = $2 AND attempts = $3";
const FAILED: &str = "UPDATE deliveries SET state = $4, next_at = $5, trouble = $6 \
    WHERE receiver = $1 AND notification = $2 AND attempts = $3";
const HOLD: &str = "UPDATE deliveries SET next_at = $2 \
    WHERE receiver = $1 AND state = 'waiting' AND next_at < $2";
const DROP: &str = "DELETE FROM deliveries WHERE receiver = $1";
const AGAIN: &str = "UPDATE deliveries SET state = 'waiting', attempts = 0, next_at = 0 \
    WHERE tenant = $1 AND receiver = $2 AND notification = $3 AND state = 'parked'";
const OF_TENANT: &str = "SELECT receiver, notification, tenant, at, kind, billing_account, \
    target, doc, state, attempts, trouble FROM deliveries WHERE tenant = $1 AND state = $2 \
    ORDER BY at, notification, receiver LIMIT $3";

pub(crate) const STATEMENTS: &[&str] =
    &[FAN_OUT, INSERT, ANY_DUE, CLAIM, ARRIVED, FAILED, HOLD, DROP, AGAIN, OF_TENANT];

/// Where a delivery stands. One that arrived is no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Waiting,
    /// Failed too often, and waits for a person.
    Parked,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Parked => "parked",
        }
    }

    pub fn parse(text: &str) -> Option<State> {
        [State::Waiting, State::Parked].into_iter().find(|one| one.as_str() == text)
    }
}

/// A notification and the receiver it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub receiver: Uuid,
    pub notification: Uuid,
    pub tenant: TenantId,
    pub at: Timestamp,
    pub kind: String,
    pub billing_account: String,
    /// What it is about, as a path.
    pub target: String,
    /// JSON: the particulars, by kind.
    pub doc: String,
    pub state: State,
    /// Counts the one that was claimed.
    pub attempts: i64,
    /// What went wrong last.
    pub trouble: Option<String>,
}

/// Something to be told, before it is known to whom.
#[derive(Debug, Clone, Copy)]
pub struct Told<'t> {
    pub tenant: TenantId,
    pub notification: Uuid,
    pub at: Timestamp,
    pub kind: &'t str,
    pub billing_account: &'t str,
    pub target: &'t str,
    pub doc: &'t str,
}

/// Puts it on its way to every active receiver of its tenant that wants its kind.
///
/// # Errors
/// Those of the database, as for all functions here.
pub fn fan_out(tx: &mut Tx<'_>, told: &Told<'_>) -> Result<(), StoreError> {
    tx.queue(
        FAN_OUT,
        vec![
            told.tenant.into(),
            told.notification.into(),
            told.at.into(),
            told.kind.into(),
            told.billing_account.into(),
            told.target.into(),
            told.doc.into(),
            format!("%,{},%", told.kind).into(),
        ],
    );
    Ok(())
}

/// Puts it on its way to one receiver, whatever that wants.
pub fn insert(tx: &mut Tx<'_>, receiver: Uuid, told: &Told<'_>) -> Result<(), StoreError> {
    tx.queue(
        INSERT,
        vec![
            receiver.into(),
            told.notification.into(),
            told.tenant.into(),
            told.at.into(),
            told.kind.into(),
            told.billing_account.into(),
            told.target.into(),
            told.doc.into(),
        ],
    );
    Ok(())
}

/// Whether any is due.
pub fn any_due(tx: &mut Tx<'_>, now: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.one(ANY_DUE, &[now.into()])?.is_some())
}

/// Takes some that are due, and keeps them from others until an instant.
pub fn claim(
    tx: &mut Tx<'_>,
    now: Timestamp,
    until: Timestamp,
    limit: usize,
) -> Result<Vec<Delivery>, StoreError> {
    let params = [now.into(), until.into(), limit_value(limit)];
    tx.query(CLAIM, &params)?.iter().map(read).collect()
}

/// It arrived. Whoever claimed it later has it to themselves, and then nothing is changed.
pub fn arrived(tx: &mut Tx<'_>, row: &Delivery) -> Result<(), StoreError> {
    let params = [row.receiver.into(), row.notification.into(), row.attempts.into()];
    tx.execute(ARRIVED, &params).map(drop)
}

/// It did not arrive: it is tried again at an instant, or parked.
pub fn failed(
    tx: &mut Tx<'_>,
    row: &Delivery,
    state: State,
    again: Timestamp,
    trouble: &str,
) -> Result<(), StoreError> {
    let params = [
        row.receiver.into(),
        row.notification.into(),
        row.attempts.into(),
        Value::fixed(state.as_str()),
        again.into(),
        trouble.into(),
    ];
    tx.execute(FAILED, &params).map(drop)
}

/// Lets all that waits for a receiver wait until an instant.
pub fn hold(tx: &mut Tx<'_>, receiver: Uuid, until: Timestamp) -> Result<(), StoreError> {
    tx.execute(HOLD, &[receiver.into(), until.into()]).map(drop)
}

/// Gives up all that is on its way to a receiver.
pub fn drop_all(tx: &mut Tx<'_>, receiver: Uuid) -> Result<(), StoreError> {
    tx.execute(DROP, &[receiver.into()]).map(drop)
}

/// Tries a parked one again; answers false when there is none.
pub fn again(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    receiver: Uuid,
    notification: Uuid,
) -> Result<bool, StoreError> {
    let params = [tenant.into(), receiver.into(), notification.into()];
    Ok(tx.execute(AGAIN, &params)? > 0)
}

/// Those of a tenant in a state, the oldest first.
pub fn of_tenant(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    state: State,
    limit: usize,
) -> Result<Vec<Delivery>, StoreError> {
    let params = [tenant.into(), Value::fixed(state.as_str()), limit_value(limit)];
    tx.query(OF_TENANT, &params)?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Delivery, StoreError> {
    Ok(Delivery {
        receiver: row.uuid(0)?,
        notification: row.uuid(1)?,
        tenant: TenantId(row.uuid(2)?),
        at: row.instant(3)?,
        kind: row.string(4)?,
        billing_account: row.string(5)?,
        target: row.string(6)?,
        doc: row.string(7)?,
        state: row.parsed(8, "a state", State::parse)?,
        attempts: row.int(9)?,
        trouble: row.opt_string(10)?,
    })
}
