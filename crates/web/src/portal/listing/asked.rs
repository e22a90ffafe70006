//! What the list is asked for, as its address has it.
//!
//! | name | value |
//! |---|---|
//! | `show` | `active`, `expiring`, `no-benefit`, `ended`, `archived`, `all` |
//! | `q` | part of a name or SKU, or the beginning of an id |
//! | `customer` | a tenant's id, or part of a name |
//! | `type`, `region` | a resource type, a region, as the API names them |
//! | `term` | `P1M`, `P1Y`, `P3Y`, `P5Y` |
//! | `scope` | `shared`, `subscription`, `resource-group`, `management-group` |
//! | `renew` | `on`, `off` |
//! | `within` | days |
//! | `under` | percent: less than that was used over seven days |
//! | `sort` | a column, with `-` before it the other way round |
//! | `group` | `customer` |
//! | `after`, `before` | the mark of a row |

use crate::portal::form::{Fields, escaped};
use prorata_app::listing::{Filter, From, Query, ScopeKind, Show, Sort, Whose};
use prorata_domain::ids::TenantId;
use prorata_domain::term::Term;

/// Rows of a page: what fits a few screens.
const ROWS: usize = 50;
/// Days of the longest term, and a little more.
const WITHIN_MAX: u32 = 2000;

/// The query of the list, without the place of the page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wish {
    /// Without one it is chosen by whether something is looked for.
    pub(super) show: Option<Show>,
    pub text: String,
    pub customer: String,
    pub resource_type: String,
    pub region: String,
    pub term: Option<Term>,
    pub scope: Option<ScopeKind>,
    pub renew: Option<bool>,
    pub within: Option<u32>,
    pub under: Option<u32>,
    pub sort: Sort,
    pub descending: bool,
    pub by_customer: bool,
}

impl Wish {
    /// Reads a query; what is none of the values that there are is left out.
    pub fn read(fields: &Fields) -> Wish {
        let sort = fields.one("sort");
        let (descending, column) = sort.strip_prefix('-').map_or((false, &*sort), |c| (true, c));
        let renew = match &*fields.one("renew") {
            "on" => Some(true),
            "off" => Some(false),
            _ => None,
        };
        let number = |name: &str| fields.one(name).parse::<u32>().ok();
        Wish {
            show: Show::parse(&fields.one("show")),
            text: fields.one("q"),
            customer: fields.one("customer"),
            resource_type: fields.one("type"),
            region: fields.one("region"),
            term: Term::parse(&fields.one("term")),
            scope: ScopeKind::parse(&fields.one("scope")),
            renew,
            within: number("within").filter(|days| (1..=WITHIN_MAX).contains(days)),
            under: number("under").filter(|percent| (1..=100).contains(percent)),
            descending: descending && Sort::parse(column).is_some(),
            sort: Sort::parse(column).unwrap_or_default(),
            by_customer: fields.one("group") == "customer",
        }
    }

    /// What is shown: who looks for something looks among all.
    pub fn show(&self) -> Show {
        self.show.unwrap_or(if self.text.is_empty() { Show::Active } else { Show::All })
    }

    #[must_use]
    pub fn showing(&self, show: Show) -> Wish {
        Wish { show: Some(show), ..self.clone() }
    }

    /// The address with another sorting: by a column, or by it the other way round.
    pub fn sorted(&self, sort: Sort) -> Wish {
        let descending = sort == self.sort && !self.descending;
        Wish { sort, descending, ..self.clone() }
    }

    /// The same with nothing left out of the list but by its stage of life.
    pub fn unfiltered(&self) -> Wish {
        Wish {
            show: self.show,
            sort: self.sort,
            descending: self.descending,
            by_customer: self.by_customer,
            ..Wish::default()
        }
    }

    /// How many filters narrow the list down.
    pub fn filters(&self) -> usize {
        [
            !self.text.is_empty(),
            !self.customer.is_empty(),
            !self.resource_type.is_empty(),
            !self.region.is_empty(),
            self.term.is_some(),
            self.scope.is_some(),
            self.renew.is_some(),
            self.within.is_some(),
            self.under.is_some(),
        ]
        .into_iter()
        .filter(|is_there| *is_there)
        .count()
    }

    /// The column with the direction, as the address has it; empty for the usual one.
    pub fn sorting(&self) -> String {
        match (self.descending, self.sort) {
            (false, Sort::Expires) => String::new(),
            (false, sort) => sort.as_str().to_owned(),
            (true, sort) => format!("-{}", sort.as_str()),
        }
    }

    /// The stage of life, where it is not the usual one.
    pub fn shown(&self) -> &'static str {
        let usual = Wish { show: None, ..self.clone() }.show();
        if self.show() == usual { "" } else { self.show().as_str() }
    }

    /// The query in one form, whatever form it came in.
    pub fn query(&self) -> String {
        let renew = self.renew.map_or("", |on| if on { "on" } else { "off" });
        let number = |number: Option<u32>| number.map_or_else(String::new, |n| n.to_string());
        let (within, under) = (number(self.within), number(self.under));
        let sorting = self.sorting();
        let group = if self.by_customer { "customer" } else { "" };
        [
            ("show", self.shown()),
            ("q", &self.text),
            ("customer", &self.customer),
            ("type", &self.resource_type),
            ("region", &self.region),
            ("term", self.term.map_or("", Term::as_str)),
            ("scope", self.scope.map_or("", ScopeKind::as_str)),
            ("renew", renew),
            ("within", &within),
            ("under", &under),
            ("sort", &sorting),
            ("group", group),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", escaped(value)))
        .collect::<Vec<_>>()
        .join("&")
    }

    pub fn href(&self) -> String {
        at("/reservations", &self.query())
    }

    /// Where the page beside this one is.
    pub fn beside(&self, way: &str, mark: &str) -> String {
        let mark = format!("{way}={}", escaped(mark));
        let query = self.query();
        at("/reservations", &if query.is_empty() { mark } else { format!("{query}&{mark}") })
    }

    pub fn asked(&self, from: From) -> Query {
        let some = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let whose = |text: String| match TenantId::parse(&text) {
            Some(tenant) => Whose::Tenant(tenant),
            None => Whose::Named(text),
        };
        Query {
            filter: Filter {
                show: self.show(),
                customer: some(&self.customer).map(whose),
                resource_type: some(&self.resource_type),
                region: some(&self.region),
                term: self.term,
                scope: self.scope,
                renew: self.renew,
                within: self.within,
                under: self.under,
                text: self.text.clone(),
            },
            sort: self.sort,
            descending: self.descending,
            by_customer: self.by_customer,
            from,
            limit: ROWS,
        }
    }
}

/// A path with a query behind it, where there is one.
pub fn at(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// The place of the page that is asked for.
pub fn place(fields: &Fields) -> From {
    match (fields.one("after"), fields.one("before")) {
        (mark, _) if !mark.is_empty() => From::After(mark),
        (_, mark) if !mark.is_empty() => From::Before(mark),
        _ => From::Start,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Wish {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Wish::read(&Fields::new(pairs.collect()))
    }

    #[test]
    fn an_address_is_read_and_written_as_the_same() {
        for query in [
            "",
            "show=ended",
            "q=web",
            "show=active&q=web&sort=-quantity&group=customer",
            "customer=Contoso&type=VirtualMachines&region=westus&term=P3Y&scope=shared&renew=off&\
             within=90&under=80&sort=name",
        ] {
            assert_eq!(read(query).query(), query);
        }
    }

    #[test]
    fn what_is_no_value_is_left_out() {
        let wish = read("show=some&term=P9Y&scope=x&renew=maybe&within=0&sort=-colour&group=sku");
        assert_eq!(wish, Wish::default());
        assert_eq!(wish.filters(), 0);
    }

    #[test]
    fn who_looks_for_something_looks_among_all() {
        assert_eq!(read("").show(), Show::Active);
        assert_eq!(read("q=web").show(), Show::All);
        assert_eq!(read("q=web&show=active").show(), Show::Active);
        // A tab is kept when the text is taken away, and the other way round.
        assert_eq!(read("q=web").showing(Show::Active).query(), "show=active&q=web");
        assert_eq!(read("q=web&show=active").unfiltered().query(), "");
    }

    #[test]
    fn a_column_sorts_up_first_and_then_down() {
        let once = read("").sorted(Sort::Name);
        assert_eq!(once.query(), "sort=name");
        assert_eq!(once.sorted(Sort::Name).query(), "sort=-name");
        assert_eq!(once.sorted(Sort::Name).sorted(Sort::Name).query(), "sort=name");
        assert_eq!(read("").sorted(Sort::Expires).query(), "sort=-expires");
    }
}
