//! What rearrangements should be answered: no money moves, and what becomes of units keeps their
//! rights.

use crate::books::{Holding, Order, Origin, State};
use crate::calendar::day_of;
use crate::expected::{Expected, Want};
use crate::lists::shown;
use crate::purchase::Fault;
use crate::request::{Call, Scope, guid, quantity, reservation, scope};
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

    /// `merge`.
    pub(crate) fn merge(&self, call: &Call<'_>, order: &str) -> Opinion {
        let rows = call.body["properties"]["sources"].as_array();
        let ids: Option<Vec<String>> =
            rows.and_then(|rows| rows.iter().map(|row| item(row, order)).collect());
        let Some(ids) = ids.filter(|ids| !ids.is_empty()) else { return Opinion::bad_request() };
        let mut sources = Vec::new();
        let mut found = None;
        for id in &ids {
            match self.rearranged(call, order, id) {
                Ok((row, at)) => {
                    sources.push(at);
                    found = Some(row);
                }
                Err(expected) => return Opinion::of(expected),
            }
        }
        let Some(row) = found else { return Opinion::bad_request() };
        let held: Vec<&Holding> = sources.iter().map(|at| &row.holdings[*at]).collect();
        let answer = Expected::status(200).want("", Want::Count(sources.len() + 1));
        let merged = held[0].into.filter(|_| held.iter().all(|it| it.state == State::Merged));
        if merged.is_some_and(|at| row.holdings[at].origin == Origin::Merge(sources.clone())) {
            return Opinion::of(answer);
        }
        let today = day_of(call.at);
        let twice = |at: usize| sources[..at].contains(&sources[at]);
        let alike = |one: &&Holding| {
            let first = held[0];
            (one.sku == first.sku && one.scope == first.scope)
                && one.is_flexible == first.is_flexible
                && day_of(one.bought) == day_of(first.bought)
        };
        let live = |one: &&Holding| one.state == State::Active && today < row.expires;
        if !held.iter().all(live) {
            let code = "OperationCannotBePerformedInCurrentState";
            return Opinion::of(Fault::of_request(code).expected());
        }
        let doubled = (0..sources.len()).any(twice);
        let whole = rules::stays_whole(&row.deal.kind, today);
        if held.len() < 2 || doubled || whole || !held.iter().all(alike) {
            return Opinion::of(Fault::of_request("BadRequest").expected());
        }
        let units = held.iter().map(|held| held.quantity).sum();
        let expected = part(answer, sources.len(), units, row);
        let effect = Effect::Merged { order: order.to_owned(), sources };
        Opinion::Expects { expected, effect }
    }

    /// `PATCH` on a reservation.
    pub(crate) fn change(&self, call: &Call<'_>, order: &str, id: &str) -> Opinion {
        let Some(wanted) = Change::read(&call.body["properties"]) else {
            return Opinion::bad_request();
        };
        let (row, at) = match self.rearranged(call, order, id) {
            Ok(found) => found,
            Err(expected) => return Opinion::of(expected),
        };
        let held = &row.holdings[at];
        if held.state != State::Active || day_of(call.at) >= row.expires {
            let code = "OperationCannotBePerformedInCurrentState";
            return Opinion::of(Fault::of_request(code).expected());
        }
        let account = self.world.account(&row.account);
        let scope = wanted.scope.as_ref();
        let will_do =
            |scope: &Scope| account.is_some_and(|account| self.scope_will_do(call, scope, account));
        if scope.is_some_and(|scope| !will_do(scope)) {
            let code = "AppliedScopesNotAssociatedWithCommerceAccount";
            return Opinion::of(Fault::of_request(code).expected());
        }
        let mut after = held.clone();
        after.scope = wanted.scope.clone().unwrap_or(after.scope);
        after.name = wanted.name.clone().unwrap_or(after.name);
        after.renew = wanted.renew.unwrap_or(after.renew);
        after.is_flexible = wanted.is_flexible.unwrap_or(after.is_flexible);
        if after.is_flexible != held.is_flexible && row.deal.kind != "VirtualMachines" {
            return Opinion::of(Fault::of_request("BadRequest").expected());
        }
        if (&after.scope, &after.name) == (&held.scope, &held.name)
            && (after.renew, after.is_flexible) == (held.renew, held.is_flexible)
        {
            let code = match scope {
                Some(_) => "AppliedScopesSameAsExisting",
                None => "PatchValuesSameAsExisting",
            };
            return Opinion::of(Fault::of_request(code).expected());
        }
        let mut changed = row.clone();
        changed.holdings[at] = after.clone();
        let expected = shown(&self.books, &changed, at, call.at);
        let effect = Effect::Changed { order: order.to_owned(), at, held: Box::new(after) };
        Opinion::Expects { expected, effect }
    }

    /// `archive` and `unarchive`: only what is over goes out of sight.
    pub(crate) fn archive(&self, call: &Call<'_>, order: &str, id: &str, to: bool) -> Opinion {
        let (row, at) = match self.rearranged(call, order, id) {
            Ok(found) => found,
            Err(expected) => return Opinion::of(expected),
        };
        let held = &row.holdings[at];
        if held.state == State::Active && day_of(call.at) < row.expires {
            let code = "OperationCannotBePerformedInCurrentState";
            return Opinion::of(Fault::of_request(code).expected());
        }
        let held = Box::new(Holding { is_archived: to, ..held.clone() });
        let effect = Effect::Changed { order: order.to_owned(), at, held };
        Opinion::Expects { expected: Expected::status(200), effect }
    }

    /// `changeDirectory`: the order and all that is under it, to another tenant.
    pub(crate) fn change_directory(&self, call: &Call<'_>, order: &str) -> Opinion {
        let to = call.body["destinationTenantId"].as_str().and_then(guid);
        let Some(to) = to else { return Opinion::bad_request() };
        let row = self.books.order(order);
        let rows = |count| Expected::status(200).want("/reservations", Want::Count(count));
        let last = self.moves.get(order);
        if let Some(last) = last
            && (last.client.as_str(), last.from.as_str()) == (call.client, call.tenant)
            && last.to == to
        {
            return Opinion::of(rows(last.rows));
        }
        if !self.world.is_owner(call.tenant, call.client) {
            return Opinion::of(Expected::refused(403, "AuthorizationFailed"));
        }
        let Some(row) = row.filter(|row| row.tenant == call.tenant) else {
            return Opinion::of(Expected::refused(404, "ReservationOrderNotFound"));
        };
        if to == row.tenant || !self.known.contains(&(to.clone(), call.client.to_owned())) {
            return Opinion::of(Expected::refused(400, "InvalidTenantId"));
        }
        let effect = Effect::Moved { order: order.to_owned(), tenant: to };
        Opinion::Expects { expected: rows(row.holdings.len()), effect }
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

/// What a PATCH names.
struct Change {
    scope: Option<Scope>,
    name: Option<String>,
    renew: Option<bool>,
    is_flexible: Option<bool>,
}

impl Change {
    /// Reads the members; nothing where they name nothing, or nothing that can be read.
    fn read(properties: &Value) -> Option<Change> {
        let scope = match &properties["appliedScopeType"] {
            Value::Null => None,
            _ => Some(scope(properties)?),
        };
        let is_flexible = match properties["instanceFlexibility"].as_str() {
            Some("On") => Some(true),
            Some("Off") => Some(false),
            Some(_) => return None,
            None => None,
        };
        let name = properties["name"].as_str().map(str::to_owned);
        let renew = properties["renew"].as_bool();
        let names = scope.is_some() || name.is_some() || renew.is_some() || is_flexible.is_some();
        names.then_some(Change { scope, name, renew, is_flexible })
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
