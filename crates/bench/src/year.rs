//! A year of many customers of all kinds of agreement: they buy month by month or upfront, return
//! some of it, cannot pay for a while, and have renewed what ends. The same seed is the same year.

use crate::Trouble;
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp, ToSpan};
use prorata_app::clock::{self, Clock};
use prorata_app::world::{AccountRow, Document, PriceDocument, SubscriptionRow, TenantRow};
use prorata_app::{App, Call, Caller, Error, purchase, refund, worker, world};
use prorata_domain::access::Scope;
use prorata_domain::ids::{
    AssignmentId, OrderId, PrincipalId, ReservationId, SubscriptionId, TenantId,
};
use prorata_domain::policy::Book;
use prorata_domain::principal::PrincipalKind;
use prorata_domain::purchase::Request;
use prorata_domain::reservation::AppliedScope;
use prorata_domain::term::{BillingPlan, Term, day_start};
use prorata_store::{Store, Tx, audit, journal, notifications, operations, world as rows};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use uuid::Uuid;

const BEGINS: Date = date(2024, 1, 1);
/// Purchases fall on these first days, of which the last is 29 February.
const DAYS_OF_BUYING: u64 = 60;
const PAYMENTS_FAIL: Date = date(2024, 5, 10);
const SOME_RETURN: Date = date(2024, 6, 15);
const PAYMENTS_MENDED: Date = date(2024, 10, 5);
/// Renewals that were locked before and end later are refused.
const PRICE_RISES: Date = date(2025, 1, 20);
const ENDS: Date = date(2025, 3, 15);

const SKUS: [(&str, i64); 2] = [("Standard_B2ats_v2", 49), ("Standard_B2s_v2", 430)];
const RISEN: i64 = 460;

/// How the clock is moved between the days on which something is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// At once.
    Leap,
    /// Midnight by midnight.
    Daily,
}

/// A year that was lived.
pub struct Lived {
    pub app: App,
    /// Jobs that the clock ran.
    pub jobs: u64,
    tenants: Vec<TenantId>,
}

#[derive(Debug, Clone, Copy)]
enum Event {
    Buy,
    Fail,
    GiveBack,
    Mend,
}

/// Lives a year with a seed over a store.
///
/// # Errors
/// Those of the desk.
pub fn live(store: Store, seed: u64, customers: usize, pace: Pace) -> Result<Lived, Trouble> {
    let begins = day_start(BEGINS);
    let store = store.with_seed(seed, 0);
    let app = App::open(store, Book::built_in().clone(), Clock::sandbox(begins))?;
    clock::set(&app, begins)?;
    let people: Vec<Customer> = (0..customers).map(|at| Customer::numbered(seed, at)).collect();
    settle(&app, &people)?;

    let mut events: Vec<(Timestamp, usize, Option<Event>)> = Vec::new();
    for (at, customer) in people.iter().enumerate() {
        let days = customer.events();
        events.extend(days.into_iter().map(|(when, event)| (when, at, Some(event))));
    }
    if pace == Pace::Daily {
        let midnights = BEGINS.series(1.day()).take_while(|day| *day < ENDS);
        events.extend(midnights.map(|day| (day_start(day), 0, None)));
    }
    events.push((day_start(ENDS), 0, None));
    events.sort_by_key(|(when, at, _)| (*when, *at));

    let mut jobs = 0;
    let mut held: BTreeMap<usize, (OrderId, ReservationId)> = BTreeMap::new();
    for (when, at, event) in events {
        jobs += worker::run_due(&app, when)?;
        clock::set(&app, when)?;
        let customer = &people[at];
        match event {
            None => {}
            Some(Event::Buy) => drop(held.insert(at, buy(&app, customer, when)?)),
            Some(Event::GiveBack) => give_back(&app, customer, held[&at], when)?,
            Some(Event::Fail) => pays(&app, customer, Some("soft-error"))?,
            Some(Event::Mend) => pays(&app, customer, None)?,
        }
    }
    Ok(Lived { app, jobs, tenants: people.iter().map(|customer| customer.tenant).collect() })
}

impl Lived {
    /// Everything that was recorded, as text: the journal, the operations, the audit lines and what
    /// was told.
    ///
    /// # Errors
    /// Those of the database.
    pub fn record(&self) -> Result<String, Trouble> {
        let tenants = self.tenants.clone();
        Ok(self.app.read(move |tx, _| {
            let mut text = String::new();
            let mut after = None;
            loop {
                let page = journal::page(tx, after, 500)?;
                let Some(last) = page.last() else { break };
                after = Some((last.operation, last.id));
                text.push_str(&format!("{page:?}"));
            }
            let mut after: Option<operations::Operation> = None;
            loop {
                let mut page = operations::page(tx, after.as_ref(), 500)?;
                text.push_str(&format!("{page:?}"));
                let Some(last) = page.pop() else { break };
                after = Some(last);
            }
            for tenant in tenants {
                let lines = audit::page(tx, tenant, None, 10_000)?;
                let told = notifications::of_tenant(tx, tenant, None, 10_000)?;
                text.push_str(&format!("{lines:?}{told:?}"));
            }
            Ok(text)
        })?)
    }

    /// How many of each kind there are among what was told.
    ///
    /// # Errors
    /// Those of the database.
    #[cfg(test)]
    pub fn told(&self) -> Result<BTreeMap<String, usize>, Trouble> {
        let tenants = self.tenants.clone();
        Ok(self.app.read(move |tx, _| {
            let mut kinds = BTreeMap::new();
            for tenant in tenants {
                for row in notifications::of_tenant(tx, tenant, None, 10_000)? {
                    *kinds.entry(row.kind).or_default() += 1;
                }
            }
            Ok(kinds)
        })?)
    }
}

struct Customer {
    number: usize,
    tenant: TenantId,
    subscription: SubscriptionId,
    principal: PrincipalId,
    /// What the seed makes of the number.
    chance: u64,
}

impl Customer {
    fn numbered(seed: u64, number: usize) -> Customer {
        let id =
            |kind: u128| Uuid::from_u128((kind << 64) + 0x8000_0000_0000_0000 + number as u128);
        Customer {
            number,
            tenant: TenantId(id(0x7ea0_0000_0000_4000)),
            subscription: SubscriptionId(id(0x7ea0_0001_0000_4000)),
            principal: PrincipalId(id(0x7ea0_0002_0000_4000)),
            chance: mixed(seed ^ mixed(number as u64)),
        }
    }

    /// A number below `below`, each `which` another.
    fn draw(&self, which: u64, below: u64) -> u64 {
        mixed(self.chance ^ mixed(which)) % below
    }

    fn at(&self, day: Date, which: u64) -> Timestamp {
        // Never at midnight, when jobs are due.
        let seconds = i64::try_from(self.draw(which, 86_000)).unwrap_or(0) + 1;
        day_start(day) + SignedDuration::from_secs(seconds)
    }

    fn events(&self) -> Vec<(Timestamp, Event)> {
        let day =
            BEGINS.saturating_add(i64::try_from(self.draw(1, DAYS_OF_BUYING)).unwrap_or(0).days());
        let mut events = vec![(self.at(day, 2), Event::Buy)];
        if self.number.is_multiple_of(7) {
            events.push((self.at(PAYMENTS_FAIL, 3), Event::Fail));
            events.push((self.at(PAYMENTS_MENDED, 4), Event::Mend));
        } else if self.number.is_multiple_of(5) {
            events.push((self.at(SOME_RETURN, 5), Event::GiveBack));
        }
        events
    }

    fn account(&self, state: Option<&str>) -> AccountRow {
        let kinds = [
            ("ea", "prepayment"),
            ("mca", "card"),
            ("csp", "invoice"),
            ("payg", "card"),
            ("ea", "overage"),
            ("mca", "wire"),
            ("payg", "invoice"),
        ];
        let (agreement, payment) = kinds[self.number % kinds.len()];
        let (currency, rate) = [("USD", "1"), ("EUR", "1.08"), ("JPY", "0.0067")][self.number % 3];
        AccountRow {
            id: format!("account-{:06}", self.number),
            agreement: agreement.to_owned(),
            currency: currency.to_owned(),
            payment: payment.to_owned(),
            usd_rate: Decimal::from_str_exact(rate).unwrap_or(Decimal::ONE),
            profile: (agreement == "mca").then(|| format!("profile-{}", self.number)),
            customer: (agreement == "csp").then(|| format!("customer-{}", self.number)),
            prepayment_ends: None,
            payment_state: state.map(str::to_owned),
            payment_state_until: None,
        }
    }

    fn call(&self, now: Timestamp) -> Call {
        let caller = Caller::new(
            self.tenant,
            self.principal,
            self.principal.to_string(),
            format!("customer {}", self.number),
        );
        Call::new(caller, now, Uuid::nil())
    }

    fn wish(&self) -> Request {
        let (sku, _) = SKUS[self.number % SKUS.len()];
        Request {
            resource_type: "VirtualMachines".to_owned(),
            sku: sku.to_owned(),
            location: Some("westeurope".to_owned()),
            billing_subscription: self.subscription,
            term: Term::P1Y,
            plan: if self.draw(6, 3) > 0 { BillingPlan::Monthly } else { BillingPlan::Upfront },
            quantity: u32::try_from(self.draw(7, 9)).unwrap_or(0) + 1,
            display_name: format!("machines of {}", self.number),
            applied_scope: AppliedScope::Shared,
            instance_flexibility: None,
            renew: self.draw(8, 3) > 0,
            review_at: None,
        }
    }
}

fn settle(app: &App, people: &[Customer]) -> Result<(), Trouble> {
    let mut document = Document::default();
    for customer in people {
        let account = customer.account(None);
        let name = format!("customer {}", customer.number);
        document.tenants.push(TenantRow { id: customer.tenant, name: name.clone() });
        document.subscriptions.push(SubscriptionRow {
            id: customer.subscription,
            tenant_id: customer.tenant,
            billing_account: account.id.clone(),
            name,
            state: Default::default(),
            management_group: None,
        });
        document.billing_accounts.push(account);
    }
    let prices = SKUS.map(|(sku, dollars)| (sku, dollars, BEGINS));
    for (sku, dollars, since) in prices.into_iter().chain([(SKUS[1].0, RISEN, PRICE_RISES)]) {
        document.prices.push(PriceDocument {
            resource_type: "VirtualMachines".to_owned(),
            sku: sku.to_owned(),
            location: "westeurope".to_owned(),
            term: "P1Y".to_owned(),
            billing_plan: None,
            currency: "USD".to_owned(),
            unit_total: Decimal::from(dollars),
            commit_units: None,
            since,
        });
    }
    world::apply(app, document)?;
    // Without secrets: hashing a thousand of them would take longer than the year.
    let named: Vec<_> =
        people.iter().map(|one| (one.tenant, one.subscription, one.principal)).collect();
    Ok(app.write(move |tx, _| named.iter().try_for_each(|one| put_principal(tx, *one)))?)
}

fn put_principal(
    tx: &mut Tx<'_>,
    (tenant, subscription, id): (TenantId, SubscriptionId, PrincipalId),
) -> Result<(), Error> {
    let client_id = id.to_string();
    let name = "buyer".to_owned();
    let secret_hash = "none".to_owned();
    let kind = PrincipalKind::ServicePrincipal;
    rows::put_principal(
        tx,
        &rows::Principal { tenant, id, client_id, name, secret_hash, kind, home: None },
    )?;
    rows::put_assignment(
        tx,
        &rows::RoleAssignment {
            id: AssignmentId(id.0),
            tenant,
            principal: id,
            role: "Owner".to_owned(),
            scope: Scope::subscription(subscription).as_str().to_owned(),
        },
    )?;
    Ok(())
}

fn buy(
    app: &App,
    customer: &Customer,
    now: Timestamp,
) -> Result<(OrderId, ReservationId), Trouble> {
    let (call, request) = (customer.call(now), customer.wish());
    let placed = app.write(move |tx, app| {
        let quoted = purchase::quote(tx, app, &call, &request)?;
        purchase::buy(tx, app, &call, quoted.order, &request)
    })?;
    Ok((placed.order.id, placed.reservations[0].id))
}

fn give_back(
    app: &App,
    customer: &Customer,
    (order, reservation): (OrderId, ReservationId),
    now: Timestamp,
) -> Result<(), Trouble> {
    let call = customer.call(now);
    app.write(move |tx, app| {
        let quantity = 1;
        let quoted = refund::quote(tx, app, &call, &refund::Ask { order, reservation, quantity })?;
        let reason = "not needed".to_owned();
        let deed = refund::Deed { order, session: quoted.session, reservation, quantity, reason };
        refund::give_back(tx, app, &call, &deed).map(drop)
    })?;
    Ok(())
}

fn pays(app: &App, customer: &Customer, state: Option<&str>) -> Result<(), Trouble> {
    let billing_accounts = vec![customer.account(state)];
    world::apply(app, Document { billing_accounts, ..Document::default() })?;
    Ok(())
}

/// A number that looks like chance (the finalizer of `SplitMix64`).
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::{Lived, Pace, live};
    use prorata_store::Store;

    const CUSTOMERS: usize = 42;

    fn year(seed: u64, pace: Pace) -> Lived {
        live(Store::memory().unwrap(), seed, CUSTOMERS, pace).unwrap()
    }

    #[test]
    fn the_same_seed_is_the_same_year_however_the_clock_is_moved() {
        let first = year(7, Pace::Leap);
        let record = first.record().unwrap();
        assert!(record == year(7, Pace::Leap).record().unwrap(), "the same again");
        let daily = year(7, Pace::Daily);
        assert!(record == daily.record().unwrap(), "midnight by midnight");
        assert_eq!(first.jobs, daily.jobs);
        assert!(record != year(8, Pace::Leap).record().unwrap(), "another seed");
        assert_eq!(prorata_app::verify::run(&first.app).unwrap().broken, None);
    }

    #[test]
    fn everything_happens_in_a_year() {
        let lived = year(7, Pace::Leap);
        let told = lived.told().unwrap();
        for kind in [
            "purchase",
            "refund",
            "payment-failed",
            "expiring",
            "expired",
            "renewed",
            "not-renewed",
        ] {
            assert!(told.get(kind).is_some_and(|count| *count > 1), "{kind} in {told:?}");
        }
        let report = prorata_app::verify::run(&lived.app).unwrap();
        assert_eq!((report.broken, report.parked_jobs), (None, 0));
    }
}
