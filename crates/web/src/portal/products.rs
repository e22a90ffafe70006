//! The search of the catalog: by type, words, region, term and billing plan, with the prices that
//! the buyer's account pays. It is a part of the pages that sell something; what a page says about
//! a product (that it may not be had here, and why) is the page's own.

use super::desk::Desk;
use super::form::{Fields, escaped};
use super::language::{say, say_with};
use super::{reservation, words};
use prorata_app::catalog::{self, Lack, OnOffer};
use prorata_app::{App, Error};
use prorata_domain::ids::SubscriptionId;
use prorata_domain::proration::unit_payment;
use prorata_domain::term::{BillingPlan, Term, utc_day};
use std::fmt;

/// Products of one page of the search.
const ROWS: usize = 25;

/// What is looked for, as typed. An empty field is any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    pub kind: String,
    pub text: String,
    pub region: String,
    pub term: String,
    pub plan: String,
    /// Products to leave out, which are on the pages before.
    pub skip: usize,
}

/// The names of the fields, in the order of [`Search`].
pub const FIELDS: [&str; 6] =
    ["find-type", "find-text", "find-region", "find-term", "find-plan", "find-from"];

impl Search {
    pub fn read(fields: &Fields) -> Search {
        let [kind, text, region, term, plan, skip] = FIELDS.map(|name| fields.one(name));
        Search { kind, text, region, term, plan, skip: skip.parse().unwrap_or_default() }
    }

    /// Whether the form was sent at all; a page that was just opened asks for nothing yet.
    pub fn was_sent(fields: &Fields) -> bool {
        fields.has("find-type")
    }

    /// The fields as names and values, to be carried along.
    pub fn pairs(&self) -> [(&'static str, String); 6] {
        let skip = if self.skip == 0 { String::new() } else { self.skip.to_string() };
        let values = [&self.kind, &self.text, &self.region, &self.term, &self.plan, &skip];
        let mut pairs = FIELDS.map(|name| (name, String::new()));
        for (pair, value) in pairs.iter_mut().zip(values) {
            pair.1.clone_from(value);
        }
        pairs
    }

    fn plan(&self) -> BillingPlan {
        BillingPlan::parse(&self.plan).unwrap_or(BillingPlan::Upfront)
    }

    fn wanted(&self, app: &App) -> catalog::Search {
        let filled = |text: &String| (!text.is_empty()).then(|| text.clone());
        catalog::Search {
            resource_type: filled(&self.kind)
                .filter(|name| app.catalog.resource_type(name).is_some()),
            text: self.text.clone(),
            location: filled(&self.region),
            term: Term::parse(&self.term),
            plan: self.plan(),
            skip: self.skip,
            take: ROWS,
        }
    }
}

/// A product as it is chosen: what is sold, where, for how long, and how it is paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    pub resource_type: String,
    pub sku: String,
    /// Empty for what is sold without a region.
    pub location: String,
    pub term: Term,
    pub plan: BillingPlan,
}

impl Product {
    pub fn of(offer: &OnOffer) -> Product {
        Product {
            resource_type: offer.resource_type.clone(),
            sku: offer.sku.clone(),
            location: if offer.global { String::new() } else { offer.location.clone() },
            term: offer.term,
            plan: offer.plan,
        }
    }

    /// Reads what [`fmt::Display`] wrote.
    pub fn parse(text: &str) -> Option<Product> {
        let (resource_type, rest) = text.split_once('/')?;
        let mut parts = rest.rsplitn(4, '/');
        let plan = BillingPlan::parse(parts.next()?)?;
        let term = Term::parse(parts.next()?)?;
        let location = parts.next()?.to_owned();
        let sku = parts.next()?.to_owned();
        Some(Product { resource_type: resource_type.to_owned(), sku, location, term, plan })
    }
}

impl fmt::Display for Product {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Product { resource_type, sku, location, term, plan } = self;
        write!(f, "{resource_type}/{sku}/{location}/{}/{}", term.as_str(), plan.as_str())
    }
}

/// One of the things to choose in a field.
#[derive(Debug, Clone)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

impl Choice {
    pub fn new(value: &str, label: impl Into<String>, chosen: &str) -> Choice {
        let (label, chosen) = (label.into(), value.eq_ignore_ascii_case(chosen));
        Choice { value: value.to_owned(), label, chosen }
    }
}

/// Choices that belong together.
#[derive(Debug, Clone)]
pub struct ChoiceGroup {
    pub label: String,
    pub choices: Vec<Choice>,
}

/// How a page takes what is chosen.
#[derive(Debug, Clone)]
pub enum Taking {
    /// As the button `act` of the page's own form: `add.<product>`, and `from.<number>` for another
    /// page of products.
    Form,
    /// As a link to this address with `product=<product>`; its form asks for another page with
    /// `find-from`.
    Address(String),
}

/// The part of a page.
#[derive(Debug, Clone)]
pub struct Products {
    pub text: String,
    pub types: Vec<ChoiceGroup>,
    pub regions: Vec<Choice>,
    pub terms: Vec<Choice>,
    pub plans: Vec<Choice>,
    /// What the account pays in; nothing where nothing could be listed.
    pub currency: Option<String>,
    pub rows: Vec<Row>,
    /// How many are shown, or why none are.
    pub tally: String,
    pub earlier: Option<Pick>,
    pub later: Option<Pick>,
}

#[derive(Debug, Clone)]
pub struct Row {
    pub sku: String,
    pub title: String,
    pub region: String,
    pub term: String,
    pub price: String,
    /// What is paid each month; empty where all is paid at once.
    pub payment: String,
    pub pick: Pick,
}

/// How something is chosen, or why it cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pick {
    Act(String),
    Link(String),
    Barred(String),
}

impl Pick {
    pub fn act(&self) -> Option<&str> {
        match self {
            Pick::Act(word) => Some(word),
            Pick::Link(_) | Pick::Barred(_) => None,
        }
    }

    pub fn link(&self) -> Option<&str> {
        match self {
            Pick::Link(href) => Some(href),
            Pick::Act(_) | Pick::Barred(_) => None,
        }
    }

    pub fn barred(&self) -> Option<&str> {
        match self {
            Pick::Barred(why) => Some(why),
            Pick::Act(_) | Pick::Link(_) => None,
        }
    }
}

/// Looks for products that a subscription would pay for. `types` are the choices of the type, and
/// `bar` says why something that is sold may not be had here.
///
/// # Errors
/// Those of the database.
pub async fn find(
    desk: &Desk,
    payer: Option<SubscriptionId>,
    search: &Search,
    types: Vec<ChoiceGroup>,
    taking: &Taking,
    bar: impl Fn(&OnOffer) -> Option<String>,
) -> Result<Products, Error> {
    let (call, wanted) = (desk.call(), search.wanted(desk.app()));
    let offered = match payer {
        None => None,
        Some(payer) => {
            let found = desk
                .app()
                .read_async(move |tx, app| catalog::search(tx, app, &call, payer, &wanted))
                .await;
            match found {
                Ok(offered) => Some(offered),
                // What is wrong with the subscription is said where it is used.
                Err(Error::Absent { .. } | Error::Denied { .. }) => None,
                Err(error) => return Err(error),
            }
        }
    };
    let mut products = fields(desk.app(), search, types);
    let Some(offered) = offered else {
        products.tally = say("products-not-listed").into_owned();
        return Ok(products);
    };
    let app = desk.app();
    products.currency = Some(offered.currency.to_string());
    let rows = offered.rows.iter().map(|offer| {
        let why = offer.lack.as_ref().map(|lack| lacking(lack, offer)).or_else(|| bar(offer));
        row(app, offer, taking, why)
    });
    products.rows = rows.collect();
    // What may be taken stands before what may not, each in the order of the catalog.
    products.rows.sort_by_key(|row| row.pick.barred().is_some());
    let shown = products.rows.len();
    products.tally = tally(search.skip, shown, offered.more);
    let turn = |skip: usize| match taking {
        Taking::Form => Pick::Act(format!("from.{skip}")),
        Taking::Address(address) => {
            let turned = Search { skip, ..search.clone() };
            let pairs = turned.pairs().map(|(name, value)| format!("{name}={}", escaped(&value)));
            let sign = if address.contains('?') { '&' } else { '?' };
            Pick::Link(format!("{address}{sign}{}", pairs.join("&")))
        }
    };
    products.earlier = (search.skip > 0).then(|| turn(search.skip.saturating_sub(ROWS)));
    products.later = offered.more.then(|| turn(search.skip + ROWS));
    Ok(products)
}

/// The fields of the search, filled in as they were.
fn fields(app: &App, search: &Search, types: Vec<ChoiceGroup>) -> Products {
    let mut regions: Vec<_> = app.catalog.regions().collect();
    regions.sort_unstable_by_key(|region| &region.name);
    let regions =
        regions.into_iter().map(|region| Choice::new(&region.arm, &region.name, &search.region));
    let any = |id: &str, chosen: &str| Choice::new("", say(id), chosen);
    let terms =
        Term::ALL.iter().map(|term| Choice::new(term.as_str(), words::term(*term), &search.term));
    let plan = search.plan();
    let plans =
        BillingPlan::ALL.map(|one| Choice::new(one.as_str(), words::plan(one), plan.as_str()));
    Products {
        text: search.text.clone(),
        types,
        regions: std::iter::once(any("products-any-region", &search.region))
            .chain(regions)
            .collect(),
        terms: std::iter::once(any("products-any-term", &search.term)).chain(terms).collect(),
        plans: plans.into(),
        currency: None,
        rows: Vec::new(),
        tally: String::new(),
        earlier: None,
        later: None,
    }
}

/// Every type that is sold, by its title, after the choice of any.
pub fn all_types(app: &App, chosen: &str) -> Vec<ChoiceGroup> {
    let today = utc_day(app.now());
    let sold = app.catalog.resource_types().filter(|found| found.stopped_on(today).is_none());
    let mut choices: Vec<Choice> =
        sold.map(|found| Choice::new(&found.name, type_label(app, &found.name), chosen)).collect();
    choices.sort_by(|one, other| one.label.cmp(&other.label));
    vec![
        ChoiceGroup {
            label: String::new(),
            choices: vec![Choice::new("", say("products-any-type"), chosen)],
        },
        ChoiceGroup { label: say("products-types").into_owned(), choices },
    ]
}

/// A type as it is chosen: its title, and the name that requests have for it.
pub fn type_label(app: &App, name: &str) -> String {
    match app.catalog.resource_type(name) {
        Some(found) => format!("{} ({})", found.title, found.name),
        None => name.to_owned(),
    }
}

fn row(app: &App, offer: &OnOffer, taking: &Taking, why: Option<String>) -> Row {
    let product = Product::of(offer);
    let payment = offer
        .unit_total
        .filter(|_| offer.plan == BillingPlan::Monthly)
        .and_then(|total| unit_payment(total, offer.plan.payments(offer.term)).ok());
    let pick = match (why, taking) {
        (Some(why), _) => Pick::Barred(why),
        (None, Taking::Form) => Pick::Act(format!("add.{product}")),
        (None, Taking::Address(address)) => {
            let sign = if address.contains('?') { '&' } else { '?' };
            Pick::Link(format!("{address}{sign}product={}", escaped(&product.to_string())))
        }
    };
    Row {
        sku: offer.sku.clone(),
        title: offer.title.clone(),
        region: if offer.global {
            say("products-no-region").into_owned()
        } else {
            reservation::region(app, &offer.location)
        },
        term: words::term(offer.term).into_owned(),
        price: offer.unit_total.map(words::figure).unwrap_or_default(),
        payment: payment.map(words::figure).unwrap_or_default(),
        pick,
    }
}

/// Why something of the price list cannot be bought.
fn lacking(lack: &Lack, offer: &OnOffer) -> String {
    let term = || words::term(offer.term).into_owned().into();
    let said = match lack {
        Lack::TypeStopped(since) => {
            say_with("products-type-stopped", [("day", words::day(*since).into())])
        }
        Lack::SeriesStopped { series, since } => say_with(
            "products-series-stopped",
            [
                ("series", series.clone().into()),
                ("term", term()),
                ("day", words::day(*since).into()),
            ],
        ),
        Lack::Term => say_with("products-not-for-term", [("term", term())]),
        Lack::Plan => say_with(
            "products-not-by-plan",
            [("plan", words::plan(offer.plan).into_owned().into())],
        ),
        Lack::Price => say("products-no-price"),
    };
    said.into_owned()
}

fn tally(skip: usize, shown: usize, more: bool) -> String {
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let said = match (skip, shown, more) {
        (0, 0, _) => say("products-none"),
        (_, 0, _) => say("products-no-more"),
        (0, _, false) => say_with("products-found", [("count", number(shown).into())]),
        _ => say_with(
            "products-part",
            [("from", number(skip + 1).into()), ("to", number(skip + shown).into())],
        ),
    };
    said.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_is_read_as_it_is_written() {
        let product = Product {
            resource_type: "VirtualMachines".to_owned(),
            sku: "a/b".to_owned(),
            location: String::new(),
            term: Term::P3Y,
            plan: BillingPlan::Monthly,
        };
        assert_eq!(Product::parse(&product.to_string()), Some(product));
        for text in ["", "a/b", "a/b/c/P1Y", "a/b/c/P9Y/Monthly", "a/b/c/P1Y/Weekly"] {
            assert_eq!(Product::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_search_survives_its_own_fields() {
        let search = Search {
            kind: "VirtualMachines".to_owned(),
            text: "D2s <v3>".to_owned(),
            region: "westus".to_owned(),
            term: "P1Y".to_owned(),
            plan: "Monthly".to_owned(),
            skip: 25,
        };
        let pairs = search.pairs().map(|(name, value)| (name.to_owned(), value));
        assert_eq!(Search::read(&Fields::new(pairs.into())), search);
    }
}
