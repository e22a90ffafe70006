//! Role definitions: the built-in ones, and those that the tenant makes for itself.

use super::{Area, Confirm, FieldFaults, Frame, below, require, tabbed};
use crate::portal::desk::{Asked, Desk, Posted};
use crate::portal::form::Fields;
use crate::portal::language::{say, say_with};
use crate::portal::page::{self, Shell};
use crate::portal::trouble::said;
use crate::portal::words::{self, Moment, Said};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::Error;
use prorata_app::authorization::definitions::{self, Choice, View};
use prorata_domain::access::{Pattern, Permission, Scope};
use prorata_domain::authorization::Place;
use prorata_domain::authorization::definition::Wish;
use prorata_domain::ids::RoleId;
use uuid::Uuid;

/// Characters of a role's name, of its description, and of its lists.
const NAME_CHARS_MAX: usize = 128;
const TEXT_CHARS_MAX: usize = 1000;
const LINES_MAX: usize = 100;

#[derive(Debug, Template)]
#[template(path = "administration_roles.html")]
pub struct RolesPage {
    pub shell: Shell,
    pub frame: Frame,
    pub own: Vec<RoleRow>,
    pub built_in: Vec<RoleRow>,
}

#[derive(Debug)]
pub struct RoleRow {
    pub href: String,
    pub name: String,
    pub description: String,
    pub actions: Said,
}

/// A role, a form to change it, or one to make it.
#[derive(Debug, Template)]
#[template(path = "administration_role.html")]
pub struct RolePage {
    pub shell: Shell,
    pub frame: Frame,
    pub path: String,
    pub heading: String,
    pub built_in: bool,
    pub is_new: bool,
    /// What it allows, where it is only shown: a built-in role, or one whose permissions are in
    /// several parts, which one form cannot tell apart.
    pub parts: Vec<(String, String)>,
    pub id: String,
    pub name: String,
    pub description: String,
    /// One a line.
    pub actions: String,
    pub not_actions: String,
    pub scopes: String,
    pub changed: Option<Moment>,
    pub confirm: Option<Confirm>,
    pub faults: FieldFaults,
    /// Who has it: the list of assignments, narrowed to it.
    pub assigned: Option<String>,
}

pub async fn list(desk: Desk, Asked(query): Asked) -> Response {
    let answered = async {
        let (shell, frame) = tabbed(&desk, Area::Roles)?;
        let call = desk.call();
        let all = Choice { and_below: true, ..Choice::default() };
        let found = desk
            .app()
            .read_async(move |tx, app| definitions::list(tx, app, &call, Place::Root, &all))
            .await?;
        let (built_in, own): (Vec<View>, Vec<View>) =
            found.into_iter().partition(|view| view.role.is_built_in());
        let notice = (query.one("done") == "deleted").then(|| say("admin-done-role-deleted"));
        let page = RolesPage {
            shell,
            frame: Frame { notice, ..frame },
            own: own.iter().map(row).collect(),
            built_in: built_in.iter().map(row).collect(),
        };
        Ok(page::answer(StatusCode::OK, &page))
    };
    desk.settle(answered.await)
}

fn row(view: &View) -> RoleRow {
    let permissions = &view.role.permissions;
    let count: usize = permissions.iter().map(|one| one.actions.len()).sum();
    RoleRow {
        href: path_of(view.role.id),
        name: view.role.name.clone(),
        description: view.role.description.clone(),
        actions: say_with("admin-role-actions", [("count", count.into())]),
    }
}

fn path_of(id: RoleId) -> String {
    format!("{}/{id}", Area::Roles.path())
}

fn role_id(text: &str) -> Result<RoleId, Error> {
    let absent = || Error::Absent { what: "role at this address".into(), code: "NotFound" };
    RoleId::parse(text).ok_or_else(absent)
}

pub async fn new(desk: Desk) -> Response {
    let path = format!("{}/new", Area::Roles.path());
    let fields = Fields::new(vec![
        ("id".to_owned(), Uuid::new_v4().to_string()),
        ("scopes".to_owned(), "/providers/Microsoft.Capacity".to_owned()),
    ]);
    let answered = form(&desk, StatusCode::OK, path, &fields, None, (FieldFaults::default(), None));
    desk.settle(answered)
}

/// The form, as it was filled in so far; of a role that is there or of a new one.
fn form(
    desk: &Desk,
    status: StatusCode,
    path: String,
    fields: &Fields,
    kept: Option<&View>,
    (faults, alert): (FieldFaults, Option<String>),
) -> Result<Response, Error> {
    let heading =
        kept.map_or_else(|| say("admin-new-role").into_owned(), |view| view.role.name.clone());
    let (shell, frame) = below(desk, Area::Roles, heading.clone())?;
    let page = RolePage {
        shell,
        frame: Frame { alert, ..frame },
        path,
        heading,
        built_in: false,
        is_new: kept.is_none(),
        parts: Vec::new(),
        id: fields.one("id"),
        name: fields.one("name"),
        description: fields.text("description"),
        actions: fields.text("actions"),
        not_actions: fields.text("notActions"),
        scopes: fields.text("scopes"),
        changed: kept.and_then(|view| view.stamps).map(|[_, changed]| Moment(changed.at)),
        confirm: None,
        faults,
        assigned: None,
    };
    Ok(page::answer(status, &page))
}

pub async fn show(desk: Desk, Path(id): Path<String>, Asked(query): Asked) -> Response {
    let answered = async {
        let id = role_id(&id)?;
        require(&desk, Area::Roles)?;
        let view = load(&desk, id).await?;
        let (shell, frame) = below(&desk, Area::Roles, view.role.name.clone())?;
        let notice = match query.one("done").as_str() {
            "made" => Some(say("admin-done-role-made")),
            "changed" => Some(say("admin-done-changed")),
            _ => None,
        };
        Ok(page::answer(StatusCode::OK, &shown(shell, Frame { notice, ..frame }, &view, &query)))
    };
    desk.settle(answered.await)
}

async fn load(desk: &Desk, id: RoleId) -> Result<View, Error> {
    let call = desk.call();
    let found =
        desk.app().read_async(move |tx, app| definitions::show(tx, app, &call, Place::Root, id));
    found.await
}

fn shown(shell: Shell, frame: Frame, view: &View, query: &Fields) -> RolePage {
    let role = &view.role;
    let path = path_of(role.id);
    let shown_only = role.is_built_in() || role.permissions.len() > 1;
    let parts: Vec<(String, String)> = role
        .permissions
        .iter()
        .map(|part| (by_line(&part.actions), by_line(&part.not_actions)))
        .collect();
    let (actions, not_actions) = parts.first().cloned().unwrap_or_default();
    let scopes: Vec<&str> = role.assignable_scopes.iter().map(Scope::as_str).collect();
    let confirm = (query.one("do") == "delete" && !role.is_built_in()).then(|| Confirm {
        heading: say_with("admin-confirm-role", [("name", role.name.clone().into())]).into_owned(),
        says: vec![say("admin-confirm-role-says")],
        action: path.clone(),
        hidden: vec![("act", "delete".to_owned())],
        label: say("admin-delete-role"),
        back: path.clone(),
    });
    RolePage {
        heading: role.name.clone(),
        built_in: role.is_built_in(),
        is_new: false,
        parts: if shown_only { parts } else { Vec::new() },
        id: role.id.to_string(),
        name: role.name.clone(),
        description: role.description.clone(),
        actions,
        not_actions,
        scopes: scopes.join("\n"),
        changed: view.stamps.map(|[_, changed]| Moment(changed.at)),
        faults: FieldFaults::default(),
        assigned: Some(format!("{}?role={}", Area::Assignments.path(), role.id)),
        shell,
        frame,
        path,
        confirm,
    }
}

fn by_line(patterns: &[Pattern]) -> String {
    patterns.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

pub async fn make(Posted { desk, fields }: Posted) -> Response {
    let answered = async {
        require(&desk, Area::Roles)?;
        let id = RoleId(super::once::form_id(&fields));
        define(&desk, id, &fields, None).await
    };
    desk.settle(answered.await)
}

pub async fn submit(Path(id): Path<String>, Posted { desk, fields }: Posted) -> Response {
    let answered = async {
        let id = role_id(&id)?;
        require(&desk, Area::Roles)?;
        if fields.one("act") == "delete" {
            return delete(&desk, id).await;
        }
        let view = load(&desk, id).await?;
        if view.role.permissions.len() > 1 {
            return Err(Error::malformed("act", "is not one of this page's"));
        }
        define(&desk, id, &fields, Some(&view)).await
    };
    desk.settle(answered.await)
}

async fn define(
    desk: &Desk,
    id: RoleId,
    fields: &Fields,
    kept: Option<&View>,
) -> Result<Response, Error> {
    let path = match kept {
        Some(_) => path_of(id),
        None => format!("{}/new", Area::Roles.path()),
    };
    let wish = match wish(id, fields, kept) {
        Ok(wish) => wish,
        Err(faults) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return form(desk, status, path, fields, kept, (faults, None));
        }
    };
    let call = desk.call();
    let defined = desk
        .app()
        .deed_async(move |tx, app| definitions::define(tx, app, &call, Place::Root, &wish))
        .await;
    match defined {
        Ok(_) => {
            let done = if kept.is_some() { "changed" } else { "made" };
            Ok(Redirect::to(&format!("{}?done={done}", path_of(id))).into_response())
        }
        Err(error @ Error::Rejected(_)) => {
            let (status, says) = said(&error);
            form(desk, status, path, fields, kept, (FieldFaults::default(), Some(says)))
        }
        Err(error @ Error::Absent { .. }) => {
            // One of the places is not there.
            let mut faults = FieldFaults::default();
            faults.add("scopes", words::sentence(&error.to_string().replace('`', "")).into());
            form(desk, StatusCode::UNPROCESSABLE_ENTITY, path, fields, kept, (faults, None))
        }
        Err(other) => Err(other),
    }
}

/// The role that a form asks for.
fn wish(id: RoleId, fields: &Fields, kept: Option<&View>) -> Result<Wish, FieldFaults> {
    let mut faults = FieldFaults::default();
    let (name, description) = (fields.one("name"), fields.text("description"));
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
        faults.add("name", say("admin-fault-role-name"));
    }
    if description.chars().count() > TEXT_CHARS_MAX {
        faults.add("description", say("admin-fault-role-description"));
    }
    let mut patterns = |field: &str| -> Vec<Pattern> {
        let found: Option<Vec<Pattern>> =
            lines(fields, field).iter().map(|one| Pattern::parse(one)).collect();
        found.unwrap_or_else(|| {
            faults.add(field, say("admin-fault-actions"));
            Vec::new()
        })
    };
    let (actions, not_actions) = (patterns("actions"), patterns("notActions"));
    if actions.is_empty() && faults.at("actions").is_none() {
        faults.add("actions", say("admin-fault-no-actions"));
    }
    let places: Option<Vec<Place>> =
        lines(fields, "scopes").iter().map(|one| Place::parse(one)).collect();
    let assignable = places.filter(|places| !places.is_empty()).unwrap_or_else(|| {
        faults.add("scopes", say("admin-fault-scopes"));
        Vec::new()
    });
    if !faults.is_empty() {
        return Err(faults);
    }
    // What a form does not show stays as it is.
    let first = kept.and_then(|view| view.role.permissions.first()).cloned().unwrap_or_default();
    let permissions = vec![Permission { actions, not_actions, ..first }];
    Ok(Wish { id, name, description, permissions, assignable })
}

fn lines(fields: &Fields, field: &str) -> Vec<String> {
    let text = fields.text(field);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.take(LINES_MAX).map(str::to_owned).collect()
}

async fn delete(desk: &Desk, id: RoleId) -> Result<Response, Error> {
    let call = desk.call();
    let deleted = desk
        .app()
        .deed_async(move |tx, app| definitions::delete(tx, app, &call, Place::Root, id).map(drop))
        .await;
    match deleted {
        Ok(()) => Ok(Redirect::to(&format!("{}?done=deleted", Area::Roles.path())).into_response()),
        Err(error @ Error::Rejected(_)) => {
            let (status, says) = said(&error);
            let view = load(desk, id).await?;
            let (shell, frame) = below(desk, Area::Roles, view.role.name.clone())?;
            let frame = Frame { alert: Some(says), ..frame };
            Ok(page::answer(status, &shown(shell, frame, &view, &Fields::default())))
        }
        Err(other) => Err(other),
    }
}
