//! What happens by the clock alone: payments, locks of prices, ends of terms, renewals.

use crate::Auditor;
use crate::books::{Deal, Holding, Order, Renewal, State};
use crate::calendar::{day_of, days_later, midnight};
use crate::purchase::new_order;
use crate::request::{Call, Wanted};
use crate::rules;
use crate::world::Account;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

impl Auditor {
    /// Makes what has fallen due by an instant.
    pub fn pass(&mut self, now: Timestamp) {
        let today = day_of(now);
        if self.passed.is_none_or(|passed| day_of(passed) < today) {
            // What is renewed meanwhile comes after what it is renewed from.
            let mut at = 0;
            while at < self.books.orders.len() {
                self.live(at, today);
                at += 1;
            }
        }
        self.passed = Some(now);
    }

    /// An order to be looked at, so that it names what it was renewed as: its tenant and its id.
    pub fn to_be_named(&self) -> Option<(String, String)> {
        let nameless = self.books.orders.iter().filter(|order| !order.is_named);
        let mut sources = nameless.filter_map(|order| self.books.orders.get(order.source?.0));
        let named = sources.find(|source| source.is_named);
        named.map(|source| (source.tenant.clone(), source.id.clone()))
    }

    fn live(&mut self, at: usize, today: Date) {
        let (expires, starts) = (self.books.orders[at].expires, self.books.orders[at].starts());
        let lock_day = days_later(expires, -rules::RENEWAL_LOCK_DAYS);
        if let Some(account) = self.world.account(&self.books.orders[at].account) {
            self.books.charge(at, today.min(expires), account);
        }
        if today >= lock_day && !self.books.orders[at].lock_came {
            self.books.orders[at].lock_came = true;
            if starts < lock_day {
                self.lock(at, lock_day);
            }
        }
        if today >= expires {
            for place in self.books.expire(at) {
                if self.books.orders[at].holdings[place].renew {
                    self.renew(at, place, expires);
                }
            }
        }
    }

    /// Takes up what a document changes of the world. Payments that are overdue are tried at once
    /// where their means of payment was mended.
    pub fn world_changed(&mut self, document: &Value, now: Timestamp) {
        self.pass(now);
        self.world.add(document);
        for row in document["billingAccounts"].as_array().into_iter().flatten() {
            let Some(account) = self.world.account(row["id"].as_str().unwrap_or_default()) else {
                continue;
            };
            if account.failing_on(day_of(now)).is_some() {
                continue;
            }
            for at in 0..self.books.orders.len() {
                let order = &self.books.orders[at];
                if order.account == account.id && order.owes(day_of(now)) {
                    self.books.charge_on(at, day_of(now), account);
                }
            }
        }
    }

    /// Changes the price that is locked after a renewal was switched on or off.
    pub(crate) fn relock(&mut self, order: &str, place: usize, today: Date) {
        let Some(row) = self.books.order(order) else { return };
        let held = &row.holdings[place];
        let in_time = today >= days_later(row.expires, -rules::RENEWAL_LOCK_DAYS);
        let again = self.again(row, held, today).filter(|_| held.renew && in_time);
        let locked = again.map(|(_, deal, _)| deal.unit_total);
        if let Some(row) = self.books.order_mut(order) {
            row.holdings[place].locked = locked;
        }
    }

    /// Locks the prices at which an order's reservations are renewed; what cannot be bought has
    /// none.
    fn lock(&mut self, at: usize, day: Date) {
        for place in 0..self.books.orders[at].holdings.len() {
            let order = &self.books.orders[at];
            let held = &order.holdings[place];
            if held.state != State::Active || !held.renew {
                continue;
            }
            let locked = self.again(order, held, day).map(|(_, deal, _)| deal.unit_total);
            self.books.orders[at].holdings[place].locked = locked;
        }
    }

    /// The same bought anew on a day; nothing where it cannot be.
    fn again(&self, order: &Order, held: &Holding, day: Date) -> Option<(Wanted, Deal, &Account)> {
        let wanted = Wanted {
            kind: order.deal.kind.clone(),
            sku: held.sku.clone(),
            location: order.deal.location.clone(),
            subscription: order.subscription.clone(),
            term: order.deal.term.clone(),
            plan: order.deal.plan.clone(),
            quantity: held.quantity,
            name: held.name.clone(),
            scope: held.scope.clone(),
            renew: rules::renews_again(day),
        };
        // An order that went to another tenant is still paid for where it was.
        let tenant = self.world.tenant_of(&order.subscription)?;
        let call = by_clock(tenant, midnight(day));
        let account = self.payer(&call, &wanted.subscription)?;
        let assessed = self.assess(&call, &wanted, account);
        let deal = assessed.deal.filter(|_| assessed.faults.is_empty())?;
        Some((wanted, deal, account))
    }

    /// Buys what is held anew at the end of its term, where its price did not move.
    fn renew(&mut self, at: usize, place: usize, day: Date) {
        let order = &self.books.orders[at];
        let held = &order.holdings[place];
        let locked = held.locked;
        let again = self.again(order, held, day).and_then(|(wanted, mut deal, account)| {
            if account.failing_on(day).is_some() {
                return None;
            }
            if let Some(locked) = locked.filter(|locked| *locked != deal.unit_total) {
                if !rules::moved_price_renews(day) {
                    return None;
                }
                let product = (deal.kind.as_str(), deal.sku.as_str(), deal.location.as_str());
                let lower =
                    if locked.minor < deal.unit_total.minor { locked } else { deal.unit_total };
                deal = self.deal(&wanted, product, lower, account);
            }
            let id = format!("renewal-{at}-{place}");
            let call = by_clock(&order.tenant, midnight(day));
            let mut bought = new_order(&call, &wanted, deal, account, &id);
            bought.source = Some((at, place));
            bought.is_named = false;
            bought.holdings[0].is_flexible = held.is_flexible;
            Some((bought, account.payment.clone()))
        });
        let renewal = match again {
            Some((bought, means)) => {
                self.books.place(bought, &means);
                Renewal::As(self.books.orders.len() - 1)
            }
            None => Renewal::Refused,
        };
        self.books.orders[at].holdings[place].renewal = renewal;
    }
}

/// A call of nobody's, for what happens by the clock.
fn by_clock(tenant: &str, at: Timestamp) -> Call<'_> {
    Call { at, tenant, client: "", method: "", path: "", body: &Value::Null }
}
