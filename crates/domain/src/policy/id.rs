//! The names of the clauses, in the order in which they are looked at.

use super::words::words;
use jiff::civil::Date;

words! {
    /// A clause: one rule that a decision looks at and leaves a finding for.
    ///
    /// The variants stand in the documented order of evaluation, and `Ord` is that order: first
    /// whether the request can be understood at all, then whether the things asked for may be
    /// sold, returned or swapped, then what they are worth, then the limits on that worth, and
    /// last where the money goes. The first clause that is not met names the refusal.
    ClauseId {
        /// The quote that the deed refers to is there, is the caller's, and asks for the same.
        Session = "session",
        /// How long a quote stays good.
        QuoteLife = "quote-life",
        /// How long a quote that was not taken is kept after it lapsed.
        QuoteSweep = "quote-sweep",
        /// How long a request waits, and when that is told.
        RequestLife = "request-life",
        /// By how much the amounts of a request may move.
        RequestTolerance = "request-tolerance",
        /// A partner's relationship with the customer holds.
        ResellerRelationship = "reseller-relationship",
        /// Which partners act for customers.
        PartnerKind = "partner-kind",
        /// Which Partner Center roles may do what for customers.
        PartnerRole = "partner-role",
        /// What an agent may do who is a guest in the customer's tenant.
        GuestAccount = "guest-account",
        /// Which agents need access by name, and for what.
        ExplicitAccess = "explicit-access",
        /// Markets in which partners sell no reservations.
        ExcludedMarkets = "excluded-markets",
        /// How long a cart is kept.
        CartLife = "cart-life",
        /// Who of a partner's customer buys for it.
        CustomerPurchase = "customer-purchase",
        /// The reservation is live.
        ReservationState = "reservation-state",
        /// What happens to a return while payments are overdue.
        OverduePayments = "overdue-payments",
        /// Renewal is switched on when the term ends.
        RenewalSwitch = "renewal-switch",
        /// Whether what a renewal buys is to be renewed in its turn.
        RenewalDefault = "renewal-default",
        /// No more is given up than is held, and never nothing.
        Quantity = "quantity",
        /// The hourly commitment of a savings plan is more than nothing.
        Commitment = "commitment",
        /// What becomes one is the same but for its units.
        SameProperties = "same-properties",
        /// The SKU is on sale in that region, for that term and plan.
        Sellable = "sellable",
        /// The savings plans that are sold.
        SavingsPlanOffer = "savings-plan-offer",
        /// The term is one that is sold.
        Term = "term",
        /// The billing plan is one that is offered.
        BillingPlan = "billing-plan",
        /// The applied scope is complete and belongs to the billing account.
        AppliedScope = "applied-scope",
        /// What kind of reservation can cover other sizes of a group.
        InstanceFlexibility = "instance-flexibility",
        /// Something is different afterwards.
        Change = "change",
        /// What an exception may waive, for how long, and who grants it.
        Waiver = "waiver",
        /// The destination is another tenant that is known.
        Directory = "directory",
        /// All amounts are in the currency of the billing account.
        Currency = "currency",
        /// The price is known, and is that of the quote.
        Price = "price",
        /// The price of a renewal is locked before it, and holds.
        RenewalLock = "renewal-lock",
        /// VM series that are no longer sold or renewed.
        LegacySaleStop = "legacy-sale-stop",
        /// Who may act without a support request.
        SelfService = "self-service",
        /// Types that cannot be returned for money.
        NotRefundable = "not-refundable",
        /// Types that are neither split nor merged.
        NotRearranged = "not-rearranged",
        /// Types that cannot be exchanged.
        NotExchangeable = "not-exchangeable",
        /// Which types may become which.
        ExchangeGroups = "exchange-groups",
        /// How long, and how often still, a covered service may be exchanged.
        ExchangeRight = "exchange-right",
        /// What a renewal buys has no right where what is bought has none.
        RenewalRight = "renewal-right",
        /// What a commit unit of a pre-purchase plan pays.
        CommitUnit = "commit-unit",
        /// The usage happened while the plan ran.
        UsagePeriod = "usage-period",
        /// How far the commit units that are left reach.
        CommitUnitsLeft = "commit-units-left",
        /// The swap with a premium-storage twin, which keeps the term.
        PremiumStorageSwap = "premium-storage-swap",
        /// How many reservations are traded in at once.
        TradeInLimit = "trade-in-limit",
        /// Which reservations may be traded in for which savings plans.
        TradeInTypes = "trade-in-types",
        /// A young reservation comes back whole.
        YoungReturn = "young-return",
        /// The lowest of the price paid and the price today is the basis of a refund.
        LowestPrice = "lowest-price",
        /// How the remaining part of a term is measured.
        Proration = "proration",
        /// The fee on what is returned.
        ReturnFee = "return-fee",
        /// The fee on what is traded in.
        TradeInFee = "trade-in-fee",
        /// What is bought in an exchange is worth at least what is given up.
        ExchangeFloor = "exchange-floor",
        /// The savings plan of a trade-in is worth at least what is given up.
        TradeInFloor = "trade-in-floor",
        /// Whose refunds share one cap.
        RefundCapScope = "refund-cap-scope",
        /// What of a refund counts toward the cap.
        RefundCapCounts = "refund-cap-counts",
        /// The limit on what is returned within a rolling period.
        RefundCap = "refund-cap",
        /// Where the money of a refund goes.
        RefundSettlement = "refund-settlement",
        /// Others approve before it is done.
        Approval = "approval",
        /// The means of payment takes the charge.
        MeansOfPayment = "means-of-payment",
        /// When a payment that was refused is tried again.
        PaymentRetry = "payment-retry",
        /// From when on a reservation shows as expiring.
        Expiring = "expiring",
    }
}

words! {
    /// A job that a clause applies to.
    Job {
        Purchase = "purchase",
        Refund = "refund",
        Exchange = "exchange",
        SavingsPlan = "savings-plan",
        TradeIn = "trade-in",
        Split = "split",
        Merge = "merge",
        Renewal = "renewal",
        Payment = "payment",
        Update = "update",
        Archive = "archive",
        ChangeDirectory = "change-directory",
        Scope = "scope",
        Drain = "drain",
        Partner = "partner",
        Waiver = "waiver",
        Request = "request",
    }
}

/// Where the structural clauses stand.
pub(super) const STRUCTURAL_SOURCE: &str =
    "the shape of the interface: without it a request has no meaning";

/// The first day of the structural clauses, and of the book.
pub(super) const BEGINNING: Date = jiff::civil::date(2019, 1, 1);

/// What a structural clause says, and which jobs it applies to; `None` for clauses that have a
/// file in the policy book.
///
/// Structural clauses are about the shape of a request and not about figures, so they have no
/// dated values: they have always held.
pub(super) fn structural(clause: ClauseId) -> Option<(&'static str, &'static [Job])> {
    use Job::{
        Archive, ChangeDirectory, Drain, Exchange, Merge, Partner, Payment, Purchase, Refund,
        Renewal, Request, SavingsPlan, Scope, Split, TradeIn, Update, Waiver,
    };
    let rule: (&str, &[Job]) = match clause {
        ClauseId::Session => (
            "A return or an exchange carries out an open quote of the same caller, once, and asks \
             for the same as the quote.",
            &[Purchase, Refund, Exchange, TradeIn],
        ),
        ClauseId::ResellerRelationship => (
            "An agent acts for a customer while the partner's relationship with it holds.",
            &[Partner],
        ),
        ClauseId::ReservationState => (
            "Only a reservation that is live can be returned, exchanged, split, merged or \
             changed; only one that is over can be archived.",
            &[Refund, Exchange, Split, Merge, Update, Archive, Scope, TradeIn, Drain, Waiver],
        ),
        ClauseId::Quantity => (
            "At least one and no more than the quantity held is returned; at least one is bought; \
             the parts of a split are two or more and the whole together.",
            &[Purchase, Refund, Exchange, Split, Merge, TradeIn, Renewal, Drain],
        ),
        ClauseId::Commitment => (
            "The hourly commitment of a savings plan is more than nothing.",
            &[SavingsPlan, Exchange, TradeIn],
        ),
        ClauseId::SameProperties => (
            "Reservations that are merged are alike: product, scope, flexibility and dates.",
            &[Merge],
        ),
        ClauseId::InstanceFlexibility => {
            ("Only reservations of virtual machines can be for any size of a group.", &[Update])
        }
        ClauseId::Change => (
            "An update changes something, and says what to renew as only while renewal is on.",
            &[Update],
        ),
        ClauseId::Directory => {
            ("The destination of an order is another tenant that is known.", &[ChangeDirectory])
        }
        ClauseId::UsagePeriod => {
            ("Usage is paid from a plan that ran when it happened; it may be told later.", &[Drain])
        }
        ClauseId::CommitUnitsLeft => (
            "A plan pays usage as far as its commit units reach; the rest of it is overage.",
            &[Drain],
        ),
        ClauseId::Sellable => (
            "What is bought is on sale: the SKU in that region, for that term and billing plan.",
            &[Purchase, Exchange, Renewal],
        ),
        ClauseId::Term => (
            "The term is one that the SKU is sold for.",
            &[Purchase, Exchange, SavingsPlan, TradeIn, Renewal],
        ),
        ClauseId::BillingPlan => (
            "The billing plan is one that the product is offered with.",
            &[Purchase, Exchange, Renewal],
        ),
        ClauseId::AppliedScope => (
            "The applied scope is complete and lies in the billing context of the payer.",
            &[Purchase, Exchange, SavingsPlan, TradeIn, Update, Scope, Renewal],
        ),
        ClauseId::Currency => (
            "All amounts of one act are in the billing currency of the paying account.",
            &[Purchase, Refund, Exchange, SavingsPlan, TradeIn],
        ),
        ClauseId::Price => (
            "The price is known on the day, and the deed is done at the price of its quote.",
            &[Purchase, Refund, Exchange, SavingsPlan, TradeIn, Renewal],
        ),
        ClauseId::RenewalSwitch => (
            "What is renewed has lived to the end of its term with its renewal switched on.",
            &[Renewal],
        ),
        ClauseId::MeansOfPayment => (
            "What is paid at once, and each payment that falls due, is taken by the account's \
             means of payment.",
            &[Renewal, Payment],
        ),
        ClauseId::Approval => (
            "What an approval policy of the customer's own speaks of is approved by others, and by \
             as many as it says, before it is done.",
            &[Request],
        ),
        ClauseId::QuoteSweep
        | ClauseId::RequestLife
        | ClauseId::RequestTolerance
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
        | ClauseId::QuoteLife
        | ClauseId::SavingsPlanOffer
        | ClauseId::LegacySaleStop
        | ClauseId::SelfService
        | ClauseId::NotRefundable
        | ClauseId::NotRearranged
        | ClauseId::NotExchangeable
        | ClauseId::ExchangeGroups
        | ClauseId::ExchangeRight
        | ClauseId::RenewalRight
        | ClauseId::CommitUnit
        | ClauseId::PremiumStorageSwap
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
        | ClauseId::RefundSettlement
        | ClauseId::Waiver => return None,
    };
    Some(rule)
}
