//! What the caller's tenant is to be told.

use super::asked::Asked;
use super::table::{Entry, run, signed_in};
use crate::arm::{ArmError, RouteTable, json};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use prorata_app::notifications;
use prorata_wire::notification as shape;

pub(super) fn routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    // The job shows what belongs to orders that the caller may read, and nothing of another tenant.
    let entry = signed_in(run!(list));
    table.route(Method::GET, "/prorata/notifications", "Notification_List", &[], entry)
}

async fn list(asked: Asked) -> Result<Response, ArmError> {
    let limit = asked.rows("take")?;
    let after = asked.query.get("$skiptoken").filter(|mark| !mark.is_empty()).map(str::to_owned);
    let page = asked
        .read(move |tx, app, call| notifications::list(tx, app, call, after.as_deref(), limit))
        .await?;
    let rows = page.rows.iter().map(|row| shape::Notification {
        id: row.id,
        at: row.at,
        kind: &row.kind,
        target: &row.target,
        details: &row.doc,
    });
    let next = page.next.map(|mark| asked.next_link("$skiptoken", &mark));
    Ok(json(StatusCode::OK, &shape::page(rows, next)))
}
