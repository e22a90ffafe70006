//! The reservations that can be traded in, as the page lists them.

use super::draft::{self, Draft};
use crate::portal::language::say;
use crate::portal::listing::{named, path};
use crate::portal::{reservation, words};
use prorata_app::exchange::GivenUp;
use prorata_app::reservations::{self, Query};
use prorata_app::{App, Call, Error, access, partner};
use prorata_domain::access::{Action, Scope};
use prorata_domain::exchange::Plan;
use prorata_domain::policy::{PlanKind, TradeInTypes};
use prorata_domain::reservation::{Order, Reservation};
use prorata_store::Tx;
use prorata_store::reservations::{Field, Filter};
use std::collections::BTreeMap;

/// Reservations of one trade-in, by the policy, and so also of the list.
pub const ROWS_MAX: usize = 100;
/// Up to so many the right to each is asked for; of more only of those that are ticked.
const ASKED_MAX: usize = 25;

#[derive(Debug, Clone)]
pub struct GiveRow {
    pub number: usize,
    /// Order and reservation, as the form sends them.
    pub value: String,
    pub href: String,
    pub name: String,
    pub product: String,
    pub held: u32,
    pub ends: String,
    pub taken: bool,
    pub units: String,
    pub fault: Option<String>,
    /// What it brings, once it is ticked and priced.
    pub brings: String,
    /// Why it may not be traded in by the reader.
    pub barred: Option<String>,
}

/// A reservation with whether the reader may trade it in.
pub struct Held {
    pub order: Order,
    pub held: Reservation,
    pub may: bool,
    /// The partner that gives it up for the reader, who is of its customer.
    pub partner: Option<String>,
}

impl Held {
    pub fn path(&self) -> String {
        format!("{}/{}", self.order.id, self.held.id)
    }
}

/// What may be traded in for a plan of a kind, and whether there is more. What a link ticks comes
/// first; on the page itself each row keeps its place.
pub fn read(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    draft: &Draft,
    types: &TradeInTypes,
    kind: PlanKind,
) -> Result<(Vec<Held>, bool), Error> {
    let names = types.eligible.iter().filter(|row| row.kind == kind).flat_map(|row| &row.types);
    let names = names.map(|name| Filter::Eq(Field::ResourceType, name.as_str().into()));
    let active = Filter::Eq(Field::State, "active".into());
    let query = Query {
        filter: Some(Filter::And(vec![active, Filter::Or(names.collect())])),
        limit: ROWS_MAX,
        ..Query::default()
    };
    let listed = reservations::list_all(tx, app, call, &query)?;
    let mut found: Vec<(Order, Reservation)> = Vec::with_capacity(listed.rows.len());
    for taken in &draft.takes {
        let Some((order, id)) = draft::ids(taken) else { continue };
        if found.iter().any(|(_, held)| held.id == id) {
            continue;
        }
        let row = match listed.rows.iter().find(|(_, held)| held.id == id) {
            Some(row) => row.clone(),
            None => reservations::show(tx, app, call, order, id)?,
        };
        if types.may_become(&row.0.commitment.resource_type, kind) {
            found.push(row);
        }
    }
    let taken = found.len();
    for row in listed.rows {
        if !found[..taken].iter().any(|(_, held)| held.id == row.1.id) {
            found.push(row);
        }
    }
    let cut = listed.next.is_some() || found.len() > ROWS_MAX.max(taken);
    found.truncate(ROWS_MAX.max(taken));
    let all = found.len() <= ASKED_MAX;
    let mut rows = Vec::with_capacity(found.len());
    let mut asked: BTreeMap<String, Option<String>> = BTreeMap::new();
    for (index, (order, held)) in found.into_iter().enumerate() {
        let scope = Scope::order(order.id);
        let may = (!all && index >= taken) || access::may(tx, call, Action::TradeIn, &scope)?;
        let partner = match asked.get(&order.billing_account) {
            Some(known) => Option::clone(known),
            None => {
                let found = partner::to_ask(tx, call, &order)?;
                asked.insert(order.billing_account.clone(), found.clone());
                found
            }
        };
        let partner = partner.filter(|_| may);
        rows.push(Held { may: may && partner.is_none(), partner, order, held });
    }
    rows.sort_by_cached_key(|row| draft.place(&row.path()));
    Ok((rows, cut))
}

/// What is ticked, with units that can be given up; nothing where a quantity is faulty.
pub fn given(draft: &Draft, rows: &[Held]) -> Option<Vec<GivenUp>> {
    let taken = rows.iter().filter(|row| row.may && draft.is_taken(&row.path()));
    taken
        .map(|row| {
            let quantity = draft::units(draft, &row.path(), row.held.quantity).ok()?;
            Some(GivenUp { order: row.order.id, reservation: row.held.id, quantity })
        })
        .collect()
}

/// Why the reader may not trade one in.
fn barred(partner: Option<&str>) -> String {
    partner
        .map_or_else(|| say("trade-in-no-right").into_owned(), reservation::commands::why_partner)
}

/// The rows of the page; `plan` prices those that are given up.
pub fn rows(
    app: &App,
    draft: &Draft,
    held: &[Held],
    given: &[GivenUp],
    plan: Option<&Plan>,
) -> Vec<GiveRow> {
    let brings = |row: &Held| {
        let at = given.iter().position(|given| given.reservation == row.held.id)?;
        let value = plan?.returns.get(at)?.value.given_up().ok()?;
        Some(words::figure(value))
    };
    let row = |(index, row): (usize, &Held)| {
        let (what, value) = (&row.order.commitment, row.path());
        let taken = row.may && draft.is_taken(&value);
        let fault = draft::units(draft, &value, row.held.quantity).err();
        GiveRow {
            number: index + 1,
            href: path(row.order.id, row.held.id),
            name: named(&row.held.display_name, &row.held.sku),
            product: format!(
                "{}, {}, {}, {}",
                row.held.sku,
                reservation::region(app, &what.location),
                words::term(what.term),
                words::paid(what.plan)
            ),
            held: row.held.quantity,
            ends: words::short_day(row.order.expires_on),
            units: draft.units(&value).map_or_else(|| row.held.quantity.to_string(), str::to_owned),
            fault: fault.filter(|_| taken),
            brings: brings(row).unwrap_or_default(),
            barred: (!row.may).then(|| barred(row.partner.as_deref())),
            taken,
            value,
        }
    };
    held.iter().enumerate().map(row).collect()
}
