//! Money and double entry: the part of Prorata that cannot know what a reservation is.
//!
//! Amounts are whole minor units with an ISO 4217 currency ([`Money`]). Division and conversion
//! happen in one place, [`rounding`], under a named rule. A journal [`Entry`] that does not
//! balance in every currency cannot be built.

mod account;
mod currency;
mod entry;
mod hourly;
mod money;
pub mod rounding;

pub use account::Account;
pub use currency::{Currency, UnknownCurrency};
pub use entry::{Entry, EntryError, Posting};
pub use hourly::Hourly;
pub use money::{Money, MoneyError};
pub use rounding::Rounding;
