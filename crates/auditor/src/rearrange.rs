//! What splits should be answered: no money moves, and what becomes of units keeps their rights.

use crate::books::{Order, State};
use crate::calendar::day_of;
use crate::expected::{Expected, Want};
use crate::purchase::Fault;
use crate::request::{Call, guid, quantity, reservation};
use crate::rules;
use crate::{Auditor, Effect, Opinion};
use serde_json::Value;

impl Auditor {
    /// `split`.
    pub(crate) fn split(&self, call: &Call<'_>, order: &str) -> Opinion {
        let properties = &call.body["properties"];
        let rows = properties["quantities"].as_array();
        let quantities: Option<Vec<u32>> =
            rows.and_then(|rows| rows.iter().map(quantity).collect());
        let (Some(id), Some(quantities)) = (item(&properties["reservationId"], order), quantities)
        else {
            return Opinion::bad_request();
        };
        let (row, at) = match self.rearranged(call, order, &id) {
            Ok(found) => found,
            Err(expected) => return Opinion::of(expected),
        };
        let held = &row.holdings[at];
        let parts: Vec<u32> = held.parts.iter().map(|part| row.holdings[*part].quantity).collect();
        let answer = Expected::status(200).want("", Want::Count(quantities.len() + 1));
        if held.state == State::Split && parts == quantities {
            return Opinion::of(answer);
        }
        let together: u64 = quantities.iter().map(|units| u64::from(*units)).sum();
        let fault = if held.state != State::Active || day_of(call.at) >= row.expires {
            Some(Fault::of_request("OperationCannotBePerformedInCurrentState"))
        } else if quantities.len() < 2 || together != u64::from(held.quantity) {
            Some(Fault::of_request("BadRequest"))
        } else {
            let whole = rules::stays_whole(&row.deal.kind, day_of(call.at));
            whole.then(|| Fault::of_policy("BadRequest"))
        };
        if let Some(fault) = fault {
            return Opinion::of(fault.expected());
        }
        let mut expected = answer;
        for (place, units) in quantities.iter().enumerate() {
            expected = part(expected, place, *units, row);
        }
        let source = quantities.len();
        expected = expected
            .want(format!("/{source}/properties/provisioningState"), {
                Want::Text("Cancelled".to_owned())
            })
            .want(format!("/{source}/properties/quantity"), Want::Number(held.quantity.into()));
        let effect = Effect::Split { order: order.to_owned(), at, quantities };
        Opinion::Expects { expected, effect }
    }

    /// What the caller wants to rearrange.
    fn rearranged(
        &self,
        call: &Call<'_>,
        order: &str,
        id: &str,
    ) -> Result<(&Order, usize), Expected> {
        if !self.world.is_owner(call.tenant, call.client) {
            return Err(Expected::refused(403, "AuthorizationFailed"));
        }
        let row = self.books.order(order).filter(|row| row.tenant == call.tenant);
        let row = row.ok_or(Expected::refused(404, "ReservationOrderNotFound"))?;
        let at = row.find(id).ok_or(Expected::status(404))?;
        Ok((row, at))
    }
}

/// A reservation of the order in the path.
fn item(named: &Value, order: &str) -> Option<String> {
    let text = named.as_str()?;
    match reservation(text) {
        Some((of, id)) => (of == order).then_some(id),
        None => guid(text),
    }
}

/// A part as the answer shows it.
fn part(expected: Expected, place: usize, units: u32, order: &Order) -> Expected {
    let at = format!("/{place}/properties");
    expected
        .want(format!("{at}/quantity"), Want::Number(units.into()))
        .want(format!("{at}/provisioningState"), Want::Text("Succeeded".to_owned()))
        .want(format!("{at}/expiryDate"), Want::Text(order.expires.to_string()))
}
