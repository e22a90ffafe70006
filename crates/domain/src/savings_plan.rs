//! Savings plans as they are held: an amount to be spent each hour of a term on services that a
//! plan of its kind covers, at lower rates, in place of units of one product.
//!
//! A plan can be neither returned, cancelled, exchanged nor turned into a reservation.

pub mod purchase;

use crate::ids::{PrincipalId, SavingsPlanId, SavingsPlanOrderId, SubscriptionId, TenantId};
use crate::policy::PlanKind;
use crate::reservation::AppliedScope;
use crate::term::{BillingPlan, Term, due_date, utc_day};
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_ledger::{Hourly, Money, MoneyError};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What is committed to, and what it costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commitment {
    /// The plan as the price list spells it: `Compute_Savings_Plan`.
    pub sku: String,
    pub kind: PlanKind,
    pub term: Term,
    pub plan: BillingPlan,
    pub hourly: Hourly,
    /// The hourly amount over all hours of the term.
    pub whole_term: Money,
    /// One payment: all of it when paid upfront, else an instalment, cut to the minor unit as
    /// those of reservations are.
    pub payment: Money,
    /// US dollars for one unit of the currency, as quoted at purchase.
    pub usd_rate: Decimal,
}

impl Commitment {
    /// Payments that make up the term.
    pub fn payments(&self) -> i32 {
        self.plan.payments(self.term)
    }

    /// All payments together: what the plan costs.
    ///
    /// # Errors
    /// When the amount does not fit.
    pub fn total(&self) -> Result<Money, MoneyError> {
        self.payment.times(i64::from(self.payments()))
    }
}

/// The commercial envelope of one purchase; it holds one plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    pub id: SavingsPlanOrderId,
    pub tenant: TenantId,
    pub billing_account: String,
    #[serde(default)]
    pub billing_profile: Option<String>,
    /// The customer of a partner's account.
    #[serde(default)]
    pub customer: Option<String>,
    /// The subscription that pays (billing scope).
    pub billing_subscription: SubscriptionId,
    pub buyer: PrincipalId,
    pub display_name: String,
    pub commitment: Commitment,
    pub requested_at: Timestamp,
    /// When the benefit began; payments fall due on its day of the month.
    pub started_at: Timestamp,
    pub expires_on: Date,
    /// Payments that were made so far.
    pub payments_made: i32,
    pub version: i64,
}

impl Order {
    pub fn start_day(&self) -> Date {
        utc_day(self.started_at)
    }

    /// The day on which payment `number` (from 1) falls due.
    pub fn due_day(&self, number: i32) -> Date {
        due_date(self.start_day(), number - 1)
    }
}

/// How a plan came to be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AcquiredBy {
    Purchase,
    /// Bought in an exchange beside reservations.
    Exchange,
    /// Reservations were given up for it alone.
    TradeIn,
    Renewal,
}

impl AcquiredBy {
    pub const ALL: [AcquiredBy; 4] =
        [AcquiredBy::Purchase, AcquiredBy::Exchange, AcquiredBy::TradeIn, AcquiredBy::Renewal];

    pub fn as_str(self) -> &'static str {
        match self {
            AcquiredBy::Purchase => "purchase",
            AcquiredBy::Exchange => "exchange",
            AcquiredBy::TradeIn => "trade-in",
            AcquiredBy::Renewal => "renewal",
        }
    }

    pub fn parse(text: &str) -> Option<AcquiredBy> {
        AcquiredBy::ALL.into_iter().find(|by| by.as_str() == text)
    }
}

/// Where a plan is in its life: it runs to its end, whatever happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Active,
    Expired,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            State::Active => "active",
            State::Expired => "expired",
        }
    }

    pub fn parse(text: &str) -> Option<State> {
        [State::Active, State::Expired].into_iter().find(|state| state.as_str() == text)
    }
}

/// A savings plan: the benefit, under an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavingsPlan {
    pub id: SavingsPlanId,
    pub order: SavingsPlanOrderId,
    pub tenant: TenantId,
    pub display_name: String,
    pub applied_scope: AppliedScope,
    /// Whether another is bought when this one ends.
    pub renew: bool,
    /// What is bought then, where it is to be something else than the same again.
    #[serde(default)]
    pub renewal: Option<purchase::Request>,
    pub state: State,
    pub acquired_by: AcquiredBy,
    pub purchased_at: Timestamp,
    /// When this revision took effect.
    pub effective_at: Timestamp,
    pub updated_at: Timestamp,
    /// The plan that this one followed on.
    #[serde(default)]
    pub renew_source: Option<(SavingsPlanOrderId, SavingsPlanId)>,
    /// The plan that followed on this one.
    #[serde(default)]
    pub renew_destination: Option<(SavingsPlanOrderId, SavingsPlanId)>,
    /// The revision number, from 1.
    pub revision: i64,
}

impl SavingsPlan {
    /// What is bought when the plan ends: what was asked for, else the same again.
    pub fn renewal_request(&self, order: &Order) -> purchase::Request {
        self.renewal.clone().unwrap_or_else(|| purchase::Request {
            sku: order.commitment.sku.clone(),
            billing_subscription: order.billing_subscription,
            term: order.commitment.term,
            plan: order.commitment.plan,
            hourly: order.commitment.hourly,
            display_name: self.display_name.clone(),
            applied_scope: self.applied_scope.clone(),
            renew: self.renew,
        })
    }
}
