//! The short forms of a reservation: its name, and putting it out of sight.

use super::{Blade, Item, ids, shell, unchanged};
use crate::portal::desk::{Desk, Posted};
use crate::portal::language::{say, say_with};
use crate::portal::page::{self, Shell};
use crate::portal::trouble::said;
use crate::portal::words::{self, Said};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::update::Ask;
use prorata_app::{App, Call, Error, access, archive as archives, reservations, update};
use prorata_domain::access::Action;
use prorata_domain::archive as archiving;
use prorata_domain::ids::{OrderId, ReservationId};
use prorata_domain::policy::ClauseId;
use prorata_domain::rearrange::Item as Rearranged;
use prorata_domain::reservation::{Order, Reservation};
use prorata_domain::update::Request;
use prorata_store::Tx;
use prorata_wire::azure::is_plain;
use prorata_wire::azure::v2022_11_01::DISPLAY_NAME_CHARS_MAX;

#[derive(Debug, Template)]
#[template(path = "reservation_rename.html")]
pub struct RenamePage {
    pub shell: Shell,
    pub item: Item,
    pub name: String,
    pub fault: Option<String>,
    pub alert: Option<String>,
    pub longest: usize,
    pub revision: String,
}

#[derive(Debug, Template)]
#[template(path = "reservation_archive.html")]
pub struct ArchivePage {
    pub shell: Shell,
    pub item: Item,
    /// Whether it is to be put away, or got back.
    pub archives: bool,
    /// Why it cannot be put away.
    pub barred: Option<Said>,
    pub alert: Option<String>,
}

/// What became of a change.
pub enum Saved {
    /// It is as it was wanted, by this form or by the same form before.
    Done,
    /// Somebody else changed it after the form was shown.
    Moved,
    Refused(String),
}

/// Makes changes to a reservation that is still as the form showed it.
///
/// # Errors
/// Those of the change, but for a refusal.
pub async fn save(
    desk: &Desk,
    ids: (OrderId, ReservationId),
    revision: String,
    changes: Request,
) -> Result<Saved, Error> {
    let call = desk.call();
    let (order, reservation) = ids;
    let ask = Ask { order, reservation, changes };
    let made = desk
        .app()
        .deed_async(move |tx, app| {
            if !unchanged(tx, app, &call, ids, &revision)? {
                let found = update::preview(tx, app, &call, &ask)?.refusal;
                let same = found.is_some_and(|refusal| refusal.clause == ClauseId::Change);
                return Ok(if same { Saved::Done } else { Saved::Moved });
            }
            update::update(tx, app, &call, &ask).map(|_| Saved::Done)
        })
        .await;
    match made {
        Err(Error::Refused(refused)) if refused.refusal.clause == ClauseId::Change => {
            Ok(Saved::Done)
        }
        Err(Error::Refused(refused)) => Ok(Saved::Refused(words::reason(&refused.refusal))),
        other => other,
    }
}

pub async fn rename(desk: Desk, Path((order, reservation)): Path<(String, String)>) -> Response {
    let answer = async {
        let ids = ids(&order, &reservation)?;
        rename_page(&desk, ids, StatusCode::OK, None, None, None).await
    };
    desk.settle(answer.await)
}

/// A reservation for a form that changes it; who may not change it is shown no such form.
///
/// # Errors
/// [`Error::Denied`] for who only sees it.
pub fn changeable(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    order: OrderId,
    id: ReservationId,
) -> Result<(Order, Reservation), Error> {
    let found = reservations::show(tx, app, call, order, id)?;
    let _permit = access::reservation(tx, call, Action::Manage, order, id)?;
    Ok(found)
}

async fn rename_page(
    desk: &Desk,
    (order, id): (OrderId, ReservationId),
    status: StatusCode,
    typed: Option<String>,
    fault: Option<String>,
    alert: Option<String>,
) -> Result<Response, Error> {
    let call = desk.call();
    let (order, held) =
        desk.app().read_async(move |tx, app| changeable(tx, app, &call, order, id)).await?;
    let item = Item::new(desk.app(), &order, &held, Blade::Form);
    let page = RenamePage {
        shell: shell(desk, &item, &say("reservation-rename")),
        name: typed.unwrap_or_else(|| held.display_name.clone()),
        revision: held.revision.to_string(),
        longest: DISPLAY_NAME_CHARS_MAX,
        fault,
        alert,
        item,
    };
    Ok(page::answer(status, &page))
}

pub async fn submit_name(
    Path((order, reservation)): Path<(String, String)>,
    Posted { desk, fields }: Posted,
) -> Response {
    let answer = async {
        let ids = ids(&order, &reservation)?;
        let (name, revision) = (fields.one("name"), fields.one("revision"));
        if let Some(fault) = name_fault(&name) {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return rename_page(&desk, ids, status, Some(name), Some(fault), None).await;
        }
        let changes = Request { display_name: Some(name.clone()), ..Request::default() };
        let alert = match save(&desk, ids, revision, changes).await? {
            Saved::Done => {
                let to = format!("/reservations/{}/{}?done=renamed", ids.0, ids.1);
                return Ok(Redirect::to(&to).into_response());
            }
            Saved::Moved => say("reservation-moved").into_owned(),
            Saved::Refused(why) => why,
        };
        rename_page(&desk, ids, StatusCode::CONFLICT, Some(name), None, Some(alert)).await
    };
    desk.settle(answer.await)
}

/// What is wrong with a name, in words for the place beside its field.
fn name_fault(name: &str) -> Option<String> {
    let longest = DISPLAY_NAME_CHARS_MAX;
    if name.is_empty() {
        Some(say("reservation-name-empty").into_owned())
    } else if name.chars().count() > longest {
        Some(say_with("reservation-name-long", [("count", longest.into())]).into_owned())
    } else if !is_plain(name) {
        Some(say("reservation-name-plain").into_owned())
    } else {
        None
    }
}

pub async fn archive(desk: Desk, Path((order, reservation)): Path<(String, String)>) -> Response {
    let answer = async {
        let ids = ids(&order, &reservation)?;
        archive_page(&desk, ids, StatusCode::OK, None).await
    };
    desk.settle(answer.await)
}

async fn archive_page(
    desk: &Desk,
    (order, id): (OrderId, ReservationId),
    status: StatusCode,
    alert: Option<String>,
) -> Result<Response, Error> {
    let call = desk.call();
    let (order, held) =
        desk.app().read_async(move |tx, app| changeable(tx, app, &call, order, id)).await?;
    let item = Item::new(desk.app(), &order, &held, Blade::Form);
    let archives = !held.archived;
    let title = say(if archives { "reservation-archive" } else { "reservation-unarchive" });
    let shell = shell(desk, &item, &title);
    let facts = archiving::Facts { item: Rearranged::new(&order, &held) };
    let request = archiving::Request { archived: archives };
    let refused = archiving::decide(&desk.app().book, &facts, &request, desk.app().now())?.refusal;
    let barred = refused.filter(|_| archives).map(|_| say("reservation-why-live"));
    Ok(page::answer(status, &ArchivePage { shell, item, archives, barred, alert }))
}

pub async fn submit_archive(
    Path((order, reservation)): Path<(String, String)>,
    Posted { desk, fields }: Posted,
) -> Response {
    let answer = async {
        let (order, id) = ids(&order, &reservation)?;
        let away = fields.one("archived") == "yes";
        let call = desk.call();
        let made = desk
            .app()
            .deed_async(move |tx, app| archives::archive(tx, app, &call, order, id, away))
            .await;
        match made {
            Ok(()) => {
                let done = if away { "archived" } else { "unarchived" };
                let to = format!("/reservations/{order}/{id}?done={done}");
                Ok(Redirect::to(&to).into_response())
            }
            Err(error @ Error::Refused(_)) => {
                let (status, why) = said(&error);
                archive_page(&desk, (order, id), status, Some(why)).await
            }
            Err(error) => Err(error),
        }
    };
    desk.settle(answer.await)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_there_bounded_and_plain() {
        assert_eq!(name_fault("Webserver der Söhne"), None);
        assert_eq!(name_fault(&"x".repeat(DISPLAY_NAME_CHARS_MAX)), None);
        for wrong in ["", &"x".repeat(DISPLAY_NAME_CHARS_MAX + 1), "a\tb", "a\u{202e}b"] {
            assert!(name_fault(wrong).is_some(), "{wrong:?}");
        }
    }
}
