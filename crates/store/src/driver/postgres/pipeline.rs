//! Several statements sent together, and their answers in order.

use super::chain;
use super::value::Column;
use crate::{Row, StoreError, Value};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Error, Statement};

/// What one message of a pipeline answered.
pub(super) enum Reply {
    Done,
    Changed(u64),
    Rows(Vec<tokio_postgres::Row>),
}

pub(super) type Sending<'a> = Pin<Box<dyn Future<Output = Result<Reply, Error>> + 'a>>;

/// What goes behind the queued statements of a pipeline, and is answered.
pub(super) enum Last<'a> {
    Nothing,
    Queries(&'a Statement, Vec<&'a [Value]>),
    Executes(&'a Statement, Vec<&'a [Value]>),
    Commit,
}

pub(super) async fn done(client: &Client, sql: &str) -> Result<Reply, Error> {
    client.batch_execute(sql).await.map(|()| Reply::Done)
}

pub(super) async fn changed(
    client: &Client,
    sql: &Statement,
    params: &[Value],
) -> Result<Reply, Error> {
    client.execute_raw(sql, params.iter()).await.map(Reply::Changed)
}

pub(super) async fn all_changed(
    client: &Client,
    sql: &Statement,
    params: Vec<&Value>,
) -> Result<Reply, Error> {
    client.execute_raw(sql, params).await.map(Reply::Changed)
}

pub(super) async fn asked(
    client: &Client,
    sql: &Statement,
    params: &[Value],
) -> Result<Reply, Error> {
    let params: Vec<&(dyn ToSql + Sync)> =
        params.iter().map(|param| param as &(dyn ToSql + Sync)).collect();
    client.query(sql, &params).await.map(Reply::Rows)
}

/// Starts all of them in order, so that their messages leave together, then waits for each.
/// The error is the first one in order, with its position.
pub(super) async fn in_order(mut sendings: Vec<Sending<'_>>) -> Result<Vec<Reply>, (Error, usize)> {
    let mut replies: Vec<Option<Reply>> = sendings.iter().map(|_| None).collect();
    let mut waiting_for = 0;
    let mut sent = false;
    poll_fn(|context| {
        for (position, sending) in sendings.iter_mut().enumerate().skip(waiting_for) {
            if replies[position].is_some() {
                continue;
            }
            // Answers come in order, so behind one that is waited for there is nothing yet.
            if sent && position > 0 && replies[position - 1].is_none() {
                break;
            }
            match sending.as_mut().poll(context) {
                // What is behind a failed one is not even sent, if it was not yet.
                Poll::Ready(Err(error)) => return Poll::Ready(Err((error, position))),
                Poll::Ready(Ok(reply)) => replies[position] = Some(reply),
                Poll::Pending => {}
            }
        }
        sent = true;
        while replies.get(waiting_for).is_some_and(Option::is_some) {
            waiting_for += 1;
        }
        if waiting_for == replies.len() { Poll::Ready(Ok(())) } else { Poll::Pending }
    })
    .await?;
    Ok(replies.into_iter().flatten().collect())
}

pub(super) fn one(replies: Vec<Reply>) -> Result<Vec<Row>, StoreError> {
    replies.into_iter().next().map_or_else(|| Ok(Vec::new()), rows)
}

pub(super) fn changes(replies: &[Reply]) -> u64 {
    let changed = |reply: &Reply| match reply {
        Reply::Changed(count) => *count,
        Reply::Done | Reply::Rows(_) => 0,
    };
    replies.iter().map(changed).sum()
}

pub(super) fn rows(reply: Reply) -> Result<Vec<Row>, StoreError> {
    let Reply::Rows(found) = reply else { return Ok(Vec::new()) };
    let mut answer = Vec::with_capacity(found.len());
    for found in found {
        let columns = found.len();
        let mut row = Row::with_columns(columns);
        for index in 0..columns {
            match found.try_get::<_, Column<'_>>(index) {
                Ok(Column::Null) => row.push_null(),
                Ok(Column::Int(number)) => row.push_int(number),
                Ok(Column::Text(text)) => row.push_text(text),
                Err(error) => return Err(StoreError::Statement(chain(&error))),
            }
        }
        answer.push(row);
    }
    Ok(answer)
}
