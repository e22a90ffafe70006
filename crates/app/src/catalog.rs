//! What is sold, where, for how long and at what price.

mod search;

pub use search::{Lack, Offered, OnOffer, Search, search};

use crate::access;
use crate::audit::{self, Event};
use crate::limits::PAGE_ROWS_MAX;
use crate::{App, Call, Error, scope};
use jiff::civil::Date;
use prorata_domain::access::Action;
use prorata_domain::catalog::{self, GLOBAL, Placement, ResourceType};
use prorata_domain::commit_units::CommitUnits;
use prorata_domain::ids::SubscriptionId;
use prorata_domain::reservation::BillingAccount;
use prorata_domain::term::{BillingPlan, Term, utc_day};
use prorata_domain::{purchase, reservation};
use prorata_ledger::{Currency, Money, Rounding, rounding};
use prorata_store::{Tx, prices, world};
use rust_decimal::Decimal;

/// A subscription of the caller's tenant and the account that pays for it.
///
/// # Errors
/// [`Error::Absent`] when the tenant has no such subscription.
pub fn paying_account(
    tx: &mut Tx<'_>,
    call: &Call,
    subscription: SubscriptionId,
) -> Result<BillingAccount, Error> {
    let absent = || Error::Absent {
        what: format!("subscription `{subscription}`"),
        code: "SubscriptionNotFound",
    };
    let row = world::subscription(tx, subscription)?
        .filter(|row| row.tenant == call.caller.tenant)
        .ok_or_else(absent)?;
    world::billing_account(tx, &row.billing_account)?.ok_or_else(|| {
        Error::Broken(format!("subscription `{subscription}` names an account that is not there"))
    })
}

/// One product, looked up for a term, plan and payer.
pub(crate) struct Wanted<'w> {
    pub resource_type: &'w ResourceType,
    pub sku: &'w str,
    pub location: &'w str,
    pub term: Term,
    pub plan: BillingPlan,
    pub currency: Currency,
    /// US dollars for one unit of the currency, where the list has US dollars only.
    pub usd_rate: Decimal,
    pub day: Date,
}

/// A price found, and what it was converted from.
pub(crate) struct Found {
    pub series: Option<String>,
    pub commit_units: Option<CommitUnits>,
    pub unit_total: Money,
    pub converted_from: Option<(Money, Decimal)>,
}

/// The price of one unit on a day: from the list in the payer's currency, else from the list in
/// US dollars, converted at the payer's rate.
pub(crate) fn price(tx: &mut Tx<'_>, wanted: &Wanted<'_>) -> Result<Option<Found>, Error> {
    if let Some(row) = listed(tx, wanted, wanted.currency)? {
        return Ok(Some(Found {
            series: row.series,
            commit_units: row.commit_units,
            unit_total: row.unit_total,
            converted_from: None,
        }));
    }
    if wanted.currency == Currency::USD || wanted.usd_rate.is_zero() {
        return Ok(None);
    }
    let Some(row) = listed(tx, wanted, Currency::USD)? else { return Ok(None) };
    let rate = (Decimal::ONE / wanted.usd_rate).round_dp(10);
    let unit_total = rounding::scale(row.unit_total, rate, wanted.currency, Rounding::Conversion)?;
    let converted_from = Some((row.unit_total, rate));
    let (series, commit_units) = (row.series, row.commit_units);
    Ok(Some(Found { series, commit_units, unit_total, converted_from }))
}

fn listed(
    tx: &mut Tx<'_>,
    wanted: &Wanted<'_>,
    currency: Currency,
) -> Result<Option<prices::Listed>, Error> {
    Ok(prices::price_at(
        tx,
        &prices::Key {
            resource_type: &wanted.resource_type.name,
            sku: wanted.sku,
            location: wanted.location,
            term: wanted.term,
            plan: wanted.plan,
            currency,
        },
        wanted.day,
    )?)
}

/// Today's price of a unit of what is held, where it is still listed. Amounts converted from
/// US dollars use the rate of the purchase, so that only a change of price shows.
pub(crate) fn current_price(
    tx: &mut Tx<'_>,
    app: &App,
    commitment: &reservation::Commitment,
    day: Date,
) -> Result<Option<Money>, Error> {
    let Some(resource_type) = app.catalog.resource_type(&commitment.resource_type) else {
        return Ok(None);
    };
    let wanted = Wanted {
        resource_type,
        sku: &commitment.sku,
        location: &commitment.location,
        term: commitment.term,
        plan: commitment.plan,
        currency: commitment.unit_total.currency(),
        usd_rate: commitment.usd_rate,
        day,
    };
    Ok(price(tx, &wanted)?.map(|found| found.unit_total))
}

/// The facts of a purchase: who pays, what is sold, and whether the applied scope will do.
pub(crate) fn purchase_facts(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    request: &purchase::Request,
) -> Result<purchase::Facts, Error> {
    let account = paying_account(tx, call, request.billing_subscription)?;
    let day = utc_day(call.now);
    let mut facts = purchase::Facts {
        scope_fault: scope::fault(tx, call.caller.tenant, &account, &request.applied_scope)?,
        account,
        offer: None,
        sold_in: Vec::new(),
        type_stopped: None,
        customer: None,
    };
    let Some(resource_type) = app.catalog.resource_type(&request.resource_type) else {
        return Ok(facts);
    };
    if let Some(stopped) = resource_type.stopped_on(day) {
        facts.type_stopped = Some(stopped.since);
        return Ok(facts);
    }
    let location = match (&resource_type.location, &request.location) {
        (Placement::Global, _) => GLOBAL.to_owned(),
        (Placement::Regional, Some(location)) => location.replace(' ', "").to_ascii_lowercase(),
        (Placement::Regional, None) => String::new(),
    };
    let here = prices::on_sale_in(tx, &resource_type.name, &request.sku, &location, day)?;
    let Some(first) = here.first() else {
        let elsewhere = prices::on_sale(tx, &resource_type.name, &request.sku, day)?;
        facts.sold_in = elsewhere.into_iter().map(|row| row.location).collect();
        facts.sold_in.sort_unstable();
        facts.sold_in.dedup();
        return Ok(facts);
    };
    let value = resource_type.on(day);
    let mut terms: Vec<Term> = here.iter().map(|row| row.term).collect();
    terms.retain(|term| value.terms.contains(term));
    terms.sort_unstable();
    terms.dedup();
    let mut plans: Vec<BillingPlan> = here
        .iter()
        .filter(|row| row.term == request.term)
        .flat_map(|row| plans_of(resource_type, row.plan, day))
        .collect();
    plans.sort_unstable();
    plans.dedup();
    if plans.is_empty() {
        plans.clone_from(&resource_type.on(day).billing_plans);
    }
    let sku = first.sku.clone();
    let found = price(
        tx,
        &Wanted {
            resource_type,
            sku: &sku,
            location: &location,
            term: request.term,
            plan: request.plan,
            currency: facts.account.currency,
            usd_rate: facts.account.usd_rate,
            day,
        },
    )?;
    let region = app.catalog.region_title(&location);
    let series = found
        .as_ref()
        .and_then(|found| found.series.clone())
        .or_else(|| resource_type.series_of(&sku));
    let stop = app.book.in_force(day).legacy_sale_stop.value;
    let stops = |series: &str| stop.stops(&resource_type.name, series, request.term, day);
    let newer = match series.as_deref().is_some_and(stops) {
        true => newer_on_sale(tx, resource_type, &sku, &location, request.term, day, stops)?,
        false => Vec::new(),
    };
    facts.offer = Some(purchase::Offer {
        resource_type: resource_type.name.clone(),
        title: catalog::product_title(resource_type, &sku, region, request.term),
        series,
        newer,
        commit_units: found.as_ref().and_then(|found| found.commit_units),
        sku,
        location,
        terms,
        plans,
        unit_total: found.as_ref().map(|found| found.unit_total),
        converted_from: found.and_then(|found| found.converted_from),
    });
    Ok(facts)
}

/// The same size in later versions that are sold in a region for a term.
fn newer_on_sale(
    tx: &mut Tx<'_>,
    resource_type: &ResourceType,
    sku: &str,
    location: &str,
    term: Term,
    day: Date,
    stops: impl Fn(&str) -> bool,
) -> Result<Vec<String>, Error> {
    let mut newer = Vec::new();
    for name in catalog::later_versions(sku) {
        if resource_type.series_of(&name).is_some_and(|series| stops(&series)) {
            continue;
        }
        let rows = prices::on_sale_in(tx, &resource_type.name, &name, location, day)?;
        newer.extend(rows.into_iter().find(|row| row.term == term).map(|row| row.sku));
    }
    Ok(newer)
}

/// The plans a price holds for on a day: its own, or every one that the type allows.
fn plans_of(
    resource_type: &ResourceType,
    plan: Option<BillingPlan>,
    day: Date,
) -> Vec<BillingPlan> {
    let allowed = &resource_type.on(day).billing_plans;
    allowed.iter().copied().filter(|one| plan.is_none_or(|plan| plan == *one)).collect()
}

/// Why a scope cannot be used by the caller: it is not there, is another tenant's, or another
/// account pays.
pub(crate) fn scope_fault(
    tx: &mut Tx<'_>,
    call: &Call,
    account: &BillingAccount,
    wanted: &reservation::AppliedScope,
) -> Result<Option<String>, Error> {
    scope::fault(tx, call.caller.tenant, account, wanted)
}

/// Which part of the catalog is asked for.
#[derive(Debug, Clone, Default)]
pub struct Query {
    pub resource_type: Option<String>,
    pub location: Option<String>,
    pub skip: usize,
    pub take: usize,
}

/// A product in one region with its prices.
#[derive(Debug, Clone)]
pub struct Item {
    pub resource_type: ResourceType,
    pub sku: String,
    pub location: String,
    pub tier: Option<String>,
    pub size: Option<String>,
    pub series: Option<String>,
    pub flexibility_group: Option<String>,
    pub prices: Vec<Price>,
    /// Terms that are listed but no longer sold.
    pub stopped: Vec<Term>,
}

/// The price of a unit for a term, and the plans it may be paid by.
#[derive(Debug, Clone)]
pub struct Price {
    pub term: Term,
    pub plans: Vec<BillingPlan>,
    pub unit_total: Money,
}

#[derive(Debug, Clone)]
pub struct Listed {
    pub items: Vec<Item>,
    /// How many there are in all.
    pub total: i64,
}

/// A page of the catalog as a subscription sees it, in US dollars (list prices).
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`]; those of the database.
pub fn list(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    subscription: SubscriptionId,
    query: &Query,
) -> Result<Listed, Error> {
    let _ = access::subscription(tx, call, Action::Catalog, subscription)?;
    audit::looked_at(tx, call, &Event::new("catalog", format!("subscription/{subscription}")));
    let account = paying_account(tx, call, subscription)?;
    let day = utc_day(call.now);
    let resource_type = match query.resource_type.as_deref() {
        None => None,
        Some(name) => Some(
            &app.catalog
                .resource_type(name)
                .ok_or_else(|| {
                    Error::malformed(
                        "reservedResourceType",
                        format!("`{name}` is not a known type"),
                    )
                })?
                .name,
        ),
    };
    let location = query.location.as_deref().map(|text| text.replace(' ', "").to_ascii_lowercase());
    let page = prices::catalog_page(
        tx,
        &prices::CatalogQuery {
            resource_type: resource_type.map(String::as_str),
            location: location.as_deref(),
            currency: account.currency,
            day,
            skip: query.skip,
            take: query.take.clamp(1, PAGE_ROWS_MAX),
        },
    )?;
    let stop = app.book.in_force(day).legacy_sale_stop.value;
    let items = page.products.into_iter().filter_map(|product| {
        let resource_type = app.catalog.resource_type(&product.resource_type)?.clone();
        let series = product.series.or_else(|| resource_type.series_of(&product.sku));
        let stopped = |term: &Term| {
            series
                .as_deref()
                .is_some_and(|series| stop.stops(&resource_type.name, series, *term, day))
        };
        let mut prices: Vec<Price> = Vec::new();
        for row in product.prices {
            let plans = plans_of(&resource_type, row.plan, day);
            match prices.iter_mut().find(|price| price.term == row.term) {
                Some(price) => price.plans.extend(plans),
                None => {
                    prices.push(Price { term: row.term, plans, unit_total: row.unit_total });
                }
            }
        }
        let stopped = prices.iter().map(|price| price.term).filter(stopped).collect();
        Some(Item {
            sku: product.sku,
            location: product.location,
            tier: product.tier,
            size: product.size,
            flexibility_group: product.flexibility_group,
            resource_type,
            series,
            prices,
            stopped,
        })
    });
    Ok(Listed { items: items.collect(), total: page.total })
}
