//! A cart with which a partner buys for a customer: its lines, and what may be wrong with each.

use crate::ids::{OrderId, SubscriptionId, TenantId};
use crate::partner::PartnerKind;
use crate::policy::ClauseId;
use crate::purchase::Request;
use crate::reservation::AppliedScope;
use crate::term::{BillingPlan, Term};
use crate::{Refusal, Repair};
use prorata_ledger::Currency;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Units of one line: what a client's 32-bit numbers hold without a sign.
pub const QUANTITY_MAX: u32 = i32::MAX as u32;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $says:literal;)*) => {
        /// What may be wrong with a line, by the provider's numbers.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum CartCode {
            $($(#[$doc])* $name,)*
        }

        impl CartCode {
            pub const ALL: &'static [CartCode] = &[$(CartCode::$name,)*];

            pub fn number(self) -> i32 {
                match self { $(CartCode::$name => $number,)* }
            }

            pub fn name(self) -> &'static str {
                match self { $(CartCode::$name => stringify!($name),)* }
            }

            /// What it means, in one sentence.
            pub fn says(self) -> &'static str {
                match self { $(CartCode::$name => $says,)* }
            }
        }
    };
}

codes! {
    Unknown = 0, "It is not known what is wrong.";
    CurrencyIsNotSupported = 10000, "The customer's account is billed in another currency.";
    CatalogItemIdIsNotValid = 10001, "No such product is sold.";
    /// Never found here: the desk does not know how many cores a subscription may use.
    QuotaNotAvailable = 10002, "The subscription may not use as many cores.";
    InventoryNotAvailable = 10003, "The product is not sold in this region or market, or not any more.";
    ParticipantsIsNotSupportedForPartner = 10004, "Only an indirect provider names a reseller, and one of its own.";
    UnableToProcessCartLineItem = 10006, "The line cannot be bought as things are.";
    SubscriptionIsNotValid = 10007, "The subscription is none of the customer's that the partner sells.";
    SubscriptionIsNotEnabledForRI = 10008, "The subscription is not active.";
    /// Never found here: a cart has a limit of lines, which is told as a bad request.
    SandboxLimitExceeded = 10009, "A sandbox account has bought as much as it may.";
    InvalidInput = 10010, "Something is given that cannot be meant.";
    SubscriptionNotRegistered = 10011, "The subscription has to be registered for reservations first.";
    AttestationNotAccepted = 10012, "The attestation has to be accepted where a reseller is named.";
    MaxAllowedSeatsPerSubscriptionExceeded = 10015, "The quantity is more than can be bought at once.";
    ReservationsDoNotTransfer = 900145, "A subscription that has reservations does not go to another partner; cancel them first.";
}

impl fmt::Display for CartCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What is wrong with a line, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    pub code: CartCode,
    pub message: String,
}

impl Fault {
    pub fn new(code: CartCode, message: impl Into<String>) -> Fault {
        Fault { code, message: message.into() }
    }
}

/// What a reservation of a line covers first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CartScope {
    /// All subscriptions that the partner sells the customer.
    Shared,
    /// The one that pays.
    Single,
}

/// A product: `VirtualMachines:Standard_D2s_v5:westeurope`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    pub resource_type: String,
    pub sku: String,
    /// Nothing for products without a region.
    pub location: Option<String>,
}

impl Product {
    /// Reads a catalog item id; products without a region end with `global` or nothing.
    pub fn parse(text: &str) -> Option<Product> {
        let mut parts = text.split(':');
        let (resource_type, sku) = (parts.next()?.trim(), parts.next()?.trim());
        let location = parts.next().map(str::trim).unwrap_or_default();
        if resource_type.is_empty() || sku.is_empty() || parts.next().is_some() {
            return None;
        }
        let is_global = location.is_empty() || location.eq_ignore_ascii_case("global");
        Some(Product {
            resource_type: resource_type.to_owned(),
            sku: sku.to_owned(),
            location: (!is_global).then(|| location.replace(' ', "").to_ascii_lowercase()),
        })
    }
}

impl fmt::Display for Product {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.location.as_deref().unwrap_or("global");
        write!(f, "{}:{}:{place}", self.resource_type, self.sku)
    }
}

/// What is wanted with one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    pub product: Product,
    pub quantity: u32,
    pub term: Term,
    pub plan: BillingPlan,
    pub currency: Option<Currency>,
    pub name: Option<String>,
    /// The subscription that pays.
    pub subscription: SubscriptionId,
    pub scope: CartScope,
    /// The reseller through whom it is sold.
    pub reseller: Option<TenantId>,
}

impl Wanted {
    /// What is bought with it. Under an Azure plan every reservation is shared when it is bought.
    pub fn request(&self, azure_plan: bool) -> Request {
        Request {
            resource_type: self.product.resource_type.clone(),
            sku: self.product.sku.clone(),
            location: self.product.location.clone(),
            billing_subscription: self.subscription,
            term: self.term,
            plan: self.plan,
            quantity: self.quantity,
            display_name: self.name.clone().unwrap_or_else(|| self.product.sku.clone()),
            applied_scope: match self.scope {
                CartScope::Single if !azure_plan => AppliedScope::Subscription(self.subscription),
                CartScope::Single | CartScope::Shared => AppliedScope::Shared,
            },
            instance_flexibility: None,
            renew: false,
            review_at: None,
        }
    }
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub wanted: Wanted,
    /// What was wrong with it when it was looked at last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
    /// The order it became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
}

impl Line {
    /// A line that nobody has looked at.
    pub fn new(wanted: Wanted) -> Line {
        Line { wanted, fault: None, order: None }
    }
}

/// What the lines of a cart are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lines {
    /// Whether the buyer attests that the reseller named is the partner of record.
    pub attested: bool,
    pub lines: Vec<Line>,
}

impl Lines {
    /// Whether every line has become an order.
    pub fn are_ordered(&self) -> bool {
        !self.lines.is_empty() && self.lines.iter().all(|line| line.order.is_some())
    }
}

/// What a line depends on beside the product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineFacts {
    pub kind: PartnerKind,
    /// The reseller that is recorded for the customer.
    pub reseller: Option<TenantId>,
    pub attested: bool,
    /// Of the subscription; none where it is not one of the customer's that the partner sells.
    pub payer: Option<LinePayer>,
}

/// The subscription that is to pay for a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinePayer {
    pub is_active: bool,
    pub is_registered: bool,
    pub currency: Currency,
}

/// What is wrong with a line before its product is looked at.
pub fn check(wanted: &Wanted, facts: &LineFacts) -> Option<Fault> {
    let Some(payer) = facts.payer else {
        return Some(Fault::new(
            CartCode::SubscriptionIsNotValid,
            format!(
                "subscription `{}` is none of the customer's that you sell; give one of those that \
                 the customer's page lists",
                wanted.subscription
            ),
        ));
    };
    if !payer.is_active {
        return Some(Fault::new(
            CartCode::SubscriptionIsNotEnabledForRI,
            format!("subscription `{}` is not active; give one that is", wanted.subscription),
        ));
    }
    if !payer.is_registered {
        return Some(Fault::new(
            CartCode::SubscriptionNotRegistered,
            format!(
                "subscription `{}` is not registered for reservations; register it first",
                wanted.subscription
            ),
        ));
    }
    if wanted.currency.is_some_and(|currency| currency != payer.currency) {
        return Some(Fault::new(
            CartCode::CurrencyIsNotSupported,
            format!(
                "the account is billed in {}; leave the currency out or give it",
                payer.currency
            ),
        ));
    }
    if wanted.quantity > QUANTITY_MAX {
        return Some(Fault::new(
            CartCode::MaxAllowedSeatsPerSubscriptionExceeded,
            format!("at most {QUANTITY_MAX} units are bought at once; give fewer"),
        ));
    }
    participants(wanted, facts)
}

fn participants(wanted: &Wanted, facts: &LineFacts) -> Option<Fault> {
    let reseller = wanted.reseller?;
    let recorded = facts.kind == PartnerKind::IndirectProvider && facts.reseller == Some(reseller);
    if !recorded {
        return Some(Fault::new(
            CartCode::ParticipantsIsNotSupportedForPartner,
            "only an indirect provider names a reseller, and the one that is recorded for the \
             customer; leave the participants out",
        ));
    }
    (!facts.attested).then(|| {
        Fault::new(
            CartCode::AttestationNotAccepted,
            "a reseller is named: accept the attestation with \
             `partnerOnRecordAttestationAccepted`",
        )
    })
}

/// What is wrong with a line whose purchase was refused.
pub fn of_refusal(refusal: &Refusal) -> Fault {
    let elsewhere = refusal.repairs.iter().any(|repair| matches!(repair, Repair::Choose { .. }));
    let code = match refusal.clause {
        ClauseId::Sellable if elsewhere => CartCode::InventoryNotAvailable,
        ClauseId::Sellable => CartCode::CatalogItemIdIsNotValid,
        ClauseId::LegacySaleStop | ClauseId::ExcludedMarkets => CartCode::InventoryNotAvailable,
        ClauseId::Quantity | ClauseId::Term | ClauseId::BillingPlan => CartCode::InvalidInput,
        ClauseId::AppliedScope => CartCode::SubscriptionIsNotValid,
        _ => CartCode::UnableToProcessCartLineItem,
    };
    let repairs: Vec<String> = refusal.repairs.iter().map(ToString::to_string).collect();
    let message = if repairs.is_empty() {
        refusal.reason.clone()
    } else {
        format!("{}; {}", refusal.reason, repairs.join(", or "))
    };
    Fault { code, message }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn wanted() -> Wanted {
        Wanted {
            product: Product::parse("VirtualMachines:Standard_D2s_v5:West Europe").unwrap(),
            quantity: 1,
            term: Term::P1Y,
            plan: BillingPlan::Upfront,
            currency: None,
            name: None,
            subscription: SubscriptionId(Uuid::from_u128(7)),
            scope: CartScope::Single,
            reseller: None,
        }
    }

    fn facts() -> LineFacts {
        LineFacts {
            kind: PartnerKind::DirectBill,
            reseller: None,
            attested: false,
            payer: Some(LinePayer {
                is_active: true,
                is_registered: true,
                currency: Currency::USD,
            }),
        }
    }

    fn code(wanted: &Wanted, facts: &LineFacts) -> Option<CartCode> {
        check(wanted, facts).map(|fault| fault.code)
    }

    #[test]
    fn each_line_is_looked_at_in_the_order_of_what_is_to_be_mended_first() {
        let reseller = TenantId(Uuid::from_u128(9));
        assert_eq!(code(&wanted(), &facts()), None);
        let nowhere = LineFacts { payer: None, ..facts() };
        assert_eq!(code(&wanted(), &nowhere), Some(CartCode::SubscriptionIsNotValid));
        let payer = |is_active, is_registered| LineFacts {
            payer: Some(LinePayer { is_active, is_registered, currency: Currency::USD }),
            ..facts()
        };
        let disabled = payer(false, true);
        assert_eq!(code(&wanted(), &disabled), Some(CartCode::SubscriptionIsNotEnabledForRI));
        let unknown = payer(true, false);
        assert_eq!(code(&wanted(), &unknown), Some(CartCode::SubscriptionNotRegistered));
        let euros = Wanted { currency: Currency::parse("EUR").ok(), ..wanted() };
        assert_eq!(code(&euros, &facts()), Some(CartCode::CurrencyIsNotSupported));
        let many = Wanted { quantity: u32::MAX, ..wanted() };
        let seats = Some(CartCode::MaxAllowedSeatsPerSubscriptionExceeded);
        assert_eq!(code(&many, &facts()), seats);
        let through = Wanted { reseller: Some(reseller), ..wanted() };
        let direct = Some(CartCode::ParticipantsIsNotSupportedForPartner);
        assert_eq!(code(&through, &facts()), direct);
        let provider =
            LineFacts { kind: PartnerKind::IndirectProvider, reseller: Some(reseller), ..facts() };
        assert_eq!(code(&through, &provider), Some(CartCode::AttestationNotAccepted));
        assert_eq!(code(&through, &LineFacts { attested: true, ..provider }), None);
    }

    #[test]
    fn an_azure_plan_shares_what_is_bought() {
        let single = AppliedScope::Subscription(wanted().subscription);
        assert_eq!(wanted().request(false).applied_scope, single);
        assert_eq!(wanted().request(true).applied_scope, AppliedScope::Shared);
    }

    #[test]
    fn a_product_is_read_as_it_is_written() {
        let product = wanted().product;
        assert_eq!(product.to_string(), "VirtualMachines:Standard_D2s_v5:westeurope");
        assert_eq!(Product::parse(&product.to_string()), Some(product));
        let global = Product::parse("Databricks:pack:global").unwrap();
        assert_eq!(
            (global.location.as_deref(), global.to_string().as_str()),
            (None, "Databricks:pack:global")
        );
        for wrong in ["", "VirtualMachines", "a::b", ":b:c", "a:b:c:d"] {
            assert_eq!(Product::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn codes_are_told_apart_by_number() {
        let mut numbers: Vec<i32> = CartCode::ALL.iter().map(|code| code.number()).collect();
        numbers.dedup();
        assert_eq!(numbers.len(), CartCode::ALL.len());
    }
}
