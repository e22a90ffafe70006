//! What looking at orders and reservations should show.

use crate::books::{Books, Holding, Order, Origin, Renewal, State};
use crate::calendar::day_of;
use crate::expected::{Difference, Expected, Want};
use crate::money::Amount;
use crate::purchase::in_dollars;
use crate::request::{Call, Scope, last, reservation};
use crate::{Auditor, Effect, Opinion};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

impl Auditor {
    /// `GET reservationOrders/{id}`, with its payments where they are asked for.
    pub(crate) fn show_order(&self, call: &Call<'_>, id: &str) -> Opinion {
        let Some(order) = self.books.order(id).filter(|row| row.tenant == call.tenant) else {
            return Opinion::of(Expected::refused(404, "ReservationOrderNotFound"));
        };
        let alive = order.units() > 0;
        let lived_out = order.holdings.iter().any(|held| held.state == State::Expired);
        let failed = order.holdings.iter().any(|held| held.state == State::Failed);
        let state = match (alive, lived_out) {
            (true, _) => "Succeeded",
            (false, true) => "Expired",
            (false, false) if failed => "BillingFailed",
            (false, false) => "Cancelled",
        };
        let mut expected = Expected::status(200)
            .want("/properties/provisioningState", Want::Text(state.to_owned()))
            .want("/properties/originalQuantity", Want::Number(order.deal.quantity.into()))
            .want("/properties/expiryDate", Want::Text(order.expires.to_string()))
            .want("/properties/reservations", Want::Count(order.holdings.len()));
        if call.path.contains("schedule") {
            expected = payments(order, day_of(call.at), expected);
        }
        Opinion::of(expected)
    }

    /// The reservations of an order; names those that have no name yet.
    pub(crate) fn of_order(&self, call: &Call<'_>, id: &str) -> Opinion {
        let Some(order) = self.books.order(id).filter(|row| row.tenant == call.tenant) else {
            return Opinion::of(Expected::refused(404, "ReservationOrderNotFound"));
        };
        let expected = Expected::status(200).want("/value", Want::Count(order.holdings.len()));
        Opinion::Expects { expected, effect: Effect::Listed { order: Some(id.to_owned()) } }
    }

    /// All reservations of the tenant.
    pub(crate) fn of_tenant(&self, call: &Call<'_>) -> Opinion {
        let mine = self.books.orders.iter();
        let mine = mine.filter(|order| order.tenant == call.tenant && !order.is_plan);
        let count = mine.map(|order| order.holdings.len()).sum();
        let expected = Expected::status(200).want("/value", Want::Count(count));
        Opinion::Expects { expected, effect: Effect::Listed { order: None } }
    }

    /// Names the holdings of an order that have no name yet: what was kept of another is told by
    /// it, and what was bought is the one that is left. Names what was renewed, too.
    pub(crate) fn name(&mut self, id: &str, rows: &[Value]) {
        // A chain of returns is told in any order, so that one may be known only after another.
        for _ in rows {
            let Some(order) = self.books.order_mut(id) else { return };
            if rows.iter().all(|row| !name_one(order, row)) {
                break;
            }
        }
        for row in rows {
            let Some(order) = self.books.order(id) else { return };
            let held = order.find(&last(row["id"].as_str().unwrap_or_default()));
            let renewal = held.map(|at| &order.holdings[at].renewal);
            let path = row["properties"]["renewDestination"].as_str().unwrap_or_default();
            if let (Some(Renewal::As(other)), Some((order, item))) = (renewal, reservation(path)) {
                let other = *other;
                if !self.books.orders[other].is_named {
                    self.books.rename(other, &order, &item);
                }
            }
        }
    }

    /// Compares rows of reservations with what is held.
    pub(crate) fn compare_rows(&self, call: &Call<'_>, rows: &[Value]) -> Vec<Difference> {
        let mut found = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            let path = row["id"].as_str().unwrap_or_default();
            let parts = reservation(path);
            let order = parts.as_ref().and_then(|(order, _)| self.books.order(order));
            let held = order.zip(parts.as_ref()).and_then(|(order, (_, id))| {
                (order.tenant == call.tenant).then_some((order, order.find(id)?))
            });
            match held {
                None => found.push(Difference::new(
                    format!("/value/{index}/id"),
                    "a reservation of the tenant that is known",
                    path,
                )),
                Some((order, at)) => {
                    let expected = shown(&self.books, order, at, call.at);
                    found.extend(expected.differences(200, row).into_iter().map(|mut differs| {
                        differs.at = format!("/value/{index} ({path}){}", differs.at);
                        differs
                    }));
                }
            }
        }
        found
    }
}

/// Names the holding that a row shows, where it is a new one that can be told; whether it was.
fn name_one(order: &mut Order, row: &Value) -> bool {
    let name = last(row["id"].as_str().unwrap_or_default());
    if order.find(&name).is_some() {
        return false;
    }
    let properties = &row["properties"];
    let source = |group: &str, member: &str| {
        properties[group][member].as_str().map(|path| order.find(&last(path)))
    };
    let origin = match (source("splitProperties", "splitSource"), {
        source("swapProperties", "swapSource")
    }) {
        (Some(of), _) => of.map(Origin::Part),
        (None, Some(of)) => of.map(Origin::Twin),
        (None, None) => Some(Origin::Bought),
    };
    let nameless = |held: &Holding| held.id.is_none() && Some(&held.origin) == origin.as_ref();
    let Some(at) = order.holdings.iter().position(nameless) else { return false };
    order.holdings[at].id = Some(name);
    true
}

/// A reservation as it should be shown.
pub fn shown(books: &Books, order: &Order, at: usize, now: Timestamp) -> Expected {
    let held = &order.holdings[at];
    let text = |text: &str| Want::Text(text.to_owned());
    let id = |other: usize| {
        Want::Ends(order.holdings[other].id.clone().unwrap_or_else(|| "?".to_owned()))
    };
    let mut expected = Expected::status(200)
        .want("/properties/quantity", Want::Number(held.quantity.into()))
        .want("/properties/provisioningState", text(held.state.shown()))
        .want("/properties/reservedResourceType", text(&order.deal.kind))
        .want("/sku/name", text(&held.sku))
        .want("/location", text(&order.deal.location))
        .want("/properties/term", text(&order.deal.term))
        .want("/properties/billingPlan", text(&order.deal.plan))
        .want("/properties/expiryDate", Want::Text(order.expires.to_string()))
        .want("/properties/purchaseDate", Want::Text(day_of(held.bought).to_string()))
        .want("/properties/billingScopeId", {
            Want::Id(format!("/subscriptions/{}", order.subscription))
        });
    let left = crate::calendar::days(day_of(now), order.expires);
    if held.state == State::Active {
        let shown = if left <= 30 { "Expiring" } else { "Succeeded" };
        expected = expected.want("/properties/displayProvisioningState", text(shown));
    }
    let (on, friendly) = match (held.state, &held.renewal) {
        (_, Renewal::As(_)) => (false, "Renewed"),
        (_, Renewal::Refused) => (false, "NotRenewed"),
        (State::Active, _) if held.renew => (true, "On"),
        (State::Active, _) => (false, "Off"),
        (State::Failed, _) => (held.renew, "NotApplicable"),
        _ => (false, "NotApplicable"),
    };
    expected = expected
        .want(
            "/properties/renewDestination",
            match held.renewal {
                Renewal::As(other) => first_of(&books.orders[other]),
                _ => Want::Absent,
            },
        )
        .want(
            "/properties/renewSource",
            match order.source {
                Some((of, place)) if at == 0 => {
                    let of = &books.orders[of];
                    Want::Id(path(of, of.holdings[place].id.as_deref()))
                }
                _ => Want::Absent,
            },
        )
        .want("/properties/renew", Want::Flag(on))
        .want("/properties/userFriendlyRenewState", text(friendly))
        .want("/properties/displayName", text(&held.name))
        .want("/properties/archived", Want::Flag(held.is_archived))
        .want("/properties/instanceFlexibility", text(if held.is_flexible { "On" } else { "Off" }))
        .want("/properties/appliedScopeType", {
            text(if held.scope == Scope::Shared { "Shared" } else { "Single" })
        })
        .want("/properties/userFriendlyAppliedScopeType", {
            text(match held.scope {
                Scope::Shared => "Shared",
                Scope::Subscription(_) => "Single",
                Scope::ResourceGroup(..) => "ResourceGroup",
            })
        });
    let parts = "/properties/splitProperties/splitDestinations";
    expected = expected.want(
        parts,
        match held.parts.len() {
            0 => Want::Absent,
            count => Want::Count(count),
        },
    );
    for (place, part) in held.parts.iter().enumerate() {
        expected = expected.want(format!("{parts}/{place}"), id(*part));
    }
    if let Some(into) = held.into {
        let at = match held.state {
            State::Merged => "/properties/mergeProperties/mergeDestination",
            _ => "/properties/swapProperties/swapDestination",
        };
        expected = expected.want(at, id(into));
    }
    match &held.origin {
        Origin::Bought => expected,
        Origin::Part(of) => expected.want("/properties/splitProperties/splitSource", id(*of)),
        Origin::Twin(of) => expected.want("/properties/swapProperties/swapSource", id(*of)),
        Origin::Merge(of) => of.iter().enumerate().fold(expected, |expected, (place, of)| {
            expected.want(format!("/properties/mergeProperties/mergeSources/{place}"), id(*of))
        }),
    }
}

/// The reservation that an order began with.
fn first_of(order: &Order) -> Want {
    Want::Id(path(order, order.holdings[0].id.as_deref()))
}

fn path(order: &Order, id: Option<&str>) -> String {
    format!(
        "/providers/microsoft.capacity/reservationOrders/{}/reservations/{}",
        order.id,
        id.unwrap_or("?")
    )
}

/// Payments made and to come; those to come are for the units still held, or cancelled for all.
fn payments(order: &Order, today: Date, mut expected: Expected) -> Expected {
    let plan = "/properties/planInformation";
    let all = usize::try_from(order.deal.payments).unwrap_or_default();
    let each = order.deal.unit_payment;
    let of = |state| {
        let held = order.holdings.iter().filter(|held| held.state == state);
        held.map(|held| held.quantity).sum::<u32>()
    };
    let (active, expired) = (of(State::Active), of(State::Expired));
    let units = [active, expired, order.deal.quantity].into_iter().find(|units| *units > 0);
    let units = units.unwrap_or_default();
    let tried = order.overdue.filter(|_| order.owes(today)).map(|overdue| overdue.tried);
    let to_come = |due: Date| {
        if active > 0 {
            let refused = tried.is_some_and(|tried| due <= tried);
            if refused { "Failed" } else { "Scheduled" }
        } else if expired > 0 || of(State::Failed) > 0 && due == order.starts() {
            "Failed"
        } else {
            "Cancelled"
        }
    };
    expected = expected
        .want(format!("{plan}/startDate"), Want::Text(order.starts().to_string()))
        .want(format!("{plan}/transactions"), Want::Count(all));
    let mut total = 0;
    for index in 0..all {
        let at = format!("{plan}/transactions/{index}");
        let (due, made, amount, status) = match order.paid.get(index) {
            Some(paid) => (paid.due, Some(paid.made), paid.amount, "Succeeded"),
            None => {
                let amount = Amount::new(each.minor * i128::from(units), each.currency);
                let due = order.due(index + 1);
                (due, None, amount, to_come(due))
            }
        };
        expected = expected.want(
            format!("{at}/paymentDate"),
            match made {
                Some(day) => Want::Text(day.to_string()),
                None => Want::Absent,
            },
        );
        if status != "Cancelled" {
            total += amount.minor;
        }
        let dollars = in_dollars(amount, order.deal.rate);
        let billed = if status == "Succeeded" { Want::Money(amount) } else { Want::Absent };
        expected = expected
            .want(format!("{at}/dueDate"), Want::Text(due.to_string()))
            .want(format!("{at}/status"), Want::Text(status.to_owned()))
            .want(format!("{at}/pricingCurrencyTotal"), Want::Money(dollars))
            .want(format!("{at}/billingCurrencyTotal"), billed);
    }
    let total = in_dollars(Amount::new(total, each.currency), order.deal.rate);
    expected.want(format!("{plan}/pricingCurrencyTotal"), Want::Money(total))
}
