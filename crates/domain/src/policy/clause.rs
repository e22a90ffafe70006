//! The kinds of clause: what a value of each holds, and the questions it answers.
//!
//! Figures are never here; they are dated data in the policy book.

use super::settlement::Agreement;
use super::words::words;
use crate::catalog::vm_series;
use crate::term::Term;
use jiff::ToSpan;
use jiff::civil::Date;
use prorata_ledger::Money;
use rust_decimal::Decimal;

words! {
    /// What of a refund counts toward the cap.
    Counted {
        /// The refund itself: the money back and, on a monthly plan, the payments that will not
        /// be billed (the wording of 2019, before amounts of record were named).
        RefundAmount = "refund-amount",
        /// Only the money paid back.
        CashRefund = "cash-refund",
        /// The commitment that is cancelled, by amounts of record: the unused part of what was
        /// paid plus the payments that will not be billed.
        CancelledCommitment = "cancelled-commitment",
    }
}

words! {
    /// Whose refunds share one cap.
    CapScopeKind {
        Enrollment = "enrollment",
        BillingProfile = "billing-profile",
        Customer = "customer",
        BillingAccount = "billing-account",
    }
}

words! {
    /// What a return fee is a rate of.
    FeeBase {
        CancelledCommitment = "cancelled-commitment",
        CashRefund = "cash-refund",
    }
}

words! {
    /// What the remaining part of a term is measured in.
    ProrationBasis {
        /// Whole days between UTC dates; the day of the return is not counted as used.
        UtcDays = "utc-days",
    }
}

words! {
    /// What a new purchase is compared with in an exchange.
    FloorCompare {
        /// Its lifetime commitment with the refund plus the cancelled future payments of what is
        /// given up; equal is enough.
        RemainingCommitment = "remaining-commitment",
    }
}

words! {
    /// Which way a swap with a premium-storage twin may go.
    SwapDirections {
        /// Only to the size with premium storage.
        ToPremium = "to-premium",
        Both = "both",
    }
}

/// How long a refund stays counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Window {
    Months(i32),
    Days(i64),
}

/// The limit on what is returned within a rolling period.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RefundCap {
    pub amount: Money,
    pub window: Window,
}

impl RefundCap {
    /// The first day whose refunds still count on `today`.
    pub fn window_opens(&self, today: Date) -> Date {
        match self.window {
            Window::Days(days) => add_days(today, 1 - days),
            Window::Months(months) => {
                // Months clamp at their ends, so the day that is not back yet is looked for from
                // the nearest day that is. A month's end is at most three days away.
                let mut day = today.checked_sub(months.months()).unwrap_or(Date::MIN);
                while self.returns_on(day) <= today && day < today {
                    day = add_days(day, 1);
                }
                day
            }
        }
    }

    /// The day on which what was refunded on `day` can be used again.
    pub fn returns_on(&self, day: Date) -> Date {
        match self.window {
            Window::Days(days) => add_days(day, days),
            Window::Months(months) => day.checked_add(months.months()).unwrap_or(Date::MAX),
        }
    }
}

/// What of a refund counts toward the cap.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CapCounts {
    pub counts: Counted,
}

/// Whose refunds share one cap, by agreement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CapScope {
    pub ea: CapScopeKind,
    pub mca: CapScopeKind,
    pub csp: CapScopeKind,
    pub payg: CapScopeKind,
}

impl CapScope {
    pub fn of(&self, agreement: Agreement) -> CapScopeKind {
        match agreement {
            Agreement::Ea => self.ea,
            Agreement::Mca => self.mca,
            Agreement::Csp => self.csp,
            Agreement::Payg => self.payg,
        }
    }
}

/// The fee on what is returned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReturnFee {
    /// What is charged, as a fraction of the base: 0.12 is twelve percent.
    pub rate: Decimal,
    pub base: FeeBase,
    /// A rate that the seller has reserved the right to charge later; never charged.
    pub reserved_rate: Option<Decimal>,
}

/// A young reservation comes back whole.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct YoungReturn {
    pub days: i64,
}

impl YoungReturn {
    /// Whether a reservation whose benefit began this many UTC days ago comes back whole.
    pub fn covers(&self, days_held: i64) -> bool {
        days_held <= self.days
    }
}

/// Whether the lowest of the price paid and the price today is the basis of a refund.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LowestPrice {
    pub applies: bool,
    /// Whether the lower price also lowers what counts toward the cap.
    pub lowers_cap: bool,
}

/// How the remaining part of a term is measured.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proration {
    pub basis: ProrationBasis,
}

/// What a new purchase must at least be worth.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExchangeFloor {
    pub compare: FloorCompare,
}

/// Resource types that may become one another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExchangeGroup {
    pub name: String,
    pub members: Vec<String>,
}

/// A type that may become another, but not the other way round.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OneWay {
    pub from: String,
    pub to: String,
}

/// Which types may become which. Type names are read in any letter case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExchangeGroups {
    pub groups: Vec<ExchangeGroup>,
    pub one_way: Vec<OneWay>,
}

impl ExchangeGroups {
    /// The name of the group of a type; a type in no group is its own.
    pub fn group_of(&self, resource_type: &str) -> String {
        self.find(resource_type)
            .map_or_else(|| resource_type.to_owned(), |group| group.name.clone())
    }

    pub fn may_become(&self, from: &str, to: &str) -> bool {
        from.eq_ignore_ascii_case(to)
            || self.find(from).is_some_and(|group| has(&group.members, to))
            || self
                .one_way
                .iter()
                .any(|way| way.from.eq_ignore_ascii_case(from) && way.to.eq_ignore_ascii_case(to))
    }

    /// Every type that `from` may become, itself among them.
    pub fn allowed_targets(&self, from: &str) -> Vec<String> {
        let mut targets =
            self.find(from).map_or_else(|| vec![from.to_owned()], |group| group.members.clone());
        let ways = self.one_way.iter().filter(|way| way.from.eq_ignore_ascii_case(from));
        targets.extend(ways.map(|way| way.to.clone()));
        targets
    }

    fn find(&self, resource_type: &str) -> Option<&ExchangeGroup> {
        self.groups.iter().find(|group| has(&group.members, resource_type))
    }
}

/// Resource types that a rule shuts out. Type names are read in any letter case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TypeList {
    pub types: Vec<String>,
}

impl TypeList {
    pub fn contains(&self, resource_type: &str) -> bool {
        has(&self.types, resource_type)
    }
}

/// Who may act without a support request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SelfService {
    /// Reservations on a monthly plan can be returned and exchanged.
    pub monthly: bool,
    /// A CSP partner may act for its customer.
    pub partner: bool,
    /// A customer of a CSP partner may act.
    pub customer_of_partner: bool,
    /// An EA customer of the US Government cloud may act.
    pub us_gov_ea: bool,
}

/// How long, and how often still, covered services may be exchanged.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExchangeRight {
    /// The day from whose start (UTC) purchases of covered services are not exchangeable; nothing
    /// while no end is set.
    pub cutoff: Option<Date>,
    /// How many exchanges, from the cutoff on, each unit bought before it still has.
    pub final_rights: u32,
    /// The resource types that are covered by a savings plan.
    pub covered: Vec<String>,
    /// Types that become covered on a day of their own: exchanges end for them on that day, or on
    /// the cutoff, whichever is later.
    pub later: Vec<CoveredLater>,
    /// Products that are being retired, to which the end does not apply: a type, or a type and
    /// series as `VirtualMachines/Av2`.
    pub retiring: Vec<String>,
}

/// A type that a savings plan covers from a later day on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CoveredLater {
    pub resource_type: String,
    pub since: Date,
}

impl ExchangeRight {
    /// The day from whose start (UTC) a product that is bought is not exchangeable; nothing for
    /// one that is not covered or is being retired, and while no end is set.
    pub fn ends_for(&self, resource_type: &str, sku: &str) -> Option<Date> {
        let cutoff = self.cutoff?;
        let later =
            self.later.iter().find(|it| it.resource_type.eq_ignore_ascii_case(resource_type));
        let end = match later {
            Some(later) => cutoff.max(later.since),
            None if has(&self.covered, resource_type) => cutoff,
            None => return None,
        };
        (!self.is_retiring(resource_type, sku)).then_some(end)
    }

    fn is_retiring(&self, resource_type: &str, sku: &str) -> bool {
        self.retiring.iter().any(|product| match product.split_once('/') {
            None => product.eq_ignore_ascii_case(resource_type),
            Some((kind, series)) => {
                let found = vm_series(sku).is_some_and(|found| found.eq_ignore_ascii_case(series));
                kind.eq_ignore_ascii_case(resource_type) && found
            }
        })
    }
}

/// Whether a renewal is a purchase like any other, and what it buys has no right to be exchanged
/// where what is bought has none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RenewalRight {
    pub renewal_is_purchase: bool,
}

/// What pre-purchase plans hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CommitUnit {
    /// US dollars of retail usage that one commit unit pays.
    pub pays_usd: Decimal,
}

/// VM series that are no longer sold or renewed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LegacySaleStop {
    /// The first day without sale; nothing while no stop is announced.
    pub cutoff: Option<Date>,
    pub resource_type: String,
    /// Series that are stopped for one year only.
    pub one_year: Vec<String>,
    /// Series that are stopped for every term.
    pub all_terms: Vec<String>,
}

impl LegacySaleStop {
    /// Whether the sale is stopped on a day. Names are read in any letter case.
    pub fn stops(&self, resource_type: &str, series: &str, term: Term, on: Date) -> bool {
        self.cutoff.is_some_and(|cutoff| on >= cutoff)
            && self.resource_type.eq_ignore_ascii_case(resource_type)
            && (has(&self.all_terms, series) || term == Term::P1Y && has(&self.one_year, series))
    }
}

/// The swap with a premium-storage twin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PremiumStorageSwap {
    pub directions: SwapDirections,
    pub same_region: bool,
    pub same_plan: bool,
    pub keeps_term: bool,
}

impl PremiumStorageSwap {
    /// Whether a swap may go from a size with or without premium storage to its twin.
    pub fn allows(&self, to_premium: bool) -> bool {
        match self.directions {
            SwapDirections::ToPremium => to_premium,
            SwapDirections::Both => true,
        }
    }
}

/// How long a quote stays good.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct QuoteLife {
    pub minutes: i64,
}

fn has(names: &[String], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn add_days(day: Date, days: i64) -> Date {
    let far = if days < 0 { Date::MIN } else { Date::MAX };
    day.checked_add(jiff::SignedDuration::from_hours(days.saturating_mul(24))).unwrap_or(far)
}
