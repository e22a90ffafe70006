//! The form above the list: what it can be narrowed down by.

use super::Wish;
use crate::portal::language::{say, say_with};
use crate::portal::words::{self, Said};
use prorata_app::listing::{Listed, ScopeKind, Sort};
use prorata_domain::catalog::Catalog;
use prorata_domain::ids::TenantId;

/// Customers that are offered in a list; of more, one types a part of the name.
const CUSTOMERS_MAX: usize = 40;
/// Days ahead that are offered.
const WITHIN: [u32; 5] = [30, 60, 90, 180, 365];
/// Shares in percent below which utilization is looked for.
const UNDER: [u32; 4] = [100, 90, 80, 50];

#[derive(Debug, Clone)]
pub struct Filters {
    pub text: String,
    /// Customers to choose from, where the list is of several.
    pub customer: Option<Customer>,
    pub fields: Vec<Field>,
    /// What the address has that is no filter, and is kept.
    pub kept: Vec<(&'static str, String)>,
    /// Whether something narrows the list down, and where it is without that.
    pub clear: Option<String>,
    /// Where the list goes by customers, or no longer does.
    pub group: Option<(Said, String)>,
}

#[derive(Debug, Clone)]
pub struct Customer {
    pub value: String,
    /// None where there are too many to choose from.
    pub choices: Vec<Choice>,
}

/// A filter with its values.
#[derive(Debug, Clone)]
pub struct Field {
    pub name: &'static str,
    pub label: Said,
    pub choices: Vec<Choice>,
}

#[derive(Debug, Clone)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

impl Filters {
    pub fn new(wish: &Wish, listed: &Listed, catalog: &Catalog) -> Filters {
        let several = listed.customers.len() > 1;
        let group = Wish { by_customer: !wish.by_customer, ..wish.clone() };
        let group_label =
            if wish.by_customer { "reservations-ungroup" } else { "reservations-group" };
        Filters {
            text: wish.text.clone(),
            customer: several.then(|| customer(wish, listed)),
            fields: fields(wish, listed, catalog),
            kept: [
                ("show", wish.shown().to_owned()),
                ("sort", wish.sorting()),
                ("group", if wish.by_customer { "customer".to_owned() } else { String::new() }),
            ]
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect(),
            clear: (wish.filters() > 0).then(|| wish.unfiltered().href()),
            group: several.then(|| (say(group_label), group.href())),
        }
    }
}

fn customer(wish: &Wish, listed: &Listed) -> Customer {
    let tenant = TenantId::parse(&wish.customer);
    let known = listed.customers.iter().find(|customer| Some(customer.tenant) == tenant);
    if listed.customers.len() > CUSTOMERS_MAX {
        let value = known.map_or_else(|| wish.customer.clone(), |known| known.name.clone());
        return Customer { value, choices: Vec::new() };
    }
    let mut choices = vec![any()];
    choices.extend(listed.customers.iter().map(|customer| Choice {
        value: customer.tenant.to_string(),
        label: customer.name.clone(),
        chosen: Some(customer.tenant) == tenant,
    }));
    if known.is_none() && !wish.customer.is_empty() {
        choices.push(itself(&wish.customer));
    }
    Customer { value: wish.customer.clone(), choices }
}

fn any() -> Choice {
    Choice { value: String::new(), label: say("reservations-any").into_owned(), chosen: false }
}

/// A value that is not among those that are offered, and was asked for all the same.
fn itself(value: &str) -> Choice {
    Choice { value: value.to_owned(), label: value.to_owned(), chosen: true }
}

fn fields(wish: &Wish, listed: &Listed, catalog: &Catalog) -> Vec<Field> {
    let tally = &listed.tally;
    let types = tally.resource_types.iter().map(|name| {
        let title = catalog.resource_type(name).map_or(name, |known| &known.title);
        (name.clone(), title.clone())
    });
    let regions = tally.regions.iter().map(|arm| (arm.clone(), region(catalog, arm)));
    let terms = tally.terms.iter();
    let terms = terms.map(|term| (term.as_str().to_owned(), words::term(*term).into_owned()));
    let scopes = ScopeKind::ALL.into_iter().map(|kind| {
        let label = say(&format!("scope-{}", kind.as_str()));
        (kind.as_str().to_owned(), label.into_owned())
    });
    let renewals = ["on", "off"]
        .map(|word| (word.to_owned(), say(&format!("reservations-renewal-{word}")).into_owned()));
    let mut days = WITHIN.to_vec();
    days.extend(wish.within);
    days.sort_unstable();
    days.dedup();
    let days = days.into_iter().map(|days| {
        let label = say_with("reservations-within-days", [("count", days.into())]);
        (days.to_string(), label.into_owned())
    });
    let renew = wish.renew.map_or("", |on| if on { "on" } else { "off" });
    let within = wish.within.map_or_else(String::new, |days| days.to_string());
    let mut fields = vec![
        field("type", &wish.resource_type, types),
        field("region", &wish.region, regions),
        field("term", wish.term.map_or("", |term| term.as_str()), terms),
        field("scope", wish.scope.map_or("", ScopeKind::as_str), scopes),
        field("renew", renew, renewals.into_iter()),
        field("within", &within, days),
    ];
    if tally.has_figures || wish.under.is_some() {
        let shares = UNDER.map(|percent| {
            let label = say_with("reservations-under-percent", [("percent", percent.into())]);
            (percent.to_string(), label.into_owned())
        });
        let under = wish.under.map_or_else(String::new, |percent| percent.to_string());
        fields.push(field("under", &under, shares.into_iter()));
    }
    fields
}

fn field(
    name: &'static str,
    value: &str,
    offered: impl Iterator<Item = (String, String)>,
) -> Field {
    let mut choices = vec![any()];
    choices.extend(offered.map(|(offered, label)| Choice {
        chosen: offered == value,
        value: offered,
        label,
    }));
    choices[1..].sort_by(|one, other| match name {
        "type" | "region" => one.label.cmp(&other.label),
        _ => std::cmp::Ordering::Equal,
    });
    if !value.is_empty() && !choices.iter().any(|choice| choice.chosen) {
        choices.push(itself(value));
    }
    Field { name, label: say(&format!("reservations-filter-{name}")), choices }
}

/// A region as people know it.
pub fn region(catalog: &Catalog, arm: &str) -> String {
    catalog.region(arm).map_or(arm, |region| &region.name).to_owned()
}

/// The column that a list is sorted by, for the choice of it where columns have no heads.
pub fn sortings(wish: &Wish, columns: &[Sort]) -> Vec<Choice> {
    columns
        .iter()
        .map(|&sort| Choice {
            value: wish.sorted(sort).href(),
            label: say(&format!("reservations-column-{}", sort.as_str())).into_owned(),
            chosen: sort == wish.sort,
        })
        .collect()
}
