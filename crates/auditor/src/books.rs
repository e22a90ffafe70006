//! What was bought, what is still held, and what was paid, as the answers tell it.

use crate::calendar::{day_of, months_later};
use crate::money::{Amount, Currency};
use crate::request::{Scope, Wanted};
use crate::rules;
use crate::world::Account;
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, HashMap};

/// What is reserved, and at which price.
#[derive(Clone, Debug)]
pub struct Deal {
    pub kind: String,
    pub sku: String,
    pub location: String,
    pub term: String,
    pub plan: String,
    pub quantity: u32,
    pub unit_total: Amount,
    /// One payment for one unit.
    pub unit_payment: Amount,
    pub payments: i32,
    pub rate: Decimal,
}

impl Deal {
    /// The whole term's payments for all units.
    pub fn total(&self) -> Amount {
        let minor = self.unit_payment.minor * i128::from(self.payments) * i128::from(self.quantity);
        Amount::new(minor, self.unit_payment.currency)
    }

    pub fn is_monthly(&self) -> bool {
        self.plan == "Monthly"
    }
}

/// Where some units of an order are in their life.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    Active,
    Returned,
    Exchanged,
    Split,
    Merged,
    Swapped,
    Expired,
    /// Its first payment was refused: it never began.
    Failed,
}

/// How units came to be held.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    Bought,
    /// A part of another holding, or what was kept of it; by its place in the order.
    Part(usize),
    /// What another went on as.
    Twin(usize),
    Merge(Vec<usize>),
}

impl State {
    /// As answers show it.
    pub fn shown(self) -> &'static str {
        match self {
            State::Active => "Succeeded",
            State::Returned | State::Exchanged | State::Split | State::Merged | State::Swapped => {
                "Cancelled"
            }
            State::Expired => "Expired",
            State::Failed => "BillingFailed",
        }
    }
}

/// Some units of an order.
#[derive(Clone, Debug)]
pub struct Holding {
    /// Nothing until an answer names it.
    pub id: Option<String>,
    pub quantity: u32,
    pub sku: String,
    pub state: State,
    pub bought: Timestamp,
    pub origin: Origin,
    /// The places of what was kept of it, or of its parts.
    pub parts: Vec<usize>,
    /// The place of what it went on as, or was merged into.
    pub into: Option<usize>,
    pub name: String,
    pub scope: Scope,
    /// Whether it is to be bought anew at the end of its term.
    pub renew: bool,
    /// The price of a unit at which it is renewed, once that is locked.
    pub locked: Option<Amount>,
    pub renewal: Renewal,
    pub is_flexible: bool,
    pub is_archived: bool,
}

/// What came of a renewal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Renewal {
    None,
    /// The order that it was renewed as, by its place in the books.
    As(usize),
    Refused,
}

impl Holding {
    /// Units of it that live on by themselves, as bought when it was.
    pub fn part(&self, quantity: u32, origin: Origin) -> Holding {
        Holding {
            id: None,
            quantity,
            sku: self.sku.clone(),
            state: State::Active,
            bought: self.bought,
            origin,
            parts: Vec::new(),
            into: None,
            name: self.name.clone(),
            scope: self.scope.clone(),
            renew: self.renew,
            locked: None,
            renewal: Renewal::None,
            is_flexible: self.is_flexible,
            is_archived: false,
        }
    }

    /// Ends it: there is nothing to renew any more.
    pub fn end(&mut self, state: State) {
        self.state = state;
        self.renew = false;
    }
}

/// A payment that was made.
#[derive(Clone, Copy, Debug)]
pub struct Paid {
    pub due: Date,
    /// The day on which it was made: later where it was refused at first.
    pub made: Date,
    pub amount: Amount,
}

/// Payments that were refused.
#[derive(Clone, Copy, Debug)]
pub struct Overdue {
    /// The day on which the first of them fell due.
    pub since: Date,
    /// The day of the last try.
    pub tried: Date,
    /// The day of the next, where that is not the day of the next payment.
    pub next: Option<Date>,
}

#[derive(Clone, Debug)]
pub struct Order {
    pub id: String,
    pub tenant: String,
    pub subscription: String,
    pub account: String,
    pub name: String,
    pub deal: Deal,
    pub started: Timestamp,
    pub expires: Date,
    pub paid: Vec<Paid>,
    pub holdings: Vec<Holding>,
    /// What it was renewed from: the order's place in the books and the holding's in it. Its id is
    /// provisional until an answer names it.
    pub source: Option<(usize, usize)>,
    pub is_named: bool,
    pub overdue: Option<Overdue>,
    /// Whether it is one of a savings plan, which is never given up.
    pub is_plan: bool,
    /// Whether the day came on which prices of renewals are locked.
    pub lock_came: bool,
}

impl Order {
    pub fn starts(&self) -> Date {
        day_of(self.started)
    }

    /// How its accounts in the journal begin.
    fn prefix(&self) -> String {
        let kind = if self.is_plan { "savings-plan-order" } else { "order" };
        format!("{kind}/{}", self.id)
    }

    /// The day on which payment `number`, from 1, falls due.
    pub fn due(&self, number: usize) -> Date {
        months_later(self.starts(), i32::try_from(number).unwrap_or(i32::MAX) - 1)
    }

    pub fn units(&self) -> u32 {
        let active = self.holdings.iter().filter(|held| held.state == State::Active);
        active.map(|held| held.quantity).sum()
    }

    /// The day on which the next payment is tried; none where none is left for units held.
    fn tried_next(&self) -> Option<Date> {
        let all = usize::try_from(self.deal.payments).unwrap_or_default();
        if self.units() == 0 {
            return None;
        }
        let mut unpaid = (self.paid.len() + 1..=all).map(|number| self.due(number));
        let Some(overdue) = self.overdue else { return unpaid.next() };
        overdue.next.into_iter().chain(unpaid.find(|due| *due > overdue.tried)).min()
    }

    /// Whether payments were refused that fell due by a day.
    pub fn owes(&self, day: Date) -> bool {
        let all = usize::try_from(self.deal.payments).unwrap_or_default();
        let next = self.paid.len() + 1;
        self.overdue.is_some() && next <= all && self.due(next) <= day && self.units() > 0
    }

    pub fn find(&self, holding: &str) -> Option<usize> {
        self.holdings.iter().position(|held| held.id.as_deref() == Some(holding))
    }
}

/// Counted toward the cap of an account on a day, in US cents.
#[derive(Clone, Copy, Debug)]
struct Counted {
    day: Date,
    cents: i128,
}

/// Everything that was learnt.
#[derive(Clone, Debug, Default)]
pub struct Books {
    pub orders: Vec<Order>,
    by_id: HashMap<String, usize>,
    counted: HashMap<String, Vec<Counted>>,
    journal: BTreeMap<(String, Currency), i128>,
}

impl Books {
    pub fn order(&self, id: &str) -> Option<&Order> {
        self.by_id.get(id).map(|at| &self.orders[*at])
    }

    pub fn order_mut(&mut self, id: &str) -> Option<&mut Order> {
        self.by_id.get(id).map(|at| &mut self.orders[*at])
    }

    /// Takes up an order and its first payment.
    /// Takes up an order whose first payment was refused.
    pub fn place_failed(&mut self, mut order: Order) {
        // What was asked for stays as it was asked for.
        order.holdings[0].state = State::Failed;
        self.by_id.insert(order.id.clone(), self.orders.len());
        self.orders.push(order);
    }

    pub fn place(&mut self, mut order: Order, means: &str) {
        let amount = Amount::new(
            order.deal.unit_payment.minor * i128::from(order.deal.quantity),
            order.deal.unit_payment.currency,
        );
        let due = order.starts();
        order.paid.push(Paid { due, made: due, amount });
        self.pay(&order.prefix(), &order.account, means, amount);
        self.by_id.insert(order.id.clone(), self.orders.len());
        self.orders.push(order);
    }

    fn pay(&mut self, order: &str, account: &str, means: &str, amount: Amount) {
        self.post(format!("{order}/prepaid"), amount, 1);
        self.post(format!("payer/{account}/{means}"), amount, -1);
    }

    fn post(&mut self, account: String, amount: Amount, sign: i128) {
        *self.journal.entry((account, amount.currency)).or_default() += sign * amount.minor;
    }

    /// Gives an order the id that an answer names it by.
    pub fn rename(&mut self, at: usize, order: &str, holding: &str) {
        let row = &mut self.orders[at];
        let was = std::mem::replace(&mut row.id, order.to_owned());
        row.is_named = true;
        row.holdings[0].id = Some(holding.to_owned());
        self.by_id.remove(&was);
        self.by_id.insert(order.to_owned(), at);
        let prefix = format!("order/{was}/");
        let of_it: Vec<(String, Currency)> =
            self.journal.keys().filter(|key| key.0.starts_with(&prefix)).cloned().collect();
        for key in of_it {
            let minor = self.journal.remove(&key).unwrap_or_default();
            let account = key.0.replacen(&was, order, 1);
            *self.journal.entry((account, key.1)).or_default() += minor;
        }
    }

    /// Tries the payments of an order on each day until one at which they are to be tried.
    pub fn charge(&mut self, at: usize, until: Date, account: &Account) {
        while let Some(day) = self.orders[at].tried_next().filter(|day| *day <= until) {
            self.charge_on(at, day, account);
        }
    }

    /// Tries every payment of an order that has fallen due by a day, all together.
    pub fn charge_on(&mut self, at: usize, day: Date, account: &Account) {
        let order = &self.orders[at];
        let units = order.units();
        let (each, first) = (order.deal.unit_payment, order.paid.len() + 1);
        let numbers = first..=usize::try_from(order.deal.payments).unwrap_or_default();
        let due: Vec<Date> =
            numbers.map(|number| order.due(number)).take_while(|due| *due <= day).collect();
        let Some(since) = due.first().copied() else { return };
        if account.failing_on(day).is_some() {
            let next = rules::tried_again(since, day);
            self.orders[at].overdue = Some(Overdue { since, tried: day, next });
            return;
        }
        let amount = Amount::new(each.minor * i128::from(units), each.currency);
        let (id, paid_by) = (order.prefix(), order.account.clone());
        for due in due {
            self.orders[at].paid.push(Paid { due, made: day, amount });
            self.pay(&id, &paid_by, &account.payment, amount);
        }
        self.orders[at].overdue = None;
    }

    /// Ends the term of an order; answers what was held until then.
    pub fn expire(&mut self, at: usize) -> Vec<usize> {
        let order = &mut self.orders[at];
        let units = order.units();
        let mut ended = Vec::new();
        for (place, held) in order.holdings.iter_mut().enumerate() {
            if held.state == State::Active {
                held.state = State::Expired;
                ended.push(place);
            }
        }
        order.overdue = None;
        if units > 0 {
            let each = order.deal.unit_payment;
            let made = order.paid.len() as i128;
            let left = Amount::new(each.minor * made * i128::from(units), each.currency);
            let prefix = order.prefix();
            self.post(format!("{prefix}/prepaid"), left, -1);
            self.post(format!("{prefix}/used"), left, 1);
        }
        ended
    }

    /// Ends units of a holding; what is kept of it becomes a holding of its own.
    pub fn give_up(&mut self, order: &str, at: usize, quantity: u32, to: State) {
        let Some(order) = self.order_mut(order) else { return };
        let position = order.holdings.len();
        let held = &mut order.holdings[at];
        let kept = held.quantity.saturating_sub(quantity);
        if kept > 0 {
            held.parts.push(position);
            let rest = held.part(kept, Origin::Part(at));
            order.holdings.push(rest);
        }
        order.holdings[at].end(to);
    }

    /// Splits a holding into parts with their names.
    pub fn split(&mut self, order: &str, at: usize, parts: Vec<(u32, Option<String>)>) {
        let Some(order) = self.order_mut(order) else { return };
        order.holdings[at].end(State::Split);
        for (quantity, id) in parts {
            let place = order.holdings.len();
            let part =
                Holding { id, renew: false, ..order.holdings[at].part(quantity, Origin::Part(at)) };
            order.holdings[at].parts.push(place);
            order.holdings.push(part);
        }
    }

    /// Merges holdings into one; what is not the same of all is the first one's.
    pub fn merge(&mut self, order: &str, sources: &[usize], id: Option<String>) {
        let Some(order) = self.order_mut(order) else { return };
        let place = order.holdings.len();
        let quantity = sources.iter().map(|at| order.holdings[*at].quantity).sum();
        let first = &order.holdings[sources[0]];
        let merged =
            Holding { id, renew: false, ..first.part(quantity, Origin::Merge(sources.to_vec())) };
        for at in sources {
            order.holdings[*at].end(State::Merged);
            order.holdings[*at].into = Some(place);
        }
        order.holdings.push(merged);
    }

    /// Lets units go on as their twin; the rest stays what it is.
    pub fn swap(&mut self, order: &str, at: usize, twin: (&str, &Wanted), id: Option<String>) {
        let (sku, wanted) = twin;
        let quantity = wanted.quantity;
        let Some(row) = self.order_mut(order) else { return };
        let place = row.holdings.len();
        let held = &mut row.holdings[at];
        held.into = Some(place);
        let twin = Holding {
            id,
            sku: sku.to_owned(),
            name: wanted.name.clone(),
            scope: wanted.scope.clone(),
            renew: wanted.renew,
            ..held.part(quantity, Origin::Twin(at))
        };
        row.holdings.push(twin);
        self.give_up(order, at, quantity, State::Swapped);
    }

    /// Books the money of units given up.
    pub fn give_back(&mut self, order: &str, account: &str, to: &str, paid: Amount, back: Amount) {
        let used = Amount::new(paid.minor - back.minor, paid.currency);
        self.post(format!("payer/{account}/{to}"), back, 1);
        self.post(format!("order/{order}/used"), used, 1);
        self.post(format!("order/{order}/prepaid"), paid, -1);
    }

    /// What counts toward an account's cap on a day.
    pub fn used_of_cap(&self, account: &str, today: Date) -> i128 {
        let rows = self.counted.get(account).map_or(&[][..], Vec::as_slice);
        let still = rows.iter().filter(|row| rules::back_in_pool(row.day, today) > today);
        still.map(|row| row.cents).sum()
    }

    pub fn count(&mut self, account: &str, day: Date, cents: i128) {
        self.counted.entry(account.to_owned()).or_default().push(Counted { day, cents });
    }

    /// What the journal's accounts hold, where it is not nothing.
    pub fn totals(&self) -> BTreeMap<(String, String), i128> {
        let held = self.journal.iter().filter(|(_, minor)| **minor != 0);
        held.map(|((account, currency), minor)| ((account.clone(), currency.code()), *minor))
            .collect()
    }
}
