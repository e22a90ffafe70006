//! Roles as resources: which there are, who has which where, and giving and taking them.
//!
//! Whether a caller may is asked of [`access`](crate::access) at the place itself, so nobody gives
//! a role further up than where they may give any.

pub mod assignments;
pub mod definitions;
mod offer;
mod places;
mod why;

pub use offer::{Offer, offer, principal_called};
pub use places::Site;
pub use why::{Answered, why};

use crate::Error;
use prorata_domain::access::{Permission, RoleDefinition, RoleKind, Scope, role};
use prorata_domain::ids::{RoleId, TenantId};
use prorata_store::Tx;
use prorata_store::role_definitions::{self as rows, RoleDefinition as Row};
use serde::{Deserialize, Serialize};

/// What a row of a tenant's own role holds beside its names.
#[derive(Serialize, Deserialize)]
struct Document {
    permissions: Vec<Permission>,
    assignable_scopes: Vec<Scope>,
}

/// Every role that a tenant made for itself, by id.
///
/// # Errors
/// Those of the database, and [`Error::Broken`] for a row that cannot be read.
pub fn own_roles(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Vec<RoleDefinition>, Error> {
    rows::of_tenant(tx, tenant)?.into_iter().map(read).collect()
}

/// A role of a tenant by the text under which assignments keep it: a built-in role's name, or the
/// id of one that the tenant made.
///
/// # Errors
/// As [`own_roles`].
pub fn role_kept_as(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    kept: &str,
) -> Result<Option<RoleDefinition>, Error> {
    if let Some(found) = role(kept) {
        return Ok(Some(found.clone()));
    }
    let Some(id) = RoleId::parse(kept) else { return Ok(None) };
    rows::load(tx, tenant, id.0)?.map(read).transpose()
}

/// A role of a tenant by its id.
fn role_of(tx: &mut Tx<'_>, tenant: TenantId, id: RoleId) -> Result<Option<RoleDefinition>, Error> {
    role_kept_as(tx, tenant, &id.to_string())
}

/// The text under which assignments keep a role.
fn kept_as(role: &RoleDefinition) -> String {
    match role.kind {
        RoleKind::BuiltIn => role.name.clone(),
        RoleKind::Custom => role.id.to_string(),
    }
}

fn read(row: Row) -> Result<RoleDefinition, Error> {
    let document: Document = serde_json::from_str(&row.doc)?;
    Ok(RoleDefinition {
        id: RoleId(row.id),
        name: row.name,
        description: row.description,
        kind: RoleKind::Custom,
        assignable_scopes: document.assignable_scopes,
        permissions: document.permissions,
    })
}

/// The document of a row, as [`read`] reads it.
fn document(permissions: Vec<Permission>, assignable_scopes: Vec<Scope>) -> Result<String, Error> {
    Ok(serde_json::to_string(&Document { permissions, assignable_scopes })?)
}
