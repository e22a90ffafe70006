//! Role assignments: looking at them, giving roles and taking them away.

use super::{Site, kept_as, role_kept_as, role_of};
use crate::access::Permit;
use crate::audit::{Event, line};
use crate::limits::PAGE_ROWS_MAX;
use crate::orders::Page;
use crate::{App, Call, Error};
use prorata_domain::access::{Action, RoleDefinition};
use prorata_domain::authorization::Place;
use prorata_domain::authorization::assignment::{
    Facts, Named, Plan, PrincipalType, Wish, decide, may_remove,
};
use prorata_domain::ids::{AssignmentId, PrincipalId, RoleId, TenantId};
use prorata_store::role_assignments::{self as rows, Reach, RoleAssignment, Stamp};
use prorata_store::{Tx, world};
use serde_json::json;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// An assignment with what its ids stand for.
#[derive(Debug, Clone)]
pub struct View {
    pub row: RoleAssignment,
    pub role: RoleDefinition,
    /// What the principal is and is called, where the tenant still has it.
    pub principal: Option<(PrincipalType, String)>,
}

/// Which assignments are looked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Choice {
    /// Those at the place and above it only, and none below.
    pub at_scope: bool,
    pub principal: Option<PrincipalId>,
}

/// A page of the assignments at a place, above it and below it. Everybody may look at their own.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`].
pub fn list(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    place: Place,
    choice: Choice,
    after: Option<AssignmentId>,
    limit: usize,
) -> Result<Page<View>, Error> {
    let site = Site::find(tx, call, place)?;
    if choice.principal != Some(call.caller.principal) {
        let _ = site.permit(tx, call, Action::ReadAssignments)?;
    }
    let limit = limit.clamp(1, PAGE_ROWS_MAX);
    let reach = Reach::about(&site.scope);
    let chosen = |row: &RoleAssignment| {
        site.is_below(&row.scope) || (!choice.at_scope && site.scope.covers(&row.scope))
    };
    let tenant = call.caller.tenant;
    let (mut found, mut after) = (Vec::new(), after);
    while found.len() <= limit {
        let page = rows::page(tx, tenant, choice.principal, reach, after, PAGE_ROWS_MAX)?;
        let is_last = page.len() < PAGE_ROWS_MAX;
        after = page.last().map(|row| row.id);
        found.extend(page.into_iter().filter(chosen));
        if is_last {
            break;
        }
    }
    let next = (found.len() > limit).then(|| found[limit - 1].id.to_string());
    found.truncate(limit);
    Ok(Page { rows: views(tx, tenant, found)?, next })
}

/// One assignment, at the place where it was given.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`].
pub fn show(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    place: Place,
    id: AssignmentId,
) -> Result<View, Error> {
    let site = Site::find(tx, call, place)?;
    let row = at(tx, call, &site, id)?;
    if row.as_ref().is_none_or(|row| row.principal != call.caller.principal) {
        let _ = site.permit(tx, call, Action::ReadAssignments)?;
    }
    let row = row.ok_or_else(|| absent(id))?;
    views(tx, call.caller.tenant, vec![row])?.pop().ok_or_else(|| absent(id))
}

/// What giving a role came to.
#[derive(Debug, Clone)]
pub struct Given {
    pub view: View,
    /// Whether it was not there before.
    pub is_new: bool,
}

/// Gives a role, or changes what is said of an assignment. The same again changes nothing.
///
/// # Errors
/// [`Error::Absent`], [`Error::Denied`] or [`Error::Rejected`].
pub fn assign(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    wish: &Wish,
    role: RoleId,
) -> Result<Given, Error> {
    let tenant = call.caller.tenant;
    let site = Site::find(tx, call, wish.place.clone())?;
    let permit = site.permit(tx, call, Action::Assign)?;
    let found = role_of(tx, tenant, role)?;
    let kept = found.as_ref().map(kept_as);
    let before = rows::load(tx, wish.id)?;
    let is_same = |row: &RoleAssignment| {
        row.tenant == tenant
            && row.principal == wish.principal
            && row.scope == site.scope
            && Some(&row.role) == kept.as_ref()
    };
    let same = match &kept {
        Some(kept) => rows::same(tx, tenant, wish.principal, kept, &site.scope)?,
        None => None,
    };
    let facts = Facts {
        tenant,
        role: found.as_ref(),
        principal: world::principal(tx, tenant, wish.principal)?.map(|known| known.kind),
        named: before
            .as_ref()
            .map(|row| Named { is_same: is_same(row), description: row.description.clone() }),
        same: same.map(|row| row.id),
    };
    let plan = decide(&facts, wish).map_err(Error::Rejected)?;
    let stamp = Stamp { at: call.now, by: call.caller.principal };
    let row = RoleAssignment {
        id: wish.id,
        tenant,
        principal: wish.principal,
        role: kept.unwrap_or_default(),
        scope: site.scope.clone(),
        shown_scope: Some(site.place.path()),
        description: wish.description.clone(),
        created: Some(stamp),
        updated: Some(stamp),
    };
    let row = match (plan, before) {
        (Plan::Nothing, Some(before)) => before,
        (Plan::Change, Some(before)) => {
            let row = RoleAssignment { created: before.created, ..row };
            rows::update(tx, &row)?;
            written(tx, call, &permit, &row)?;
            row
        }
        _ => {
            rows::insert(tx, &row)?;
            written(tx, call, &permit, &row)?;
            row
        }
    };
    let is_new = plan == Plan::Give;
    let view = views(tx, tenant, vec![row])?.pop().ok_or_else(|| absent(wish.id))?;
    Ok(Given { view, is_new })
}

/// Takes a role away; nothing where it is not there. What was taken away is the answer.
///
/// # Errors
/// [`Error::Absent`] for the place, [`Error::Denied`] or [`Error::Rejected`].
pub fn remove(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    place: Place,
    id: AssignmentId,
) -> Result<Option<View>, Error> {
    let tenant = call.caller.tenant;
    let site = Site::find(tx, call, place)?;
    let permit = site.permit(tx, call, Action::Unassign)?;
    let Some(row) = at(tx, call, &site, id)? else { return Ok(None) };
    let Some(view) = views(tx, tenant, vec![row])?.pop() else { return Ok(None) };
    let others = others_above(tx, call, &site, id)?;
    may_remove(&site.scope, Some(&view.role), others.iter()).map_err(Error::Rejected)?;
    rows::delete(tx, tenant, id)?;
    written(tx, call, &permit, &view.row)?;
    Ok(Some(view))
}

/// The roles of all other assignments at a place and above it.
fn others_above(
    tx: &mut Tx<'_>,
    call: &Call,
    site: &Site,
    id: AssignmentId,
) -> Result<Vec<RoleDefinition>, Error> {
    let (tenant, reach) = (call.caller.tenant, Reach::above(&site.scope));
    let (mut roles, mut after) = (HashMap::new(), None);
    loop {
        let page = rows::page(tx, tenant, None, reach, after, PAGE_ROWS_MAX)?;
        after = page.last().map(|row| row.id);
        let is_last = page.len() < PAGE_ROWS_MAX;
        for row in page {
            if row.id != id && site.is_below(&row.scope) && !roles.contains_key(&row.role) {
                let role = role_kept_as(tx, tenant, &row.role)?;
                roles.insert(row.role, role);
            }
        }
        if is_last {
            return Ok(roles.into_values().flatten().collect());
        }
    }
}

/// The assignment of this id, where it was given at this very place.
fn at(
    tx: &mut Tx<'_>,
    call: &Call,
    site: &Site,
    id: AssignmentId,
) -> Result<Option<RoleAssignment>, Error> {
    let found = rows::load(tx, id)?;
    Ok(found.filter(|row| row.tenant == call.caller.tenant && row.scope == site.scope))
}

/// Rows whose role is known, with what their ids stand for.
fn views(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    found: Vec<RoleAssignment>,
) -> Result<Vec<View>, Error> {
    let mut roles: HashMap<String, Option<RoleDefinition>> = HashMap::new();
    let mut principals: HashMap<PrincipalId, Option<(PrincipalType, String)>> = HashMap::new();
    let mut views = Vec::with_capacity(found.len());
    for row in found {
        if !roles.contains_key(&row.role) {
            roles.insert(row.role.clone(), role_kept_as(tx, tenant, &row.role)?);
        }
        let principal = match principals.entry(row.principal) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(unknown) => {
                let known = world::principal(tx, tenant, row.principal)?;
                unknown.insert(known.map(|known| (known.kind.into(), known.name))).clone()
            }
        };
        if let Some(role) = roles.get(&row.role).cloned().flatten() {
            views.push(View { row, role, principal });
        }
    }
    Ok(views)
}

/// Writes who did what to an assignment, as the permit says.
fn written(
    tx: &mut Tx<'_>,
    call: &Call,
    permit: &Permit,
    row: &RoleAssignment,
) -> Result<(), Error> {
    let event = Event::new(permit.action().provider_name(), row.scope.as_str())
        .about(row.id.0)
        .with(&json!({
            "assignment": row.id,
            "principal": row.principal,
            "role": row.role,
            "scope": row.scope.as_str(),
            "description": row.description,
        }))?;
    line(tx, call, &event)
}

fn absent(id: AssignmentId) -> Error {
    Error::Absent {
        what: format!("role assignment `{id}` at this scope"),
        code: "RoleAssignmentNotFound",
    }
}
