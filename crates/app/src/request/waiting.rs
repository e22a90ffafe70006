//! What waits for the caller's decision: here, and with the customers of the caller's partner.

use super::shown::{Filter, View, list};
use crate::partner::act_for;
use crate::{App, Call, Error};
use prorata_domain::ids::TenantId;
use prorata_domain::partner::PartnerTask;
use prorata_domain::term::utc_day;
use prorata_store::{Tx, requests};
use std::sync::Arc;

/// Customers with requests that are looked at in one go.
const CUSTOMERS_MOST: usize = 20;

/// A request that the caller may decide on.
#[derive(Debug, Clone)]
pub struct Waiting {
    pub view: View,
    /// The customer in whose tenant it waits, where that is not the caller's own.
    pub customer: Option<(TenantId, Arc<str>)>,
}

/// The newest requests that wait for the caller's decision in the tenant where they are and, for an
/// agent at home, in those of the partner's customers; and whether there may be more.
///
/// # Errors
/// Those of the database.
pub fn waiting(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    limit: usize,
) -> Result<(Vec<Waiting>, bool), Error> {
    let filter = Filter { waiting_for_me: true, ..Filter::default() };
    let own = list(tx, app, call, filter, None, limit)?;
    let mut more = own.next.is_some();
    let mut found: Vec<Waiting> =
        own.rows.into_iter().map(|view| Waiting { view, customer: None }).collect();
    if call.caller.home == call.caller.tenant {
        let today = utc_day(call.now);
        let asking = requests::asking_customers(tx, call.caller.tenant, today, CUSTOMERS_MOST + 1)?;
        more |= asking.len() > CUSTOMERS_MOST;
        for (customer, name) in asking.into_iter().take(CUSTOMERS_MOST) {
            let there = match act_for(tx, app, call, customer, PartnerTask::See) {
                Ok((there, _)) => there,
                Err(Error::Absent { .. } | Error::Denied { .. } | Error::Refused(_)) => continue,
                Err(error) => return Err(error),
            };
            let theirs = list(tx, app, &there, filter, None, limit)?;
            more |= theirs.next.is_some();
            let customer = (customer, Arc::from(name.as_str()));
            let rows = theirs.rows.into_iter();
            found.extend(rows.map(|view| Waiting { view, customer: Some(customer.clone()) }));
        }
    }
    found.sort_by_key(|row| std::cmp::Reverse((row.view.row.created_at, row.view.row.id)));
    more |= found.len() > limit;
    found.truncate(limit);
    Ok((found, more))
}
