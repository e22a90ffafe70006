//! Exceptions that tickets granted, each used by one operation, once; and who may grant them.

use crate::{Read, Row, StoreError, Tx, Value};
use jiff::Timestamp;
use prorata_domain::ids::{OperationId, OrderId, PrincipalId, ReservationId, TenantId, WaiverId};
use prorata_domain::policy::ClauseId;
use prorata_domain::waiver::Waiver;
use uuid::Uuid;

const INSERT: &str = "INSERT INTO waivers (id, tenant, order_id, reservation_id, ticket, \
    ticket_name, clauses, reason, granted_by, granted_at, lapses_on, operation, used_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL, NULL)";
macro_rules! columns {
    () => {
        "SELECT id, tenant, order_id, reservation_id, ticket, ticket_name, clauses, reason, \
         granted_by, granted_at, lapses_on, operation, used_at FROM waivers "
    };
}
const OPEN: &str =
    concat!(columns!(), "WHERE reservation_id = $1 AND operation IS NULL ORDER BY granted_at, id");
const OF_TICKET: &str = concat!(columns!(), "WHERE ticket = $1 ORDER BY granted_at, id");
const LOAD: &str = concat!(columns!(), "WHERE id = $1");
const PAGE: &str = concat!(columns!(), "WHERE id > $1 ORDER BY id LIMIT $2");
/// Of two at once only one uses it: transactions that change the same row are never both kept.
const USE: &str =
    "UPDATE waivers SET operation = $2, used_at = $3 WHERE id = $1 AND operation IS NULL";
const JOIN_DESK: &str = "INSERT INTO desk_members (tenant, principal, since) \
    VALUES ($1, $2, $3) ON CONFLICT (tenant, principal) DO NOTHING";
const LEAVE_DESK: &str = "DELETE FROM desk_members WHERE tenant = $1 AND principal = $2";
const AT_DESK: &str = "SELECT since FROM desk_members WHERE tenant = $1 AND principal = $2";
const DESK: &str = "SELECT tenant, principal, since FROM desk_members \
    WHERE (tenant, principal) > ($1, $2) ORDER BY tenant, principal LIMIT $3";

pub(crate) const STATEMENTS: &[&str] =
    &[INSERT, OPEN, OF_TICKET, LOAD, PAGE, USE, JOIN_DESK, LEAVE_DESK, AT_DESK, DESK];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    pub waiver: Waiver,
    pub tenant: TenantId,
    pub order: OrderId,
    pub reservation: ReservationId,
    /// The ticket's id.
    pub ticket: Uuid,
    pub reason: String,
    pub granted_by: PrincipalId,
    pub granted_at: Timestamp,
    /// What used it, and when.
    pub used: Option<(OperationId, Timestamp)>,
}

/// # Errors
/// Those of the database, as for all functions here.
pub fn insert(tx: &mut Tx<'_>, row: &Granted) -> Result<(), StoreError> {
    let names: Vec<&str> = row.waiver.clauses.iter().map(|clause| clause.as_str()).collect();
    let params = [
        row.waiver.id.into(),
        row.tenant.into(),
        row.order.into(),
        row.reservation.into(),
        row.ticket.into(),
        (&row.waiver.ticket).into(),
        names.join(" ").into(),
        (&row.reason).into(),
        row.granted_by.into(),
        row.granted_at.into(),
        row.waiver.lapses_on.into(),
    ];
    tx.execute(INSERT, &params).map(drop)
}

/// What [`open`] reads.
pub fn open_read(reservation: ReservationId) -> Read {
    Read { sql: OPEN, params: vec![reservation.into()] }
}

/// The exceptions of a reservation that are not used, the oldest first, lapsed ones among them.
pub fn open(tx: &mut Tx<'_>, reservation: ReservationId) -> Result<Vec<Waiver>, StoreError> {
    let wanted = open_read(reservation);
    let rows = tx.query(wanted.sql, &wanted.params)?;
    rows.iter().map(|row| read(row).map(|granted| granted.waiver)).collect()
}

/// All that a ticket granted, the oldest first.
pub fn of_ticket(tx: &mut Tx<'_>, ticket: Uuid) -> Result<Vec<Granted>, StoreError> {
    tx.query(OF_TICKET, &[ticket.into()])?.iter().map(read).collect()
}

pub fn load(tx: &mut Tx<'_>, id: WaiverId) -> Result<Option<Granted>, StoreError> {
    tx.one(LOAD, &[id.into()])?.as_ref().map(read).transpose()
}

/// The next ones of all by id.
pub fn page(
    tx: &mut Tx<'_>,
    after: Option<WaiverId>,
    limit: usize,
) -> Result<Vec<Granted>, StoreError> {
    let after = after.map_or(Value::fixed(""), Value::from);
    let rows = tx.query(PAGE, &[after, crate::orders::limit_value(limit)])?;
    rows.iter().map(read).collect()
}

/// Uses an exception up; answers false when something else has.
pub fn use_up(
    tx: &mut Tx<'_>,
    id: WaiverId,
    operation: OperationId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.execute(USE, &[id.into(), operation.into(), now.into()])? == 1)
}

fn read(row: &Row) -> Result<Granted, StoreError> {
    let clauses = |text: &str| text.split(' ').map(ClauseId::parse).collect::<Option<Vec<_>>>();
    let used = match (row.opt_uuid(11)?, row.opt_instant(12)?) {
        (Some(operation), Some(at)) => Some((OperationId(operation), at)),
        _ => None,
    };
    Ok(Granted {
        waiver: Waiver {
            id: WaiverId(row.uuid(0)?),
            ticket: row.string(5)?,
            clauses: row.parsed(6, "names of clauses", clauses)?,
            lapses_on: row.day(10)?,
        },
        tenant: TenantId(row.uuid(1)?),
        order: OrderId(row.uuid(2)?),
        reservation: ReservationId(row.uuid(3)?),
        ticket: row.uuid(4)?,
        reason: row.string(7)?,
        granted_by: PrincipalId(row.uuid(8)?),
        granted_at: row.instant(9)?,
        used,
    })
}

/// Somebody who works at the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    pub tenant: TenantId,
    pub principal: PrincipalId,
    pub since: Timestamp,
}

/// Makes somebody a member of the desk; answers whether they were none before.
pub fn join_desk(tx: &mut Tx<'_>, member: &Member) -> Result<bool, StoreError> {
    let params = [member.tenant.into(), member.principal.into(), member.since.into()];
    Ok(tx.execute(JOIN_DESK, &params)? == 1)
}

/// Ends somebody's membership; answers whether there was one.
pub fn leave_desk(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    principal: PrincipalId,
) -> Result<bool, StoreError> {
    Ok(tx.execute(LEAVE_DESK, &[tenant.into(), principal.into()])? == 1)
}

/// Since when somebody is a member of the desk.
pub fn at_desk(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    principal: PrincipalId,
) -> Result<Option<Timestamp>, StoreError> {
    let row = tx.one(AT_DESK, &[tenant.into(), principal.into()])?;
    row.map(|row| row.instant(0)).transpose()
}

/// The next ones of those at the desk, by tenant and principal.
pub fn desk(
    tx: &mut Tx<'_>,
    after: Option<(TenantId, PrincipalId)>,
    limit: usize,
) -> Result<Vec<Member>, StoreError> {
    let read = |row: &Row| {
        Ok(Member {
            tenant: TenantId(row.uuid(0)?),
            principal: PrincipalId(row.uuid(1)?),
            since: row.instant(2)?,
        })
    };
    let [tenant, principal] = match after {
        Some((tenant, principal)) => [tenant.into(), principal.into()],
        None => [Value::fixed(""), Value::fixed("")],
    };
    let rows = tx.query(DESK, &[tenant, principal, crate::orders::limit_value(limit)])?;
    rows.iter().map(read).collect()
}
