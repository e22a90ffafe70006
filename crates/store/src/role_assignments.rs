//! Role assignments as resources: who has which role where, who gave it and when.
//!
//! What asks whether somebody may do something reads them by [`crate::world`]; here they are looked
//! at, given, changed and taken away.

use crate::orders::limit_value;
use crate::{Row, StoreError, Tx, Value};
use jiff::Timestamp;
use prorata_domain::access::Scope;
use prorata_domain::ids::{AssignmentId, PrincipalId, TenantId};
use uuid::Uuid;

const INSERT: &str = "INSERT INTO role_assignments (tenant, principal, order_id, id, role, scope, \
    created_at, created_by, updated_at, updated_by, shown_scope, description) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
const UPDATE: &str = "UPDATE role_assignments SET updated_at = $3, updated_by = $4, \
    description = $5 WHERE tenant = $1 AND id = $2";
const DELETE: &str = "DELETE FROM role_assignments WHERE tenant = $1 AND id = $2";

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, tenant, principal, role, scope, shown_scope, description, ",
            "created_at, created_by, updated_at, updated_by FROM role_assignments ",
            $rest
        )
    };
}

const LOAD: &str = select!("WHERE id = $1");
const SAME: &str = select!(
    "WHERE tenant = $1 AND principal = $2 AND order_id = $3 AND role = $4 AND scope = $5 \
     ORDER BY id LIMIT 1"
);
const OF_ROLE: &str = select!("WHERE tenant = $1 AND role = $2 ORDER BY id LIMIT 1");
const PAGE: &str = select!("WHERE tenant = $1 AND id > $2 ORDER BY id LIMIT $3");
const PAGE_ABOUT: &str =
    select!("WHERE tenant = $1 AND order_id IN ('', $2) AND id > $3 ORDER BY id LIMIT $4");
const PAGE_OF: &str =
    select!("WHERE tenant = $1 AND principal = $2 AND id > $3 ORDER BY id LIMIT $4");
const PAGE_OF_ABOUT: &str = select!(
    "WHERE tenant = $1 AND principal = $2 AND order_id IN ('', $3) AND id > $4 ORDER BY id LIMIT $5"
);

pub(crate) const STATEMENTS: &[&str] =
    &[INSERT, UPDATE, DELETE, LOAD, SAME, OF_ROLE, PAGE, PAGE_ABOUT, PAGE_OF, PAGE_OF_ABOUT];

/// Somebody's deed and its instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    pub at: Timestamp,
    pub by: PrincipalId,
}

/// An assignment with what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleAssignment {
    pub id: AssignmentId,
    pub tenant: TenantId,
    pub principal: PrincipalId,
    /// A built-in role's name, or a tenant's own role's id in lower case.
    pub role: String,
    pub scope: Scope,
    /// The scope in the words in which it was given.
    pub shown_scope: Option<String>,
    pub description: Option<String>,
    /// Who gave it and when; nothing for what the desk gave by itself.
    pub created: Option<Stamp>,
    pub updated: Option<Stamp>,
}

/// Which assignments a page is about, by the orders in which their scopes lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// All of the tenant.
    Everything,
    /// Those that lie in no order of any kind, and those on an order or in it.
    Order(Uuid),
    /// Those that lie in no order of any kind.
    Outside,
}

impl Reach {
    /// Where everything lies that is at a scope, above it, or in it.
    pub fn about(scope: &Scope) -> Reach {
        match order_of(scope) {
            Some(order) => Reach::Order(order),
            None if holds_orders(scope) => Reach::Everything,
            None => Reach::Outside,
        }
    }

    /// Where everything lies that is at a scope or above it.
    pub fn above(scope: &Scope) -> Reach {
        order_of(scope).map_or(Reach::Outside, Reach::Order)
    }
}

/// The order in which a scope lies, of reservations or of savings plans.
fn order_of(scope: &Scope) -> Option<Uuid> {
    scope.order_id().map(|id| id.0).or_else(|| scope.savings_plan_order_id().map(|id| id.0))
}

fn holds_orders(scope: &Scope) -> bool {
    scope.covers(&Scope::capacity()) || scope.covers(&Scope::benefits())
}

fn order_value(scope: &Scope) -> Value {
    order_of(scope).map_or(Value::fixed(""), Value::from)
}

/// Gives a role. The id must be new.
///
/// # Errors
/// Those of the database, as for all functions here.
pub fn insert(tx: &mut Tx<'_>, given: &RoleAssignment) -> Result<(), StoreError> {
    let params = [
        given.tenant.into(),
        given.principal.into(),
        order_value(&given.scope),
        given.id.into(),
        (&given.role).into(),
        given.scope.as_str().into(),
        given.created.map(|stamp| stamp.at).into(),
        given.created.map(|stamp| stamp.by).into(),
        given.updated.map(|stamp| stamp.at).into(),
        given.updated.map(|stamp| stamp.by).into(),
        given.shown_scope.as_deref().into(),
        given.description.as_deref().into(),
    ];
    tx.execute(INSERT, &params).map(drop)
}

/// Changes what is said of an assignment; who, which role and where stay.
pub fn update(tx: &mut Tx<'_>, given: &RoleAssignment) -> Result<(), StoreError> {
    let params = [
        given.tenant.into(),
        given.id.into(),
        given.updated.map(|stamp| stamp.at).into(),
        given.updated.map(|stamp| stamp.by).into(),
        given.description.as_deref().into(),
    ];
    tx.execute(UPDATE, &params).map(drop)
}

/// Takes a role away.
pub fn delete(tx: &mut Tx<'_>, tenant: TenantId, id: AssignmentId) -> Result<(), StoreError> {
    tx.execute(DELETE, &[tenant.into(), id.into()]).map(drop)
}

/// An assignment by its id, of whatever tenant.
pub fn load(tx: &mut Tx<'_>, id: AssignmentId) -> Result<Option<RoleAssignment>, StoreError> {
    tx.one(LOAD, &[id.into()])?.map(|row| read(&row)).transpose()
}

/// The assignment of this role to this principal at this very scope, under whatever id.
pub fn same(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    principal: PrincipalId,
    role: &str,
    scope: &Scope,
) -> Result<Option<RoleAssignment>, StoreError> {
    let params =
        [tenant.into(), principal.into(), order_value(scope), role.into(), scope.as_str().into()];
    tx.one(SAME, &params)?.map(|row| read(&row)).transpose()
}

/// Any assignment of a role.
pub fn of_role(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    role: &str,
) -> Result<Option<RoleAssignment>, StoreError> {
    tx.one(OF_ROLE, &[tenant.into(), role.into()])?.map(|row| read(&row)).transpose()
}

/// The next assignments of a tenant by id, of everybody or of one principal.
pub fn page(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    principal: Option<PrincipalId>,
    reach: Reach,
    after: Option<AssignmentId>,
    limit: usize,
) -> Result<Vec<RoleAssignment>, StoreError> {
    let after = after.map_or(Value::fixed(""), Value::from);
    let limit = limit_value(limit);
    let order = match reach {
        Reach::Everything => None,
        Reach::Order(order) => Some(Value::from(order)),
        Reach::Outside => Some(Value::fixed("")),
    };
    let tenant = Value::from(tenant);
    let rows = match (principal, order) {
        (None, None) => tx.query(PAGE, &[tenant, after, limit]),
        (None, Some(order)) => tx.query(PAGE_ABOUT, &[tenant, order, after, limit]),
        (Some(of), None) => tx.query(PAGE_OF, &[tenant, of.into(), after, limit]),
        (Some(of), Some(order)) => {
            tx.query(PAGE_OF_ABOUT, &[tenant, of.into(), order, after, limit])
        }
    };
    rows?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<RoleAssignment, StoreError> {
    Ok(RoleAssignment {
        id: AssignmentId(row.uuid(0)?),
        tenant: TenantId(row.uuid(1)?),
        principal: PrincipalId(row.uuid(2)?),
        role: row.string(3)?,
        scope: row.parsed(4, "a scope", Scope::parse)?,
        shown_scope: row.opt_string(5)?,
        description: row.opt_string(6)?,
        created: stamp(row, 7)?,
        updated: stamp(row, 9)?,
    })
}

/// Reads an instant and who from two columns.
fn stamp(row: &Row, at: usize) -> Result<Option<Stamp>, StoreError> {
    let (instant, by) = (row.opt_instant(at)?, row.opt_uuid(at + 1)?);
    Ok(instant.zip(by).map(|(at, by)| Stamp { at, by: PrincipalId(by) }))
}
