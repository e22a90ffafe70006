//! Names under which orders are bought: each is used once, and remembers for what.

use crate::{Row, StoreError, Tx, Value};
use jiff::Timestamp;
use prorata_domain::ids::{OperationId, PrincipalId, TenantId};
use uuid::Uuid;

const INSERT: &str = "INSERT INTO order_aliases (tenant, kind, name_key, name, principal, at, \
    request_hash, order_id, operation, doc) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
    ON CONFLICT (tenant, kind, name_key) DO NOTHING";
const LOAD: &str = "SELECT tenant, kind, name, principal, at, request_hash, order_id, operation, \
    doc FROM order_aliases WHERE tenant = $1 AND kind = $2 AND name_key = $3";
const BY_OPERATION: &str = "SELECT tenant, kind, name, principal, at, request_hash, order_id, \
    operation, doc FROM order_aliases WHERE tenant = $1 AND operation = $2";

pub(crate) const STATEMENTS: &[&str] = &[INSERT, LOAD, BY_OPERATION];

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AliasKind {
    Reservation,
    SavingsPlan,
}

impl AliasKind {
    pub fn as_str(self) -> &'static str {
        match self {
            AliasKind::Reservation => "reservation",
            AliasKind::SavingsPlan => "savings-plan",
        }
    }

    fn parse(text: &str) -> Option<AliasKind> {
        [AliasKind::Reservation, AliasKind::SavingsPlan]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    pub tenant: TenantId,
    pub kind: AliasKind,
    /// As it was first written; names compare without case.
    pub name: String,
    pub principal: PrincipalId,
    pub at: Timestamp,
    /// What was asked under the name.
    pub request_hash: String,
    /// The order that was bought.
    pub order: Uuid,
    pub operation: OperationId,
    /// The request, as JSON of the domain.
    pub doc: String,
}

/// Uses a name; answers false, and writes nothing, when it was used before.
///
/// # Errors
/// Those of the database.
pub fn insert(tx: &mut Tx<'_>, alias: &Alias) -> Result<bool, StoreError> {
    let params = [
        alias.tenant.into(),
        Value::fixed(alias.kind.as_str()),
        alias.name.to_lowercase().into(),
        (&alias.name).into(),
        alias.principal.into(),
        alias.at.into(),
        (&alias.request_hash).into(),
        alias.order.into(),
        alias.operation.into(),
        (&alias.doc).into(),
    ];
    Ok(tx.execute(INSERT, &params)? == 1)
}

/// What a name stands for in a tenant.
///
/// # Errors
/// Those of the database.
pub fn load(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    kind: AliasKind,
    name: &str,
) -> Result<Option<Alias>, StoreError> {
    let params = [tenant.into(), Value::fixed(kind.as_str()), name.to_lowercase().into()];
    tx.one(LOAD, &params)?.map(read).transpose()
}

/// The name under which an operation bought.
///
/// # Errors
/// Those of the database.
pub fn of_operation(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    operation: OperationId,
) -> Result<Option<Alias>, StoreError> {
    tx.one(BY_OPERATION, &[tenant.into(), operation.into()])?.map(read).transpose()
}

fn read(row: Row) -> Result<Alias, StoreError> {
    Ok(Alias {
        tenant: TenantId(row.uuid(0)?),
        kind: row.parsed(1, "a kind of alias", AliasKind::parse)?,
        name: row.string(2)?,
        principal: PrincipalId(row.uuid(3)?),
        at: row.instant(4)?,
        request_hash: row.string(5)?,
        order: row.uuid(6)?,
        operation: OperationId(row.uuid(7)?),
        doc: row.string(8)?,
    })
}
