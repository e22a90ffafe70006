//! One account and what there is to know of it: subscriptions, whether the customer may buy, what
//! the ledger says, what counts toward its cap.

use super::{LIVE_MOST, Payer, Place, Summary, seen_accounts};
use crate::access::Readable;
use crate::partner::{self, customers};
use crate::{App, Call, Error, subscriptions};
use jiff::Timestamp;
use prorata_domain::ids::TenantId;
use prorata_domain::partner::PartnerTask;
use prorata_domain::term::utc_day;
use prorata_ledger::{Currency, Money};
use prorata_store::reservations::Visible;
use prorata_store::world::Subscription;
use prorata_store::{Tx, directory, partners, portfolio};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Operations whose entries are summed up when a customer is looked at; of more the sums are asked
/// for.
const SUMMED_MOST: usize = 400;

/// Changes of the permission to buy that are told.
const CHANGES: usize = 20;

/// A customer's account as the caller sees it.
#[derive(Debug, Clone)]
pub struct View {
    pub tenant: TenantId,
    pub tenant_name: String,
    pub payer: Payer,
    pub summary: Arc<Summary>,
    /// When the figures are from, where something has changed since.
    pub as_of: Option<Timestamp>,
    pub subscriptions: Vec<Subscription>,
    pub buying: Option<Buying>,
    pub ledger: Ledger,
}

/// What a partner lets its customer do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Buying {
    pub partner: String,
    pub allowed: bool,
    /// Whether the caller may change it; else why not, where there is a reason to tell.
    pub may_change: Result<(), String>,
    /// The latest change first; for those who may see it.
    pub changes: Vec<Change>,
}

/// A change of a permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub at: Timestamp,
    pub by: String,
    pub allowed: bool,
}

/// What the journal has posted for an account, by the kind of account of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ledger {
    /// All of it, by kind and currency; it adds up to nothing.
    Summed(Vec<(Kind, Money)>),
    /// There is so much that it is summed up when it is asked for.
    Much,
}

/// A kind of account of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// What was taken from the payer or given back, by one way.
    Payer(String),
    /// What was paid and neither used nor given back yet.
    Prepaid,
    Used,
    SavingsPlanPrepaid,
    SavingsPlanUsed,
    Fee,
    Other(String),
}

/// One account that pays for something in a tenant.
///
/// # Errors
/// [`Error::Absent`] for one that the caller does not see, [`Error::Refused`] for an agent who may
/// not look at the customer.
pub fn show(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    tenant: TenantId,
    account: &str,
    sum_all: bool,
) -> Result<View, Error> {
    let here = call.caller.tenant;
    let (payer, subscriptions) = if tenant == here {
        let own = seen_accounts(tx, app, call)?;
        let own = own.into_iter().find(|row| row.id.eq_ignore_ascii_case(account));
        let subscriptions = subscriptions::list(tx, app, call, None, usize::MAX)?.rows;
        (own, subscriptions)
    } else {
        let view = customers::show(tx, app, call, tenant)?;
        let sold = view.billing_accounts.iter().find(|id| id.eq_ignore_ascii_case(account));
        let sold = sold.filter(|_| view.holds);
        let sold = sold.map(|id| prorata_store::world::billing_account(tx, id)).transpose()?;
        (sold.flatten(), view.subscriptions)
    };
    let payer = payer.ok_or_else(|| Error::Absent {
        what: format!("account `{account}`"),
        code: "ResourceNotFound",
    })?;
    let today = utc_day(call.now);
    let payer = Payer::of(tx, &app.book, tenant, payer, today)?;
    let place = (tenant, payer.account.id.clone());
    let (summary, as_of) = summary(tx, app, call, &place)?;
    let name = directory::tenant(tx, tenant)?.map_or_else(|| tenant.to_string(), |row| row.name);
    let subscriptions =
        subscriptions.into_iter().filter(|row| row.billing_account == place.1).collect();
    let buying = buying(tx, app, call, &place)?;
    let ledger = ledger(tx, &place, sum_all)?;
    Ok(View { tenant, tenant_name: name, payer, summary, as_of, subscriptions, buying, ledger })
}

fn summary(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    place: &Place,
) -> Result<(Arc<Summary>, Option<Timestamp>), Error> {
    let (today, clauses) = (utc_day(call.now), app.book.in_force(utc_day(call.now)));
    let readable = match place.0 == call.caller.tenant {
        true => Some(Readable::of(tx, call)?),
        false => None,
    };
    let all = readable.as_ref().is_none_or(|readable| readable.orders == Visible::All);
    let most = LIVE_MOST + 1;
    if all && portfolio::orders_of_payer(tx, &place.1, place.0, most)? > LIVE_MOST {
        let (kept, is_old) = app.portfolio.snapshot(tx, app, today)?;
        let summary = kept.held.get(place).cloned().unwrap_or_default();
        return Ok((summary, is_old.then_some(kept.at)));
    }
    let rows = match readable.as_ref().map(Readable::with_parts) {
        Some(Visible::Orders(orders)) => portfolio::of_orders(tx, place.0, &orders)?,
        _ => portfolio::of_payer(tx, &place.1, place.0)?,
    };
    let sees = |row: &&portfolio::Live| {
        row.billing_account == place.1
            && readable.as_ref().is_none_or(|readable| readable.holds(row.order, row.id))
    };
    let mut summary = Summary::default();
    for row in rows.iter().filter(sees) {
        summary.add(row, &clauses, today);
    }
    Ok((Arc::new(summary), None))
}

/// Whether the customer may buy for itself: for the partner's agents with what was said before, for
/// the customer's own people as it stands.
fn buying(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    (tenant, account): &Place,
) -> Result<Option<Buying>, Error> {
    let Some(seller) = partners::seller(tx, account)? else { return Ok(None) };
    let said = partners::permission(tx, seller.partner, *tenant, partner::RESERVATIONS)?;
    let allowed = said.is_some_and(|said| said.allowed);
    let mut buying = Buying {
        partner: seller.name,
        allowed,
        may_change: Err(String::new()),
        changes: Vec::new(),
    };
    let caller = &call.caller;
    if caller.home != seller.partner || *tenant == caller.home {
        return Ok(Some(buying));
    }
    let standing = partner::standing(tx, call, caller.home, caller.principal, *tenant)?;
    let Some(standing) = standing else { return Ok(Some(buying)) };
    if !standing.decide(app, call, PartnerTask::SeePermission)?.is_approved() {
        return Ok(None);
    }
    // It is said from the partner's own tenant, where the customer is looked at from.
    if caller.home == caller.tenant {
        let decision = standing.decide(app, call, PartnerTask::ChangePermission)?;
        buying.may_change = match decision.refusal {
            None => Ok(()),
            Some(refusal) => Err(refusal.reason),
        };
    }
    let target = customers::permission_target(*tenant);
    let changes = portfolio::permission_changes(tx, *tenant, &target, CHANGES)?;
    let change = |(at, by, action): (Timestamp, String, String)| Change {
        at,
        by,
        allowed: action == customers::ALLOWED,
    };
    buying.changes = changes.into_iter().map(change).collect();
    Ok(Some(buying))
}

fn ledger(tx: &mut Tx<'_>, (tenant, account): &Place, sum_all: bool) -> Result<Ledger, Error> {
    if !sum_all && portfolio::operations_of(tx, *tenant, SUMMED_MOST + 1)? > SUMMED_MOST {
        return Ok(Ledger::Much);
    }
    let mut sums: BTreeMap<(Kind, Currency), Money> = BTreeMap::new();
    for (name, amount) in portfolio::balances(tx, *tenant, account)? {
        let key = (kind(&name, account), amount.currency());
        let sum = sums.entry(key).or_insert_with(|| Money::zero(amount.currency()));
        *sum = sum.plus(amount)?;
    }
    Ok(Ledger::Summed(sums.into_iter().map(|((kind, _), amount)| (kind, amount)).collect()))
}

fn kind(name: &str, account: &str) -> Kind {
    let payer = name.strip_prefix("payer/").and_then(|rest| rest.strip_prefix(account));
    match (payer.and_then(|rest| rest.strip_prefix('/')), name.rsplit_once('/')) {
        (Some(means), _) => Kind::Payer(means.to_owned()),
        (None, Some((of, "prepaid"))) if of.starts_with("order/") => Kind::Prepaid,
        (None, Some((of, "used"))) if of.starts_with("order/") => Kind::Used,
        (None, Some((of, "prepaid"))) if of.starts_with("savings-plan") => Kind::SavingsPlanPrepaid,
        (None, Some((of, "used"))) if of.starts_with("savings-plan") => Kind::SavingsPlanUsed,
        (None, Some(("fee", _))) => Kind::Fee,
        (None, _) => Kind::Other(name.to_owned()),
    }
}
