//! What a list can be asked for, and what it tells of all that it chose from.

use super::register::Traits;
use jiff::civil::Date;
use prorata_domain::ids::TenantId;
use prorata_domain::term::Term;
use prorata_store::reservations::register::ScopeKind;

/// Which stage of life is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Show {
    #[default]
    Active,
    /// Active, and about to end.
    Expiring,
    /// Active, and nothing benefits.
    NoBenefit,
    /// Over, and not in the archive.
    Ended,
    Archived,
    All,
}

impl Show {
    pub const ALL: [Show; 6] =
        [Show::Active, Show::Expiring, Show::NoBenefit, Show::Ended, Show::Archived, Show::All];

    pub fn as_str(self) -> &'static str {
        match self {
            Show::Active => "active",
            Show::Expiring => "expiring",
            Show::NoBenefit => "no-benefit",
            Show::Ended => "ended",
            Show::Archived => "archived",
            Show::All => "all",
        }
    }

    pub fn parse(text: &str) -> Option<Show> {
        Show::ALL.into_iter().find(|show| show.as_str() == text)
    }

    pub(super) fn shows(self, traits: &Traits, soon: Date) -> bool {
        match self {
            Show::Active => traits.is_active,
            Show::Expiring => traits.is_active && traits.expires_on <= soon,
            Show::NoBenefit => traits.is_active && traits.no_benefit,
            Show::Ended => !traits.is_active && !traits.archived,
            Show::Archived => traits.archived,
            Show::All => true,
        }
    }
}

/// What reservations have to be; an empty one chooses all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    pub show: Show,
    /// Of these tenants alone.
    pub customer: Option<Whose>,
    pub resource_type: Option<String>,
    pub region: Option<String>,
    pub term: Option<Term>,
    pub scope: Option<ScopeKind>,
    pub renew: Option<bool>,
    /// Their term ends within so many days.
    pub within: Option<u32>,
    /// Less than so many percent of them was used over seven days.
    pub under: Option<u32>,
    /// Part of the name or the SKU, or the beginning of an id of the reservation or its order.
    pub text: String,
}

/// Whose reservations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    Tenant(TenantId),
    /// Part of the customer's name.
    Named(String),
}

/// What a list is sorted by. Equal ones come in the order of their ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    Name,
    Product,
    Region,
    Quantity,
    Term,
    State,
    Scope,
    Renewal,
    #[default]
    Expires,
    Utilization,
    Customer,
}

impl Sort {
    pub const ALL: [Sort; 11] = [
        Sort::Name,
        Sort::Product,
        Sort::Region,
        Sort::Quantity,
        Sort::Term,
        Sort::State,
        Sort::Scope,
        Sort::Renewal,
        Sort::Expires,
        Sort::Utilization,
        Sort::Customer,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Sort::Name => "name",
            Sort::Product => "product",
            Sort::Region => "region",
            Sort::Quantity => "quantity",
            Sort::Term => "term",
            Sort::State => "status",
            Sort::Scope => "scope",
            Sort::Renewal => "renewal",
            Sort::Expires => "expires",
            Sort::Utilization => "utilization",
            Sort::Customer => "customer",
        }
    }

    pub fn parse(text: &str) -> Option<Sort> {
        Sort::ALL.into_iter().find(|sort| sort.as_str() == text)
    }
}

/// How many there are, and what one may choose from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// For each of [`Show::ALL`], how many the rest of the filter leaves.
    pub shows: [usize; Show::ALL.len()],
    /// How many are chosen.
    pub chosen: usize,
    /// How many the caller sees, whatever the filter.
    pub seen: usize,
    /// Whether figures of utilization were loaded for any of those.
    pub has_figures: bool,
    /// The resource types, regions and terms of those.
    pub resource_types: Vec<String>,
    pub regions: Vec<String>,
    pub terms: Vec<Term>,
}
