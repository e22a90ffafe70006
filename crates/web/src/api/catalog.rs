//! The catalog of a subscription.

use super::asked::Asked;
use crate::arm::{ArmError, json};
use crate::limits::PAGE_ROWS_MAX;
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::catalog::{self, Item, Query};
use prorata_wire::azure::Version;
use prorata_wire::azure::v2022_11_01::catalog as shape;
use serde_json::Value;

pub(super) async fn list(asked: Asked) -> Result<Response, ArmError> {
    let subscription = asked.subscription()?;
    if asked.query.get("$filter").is_some_and(|filter| !filter.trim().is_empty()) {
        let message = "`$filter` is not offered on the catalog; use `reservedResourceType` and \
                       `location`.";
        return Err(ArmError::bad_request("BadRequest", message).with_target("$filter"));
    }
    let given = |name| asked.query.get(name).filter(|sent| !sent.is_empty()).map(str::to_owned);
    let paged = asked.version >= Version::V2022_11_01;
    let mut query = Query {
        resource_type: given("reservedResourceType"),
        location: given("location"),
        skip: if paged { asked.number("$skip", 0)? } else { 0 },
        take: if paged { asked.rows("$take")? } else { PAGE_ROWS_MAX },
    };
    let (skip, take) = (query.skip, query.take);
    let listed = asked
        .read(move |tx, app, call| {
            let mut listed = catalog::list(tx, app, call, subscription, &query)?;
            // The older version has no pages: it gets all of them in one array.
            while !paged && query.skip + query.take < usize::try_from(listed.total).unwrap_or(0) {
                query.skip += query.take;
                listed.items.extend(catalog::list(tx, app, call, subscription, &query)?.items);
            }
            Ok(listed)
        })
        .await?;
    let rows: Vec<Value> = listed.items.iter().map(|item| row(item, asked.version)).collect();
    let more = usize::try_from(listed.total).unwrap_or(0) > skip + take;
    let next = (paged && more).then(|| asked.next_link("$skip", &(skip + take).to_string()));
    Ok(json(StatusCode::OK, &shape::page(rows, next, listed.total, asked.version)))
}

fn row(item: &Item, version: Version) -> Value {
    let prices = item.prices.iter().map(|price| shape::Price {
        term: price.term,
        plans: &price.plans,
        unit_total: price.unit_total,
    });
    let product = shape::Product {
        resource_type: &item.resource_type.catalog_name,
        sku: &item.sku,
        location: &item.location,
        tier: item.tier.as_deref(),
        size: item.size.as_deref(),
        series: item.series.as_deref(),
        flexibility_group: item.flexibility_group.as_deref(),
        prices: prices.collect(),
        restricted: &item.stopped,
    };
    shape::row(&product, version)
}
