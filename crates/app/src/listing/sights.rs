//! Whose reservations the caller sees, and which of them: the same answers that single reads give.

use super::Customer;
use super::register::{Entry, Shelf};
use crate::access::Readable;
use crate::{App, Call, Error};
use prorata_domain::ids::{OrderId, ReservationId, TenantId};
use prorata_domain::partner::{Facts, PartnerTask, decide};
use prorata_domain::term::utc_day;
use prorata_store::reservations::Visible;
use prorata_store::{Tx, directory, issuers, partners};
use std::collections::{BTreeSet, HashMap, HashSet};

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

    pub fn sees(&self, shelf: &Shelf, entry: &Entry) -> bool {
        entry.tenant == self.tenant() && self.eye(shelf).sees(entry)
    }

    /// The same for all the entries of the tenant.
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
    Paid(Vec<super::register::Word>),
}

impl Eye<'_> {
    pub fn sees(&self, entry: &Entry) -> bool {
        match self {
            Eye::All => true,
            Eye::Orders(orders, parts) => {
                orders.contains(&entry.order) || parts.contains(&(entry.order, entry.id))
            }
            Eye::Paid(accounts) => accounts.contains(&entry.account),
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

/// The customers of a partner, all read at once: there may be thousands.
fn customers(tx: &mut Tx<'_>, app: &App, call: &Call) -> Result<Vec<Sight>, Error> {
    let caller = &call.caller;
    let at_home = caller.home == caller.tenant;
    let partner = if at_home { partners::partner(tx, caller.tenant)? } else { None };
    let Some(partner) = partner else { return Ok(Vec::new()) };
    let today = utc_day(call.now);
    let roles = partners::roles(tx, partner.tenant, caller.principal, today)?;
    if roles.is_empty() {
        return Ok(Vec::new());
    }
    let guest_in: HashSet<TenantId> = issuers::tenants_of(tx, caller.home, caller.principal)?
        .into_iter()
        .map(|tenant| tenant.id)
        .collect();
    let mut paid: HashMap<TenantId, Vec<String>> = HashMap::new();
    for (customer, account) in partners::accounts_of_all(tx, partner.tenant)? {
        paid.entry(customer).or_default().push(account);
    }
    // Of two customers that differ in nothing of this, an agent sees both or neither.
    let mut known: HashMap<bool, bool> = HashMap::new();
    let mut sights = Vec::new();
    for row in partners::customers(tx, partner.tenant, None, usize::MAX)? {
        let Some(accounts) = paid.remove(&row.customer) else { continue };
        if !row.relationship.holds_on(today) {
            continue;
        }
        let is_guest = guest_in.contains(&row.customer);
        let sees = match known.get(&is_guest) {
            Some(sees) => *sees,
            None => {
                let facts = Facts {
                    partner: partner.tenant,
                    partner_name: partner.name.clone(),
                    kind: partner.kind,
                    provider: None,
                    relationship: Some(row.relationship.clone()),
                    roles: roles.clone(),
                    is_guest,
                    is_named: false,
                };
                decide(&app.book, &facts, &PartnerTask::See, call.now)?.is_approved()
            }
        };
        known.insert(is_guest, sees);
        if sees {
            let customer = Customer { tenant: row.customer, name: row.name };
            sights.push(Sight { customer, seen: Seen::Paid(accounts) });
        }
    }
    Ok(sights)
}
