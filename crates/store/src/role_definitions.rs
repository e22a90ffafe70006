//! Roles that a tenant made for itself. The built-in ones are the catalog's.

use crate::role_assignments::Stamp;
use crate::{Row, StoreError, Tx};
use prorata_domain::ids::{PrincipalId, TenantId};
use uuid::Uuid;

const PUT: &str = "INSERT INTO role_definitions (tenant, id, name_key, name, description, doc, \
    created_at, created_by, updated_at, updated_by) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (tenant, id) DO UPDATE SET \
    name_key = excluded.name_key, name = excluded.name, description = excluded.description, \
    doc = excluded.doc, updated_at = excluded.updated_at, updated_by = excluded.updated_by";
const DELETE: &str = "DELETE FROM role_definitions WHERE tenant = $1 AND id = $2";
const LOAD: &str = "SELECT id, name, description, doc, created_at, created_by, updated_at, \
    updated_by FROM role_definitions WHERE tenant = $1 AND id = $2";
const NAMED: &str = "SELECT id, name, description, doc, created_at, created_by, updated_at, \
    updated_by FROM role_definitions WHERE tenant = $1 AND name_key = $2";
const OF_TENANT: &str = "SELECT id, name, description, doc, created_at, created_by, updated_at, \
    updated_by FROM role_definitions WHERE tenant = $1 ORDER BY id";

pub(crate) const STATEMENTS: &[&str] = &[PUT, DELETE, LOAD, NAMED, OF_TENANT];

/// A role that a tenant made for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleDefinition {
    /// What assignments name it by, in lower case with hyphens.
    pub id: Uuid,
    pub name: String,
    pub description: String,
    /// JSON: what it allows, and where it may be assigned.
    pub doc: String,
    pub created: Stamp,
    pub updated: Stamp,
}

/// Makes a role or changes it. No other role of the tenant may have its name.
///
/// # Errors
/// Those of the database, as for all functions here.
pub fn put(tx: &mut Tx<'_>, tenant: TenantId, role: &RoleDefinition) -> Result<(), StoreError> {
    let params = [
        tenant.into(),
        role.id.into(),
        role.name.to_lowercase().into(),
        (&role.name).into(),
        (&role.description).into(),
        (&role.doc).into(),
        role.created.at.into(),
        role.created.by.into(),
        role.updated.at.into(),
        role.updated.by.into(),
    ];
    tx.execute(PUT, &params).map(drop)
}

pub fn delete(tx: &mut Tx<'_>, tenant: TenantId, id: Uuid) -> Result<(), StoreError> {
    tx.execute(DELETE, &[tenant.into(), id.into()]).map(drop)
}

pub fn load(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: Uuid,
) -> Result<Option<RoleDefinition>, StoreError> {
    tx.one(LOAD, &[tenant.into(), id.into()])?.map(|row| read(&row)).transpose()
}

/// A tenant's role by its name; names compare without case.
pub fn named(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    name: &str,
) -> Result<Option<RoleDefinition>, StoreError> {
    let params = [tenant.into(), name.to_lowercase().into()];
    tx.one(NAMED, &params)?.map(|row| read(&row)).transpose()
}

/// Every role that a tenant made, by id.
pub fn of_tenant(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Vec<RoleDefinition>, StoreError> {
    tx.query(OF_TENANT, &[tenant.into()])?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<RoleDefinition, StoreError> {
    let stamp = |at| -> Result<Stamp, StoreError> {
        Ok(Stamp { at: row.instant(at)?, by: PrincipalId(row.uuid(at + 1)?) })
    };
    Ok(RoleDefinition {
        id: row.uuid(0)?,
        name: row.string(1)?,
        description: row.string(2)?,
        doc: row.string(3)?,
        created: stamp(4)?,
        updated: stamp(6)?,
    })
}
