//! The catalog: what a subscription can reserve.

use crate::azure::Version;
use crate::azure::number::price;
use crate::azure::published::{self, Kind};
use prorata_domain::term::{BillingPlan, Term};
use prorata_ledger::Money;
use serde_json::{Map, Value, json};

/// A product in one region.
pub struct Product<'a> {
    /// The resource type as catalog rows spell it, such as `virtualMachines`.
    pub resource_type: &'a str,
    pub sku: &'a str,
    pub location: &'a str,
    pub tier: Option<&'a str>,
    pub size: Option<&'a str>,
    pub series: Option<&'a str>,
    pub flexibility_group: Option<&'a str>,
    pub prices: Vec<Price<'a>>,
    /// Terms that are listed and no longer sold.
    pub restricted: &'a [Term],
}

/// What a unit costs for a term, and how it may be paid.
pub struct Price<'a> {
    pub term: Term,
    pub plans: &'a [BillingPlan],
    pub unit_total: Money,
}

/// A catalog row.
pub fn row(product: &Product<'_>, version: Version) -> Value {
    let mut plans = Map::new();
    let mut msrp = Map::new();
    for offered in &product.prices {
        let words: Vec<&str> = offered.plans.iter().map(|plan| plan.as_str()).collect();
        plans.insert(key(offered.term), json!(words));
        msrp.insert(key(offered.term), price(offered.unit_total));
    }
    let terms: Vec<&str> = product.prices.iter().map(|offered| offered.term.as_str()).collect();
    // A term that is no longer sold stays in the lists above, as the real service has it.
    let restrictions: Vec<Value> = product
        .restricted
        .iter()
        .map(|term| {
            json!({
                "type": "Term",
                "values": [term.as_str()],
                "reasonCode": "NotAvailableForSubscription",
            })
        })
        .collect();
    let mut row = json!({
        "resourceType": product.resource_type,
        "name": product.sku,
        "terms": terms,
        "billingPlans": plans,
        "msrp": msrp,
        "locations": [product.location],
        "skuProperties": sku_properties(product),
        "restrictions": restrictions,
        "capabilities": [],
    });
    if let Some(tier) = product.tier {
        row["tier"] = json!(tier);
    }
    if let Some(size) = product.size {
        row["size"] = json!(size);
    }
    published::trim(Kind::CatalogRow, &mut row, version);
    row
}

/// `p1Y`: the member that a term's plans and price stand under.
fn key(term: Term) -> String {
    term.as_str().replacen('P', "p", 1)
}

fn sku_properties(product: &Product<'_>) -> Vec<Value> {
    let named = [
        ("SKUName", product.size.or(Some(product.sku))),
        ("ProductShortName", product.series),
        ("ReservationsAutofitGroup", product.flexibility_group),
    ];
    named
        .into_iter()
        .filter_map(|(name, value)| Some(json!({ "name": name, "value": value? })))
        .collect()
}

/// A page of the catalog; before 2022-11-01 a bare array of all of it.
pub fn page(rows: Vec<Value>, next_link: Option<String>, total: i64, version: Version) -> Value {
    if version < Version::V2022_11_01 {
        return Value::Array(rows);
    }
    let mut body = json!({ "value": rows, "totalItems": total });
    if let Some(link) = next_link {
        body["nextLink"] = json!(link);
    }
    body
}
