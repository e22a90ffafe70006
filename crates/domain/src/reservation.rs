//! Orders and reservations as they are held: what they are, what was paid, what state they are in.

use crate::commit_units::CommitUnits;
use crate::ids::{OrderId, PrincipalId, ReservationId, SubscriptionId, TenantId};
use crate::payment;
use crate::policy::{Agreement, Payment};
use crate::purchase;
use crate::rights::Carried;
use crate::term::{BillingPlan, Term, due_date, utc_day};
use crate::waiver::Waiver;
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_ledger::{Currency, Money};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Who pays, under which agreement, in which currency and by which means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingAccount {
    pub id: String,
    pub agreement: Agreement,
    pub currency: Currency,
    pub payment: Payment,
    /// US dollars for one whole unit of `currency`; kept with each quote and purchase.
    pub usd_rate: Decimal,
    /// The billing profile of an MCA account.
    #[serde(default)]
    pub profile: Option<String>,
    /// The customer of a partner's (CSP) account.
    #[serde(default)]
    pub customer: Option<String>,
    /// The first day after the Prepayment term that running reservations were bought under (EA).
    #[serde(default)]
    pub prepayment_ends: Option<Date>,
    /// How its means of payment fails; nothing while that works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing: Option<payment::Failing>,
}

impl BillingAccount {
    /// How the means of payment fails on a day, where it does.
    pub fn failing_on(&self, day: Date) -> Option<payment::Failing> {
        self.failing.filter(|failing| failing.until.is_none_or(|until| day < until))
    }
}

/// Where the benefit of a reservation is applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AppliedScope {
    Shared,
    Subscription(SubscriptionId),
    ResourceGroup { subscription: SubscriptionId, name: String },
    ManagementGroup { tenant: TenantId, id: String },
}

impl AppliedScope {
    /// Whether it is the same place; names of resource groups and ids of management groups have
    /// no letter case.
    pub fn is_same(&self, other: &AppliedScope) -> bool {
        match (self, other) {
            (
                AppliedScope::ResourceGroup { subscription, name },
                AppliedScope::ResourceGroup { subscription: others, name: other },
            ) => subscription == others && name.eq_ignore_ascii_case(other),
            (
                AppliedScope::ManagementGroup { tenant, id },
                AppliedScope::ManagementGroup { tenant: others, id: other },
            ) => tenant == others && id.eq_ignore_ascii_case(other),
            _ => self == other,
        }
    }
}

impl fmt::Display for AppliedScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AppliedScope::Shared => f.write_str("shared"),
            AppliedScope::Subscription(id) => write!(f, "subscription {id}"),
            AppliedScope::ResourceGroup { subscription, name } => {
                write!(f, "resource group {name} of subscription {subscription}")
            }
            AppliedScope::ManagementGroup { tenant, id } => {
                write!(f, "management group {id} of tenant {tenant}")
            }
        }
    }
}

/// What is reserved: the product and the price that was agreed for one unit of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commitment {
    pub resource_type: String,
    /// The SKU as the catalog spells it.
    pub sku: String,
    /// The region's ARM name; `global` for products without one.
    pub location: String,
    pub term: Term,
    pub plan: BillingPlan,
    /// The price of one unit for the whole term at purchase: the amount of record.
    pub unit_total: Money,
    /// One payment for one unit: the unit total when paid upfront, else an instalment.
    pub unit_payment: Money,
    /// US dollars for one unit of the currency, as quoted at purchase.
    pub usd_rate: Decimal,
}

impl Commitment {
    /// Payments that make up the term.
    pub fn payments(&self) -> i32 {
        self.plan.payments(self.term)
    }
}

/// The commercial envelope of one purchase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    pub id: OrderId,
    pub tenant: TenantId,
    pub billing_account: String,
    #[serde(default)]
    pub billing_profile: Option<String>,
    /// The subscription that pays (billing scope).
    pub billing_subscription: SubscriptionId,
    pub buyer: PrincipalId,
    pub display_name: String,
    pub commitment: Commitment,
    /// What one unit of a pre-purchase plan holds; nothing for what is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit_units: Option<CommitUnits>,
    pub original_quantity: u32,
    pub requested_at: Timestamp,
    /// When the benefit began; payments fall due on its day of the month.
    pub started_at: Timestamp,
    pub expires_on: Date,
    /// Payments that were made so far.
    pub payments_made: i32,
    pub renew: bool,
    pub review_at: Option<Timestamp>,
    pub version: i64,
}

impl Order {
    pub fn start_day(&self) -> Date {
        utc_day(self.started_at)
    }

    /// What was agreed for one of its reservations: a swap changes the SKU and nothing else.
    pub fn commitment_of(&self, reservation: &Reservation) -> Commitment {
        Commitment { sku: reservation.sku.clone(), ..self.commitment.clone() }
    }

    /// The day on which payment `number` (from 1) falls due.
    pub fn due_day(&self, number: i32) -> Date {
        due_date(self.start_day(), number - 1)
    }
}

/// How units came to be held; split, merge and partial return keep the parent's purchase date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AcquiredBy {
    Purchase,
    Exchange,
    Renewal,
    Split,
    Merge,
    PartialReturn,
    /// As the premium-storage twin of another size, with all that was agreed for that.
    Swap,
}

/// Where a reservation is in its life; an ended one says what it became.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReservationState {
    Active,
    /// Given back for money; what was kept lives on in `rest`.
    Returned {
        rest: Option<ReservationId>,
    },
    /// Given up in an exchange; what was kept lives on in `rest`.
    Exchanged {
        rest: Option<ReservationId>,
    },
    Split {
        into: Vec<ReservationId>,
    },
    Merged {
        into: ReservationId,
    },
    /// Gone on as its premium-storage twin; what was kept of it lives on in `rest`.
    Swapped {
        into: ReservationId,
        rest: Option<ReservationId>,
    },
    Expired,
    /// Expired, and bought anew: `into` under `order` goes on in its place.
    Renewed {
        order: OrderId,
        into: ReservationId,
    },
    /// Expired; it was to be renewed, and that was refused.
    NotRenewed,
    /// A pre-purchase plan of which nothing is left.
    Drained,
    /// Never begun: its first payment was refused.
    BillingFailed {
        failure: PaymentFailure,
    },
}

impl ReservationState {
    pub fn name(&self) -> &'static str {
        match self {
            ReservationState::Active => "active",
            ReservationState::Returned { .. } => "returned",
            ReservationState::Exchanged { .. } => "exchanged",
            ReservationState::Split { .. } => "split",
            ReservationState::Merged { .. } => "merged",
            ReservationState::Swapped { .. } => "swapped",
            ReservationState::Expired => "expired",
            ReservationState::Renewed { .. } => "renewed",
            ReservationState::NotRenewed => "not-renewed",
            ReservationState::Drained => "drained",
            ReservationState::BillingFailed { .. } => "billing-failed",
        }
    }

    pub fn is_active(&self) -> bool {
        matches!(self, ReservationState::Active)
    }

    /// Whether it never began.
    pub fn has_failed(&self) -> bool {
        matches!(self, ReservationState::BillingFailed { .. })
    }

    /// Whether it lived to the end of its term, renewed or not.
    pub fn has_expired(&self) -> bool {
        matches!(
            self,
            ReservationState::Expired
                | ReservationState::Renewed { .. }
                | ReservationState::NotRenewed
        )
    }

    /// Whether it was given up or cut off, or never came about: nothing of it is held.
    pub fn is_ended(&self) -> bool {
        !self.is_active()
    }

    /// The reservations of the same order in which its units live on.
    pub fn became(&self) -> Vec<ReservationId> {
        match self {
            ReservationState::Active
            | ReservationState::Expired
            | ReservationState::Renewed { .. }
            | ReservationState::NotRenewed
            | ReservationState::Drained
            | ReservationState::BillingFailed { .. } => Vec::new(),
            ReservationState::Returned { rest } | ReservationState::Exchanged { rest } => {
                rest.iter().copied().collect()
            }
            ReservationState::Split { into } => into.clone(),
            ReservationState::Merged { into } => vec![*into],
            ReservationState::Swapped { into, rest } => {
                std::iter::once(*into).chain(*rest).collect()
            }
        }
    }
}

/// How a means of payment fails: for now, or for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaymentFailure {
    SoftError,
    HardError,
}

impl PaymentFailure {
    pub const ALL: [PaymentFailure; 2] = [PaymentFailure::SoftError, PaymentFailure::HardError];

    pub fn as_str(self) -> &'static str {
        match self {
            PaymentFailure::SoftError => "soft-error",
            PaymentFailure::HardError => "hard-error",
        }
    }

    pub fn parse(text: &str) -> Option<PaymentFailure> {
        PaymentFailure::ALL.into_iter().find(|failure| failure.as_str() == text)
    }

    /// The protocol's code of a charge that was refused so.
    pub fn code(self) -> &'static str {
        match self {
            PaymentFailure::SoftError => "BillingPaymentInstrumentSoftError",
            PaymentFailure::HardError => "BillingPaymentInstrumentHardError",
        }
    }
}

/// Why nothing can benefit from a reservation: its scope is not what it was when it was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoBenefit {
    /// The subscription of its scope was deleted.
    SubscriptionDeleted,
    /// Another account pays for the subscription of its scope now.
    SubscriptionMoved,
    ResourceGroupMissing,
    ManagementGroupMissing,
}

impl NoBenefit {
    pub const ALL: [NoBenefit; 4] = [
        NoBenefit::SubscriptionDeleted,
        NoBenefit::SubscriptionMoved,
        NoBenefit::ResourceGroupMissing,
        NoBenefit::ManagementGroupMissing,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            NoBenefit::SubscriptionDeleted => "subscription-deleted",
            NoBenefit::SubscriptionMoved => "subscription-moved",
            NoBenefit::ResourceGroupMissing => "resource-group-missing",
            NoBenefit::ManagementGroupMissing => "management-group-missing",
        }
    }

    pub fn parse(text: &str) -> Option<NoBenefit> {
        NoBenefit::ALL.into_iter().find(|reason| reason.as_str() == text)
    }
}

/// A reservation: the benefit, held in a quantity, under an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    pub id: ReservationId,
    pub order: OrderId,
    pub tenant: TenantId,
    pub display_name: String,
    /// What it covers: the SKU that was bought, or the twin that it was swapped with since.
    /// Revisions older than swaps do not have it.
    #[serde(default)]
    pub sku: String,
    pub quantity: u32,
    pub applied_scope: AppliedScope,
    pub instance_flexibility: bool,
    pub renew: bool,
    pub archived: bool,
    pub state: ReservationState,
    pub acquired_by: AcquiredBy,
    /// When its units were bought, whatever was rearranged since: exchange rights hang on it.
    pub purchased_at: Timestamp,
    /// What is left of a right that an exchange carried over; nothing for units whose own purchase
    /// says what right they have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried: Option<Carried>,
    /// When this revision took effect.
    pub effective_at: Timestamp,
    pub updated_at: Timestamp,
    /// Where it came from, when it is what was kept of another, or a part of it.
    #[serde(default)]
    pub source: Option<ReservationId>,
    /// What it was merged from, in the order in which they were named; else nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged_from: Vec<ReservationId>,
    /// When its hybrid benefit is to be looked at again, where that was changed since the purchase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_at: Option<Timestamp>,
    /// What to buy at renewal, where that is not the same again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renew_as: Option<Box<purchase::Request>>,
    /// Why nothing benefits from it at the moment, where that is so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_benefit: Option<NoBenefit>,
    /// The revision number, from 1; doubles as the etag.
    pub revision: i64,
}

/// What a decision needs to know of a reservation somebody wants to give up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub reservation: ReservationId,
    pub order: OrderId,
    pub commitment: Commitment,
    pub quantity: u32,
    pub state: ReservationState,
    /// The first UTC day of the benefit.
    pub starts_on: Date,
    /// The first UTC day without it.
    pub expires_on: Date,
    pub purchased_at: Timestamp,
    pub acquired_by: AcquiredBy,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried: Option<Carried>,
    /// Whether it is to be renewed when its term ends.
    #[serde(default)]
    pub renews: bool,
    pub payments_made: i32,
    /// Today's price of one unit of the same product, where it is still sold.
    pub current_unit_total: Option<Money>,
    /// What was to be paid for its order by now and was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overdue: Option<payment::Overdue>,
    /// Exceptions that were granted for it and are not used, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waivers: Vec<Waiver>,
    pub account: BillingAccount,
    /// For whom the request speaks.
    #[serde(default, skip_serializing_if = "crate::partner::Asker::is_holder")]
    pub asker: crate::partner::Asker,
}

impl Held {
    /// Puts together what the order and the reservation say.
    pub fn new(
        order: &Order,
        reservation: &Reservation,
        account: BillingAccount,
        current_unit_total: Option<Money>,
    ) -> Held {
        Held {
            reservation: reservation.id,
            order: order.id,
            commitment: order.commitment_of(reservation),
            quantity: reservation.quantity,
            state: reservation.state.clone(),
            starts_on: order.start_day(),
            expires_on: order.expires_on,
            purchased_at: reservation.purchased_at,
            acquired_by: reservation.acquired_by,
            carried: reservation.carried,
            renews: reservation.renew,
            payments_made: order.payments_made,
            current_unit_total,
            overdue: None,
            waivers: Vec::new(),
            account,
            asker: crate::partner::Asker::Holder,
        }
    }
}
