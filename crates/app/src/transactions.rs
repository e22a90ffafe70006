//! What was charged and credited for reservations, as the journal has it.

use crate::access::Readable;
use crate::audit::{self, Event};
use crate::limits::PAGE_ROWS_MAX;
use crate::orders::Page;
use crate::{App, Call, Error, billing_account};
use jiff::{Timestamp, ToSpan};
use prorata_domain::accounting::prepaid_by;
use prorata_domain::ids::{EntryId, OrderId};
use prorata_domain::reservation::{BillingAccount, Order};
use prorata_domain::term::day_start;
use prorata_ledger::Money;
use prorata_store::journal::{self, OfPayer, Posted};
use prorata_store::{Tx, orders, world};
use std::collections::BTreeMap;

/// Which transactions of which account.
#[derive(Debug, Clone)]
pub struct Query {
    pub account: String,
    pub profile: Option<String>,
    /// The first day, and the last; without one, from the first or to the last there is.
    pub from: Option<jiff::civil::Date>,
    pub to: Option<jiff::civil::Date>,
    pub after: Option<(Timestamp, EntryId)>,
    pub limit: usize,
}

/// A payment taken, or one given back.
#[derive(Debug, Clone)]
pub struct Transaction {
    pub id: EntryId,
    pub at: Timestamp,
    pub order: Order,
    /// The name of the subscription that pays.
    pub subscription: String,
    /// The journal's word for it, such as `purchase`.
    pub event: String,
    /// What the payer paid; less than nothing where it got something back.
    pub amount: Money,
}

impl Transaction {
    /// Units, where the whole order was bought.
    pub fn quantity(&self) -> Option<u32> {
        let bought = ["purchase", "exchange-purchase", "renewal"].contains(&self.event.as_str());
        bought.then_some(self.order.original_quantity)
    }
}

/// The mark of a page: the time and the id of its last entry.
type Mark = (Timestamp, EntryId);

/// A page of what an account paid and got back for the orders that the caller reads whole.
///
/// # Errors
/// [`Error::Absent`] for an account that pays for nothing of the tenant; those of the database.
pub fn list(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    query: &Query,
) -> Result<(BillingAccount, Page<Transaction>), Error> {
    let account = billing_account::require(tx, call, &query.account, query.profile.as_deref())?;
    let readable = Readable::of(tx, call)?;
    let event = Event::new("transactions", format!("billing-account/{}", account.id));
    audit::looked_at(tx, call, &event);
    let limit = query.limit.clamp(1, PAGE_ROWS_MAX);
    let from = query.from.map_or(Timestamp::MIN, day_start);
    let until = query.to.map_or(Timestamp::MAX, |day| day_start(day.saturating_add(1.days())));
    let (mut rows, mut after) = (Vec::new(), query.after);
    let mut known: BTreeMap<OrderId, Option<(Order, String)>> = BTreeMap::new();
    loop {
        let wanted = OfPayer {
            tenant: call.caller.tenant,
            billing_account: &account.id,
            from,
            until,
            after,
            limit: PAGE_ROWS_MAX,
        };
        let chunk = journal::of_payer(tx, &wanted)?;
        let Some(last) = chunk.last() else { break };
        after = Some((last.at, last.id));
        for entry in chunk {
            let Some((order, amount)) = paid(&entry)? else { continue };
            if !readable.reads(order) {
                continue;
            }
            let found = match known.get(&order) {
                Some(found) => found.clone(),
                None => known.entry(order).or_insert(of_order(tx, call, order)?).clone(),
            };
            let Some((order, subscription)) = found else { continue };
            let Posted { id, at, event, .. } = entry;
            rows.push(Transaction { id, at, order, subscription, event, amount });
        }
        if rows.len() > limit {
            break;
        }
    }
    let next = (rows.len() > limit).then(|| mark((rows[limit - 1].at, rows[limit - 1].id)));
    rows.truncate(limit);
    Ok((account, Page { rows, next }))
}

/// The mark as a text.
fn mark((at, id): Mark) -> String {
    format!("{}_{id}", at.as_microsecond())
}

/// Reads a mark that a page gave.
pub fn parse_mark(text: &str) -> Option<Mark> {
    let (at, id) = text.split_once('_')?;
    Some((Timestamp::from_microsecond(at.parse().ok()?).ok()?, EntryId::parse(id)?))
}

/// The order that an entry is about, and what its payer paid; nothing where no payer had a part,
/// or where it is about something else than a reservation.
fn paid(entry: &Posted) -> Result<Option<(OrderId, Money)>, Error> {
    let order = entry.postings.iter().find_map(|posting| prepaid_by(&posting.account));
    let mut of_payer = entry
        .postings
        .iter()
        .filter(|posting| posting.account.as_str().starts_with("payer/"))
        .map(|posting| posting.amount);
    let (Some(order), Some(first)) = (order, of_payer.next()) else { return Ok(None) };
    let credited = Money::sum(first.currency(), [first].into_iter().chain(of_payer))?;
    Ok(Some((order, Money::zero(first.currency()).minus(credited)?)))
}

fn of_order(tx: &mut Tx<'_>, call: &Call, id: OrderId) -> Result<Option<(Order, String)>, Error> {
    let Some(order) = orders::load(tx, call.caller.tenant, id)? else { return Ok(None) };
    let subscription = world::subscription(tx, order.billing_subscription)?;
    Ok(Some((order, subscription.map(|row| row.name).unwrap_or_default())))
}
