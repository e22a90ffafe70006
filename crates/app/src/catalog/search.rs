//! Looking for what to buy: by type, words, region, term and billing plan, at the price that the
//! buyer's account pays.

use super::{Wanted, paying_account, price};
use crate::access;
use crate::audit::{self, Event};
use crate::limits::PAGE_ROWS_MAX;
use crate::{App, Call, Error};
use jiff::civil::Date;
use prorata_domain::access::Action;
use prorata_domain::catalog::Placement;
use prorata_domain::ids::SubscriptionId;
use prorata_domain::term::{BillingPlan, Term, utc_day};
use prorata_ledger::{Currency, Money};
use prorata_store::{Tx, prices};

/// Words of one search; more than anybody types.
const WORDS_MAX: usize = 6;

/// What is looked for. Whatever is left out is any; the plan is what prices are told for.
#[derive(Debug, Clone)]
pub struct Search {
    pub resource_type: Option<String>,
    pub text: String,
    pub location: Option<String>,
    pub term: Option<Term>,
    pub plan: BillingPlan,
    pub skip: usize,
    pub take: usize,
}

/// A product for a term, at today's price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnOffer {
    pub resource_type: String,
    /// How product titles name the type.
    pub title: String,
    pub sku: String,
    pub location: String,
    /// Whether it is sold without a region.
    pub global: bool,
    pub term: Term,
    pub plan: BillingPlan,
    /// The whole term of one unit, in the currency of the account that pays.
    pub unit_total: Option<Money>,
    /// Why it cannot be bought so; nothing when it can.
    pub lack: Option<Lack>,
}

/// Why something that is in the price list cannot be bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lack {
    /// Nothing of the type is sold since a day.
    TypeStopped(Date),
    /// No machine of the series is sold for the term since a day.
    SeriesStopped { series: String, since: Date },
    /// The type is not sold for the term.
    Term,
    /// The type is not paid by the plan.
    Plan,
    /// The list has no price that the account could pay.
    Price,
}

#[derive(Debug, Clone)]
pub struct Offered {
    pub currency: Currency,
    pub rows: Vec<OnOffer>,
    /// Whether there are more.
    pub more: bool,
}

/// What is found, as the account of a subscription would pay for it.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`]; those of the database.
pub fn search(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    subscription: SubscriptionId,
    search: &Search,
) -> Result<Offered, Error> {
    let _ = access::subscription(tx, call, Action::Catalog, subscription)?;
    audit::looked_at(tx, call, &Event::new("catalog", format!("subscription/{subscription}")));
    let account = paying_account(tx, call, subscription)?;
    let day = utc_day(call.now);
    let take = search.take.clamp(1, PAGE_ROWS_MAX);
    let words: Vec<prices::Word> =
        search.text.split_whitespace().take(WORDS_MAX).map(|word| named(app, word)).collect();
    let mut found = prices::search(
        tx,
        &prices::Search {
            resource_type: search.resource_type.as_deref(),
            location: search.location.as_deref(),
            term: search.term,
            words: &words,
            currencies: [account.currency, Currency::USD],
            day,
            skip: search.skip,
            take: take + 1,
        },
    )?;
    let more = found.len() > take;
    found.truncate(take);
    let mut rows = Vec::with_capacity(found.len());
    for product in found {
        let Some(resource_type) = app.catalog.resource_type(&product.resource_type) else {
            continue;
        };
        let wanted = Wanted {
            resource_type,
            sku: &product.sku,
            location: &product.location,
            term: product.term,
            plan: search.plan,
            currency: account.currency,
            usd_rate: account.usd_rate,
            day,
        };
        let priced = price(tx, &wanted)?;
        let series = priced
            .as_ref()
            .and_then(|found| found.series.clone())
            .or_else(|| resource_type.series_of(&product.sku));
        let unit_total = priced.map(|found| found.unit_total);
        rows.push(OnOffer {
            lack: lack(app, &wanted, series, unit_total),
            resource_type: resource_type.name.clone(),
            title: resource_type.title.clone(),
            global: resource_type.location == Placement::Global,
            term: product.term,
            plan: search.plan,
            sku: product.sku,
            location: product.location,
            unit_total,
        });
    }
    Ok(Offered { currency: account.currency, rows, more })
}

/// A word with the types whose titles have it.
fn named(app: &App, word: &str) -> prices::Word {
    let small = word.to_lowercase();
    let types = app.catalog.resource_types();
    let types = types.filter(|found| found.title.to_lowercase().contains(&small));
    prices::Word {
        text: word.to_owned(),
        resource_types: types.map(|found| found.name.clone()).collect(),
    }
}

/// The first of the clauses of a purchase that would refuse it.
fn lack(
    app: &App,
    wanted: &Wanted<'_>,
    series: Option<String>,
    unit_total: Option<Money>,
) -> Option<Lack> {
    let (day, value) = (wanted.day, wanted.resource_type.on(wanted.day));
    if let Some(stopped) = wanted.resource_type.stopped_on(day) {
        return Some(Lack::TypeStopped(stopped.since));
    }
    if !value.terms.contains(&wanted.term) {
        return Some(Lack::Term);
    }
    if !value.billing_plans.contains(&wanted.plan) {
        return Some(Lack::Plan);
    }
    if unit_total.is_none() {
        return Some(Lack::Price);
    }
    let stop = app.book.in_force(day).legacy_sale_stop.value;
    let series = series?;
    stop.stops(&wanted.resource_type.name, &series, wanted.term, day)
        .then(|| Lack::SeriesStopped { series, since: stop.cutoff.unwrap_or(day) })
}
