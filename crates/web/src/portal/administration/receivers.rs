//! Who is told of what happens in the tenant, and what did not reach them.

use super::receiver::path_of;
use super::{Area, Frame, require, tabbed};
use crate::portal::desk::{Asked, Desk, Posted};
use crate::portal::form::Fields;
use crate::portal::language::{say, say_if_known, say_with};
use crate::portal::page::{self, Shell};
use crate::portal::words::{Moment, Said};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::Error;
use prorata_app::deliveries::{self, Delivery, DeliveryState};
use prorata_app::receivers::{self, Channel, Receiver, State};
use std::collections::HashMap;
use uuid::Uuid;

/// Deliveries of each state that are shown.
const SHOWN: usize = 100;

#[derive(Debug, Template)]
#[template(path = "administration_receivers.html")]
pub struct ReceiversPage {
    pub shell: Shell,
    pub frame: Frame,
    pub rows: Vec<ReceiverRow>,
    pub parked: Vec<DeliveryRow>,
    pub waiting: Vec<DeliveryRow>,
}

#[derive(Debug)]
pub struct ReceiverRow {
    pub href: String,
    pub name: String,
    pub address: String,
    pub channel: Said,
    pub kinds: Said,
    pub state: Said,
    pub class: &'static str,
}

#[derive(Debug)]
pub struct DeliveryRow {
    pub receiver: String,
    pub receiver_href: String,
    pub receiver_id: String,
    pub notification: String,
    pub kind: String,
    pub target: String,
    pub at: Moment,
    pub attempts: Said,
    pub trouble: String,
}

pub async fn show(desk: Desk, Asked(query): Asked) -> Response {
    let answered = async {
        let (shell, frame) = tabbed(&desk, Area::Receivers)?;
        let notice = match query.one("done").as_str() {
            "removed" => Some(say("admin-done-receiver-removed")),
            "retried" => Some(say("admin-done-retried")),
            _ => None,
        };
        let call = desk.call();
        let (rows, parked, waiting) = desk
            .app()
            .read_async(move |tx, _| {
                Ok((
                    receivers::list(tx, &call)?,
                    deliveries::list(tx, &call, DeliveryState::Parked, SHOWN)?,
                    deliveries::list(tx, &call, DeliveryState::Waiting, SHOWN)?,
                ))
            })
            .await?;
        let names: HashMap<Uuid, String> =
            rows.iter().map(|row| (row.id, called(row).to_owned())).collect();
        let listed = |found: Vec<Delivery>| {
            found.into_iter().map(|row| delivery(row, &names)).collect::<Vec<_>>()
        };
        let page = ReceiversPage {
            shell,
            frame: Frame { notice, ..frame },
            parked: listed(parked),
            waiting: listed(waiting),
            rows: rows.iter().map(row).collect(),
        };
        Ok(page::answer(StatusCode::OK, &page))
    };
    desk.settle(answered.await)
}

/// What people call it.
pub fn called(row: &Receiver) -> &str {
    if row.name.is_empty() { &row.address } else { &row.name }
}

fn row(row: &Receiver) -> ReceiverRow {
    let (state, class) = state(row.state);
    ReceiverRow {
        href: path_of(row.id),
        name: called(row).to_owned(),
        address: if row.name.is_empty() { String::new() } else { row.address.clone() },
        channel: channel(row.channel),
        kinds: match row.kinds.len() {
            0 => say("admin-all-kinds"),
            count => say_with("admin-some-kinds", [("count", count.into())]),
        },
        state,
        class,
    }
}

pub fn channel(channel: Channel) -> Said {
    match channel {
        Channel::Webhook => say("admin-channel-webhook"),
        Channel::Mail => say("admin-channel-mail"),
    }
}

pub fn state(state: State) -> (Said, &'static str) {
    match state {
        State::Active => (say("admin-receiver-active"), "active"),
        State::Paused => (say("admin-receiver-paused"), "not-concerned"),
        State::Gone => (say("admin-receiver-gone"), "ended"),
    }
}

/// A kind of notification in words.
pub fn kind(word: &str) -> String {
    say_if_known(&format!("admin-notice-{word}")).map_or_else(|| word.to_owned(), Said::into_owned)
}

fn delivery(row: Delivery, names: &HashMap<Uuid, String>) -> DeliveryRow {
    let gone = || say("admin-receiver-gone").into_owned();
    DeliveryRow {
        receiver: names.get(&row.receiver).cloned().unwrap_or_else(gone),
        receiver_href: path_of(row.receiver),
        receiver_id: row.receiver.to_string(),
        notification: row.notification.to_string(),
        kind: kind(&row.kind),
        target: row.target,
        at: Moment(row.at),
        attempts: say_with("admin-attempts", [("count", row.attempts.into())]),
        trouble: row.trouble.unwrap_or_default(),
    }
}

/// Tries again what was given up: one delivery, or all of them.
pub async fn retry(Posted { desk, fields }: Posted) -> Response {
    let answered = retry_now(&desk, &fields).await;
    desk.settle(answered)
}

async fn retry_now(desk: &Desk, fields: &Fields) -> Result<Response, Error> {
    require(desk, Area::Receivers)?;
    let one = |name: &str| Uuid::try_parse(&fields.one(name)).ok();
    let wanted = one("receiver").zip(one("notification"));
    let call = desk.call();
    let retried = desk.app().write_async(move |tx, _| {
        let all = match wanted {
            Some(one) => vec![one],
            None => deliveries::list(tx, &call, DeliveryState::Parked, SHOWN)?
                .into_iter()
                .map(|row| (row.receiver, row.notification))
                .collect(),
        };
        for (receiver, notification) in all {
            match deliveries::retry(tx, &call, receiver, notification) {
                // The same form again: it is on its way already.
                Ok(()) | Err(Error::Absent { .. }) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(())
    });
    retried.await?;
    let to = format!("{}?done=retried", Area::Receivers.path());
    Ok(Redirect::to(&to).into_response())
}
