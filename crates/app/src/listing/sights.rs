//! Whose reservations the caller sees, and which of them: the same answers that single reads give.

use super::Customer;
use super::register::{Item, Shelf, Word};
use crate::access::Readable;
use crate::{App, Call, Error, partner};
use prorata_domain::ids::{OrderId, ReservationId, TenantId};
use prorata_store::reservations::Visible;
use prorata_store::{Tx, directory};
use std::collections::{BTreeSet, HashSet};

/// A customer, and what the caller sees of it.
pub(super) struct Sight {
    pub customer: Customer,
    seen: Seen,
}

enum Seen {
    All,
    Orders(HashSet<OrderId>, BTreeSet<(OrderId, ReservationId)>),
    /// What these accounts pay for.
    Paid(Vec<String>),
}

impl Sight {
    pub fn tenant(&self) -> TenantId {
        self.customer.tenant
    }

    pub fn sees(&self, shelf: &Shelf, item: &Item<'_>) -> bool {
        item.entry.tenant == self.tenant() && self.eye(shelf).sees(item)
    }

    /// The same for all the reservations of the tenant.
    pub fn eye<'s>(&'s self, shelf: &Shelf) -> Eye<'s> {
        match &self.seen {
            Seen::All => Eye::All,
            Seen::Orders(orders, parts) => Eye::Orders(orders, parts),
            Seen::Paid(accounts) => {
                let words = accounts.iter().filter_map(|account| shelf.words.find(account));
                Eye::Paid(words.collect())
            }
        }
    }
}

pub(super) enum Eye<'s> {
    All,
    Orders(&'s HashSet<OrderId>, &'s BTreeSet<(OrderId, ReservationId)>),
    Paid(Vec<Word>),
}

impl Eye<'_> {
    pub fn sees(&self, item: &Item<'_>) -> bool {
        match self {
            Eye::All => true,
            Eye::Orders(orders, parts) => {
                let entry = item.entry;
                orders.contains(&entry.order) || parts.contains(&(entry.order, entry.id))
            }
            Eye::Paid(accounts) => accounts.contains(&item.traits.account),
        }
    }
}

/// Everybody whose reservations the caller sees, by name: the tenant that they are in, and at home
/// in a partner's tenant the customers for whom they are an agent.
pub(super) fn of(tx: &mut Tx<'_>, app: &App, call: &Call) -> Result<Vec<Sight>, Error> {
    let own = own(tx, call)?;
    let mut sights = customers(tx, app, call)?;
    sights.retain(|sight| sight.tenant() != own.tenant());
    sights.push(own);
    sights.sort_by_cached_key(|sight| (sight.customer.name.to_lowercase(), sight.tenant()));
    Ok(sights)
}

fn own(tx: &mut Tx<'_>, call: &Call) -> Result<Sight, Error> {
    let tenant = call.caller.tenant;
    let name = directory::tenant(tx, tenant)?.map_or_else(|| tenant.to_string(), |row| row.name);
    let Readable { orders, parts } = Readable::of(tx, call)?;
    let seen = match orders {
        Visible::Orders(orders) => Seen::Orders(orders.into_iter().collect(), parts),
        Visible::All | Visible::Assigned { .. } => Seen::All,
    };
    Ok(Sight { customer: Customer { tenant, name }, seen })
}

/// The customers of a partner that the caller sees something of and that it pays for.
fn customers(tx: &mut Tx<'_>, app: &App, call: &Call) -> Result<Vec<Sight>, Error> {
    let mut sights: Vec<Sight> = Vec::new();
    // Those of one customer follow each other.
    for row in partner::customers::sold(tx, app, call)?.unwrap_or_default() {
        let Some(account) = row.billing_account else { continue };
        match sights.last_mut() {
            Some(Sight { customer, seen: Seen::Paid(accounts) })
                if customer.tenant == row.customer =>
            {
                accounts.push(account.to_string());
            }
            _ => {
                let customer = Customer { tenant: row.customer, name: row.name.to_string() };
                sights.push(Sight { customer, seen: Seen::Paid(vec![account.to_string()]) });
            }
        }
    }
    Ok(sights)
}
