//! Trading reservations in for a savings plan: what is given up and what is committed to for it is
//! chosen on one page, reviewed under the session of its quote, and made once.

mod choose;
mod draft;
mod listed;
mod review;
mod summary;

#[cfg(test)]
pub use choose::TradeInPage;
#[cfg(test)]
pub use draft::Draft;
#[cfg(test)]
pub use listed::GiveRow;
#[cfg(test)]
pub use review::{Given, Made, ReviewPage};
#[cfg(test)]
pub use summary::{Summary, Sums};

pub use choose::plan_name;

use super::desk::Portal;
use axum::Router;
use axum::routing::get;
use std::sync::Arc;

pub fn routes() -> Router<Arc<Portal>> {
    Router::new()
        .route("/trade-in", get(choose::show).post(choose::submit))
        .route("/trade-in/{session}", get(review::show).post(review::submit))
}
