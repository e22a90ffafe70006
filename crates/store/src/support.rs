//! Support tickets, and what is said about them. Names are compared in lower case.

pub(crate) mod files;

pub use files::{Chunk, File, Workspace};
pub use files::{chunk, chunks, file, files, insert_file, insert_workspace, put_chunk, workspace};

use crate::orders::limit_value;
use crate::{Row, StoreError, Tx, Value};
use jiff::Timestamp;
use prorata_domain::ids::{OrderId, PrincipalId, ReservationId, SubscriptionId, TenantId};
use uuid::Uuid;

const INSERT: &str = "INSERT INTO support_tickets (tenant, subscription, name_key, name, id, \
    number, principal, created_at, modified_at, status, order_id, reservation_id, request_hash, \
    revision, doc) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1, $14)";
const UPDATE: &str = "UPDATE support_tickets SET modified_at = $3, status = $4, doc = $5, \
    revision = revision + 1 WHERE id = $1 AND revision = $2";
macro_rules! columns {
    () => {
        "SELECT tenant, subscription, name, id, number, principal, created_at, modified_at, \
         status, order_id, reservation_id, request_hash, revision, doc FROM support_tickets "
    };
}
const LOAD: &str = concat!(columns!(), "WHERE tenant = $1 AND subscription = $2 AND name_key = $3");
const BY_ID: &str = concat!(columns!(), "WHERE id = $1");
const PAGE: &str = concat!(
    columns!(),
    "WHERE tenant = $1 AND subscription = $2 AND (created_at, id) < ($3, $4) \
     ORDER BY created_at DESC, id DESC LIMIT $5"
);
const PAGE_OF_ALL: &str = concat!(
    columns!(),
    "WHERE (created_at, id) < ($1, $2) ORDER BY created_at DESC, id DESC LIMIT $3"
);

const PAGE_OF_TENANT: &str = concat!(
    columns!(),
    "WHERE tenant = $1 AND (created_at, id) < ($2, $3) \
     ORDER BY created_at DESC, id DESC LIMIT $4"
);

const SAY: &str = "INSERT INTO support_communications (ticket, name_key, name, id, at, principal, \
    direction, sender, subject, body, request_hash) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
macro_rules! said {
    () => {
        "SELECT ticket, name, id, at, principal, direction, sender, subject, body, request_hash \
         FROM support_communications "
    };
}
const SAID: &str = concat!(said!(), "WHERE ticket = $1 AND name_key = $2");
const SAID_BY_ID: &str = concat!(said!(), "WHERE id = $1");
const SAID_PAGE: &str =
    concat!(said!(), "WHERE ticket = $1 AND (at, id) > ($2, $3) ORDER BY at, id LIMIT $4");

pub(crate) const STATEMENTS: &[&str] = &[
    INSERT,
    UPDATE,
    LOAD,
    BY_ID,
    PAGE,
    PAGE_OF_ALL,
    PAGE_OF_TENANT,
    SAY,
    SAID,
    SAID_BY_ID,
    SAID_PAGE,
];

/// Whose tickets and files are meant: a subscription's, or those of a tenant as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub tenant: TenantId,
    pub subscription: Option<SubscriptionId>,
}

impl Place {
    fn values(self) -> [Value; 2] {
        let subscription = self.subscription.map_or(Value::fixed(""), Value::from);
        [self.tenant.into(), subscription]
    }

    fn read(row: &Row) -> Result<Place, StoreError> {
        let subscription = match row.text(1)? {
            "" => None,
            _ => Some(SubscriptionId(row.uuid(1)?)),
        };
        Ok(Place { tenant: TenantId(row.uuid(0)?), subscription })
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    pub place: Place,
    /// As it was first written.
    pub name: String,
    /// Also the id of the operation that made it.
    pub id: Uuid,
    /// The number that people call it by.
    pub number: String,
    /// Who opened it.
    pub principal: PrincipalId,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
    /// `open` or `closed`.
    pub status: String,
    /// The reservation that it is about, where it was opened from one.
    pub about: Option<(OrderId, ReservationId)>,
    /// What was asked for under the name.
    pub request_hash: String,
    pub revision: i64,
    /// JSON: all that the ticket says.
    pub doc: String,
}

/// Something said about a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Communication {
    pub ticket: Uuid,
    pub name: String,
    pub id: Uuid,
    pub at: Timestamp,
    pub principal: PrincipalId,
    /// `outbound` from those who asked, `inbound` from the desk.
    pub direction: String,
    pub sender: String,
    pub subject: String,
    pub body: String,
    pub request_hash: String,
}

/// A place in a list: the instant and id of the last row before.
pub type Mark = (Timestamp, Uuid);

/// Adds a ticket; its revision is 1.
///
/// # Errors
/// Those of the database, as for all functions here; a name or an id that is used.
pub fn insert(tx: &mut Tx<'_>, row: &Ticket) -> Result<(), StoreError> {
    let [tenant, subscription] = row.place.values();
    let params = [
        tenant,
        subscription,
        row.name.to_lowercase().into(),
        (&row.name).into(),
        row.id.into(),
        (&row.number).into(),
        row.principal.into(),
        row.created_at.into(),
        row.modified_at.into(),
        (&row.status).into(),
        row.about.map(|about| about.0).into(),
        row.about.map(|about| about.1).into(),
        (&row.request_hash).into(),
        Value::packed(&row.doc),
    ];
    tx.execute(INSERT, &params).map(drop)
}

/// Changes a ticket's status and what it says, where it still has that revision.
pub fn update(tx: &mut Tx<'_>, row: &Ticket) -> Result<bool, StoreError> {
    let params = [
        row.id.into(),
        row.revision.into(),
        row.modified_at.into(),
        (&row.status).into(),
        Value::packed(&row.doc),
    ];
    Ok(tx.execute(UPDATE, &params)? == 1)
}

pub fn load(tx: &mut Tx<'_>, place: Place, name: &str) -> Result<Option<Ticket>, StoreError> {
    let [tenant, subscription] = place.values();
    let row = tx.one(LOAD, &[tenant, subscription, name.to_lowercase().into()])?;
    row.as_ref().map(read).transpose()
}

/// A ticket of any tenant.
pub fn by_id(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Ticket>, StoreError> {
    tx.one(BY_ID, &[id.into()])?.as_ref().map(read).transpose()
}

/// Where a list begins that goes back in time.
fn before(mark: Option<Mark>) -> [Value; 2] {
    match mark {
        Some((at, id)) => [at.into(), id.into()],
        None => [Value::Int(i64::MAX), Value::fixed("")],
    }
}

/// The next tickets of a place, the newest first.
pub fn page(
    tx: &mut Tx<'_>,
    place: Place,
    after: Option<Mark>,
    limit: usize,
) -> Result<Vec<Ticket>, StoreError> {
    let ([tenant, subscription], [at, id]) = (place.values(), before(after));
    let rows = tx.query(PAGE, &[tenant, subscription, at, id, limit_value(limit)])?;
    rows.iter().map(read).collect()
}

/// The next tickets of a tenant and of all its subscriptions, the newest first.
pub fn page_of_tenant(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    after: Option<Mark>,
    limit: usize,
) -> Result<Vec<Ticket>, StoreError> {
    let [at, id] = before(after);
    let rows = tx.query(PAGE_OF_TENANT, &[tenant.into(), at, id, limit_value(limit)])?;
    rows.iter().map(read).collect()
}

/// The next tickets of all tenants, the newest first.
pub fn page_of_all(
    tx: &mut Tx<'_>,
    after: Option<Mark>,
    limit: usize,
) -> Result<Vec<Ticket>, StoreError> {
    let [at, id] = before(after);
    let rows = tx.query(PAGE_OF_ALL, &[at, id, limit_value(limit)])?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Ticket, StoreError> {
    let about = match (row.opt_uuid(9)?, row.opt_uuid(10)?) {
        (Some(order), Some(reservation)) => Some((OrderId(order), ReservationId(reservation))),
        _ => None,
    };
    Ok(Ticket {
        place: Place::read(row)?,
        name: row.string(2)?,
        id: row.uuid(3)?,
        number: row.string(4)?,
        principal: PrincipalId(row.uuid(5)?),
        created_at: row.instant(6)?,
        modified_at: row.instant(7)?,
        status: row.string(8)?,
        about,
        request_hash: row.string(11)?,
        revision: row.int(12)?,
        doc: row.packed(13)?,
    })
}

/// Adds what somebody said.
pub fn say(tx: &mut Tx<'_>, row: &Communication) -> Result<(), StoreError> {
    let params = [
        row.ticket.into(),
        row.name.to_lowercase().into(),
        (&row.name).into(),
        row.id.into(),
        row.at.into(),
        row.principal.into(),
        (&row.direction).into(),
        (&row.sender).into(),
        (&row.subject).into(),
        (&row.body).into(),
        (&row.request_hash).into(),
    ];
    tx.execute(SAY, &params).map(drop)
}

pub fn said(
    tx: &mut Tx<'_>,
    ticket: Uuid,
    name: &str,
) -> Result<Option<Communication>, StoreError> {
    let row = tx.one(SAID, &[ticket.into(), name.to_lowercase().into()])?;
    row.as_ref().map(read_said).transpose()
}

/// What was said by an operation.
pub fn said_by_id(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Communication>, StoreError> {
    tx.one(SAID_BY_ID, &[id.into()])?.as_ref().map(read_said).transpose()
}

/// What was said about a ticket, the oldest first.
pub fn said_page(
    tx: &mut Tx<'_>,
    ticket: Uuid,
    after: Option<Mark>,
    limit: usize,
) -> Result<Vec<Communication>, StoreError> {
    let [at, id] = match after {
        Some((at, id)) => [at.into(), id.into()],
        None => [Value::Int(i64::MIN), Value::fixed("")],
    };
    let rows = tx.query(SAID_PAGE, &[ticket.into(), at, id, limit_value(limit)])?;
    rows.iter().map(read_said).collect()
}

fn read_said(row: &Row) -> Result<Communication, StoreError> {
    Ok(Communication {
        ticket: row.uuid(0)?,
        name: row.string(1)?,
        id: row.uuid(2)?,
        at: row.instant(3)?,
        principal: PrincipalId(row.uuid(4)?),
        direction: row.string(5)?,
        sender: row.string(6)?,
        subject: row.string(7)?,
        body: row.string(8)?,
        request_hash: row.string(9)?,
    })
}
