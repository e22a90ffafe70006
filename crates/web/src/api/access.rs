//! Why somebody can or cannot do something: an operation of our own.

use super::asked::{Asked, read};
use super::table::{Entry, NONE, run, signed_in};
use crate::arm::{ArmError, RouteTable, json};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use prorata_app::authorization;
use prorata_wire::access::{self as shape, Question};
use serde_json::{Map, Value};

pub(super) fn routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    const PATH: &str = "/prorata/access/why";
    // Everybody may ask about themselves; the job asks for the right to ask about others.
    table.route(Method::GET, PATH, "Access_Why", NONE, signed_in(run!(from_query))).route(
        Method::POST,
        PATH,
        "Access_WhyPost",
        NONE,
        signed_in(run!(from_body)),
    )
}

async fn from_query(asked: Asked) -> Result<Response, ArmError> {
    let sent = ["principal", "action", "scope"].into_iter().filter_map(|name| {
        let value = asked.query.get(name)?;
        Some((name.to_owned(), Value::from(value)))
    });
    let question = read(shape::parse(&Value::Object(sent.collect::<Map<_, _>>())))?;
    answer(asked, question).await
}

async fn from_body(asked: Asked) -> Result<Response, ArmError> {
    let question = read(shape::parse(&asked.json().await?))?;
    answer(asked, question).await
}

async fn answer(asked: Asked, question: Question) -> Result<Response, ArmError> {
    let Question { principal, action, place } = question;
    let found = asked
        .read(move |tx, _, call| authorization::why(tx, call, principal, action, place))
        .await?;
    let subject =
        shape::Subject { id: found.principal, name: &found.name, kind: found.kind.as_str() };
    Ok(json(StatusCode::OK, &shape::show(&found.verdict, subject)))
}
