//! Usage paid from pre-purchase plans: operations of our own.

use super::asked::{Asked, read};
use super::table::{Entry, NONE, may, run};
use crate::arm::{ArmError, RouteTable, json};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use prorata_app::drain::{self, Ask, Balance};
use prorata_domain::access::Action::{Manage, Read};
use prorata_store::drains::Drain;
use prorata_wire::azure::instant;
use prorata_wire::usage as shape;

pub(super) fn routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    const PATH: &str = "/prorata/reservations/{order}/{reservation}/usage";
    table.route(Method::POST, PATH, "Usage_Drain", NONE, may(Manage, run!(drain_plan))).route(
        Method::GET,
        PATH,
        "Usage_List",
        NONE,
        may(Read, run!(list)),
    )
}

async fn drain_plan(asked: Asked) -> Result<Response, ArmError> {
    let ask = Ask {
        order: asked.order()?,
        reservation: asked.reservation()?,
        request: read(shape::parse(&asked.json().await?))?,
    };
    let drained = asked.write(move |tx, app, call| drain::drain(tx, app, call, &ask)).await?;
    let body = shape::drained(
        &asked.app().book,
        &usage(&drained.drain),
        &balance(&drained.balance),
        drained.decision.as_ref(),
    );
    Ok(json(StatusCode::OK, &body))
}

async fn list(asked: Asked) -> Result<Response, ArmError> {
    let plan = (asked.order()?, asked.reservation()?);
    let limit = asked.rows("take")?;
    let after = asked.query.get("$skiptoken").filter(|mark| !mark.is_empty()).map(str::to_owned);
    let listed = asked
        .read(move |tx, app, call| drain::list(tx, app, call, plan, after.as_deref(), limit))
        .await?;
    let rows: Vec<shape::Usage> = listed.drains.iter().map(usage).collect();
    let next = listed.next.map(|mark| asked.next_link("$skiptoken", &mark));
    Ok(json(StatusCode::OK, &shape::page(&rows, &balance(&listed.balance), next)))
}

fn usage(drain: &Drain) -> shape::Usage {
    let shown = |at| instant(at).as_str().unwrap_or_default().to_owned();
    shape::Usage {
        usage_id: drain.usage_id.clone(),
        used_at: shown(drain.used_at),
        recorded_at: shown(drain.recorded_at),
        commit_units: drain.units,
        covered: drain.covered,
        overage: drain.overage,
    }
}

/// What a plan holds, as it is shown.
pub(super) fn balance(balance: &Balance) -> shape::Balance {
    shape::Balance { bought: balance.bought, drained: balance.drained, left: balance.left }
}
