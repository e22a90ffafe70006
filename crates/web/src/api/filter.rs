//! Filters over what reservations show, as conditions on what is stored of them.
//!
//! Some of what is shown depends on the day: a reservation that is live in the database shows as
//! expiring in its last thirty days, and as expired from the day its term ends.

use jiff::ToSpan;
use jiff::civil::Date;
use prorata_domain::policy::Expiring;
use prorata_store::Value;
use prorata_store::reservations::{Field as Column, Filter as Condition, OrderBy, StateCount};
use prorata_wire::azure::v2022_11_01::reservation::Summary;
use prorata_wire::azure::{self, Fault, Field, Filter, FilterValue};

/// The states of a reservation that has been given up.
const CANCELLED: [&str; 4] = ["returned", "exchanged", "split", "merged"];

/// The conditions that a filter comes to on a day.
///
/// # Errors
/// A fault for a value that a field cannot have.
pub(super) fn conditions(filter: &Filter, today: Date) -> Result<Condition, Fault> {
    let each = |parts: &[Filter]| -> Result<Vec<Condition>, Fault> {
        parts.iter().map(|part| conditions(part, today)).collect()
    };
    match filter {
        Filter::And(parts) => Ok(Condition::And(each(parts)?)),
        Filter::Or(parts) => Ok(Condition::Or(each(parts)?)),
        Filter::Eq(field, value) => equal(*field, value, today),
    }
}

fn equal(field: Field, value: &FilterValue, today: Date) -> Result<Condition, Fault> {
    let text = match value {
        FilterValue::Text(text) => text.as_str(),
        FilterValue::Number(number) => return Ok(is(numeric(field), *number)),
        FilterValue::Flag(flag) => return Ok(is(numeric(field), i64::from(*flag))),
        // Every field always has a value.
        FilterValue::Null => return Ok(never()),
    };
    Ok(match field {
        Field::SkuName => is(Column::Sku, text.to_owned()),
        Field::AppliedScopeType => is(Column::AppliedScopeType, text.to_owned()),
        Field::DisplayName => is(Column::DisplayName, text.to_owned()),
        Field::ReservedResourceType => is(Column::ResourceType, text.to_owned()),
        Field::Term => is(Column::Term, text.to_owned()),
        Field::ProvisioningState => provisioning_state(text, today),
        Field::DisplayProvisioningState => display_state(text, today),
        Field::UserFriendlyAppliedScopeType => scope_type(text)?,
        Field::UserFriendlyRenewState => renew_state(text, today),
        Field::ExpiryDate | Field::ExpiryDateTime => {
            let day = text.get(..10).and_then(|day| day.parse::<Date>().ok());
            is(Column::ExpiresOn, day.ok_or_else(|| not_a(field, "day such as '2027-03-04'"))?)
        }
        Field::EffectiveDateTime => {
            let at = text.parse::<jiff::Timestamp>().ok();
            let at = at.ok_or_else(|| not_a(field, "instant such as '2027-03-04T00:00:00Z'"))?;
            is(Column::EffectiveAt, at.as_microsecond())
        }
        // These have numbers and flags only, which were dealt with above.
        Field::Quantity | Field::Archived | Field::Renew => never(),
    })
}

/// The column of a field that holds a number or a flag.
fn numeric(field: Field) -> Column {
    match field {
        Field::Archived => Column::Archived,
        Field::Renew => Column::Renew,
        _ => Column::Quantity,
    }
}

fn not_a(field: Field, wanted: &str) -> Fault {
    fault("$filter", format!("`$filter` compares `{field}` with something else than a {wanted}."))
}

fn fault(name: &str, message: String) -> Fault {
    Fault { code: "BadRequest", path: name.to_owned(), message }
}

fn is(column: Column, value: impl Into<Value>) -> Condition {
    Condition::Eq(column, value.into())
}

fn never() -> Condition {
    Condition::Or(Vec::new())
}

fn state(word: &'static str) -> Condition {
    Condition::Eq(Column::State, Value::fixed(word))
}

/// Live, and the term ends on this day or later.
fn live_until(day: Date) -> Condition {
    Condition::And(vec![state("active"), Condition::From(Column::ExpiresOn, day.into())])
}

fn expired(today: Date) -> Condition {
    let over = Condition::Before(Column::ExpiresOn, tomorrow(today).into());
    Condition::Or(vec![
        state("expired"),
        state("renewed"),
        state("not-renewed"),
        state("drained"),
        Condition::And(vec![state("active"), over]),
    ])
}

fn cancelled() -> Condition {
    Condition::Or(CANCELLED.map(state).to_vec())
}

fn tomorrow(today: Date) -> Date {
    today.saturating_add(1.days())
}

/// The first day on which a term may end that is not expiring yet.
fn not_expiring(today: Date) -> Date {
    tomorrow(Expiring::shown(today).until(today))
}

fn provisioning_state(word: &str, today: Date) -> Condition {
    match word.to_ascii_lowercase().as_str() {
        "succeeded" => live_until(tomorrow(today)),
        "expired" => expired(today),
        "cancelled" => cancelled(),
        "billingfailed" => state("billing-failed"),
        _ => never(),
    }
}

fn display_state(word: &str, today: Date) -> Condition {
    match word.to_ascii_lowercase().as_str() {
        "succeeded" => Condition::And(vec![live_until(not_expiring(today)), benefits()]),
        "nobenefit" => Condition::And(vec![live_until(tomorrow(today)), benefits_nothing()]),
        "expiring" => Condition::And(vec![
            live_until(tomorrow(today)),
            benefits(),
            Condition::Before(Column::ExpiresOn, not_expiring(today).into()),
        ]),
        "expired" => expired(today),
        "cancelled" => cancelled(),
        "failed" => state("billing-failed"),
        _ => never(),
    }
}

fn benefits() -> Condition {
    is(Column::NoBenefit, String::new())
}

/// Any reason is more than none.
fn benefits_nothing() -> Condition {
    Condition::From(Column::NoBenefit, "a".into())
}

fn renew_state(word: &str, today: Date) -> Condition {
    let live =
        |renew: i64| Condition::And(vec![live_until(tomorrow(today)), is(Column::Renew, renew)]);
    match word.to_ascii_lowercase().as_str() {
        "on" => live(1),
        "off" => live(0),
        "renewed" => state("renewed"),
        "notrenewed" => state("not-renewed"),
        "notapplicable" => {
            let over = Condition::And(vec![
                state("active"),
                Condition::Before(Column::ExpiresOn, tomorrow(today).into()),
            ]);
            Condition::Or(vec![state("expired"), over, state("billing-failed"), cancelled()])
        }
        _ => never(),
    }
}

/// Resource groups are stored as a kind of `Single`, so the two cannot be told apart by a filter.
fn scope_type(word: &str) -> Result<Condition, Fault> {
    match word.to_ascii_lowercase().as_str() {
        "shared" | "managementgroup" => Ok(is(Column::AppliedScopeType, word.to_owned())),
        "single" | "resourcegroup" => Err(fault(
            "$filter",
            "`$filter` cannot tell `Single` from `ResourceGroup`; compare \
             `properties/appliedScopeType` with 'Single' for both."
                .to_owned(),
        )),
        _ => Ok(never()),
    }
}

/// The condition of the query parameter `selectedState`: a display state, or `All`.
///
/// # Errors
/// A fault for any other word.
pub(super) fn selected_state(word: &str, today: Date) -> Result<Option<Condition>, Fault> {
    const STATES: [&str; 9] = [
        "Succeeded",
        "Expiring",
        "Expired",
        "Pending",
        "Processing",
        "Cancelled",
        "Failed",
        "Warning",
        "NoBenefit",
    ];
    if word.is_empty() || word.eq_ignore_ascii_case("all") {
        return Ok(None);
    }
    if STATES.iter().any(|state| state.eq_ignore_ascii_case(word)) {
        return Ok(Some(display_state(word, today)));
    }
    let message =
        format!("`selectedState` names no state; give All or one of {}.", STATES.join(", "));
    Err(fault("selectedState", message))
}

/// The stored order behind an order over what is shown.
pub(super) fn order_by(order: azure::OrderBy) -> OrderBy {
    let field = match order.field {
        Field::SkuName => Column::Sku,
        Field::AppliedScopeType | Field::UserFriendlyAppliedScopeType => Column::AppliedScopeType,
        Field::Archived => Column::Archived,
        Field::DisplayName => Column::DisplayName,
        Field::DisplayProvisioningState | Field::ProvisioningState => Column::State,
        Field::EffectiveDateTime => Column::EffectiveAt,
        Field::ExpiryDate | Field::ExpiryDateTime => Column::ExpiresOn,
        Field::Quantity => Column::Quantity,
        Field::Renew | Field::UserFriendlyRenewState => Column::Renew,
        Field::ReservedResourceType => Column::ResourceType,
        Field::Term => Column::Term,
    };
    OrderBy { field, descending: order.descending }
}

/// Counts by stored state, gathered under the states that are shown.
pub(super) fn summary(counts: &[StateCount]) -> Summary {
    let mut summary = Summary::default();
    for row in counts {
        match row.state.as_str() {
            "active" if row.no_benefit => summary.no_benefit += row.count,
            "active" if row.expiring => summary.expiring += row.count,
            "active" => summary.succeeded += row.count,
            "expired" | "renewed" | "not-renewed" | "drained" => summary.expired += row.count,
            "billing-failed" => summary.failed += row.count,
            _ => summary.cancelled += row.count,
        }
    }
    summary
}
