//! Microsoft.Insights, as far as it is the activity log: who changed what.

use super::asked::{Asked, read_one};
use super::table::{Entry, may, run};
use crate::arm::{ArmError, RouteTable, json};
use crate::limits::PAGE_ROWS_MAX;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use prorata_app::audit::search::{self, Query};
use prorata_domain::access::Action::ReadActivity;
use prorata_wire::azure::activity_log::{self as shape, DAYS_KEPT, operation_name};

const VERSIONS: &[&str] = &["2015-04-01", "2014-04-01", "2017-03-01-preview"];

const PATH: &str = "/providers/Microsoft.Insights/eventtypes/management/values";

pub(super) fn routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    table
        .route(Method::GET, PATH, "TenantActivityLogs_List", VERSIONS, {
            may(ReadActivity, run!(list))
        })
        .route(
            Method::GET,
            "/subscriptions/{subscription}/providers/Microsoft.Insights/eventtypes/management/values",
            "ActivityLogs_List",
            VERSIONS,
            may(ReadActivity, run!(list)),
        )
}

async fn list(asked: Asked) -> Result<Response, ArmError> {
    let subscription = match asked.captures.find("subscription") {
        Some(_) => Some(asked.subscription()?),
        None => None,
    };
    let filter = read_one(shape::parse_filter(asked.option("$filter")))?;
    let select = read_one(shape::parse_select(asked.option("$select")))?;
    let now = asked.call()?.now;
    let oldest = now.saturating_sub(SignedDuration::from_hours(24 * DAYS_KEPT)).unwrap_or(now);
    let query = Query {
        from: Some(filter.from.max(oldest)),
        // The filter's end is meant itself.
        until: filter.until.map(after),
        correlation: filter.correlation,
        caller: filter.caller,
        among: Some(|entry| operation_name(&entry.action).is_some()),
        after: asked.mark(search::parse_mark)?,
        limit: PAGE_ROWS_MAX,
        ..Query::default()
    };
    let found = asked
        .read(move |tx, app, call| search::activity(tx, app, call, subscription, &query))
        .await?;
    let wanted = |resource: &str, provider: &str, status: &str| {
        let starts = |whole: &str, start: &str| {
            let start = start.trim_end_matches('/');
            whole.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
                && matches!(whole.as_bytes().get(start.len()), None | Some(b'/'))
        };
        filter.resource.as_deref().is_none_or(|it| starts(resource, it))
            && filter.provider.as_deref().is_none_or(|it| it.eq_ignore_ascii_case(provider))
            && filter.status.as_deref().is_none_or(|it| it.eq_ignore_ascii_case(status))
            // Nothing here lies in a resource group.
            && filter.resource_group.is_none()
    };
    let events = found.rows.iter().filter(|row| {
        let name = operation_name(&row.action).unwrap_or_default();
        let provider = name.split('/').next().unwrap_or_default();
        wanted(&shape::resource_id(&row.target), provider, shape::status(&row.verdict))
    });
    let events = events.map(|row| shape::Event {
        id: row.id,
        at: row.at,
        tenant: row.tenant.0,
        subscription: subscription.map(|subscription| subscription.0),
        principal: row.principal.0,
        caller: row.by.name.as_deref(),
        client: row.by.client.as_deref(),
        action: &row.action,
        target: &row.target,
        verdict: &row.verdict,
        code: row.code.as_deref(),
        address: row.by.address.as_deref(),
        correlation: row.by.correlation,
        operation: row.decision,
    });
    let next = found.next.as_ref().map(|mark| asked.next_link("$skiptoken", mark));
    Ok(json(StatusCode::OK, &shape::page(events, select.as_deref(), next)))
}

/// The next instant that the database tells from this one.
fn after(at: Timestamp) -> Timestamp {
    at.saturating_add(SignedDuration::from_micros(1)).unwrap_or(at)
}
