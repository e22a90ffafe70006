//! A wish to do a deed that others approve first: what it is about, what it comes to, who has to
//! say yes, and how it goes on from there.
//!
//! A request is priced when it is drafted, by the same decision as the quote of its deed. Once it
//! is submitted, the [approval policies](approval) say who has to approve it and how many. What
//! was approved is done by the desk itself, as of the instant of the last approval, and only while
//! it still comes to about the same. [`State`] is the only way from one of these to the next.

pub mod approval;
pub mod figures;
pub mod form;
mod state;
mod status;

pub use state::{
    Approval, Approved, Cause, Done, Draft, Expired, Failed, NotPossible, Rejected, Running, State,
    Stopped, Submitted, Withdrawn,
};
pub use status::{Event, Status};

use crate::ids::PrincipalId;
use crate::policy::words::words;
use serde::{Deserialize, Serialize};

words! {
    /// What a request wants done.
    Kind {
        Refund = "refund",
        Exchange = "exchange",
        Purchase = "purchase",
        SavingsPlan = "savings-plan",
        TradeIn = "trade-in",
    }
}

/// Somebody who takes part in a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub principal: PrincipalId,
    /// The account behind the principal: the same for all principals of one person, whatever
    /// tenants they are in.
    pub account: String,
    pub name: String,
}

impl Person {
    /// Whether both are the same person: one principal, or two of one account. Four eyes have to
    /// be those of two people.
    pub fn is_same(&self, other: &Person) -> bool {
        self.principal == other.principal || self.account.eq_ignore_ascii_case(&other.account)
    }
}
