//! Quotes: what was offered to whom, until when, and what came of it.

use crate::books::Deal;
use crate::expected::Expected;
use crate::money::Amount;
use crate::plans::PlanWanted;
use crate::request::{Call, Given, Wanted};
use crate::rules;
use jiff::{Timestamp, ToSpan};
use std::collections::HashMap;

/// What a quote is about.
#[derive(Clone, Debug)]
pub enum Session {
    Price {
        wanted: Wanted,
        total: Amount,
    },
    Refund {
        given: Given,
        /// Paid back and never paid; nothing where it has no value.
        worth: Option<(Amount, Amount)>,
        /// The answer to the return, once it was made.
        done: Option<Expected>,
    },
    Exchange {
        returns: Vec<Given>,
        purchases: Vec<Wanted>,
        plans: Vec<PlanWanted>,
        /// Given up and bought; nothing where it could not be priced.
        totals: Option<(i128, i128)>,
        /// What the operation should show.
        result: Expected,
        /// Bought by an exchange whose operation was not looked at yet.
        unnamed: Vec<(Wanted, Deal)>,
        /// Savings plans bought by it, likewise.
        unnamed_plans: Vec<PlanWanted>,
        /// What went on as its twin, likewise: the order, the place, units and the twin.
        swapped: Vec<(Given, usize, &'static str, Wanted)>,
    },
}

#[derive(Clone, Debug)]
pub struct Quote {
    tenant: String,
    client: String,
    lapses: Timestamp,
    /// When it was carried out.
    pub taken_at: Timestamp,
    /// Carried out; a purchase with the request that it was carried out for.
    pub used: Option<Option<Wanted>>,
    pub session: Session,
}

impl Quote {
    pub fn new(call: &Call<'_>, session: Session) -> Quote {
        let lapses = call.at.checked_add(rules::QUOTE_MINUTES.minutes());
        Quote {
            tenant: call.tenant.to_owned(),
            client: call.client.to_owned(),
            lapses: lapses.unwrap_or(Timestamp::MAX),
            taken_at: call.at,
            used: None,
            session,
        }
    }

    pub fn has_lapsed(&self, at: Timestamp) -> bool {
        self.lapses <= at
    }
}

/// All quotes by their ids.
#[derive(Clone, Debug, Default)]
pub struct Sessions(HashMap<String, Quote>);

impl Sessions {
    pub fn add(&mut self, id: String, quote: Quote) {
        self.0.insert(id, quote);
    }

    /// A quote that the caller was given.
    pub fn mine(&self, call: &Call<'_>, id: &str) -> Option<&Quote> {
        self.0.get(id).filter(|quote| quote.tenant == call.tenant && quote.client == call.client)
    }

    pub fn get_mut(&mut self, id: &str) -> Option<&mut Quote> {
        self.0.get_mut(id)
    }
}
