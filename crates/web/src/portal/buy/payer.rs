//! Who pays, and whether the reader may have it paid.

use super::scopes::ScopeChoice;
use crate::portal::language::say;
use crate::portal::words;
use prorata_app::purchase::Payer;
use prorata_app::{App, Call, Error, access, subscriptions};
use prorata_domain::access::{Action, Outcome, Scope, Verdict};
use prorata_domain::ids::SubscriptionId;
use prorata_store::Tx;

/// Subscriptions that are tried for one with which the reader may buy, where none is named.
const TRIED_MAX: usize = 20;

/// Whether the reader may buy, and what else can be done.
#[derive(Debug, Clone)]
pub enum Allowed {
    Yes,
    /// Others approve first; why.
    AskedFirst(String),
    /// The reader may not; why, and what would help.
    No {
        why: String,
        helps: Vec<String>,
    },
}

impl Allowed {
    pub fn of(verdict: &Verdict) -> Allowed {
        if verdict.is_allowed() {
            return Allowed::Yes;
        }
        let why = match verdict.reason().map(|finding| &finding.outcome) {
            Some(Outcome::Bars(why)) => words::sentence(&why.replace('`', "")),
            Some(Outcome::Allows { .. } | Outcome::Silent(_)) | None => {
                say("buy-no-role").into_owned()
            }
        };
        let helps = verdict.remedies.iter();
        let helps = helps.map(|help| words::capital(&help.to_string().replace('`', "")));
        Allowed::No { why, helps: helps.collect() }
    }

    /// Why others have to approve it first.
    pub fn asked_first(&self) -> Option<&str> {
        match self {
            Allowed::AskedFirst(why) => Some(why),
            Allowed::Yes | Allowed::No { .. } => None,
        }
    }

    /// Why the reader may not buy it themselves, and what would help.
    pub fn barred(&self) -> Option<(&str, &[String])> {
        match self {
            Allowed::No { why, helps } => Some((why, helps)),
            Allowed::Yes | Allowed::AskedFirst(_) => None,
        }
    }
}

/// The first subscription with which the caller may do this, or else the first.
///
/// # Errors
/// Those of the database.
pub fn likely(
    tx: &mut Tx<'_>,
    call: &Call,
    action: Action,
    payers: &[Payer],
) -> Result<Option<SubscriptionId>, Error> {
    for payer in payers.iter().take(TRIED_MAX) {
        let id = payer.subscription.id;
        if access::may(tx, call, action, &Scope::subscription(id))? {
            return Ok(Some(id));
        }
    }
    Ok(payers.first().map(|payer| payer.subscription.id))
}

/// What the subscription that pays is called; its id for who may not look at it.
///
/// # Errors
/// Those of the database.
pub fn name(tx: &mut Tx<'_>, app: &App, call: &Call, id: SubscriptionId) -> Result<String, Error> {
    match subscriptions::show(tx, app, call, id) {
        Ok(found) if !found.name.is_empty() => Ok(found.name),
        Ok(_) | Err(Error::Absent { .. } | Error::Denied { .. }) => Ok(id.to_string()),
        Err(error) => Err(error),
    }
}

/// A subscription with the money of the account behind it.
pub fn label(payer: &Payer) -> String {
    format!("{} ({})", payer.subscription.name, payer.account.currency)
}

/// The subscriptions as choices, with the money of the accounts behind them.
pub fn choices(payers: &[Payer], chosen: Option<SubscriptionId>) -> Vec<ScopeChoice> {
    let choice = |payer: &Payer| ScopeChoice {
        value: payer.subscription.id.to_string(),
        label: label(payer),
        chosen: Some(payer.subscription.id) == chosen,
    };
    payers.iter().map(choice).collect()
}

/// The same subscription among those that the caller sees.
pub fn find(payers: &[Payer], chosen: Option<SubscriptionId>) -> Option<&Payer> {
    payers.iter().find(|payer| Some(payer.subscription.id) == chosen)
}
