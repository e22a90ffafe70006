//! Who has which role where: looking, giving, taking away.

use super::{Area, Choice, Confirm, FieldFaults, Frame, require, tabbed};
use crate::portal::desk::{Asked, Desk, Posted};
use crate::portal::form::{Fields, escaped};
use crate::portal::language::{say, say_with};
use crate::portal::page::{self, Shell};
use crate::portal::trouble::said;
use crate::portal::words::{self, Said};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::authorization::assignments::{self, Choice as Chosen, View};
use prorata_app::authorization::{Offer, offer, principal_called};
use prorata_app::limits::PAGE_ROWS_MAX;
use prorata_app::{Error, subscriptions};
use prorata_domain::access::{Scope, ScopeKind};
use prorata_domain::authorization::Place;
use prorata_domain::authorization::assignment::{PrincipalType, Wish};
use prorata_domain::ids::{AssignmentId, RoleId};
use prorata_domain::term::utc_day;
use uuid::Uuid;

/// Names that a browser offers while one is typed.
const OFFERED: usize = 200;

#[derive(Debug, Template)]
#[template(path = "administration_assignments.html")]
pub struct AssignmentsPage {
    pub shell: Shell,
    pub frame: Frame,
    /// The place looked at, as a path.
    pub at: String,
    pub at_fault: Option<Said>,
    /// Places to choose from: path and name.
    pub places: Vec<(String, String)>,
    /// Said where the list is narrowed to a role.
    pub role: Option<Said>,
    pub rows: Vec<Given>,
    pub confirm: Option<Confirm>,
    /// Nothing for who may not give roles there.
    pub form: Option<Giving>,
}

/// An assignment.
#[derive(Debug, Clone)]
pub struct Given {
    pub principal: String,
    pub kind: Said,
    pub principal_href: String,
    pub role: String,
    pub role_href: String,
    /// Words, or a path.
    pub place: String,
    pub is_path: bool,
    /// Which one, where the words say what it is.
    pub place_id: String,
    pub since: String,
    pub description: String,
    /// Where to ask why somebody can do something there.
    pub why: Option<String>,
    /// Where it is taken away.
    pub remove: String,
}

/// The form that gives a role, as it was filled in so far.
#[derive(Debug, Clone, Default)]
pub struct Giving {
    pub id: String,
    pub to: String,
    pub description: String,
    pub roles: Vec<Choice>,
    pub principals: Vec<(String, String)>,
    pub faults: FieldFaults,
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Filled {
    fields: Fields,
    faults: FieldFaults,
    notice: Option<Said>,
    alert: Option<String>,
}

struct Found {
    rows: Vec<View>,
    offer: Offer,
    subscriptions: Vec<(String, String)>,
}

pub async fn show(desk: Desk, Asked(query): Asked) -> Response {
    let notice = match query.one("done").as_str() {
        "given" => Some(say("admin-done-given")),
        "removed" => Some(say("admin-done-removed")),
        _ => None,
    };
    let filled = Filled { notice, ..Filled::default() };
    let answered = page(&desk, StatusCode::OK, &query, filled).await;
    desk.settle(answered)
}

async fn page(
    desk: &Desk,
    status: StatusCode,
    query: &Fields,
    filled: Filled,
) -> Result<Response, Error> {
    let (shell, frame) = tabbed(desk, Area::Assignments)?;
    let typed = query.one("at");
    let at = if typed.is_empty() { "/".to_owned() } else { typed };
    let (place, mut at_fault) = match Place::parse(&at) {
        Some(place) => (place, None),
        None => (Place::Root, Some(say("admin-fault-place"))),
    };
    let mut found = match gather(desk, place).await {
        // A place that is not there, or that they may not know of.
        Err(Error::Absent { .. }) => {
            at_fault = Some(say("admin-fault-no-place"));
            gather(desk, Place::Root).await?
        }
        other => other?,
    };
    // From the whole tenant down, and there by name.
    found.rows.sort_by_cached_key(|view| {
        let name = view.principal.as_ref().map(|(_, name)| name.to_lowercase());
        (view.row.scope.as_str().to_owned(), name, view.row.id)
    });
    let role = query.one("role");
    let chosen = |view: &&View| role.is_empty() || view.role.id.to_string() == role;
    let page = AssignmentsPage {
        shell,
        frame: Frame { notice: filled.notice, alert: filled.alert, ..frame },
        role: (!role.is_empty())
            .then(|| found.rows.iter().find(|view| view.role.id.to_string() == role))
            .map(|view| view.map_or_else(|| role.clone(), |view| view.role.name.clone()))
            .map(|name| say_with("admin-only-role", [("role", name.into())])),
        confirm: confirm(query, &found.rows),
        rows: found.rows.iter().filter(chosen).map(given).collect(),
        form: (found.offer.may_assign && at_fault.is_none())
            .then(|| giving(&found.offer, &filled.fields, filled.faults)),
        places: places(found.subscriptions),
        at,
        at_fault,
    };
    Ok(page::answer(status, &page))
}

async fn gather(desk: &Desk, place: Place) -> Result<Found, Error> {
    let call = desk.call();
    let found = desk.app().read_async(move |tx, app| {
        let all = Chosen::default();
        let page = assignments::list(tx, app, &call, place.clone(), all, None, PAGE_ROWS_MAX)?;
        let subscriptions = subscriptions::list(tx, app, &call, None, OFFERED)?;
        Ok(Found {
            rows: page.rows,
            offer: offer(tx, &call, place)?,
            subscriptions: subscriptions
                .rows
                .into_iter()
                .map(|row| (format!("/subscriptions/{}", row.id), row.name))
                .collect(),
        })
    });
    found.await
}

fn places(subscriptions: Vec<(String, String)>) -> Vec<(String, String)> {
    let fixed = |place: Place, name: Said| (place.path(), name.into_owned());
    let mut places = vec![
        fixed(Place::Root, say("admin-place-root")),
        fixed(Place::Capacity, say("admin-place-capacity")),
        fixed(Place::Benefits, say("admin-place-benefits")),
    ];
    places.extend(subscriptions.into_iter().take(OFFERED));
    places
}

pub fn given(view: &View) -> Given {
    let (kind, principal) = match &view.principal {
        Some((PrincipalType::User, name)) => (say("admin-kind-person"), name.clone()),
        Some((_, name)) => (say("admin-kind-program"), name.clone()),
        None => (say("admin-kind-gone"), view.row.principal.to_string()),
    };
    let scope = &view.row.scope;
    let (place, place_id) = place(scope);
    let is_path = place.starts_with('/');
    Given {
        principal,
        kind,
        principal_href: format!("{}/{}", Area::Principals.path(), view.row.principal),
        role: view.role.name.clone(),
        role_href: format!("{}/{}", Area::Roles.path(), view.role.id),
        place,
        place_id,
        is_path,
        since: view
            .row
            .created
            .map(|stamp| words::short_day(utc_day(stamp.at)))
            .unwrap_or_default(),
        description: view.row.description.clone().unwrap_or_default(),
        why: why(scope, view),
        remove: format!(
            "{}?at={}&remove={}",
            Area::Assignments.path(),
            escaped(scope.as_str()),
            view.row.id
        ),
    }
}

/// The page on which one asks why: an order or a reservation has one.
fn why(scope: &Scope, view: &View) -> Option<String> {
    let path = match Place::parse(scope.as_str())? {
        Place::Order(order) => format!("/reservations/{order}/access"),
        Place::Reservation(order, id) => format!("/reservations/{order}/{id}/access"),
        _ => return None,
    };
    Some(format!("{path}?who={}&action=read", view.row.principal))
}

fn place(scope: &Scope) -> (String, String) {
    let word = match scope.kind() {
        ScopeKind::Root => return (say("admin-place-root").into_owned(), String::new()),
        ScopeKind::Capacity => return (say("admin-place-capacity").into_owned(), String::new()),
        ScopeKind::Benefits => return (say("admin-place-benefits").into_owned(), String::new()),
        ScopeKind::Order => "admin-place-order",
        ScopeKind::Reservation => "admin-place-reservation",
        ScopeKind::SavingsPlanOrder => "admin-place-plan-order",
        ScopeKind::SavingsPlan => "admin-place-plan",
        ScopeKind::Subscription => "admin-place-subscription",
        ScopeKind::ManagementGroup => "admin-place-management-group",
        ScopeKind::ResourceGroup | ScopeKind::Other => {
            return (scope.as_str().to_owned(), String::new());
        }
    };
    let id = scope.as_str().rsplit('/').next().unwrap_or_default();
    (say(word).into_owned(), id.to_owned())
}

fn confirm(query: &Fields, rows: &[View]) -> Option<Confirm> {
    let id = query.one("remove");
    let view = rows.iter().find(|view| view.row.id.to_string() == id)?;
    let given = given(view);
    let values = [("role", given.role.into()), ("name", given.principal.into())];
    Some(Confirm {
        heading: say_with("admin-confirm-remove", values).into_owned(),
        says: vec![say_with("admin-confirm-remove-says", [("place", given.place.into())])],
        action: Area::Assignments.path().to_owned(),
        hidden: vec![
            ("act", "remove".to_owned()),
            ("at", view.row.scope.as_str().to_owned()),
            ("assignment", id),
        ],
        label: say("admin-remove-role"),
        back: format!("{}?at={}", Area::Assignments.path(), escaped(&query.one("at"))),
    })
}

fn giving(offer: &Offer, fields: &Fields, faults: FieldFaults) -> Giving {
    let role = fields.one("role");
    let choice = |one: &prorata_domain::access::RoleDefinition| Choice {
        word: one.id.to_string(),
        label: one.name.clone(),
        chosen: one.id.to_string() == role,
    };
    let known = Uuid::try_parse(&fields.one("id"));
    let principals = offer.principals.iter().take(OFFERED);
    Giving {
        id: known.unwrap_or_else(|_| Uuid::new_v4()).to_string(),
        to: fields.one("to"),
        description: fields.one("description"),
        roles: offer.roles.iter().map(choice).collect(),
        principals: principals.map(|one| (one.name.clone(), one.id.to_string())).collect(),
        faults,
    }
}

pub async fn submit(Posted { desk, fields }: Posted) -> Response {
    let answered = async {
        require(&desk, Area::Assignments)?;
        match fields.one("act").as_str() {
            "remove" => remove(&desk, &fields).await,
            _ => give(&desk, fields).await,
        }
    };
    desk.settle(answered.await)
}

fn done(at: &str, what: &str) -> Response {
    let to = format!("{}?at={}&done={what}", Area::Assignments.path(), escaped(at));
    Redirect::to(&to).into_response()
}

async fn give(desk: &Desk, fields: Fields) -> Result<Response, Error> {
    let (at, to) = (fields.one("at"), fields.one("to"));
    let mut faults = FieldFaults::default();
    let role = RoleId::parse(&fields.one("role"));
    if to.is_empty() {
        faults.add("to", say("admin-fault-to"));
    }
    if role.is_none() {
        faults.add("role", say("admin-fault-role"));
    }
    let unfit = StatusCode::UNPROCESSABLE_ENTITY;
    let (Some(role), Some(place), true) = (role, Place::parse(&at), faults.is_empty()) else {
        let query = fields.clone();
        return page(desk, unfit, &query, Filled { fields, faults, ..Filled::default() }).await;
    };
    let description = fields.one("description");
    let id = super::once::form_id(&fields);
    let call = desk.call();
    let given = desk.app().deed_async(move |tx, app| {
        let wish = Wish {
            id: AssignmentId(id),
            place: place.clone(),
            principal: principal_called(tx, &call, &to)?,
            principal_type: None,
            description: Some(description.clone()).filter(|text| !text.is_empty()),
        };
        assignments::assign(tx, app, &call, &wish, role).map(drop)
    });
    let query = Fields::new(vec![("at".to_owned(), at.clone())]);
    match given.await {
        Ok(()) => Ok(done(&at, "given")),
        // The same form again: the role is there.
        Err(Error::Rejected(rejection)) if rejection.code == "RoleAssignmentExists" => {
            Ok(done(&at, "given"))
        }
        Err(Error::Malformed(_)) => {
            faults.add("to", say("admin-fault-nobody"));
            page(desk, unfit, &query, Filled { fields, faults, ..Filled::default() }).await
        }
        Err(error @ Error::Rejected(_)) => {
            let (status, says) = said(&error);
            let filled = Filled { fields, alert: Some(says), ..Filled::default() };
            page(desk, status, &query, filled).await
        }
        Err(other) => Err(other),
    }
}

async fn remove(desk: &Desk, fields: &Fields) -> Result<Response, Error> {
    let at = fields.one("at");
    let absent = || Error::Absent { what: "role assignment".into(), code: "NotFound" };
    let id = AssignmentId::parse(&fields.one("assignment")).ok_or_else(absent)?;
    let place = Place::parse(&at).ok_or_else(absent)?;
    let call = desk.call();
    let removed = desk
        .app()
        .deed_async(move |tx, app| assignments::remove(tx, app, &call, place.clone(), id).map(drop))
        .await;
    match removed {
        Ok(()) => Ok(done(&at, "removed")),
        Err(error @ Error::Rejected(_)) => {
            let (status, says) = said(&error);
            let query = Fields::new(vec![("at".to_owned(), at)]);
            page(desk, status, &query, Filled { alert: Some(says), ..Filled::default() }).await
        }
        Err(other) => Err(other),
    }
}
