//! Refusals as the API shows them: a code, and a message that says why and what would help.

use prorata_domain::policy::{Book, ClauseId};
use prorata_domain::{Decision, Finding, Outcome, Refusal};
use serde_json::{Value, json};

/// The reason and each repair, one sentence each.
pub fn message(refusal: &Refusal) -> String {
    let mut message = sentence(&refusal.reason);
    for (index, repair) in refusal.repairs.iter().enumerate() {
        let lead = if index == 0 { "" } else { "or " };
        message.push(' ');
        message.push_str(&sentence(&format!("{lead}{repair}")));
    }
    message
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let mut sentence: String =
        chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default();
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

/// Whether a quote answers this refusal as a success with `policyErrors`; others are about the
/// request itself and are errors at once.
pub fn is_policy(clause: ClauseId) -> bool {
    match clause {
        ClauseId::ResellerRelationship
        | ClauseId::PartnerKind
        | ClauseId::PartnerRole
        | ClauseId::GuestAccount
        | ClauseId::ExplicitAccess
        | ClauseId::ExcludedMarkets
        | ClauseId::CartLife
        | ClauseId::CustomerPurchase
        | ClauseId::OverduePayments
        | ClauseId::RenewalDefault
        | ClauseId::RenewalLock
        | ClauseId::PaymentRetry
        | ClauseId::Expiring
        | ClauseId::LegacySaleStop
        | ClauseId::SelfService
        | ClauseId::NotRefundable
        | ClauseId::NotRearranged
        | ClauseId::NotExchangeable
        | ClauseId::ExchangeGroups
        | ClauseId::ExchangeRight
        | ClauseId::PremiumStorageSwap
        | ClauseId::RenewalRight
        | ClauseId::CommitUnit
        | ClauseId::UsagePeriod
        | ClauseId::CommitUnitsLeft
        | ClauseId::TradeInLimit
        | ClauseId::TradeInTypes
        | ClauseId::YoungReturn
        | ClauseId::LowestPrice
        | ClauseId::Proration
        | ClauseId::ReturnFee
        | ClauseId::TradeInFee
        | ClauseId::ExchangeFloor
        | ClauseId::TradeInFloor
        | ClauseId::RefundCapScope
        | ClauseId::RefundCapCounts
        | ClauseId::RefundCap
        | ClauseId::RefundSettlement => true,
        ClauseId::Session
        | ClauseId::QuoteLife
        | ClauseId::QuoteSweep
        | ClauseId::RequestLife
        | ClauseId::RequestTolerance
        | ClauseId::Approval
        | ClauseId::RenewalSwitch
        | ClauseId::MeansOfPayment
        | ClauseId::ReservationState
        | ClauseId::Quantity
        | ClauseId::Commitment
        | ClauseId::SameProperties
        | ClauseId::InstanceFlexibility
        | ClauseId::Change
        | ClauseId::Directory
        | ClauseId::Waiver
        | ClauseId::Sellable
        | ClauseId::SavingsPlanOffer
        | ClauseId::Term
        | ClauseId::BillingPlan
        | ClauseId::AppliedScope
        | ClauseId::Currency
        | ClauseId::Price => false,
    }
}

/// One line for each clause that was not met: the refusal's own first, with its repairs.
pub fn policy_errors<P>(book: &Book, decision: &Decision<P>) -> Vec<Value> {
    let Some(refusal) = &decision.refusal else { return Vec::new() };
    let first = json!({ "code": refusal.code, "message": message(refusal) });
    let rest = other_findings(&decision.findings, refusal).map(|finding| {
        json!({ "code": code(finding.clause), "message": finding_message(book, finding) })
    });
    std::iter::once(first).chain(rest).collect()
}

/// One clause that was not met, for the details of an error.
pub struct Unmet {
    pub code: &'static str,
    pub message: String,
    /// The clause, and what it was applied to: `exchange-groups (purchase 2)`.
    pub target: String,
}

/// Every clause that was not met, in the order of evaluation.
pub fn unmet(book: &Book, findings: &[Finding]) -> Vec<Unmet> {
    findings
        .iter()
        .filter(|finding| finding.outcome == Outcome::NotMet)
        .map(|finding| Unmet {
            code: code(finding.clause),
            message: finding_message(book, finding),
            target: match finding.about {
                Some(about) => format!("{} ({about})", finding.clause),
                None => finding.clause.to_string(),
            },
        })
        .collect()
}

/// The findings that were not met beside the one that the refusal speaks of.
fn other_findings<'d>(
    findings: &'d [Finding],
    refusal: &Refusal,
) -> impl Iterator<Item = &'d Finding> {
    let spoken = findings
        .iter()
        .position(|finding| finding.outcome == Outcome::NotMet && finding.clause == refusal.clause);
    findings
        .iter()
        .enumerate()
        .filter(move |(index, finding)| {
            finding.outcome == Outcome::NotMet && Some(*index) != spoken
        })
        .map(|(_, finding)| finding)
}

fn finding_message(book: &Book, finding: &Finding) -> String {
    let mut message = sentence(book.says(finding.clause));
    let about = finding.about.map_or_else(String::new, |about| format!("{about}: "));
    let numbers: Vec<String> =
        finding.lines.iter().map(|line| format!("{} {}", line.label, line.amount)).collect();
    if !about.is_empty() || !numbers.is_empty() {
        message.push_str(&format!(" Not met by {about}{}.", numbers.join(", ")));
    }
    message
}

/// The protocol's code for a clause, where a refusal has not said a closer one.
fn code(clause: ClauseId) -> &'static str {
    match clause {
        ClauseId::ReservationState
        | ClauseId::OverduePayments
        | ClauseId::RenewalSwitch
        | ClauseId::ExchangeRight => "OperationCannotBePerformedInCurrentState",
        ClauseId::Quantity => "InvalidRefundQuantity",
        ClauseId::Sellable | ClauseId::SavingsPlanOffer | ClauseId::LegacySaleStop => {
            "InvalidFulfillmentRequestParameters"
        }
        ClauseId::Term => "UnsupportedReservationTerm",
        ClauseId::AppliedScope => "AppliedScopesNotAssociatedWithCommerceAccount",
        ClauseId::Price => "CalculatePriceFailed",
        ClauseId::Change => "PatchValuesSameAsExisting",
        ClauseId::Directory => "InvalidTenantId",
        ClauseId::SelfService
        | ClauseId::NotRefundable
        | ClauseId::NotExchangeable
        | ClauseId::TradeInTypes => "SelfServiceRefundNotSupported",
        ClauseId::RefundCap => "RefundLimitExceeded",
        ClauseId::ResellerRelationship
        | ClauseId::PartnerKind
        | ClauseId::PartnerRole
        | ClauseId::GuestAccount
        | ClauseId::ExplicitAccess
        | ClauseId::CustomerPurchase => "AuthorizationFailed",
        ClauseId::ExcludedMarkets => "NotSupportedCountry",
        ClauseId::Approval => "Forbidden",
        ClauseId::MeansOfPayment | ClauseId::RenewalLock => "PurchaseError",
        ClauseId::Session
        | ClauseId::QuoteLife
        | ClauseId::QuoteSweep
        | ClauseId::Waiver
        | ClauseId::RequestLife
        | ClauseId::RequestTolerance
        | ClauseId::RenewalDefault
        | ClauseId::PaymentRetry
        | ClauseId::Expiring
        | ClauseId::CartLife
        | ClauseId::Commitment
        | ClauseId::BillingPlan
        | ClauseId::TradeInLimit
        | ClauseId::TradeInFee
        | ClauseId::TradeInFloor
        | ClauseId::Currency
        | ClauseId::SameProperties
        | ClauseId::InstanceFlexibility
        | ClauseId::NotRearranged
        | ClauseId::ExchangeGroups
        | ClauseId::RenewalRight
        | ClauseId::CommitUnit
        | ClauseId::UsagePeriod
        | ClauseId::CommitUnitsLeft
        | ClauseId::PremiumStorageSwap
        | ClauseId::YoungReturn
        | ClauseId::LowestPrice
        | ClauseId::Proration
        | ClauseId::ReturnFee
        | ClauseId::ExchangeFloor
        | ClauseId::RefundCapScope
        | ClauseId::RefundCapCounts
        | ClauseId::RefundSettlement => "BadRequest",
    }
}
