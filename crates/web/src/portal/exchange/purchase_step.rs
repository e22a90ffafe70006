//! The second step: what is bought for it.

use super::draft::{Draft, Give, Hidden, ROWS_MAX, SHARED, SUBSCRIPTION, Want, WantFaults};
use super::return_step;
use crate::portal::desk::Desk;
use crate::portal::language::say_with;
use crate::portal::page::{self, Section, Shell};
use crate::portal::products::{self, Choice, ChoiceGroup, Product, Products, Search, Taking};
use crate::portal::{reservation, words};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::catalog::{self, Item, Listed};
use prorata_app::{App, Error};
use prorata_domain::catalog::Placement;
use prorata_domain::ids::SubscriptionId;
use prorata_domain::reservation::{Order, Reservation};
use prorata_domain::term::{BillingPlan, Term, utc_day};

/// SKUs offered for a row; a longer list is for the search of a price list, not for a form.
const ON_SALE_MAX: usize = 100;

#[derive(Debug, Template)]
#[template(path = "exchange_purchase.html")]
pub struct PurchasePage {
    pub shell: Shell,
    /// What is given up, in words.
    pub given: Vec<String>,
    pub rows: Vec<WantRow>,
    pub subscription: String,
    pub subscription_fault: Option<String>,
    /// The fields of the first step.
    pub hidden: Vec<Hidden>,
    pub alert: Option<String>,
    pub products: Products,
}

#[derive(Debug, Clone)]
pub struct WantRow {
    /// From 1, as people count.
    pub number: usize,
    /// From 0, as the buttons count.
    pub index: usize,
    pub types: Vec<ChoiceGroup>,
    pub locations: Vec<Choice>,
    pub terms: Vec<Choice>,
    pub plans: Vec<Choice>,
    pub scopes: Vec<Choice>,
    pub sku: String,
    pub quantity: String,
    pub name: String,
    pub faults: WantFaults,
    pub on_sale: Vec<OnSale>,
    /// What is sold here, or why nothing is listed.
    pub on_sale_words: String,
    pub may_remove: bool,
}

/// A SKU that is sold, with its list prices.
#[derive(Debug, Clone)]
pub struct OnSale {
    pub sku: String,
    pub prices: Vec<String>,
}

/// What the page says of what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Say {
    Nothing,
    /// What is wrong with each field.
    Faults,
    /// Why the review could not be made.
    Alert(String),
}

/// Takes a product into the basket.
pub fn add(draft: &mut Draft, product: Product) {
    if draft.wants.len() >= ROWS_MAX {
        return;
    }
    draft.wants.push(Want {
        resource_type: product.resource_type,
        sku: product.sku,
        location: product.location,
        term: product.term.to_string(),
        plan: product.plan.to_string(),
        quantity: "1".to_owned(),
        scope: SHARED.to_owned(),
        ..Want::default()
    });
}

pub async fn page(
    desk: &Desk,
    mut draft: Draft,
    say: Say,
    status: StatusCode,
) -> Result<Response, Error> {
    let app = desk.app();
    let given: Vec<Give> = draft.given().cloned().collect();
    let held = return_step::load(desk, &given).await?;
    begin(&mut draft, &held);
    let mut rows = Vec::with_capacity(draft.wants.len());
    for (index, want) in draft.wants.iter().enumerate() {
        let listed = on_sale(desk, &draft.subscription, want).await?;
        let mut row = row(desk, index, want, &held, listed.as_ref());
        row.may_remove = draft.wants.len() > 1;
        if say == Say::Faults {
            row.faults = want.faults(&app.catalog);
        }
        rows.push(row);
    }
    let subscription_fault = (say == Say::Faults
        && SubscriptionId::parse(&draft.subscription).is_none())
    .then(|| "Enter the subscription's id: 32 digits in five groups.".to_owned());
    let products = search(desk, &mut draft, &held).await?;
    let page = PurchasePage {
        shell: desk.shell("Exchange: purchase", Section::Exchange),
        given: given.iter().zip(&held).map(|(give, held)| in_words(app, give, held)).collect(),
        rows,
        hidden: draft.hidden_gives(),
        subscription: draft.subscription,
        subscription_fault,
        alert: match say {
            Say::Alert(alert) => Some(alert),
            Say::Nothing | Say::Faults => None,
        },
        products,
    };
    Ok(page::answer(status, &page))
}

/// A first row, and the subscription that paid for what is given up.
fn begin(draft: &mut Draft, held: &[(Order, Reservation)]) {
    let Some((order, _)) = held.first() else { return };
    if draft.subscription.is_empty() {
        draft.subscription = order.billing_subscription.to_string();
    }
    if draft.wants.is_empty() {
        let what = &order.commitment;
        draft.wants.push(Want {
            resource_type: what.resource_type.clone(),
            location: what.location.clone(),
            term: what.term.to_string(),
            plan: what.plan.to_string(),
            quantity: "1".to_owned(),
            scope: SHARED.to_owned(),
            ..Want::default()
        });
    }
}

fn in_words(app: &App, give: &Give, (order, held): &(Order, Reservation)) -> String {
    let what = &order.commitment;
    format!(
        "{} × {}, {}, {}",
        give.quantity,
        held.sku,
        reservation::region(app, &what.location),
        words::term(what.term)
    )
}

/// What is sold of a row's type in its region; nothing where that cannot be told to this caller.
async fn on_sale(desk: &Desk, subscription: &str, want: &Want) -> Result<Option<Listed>, Error> {
    let Some(subscription) = SubscriptionId::parse(subscription) else { return Ok(None) };
    let call = desk.call();
    let global = desk
        .app()
        .catalog
        .resource_type(&want.resource_type)
        .is_some_and(|found| found.location == Placement::Global);
    let query = catalog::Query {
        resource_type: Some(want.resource_type.clone()),
        location: (!global && !want.location.is_empty()).then(|| want.location.clone()),
        skip: 0,
        take: ON_SALE_MAX,
    };
    let listed = desk
        .app()
        .read_async(move |tx, app| catalog::list(tx, app, &call, subscription, &query))
        .await;
    match listed {
        Ok(listed) => Ok(Some(listed)),
        // The review says what is wrong with the subscription.
        Err(Error::Absent { .. } | Error::Denied { .. } | Error::Malformed(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn row(
    desk: &Desk,
    index: usize,
    want: &Want,
    held: &[(Order, Reservation)],
    listed: Option<&Listed>,
) -> WantRow {
    let choice = |value: &str, label: String, chosen: &str| Choice::new(value, label, chosen);
    let mut locations = vec![choice("", "No region".to_owned(), &want.location)];
    let mut regions: Vec<_> = desk.app().catalog.regions().collect();
    regions.sort_unstable_by_key(|region| &region.name);
    locations.extend(
        regions.into_iter().map(|region| choice(&region.arm, region.name.clone(), &want.location)),
    );
    let terms = Term::ALL.map(|term| choice(term.as_str(), words::term(term).into(), &want.term));
    let plans =
        BillingPlan::ALL.map(|plan| choice(plan.as_str(), words::plan(plan).into(), &want.plan));
    let scopes = [(SHARED, "Shared"), (SUBSCRIPTION, "The subscription that pays")]
        .map(|(value, label)| choice(value, label.to_owned(), &want.scope));
    WantRow {
        number: index + 1,
        index,
        types: types(desk, &want.resource_type, held),
        locations,
        terms: terms.into(),
        plans: plans.into(),
        scopes: scopes.into(),
        sku: want.sku.clone(),
        quantity: want.quantity.clone(),
        name: want.name.clone(),
        faults: WantFaults::default(),
        on_sale: listed.map(|listed| listed.items.iter().map(sold).collect()).unwrap_or_default(),
        on_sale_words: match listed {
            None => "Nothing can be listed for this subscription.".to_owned(),
            Some(listed) => on_sale_words(listed),
        },
        may_remove: false,
    }
}

fn on_sale_words(listed: &Listed) -> String {
    let shown = listed.items.len() as i64;
    match listed.total {
        0 => "Nothing of this type is sold here".to_owned(),
        1 => "1 SKU on sale".to_owned(),
        total if total > shown => {
            format!("{} SKUs on sale, the first {}", words::count(total), words::count(shown))
        }
        total => format!("{} SKUs on sale", words::count(total)),
    }
}

fn sold(item: &Item) -> OnSale {
    let prices = item.prices.iter().map(|price| {
        let stopped = if item.stopped.contains(&price.term) { ", no longer sold" } else { "" };
        format!("{} for {}{stopped}", words::money(price.unit_total), words::term(price.term))
    });
    OnSale { sku: item.sku.clone(), prices: prices.collect() }
}

/// The types: first those that what is given up may become today, then the others.
fn types(desk: &Desk, chosen: &str, held: &[(Order, Reservation)]) -> Vec<ChoiceGroup> {
    let app = desk.app();
    let clauses = app.book.in_force(utc_day(app.now()));
    let groups = clauses.exchange_groups.value;
    let mut allowed = Vec::new();
    let mut others = Vec::new();
    for found in app.catalog.resource_types() {
        let choice = Choice::new(&found.name, products::type_label(app, &found.name), chosen);
        let may = held
            .iter()
            .all(|(order, _)| groups.may_become(&order.commitment.resource_type, &found.name));
        if may { allowed.push(choice) } else { others.push(choice) }
    }
    let groups =
        [("What is returned may become", allowed), ("Refused for what is returned", others)];
    groups
        .into_iter()
        .filter(|(_, choices)| !choices.is_empty())
        .map(|(label, choices)| ChoiceGroup { label: label.to_owned(), choices })
        .collect()
}

/// The search, which begins with what is like the first of what is given up.
async fn search(
    desk: &Desk,
    draft: &mut Draft,
    held: &[(Order, Reservation)],
) -> Result<Products, Error> {
    let search = draft.search.get_or_insert_with(|| {
        let like = held.first().map(|(order, _)| &order.commitment);
        like.map_or_else(Search::default, |what| Search {
            kind: what.resource_type.clone(),
            region: what.location.clone(),
            term: what.term.to_string(),
            plan: what.plan.to_string(),
            ..Search::default()
        })
    });
    let app = desk.app();
    let clauses = app.book.in_force(utc_day(app.now()));
    let groups = clauses.exchange_groups.value;
    let payer = SubscriptionId::parse(&draft.subscription);
    let types = types(desk, &search.kind, held);
    products::find(desk, payer, search, types, &Taking::Form, |offer| {
        let kinds = held.iter().map(|(order, _)| &order.commitment.resource_type);
        let stray =
            kinds.into_iter().find(|from| !groups.may_become(from, &offer.resource_type))?;
        Some(say_with("exchange-not-into", [("from", stray.clone().into())]).into_owned())
    })
    .await
}
