//! What the caller's customers hold, at a glance: what ends soon, which rights are about to lapse,
//! what is under-used, and what is left of each cap.
//!
//! Few orders are read when they are asked for. Of very many a picture is kept in memory: it is
//! made of all that is held, whoever may see it, and follows what changes; what a caller sees of it
//! is found anew each time.

pub mod customer;
mod kept;
mod payer;
mod summary;

pub(crate) use kept::Kept;
pub use payer::{Credit, Payer, Pool};
pub use prorata_store::portfolio::Live;
pub use summary::{Count, FIGURES_DAYS, Noted, Rights, Summary, under_used};

use crate::access::Readable;
use crate::{App, Call, Error, billing_account, partner};
use jiff::Timestamp;
use kept::Snapshot;
use prorata_domain::ids::TenantId;
use prorata_domain::policy::Book;
use prorata_domain::reservation::BillingAccount;
use prorata_domain::term::utc_day;
use prorata_store::reservations::Visible;
use prorata_store::{Tx, portfolio, world};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Orders that are read when they are asked for: some milliseconds.
pub const LIVE_MOST: usize = 300;

/// Accounts whose orders are counted to find out how many there are.
const COUNTED_MOST: usize = 20;

/// A tenant, and an account that pays for something there.
pub type Place = (TenantId, String);

/// What one account pays for in one tenant, as far as the caller sees it.
#[derive(Debug, Clone)]
pub struct Holding {
    pub tenant: TenantId,
    /// The customer's name, where the tenant is a customer of the caller's partner.
    pub customer: Option<Arc<str>>,
    /// Nothing for a customer that nothing is paid for yet.
    pub account: Option<String>,
    /// The account itself, where the caller sees it and not only an order that it pays for.
    pub payer: Option<Arc<Payer>>,
    pub summary: Arc<Summary>,
}

/// What the caller sees.
#[derive(Debug, Clone)]
pub struct Overview {
    /// Those of the caller's own tenant first, then those of customers by their tenants' ids.
    pub holdings: Vec<Holding>,
    /// When the picture was made, where something has changed since.
    pub as_of: Option<Timestamp>,
    /// Whether the caller looks at customers as an agent of their partner.
    pub as_agent: bool,
}

/// Everything that the caller sees in the tenant where they are and, for an agent at home, in those
/// of the partner's customers. Up to `live_most` orders are read when they are asked for.
///
/// # Errors
/// Those of the database.
pub fn of(tx: &mut Tx<'_>, app: &App, call: &Call, live_most: usize) -> Result<Overview, Error> {
    let tenant = call.caller.tenant;
    let readable = Readable::of(tx, call)?;
    let accounts = seen_accounts(tx, app, call)?;
    let sold = partner::customers::sold(tx, app, call)?;
    let rows = sold.as_deref().unwrap_or_default();
    let source = match is_few(tx, tenant, &readable, rows, live_most)? {
        true => None,
        false => Some(app.portfolio.snapshot(tx, app, utc_day(call.now))?),
    };
    let as_of = source.as_ref().and_then(|(kept, is_old)| is_old.then_some(kept.at));
    let source = source.map(|(kept, _)| kept);
    let gathered = Gathering { app, call, source: source.as_deref() };
    let mut held = gathered.own(tx, &readable)?;
    let mut holdings = Vec::with_capacity(accounts.len() + rows.len());
    for account in accounts {
        let id = account.id.clone();
        let payer = gathered.payer_of(tx, (tenant, id.clone()), Some(account))?;
        let summary = held.remove(&id).unwrap_or_default();
        holdings.push(Holding { tenant, customer: None, account: Some(id), payer, summary });
    }
    for (account, summary) in held {
        let account = Some(account);
        holdings.push(Holding { tenant, customer: None, account, payer: None, summary });
    }
    for row in rows {
        let customer = Some(row.name.clone());
        let (payer, summary) = match &row.billing_account {
            None => (None, Arc::default()),
            Some(account) => {
                let place = (row.customer, account.to_string());
                let summary = gathered.paid(tx, &place)?;
                (gathered.payer_of(tx, place, None)?, summary)
            }
        };
        let account = row.billing_account.as_deref().map(str::to_owned);
        holdings.push(Holding { tenant: row.customer, customer, account, payer, summary });
    }
    Ok(Overview { holdings, as_of, as_agent: sold.is_some() })
}

/// Makes today's picture where it is still to be made and more is held than is read when it is
/// asked for.
///
/// # Errors
/// Those of the database.
pub fn warm(tx: &mut Tx<'_>, app: &App) -> Result<(), Error> {
    let today = utc_day(app.now());
    if app.portfolio.is_of(today) {
        return Ok(());
    }
    let (_, more) = portfolio::page(tx, None, LIVE_MOST)?;
    match more {
        Some(_) => app.portfolio.snapshot(tx, app, today).map(drop),
        None => Ok(()),
    }
}

/// The accounts that the caller sees in the tenant where they are: for a partner's agent in a
/// customer's also those that the partner pays with.
fn seen_accounts(tx: &mut Tx<'_>, app: &App, call: &Call) -> Result<Vec<BillingAccount>, Error> {
    let mut accounts = billing_account::list(tx, app, call)?;
    for id in partner::seen_accounts(tx, call)? {
        if !accounts.iter().any(|account| account.id == id) {
            accounts.extend(world::billing_account(tx, &id)?);
        }
    }
    Ok(accounts)
}

/// Whether what the caller sees is few enough to be read at once.
fn is_few(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    readable: &Readable,
    sold: &[portfolio::SoldTo],
    live_most: usize,
) -> Result<bool, Error> {
    if sold.len() > COUNTED_MOST {
        return Ok(false);
    }
    let mut count = match readable.orders {
        Visible::All => portfolio::orders_of_tenant(tx, tenant, live_most + 1)?,
        Visible::Orders(_) | Visible::Assigned { .. } => 0,
    };
    for row in sold {
        let Some(account) = &row.billing_account else { continue };
        count += portfolio::orders_of_payer(tx, account, row.customer, live_most + 1)?;
    }
    Ok(count <= live_most)
}

/// Where summaries come from: the picture that is kept, or the rows.
struct Gathering<'g> {
    app: &'g App,
    call: &'g Call,
    source: Option<&'g Snapshot>,
}

impl Gathering<'_> {
    fn book(&self) -> &Book {
        &self.app.book
    }

    /// What the caller sees in their tenant, by the account that pays.
    fn own(
        &self,
        tx: &mut Tx<'_>,
        readable: &Readable,
    ) -> Result<BTreeMap<String, Arc<Summary>>, Error> {
        let tenant = self.call.caller.tenant;
        let rows = match (&readable.with_parts(), self.source) {
            (Visible::All, Some(snapshot)) => return Ok(snapshot.of_tenant(tenant)),
            (Visible::Orders(orders), _) => {
                let mut rows = portfolio::of_orders(tx, tenant, orders)?;
                rows.retain(|row| readable.holds(row.order, row.id));
                rows
            }
            (Visible::All | Visible::Assigned { .. }, _) => portfolio::of_tenant(tx, tenant)?,
        };
        let mut found: BTreeMap<String, Summary> = BTreeMap::new();
        let today = utc_day(self.call.now);
        let clauses = self.book().in_force(today);
        for row in &rows {
            let summary = match found.get_mut(&row.billing_account) {
                Some(summary) => summary,
                None => found.entry(row.billing_account.clone()).or_default(),
            };
            summary.add(row, &clauses, today);
        }
        Ok(found.into_iter().map(|(account, summary)| (account, Arc::new(summary))).collect())
    }

    /// What an account pays for, all of which the caller sees.
    fn paid(&self, tx: &mut Tx<'_>, place: &Place) -> Result<Arc<Summary>, Error> {
        if let Some(snapshot) = self.source {
            return Ok(snapshot.held.get(place).cloned().unwrap_or_default());
        }
        let today = utc_day(self.call.now);
        let clauses = self.book().in_force(today);
        let mut summary = Summary::default();
        for row in portfolio::of_payer(tx, &place.1, place.0)? {
            summary.add(&row, &clauses, today);
        }
        Ok(Arc::new(summary))
    }

    fn payer_of(
        &self,
        tx: &mut Tx<'_>,
        place: Place,
        known: Option<BillingAccount>,
    ) -> Result<Option<Arc<Payer>>, Error> {
        if let Some(payer) = self.source.and_then(|snapshot| snapshot.payers.get(&place)) {
            return Ok(Some(payer.clone()));
        }
        let account = match known {
            Some(account) => Some(account),
            None => world::billing_account(tx, &place.1)?,
        };
        let Some(account) = account else { return Ok(None) };
        let today = utc_day(self.call.now);
        Payer::of(tx, self.book(), place.0, account, today).map(Arc::new).map(Some)
    }
}
