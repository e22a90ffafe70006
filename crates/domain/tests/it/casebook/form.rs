//! The form of a case file, with what holds where it says nothing.

use jiff::Timestamp;
use jiff::civil::Date;
use prorata_domain::catalog::{Catalog, product_title};
use prorata_domain::commit_units::CommitUnits;
use prorata_domain::exchange::Twin;
use prorata_domain::ids::{OrderId, ReservationId, SubscriptionId, WaiverId};
use prorata_domain::partner::{Asker, Buying};
use prorata_domain::policy::{Agreement, ClauseId, Payment};
use prorata_domain::proration::unit_payment;
use prorata_domain::reservation::{
    self, AcquiredBy, AppliedScope, BillingAccount, Commitment, ReservationState,
};
use prorata_domain::rights::Carried;
use prorata_domain::savings_plan::purchase as savings_plan;
use prorata_domain::term::{BillingPlan, Term, day_start, due_date};
use prorata_domain::waiver::Waiver;
use prorata_domain::{payment, purchase, term};
use prorata_ledger::{Currency, Hourly, Money};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::str::FromStr;
use uuid::Uuid;

/// The subscription that pays for what is bought.
const PAYER: SubscriptionId = SubscriptionId(Uuid::from_u128(7));

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Approved,
    Refused,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    pub verdict: Verdict,
    /// The clause and the code of the refusal.
    pub clause: Option<String>,
    pub code: Option<String>,
    pub reason: Option<String>,
    /// All repairs, in order, as they are shown.
    #[serde(default)]
    pub repairs: Vec<String>,
    #[serde(default)]
    pub amounts: BTreeMap<String, String>,
    /// Lines that the findings must have, such as `refund-cap: cap = 50000.00 USD`.
    #[serde(default)]
    pub lines: Vec<String>,
    /// All findings in order, where the case is about them.
    #[serde(default)]
    pub findings: Vec<String>,
}

/// Who pays. Without a word: an enrollment that pays beyond its Prepayment, in US dollars.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Account {
    pub id: Option<String>,
    pub agreement: Option<Agreement>,
    pub payment: Option<Payment>,
    pub currency: Option<Currency>,
    pub usd_rate: Option<Decimal>,
    pub profile: Option<String>,
    pub customer: Option<String>,
    pub prepayment_ends: Option<Native<Date>>,
    /// How the means of payment fails; left out while it works.
    pub failing: Option<Failing>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failing {
    failure: reservation::PaymentFailure,
    until: Option<Native<Date>>,
}

impl Failing {
    fn read(&self) -> payment::Failing {
        payment::Failing { failure: self.failure, until: self.until.map(|day| day.0) }
    }
}

impl Account {
    pub fn read(&self) -> BillingAccount {
        BillingAccount {
            id: self.id.clone().unwrap_or_else(|| "1".to_owned()),
            agreement: self.agreement.unwrap_or(Agreement::Ea),
            currency: self.currency.unwrap_or(Currency::USD),
            payment: self.payment.unwrap_or(Payment::Overage),
            usd_rate: self.usd_rate.unwrap_or(Decimal::ONE),
            profile: self.profile.clone(),
            customer: self.customer.clone(),
            prepayment_ends: self.prepayment_ends.map(|day| day.0),
            failing: self.failing.as_ref().map(Failing::read),
        }
    }
}

/// A reservation that is held, and how much of it is to be given up.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// Which reservation it is, where a case has several; else its position.
    pub number: Option<u128>,
    #[serde(default = "virtual_machines")]
    pub resource_type: String,
    #[serde(default = "some_sku")]
    pub sku: String,
    #[serde(default = "some_region")]
    pub location: String,
    pub term: Term,
    pub plan: BillingPlan,
    pub unit_total: Amount,
    /// The price of the same product today; left out where it is not sold any more.
    pub price_today: Option<Amount>,
    pub quantity: u32,
    pub starts_on: Native<Date>,
    /// By the calendar, where left out.
    pub expires_on: Option<Native<Date>>,
    /// The day the benefit began, where left out.
    pub purchased_at: Option<Native<Timestamp>>,
    pub acquired_by: Option<AcquiredBy>,
    /// What an exchange carried over to it.
    pub carried: Option<CarriedOver>,
    #[serde(default)]
    pub renews: bool,
    /// Those that fell due by now, where left out.
    pub payments_made: Option<i32>,
    pub state: Option<ReservationState>,
    /// The account's, where left out.
    pub usd_rate: Option<Decimal>,
    /// Payments that were refused and not made since.
    pub overdue: Option<Overdue>,
    /// Exceptions that were granted for it.
    #[serde(default)]
    pub waivers: Vec<Exception>,
    pub returned: u32,
    /// For whom the request speaks; the holder, where left out.
    #[serde(default)]
    pub asker: Asker,
    /// The number of the subscription that pays, where it is another than that of purchases.
    pub paid_by: Option<u128>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overdue {
    payments: i32,
    amount: Amount,
    since: Native<Date>,
}

impl Overdue {
    fn read(&self) -> payment::Overdue {
        let Overdue { payments, amount, since } = self;
        payment::Overdue { payments: *payments, amount: amount.0, since: since.0 }
    }
}

/// An exception that a ticket granted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    ticket: String,
    clauses: Vec<ClauseId>,
    lapses_on: Native<Date>,
}

impl Exception {
    fn read(&self, number: u128) -> Waiver {
        Waiver {
            id: WaiverId(Uuid::from_u128(number)),
            ticket: self.ticket.clone(),
            clauses: self.clauses.clone(),
            lapses_on: self.lapses_on.0,
        }
    }
}

impl Held {
    /// The premium-storage twin, as the catalog has it.
    pub fn twin(&self) -> Option<Twin> {
        let twin = Catalog::built_in().premium_twin(&self.resource_type, &self.sku)?;
        let paid_by = self.paid_by.map_or(PAYER, |number| SubscriptionId(Uuid::from_u128(number)));
        Some(Twin { sku: twin.sku, has_premium: twin.has_premium, billing_subscription: paid_by })
    }

    pub fn read(
        &self,
        position: u128,
        account: &BillingAccount,
        now: Timestamp,
    ) -> reservation::Held {
        let payments = self.plan.payments(self.term);
        let starts_on = self.starts_on.0;
        let expires_on = self.expires_on.map_or(self.term.end(starts_on), |day| day.0);
        let today = term::utc_day(now);
        let due = (0..payments).filter(|index| due_date(starts_on, *index) <= today).count();
        let number = self.number.unwrap_or(position);
        reservation::Held {
            reservation: ReservationId(uuid::Uuid::from_u128(number)),
            order: OrderId(uuid::Uuid::from_u128(100 + number)),
            commitment: Commitment {
                resource_type: self.resource_type.clone(),
                sku: self.sku.clone(),
                location: self.location.clone(),
                term: self.term,
                plan: self.plan,
                unit_total: self.unit_total.0,
                unit_payment: unit_payment(self.unit_total.0, payments).unwrap(),
                usd_rate: self.usd_rate.unwrap_or(account.usd_rate),
            },
            quantity: self.quantity,
            state: self.state.clone().unwrap_or(ReservationState::Active),
            starts_on,
            expires_on,
            purchased_at: self.purchased_at.map_or_else(|| day_start(starts_on), |at| at.0),
            acquired_by: self.acquired_by.unwrap_or(AcquiredBy::Purchase),
            carried: self
                .carried
                .map(|over| Carried { bought_at: over.bought_at.0, used: over.used }),
            renews: self.renews,
            payments_made: self.payments_made.unwrap_or(i32::try_from(due).unwrap()),
            current_unit_total: self.price_today.map(|amount| amount.0),
            overdue: self.overdue.as_ref().map(Overdue::read),
            waivers: (1..)
                .zip(&self.waivers)
                .map(|(at, one)| one.read(1000 * number + at))
                .collect(),
            account: account.clone(),
            asker: self.asker.clone(),
        }
    }
}

/// The right of the units before it, and how often it was used.
#[derive(Deserialize, Clone, Copy)]
#[serde(deny_unknown_fields)]
pub struct CarriedOver {
    bought_at: Native<Timestamp>,
    used: u32,
}

/// What is bought, and how it is offered.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Buy {
    #[serde(default = "virtual_machines")]
    pub resource_type: String,
    #[serde(default = "some_sku")]
    pub sku: String,
    #[serde(default = "some_region")]
    pub location: String,
    pub term: Term,
    pub plan: BillingPlan,
    pub quantity: u32,
    /// The price of a unit for the term; left out where it has none.
    pub unit_total: Option<Amount>,
    /// The catalog's, where left out.
    pub terms: Option<Vec<Term>>,
    pub plans: Option<Vec<BillingPlan>>,
    #[serde(default = "yes")]
    pub sold: bool,
    /// The price of the list and the rate it was converted at, where its currency is another.
    pub converted_from: Option<Converted>,
    #[serde(default)]
    pub sold_in: Vec<String>,
    pub scope_fault: Option<String>,
    #[serde(default)]
    pub renew: bool,
    /// Later versions of the size that are sold.
    #[serde(default)]
    pub newer: Vec<String>,
    /// What one unit of a pre-purchase plan holds.
    pub commit_units: Option<CommitUnits>,
    /// Since when no reservation of the type is sold.
    pub type_stopped: Option<Native<Date>>,
    /// What allows the buyer to buy, where that is somebody of a partner's customer.
    pub customer: Option<Buying>,
}

impl Buy {
    pub fn request(&self) -> purchase::Request {
        purchase::Request {
            resource_type: self.resource_type.clone(),
            sku: self.sku.clone(),
            location: Some(self.location.clone()),
            billing_subscription: PAYER,
            term: self.term,
            plan: self.plan,
            quantity: self.quantity,
            display_name: "case".to_owned(),
            applied_scope: AppliedScope::Shared,
            instance_flexibility: None,
            renew: self.renew,
            review_at: None,
        }
    }

    pub fn facts(&self, account: &BillingAccount, now: Timestamp) -> purchase::Facts {
        purchase::Facts {
            account: account.clone(),
            offer: self.sold.then(|| self.offer(term::utc_day(now))),
            sold_in: self.sold_in.clone(),
            type_stopped: self.type_stopped.map(|day| day.0),
            scope_fault: self.scope_fault.clone(),
            customer: self.customer.clone(),
        }
    }

    fn offer(&self, today: Date) -> purchase::Offer {
        let catalog = Catalog::built_in();
        let kind = catalog.resource_type(&self.resource_type).expect("a known resource type");
        let region = catalog.region_title(&self.location);
        purchase::Offer {
            resource_type: kind.name.clone(),
            sku: self.sku.clone(),
            location: self.location.clone(),
            title: product_title(kind, &self.sku, region, self.term),
            terms: self.terms.clone().unwrap_or_else(|| kind.on(today).terms.clone()),
            plans: self.plans.clone().unwrap_or_else(|| kind.on(today).billing_plans.clone()),
            series: kind.series_of(&self.sku),
            newer: self.newer.clone(),
            commit_units: self.commit_units,
            unit_total: self.unit_total.map(|amount| amount.0),
            converted_from: self.converted_from.as_ref().map(|from| (from.price.0, from.rate)),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Converted {
    pub price: Amount,
    pub rate: Decimal,
}

/// A savings plan that is bought, at so much an hour: `15.23 USD`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commit {
    #[serde(default = "compute_plan")]
    pub sku: String,
    pub term: Term,
    #[serde(default = "monthly")]
    pub plan: BillingPlan,
    pub hourly: String,
    pub scope_fault: Option<String>,
}

impl Commit {
    pub fn request(&self) -> savings_plan::Request {
        let (amount, currency) = self.hourly.split_once(' ').expect("an amount and a currency");
        let currency = Currency::parse(currency).expect("a currency");
        savings_plan::Request {
            sku: self.sku.clone(),
            billing_subscription: PAYER,
            term: self.term,
            plan: self.plan,
            hourly: Hourly::from_decimal(amount.parse().unwrap(), currency).unwrap(),
            display_name: "case".to_owned(),
            applied_scope: AppliedScope::Shared,
            renew: false,
        }
    }

    pub fn facts(&self, account: &BillingAccount) -> savings_plan::Facts {
        savings_plan::Facts { account: account.clone(), scope_fault: self.scope_fault.clone() }
    }
}

/// An amount of money written as `12.34 USD`.
#[derive(Clone, Copy)]
pub struct Amount(pub Money);

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let read = || {
            let (amount, currency) = text.split_once(' ')?;
            let currency = Currency::parse(currency).ok()?;
            Money::from_decimal(Decimal::from_str_exact(amount).ok()?, currency).ok()
        };
        let wanted = || serde::de::Error::custom(format!("`{text}` is not an amount of money"));
        read().map(Amount).ok_or_else(wanted)
    }
}

/// A date or an instant in TOML's own notation.
#[derive(Clone, Copy)]
pub struct Native<T>(pub T);

impl<'de, T: FromStr<Err: std::fmt::Display>> Deserialize<'de> for Native<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = toml::value::Datetime::deserialize(from)?.to_string();
        text.parse().map(Native).map_err(serde::de::Error::custom)
    }
}

fn virtual_machines() -> String {
    "VirtualMachines".to_owned()
}

fn compute_plan() -> String {
    "Compute_Savings_Plan".to_owned()
}

fn monthly() -> BillingPlan {
    BillingPlan::Monthly
}

fn some_sku() -> String {
    "Standard_D2s_v5".to_owned()
}

fn some_region() -> String {
    "westeurope".to_owned()
}

fn yes() -> bool {
    true
}
