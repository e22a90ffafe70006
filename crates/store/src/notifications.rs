//! The outbox: what somebody is to be told, written in the transaction of its cause. Rows are only
//! ever added.

use crate::deliveries::{self, Told};
use crate::orders::limit_value;
use crate::{Row, StoreError, Tx, Value};
use jiff::Timestamp;
use prorata_domain::ids::TenantId;
use uuid::Uuid;

const INSERT: &str = "INSERT INTO notifications \
    (tenant, at, id, kind, billing_account, target, doc) VALUES ($1, $2, $3, $4, $5, $6, $7)";
const OF_TENANT: &str = "SELECT tenant, at, id, kind, billing_account, target, doc \
    FROM notifications WHERE tenant = $1 AND (at, id) > ($2, $3) ORDER BY at, id LIMIT $4";
/// What was done at somebody's wish is an operation, which tells it. They are found by time among
/// those of all tenants: an index of their own would cost each deed a page.
const DONE_OF_TENANT: &str = "SELECT tenant, decided_at, id, kind, billing_account, \
    COALESCE(target, ''), '{}' FROM operations WHERE tenant = $1 AND (decided_at, id) > ($2, $3) \
    AND verdict = 'approved' AND kind IN ('purchase', 'refund', 'exchange', 'trade-in', 'update', \
    'scope', 'savings-plan-purchase') ORDER BY decided_at, id LIMIT $4";

/// The kinds of operation that are told; those that the statement above names.
pub const DEEDS_TOLD: &[&str] =
    &["purchase", "refund", "exchange", "trade-in", "update", "scope", "savings-plan-purchase"];

pub(crate) const STATEMENTS: &[&str] = &[INSERT, OF_TENANT, DONE_OF_TENANT];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    pub tenant: TenantId,
    pub at: Timestamp,
    pub id: Uuid,
    pub kind: String,
    pub billing_account: String,
    /// What it is about, as a path.
    pub target: String,
    /// JSON: the particulars, by kind.
    pub doc: String,
}

/// Keeps one, and puts it on its way to the receivers of its tenant.
///
/// # Errors
/// Those of the database, as for all functions here.
pub fn insert(tx: &mut Tx<'_>, row: &Notification) -> Result<(), StoreError> {
    tx.queue(
        INSERT,
        vec![
            row.tenant.into(),
            row.at.into(),
            row.id.into(),
            (&row.kind).into(),
            (&row.billing_account).into(),
            (&row.target).into(),
            (&row.doc).into(),
        ],
    );
    let told = Told {
        tenant: row.tenant,
        notification: row.id,
        at: row.at,
        kind: &row.kind,
        billing_account: &row.billing_account,
        target: &row.target,
        doc: &row.doc,
    };
    deliveries::fan_out(tx, &told)
}

/// The next ones of a tenant by time, after one of them or from the first; among them what was done
/// there, by its operations.
pub fn of_tenant(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    after: Option<(Timestamp, Uuid)>,
    limit: usize,
) -> Result<Vec<Notification>, StoreError> {
    let (at, id) = match after {
        Some((at, id)) => (at.into(), id.into()),
        None => (Value::Int(i64::MIN), Value::fixed("")),
    };
    let params = [tenant.into(), at, id, limit_value(limit)];
    let mut rows = tx.query(OF_TENANT, &params)?;
    rows.extend(tx.query(DONE_OF_TENANT, &params)?);
    let mut found = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    found.sort_by_key(|row| (row.at, row.id));
    found.truncate(limit);
    Ok(found)
}

fn read(row: &Row) -> Result<Notification, StoreError> {
    Ok(Notification {
        tenant: TenantId(row.uuid(0)?),
        at: row.instant(1)?,
        id: row.uuid(2)?,
        kind: row.string(3)?,
        billing_account: row.string(4)?,
        target: row.string(5)?,
        doc: row.string(6)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deeds_that_are_listed_are_those_that_are_told() {
        let listed =
            DONE_OF_TENANT.split("kind IN (").nth(1).and_then(|rest| rest.split(')').next());
        let listed: Vec<&str> = listed
            .into_iter()
            .flat_map(|list| list.split(','))
            .map(|kind| kind.trim().trim_matches('\''))
            .collect();
        assert_eq!(listed, DEEDS_TOLD);
    }
}
