//! What right to be exchanged units have, on any day: without limit until the end of exchanges for
//! their service, then so many more times for units that were bought before it, and none for units
//! that were bought after it.
//!
//! The right is that of units, not of reservations: what is split, merged, swapped or kept of a
//! partial return keeps its purchase date, and with it its right. What an exchange makes was bought
//! on its day; a right that it still has, where a rule leaves units more than one last exchange, it
//! carries over from what was given up.

use crate::decision::{Amount, Finding, Line, Outcome, Subject};
use crate::policy::{Book, Clauses, ExchangeRight, InForce, TypeList};
use crate::proration::finding;
use crate::reservation::{AcquiredBy, Held, Order, Reservation};
use crate::term::utc_day;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What an exchange after the end left of the right of the units that went into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// When the first of those units were bought; of several, the latest.
    pub bought_at: Timestamp,
    /// How many last exchanges those units have had; of several, the most.
    pub used: u32,
}

/// What the right of some units hangs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Units<'u> {
    pub resource_type: &'u str,
    pub sku: &'u str,
    pub acquired_by: AcquiredBy,
    pub purchased_at: Timestamp,
    pub carried: Option<Carried>,
}

impl<'u> Units<'u> {
    pub fn held(held: &'u Held) -> Units<'u> {
        Units {
            resource_type: &held.commitment.resource_type,
            sku: &held.commitment.sku,
            acquired_by: held.acquired_by,
            purchased_at: held.purchased_at,
            carried: held.carried,
        }
    }

    pub fn of(order: &'u Order, reservation: &'u Reservation) -> Units<'u> {
        Units {
            resource_type: &order.commitment.resource_type,
            sku: &reservation.sku,
            acquired_by: reservation.acquired_by,
            purchased_at: reservation.purchased_at,
            carried: reservation.carried,
        }
    }

    /// What the units have behind them: their own purchase, or that of those before them.
    fn origin(&self) -> Carried {
        self.carried.unwrap_or(Carried { bought_at: self.purchased_at, used: 0 })
    }
}

/// What units may do on some day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// Exchanges have no end for their service, or it has not come yet.
    Unlimited,
    /// So many more exchanges.
    Last(u32),
    None(Why),
}

/// Why units cannot be exchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// They were bought after exchanges had ended for their service.
    BoughtAfter,
    /// They had their last exchange.
    Used,
    /// The rule leaves nothing to what was bought before, either.
    NothingLeft,
}

/// The right of units on a day, by the rule of that day.
pub fn on(rule: &ExchangeRight, units: &Units<'_>, day: Date) -> Right {
    let Some(end) = rule.ends_for(units.resource_type, units.sku) else { return Right::Unlimited };
    if day < end {
        return Right::Unlimited;
    }
    let origin = units.origin();
    if utc_day(origin.bought_at) >= end {
        return Right::None(Why::BoughtAfter);
    }
    match rule.final_rights.saturating_sub(origin.used) {
        0 if origin.used > 0 => Right::None(Why::Used),
        0 => Right::None(Why::NothingLeft),
        left => Right::Last(left),
    }
}

/// A right and the days on which it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub from: Date,
    /// The first day on which it does not hold any more.
    pub until: Date,
    pub right: Right,
}

/// The rights of units from a day to the end of their term, as the rule of that day has it.
/// Nothing when the term is over.
pub fn ahead(rule: &ExchangeRight, units: &Units<'_>, from: Date, expires_on: Date) -> Vec<Span> {
    let end = rule.ends_for(units.resource_type, units.sku);
    let turns = end.filter(|end| from < *end && *end < expires_on);
    let starts = std::iter::once(from).chain(turns);
    let spans = starts.map(|start| Span {
        from: start,
        until: turns.filter(|turn| start < *turn).unwrap_or(expires_on),
        right: on(rule, units, start),
    });
    spans.filter(|span| span.from < span.until).collect()
}

/// What is bought in an exchange carries over from what is given up: nothing while exchanges go on
/// for it, since it is then bought before their end like anything else.
pub fn carried<'u>(
    rule: &ExchangeRight,
    given_up: impl IntoIterator<Item = Units<'u>>,
    resource_type: &str,
    sku: &str,
    today: Date,
) -> Option<Carried> {
    rule.ends_for(resource_type, sku).filter(|end| today >= *end)?;
    let origins = given_up.into_iter().map(|units| units.origin());
    // The least that any of them has left, so that no unit gains a right by being given up
    // together with others.
    let least = origins.reduce(|one, other| Carried {
        bought_at: one.bought_at.max(other.bought_at),
        used: one.used.max(other.used),
    })?;
    Some(Carried { used: least.used.saturating_add(1), ..least })
}

/// A renewal that would give away a right: what is held, or is about to be bought, may be exchanged
/// to the end of its term, and what its renewal buys may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trap {
    /// The first day from which what is bought cannot be exchanged.
    pub end: Date,
    /// The day of the renewal; on the one before it the right can still be used.
    pub renews_on: Date,
}

/// The trap of units that will be renewed when their term ends; `None` where their renewal costs no
/// right, or they have none to lose.
pub fn renewal_trap(
    clauses: &Clauses<'_>,
    units: &Units<'_>,
    today: Date,
    expires_on: Date,
) -> Option<Trap> {
    let rule: InForce<'_, ExchangeRight> = clauses.exchange_right;
    if !clauses.renewal_right.value.renewal_is_purchase {
        return None;
    }
    let end = rule.value.ends_for(units.resource_type, units.sku)?;
    let last_day = expires_on.yesterday().ok().filter(|day| *day >= today)?;
    let keeps = !matches!(on(rule.value, units, last_day.max(today)), Right::None(_));
    (keeps && expires_on >= end).then_some(Trap { end, renews_on: expires_on })
}

impl Right {
    /// As findings and pages say it.
    pub fn in_words(self) -> String {
        match self {
            Right::Unlimited => "not limited yet".to_owned(),
            Right::Last(1) => "one last exchange for each unit".to_owned(),
            Right::Last(left) => format!("{left} last exchanges for each unit"),
            Right::None(_) => "none".to_owned(),
        }
    }
}

/// The right of units today, with what it was told from.
pub fn look(
    units: &Units<'_>,
    clauses: &Clauses<'_>,
    today: Date,
    about: Option<Subject>,
) -> (Finding, Right) {
    let rule = clauses.exchange_right;
    let mut lines = vec![Line::new("bought on", utc_day(units.purchased_at))];
    let Some(end) = rule.value.ends_for(units.resource_type, units.sku) else {
        return (finding(rule, about, Outcome::NotConcerned, lines), Right::Unlimited);
    };
    let right = on(rule.value, units, today);
    if let Some(carried) = units.carried {
        lines.push(Line::new("units before it bought on", utc_day(carried.bought_at)));
        lines.push(Line::new("last exchanges used", Amount::Count(i64::from(carried.used))));
    }
    lines.push(Line::new("exchange ends for what is bought from", end));
    lines.push(Line::new("right", right.in_words()));
    let gone = matches!(right, Right::None(_));
    let outcome = if gone { Outcome::NotMet } else { Outcome::Met };
    (finding(rule, about, outcome, lines), right)
}

/// What a renewal would cost units that are set to be renewed; a warning where that is a right.
pub fn renewal(
    units: &Units<'_>,
    clauses: &Clauses<'_>,
    today: Date,
    expires_on: Date,
    about: Option<Subject>,
) -> Finding {
    let rule = clauses.renewal_right;
    let mut lines = vec![Line::new("renews on", expires_on)];
    let right = clauses.exchange_right.value;
    let Some(end) = right.ends_for(units.resource_type, units.sku) else {
        return finding(rule, about, Outcome::NotConcerned, lines);
    };
    lines.push(Line::new("exchange ends for what is bought from", end));
    let Some(trap) = renewal_trap(clauses, units, today, expires_on) else {
        return finding(rule, about, Outcome::Met, lines);
    };
    let last_day = trap.renews_on.yesterday().unwrap_or(trap.renews_on);
    lines.push(Line::new("right of what the renewal buys", "none"));
    lines.push(Line::new("last day to exchange", last_day));
    lines.push(Line::new("to keep the right", "exchange by that day, or switch the renewal off"));
    finding(rule, about, Outcome::Warned, lines)
}

/// What may be done with a reservation as far as its type and its purchase date decide it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub units: u32,
    pub bought_on: Date,
    pub acquired_by: AcquiredBy,
    pub carried: Option<Carried>,
    /// Rights from today to the end of the term; nothing for what has ended or is of a type that
    /// cannot be exchanged.
    pub spans: Vec<Span>,
    /// In the order of the clauses.
    pub findings: Vec<Finding>,
}

/// Where a reservation stands today.
pub fn standing(book: &Book, order: &Order, reservation: &Reservation, today: Date) -> Standing {
    let clauses = book.in_force(today);
    let units = Units::of(order, reservation);
    let kind = || vec![Line::new("resource type", units.resource_type.to_owned())];
    let listed = |rule: InForce<'_, TypeList>| {
        let barred = rule.value.contains(units.resource_type);
        let outcome = if barred { Outcome::NotMet } else { Outcome::Met };
        (finding(rule, None, outcome, kind()), barred)
    };
    let (refundable, _) = listed(clauses.not_refundable);
    let (exchangeable, barred) = listed(clauses.not_exchangeable);
    let mut findings = vec![refundable, exchangeable];
    let live = reservation.state.is_active() && today < order.expires_on;
    let mut spans = Vec::new();
    if live {
        findings.push(look(&units, &clauses, today, None).0);
        if reservation.renew && !barred {
            findings.push(renewal(&units, &clauses, today, order.expires_on, None));
        }
        if !barred {
            spans = ahead(clauses.exchange_right.value, &units, today, order.expires_on);
        }
    }
    Standing {
        units: reservation.quantity,
        bought_on: utc_day(reservation.purchased_at),
        acquired_by: reservation.acquired_by,
        carried: reservation.carried,
        spans,
        findings,
    }
}
