//! Role definitions: the built-in ones, and those that a tenant makes for itself.

use super::{Site, document, own_roles, role_kept_as, role_of};
use crate::access::{self, Permit};
use crate::audit::{Event, line};
use crate::{App, Call, Error};
use prorata_domain::access::{Action, Ground, Permission, RoleDefinition, RoleKind, roles};
use prorata_domain::authorization::Place;
use prorata_domain::authorization::definition::{Facts, Plan, Wish, decide, may_delete};
use prorata_domain::ids::RoleId;
use prorata_store::Tx;
use prorata_store::role_assignments::{self, Stamp};
use prorata_store::role_definitions::{self as rows, RoleDefinition as Row};
use serde_json::json;

/// A role, and for one of a tenant's own who made and changed it.
#[derive(Debug, Clone)]
pub struct View {
    pub role: RoleDefinition,
    pub stamps: Option<[Stamp; 2]>,
}

/// Which roles are looked for.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// Those too that can be given below the place only.
    pub and_below: bool,
    pub kind: Option<RoleKind>,
    /// Compared without case.
    pub name: Option<String>,
}

/// The roles that can be given at a place, the built-in ones first.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`].
pub fn list(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    place: Place,
    choice: &Choice,
) -> Result<Vec<View>, Error> {
    let site = Site::find(tx, call, place)?;
    let _ = site.permit(tx, call, Action::ReadRoles)?;
    let own = own_roles(tx, call.caller.tenant)?;
    let chosen = |role: &&RoleDefinition| {
        let below = || role.assignable_scopes.iter().any(|scope| site.scope.covers(scope));
        let placed = role.assignable_scopes.iter().any(|scope| site.is_below(scope))
            || role.is_assignable_at(&site.scope)
            || (choice.and_below && below());
        let named = |name: &String| role.name.to_lowercase() == name.to_lowercase();
        placed
            && choice.kind.is_none_or(|kind| role.kind == kind)
            && choice.name.as_ref().is_none_or(named)
    };
    let found: Vec<&RoleDefinition> = roles().iter().chain(&own).filter(chosen).collect();
    found.into_iter().map(|role| view(tx, call, role.clone())).collect()
}

/// One role, looked at from a place.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`].
pub fn show(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    place: Place,
    id: RoleId,
) -> Result<View, Error> {
    let site = Site::find(tx, call, place)?;
    let _ = site.permit(tx, call, Action::ReadRoles)?;
    let role = role_of(tx, call.caller.tenant, id)?.ok_or_else(|| absent(id))?;
    view(tx, call, role)
}

/// Makes a role of the tenant's own, or changes it. The same again changes nothing.
///
/// # Errors
/// [`Error::Absent`] for a place that is not there, [`Error::Denied`] where the caller may not make
/// roles at the place or at one where the role can be given, and [`Error::Rejected`].
pub fn define(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    place: Place,
    wish: &Wish,
) -> Result<View, Error> {
    let tenant = call.caller.tenant;
    let permit = Site::find(tx, call, place)?.permit(tx, call, Action::DefineRole)?;
    let before = role_of(tx, tenant, wish.id)?;
    require_all(tx, call, before.as_ref(), Action::DefineRole)?;
    let namesake = rows::named(tx, tenant, &wish.name)?.map(|row| RoleId(row.id));
    let facts = Facts { before: before.as_ref(), namesake };
    let plan = decide(&facts, wish).map_err(Error::Rejected)?;
    for place in &wish.assignable {
        let _ = Site::find(tx, call, place.clone())?.permit(tx, call, Action::DefineRole)?;
    }
    if plan == Plan::Put {
        let stamp = Stamp { at: call.now, by: call.caller.principal };
        let created = rows::load(tx, tenant, wish.id.0)?.map_or(stamp, |row| row.created);
        let scopes = wish.assignable.iter().map(Place::scope).collect();
        let row = Row {
            id: wish.id.0,
            name: wish.name.clone(),
            description: wish.description.clone(),
            doc: document(wish.permissions.clone(), scopes)?,
            created,
            updated: stamp,
        };
        rows::put(tx, tenant, &row)?;
        written(tx, call, &permit, wish.id, &wish.name, &wish.permissions)?;
        let role = super::read(row)?;
        return Ok(View { role, stamps: Some([created, stamp]) });
    }
    let role = before.ok_or_else(|| absent(wish.id))?;
    view(tx, call, role)
}

/// Deletes a role of the tenant's own; nothing where there is none of this id. What was deleted is
/// the answer.
///
/// # Errors
/// [`Error::Absent`] for the place, [`Error::Denied`], and [`Error::Rejected`] for a built-in role
/// or one that somebody has.
pub fn delete(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    place: Place,
    id: RoleId,
) -> Result<Option<View>, Error> {
    let tenant = call.caller.tenant;
    let permit = Site::find(tx, call, place)?.permit(tx, call, Action::DeleteRole)?;
    let Some(role) = role_of(tx, tenant, id)? else { return Ok(None) };
    require_all(tx, call, Some(&role), Action::DeleteRole)?;
    let assigned = role_assignments::of_role(tx, tenant, &id.to_string())?.map(|row| row.id);
    may_delete(&role, assigned).map_err(Error::Rejected)?;
    let view = view(tx, call, role)?;
    rows::delete(tx, tenant, id.0)?;
    written(tx, call, &permit, id, &view.role.name, &view.role.permissions)?;
    Ok(Some(view))
}

/// What the caller's roles allow at a place.
///
/// # Errors
/// [`Error::Absent`].
pub fn permissions(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    place: Place,
) -> Result<Vec<Permission>, Error> {
    let site = Site::find(tx, call, place)?;
    let own = call.caller.principal;
    let verdict = access::why(tx, call, own, Action::ReadAssignments, &site.scope)?;
    let mut found: Vec<Permission> = Vec::new();
    for finding in verdict.findings {
        let Ground::Assignment { role, reach, .. } = finding.ground else { continue };
        if !reach.reaches() {
            continue;
        }
        let Some(role) = role_kept_as(tx, call.caller.tenant, &role)? else { continue };
        for permission in role.permissions {
            if !found.contains(&permission) {
                found.push(permission);
            }
        }
    }
    Ok(found)
}

/// A role that is there can be given at places that the caller has to be allowed at too, or a
/// narrow right would change what others rely on.
fn require_all(
    tx: &mut Tx<'_>,
    call: &Call,
    before: Option<&RoleDefinition>,
    action: Action,
) -> Result<(), Error> {
    let own = before.filter(|role| !role.is_built_in());
    let scopes = own.iter().flat_map(|role| &role.assignable_scopes);
    for place in scopes.filter_map(|scope| Place::parse(scope.as_str())) {
        match Site::find(tx, call, place) {
            Ok(site) => drop(site.permit(tx, call, action)?),
            // A place that is gone is nobody's.
            Err(Error::Absent { .. }) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(())
}

fn view(tx: &mut Tx<'_>, call: &Call, role: RoleDefinition) -> Result<View, Error> {
    if role.is_built_in() {
        return Ok(View { role, stamps: None });
    }
    let row = rows::load(tx, call.caller.tenant, role.id.0)?;
    Ok(View { role, stamps: row.map(|row| [row.created, row.updated]) })
}

/// Writes who did what to a role, as the permit says.
fn written(
    tx: &mut Tx<'_>,
    call: &Call,
    permit: &Permit,
    id: RoleId,
    name: &str,
    permissions: &[Permission],
) -> Result<(), Error> {
    let event = Event::new(permit.action().provider_name(), format!("role/{id}")).about(id.0);
    let details = json!({ "role": id, "name": name, "permissions": permissions });
    line(tx, call, &event.with(&details)?)
}

fn absent(id: RoleId) -> Error {
    Error::Absent { what: format!("role definition `{id}`"), code: "RoleDefinitionDoesNotExist" }
}
