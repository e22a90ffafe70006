//! Who is told of what happens in a tenant, and what is on its way to them.

use super::asked::{Asked, read};
use super::table::{Entry, may, run};
use crate::arm::{ArmError, RouteTable, empty, json};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use jiff::Timestamp;
use prorata_app::deliveries::{self, DeliveryState};
use prorata_app::outbound::is_callable;
use prorata_app::receivers::{self, Ask, Channel, Receiver, State};
use prorata_domain::access::Action::Assign;
use prorata_wire::receiver as shape;
use serde_json::{Value, json as object};
use uuid::Uuid;

pub(super) fn routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    const ALL: &str = "/prorata/receivers";
    const ONE: &str = "/prorata/receivers/{receiver}";
    let (get, post) = (Method::GET, Method::POST);
    table
        .route(get.clone(), ALL, "Receiver_List", &[], may(Assign, run!(list)))
        .route(get.clone(), ONE, "Receiver_Get", &[], may(Assign, run!(show)))
        .route(Method::PUT, ONE, "Receiver_Put", &[], may(Assign, run!(put)))
        .route(Method::DELETE, ONE, "Receiver_Delete", &[], may(Assign, run!(remove)))
        .route(
            post.clone(),
            "/prorata/receivers/{receiver}/rotateSecret",
            "Receiver_RotateSecret",
            &[],
            may(Assign, run!(rotate)),
        )
        .route(
            post.clone(),
            "/prorata/receivers/{receiver}/test",
            "Receiver_Test",
            &[],
            may(Assign, run!(test)),
        )
        .route(get, "/prorata/deliveries", "Delivery_List", &[], may(Assign, run!(list_deliveries)))
        .route(
            post,
            "/prorata/deliveries/{receiver}/{notification}/retry",
            "Delivery_Retry",
            &[],
            may(Assign, run!(retry)),
        )
}

async fn list(asked: Asked) -> Result<Response, ArmError> {
    let rows = asked.read(|tx, _, call| receivers::list(tx, call)).await?;
    let rows: Vec<Value> = rows.iter().map(|row| shown(row, None)).collect();
    Ok(json(StatusCode::OK, &object!({ "value": rows })))
}

async fn show(asked: Asked) -> Result<Response, ArmError> {
    let id = receiver(&asked)?;
    let row = asked.read(move |tx, _, call| receivers::show(tx, call, id)).await?;
    Ok(json(StatusCode::OK, &shown(&row, None)))
}

async fn put(asked: Asked) -> Result<Response, ArmError> {
    let (id, inner) = (receiver(&asked)?, asked.app().inner_receivers);
    let wanted = read(shape::parse(&asked.json().await?, |url| is_callable(url, inner)))?;
    let ask = Ask {
        channel: Channel::parse(&wanted.channel).unwrap_or(Channel::Webhook),
        name: wanted.name,
        address: wanted.address,
        kinds: wanted.kinds,
        state: if wanted.paused { State::Paused } else { State::Active },
    };
    let secret = receivers::new_secret();
    let signing = secret.clone();
    let (row, is_new) =
        asked.write(move |tx, app, call| receivers::put(tx, app, call, id, &ask, &signing)).await?;
    let secret = (is_new && row.secret.is_some()).then_some(secret.as_str());
    let body = shown(&row, secret);
    Ok(json(if is_new { StatusCode::CREATED } else { StatusCode::OK }, &body))
}

async fn remove(asked: Asked) -> Result<Response, ArmError> {
    let id = receiver(&asked)?;
    asked.write(move |tx, _, call| receivers::remove(tx, call, id)).await?;
    Ok(empty(StatusCode::OK))
}

async fn rotate(asked: Asked) -> Result<Response, ArmError> {
    let (id, secret) = (receiver(&asked)?, receivers::new_secret());
    // What waits goes out by the system's clock, and so does the end of the former secret.
    let (signing, now) = (secret.clone(), Timestamp::now());
    let row = asked
        .write(move |tx, app, call| receivers::rotate(tx, app, call, id, &signing, now))
        .await?;
    Ok(json(StatusCode::OK, &shown(&row, Some(&secret))))
}

async fn test(asked: Asked) -> Result<Response, ArmError> {
    let id = receiver(&asked)?;
    let sent = asked.write(move |tx, _, call| receivers::test(tx, call, id)).await?;
    Ok(json(StatusCode::ACCEPTED, &object!({ "notification": sent.to_string() })))
}

async fn list_deliveries(asked: Asked) -> Result<Response, ArmError> {
    let limit = asked.rows("take")?;
    let state = match asked.query.get("state").unwrap_or("parked") {
        "" => DeliveryState::Parked,
        sent => DeliveryState::parse(sent).ok_or_else(|| {
            let shown: String = sent.chars().take(64).collect();
            let message = format!("`state` is `{shown}`; give `waiting` or `parked`.");
            ArmError::bad_request("BadRequest", message).with_target("state")
        })?,
    };
    let rows = asked.read(move |tx, _, call| deliveries::list(tx, call, state, limit)).await?;
    let rows = rows.iter().map(|row| shape::Delivery {
        receiver: row.receiver,
        notification: row.notification,
        at: row.at,
        kind: &row.kind,
        target: &row.target,
        state: row.state.as_str(),
        attempts: row.attempts,
        trouble: row.trouble.as_deref(),
    });
    Ok(json(StatusCode::OK, &shape::deliveries(rows)))
}

async fn retry(asked: Asked) -> Result<Response, ArmError> {
    let id = receiver(&asked)?;
    let of = asked.guid("notification", "BadRequest", "notification", parse)?;
    asked.write(move |tx, _, call| deliveries::retry(tx, call, id, of)).await?;
    Ok(empty(StatusCode::ACCEPTED))
}

fn receiver(asked: &Asked) -> Result<Uuid, ArmError> {
    asked.guid("receiver", "BadRequest", "receiver", parse)
}

fn parse(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok()
}

fn shown(row: &Receiver, secret: Option<&str>) -> Value {
    shape::show(&shape::Receiver {
        id: row.id,
        channel: row.channel.as_str(),
        name: &row.name,
        address: &row.address,
        kinds: &row.kinds,
        state: row.state.as_str(),
        created_at: row.created_at,
        secret,
    })
}
