//! Lists of savings plans: filtered, ordered, counted and paged.

use super::super::asked::{Asked, read_one};
use crate::arm::{ArmError, json};
use crate::limits::PAGE_ROWS;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use prorata_app::savings_plan;
use prorata_domain::ids::{SavingsPlanId, SavingsPlanOrderId};
use prorata_domain::savings_plan::{Order, SavingsPlan};
use prorata_wire::azure::billing_benefits::{self as shape, plan};
use prorata_wire::azure::v2022_11_01::reservation::Summary;
use prorata_wire::azure::{Fault, Field, Filter, FilterValue, parse_filter, parse_order_by};
use serde_json::Value;

pub(in crate::api) type Row = (Order, SavingsPlan);

pub(super) async fn orders(asked: Asked) -> Result<Response, ArmError> {
    let after = asked.mark(SavingsPlanOrderId::parse)?;
    let page = asked
        .read(move |tx, app, call| savings_plan::list(tx, app, call, after, PAGE_ROWS))
        .await?;
    let now = asked.call()?.now;
    let rows = page.rows.iter().map(|(order, held)| plan::order(order, held, now)).collect();
    let next = page.next.map(|mark| asked.next_link("$skiptoken", &mark));
    Ok(json(StatusCode::OK, &shape::page(rows, next)))
}

pub(super) async fn of_order(asked: Asked) -> Result<Response, ArmError> {
    let id = asked.savings_plan_order()?;
    let found = asked.read(move |tx, app, call| savings_plan::show(tx, app, call, id)).await?;
    let row = plan::plan(&found.order, &found.plan, asked.call()?.now, false);
    Ok(json(StatusCode::OK, &shape::page(vec![row], None)))
}

pub(super) async fn plans(asked: Asked) -> Result<Response, ArmError> {
    let rows = asked.read(savings_plan::list_plans).await?;
    let page = page_of(&asked, rows, "$skiptoken")?;
    Ok(json(StatusCode::OK, &plan::page(page.rows, page.next, page.summary)))
}

/// A page of plans as they are shown.
pub(in crate::api) struct Page {
    pub rows: Vec<Value>,
    pub next: Option<String>,
    pub summary: Option<Summary>,
}

/// Where a page begins.
enum After {
    /// Callers that count pages themselves leave out a number of rows.
    Rows(usize),
    /// The last plan of the page before, as its next link has it.
    Plan(SavingsPlanId),
}

impl After {
    fn parse(mark: &str) -> Option<After> {
        let count = mark.bytes().all(|byte| byte.is_ascii_digit()).then(|| mark.parse().ok());
        count.flatten().map(After::Rows).or_else(|| SavingsPlanId::parse(mark).map(After::Plan))
    }
}

/// The page of all these plans that was asked for; `mark` is what the next one is asked for by.
pub(in crate::api) fn page_of(
    asked: &Asked,
    mut rows: Vec<Row>,
    mark: &str,
) -> Result<Page, ArmError> {
    let now = asked.call()?.now;
    let filter = read_one(parse_filter(asked.option("$filter")))?;
    let order_by = read_one(parse_order_by(asked.option("$orderby")))?;
    let state = asked.query.get("selectedState").unwrap_or_default();
    let state = read_one(selected_state(state))?;
    let (take, counted) = (asked.rows("take")?, asked.flag("refreshSummary")?);
    let summary = counted.then(|| summary(&rows, now));
    rows.retain(|row| {
        state.as_ref().is_none_or(|state| shows(row, now, Field::DisplayProvisioningState, state))
            && filter.as_ref().is_none_or(|filter| fits(row, now, filter))
    });
    rows.sort_by_cached_key(|row| (order_by.map(|by| key(row, now, by.field)), row.1.id));
    if order_by.is_some_and(|by| by.descending) {
        rows.reverse();
    }
    let from = match asked.mark(After::parse)? {
        None => 0,
        Some(After::Rows(count)) => rows.len().min(count),
        Some(After::Plan(last)) => {
            rows.iter().position(|row| row.1.id == last).map_or(rows.len(), |at| at + 1)
        }
    };
    let page = &rows[from..rows.len().min(from + take)];
    let next = (from + page.len() < rows.len())
        .then(|| page.last().map(|row| asked.next_link(mark, &row.1.id.to_string())))
        .flatten();
    let shown = page.iter().map(|(order, held)| plan::plan(order, held, now, false)).collect();
    Ok(Page { rows: shown, next, summary })
}

/// The states that plans are looked for by; nothing for all.
fn selected_state(word: &str) -> Result<Option<FilterValue>, Fault> {
    const KNOWN: [&str; 9] = [
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
    let word = word.trim();
    if word.is_empty() || word.eq_ignore_ascii_case("All") {
        return Ok(None);
    }
    match KNOWN.iter().find(|known| known.eq_ignore_ascii_case(word)) {
        Some(known) => Ok(Some(FilterValue::Text((*known).to_owned()))),
        None => {
            let shown: String = word.chars().take(64).collect();
            let message =
                format!("`selectedState` is `{shown}`; give one of {}.", KNOWN.join(", "));
            Err(Fault { code: "BadRequest", path: "selectedState".to_owned(), message })
        }
    }
}

fn summary(rows: &[Row], now: Timestamp) -> Summary {
    let mut counts = Summary::default();
    for (order, held) in rows {
        match plan::Life::of(order, held, now) {
            plan::Life::Live => counts.succeeded += 1,
            plan::Life::Expiring => counts.expiring += 1,
            plan::Life::Expired => counts.expired += 1,
        }
    }
    counts
}

fn fits(row: &Row, now: Timestamp, filter: &Filter) -> bool {
    match filter {
        Filter::And(parts) => parts.iter().all(|part| fits(row, now, part)),
        Filter::Or(parts) => parts.iter().any(|part| fits(row, now, part)),
        Filter::Eq(field, value) => shows(row, now, *field, value),
    }
}

/// Whether a plan shows a value in a field; a field that plans do not have shows nothing.
fn shows(row: &Row, now: Timestamp, field: Field, wanted: &FilterValue) -> bool {
    match (member(row, now, field), wanted) {
        (Value::String(text), FilterValue::Text(wanted)) => match field {
            Field::ExpiryDate | Field::ExpiryDateTime => {
                wanted.get(..10).is_some_and(|day| text.starts_with(day))
            }
            _ => text.to_lowercase() == wanted.to_lowercase(),
        },
        (Value::Bool(flag), FilterValue::Flag(wanted)) => flag == *wanted,
        (Value::Null, FilterValue::Null) => true,
        _ => false,
    }
}

fn key(row: &Row, now: Timestamp, field: Field) -> String {
    match member(row, now, field) {
        Value::String(text) => text.to_lowercase(),
        other => other.to_string(),
    }
}

/// What a plan shows in a field.
fn member((order, held): &Row, now: Timestamp, field: Field) -> Value {
    let shown = plan::plan(order, held, now, false);
    let properties = &shown["properties"];
    let name = match field {
        Field::SkuName => return shown["sku"]["name"].clone(),
        // Plans are not archived.
        Field::Archived => return Value::Bool(false),
        Field::UserFriendlyRenewState => {
            let word = match (held.renew_destination, plan::Life::of(order, held, now), held.renew)
            {
                (Some(_), ..) => "Renewed",
                (None, plan::Life::Expired, true) => "NotRenewed",
                (None, plan::Life::Expired, false) => "NotApplicable",
                (None, _, true) => "On",
                (None, _, false) => "Off",
            };
            return Value::String(word.to_owned());
        }
        Field::ExpiryDate | Field::ExpiryDateTime => "expiryDateTime",
        Field::AppliedScopeType => "appliedScopeType",
        Field::DisplayName => "displayName",
        Field::DisplayProvisioningState => "displayProvisioningState",
        Field::EffectiveDateTime => "effectiveDateTime",
        Field::ProvisioningState => "provisioningState",
        Field::Renew => "renew",
        Field::Term => "term",
        Field::UserFriendlyAppliedScopeType => "userFriendlyAppliedScopeType",
        Field::Quantity | Field::ReservedResourceType => return Value::Null,
    };
    properties[name].clone()
}
