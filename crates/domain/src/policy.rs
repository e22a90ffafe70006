//! The policy book: what the rules say, which figures they held on any day, and where that stands.
//!
//! A clause is one file of dated values. Code has the kinds of clause, data has the values, so a
//! new date or figure touches one file and no code.
//!
//! ```
//! use jiff::civil::date;
//! use prorata_domain::policy::Book;
//!
//! let clauses = Book::built_in().in_force(date(2026, 11, 21));
//! assert_eq!(clauses.refund_cap.value.amount.to_string(), "50000.00 USD");
//! assert_eq!(clauses.refund_cap.since, date(2020, 7, 1));
//! ```

mod clause;
mod fault;
mod file;
mod id;
mod life;
mod partner;
mod request;
mod savings_plan;
mod settlement;
mod show;
#[cfg(test)]
mod tests;
mod value;
mod waiver;
pub(crate) mod words;

pub use clause::{
    CapCounts, CapScope, CapScopeKind, CommitUnit, Counted, CoveredLater, ExchangeFloor,
    ExchangeGroup, ExchangeGroups, ExchangeRight, FeeBase, FloorCompare, LegacySaleStop,
    LowestPrice, OneWay, PremiumStorageSwap, Proration, ProrationBasis, QuoteLife, RefundCap,
    RenewalRight, ReturnFee, SelfService, SwapDirections, TypeList, Window, YoungReturn,
};
pub use fault::{Fault, PolicyFault};
pub use id::{ClauseId, Job};
pub use life::{
    Expiring, MovedPrice, OverduePayments, PaymentRetry, QuoteSweep, RenewalDefault, RenewalLock,
};
pub use partner::{
    CartLife, CustomerPurchase, ExcludedMarkets, ExplicitAccess, GuestAccount, PartnerKind,
    PartnerKinds, PartnerRole, PartnerRoles, PartnerTask, TaskRoles,
};
pub use request::{RequestLife, RequestTolerance};
pub use savings_plan::{
    Eligible, PlanKind, PlanOffer, PlanOffers, TradeInCompare, TradeInFee, TradeInFloor,
    TradeInLimit, TradeInTypes,
};
pub use settlement::{Agreement, Destination, Payment, RefundSettlement, Route};
pub use show::{ClauseInfo, Turn, ValueInfo};
pub use waiver::Waivable;

use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::sync::OnceLock;

/// The value of a clause on some day, with where it stands.
#[derive(PartialEq, Eq, Debug)]
pub struct InForce<'b, V> {
    pub clause: ClauseId,
    /// The first day of this value.
    pub since: Date,
    /// The document or recording that the value was read from.
    pub source: &'b str,
    pub value: &'b V,
}

// Derived, these would ask for a `V` that can be copied, and only a reference to it is.
impl<V> Clone for InForce<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V> Copy for InForce<'_, V> {}

/// All dated values of one clause.
#[derive(Clone, PartialEq, Eq, Debug)]
struct History<V> {
    clause: ClauseId,
    says: String,
    jobs: Vec<Job>,
    /// The text of the file, for the digest.
    text: String,
    /// Never empty; dates rise.
    values: Vec<Dated<V>>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Dated<V> {
    since: Date,
    source: String,
    /// The day on which the source was read.
    read: Date,
    value: V,
}

impl<V> History<V> {
    /// The latest value whose date has come; before the first date, the first value.
    fn on(&self, day: Date) -> &Dated<V> {
        let begun = self.values.partition_point(|dated| dated.since <= day);
        &self.values[begun.saturating_sub(1)]
    }

    /// The values that had begun by a day; before the first date, the first value.
    fn until(&self, day: Date) -> History<V>
    where
        V: Clone,
    {
        let begun = self.values.partition_point(|dated| dated.since <= day).max(1);
        let mut history = self.clone();
        history.values.truncate(begun);
        history
    }

    fn in_force(&self, day: Date) -> InForce<'_, V> {
        let dated = self.on(day);
        InForce {
            clause: self.clause,
            since: dated.since,
            source: &dated.source,
            value: &dated.value,
        }
    }
}

/// Declares the clauses that have a file. One line here makes the field of [`Clauses`], the
/// history in [`Book`], its reading and its showing.
macro_rules! clauses {
    ($($field:ident: $id:ident => $value:ty,)*) => {
        /// Every rule by date. Two books are equal when all their values and texts are.
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub struct Book {
            $($field: History<$value>,)*
            digest: String,
        }

        /// The values in force on one day. Cheap to make and to copy: all of it is borrowed.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub struct Clauses<'b> {
            $(pub $field: InForce<'b, $value>,)*
        }

        /// A book in the making: what has been read so far.
        #[derive(Default)]
        struct Draft {
            $($field: Option<History<$value>>,)*
        }

        impl Draft {
            fn of(book: &Book) -> Draft {
                Draft { $($field: Some(book.$field.clone()),)* }
            }

            /// Keeps what a file says about its clause, in place of what was known of it.
            fn keep(&mut self, document: &file::Document<'_>, faults: &mut Vec<PolicyFault>) {
                match document.clause {
                    $(ClauseId::$id => {
                        // After a fault the older values stay, so that the clause is not also
                        // reported as missing.
                        if let Some(history) = document.history(faults) {
                            self.$field = Some(history);
                        }
                    })*
                    // A structural clause has no values; `file::open` has refused it.
                    _ => {}
                }
            }

            /// The clauses of which nothing was read.
            fn missing(&self) -> Vec<ClauseId> {
                let mut missing = Vec::new();
                $(if self.$field.is_none() {
                    missing.push(ClauseId::$id);
                })*
                missing
            }

            fn finish(self) -> Option<Book> {
                let mut book = Book { $($field: self.$field?,)* digest: String::new() };
                book.digest = book.hash(None);
                Some(book)
            }
        }

        impl Book {
            /// The values that hold on a day. Days before the first date of a clause have its
            /// first value.
            pub fn in_force(&self, on: Date) -> Clauses<'_> {
                Clauses { $($field: self.$field.in_force(on),)* }
            }

            /// The book as it stood on a day: later days have in it what held then.
            #[must_use]
            pub fn as_it_stood(&self, on: Date) -> Book {
                let mut book =
                    Book { $($field: self.$field.until(on),)* digest: String::new() };
                book.digest = book.hash(Some(on));
                book
            }

            /// One clause for showing, whether it has a file or not.
            fn info(&self, clause: ClauseId) -> ClauseInfo<'_> {
                match clause {
                    $(ClauseId::$id => show::dated(&self.$field),)*
                    _ => show::structural(clause),
                }
            }

            fn says_and_source(&self, clause: ClauseId, on: Date) -> (&str, &str) {
                match clause {
                    $(ClauseId::$id => (&self.$field.says, &self.$field.on(on).source),)*
                    _ => (id::structural(clause).map_or("", |rule| rule.0), id::STRUCTURAL_SOURCE),
                }
            }

            /// Each clause's name and text, in the order of [`ClauseId`].
            fn texts(&self) -> Vec<(ClauseId, &str)> {
                let mut texts = vec![$((ClauseId::$id, self.$field.text.as_str()),)*];
                texts.sort_unstable_by_key(|text| text.0);
                texts
            }
        }

        /// The clauses that have a file.
        const DATED: &[ClauseId] = &[$(ClauseId::$id,)*];
    };
}

clauses! {
    refund_cap: RefundCap => RefundCap,
    refund_cap_counts: RefundCapCounts => CapCounts,
    refund_cap_scope: RefundCapScope => CapScope,
    return_fee: ReturnFee => ReturnFee,
    young_return: YoungReturn => YoungReturn,
    lowest_price: LowestPrice => LowestPrice,
    proration: Proration => Proration,
    exchange_floor: ExchangeFloor => ExchangeFloor,
    exchange_groups: ExchangeGroups => ExchangeGroups,
    not_exchangeable: NotExchangeable => TypeList,
    not_refundable: NotRefundable => TypeList,
    not_rearranged: NotRearranged => TypeList,
    self_service: SelfService => SelfService,
    exchange_right: ExchangeRight => ExchangeRight,
    renewal_right: RenewalRight => RenewalRight,
    commit_unit: CommitUnit => CommitUnit,
    legacy_sale_stop: LegacySaleStop => LegacySaleStop,
    premium_storage_swap: PremiumStorageSwap => PremiumStorageSwap,
    quote_life: QuoteLife => QuoteLife,
    quote_sweep: QuoteSweep => QuoteSweep,
    request_life: RequestLife => RequestLife,
    request_tolerance: RequestTolerance => RequestTolerance,
    overdue_payments: OverduePayments => OverduePayments,
    renewal_default: RenewalDefault => RenewalDefault,
    renewal_lock: RenewalLock => RenewalLock,
    payment_retry: PaymentRetry => PaymentRetry,
    expiring: Expiring => Expiring,
    refund_settlement: RefundSettlement => RefundSettlement,
    savings_plan_offer: SavingsPlanOffer => PlanOffers,
    trade_in_types: TradeInTypes => TradeInTypes,
    trade_in_limit: TradeInLimit => TradeInLimit,
    trade_in_fee: TradeInFee => TradeInFee,
    trade_in_floor: TradeInFloor => TradeInFloor,
    partner_kind: PartnerKind => PartnerKinds,
    partner_role: PartnerRole => PartnerRoles,
    guest_account: GuestAccount => GuestAccount,
    explicit_access: ExplicitAccess => ExplicitAccess,
    excluded_markets: ExcludedMarkets => ExcludedMarkets,
    customer_purchase: CustomerPurchase => CustomerPurchase,
    cart_life: CartLife => CartLife,
    waiver: Waiver => Waivable,
}

/// The texts that are compiled in, one a clause.
macro_rules! built_in {
    ($($name:literal,)*) => {
        &[$((
            concat!($name, ".toml"),
            include_str!(concat!("../../../policy/azure/", $name, ".toml")),
        ),)*]
    };
}

const BUILT_IN: &[(&str, &str)] = built_in![
    "refund-cap",
    "refund-cap-counts",
    "refund-cap-scope",
    "return-fee",
    "young-return",
    "lowest-price",
    "proration",
    "exchange-floor",
    "exchange-groups",
    "not-exchangeable",
    "not-refundable",
    "not-rearranged",
    "self-service",
    "exchange-right",
    "renewal-right",
    "commit-unit",
    "legacy-sale-stop",
    "premium-storage-swap",
    "quote-life",
    "quote-sweep",
    "request-life",
    "request-tolerance",
    "overdue-payments",
    "renewal-default",
    "renewal-lock",
    "payment-retry",
    "expiring",
    "refund-settlement",
    "savings-plan-offer",
    "trade-in-types",
    "trade-in-limit",
    "trade-in-fee",
    "trade-in-floor",
    "partner-kind",
    "partner-role",
    "guest-account",
    "explicit-access",
    "excluded-markets",
    "customer-purchase",
    "cart-life",
    "waiver",
];

impl Book {
    /// The book that is compiled in.
    pub fn built_in() -> &'static Book {
        static BOOK: OnceLock<Book> = OnceLock::new();
        BOOK.get_or_init(|| {
            Book::parse(BUILT_IN.iter().copied()).expect("a test reads the built-in policy files")
        })
    }

    /// Reads a whole book from pairs of a file's name and its text.
    ///
    /// # Errors
    /// Every fault of every file, and every clause that has no file.
    pub fn parse<'t>(
        files: impl IntoIterator<Item = (&'t str, &'t str)>,
    ) -> Result<Book, Vec<PolicyFault>> {
        Draft::default().read(files)
    }

    /// This book with some clauses replaced by other files, for organizations with terms of their
    /// own.
    ///
    /// # Errors
    /// Every fault of every file.
    pub fn with_files<'t>(
        &self,
        files: impl IntoIterator<Item = (&'t str, &'t str)>,
    ) -> Result<Book, Vec<PolicyFault>> {
        Draft::of(self).read(files)
    }

    /// A hash of all texts, in hexadecimal: it tells two books apart, and is kept with each
    /// decision.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Every clause, in the order of evaluation, with all its values.
    pub fn clauses(&self) -> impl Iterator<Item = ClauseInfo<'_>> {
        ClauseId::ALL.iter().map(|&clause| self.info(clause))
    }

    /// The rules on whose refunds share a cap that held on some day of a period, the oldest first.
    pub fn cap_scopes(&self, from: Date, to: Date) -> impl Iterator<Item = &CapScope> {
        let values = &self.refund_cap_scope.values;
        let first = values.partition_point(|dated| dated.since <= from).saturating_sub(1);
        let end = values.partition_point(|dated| dated.since <= to).max(first + 1);
        values[first..end].iter().map(|dated| &dated.value)
    }

    /// Where the value of a clause that began on `since` stands.
    pub fn source(&self, clause: ClauseId, since: Date) -> &str {
        self.says_and_source(clause, since).1
    }

    /// The clause in one sentence.
    pub fn says(&self, clause: ClauseId) -> &str {
        self.says_and_source(clause, Date::MIN).0
    }

    /// The hash of the texts, and of the day as of which they are read.
    fn hash(&self, on: Option<Date>) -> String {
        let mut hasher = Sha256::new();
        if let Some(on) = on {
            hasher.update(format!("as it stood on {on}\n"));
        }
        for (clause, text) in self.texts() {
            // Lengths keep the end of one text apart from the beginning of the next.
            hasher.update(format!("{clause} {}\n{text}", text.len()));
        }
        hasher.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a `String` cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

impl Draft {
    fn read<'t>(
        mut self,
        files: impl IntoIterator<Item = (&'t str, &'t str)>,
    ) -> Result<Book, Vec<PolicyFault>> {
        let mut faults = Vec::new();
        let mut seen: Vec<(ClauseId, &str)> = Vec::new();
        for (name, text) in files {
            let Some(document) = file::open(name, text, &mut faults) else { continue };
            let twin = seen.iter().find(|other| other.0 == document.clause);
            if let Some((clause, other)) = twin {
                let what = Fault::Twice { clause: *clause, other: (*other).to_owned() };
                faults.push(PolicyFault { file: name.to_owned(), line: 1, what });
                continue;
            }
            seen.push((document.clause, name));
            self.keep(&document, &mut faults);
        }
        for clause in self.missing() {
            // A clause whose file has faults is not missing.
            if !seen.iter().any(|other| other.0 == clause) {
                let what = Fault::NoFile(clause);
                faults.push(PolicyFault { file: format!("{clause}.toml"), line: 1, what });
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        // Nothing is missing when there are no faults.
        self.finish().ok_or(faults)
    }
}
