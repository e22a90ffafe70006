//! What many reservations come to.

use jiff::civil::Date;
use prorata_domain::ids::{OrderId, ReservationId, TenantId};
use prorata_domain::policy::{Clauses, Expiring};
use prorata_domain::rights::{self, Right, Why, renewal_trap};
use prorata_domain::term::days_between;
use prorata_domain::utilization::Utilization;
use prorata_ledger::Money;
use prorata_store::portfolio::Live;

/// How many of those that something happens to are named.
const NAMED_MOST: usize = 5;

/// Days after which a figure of usage says nothing of today.
pub const FIGURES_DAYS: i64 = 30;

/// A reservation that is used less than this, over its last seven days, is worth a look: our choice.
pub fn under_used() -> Utilization {
    Utilization::from_hundredths(80_00)
}

/// A reservation that is named, as something happens to it on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    pub on: Date,
    pub tenant: TenantId,
    pub order: OrderId,
    pub id: ReservationId,
    pub display_name: String,
    pub sku: String,
    pub quantity: u32,
    pub billing_account: String,
    pub renew: bool,
    pub used: Option<Utilization>,
}

/// How many there are of some kind, and the first of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Count {
    pub count: u64,
    pub first: Vec<Noted>,
}

impl Count {
    /// Counts one; `before` says whether the first comes before the second.
    fn add(&mut self, row: &Live, on: Date, before: fn(&Noted, &Noted) -> bool) {
        self.count += 1;
        let noted = |name: &dyn Fn(&str) -> String| Noted {
            on,
            tenant: row.tenant,
            order: row.order,
            id: row.id,
            display_name: name(&row.display_name),
            sku: name(&row.sku),
            quantity: row.quantity,
            billing_account: name(&row.billing_account),
            renew: row.renew,
            used: row.used.map(|(share, _)| share),
        };
        let bare = noted(&|_| String::new());
        let place = self.first.partition_point(|other| !before(&bare, other));
        if place < NAMED_MOST {
            self.first.truncate(NAMED_MOST - 1);
            self.first.insert(place, noted(&str::to_owned));
        }
    }
}

/// What units may still do once exchanges have ended for their service.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rights {
    /// Reservations that may be exchanged without limit until a day that comes before their end.
    pub until_the_end: u64,
    /// Reservations that have a last exchange, now that others have none.
    pub last: u64,
    /// Reservations that had their last exchange.
    pub used: u64,
    /// Reservations without a right: bought or renewed too late.
    pub none: u64,
}

/// What some reservations come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    pub active: u64,
    /// What all of them cost over their terms, by currency.
    pub commitment: Vec<Money>,
    pub next_expiry: Option<Date>,
    /// Those that end within the days that count as soon.
    pub expiring: Count,
    /// How many of these are renewed.
    pub renewing: u64,
    pub rights: Rights,
    /// Those whose renewal would give away a right.
    pub traps: Count,
    /// Those with figures of their usage, not too old.
    pub measured: u64,
    pub under_used: Count,
}

fn sooner(one: &Noted, other: &Noted) -> bool {
    (one.on, one.id) < (other.on, other.id)
}

fn less_used(one: &Noted, other: &Noted) -> bool {
    (one.used, one.id) < (other.used, other.id)
}

impl Summary {
    /// Counts a reservation that is held.
    pub fn add(&mut self, row: &Live, clauses: &Clauses<'_>, today: Date) {
        self.active += 1;
        self.commit(row);
        if self.next_expiry.is_none_or(|next| row.expires_on < next) {
            self.next_expiry = Some(row.expires_on);
        }
        if row.expires_on <= Expiring::shown(today).until(today) {
            self.expiring.add(row, row.expires_on, sooner);
            self.renewing += u64::from(row.renew);
        }
        if !clauses.not_exchangeable.value.contains(&row.resource_type) {
            self.look_at_right(row, clauses, today);
        }
        if let Some((share, last)) = row.used
            && days_between(last, today) <= FIGURES_DAYS
        {
            self.measured += 1;
            if share < under_used() {
                self.under_used.add(row, row.expires_on, less_used);
            }
        }
    }

    fn commit(&mut self, row: &Live) {
        let minor = row.unit_total.minor().saturating_mul(i64::from(row.quantity));
        let amount = Money::new(minor, row.unit_total.currency());
        for sum in &mut self.commitment {
            if let Ok(more) = sum.plus(amount) {
                *sum = more;
                return;
            }
        }
        self.commitment.push(amount);
    }

    fn look_at_right(&mut self, row: &Live, clauses: &Clauses<'_>, today: Date) {
        let (units, rule) = (row.units(), clauses.exchange_right.value);
        match rights::on(rule, &units, today) {
            Right::Unlimited => {
                let end = rule.ends_for(&row.resource_type, &row.sku);
                let within = end.is_some_and(|end| end < row.expires_on);
                self.rights.until_the_end += u64::from(within);
            }
            Right::Last(_) => self.rights.last += 1,
            Right::None(Why::Used) => self.rights.used += 1,
            Right::None(Why::BoughtAfter | Why::NothingLeft) => self.rights.none += 1,
        }
        if row.renew && renewal_trap(clauses, &units, today, row.expires_on).is_some() {
            self.traps.add(row, row.expires_on, sooner);
        }
    }
}
