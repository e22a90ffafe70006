//! The clauses on savings plans and on trading reservations in for them.

use super::clause::FeeBase;
use super::file::Fields;
use super::value::Value;
use super::words::words;
use crate::term::Term;
use rust_decimal::Decimal;

words! {
    /// What a savings plan covers.
    PlanKind {
        /// Machines, hosts, web apps, functions, containers.
        Compute = "compute",
        /// Databases.
        Database = "database",
    }
}

words! {
    /// What a plan that reservations are traded in for is compared with.
    TradeInCompare {
        /// Its commitment over the whole term with the refund plus the cancelled future payments
        /// of what is given up; equal is enough.
        RemainingCommitment = "remaining-commitment",
    }
}

/// A savings plan that is sold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlanOffer {
    /// The name in requests, such as `Compute_Savings_Plan`.
    pub sku: String,
    pub kind: PlanKind,
    pub terms: Vec<Term>,
}

/// The savings plans that are sold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlanOffers {
    pub offers: Vec<PlanOffer>,
}

impl PlanOffers {
    /// A plan by its name in any letter case.
    pub fn offer(&self, sku: &str) -> Option<&PlanOffer> {
        self.offers.iter().find(|offer| offer.sku.eq_ignore_ascii_case(sku))
    }
}

/// The resource types of the reservations that become a plan of a kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Eligible {
    pub kind: PlanKind,
    pub types: Vec<String>,
}

/// Which reservations may be traded in for which plans.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TradeInTypes {
    pub eligible: Vec<Eligible>,
}

impl TradeInTypes {
    pub fn may_become(&self, resource_type: &str, kind: PlanKind) -> bool {
        self.kinds_of(resource_type).any(|it| it == kind)
    }

    /// The kinds of plan that a type may be traded in for.
    pub fn kinds_of(&self, resource_type: &str) -> impl Iterator<Item = PlanKind> {
        self.eligible
            .iter()
            .filter(move |row| row.types.iter().any(|it| it.eq_ignore_ascii_case(resource_type)))
            .map(|row| row.kind)
    }
}

/// How many reservations go into one trade-in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TradeInLimit {
    pub reservations: i64,
}

/// What a plan must at least be worth.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TradeInFloor {
    pub compare: TradeInCompare,
}

/// The fee on what is traded in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TradeInFee {
    /// What is charged, as a fraction of the base.
    pub rate: Decimal,
    pub base: FeeBase,
}

impl Value for PlanOffers {
    fn read(fields: &mut Fields<'_>) -> Option<PlanOffers> {
        let offers = fields.each("plan", "a list of [[value.plan]] tables", |fields| {
            let sku = fields.text("sku");
            let kind = fields.word("kind", PlanKind::parse, "`compute` or `database`");
            let terms = fields.words("terms", Term::parse, "a list of terms such as `P1Y`");
            Some(PlanOffer { sku: sku?, kind: kind?, terms: terms? })
        })?;
        Some(PlanOffers { offers })
    }

    fn summary(&self) -> String {
        let told = self.offers.iter().map(|offer| {
            let terms: Vec<&str> = offer.terms.iter().map(|term| term.as_str()).collect();
            format!("{} for {}", offer.sku, terms.join(", "))
        });
        listed(told)
    }
}

impl Value for TradeInTypes {
    fn read(fields: &mut Fields<'_>) -> Option<TradeInTypes> {
        let eligible = fields.each("plan", "a list of [[value.plan]] tables", |fields| {
            let kind = fields.word("kind", PlanKind::parse, "`compute` or `database`");
            let types = fields.texts("types");
            Some(Eligible { kind: kind?, types: types? })
        })?;
        Some(TradeInTypes { eligible })
    }

    fn summary(&self) -> String {
        let told =
            self.eligible.iter().map(|row| format!("{} for {}", row.types.join(", "), row.kind));
        listed(told)
    }
}

impl Value for TradeInLimit {
    fn read(fields: &mut Fields<'_>) -> Option<TradeInLimit> {
        Some(TradeInLimit { reservations: fields.count("reservations")? })
    }

    fn summary(&self) -> String {
        format!("at most {} reservations", self.reservations)
    }
}

impl Value for TradeInFloor {
    fn read(fields: &mut Fields<'_>) -> Option<TradeInFloor> {
        let wants = "`remaining-commitment`";
        Some(TradeInFloor { compare: fields.word("compare", TradeInCompare::parse, wants)? })
    }

    fn summary(&self) -> String {
        match self.compare {
            TradeInCompare::RemainingCommitment => "at least the remaining commitment".to_owned(),
        }
    }
}

impl Value for TradeInFee {
    fn read(fields: &mut Fields<'_>) -> Option<TradeInFee> {
        let rate = fields.rate("rate");
        let wants = "`cancelled-commitment` or `cash-refund`";
        let base = fields.word("base", FeeBase::parse, wants);
        Some(TradeInFee { rate: rate?, base: base? })
    }

    fn summary(&self) -> String {
        if self.rate.is_zero() {
            "no fee".to_owned()
        } else {
            format!("{} of the {}", self.rate, self.base.as_str().replace('-', " "))
        }
    }
}

fn listed(told: impl Iterator<Item = String>) -> String {
    let told: Vec<String> = told.collect();
    if told.is_empty() { "none".to_owned() } else { told.join("; ") }
}
