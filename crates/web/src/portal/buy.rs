//! Buying: the product is looked up, its terms and plans are compared, the purchase is reviewed and
//! confirmed.
//!
//! What is chosen lives in the address. The review asks what it comes to once, under the id that
//! the order will have; it, the deed and the result are one address, so that a form sent twice, the
//! back button or a reload buys once.

pub mod payer;
mod product;
mod review;
pub mod scopes;
mod search;
mod wish;

#[cfg(test)]
pub use payer::Allowed;
#[cfg(test)]
pub use product::{ProductPage, Summary};
#[cfg(test)]
pub use review::{Costs, Made, ReviewPage};
#[cfg(test)]
pub use search::BuyPage;
#[cfg(test)]
pub use wish::{Faults, Wish};

#[cfg(test)]
pub use scopes::{ScopeChoice, ScopeGroup};

use super::desk::{Portal, Posted};
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use prorata_domain::ids::OrderId;
use std::sync::Arc;

pub fn routes() -> Router<Arc<Portal>> {
    Router::new()
        .route("/buy", get(search::show).post(submit))
        .route("/buy/product", get(product::show))
        .route("/buy/{order}", get(review::show).post(review::submit))
}

/// Asks what it comes to and leads to the review, or has others asked for it.
async fn submit(Posted { desk, fields }: Posted) -> Response {
    let answer = match fields.one("act").as_str() {
        "ask" => product::ask(&desk, &fields).await,
        _ => product::quote(&desk, &fields).await,
    };
    desk.settle(answer)
}

/// Where a purchase is reviewed, and shown once it was made.
fn path(order: OrderId) -> String {
    format!("/buy/{order}")
}
