//! One receiver: adding it, changing what it is told, its secret, a test.

use super::once::{self, Made, answer, form_id};
use super::receivers::{called, channel, kind, state};
use super::{Area, Choice, Confirm, FieldFaults, Frame, below, require};
use crate::portal::desk::{Asked, Desk, Posted};
use crate::portal::form::Fields;
use crate::portal::language::{say, say_with};
use crate::portal::page::{self, Shell};
use crate::portal::words::Said;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use prorata_app::outbound::is_callable;
use prorata_app::receivers::{self, Ask, Channel, Receiver, State};
use prorata_app::{App, Error};
use prorata_store::Tx;
use prorata_wire::receiver as shape;
use serde_json::json;
use uuid::Uuid;

/// What there is to be told of.
const KINDS: [&str; 18] = [
    "expiring",
    "expired",
    "renewed",
    "not-renewed",
    "payment-failed",
    "request-submitted",
    "request-approved",
    "request-rejected",
    "request-withdrawn",
    "request-stopped",
    "request-done",
    "request-failed",
    "request-expiring",
    "request-expired",
    "ticket-opened",
    "ticket-answered",
    "ticket-closed",
    "exception-granted",
];

#[derive(Debug, Template)]
#[template(path = "administration_receiver.html")]
pub struct ReceiverPage {
    pub shell: Shell,
    pub frame: Frame,
    pub path: String,
    pub heading: String,
    pub is_new: bool,
    pub state: Option<(Said, &'static str)>,
    pub paused: bool,
    pub fields: ReceiverFields,
    pub faults: FieldFaults,
    pub confirm: Option<Confirm>,
}

/// The form, as it was filled in so far.
#[derive(Debug, Default)]
pub struct ReceiverFields {
    pub id: String,
    pub channels: Vec<Choice>,
    /// The channel of one that is there, which stays.
    pub channel: Said,
    pub is_webhook: bool,
    pub name: String,
    pub address: String,
    pub kinds: Vec<Choice>,
}

pub fn path_of(id: Uuid) -> String {
    format!("{}/{id}", Area::Receivers.path())
}

fn id_of(text: &str) -> Result<Uuid, Error> {
    let absent = || Error::Absent { what: "receiver at this address".into(), code: "NotFound" };
    Uuid::try_parse(text).map_err(|_| absent())
}

pub async fn new(desk: Desk) -> Response {
    let fields = Fields::new(vec![("id".to_owned(), Uuid::new_v4().to_string())]);
    desk.settle(blank(&desk, StatusCode::OK, &fields, FieldFaults::default()))
}

fn blank(
    desk: &Desk,
    status: StatusCode,
    fields: &Fields,
    faults: FieldFaults,
) -> Result<Response, Error> {
    let (shell, frame) = below(desk, Area::Receivers, say("admin-add-receiver"))?;
    let chosen = Channel::parse(&fields.one("channel")).unwrap_or(Channel::Webhook);
    let choice = |one: Channel| Choice {
        word: one.as_str().to_owned(),
        label: channel(one).into_owned(),
        chosen: one == chosen,
    };
    let page = ReceiverPage {
        heading: shell.title.clone(),
        shell,
        frame,
        path: format!("{}/new", Area::Receivers.path()),
        is_new: true,
        state: None,
        paused: false,
        fields: ReceiverFields {
            id: fields.one("id"),
            channels: vec![choice(Channel::Webhook), choice(Channel::Mail)],
            channel: channel(chosen),
            is_webhook: chosen == Channel::Webhook,
            name: fields.one("name"),
            address: fields.text("address"),
            kinds: kinds(&fields.all("kind")),
        },
        faults,
        confirm: None,
    };
    Ok(page::answer(status, &page))
}

fn kinds(chosen: &[String]) -> Vec<Choice> {
    let known = KINDS.iter().map(|&word| word.to_owned());
    // One that a program listed, and that this page does not know, stays.
    let others = chosen.iter().filter(|word| !KINDS.contains(&word.as_str())).cloned();
    let choice = |word: String| Choice { label: kind(&word), chosen: chosen.contains(&word), word };
    known.chain(others).map(choice).collect()
}

/// What a form asks for, by the rules of the API.
fn read(desk: &Desk, fields: &Fields, channel: &str, state: State) -> Result<Ask, FieldFaults> {
    let inner = desk.app().inner_receivers;
    let body = json!({
        "channel": channel, "name": fields.one("name"), "address": fields.text("address"),
        "kinds": fields.all("kind"), "state": state.as_str(),
    });
    let wanted = shape::parse(&body, |url| is_callable(url, inner)).map_err(|found| {
        let mut faults = FieldFaults::default();
        for fault in found {
            match fault.path.split('[').next().unwrap_or_default() {
                "address" if channel == "mail" => faults.add("address", say("admin-fault-mails")),
                "address" => faults.add("address", say("admin-fault-url")),
                "name" => faults.add("name", say("admin-fault-receiver-name")),
                "channel" => faults.add("channel", say("admin-fault-channel")),
                _ => faults.add("kind", say("admin-fault-kind")),
            }
        }
        faults
    })?;
    Ok(Ask {
        channel: Channel::parse(&wanted.channel).unwrap_or(Channel::Webhook),
        name: wanted.name,
        address: wanted.address,
        kinds: wanted.kinds,
        state,
    })
}

pub async fn add(Posted { desk, fields }: Posted) -> Response {
    let answered = add_now(&desk, &fields).await;
    desk.settle(answered)
}

async fn add_now(desk: &Desk, fields: &Fields) -> Result<Response, Error> {
    require(desk, Area::Receivers)?;
    let unfit = StatusCode::UNPROCESSABLE_ENTITY;
    let ask = match read(desk, fields, &fields.one("channel"), State::Active) {
        Ok(ask) => ask,
        Err(faults) => return blank(desk, unfit, fields, faults),
    };
    let id = form_id(fields);
    let work = |desk: Desk| async move {
        let secret = receivers::new_secret();
        let (call, signing) = (desk.call(), secret.clone());
        let put =
            move |tx: &mut Tx<'_>, app: &App| receivers::put(tx, app, &call, id, &ask, &signing);
        let (row, is_new) = desk.app().write_async(put).await?;
        Ok((is_new && row.secret.is_some()).then(|| secret_of(&row, secret)))
    };
    match once::made(desk, id, work).await {
        Ok(Some(made)) => answer(desk, Area::Receivers, made),
        Ok(None) => Ok(Redirect::to(&format!("{}?done=added", path_of(id))).into_response()),
        Err(Error::Malformed(found)) => {
            let mut faults = FieldFaults::default();
            for fault in found {
                faults.add(
                    "channel",
                    say_with("admin-fault-other", [("fault", fault.message.into())]),
                );
            }
            blank(desk, unfit, fields, faults)
        }
        Err(other) => Err(other),
    }
}

fn secret_of(row: &Receiver, secret: String) -> Made {
    Made {
        title: called(row).to_owned(),
        heading: say("admin-webhook-secret-made"),
        lead: say("admin-webhook-secret-lead"),
        label: say("admin-webhook-secret"),
        value: secret,
        facts: vec![(say("admin-address"), row.address.clone())],
        back: path_of(row.id),
    }
}

pub async fn show(desk: Desk, Path(id): Path<String>, Asked(query): Asked) -> Response {
    let answered = async {
        let id = id_of(&id)?;
        let notice = match query.one("done").as_str() {
            "added" => Some(say("admin-done-receiver-added")),
            "changed" => Some(say("admin-done-changed")),
            "tested" => Some(say("admin-done-tested")),
            "paused" => Some(say("admin-done-paused")),
            "active" => Some(say("admin-done-active")),
            _ => None,
        };
        page(&desk, id, StatusCode::OK, &query, notice, FieldFaults::default()).await
    };
    desk.settle(answered.await)
}

async fn load(desk: &Desk, id: Uuid) -> Result<Receiver, Error> {
    let call = desk.call();
    desk.app().read_async(move |tx, _| receivers::show(tx, &call, id)).await
}

async fn page(
    desk: &Desk,
    id: Uuid,
    status: StatusCode,
    filled: &Fields,
    notice: Option<Said>,
    faults: FieldFaults,
) -> Result<Response, Error> {
    require(desk, Area::Receivers)?;
    let row = load(desk, id).await?;
    let (shell, frame) = below(desk, Area::Receivers, called(&row))?;
    let sent = filled.one("act") == "change";
    let typed = |name: &str, kept: &str| if sent { filled.one(name) } else { kept.to_owned() };
    let page = ReceiverPage {
        shell,
        frame: Frame { notice, ..frame },
        path: path_of(id),
        heading: called(&row).to_owned(),
        is_new: false,
        state: Some(state(row.state)),
        paused: row.state != State::Active,
        fields: ReceiverFields {
            id: id.to_string(),
            channels: Vec::new(),
            channel: channel(row.channel),
            is_webhook: row.channel == Channel::Webhook,
            name: typed("name", &row.name),
            address: typed("address", &row.address),
            kinds: kinds(&if sent { filled.all("kind") } else { row.kinds.clone() }),
        },
        confirm: confirm(filled, &row),
        faults,
    };
    Ok(page::answer(status, &page))
}

fn confirm(query: &Fields, row: &Receiver) -> Option<Confirm> {
    let named = |id: &'static str| say_with(id, [("name", called(row).to_owned().into())]);
    let (act, heading, says, label) = match query.one("do").as_str() {
        "rotate" if row.channel == Channel::Webhook => (
            "rotate",
            named("admin-confirm-rotate"),
            say("admin-confirm-rotate-says"),
            say("admin-rotate"),
        ),
        "remove" => (
            "remove",
            named("admin-confirm-receiver"),
            say("admin-confirm-receiver-says"),
            say("admin-remove-receiver"),
        ),
        _ => return None,
    };
    Some(Confirm {
        heading: heading.into_owned(),
        says: vec![says],
        action: path_of(row.id),
        hidden: vec![("act", act.to_owned()), ("id", Uuid::new_v4().to_string())],
        label,
        back: path_of(row.id),
    })
}

pub async fn submit(Path(id): Path<String>, Posted { desk, fields }: Posted) -> Response {
    let answered = async {
        let id = id_of(&id)?;
        require(&desk, Area::Receivers)?;
        act(&desk, id, &fields).await
    };
    desk.settle(answered.await)
}

async fn act(desk: &Desk, id: Uuid, fields: &Fields) -> Result<Response, Error> {
    let call = desk.call();
    let done = match fields.one("act").as_str() {
        "change" => return change(desk, id, fields).await,
        "rotate" => return rotate(desk, id, fields).await,
        "pause" => set_state(desk, id, State::Paused).await?,
        "activate" => set_state(desk, id, State::Active).await?,
        "test" => {
            desk.app().write_async(move |tx, _| receivers::test(tx, &call, id).map(drop)).await?;
            "tested"
        }
        "remove" => {
            let removed = desk.app().write_async(move |tx, _| receivers::remove(tx, &call, id));
            return match removed.await {
                // The same form again: it is gone already.
                Ok(()) | Err(Error::Absent { .. }) => {
                    let to = format!("{}?done=removed", Area::Receivers.path());
                    Ok(Redirect::to(&to).into_response())
                }
                Err(other) => Err(other),
            };
        }
        _ => return Err(Error::malformed("act", "is not one of this page's")),
    };
    Ok(Redirect::to(&format!("{}?done={done}", path_of(id))).into_response())
}

async fn set_state(desk: &Desk, id: Uuid, state: State) -> Result<&'static str, Error> {
    let row = load(desk, id).await?;
    let ask =
        Ask { channel: row.channel, name: row.name, address: row.address, kinds: row.kinds, state };
    put(desk, id, ask).await?;
    Ok(if state == State::Active { "active" } else { "paused" })
}

/// Changes a receiver that is there.
async fn put(desk: &Desk, id: Uuid, ask: Ask) -> Result<(), Error> {
    let call = desk.call();
    let changed = desk.app().write_async(move |tx, app| {
        receivers::show(tx, &call, id)?;
        receivers::put(tx, app, &call, id, &ask, "").map(drop)
    });
    changed.await
}

async fn change(desk: &Desk, id: Uuid, fields: &Fields) -> Result<Response, Error> {
    let row = load(desk, id).await?;
    match read(desk, fields, row.channel.as_str(), row.state) {
        Ok(ask) => {
            put(desk, id, ask).await?;
            Ok(Redirect::to(&format!("{}?done=changed", path_of(id))).into_response())
        }
        Err(faults) => page(desk, id, StatusCode::UNPROCESSABLE_ENTITY, fields, None, faults).await,
    }
}

async fn rotate(desk: &Desk, id: Uuid, fields: &Fields) -> Result<Response, Error> {
    let work = |desk: Desk| async move {
        let secret = receivers::new_secret();
        let (call, signing, now) = (desk.call(), secret.clone(), Timestamp::now());
        let rotated =
            move |tx: &mut Tx<'_>, app: &App| receivers::rotate(tx, app, &call, id, &signing, now);
        let row = desk.app().write_async(rotated).await?;
        Ok(Some(secret_of(&row, secret)))
    };
    match once::made(desk, form_id(fields), work).await? {
        Some(made) => answer(desk, Area::Receivers, made),
        None => Ok(Redirect::to(&path_of(id)).into_response()),
    }
}
