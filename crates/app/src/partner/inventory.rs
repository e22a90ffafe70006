//! Whether products can be bought for a customer in a region.

use super::act::act_for;
use super::cart::{absent_subscription, payer};
use crate::{App, Call, Error};
use prorata_domain::cart::Product;
use prorata_domain::catalog::Placement;
use prorata_domain::ids::{SubscriptionId, TenantId};
use prorata_domain::partner::PartnerTask;
use prorata_domain::term::utc_day;
use prorata_store::{Tx, prices};

/// What is known of a product in the region asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub product: Product,
    /// Where it is sold, when it is not where it was asked for.
    pub sold_in: Option<Vec<String>>,
}

/// Looks products up. Those that are sold nowhere are left out of the answer.
///
/// # Errors
/// [`Error::Absent`] for a tenant that never was a customer, or a subscription that the partner
/// does not sell it; [`Error::Refused`] for an agent who may not see.
pub fn check(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    customer: TenantId,
    subscription: SubscriptionId,
    region: &str,
    products: &[Product],
) -> Result<Vec<Found>, Error> {
    let (_, standing) = act_for(tx, app, call, customer, PartnerTask::See)?;
    payer(tx, &standing, subscription)?.ok_or_else(|| absent_subscription(subscription))?;
    let day = utc_day(call.now);
    let region = region.replace(' ', "").to_ascii_lowercase();
    let mut found = Vec::with_capacity(products.len());
    for product in products {
        let Some(kind) = app.catalog.resource_type(&product.resource_type) else { continue };
        if kind.stopped_on(day).is_some() {
            continue;
        }
        let rows = prices::on_sale(tx, &kind.name, &product.sku, day)?;
        let mut places: Vec<String> = rows.into_iter().map(|row| row.location).collect();
        places.sort_unstable();
        places.dedup();
        if places.is_empty() {
            continue;
        }
        let is_here = kind.location == Placement::Global || places.contains(&region);
        let location = (kind.location != Placement::Global).then(|| region.clone());
        found.push(Found {
            product: Product { location, ..product.clone() },
            sold_in: (!is_here).then_some(places),
        });
    }
    Ok(found)
}
