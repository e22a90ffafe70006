//! The price list: what one unit costs for a term, from a day on.

mod search;

pub(crate) use search::containing;
pub use search::{Found, Search, Word, search};

use crate::orders::limit_value;
use crate::{Row, StoreError, Tx, Value};
use jiff::civil::Date;
use prorata_domain::catalog::{PriceRow, sku_key};
use prorata_domain::commit_units::CommitUnits;
use prorata_domain::term::{BillingPlan, Term};
use prorata_ledger::{Currency, Money};
use std::fmt::Write as _;

const PUT: &str = "INSERT INTO prices (resource_type_key, sku_key, location, currency, term, \
    plan, since, resource_type, sku, unit_minor, series, tier, size, flexibility_group, \
    commit_units) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
    ON CONFLICT (resource_type_key, sku_key, location, currency, term, plan, since) DO UPDATE \
    SET resource_type = excluded.resource_type, sku = excluded.sku, \
    unit_minor = excluded.unit_minor, series = excluded.series, tier = excluded.tier, \
    size = excluded.size, flexibility_group = excluded.flexibility_group, \
    commit_units = excluded.commit_units \
    WHERE prices.resource_type <> excluded.resource_type OR prices.sku <> excluded.sku \
    OR prices.unit_minor <> excluded.unit_minor \
    OR prices.series IS DISTINCT FROM excluded.series \
    OR prices.tier IS DISTINCT FROM excluded.tier \
    OR prices.size IS DISTINCT FROM excluded.size \
    OR prices.flexibility_group IS DISTINCT FROM excluded.flexibility_group \
    OR prices.commit_units IS DISTINCT FROM excluded.commit_units";
/// Of two prices of one day, that of the plan comes before that of every plan.
const PRICE_AT: &str = "SELECT resource_type, sku, location, term, plan, currency, unit_minor, \
    since, series, tier, size, flexibility_group, commit_units FROM prices \
    WHERE resource_type_key = $1 AND sku_key = $2 AND location = $3 AND currency = $4 \
    AND term = $5 AND plan IN ($6, '') AND since <= $7 ORDER BY since DESC, plan DESC LIMIT 1";
const ON_SALE: &str = "SELECT DISTINCT location, term, plan, sku FROM prices \
    WHERE resource_type_key = $1 AND sku_key = $2 AND since <= $3 \
    ORDER BY location, term, plan, sku";
const ON_SALE_IN: &str = "SELECT DISTINCT location, term, plan, sku FROM prices \
    WHERE resource_type_key = $1 AND sku_key = $2 AND location = $3 AND since <= $4 \
    ORDER BY location, term, plan, sku";
const COUNT: &str = "SELECT COUNT(*) FROM prices";
const HELD: &str = "SELECT currency, COUNT(*), COUNT(DISTINCT resource_type_key), MIN(since), \
    MAX(since) FROM prices GROUP BY currency ORDER BY currency";

pub(crate) const STATEMENTS: &[&str] = &[PUT, PRICE_AT, ON_SALE, ON_SALE_IN, COUNT, HELD];

/// One product with its term, plan and currency. Names compare without case.
#[derive(Debug, Clone, Copy)]
pub struct Key<'k> {
    pub resource_type: &'k str,
    pub sku: &'k str,
    pub location: &'k str,
    pub term: Term,
    pub plan: BillingPlan,
    pub currency: Currency,
}

/// A price that was found in the list.
pub type Listed = PriceRow;

/// A term and plan in which a product is in the list somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnSale {
    pub location: String,
    pub term: Term,
    /// `None`: every plan that the type allows.
    pub plan: Option<BillingPlan>,
    /// As its maker spells it.
    pub sku: String,
}

/// Which part of the catalog, and which page of it. A location or type that is left out is any.
#[derive(Debug, Clone, Copy)]
pub struct CatalogQuery<'q> {
    pub resource_type: Option<&'q str>,
    pub location: Option<&'q str>,
    pub currency: Currency,
    pub day: Date,
    pub skip: usize,
    pub take: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogPage {
    pub products: Vec<Product>,
    /// How many there are in all.
    pub total: i64,
}

/// A product in one location, with every price that is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    pub resource_type: String,
    pub sku: String,
    pub location: String,
    pub series: Option<String>,
    pub tier: Option<String>,
    pub size: Option<String>,
    pub flexibility_group: Option<String>,
    pub prices: Vec<ProductPrice>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProductPrice {
    pub term: Term,
    /// `None`: every plan that the type allows.
    pub plan: Option<BillingPlan>,
    pub unit_total: Money,
    pub since: Date,
}

/// Puts rows into the list, replacing those of the same product, plan, currency and day; answers
/// how many are new or different.
///
/// # Errors
/// Those of the database, as for all functions here.
pub fn put(tx: &mut Tx<'_>, rows: &[PriceRow]) -> Result<u64, StoreError> {
    let params: Vec<Vec<Value>> = rows
        .iter()
        .map(|row| {
            vec![
                sku_key(&row.resource_type).into(),
                sku_key(&row.sku).into(),
                sku_key(&row.location).into(),
                row.currency.into(),
                Value::fixed(row.term.as_str()),
                plan_value(row.billing_plan),
                row.since.into(),
                (&row.resource_type).into(),
                (&row.sku).into(),
                row.unit_total.into(),
                row.series.as_deref().into(),
                row.tier.as_deref().into(),
                row.size.as_deref().into(),
                row.flexibility_group.as_deref().into(),
                row.commit_units.map(CommitUnits::millionths).into(),
            ]
        })
        .collect();
    tx.execute_each(PUT, &params)
}

/// The price in force on a day: the latest that began by then.
pub fn price_at(tx: &mut Tx<'_>, key: &Key<'_>, day: Date) -> Result<Option<Listed>, StoreError> {
    let found = tx.one(
        PRICE_AT,
        &[
            sku_key(key.resource_type).into(),
            sku_key(key.sku).into(),
            sku_key(key.location).into(),
            key.currency.into(),
            Value::fixed(key.term.as_str()),
            Value::fixed(key.plan.as_str()),
            day.into(),
        ],
    )?;
    found.map(|row| read_price(&row)).transpose()
}

/// Where and how a product is in the list on a day, in any currency.
pub fn on_sale(
    tx: &mut Tx<'_>,
    resource_type: &str,
    sku: &str,
    day: Date,
) -> Result<Vec<OnSale>, StoreError> {
    let params = [sku_key(resource_type).into(), sku_key(sku).into(), day.into()];
    tx.query(ON_SALE, &params)?.iter().map(read_on_sale).collect()
}

/// As [`on_sale`], in one location: quicker where the list has many.
pub fn on_sale_in(
    tx: &mut Tx<'_>,
    resource_type: &str,
    sku: &str,
    location: &str,
    day: Date,
) -> Result<Vec<OnSale>, StoreError> {
    let params =
        [sku_key(resource_type).into(), sku_key(sku).into(), sku_key(location).into(), day.into()];
    tx.query(ON_SALE_IN, &params)?.iter().map(read_on_sale).collect()
}

/// A page of the catalog, by type, location and SKU. The protocol pages by position, and so this
/// one list does too.
pub fn catalog_page(tx: &mut Tx<'_>, query: &CatalogQuery<'_>) -> Result<CatalogPage, StoreError> {
    let mut condition = "currency = $1 AND since <= $2".to_owned();
    let mut params: Vec<Value> = vec![query.currency.into(), query.day.into()];
    for (column, value) in
        [("resource_type_key", query.resource_type), ("location", query.location)]
    {
        if let Some(value) = value {
            params.push(sku_key(value).into());
            let _ = write!(condition, " AND {column} = ${}", params.len());
        }
    }
    let count = format!(
        "SELECT COUNT(*) FROM (SELECT DISTINCT resource_type_key, location, sku_key \
         FROM prices WHERE {condition}) AS products"
    );
    let total = tx.query_dyn(&count, &params)?.first().map_or(Ok(0), |row| row.int(0))?;

    let filters = params.len();
    params.push(limit_value(query.take));
    params.push(limit_value(query.skip));
    let page = format!(
        "SELECT DISTINCT resource_type_key, location, sku_key FROM prices WHERE {condition} \
         ORDER BY resource_type_key, location, sku_key LIMIT ${} OFFSET ${}",
        filters + 1,
        filters + 2
    );
    let keys = tx.query_dyn(&page, &params)?;
    params.truncate(filters);
    let (Some(first), Some(last)) = (keys.first(), keys.last()) else {
        return Ok(CatalogPage { products: Vec::new(), total });
    };
    for key in [first, last] {
        for column in 0..3 {
            params.push(key.text(column)?.into());
        }
    }
    // The page is a range of keys, so one more statement reads all of its prices.
    let n = filters;
    let rows = format!(
        "SELECT resource_type, sku, location, term, plan, currency, unit_minor, since, series, \
         tier, size, flexibility_group, commit_units FROM prices WHERE {condition} \
         AND (resource_type_key, location, sku_key) >= (${}, ${}, ${}) \
         AND (resource_type_key, location, sku_key) <= (${}, ${}, ${}) \
         ORDER BY resource_type_key, location, sku_key, term, plan, since",
        n + 1,
        n + 2,
        n + 3,
        n + 4,
        n + 5,
        n + 6
    );
    let rows = tx.query_dyn(&rows, &params)?;
    Ok(CatalogPage { products: products(&rows)?, total })
}

/// How many prices there are.
pub fn count(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    tx.one(COUNT, &[])?.map_or(Ok(0), |row| row.int(0))
}

/// What the list has in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub currency: Currency,
    pub rows: i64,
    /// Kinds of product that are in it.
    pub resource_types: i64,
    /// The first days of the oldest and of the newest price.
    pub oldest: Date,
    pub newest: Date,
}

/// What the list has, by currency. It reads all of it.
pub fn held(tx: &mut Tx<'_>) -> Result<Vec<Held>, StoreError> {
    let read = |row: &Row| {
        Ok(Held {
            currency: row.currency(0)?,
            rows: row.int(1)?,
            resource_types: row.int(2)?,
            oldest: row.day(3)?,
            newest: row.day(4)?,
        })
    };
    tx.query(HELD, &[])?.iter().map(read).collect()
}

/// Puts rows, sorted by product and then by time, together by product; later prices replace
/// earlier ones.
fn products(rows: &[Row]) -> Result<Vec<Product>, StoreError> {
    let mut products: Vec<Product> = Vec::new();
    for row in rows {
        let row = read_price(row)?;
        let same = |product: &Product| {
            sku_key(&product.sku) == sku_key(&row.sku)
                && product.location == row.location
                && sku_key(&product.resource_type) == sku_key(&row.resource_type)
        };
        if !products.last().is_some_and(same) {
            products.push(Product {
                resource_type: String::new(),
                sku: row.sku.clone(),
                location: row.location.clone(),
                series: None,
                tier: None,
                size: None,
                flexibility_group: None,
                prices: Vec::new(),
            });
        }
        let Some(product) = products.last_mut() else { continue };
        product.resource_type = row.resource_type;
        product.sku = row.sku;
        product.series = row.series.or(product.series.take());
        product.tier = row.tier.or(product.tier.take());
        product.size = row.size.or(product.size.take());
        product.flexibility_group = row.flexibility_group.or(product.flexibility_group.take());
        let price = ProductPrice {
            term: row.term,
            plan: row.billing_plan,
            unit_total: row.unit_total,
            since: row.since,
        };
        match product
            .prices
            .iter_mut()
            .find(|known| known.term == price.term && known.plan == price.plan)
        {
            Some(known) => *known = price,
            None => product.prices.push(price),
        }
    }
    Ok(products)
}

fn plan_value(plan: Option<BillingPlan>) -> Value {
    Value::fixed(plan.map_or("", BillingPlan::as_str))
}

fn read_plan(row: &Row, at: usize) -> Result<Option<BillingPlan>, StoreError> {
    match row.text(at)? {
        "" => Ok(None),
        _ => row.parsed(at, "a billing plan", BillingPlan::parse).map(Some),
    }
}

fn read_price(row: &Row) -> Result<PriceRow, StoreError> {
    let currency = row.currency(5)?;
    Ok(PriceRow {
        resource_type: row.string(0)?,
        sku: row.string(1)?,
        location: row.string(2)?,
        term: row.parsed(3, "a term", Term::parse)?,
        billing_plan: read_plan(row, 4)?,
        currency,
        unit_total: Money::new(row.int(6)?, currency),
        since: row.day(7)?,
        series: row.opt_string(8)?,
        tier: row.opt_string(9)?,
        size: row.opt_string(10)?,
        flexibility_group: row.opt_string(11)?,
        commit_units: row.opt_int(12)?.and_then(CommitUnits::from_millionths),
    })
}

fn read_on_sale(row: &Row) -> Result<OnSale, StoreError> {
    Ok(OnSale {
        location: row.string(0)?,
        term: row.parsed(1, "a term", Term::parse)?,
        plan: read_plan(row, 2)?,
        sku: row.string(3)?,
    })
}
