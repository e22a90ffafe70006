//! What the page shows: read in one transaction, under the reader's own rights.

use super::check::{Check, check, deed};
use super::{ACTIONS, AccessPage, Asked, Choice, Form, Row, Subject};
use crate::portal::desk::{self, Desk};
use crate::portal::form::Fields;
use crate::portal::language::{say, say_with};
use crate::portal::listing::named;
use crate::portal::page::{self, Crumb, Section};
use crate::portal::reservation::ids;
use crate::portal::reservation::{Blade, Item};
use crate::portal::words::{self, Said};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::authorization::assignments::{self, Choice as Chosen, View};
use prorata_app::authorization::{Answered, Offer, offer, principal_called, why};
use prorata_app::limits::PAGE_ROWS_MAX;
use prorata_app::{Error, reservations};
use prorata_domain::access::{Action, Scope, ScopeKind};
use prorata_domain::authorization::Place;
use prorata_domain::authorization::assignment::PrincipalType;
use prorata_domain::ids::OrderId;
use prorata_domain::reservation::{Order, Reservation};
use prorata_domain::term::utc_day;

/// What was filled in so far, and what is to be said above everything.
#[derive(Debug, Clone, Default)]
pub(super) struct Filled {
    pub to: String,
    pub role: String,
    pub at: String,
    pub description: String,
    pub to_fault: Option<String>,
    pub role_fault: Option<String>,
    /// Who is asked about, and what; nobody where nothing is asked.
    pub who: Option<String>,
    pub action: Option<Action>,
    pub notice: Option<Said>,
    pub alert: Option<String>,
}

pub async fn show(
    desk: Desk,
    path: Path<Vec<String>>,
    desk::Asked(query): desk::Asked,
) -> Response {
    let answer = async {
        let subject = subject(&path)?;
        page(&desk, subject, StatusCode::OK, filled(&query)).await
    };
    desk.settle(answer.await)
}

/// The order and the reservation of an address.
pub(super) fn subject(path: &[String]) -> Result<Subject, Error> {
    match path {
        [order, reservation] => {
            let (order, id) = ids(order, reservation)?;
            Ok(Subject { order, reservation: Some(id) })
        }
        [order] => match OrderId::parse(order) {
            Some(order) => Ok(Subject { order, reservation: None }),
            None => Err(no_order()),
        },
        _ => Err(no_order()),
    }
}

fn no_order() -> Error {
    let what = "reservation order at this address".to_owned();
    Error::Absent { what, code: "ReservationOrderNotFound" }
}

fn filled(query: &Fields) -> Filled {
    let notice = match query.one("done").as_str() {
        "given" => Some(say("access-given")),
        "removed" => Some(say("access-removed")),
        _ => None,
    };
    Filled {
        to: query.one("to"),
        role: query.one("role"),
        at: query.one("at"),
        who: query.has("who").then(|| query.one("who")),
        action: Action::parse(&query.one("action")),
        notice,
        ..Filled::default()
    }
}

struct Gathered {
    name: String,
    /// The reservation; nothing on an order's page.
    held: Option<(Order, Reservation)>,
    rows: Option<Vec<View>>,
    offer: Offer,
    /// Whether roles can be taken away on the order itself.
    removes_on_order: bool,
    checked: Option<Result<Answered, String>>,
}

/// The page with what was filled in.
///
/// # Errors
/// [`Error::Absent`] for a reservation or order that the reader may not see.
pub(super) async fn page(
    desk: &Desk,
    subject: Subject,
    status: StatusCode,
    filled: Filled,
) -> Result<Response, Error> {
    let call = desk.call();
    let question = filled.who.clone().map(|who| (who, filled.action.unwrap_or(Action::Read)));
    let found = desk
        .read(move |tx, app| {
            let held = match subject.reservation {
                Some(id) => Some(reservations::show(tx, app, &call, subject.order, id)?),
                None => None,
            };
            let name = match &held {
                Some((_, held)) => named(&held.display_name, &held.sku),
                None => {
                    let order = subject.order.to_string();
                    say_with("access-order", [("order", order.into())]).into_owned()
                }
            };
            let all = Chosen { at_scope: true, principal: None };
            let listed =
                assignments::list(tx, app, &call, subject.place(), all, None, PAGE_ROWS_MAX);
            let rows = match listed {
                Ok(page) => Some(page.rows),
                Err(Error::Denied { .. }) => None,
                Err(other) => return Err(other),
            };
            let on_order = match offer(tx, &call, Place::Order(subject.order)) {
                Ok(offer) => offer,
                Err(Error::Absent { .. }) => Offer::default(),
                Err(other) => return Err(other),
            };
            let removes_on_order = on_order.may_remove;
            let offer = match subject.reservation {
                Some(_) => offer(tx, &call, subject.place())?,
                None => on_order,
            };
            let mut checked = None;
            if let Some((who, action)) = question {
                checked = Some(ask(tx, &call, &who, action, subject)?);
            }
            Ok(Gathered { name, held, rows, offer, removes_on_order, checked })
        })
        .await?;
    let title = format!("{} · {}", say("reservation-access"), found.name);
    let shell = desk.shell(title, Section::Reservations);
    let item = |(order, held): &(Order, Reservation)| {
        Item::new(desk.app(), order, held, Blade::Access).noting(filled.notice.clone())
    };
    let item = found.held.as_ref().map(item);
    Ok(page::answer(status, &build(shell, item, subject, filled, found)))
}

/// The answer, or what is wrong with the name.
fn ask(
    tx: &mut prorata_store::Tx<'_>,
    call: &prorata_app::Call,
    who: &str,
    action: Action,
    subject: Subject,
) -> Result<Result<Answered, String>, Error> {
    let principal = match who {
        "" => None,
        text => match principal_called(tx, call, text) {
            Ok(id) => Some(id),
            Err(Error::Malformed(faults)) => {
                let says = faults.first().map(|fault| fault.message.clone()).unwrap_or_default();
                return Ok(Err(words::sentence(&says)));
            }
            Err(other) => return Err(other),
        },
    };
    match why(tx, call, principal, action, subject.place()) {
        Ok(answered) => Ok(Ok(answered)),
        Err(Error::Denied { .. }) => Ok(Err(say("access-yourself-only").into_owned())),
        Err(other) => Err(other),
    }
}

fn build(
    shell: page::Shell,
    item: Option<Item>,
    subject: Subject,
    filled: Filled,
    found: Gathered,
) -> AccessPage {
    let list = say("nav-reservations").into_owned();
    let crumbs = vec![Crumb { label: list, href: "/reservations".to_owned() }];
    let Gathered { name, rows, offer, removes_on_order, checked, .. } = found;
    let (mut fault, mut shown): (Option<String>, Option<Check>) = (None, None);
    match checked {
        Some(Ok(answered)) => shown = Some(check(subject, &answered, offer.may_assign)),
        Some(Err(says)) => fault = Some(says),
        None => {}
    }
    let removes = |scope: &Scope| match scope.kind() {
        ScopeKind::Order if removes_on_order => Some("order"),
        ScopeKind::Reservation if offer.may_remove => Some("reservation"),
        _ => None,
    };
    let rows =
        rows.map(|rows| rows.iter().map(|view| row(view, removes(&view.row.scope))).collect());
    AccessPage {
        lead: say(match subject.reservation {
            Some(_) => "access-lead",
            None => "access-lead-order",
        }),
        asked: Asked {
            principal: filled.who.clone().unwrap_or_default(),
            fault,
            actions: actions(filled.action),
        },
        form: offer.may_assign.then(|| form(subject, &filled, &offer)),
        notice: filled.notice,
        alert: filled.alert,
        path: subject.path(),
        item,
        check: shown,
        crumbs,
        shell,
        name,
        rows,
    }
}

fn actions(chosen: Option<Action>) -> Vec<Choice> {
    let choice = |action: Action| Choice {
        word: action.as_str().to_owned(),
        label: words::capital(&deed(action)),
        chosen: chosen == Some(action),
    };
    ACTIONS.into_iter().map(choice).collect()
}

fn row(view: &View, removes: Option<&'static str>) -> Row {
    let (kind, name) = match &view.principal {
        Some((PrincipalType::User, name)) => (say("access-user"), name.clone()),
        Some((_, name)) => (say("access-program"), name.clone()),
        None => (say("access-gone"), say("access-unknown").into_owned()),
    };
    Row {
        id: view.row.id.to_string(),
        principal: name,
        kind,
        principal_id: view.row.principal.to_string(),
        role: view.role.name.clone(),
        own_role: !view.role.is_built_in(),
        place: place(&view.row.scope),
        given: view
            .row
            .created
            .map(|stamp| words::short_day(utc_day(stamp.at)))
            .unwrap_or_default(),
        description: view.row.description.clone().unwrap_or_default(),
        removes,
    }
}

/// Where a role is given, in words.
fn place(scope: &Scope) -> String {
    match scope.kind() {
        ScopeKind::Root => say("access-at-tenant").into_owned(),
        ScopeKind::Capacity => say("access-at-all").into_owned(),
        ScopeKind::Order => say("access-at-order").into_owned(),
        ScopeKind::Reservation => say("access-at-reservation").into_owned(),
        _ => scope.as_str().to_owned(),
    }
}

fn form(subject: Subject, filled: &Filled, offer: &Offer) -> Form {
    let roles = offer.roles.iter().map(|role| Choice {
        word: role.id.to_string(),
        label: role.name.clone(),
        chosen: filled.role == role.id.to_string(),
    });
    let choice = |word: &str, label: &str| Choice {
        word: word.to_owned(),
        label: say(label).into_owned(),
        chosen: filled.at == word,
    };
    let mut places = vec![choice("order", "access-order-whole")];
    if subject.reservation.is_some() {
        places.push(choice("reservation", "access-reservation-alone"));
    }
    /// Names that a browser offers while one is typed.
    const OFFERED: usize = 200;
    let principals = offer.principals.iter().take(OFFERED);
    Form {
        principal: filled.to.clone(),
        principal_fault: filled.to_fault.clone(),
        description: filled.description.clone(),
        roles: roles.collect(),
        role_fault: filled.role_fault.clone(),
        places,
        principals: principals.map(|one| (one.name.clone(), one.id.to_string())).collect(),
    }
}
