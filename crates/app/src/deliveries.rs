//! Notifications on their way out: who takes them asks here what is due, and tells here what came
//! of it. A delivery that failed is tried again after longer and longer waits, and parked in the end.

use crate::limits::{DELIVERIES_CLAIMED, DELIVERY_LEASE_SECONDS, DELIVERY_WAITS, PAGE_ROWS_MAX};
use crate::receivers::{manager, unseal};
use crate::{App, Call, Error};
use jiff::{Timestamp, ToSpan};
use prorata_store::{Tx, deliveries as rows, receivers};
use std::collections::HashMap;
use uuid::Uuid;

pub use prorata_domain::ids::TenantId;
pub use prorata_store::deliveries::{Delivery, State as DeliveryState};
pub use prorata_store::receivers::{Channel, Receiver, Secret};

/// A delivery that was taken, and where it goes: nowhere once its receiver is removed.
#[derive(Debug, Clone)]
pub struct Sent {
    pub delivery: Delivery,
    pub target: Option<Target>,
}

/// Where a delivery goes.
#[derive(Debug, Clone)]
pub struct Target {
    pub receiver: Uuid,
    pub channel: Channel,
    pub address: String,
    /// What signs it: the present secret first, then the former one while that is good.
    pub secrets: Vec<Secret>,
}

/// What came of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Arrived,
    Failed(String),
    /// The receiver is no more.
    Gone,
}

impl Outcome {
    pub fn failed(why: impl Into<String>) -> Outcome {
        Outcome::Failed(why.into())
    }
}

/// Takes deliveries that are due by `now`, of the system's clock, and keeps them from others for as
/// long as a try may take.
///
/// # Errors
/// Those of the database.
pub fn claim(app: &App, now: Timestamp) -> Result<Vec<Sent>, Error> {
    let until = now.saturating_add(DELIVERY_LEASE_SECONDS.seconds()).unwrap_or(Timestamp::MAX);
    // Mostly there is nothing, and a look at a snapshot does not wait for the writer.
    if !app.read(move |tx, _| Ok(rows::any_due(tx, now)?))? {
        return Ok(Vec::new());
    }
    app.write(move |tx, app| {
        let claimed = rows::claim(tx, now, until, DELIVERIES_CLAIMED)?;
        let mut known: HashMap<Uuid, Option<Target>> = HashMap::new();
        let mut taken = Vec::with_capacity(claimed.len());
        for delivery in claimed {
            let target = match known.get(&delivery.receiver) {
                Some(target) => target.clone(),
                None => {
                    let row = receivers::load(tx, delivery.tenant, delivery.receiver)?;
                    let target = row.map(|row| target(app, &row, now)).transpose()?;
                    known.insert(delivery.receiver, target.clone());
                    target
                }
            };
            taken.push(Sent { delivery, target });
        }
        Ok(taken)
    })
}

fn target(app: &App, row: &Receiver, now: Timestamp) -> Result<Target, Error> {
    let former = row.former.as_ref().filter(|(_, until)| now < *until);
    let sealed = row.secret.iter().chain(former.map(|(secret, _)| secret));
    let secrets = sealed.map(|secret| unseal(app, row.id, secret)).collect::<Result<_, _>>()?;
    Ok(Target { receiver: row.id, channel: row.channel, address: row.address.clone(), secrets })
}

/// Records what came of a try.
///
/// # Errors
/// Those of the database.
pub fn settle(app: &App, sent: &Sent, outcome: Outcome, now: Timestamp) -> Result<(), Error> {
    let row = sent.delivery.clone();
    app.write(move |tx, _| match &outcome {
        Outcome::Arrived => Ok(rows::arrived(tx, &row)?),
        Outcome::Gone => {
            receivers::set_state(tx, row.tenant, row.receiver, receivers::State::Gone)?;
            Ok(rows::drop_all(tx, row.receiver)?)
        }
        Outcome::Failed(why) => failed(tx, &row, why, now),
    })
}

fn failed(tx: &mut Tx<'_>, row: &Delivery, why: &str, now: Timestamp) -> Result<(), Error> {
    tracing::warn!(
        receiver = %row.receiver, notification = %row.notification, attempts = row.attempts, why,
        "a notification did not arrive"
    );
    let tried = usize::try_from(row.attempts).unwrap_or(usize::MAX);
    let wait = DELIVERY_WAITS.get(tried.saturating_sub(1));
    let state = if wait.is_some() { rows::State::Waiting } else { rows::State::Parked };
    let wait = wait.or(DELIVERY_WAITS.first()).copied().unwrap_or_default();
    let again = now.saturating_add(wait.seconds()).unwrap_or(Timestamp::MAX);
    rows::failed(tx, row, state, again, why)?;
    // What else waits for a receiver that does not answer waits with it.
    let soon = now.saturating_add(DELIVERY_WAITS[0].seconds()).unwrap_or(Timestamp::MAX);
    Ok(rows::hold(tx, row.receiver, soon)?)
}

/// What waits in the caller's tenant, or what was given up.
///
/// # Errors
/// [`Error::Denied`]; those of the database.
pub fn list(
    tx: &mut Tx<'_>,
    call: &Call,
    state: DeliveryState,
    limit: usize,
) -> Result<Vec<Delivery>, Error> {
    let _ = manager(tx, call)?;
    Ok(rows::of_tenant(tx, call.caller.tenant, state, limit.clamp(1, PAGE_ROWS_MAX))?)
}

/// Tries again what was given up.
///
/// # Errors
/// [`Error::Denied`]; [`Error::Absent`] when no such delivery is parked.
pub fn retry(
    tx: &mut Tx<'_>,
    call: &Call,
    receiver: Uuid,
    notification: Uuid,
) -> Result<(), Error> {
    let _ = manager(tx, call)?;
    if rows::again(tx, call.caller.tenant, receiver, notification)? {
        return Ok(());
    }
    let what = format!("parked delivery of `{notification}` to receiver `{receiver}`");
    Err(Error::Absent { what, code: "DeliveryNotFound" })
}
