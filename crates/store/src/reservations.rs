//! Reservations: the row as it is now, and a revision for every state it was in.

pub(crate) mod list;
pub(crate) mod moved;
pub mod register;
pub(crate) mod revisions;
pub(crate) mod scoped;

pub use list::{Field, Filter, ListQuery, OrderBy, Page, StateCount, Visible, list_all, summary};
pub use moved::{DirectoryChange, change_directory, last_directory_change, tenants_left};
use revisions::revise;
pub use revisions::{Revision, first_revision, revisions, revisions_before};
pub use scoped::{scoped, shared};

use crate::orders::{ORDER_COLUMNS, order_columns, read_order};
use crate::world::read_account;
use crate::{Read, Row, StoreError, Tx, Value};
use prorata_domain::ids::{OperationId, OrderId, ReservationId, SubscriptionId, TenantId};
use prorata_domain::reservation::{
    AcquiredBy, AppliedScope, BillingAccount, NoBenefit, Order, PaymentFailure, Reservation,
    ReservationState,
};
use prorata_domain::rights::Carried;

/// The columns that [`read_reservation`] reads, in its order, of the table under the name `r`.
macro_rules! reservation_columns {
    () => {
        "r.tenant, r.order_id, r.id, r.display_name, r.quantity, r.scope_type, r.scope_id, \
         r.scope_name, r.instance_flexibility, r.renew, r.archived, r.state, r.state_into, \
         r.acquired_by, r.purchased_at, r.effective_at, r.updated_at, r.source, r.revision, \
         r.sku, r.merged_from, r.review_at, r.renew_as, r.no_benefit, \
         r.right_bought_at, r.right_used"
    };
}
pub(crate) use reservation_columns;

/// How many columns [`read_reservation`] reads.
const RESERVATION_COLUMNS: usize = 26;

const INSERT: &str = "INSERT INTO reservations (tenant, order_id, id, display_name, quantity, \
    scope_type, scope_id, scope_name, instance_flexibility, renew, archived, state, state_into, \
    acquired_by, purchased_at, effective_at, updated_at, source, revision, \
    merged_from, review_at, renew_as, no_benefit, right_bought_at, right_used, \
    resource_type, sku, location, term, expires_on) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
    $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30)";
const UPDATE: &str = "UPDATE reservations SET display_name = $5, quantity = $6, \
    scope_type = $7, scope_id = $8, scope_name = $9, instance_flexibility = $10, renew = $11, \
    archived = $12, state = $13, state_into = $14, effective_at = $15, updated_at = $16, \
    revision = $17, review_at = $18, renew_as = $19, no_benefit = $20 \
    WHERE tenant = $1 AND order_id = $2 AND id = $3 AND revision = $4";
const HELD: &str = concat!(
    "SELECT ",
    order_columns!(),
    ", ",
    reservation_columns!(),
    ", b.id, b.agreement, b.currency, b.payment, b.usd_rate, b.profile, b.customer, \
     b.prepayment_ends, b.payment_failure, b.payment_failure_until \
     FROM reservations r \
     JOIN orders o ON o.tenant = r.tenant AND o.id = r.order_id \
     JOIN billing_accounts b ON b.id = o.billing_account \
     WHERE r.tenant = $1 AND r.order_id = $2 AND r.id = $3"
);
const LOAD: &str = concat!(
    "SELECT ",
    reservation_columns!(),
    " FROM reservations r WHERE r.tenant = $1 AND r.order_id = $2 AND r.id = $3"
);
const OF_ORDER: &str = concat!(
    "SELECT ",
    reservation_columns!(),
    " FROM reservations r WHERE r.tenant = $1 AND r.order_id = $2 ORDER BY r.purchased_at, r.id"
);
const UNITS_ACTIVE: &str = "SELECT CAST(COALESCE(SUM(quantity), 0) AS BIGINT) \
    FROM reservations WHERE tenant = $1 AND order_id = $2 AND state = 'active'";

pub(crate) const STATEMENTS: &[&str] = &[INSERT, UPDATE, HELD, LOAD, OF_ORDER, UNITS_ACTIVE];

/// A reservation with its order and the account that pays.
pub type HeldRow = (Order, Reservation, BillingAccount);

/// Writes a new reservation of an order, with its first revision.
///
/// # Errors
/// Those of the database, as for all functions here.
pub fn insert(
    tx: &mut Tx<'_>,
    order: &Order,
    reservation: &Reservation,
    operation: OperationId,
) -> Result<(), StoreError> {
    let (scope_type, scope_id, scope_name) = scope_values(&reservation.applied_scope);
    let bought = &order.commitment;
    tx.queue(
        INSERT,
        vec![
            reservation.tenant.into(),
            reservation.order.into(),
            reservation.id.into(),
            (&reservation.display_name).into(),
            reservation.quantity.into(),
            scope_type,
            scope_id,
            scope_name,
            reservation.instance_flexibility.into(),
            reservation.renew.into(),
            reservation.archived.into(),
            Value::fixed(reservation.state.name()),
            state_into(&reservation.state),
            Value::fixed(acquired_word(reservation.acquired_by)),
            reservation.purchased_at.into(),
            reservation.effective_at.into(),
            reservation.updated_at.into(),
            reservation.source.into(),
            reservation.revision.into(),
            merged_from(&reservation.merged_from),
            reservation.review_at.into(),
            renew_as(reservation)?,
            no_benefit(reservation),
            reservation.carried.map(|carried| carried.bought_at).into(),
            reservation.carried.map_or(0, |carried| carried.used).into(),
            (&bought.resource_type).into(),
            (&reservation.sku).into(),
            (&bought.location).into(),
            Value::fixed(bought.term.as_str()),
            order.expires_on.into(),
        ],
    );
    revise(tx, reservation, operation)
}

/// Writes a reservation whose `revision` is one more than `was`, and keeps the revision. Answers
/// false, and writes nothing, when the row is no longer at revision `was`.
pub fn update(
    tx: &mut Tx<'_>,
    _order: &Order,
    reservation: &Reservation,
    was: i64,
    operation: OperationId,
) -> Result<bool, StoreError> {
    if tx.execute(UPDATE, &update_params(reservation, was)?)? == 0 {
        return Ok(false);
    }
    revise(tx, reservation, operation)?;
    Ok(true)
}

/// As [`update`], for a row that was read in this same transaction: it costs no round trip.
/// Were the row changed all the same, the revision would be there already, and the transaction
/// would fail with [`StoreError::Constraint`].
pub fn replace(
    tx: &mut Tx<'_>,
    reservation: &Reservation,
    was: i64,
    operation: OperationId,
) -> Result<(), StoreError> {
    // The revision counts every change of the row.
    let params = update_params(reservation, was)?.into();
    tx.queue_guarding(UPDATE, params, reservation.id.0, &["reservations"]);
    revise(tx, reservation, operation)
}

fn update_params(reservation: &Reservation, was: i64) -> Result<[Value; 20], StoreError> {
    let (scope_type, scope_id, scope_name) = scope_values(&reservation.applied_scope);
    Ok([
        reservation.tenant.into(),
        reservation.order.into(),
        reservation.id.into(),
        was.into(),
        (&reservation.display_name).into(),
        reservation.quantity.into(),
        scope_type,
        scope_id,
        scope_name,
        reservation.instance_flexibility.into(),
        reservation.renew.into(),
        reservation.archived.into(),
        Value::fixed(reservation.state.name()),
        state_into(&reservation.state),
        reservation.effective_at.into(),
        reservation.updated_at.into(),
        reservation.revision.into(),
        reservation.review_at.into(),
        renew_as(reservation)?,
        no_benefit(reservation),
    ])
}

/// The reservations that one was merged from, with commas in between.
fn merged_from(sources: &[ReservationId]) -> Value {
    if sources.is_empty() {
        return Value::Null;
    }
    sources.iter().map(ToString::to_string).collect::<Vec<_>>().join(",").into()
}

fn read_merged_from(row: &Row, at: usize) -> Result<Vec<ReservationId>, StoreError> {
    if row.opt_string(at)?.is_none() {
        return Ok(Vec::new());
    }
    row.parsed(at, "reservations", |text| text.split(',').map(ReservationId::parse).collect())
}

fn renew_as(reservation: &Reservation) -> Result<Value, StoreError> {
    let Some(request) = &reservation.renew_as else { return Ok(Value::Null) };
    let doc =
        serde_json::to_string(request).map_err(|error| StoreError::Statement(error.to_string()))?;
    Ok(doc.into())
}

fn no_benefit(reservation: &Reservation) -> Value {
    reservation.no_benefit.map_or(Value::Null, |reason| Value::fixed(reason.as_str()))
}

/// A reservation with its order and the account that pays: one read.
pub fn held(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    order: OrderId,
    id: ReservationId,
) -> Result<Option<HeldRow>, StoreError> {
    let read = held_read(tenant, order, id);
    let found = tx.one_guarded(read.sql, &read.params, id.0)?;
    found.map(|row| read_held(&row)).transpose()
}

/// What [`held`] reads.
pub fn held_read(tenant: TenantId, order: OrderId, id: ReservationId) -> Read {
    Read { sql: HELD, params: vec![tenant.into(), order.into(), id.into()] }
}

/// As [`held`], for several at once; in the order in which they were asked for.
pub fn held_each(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    wanted: &[(OrderId, ReservationId)],
) -> Result<Vec<Option<HeldRow>>, StoreError> {
    let params: Vec<Vec<Value>> = wanted
        .iter()
        .map(|(order, id)| vec![tenant.into(), (*order).into(), (*id).into()])
        .collect();
    let answers = tx.query_each(HELD, &params)?;
    answers.iter().map(|rows| rows.first().map(read_held).transpose()).collect()
}

fn read_held(row: &Row) -> Result<HeldRow, StoreError> {
    Ok((
        read_order(row, 0)?,
        read_reservation(row, ORDER_COLUMNS)?,
        read_account(row, ORDER_COLUMNS + RESERVATION_COLUMNS)?,
    ))
}

pub fn load(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    order: OrderId,
    id: ReservationId,
) -> Result<Option<Reservation>, StoreError> {
    let found = tx.one(LOAD, &[tenant.into(), order.into(), id.into()])?;
    found.map(|row| read_reservation(&row, 0)).transpose()
}

/// Every reservation of an order, ended ones included, oldest purchase first.
pub fn of_order(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    order: OrderId,
) -> Result<Vec<Reservation>, StoreError> {
    let rows = tx.query(OF_ORDER, &[tenant.into(), order.into()])?;
    rows.iter().map(|row| read_reservation(row, 0)).collect()
}

/// Units of an order that are still held.
pub fn units_active(tx: &mut Tx<'_>, tenant: TenantId, order: OrderId) -> Result<u32, StoreError> {
    let row = tx.one(UNITS_ACTIVE, &[tenant.into(), order.into()])?;
    row.map_or(Ok(0), |row| row.count(0))
}

/// Reads a reservation from the columns that begin at `at`.
fn read_reservation(row: &Row, at: usize) -> Result<Reservation, StoreError> {
    Ok(Reservation {
        tenant: TenantId(row.uuid(at)?),
        order: OrderId(row.uuid(at + 1)?),
        id: ReservationId(row.uuid(at + 2)?),
        display_name: row.string(at + 3)?,
        quantity: row.count(at + 4)?,
        applied_scope: read_scope(row, at + 5)?,
        instance_flexibility: row.flag(at + 8)?,
        renew: row.flag(at + 9)?,
        archived: row.flag(at + 10)?,
        state: read_state(row, at + 11)?,
        acquired_by: row.parsed(at + 13, "how it was acquired", read_acquired)?,
        purchased_at: row.instant(at + 14)?,
        effective_at: row.instant(at + 15)?,
        updated_at: row.instant(at + 16)?,
        source: row.opt_uuid(at + 17)?.map(ReservationId),
        revision: row.int(at + 18)?,
        sku: row.string(at + 19)?,
        merged_from: read_merged_from(row, at + 20)?,
        review_at: row.opt_instant(at + 21)?,
        renew_as: match row.opt_string(at + 22)? {
            None => None,
            Some(_) => {
                row.parsed(at + 22, "a purchase request", |text| serde_json::from_str(text).ok())?
            }
        },
        no_benefit: match row.opt_string(at + 23)? {
            None => None,
            Some(_) => Some(row.parsed(at + 23, "a lack of benefit", NoBenefit::parse)?),
        },
        carried: match row.opt_instant(at + 24)? {
            None => None,
            Some(bought_at) => Some(Carried { bought_at, used: row.count(at + 25)? }),
        },
    })
}

/// The words for the kinds of scope are those of the protocol, since filters compare with them.
pub(crate) fn scope_values(scope: &AppliedScope) -> (Value, Value, Value) {
    match scope {
        AppliedScope::Shared => (Value::fixed("Shared"), Value::Null, Value::Null),
        AppliedScope::Subscription(id) => (Value::fixed("Single"), (*id).into(), Value::Null),
        AppliedScope::ResourceGroup { subscription, name } => {
            (Value::fixed("Single"), (*subscription).into(), name.into())
        }
        AppliedScope::ManagementGroup { tenant, id } => {
            (Value::fixed("ManagementGroup"), (*tenant).into(), id.into())
        }
    }
}

pub(crate) fn read_scope(row: &Row, at: usize) -> Result<AppliedScope, StoreError> {
    let name = row.opt_string(at + 2)?;
    match (row.text(at)?, name) {
        ("Shared", _) => Ok(AppliedScope::Shared),
        ("Single", None) => Ok(AppliedScope::Subscription(SubscriptionId(row.uuid(at + 1)?))),
        ("Single", Some(name)) => {
            let subscription = SubscriptionId(row.uuid(at + 1)?);
            Ok(AppliedScope::ResourceGroup { subscription, name })
        }
        ("ManagementGroup", Some(id)) => {
            Ok(AppliedScope::ManagementGroup { tenant: TenantId(row.uuid(at + 1)?), id })
        }
        _ => row.parsed(at, "a kind of scope", |_| None),
    }
}

/// The reservations that an ended one became, with commas in between.
fn state_into(state: &ReservationState) -> Value {
    match state {
        ReservationState::Active
        | ReservationState::Expired
        | ReservationState::NotRenewed
        | ReservationState::Drained => Value::Null,
        ReservationState::Renewed { order, into } => format!("{order}/{into}").into(),
        ReservationState::BillingFailed { failure } => Value::fixed(failure.as_str()),
        ReservationState::Returned { rest } | ReservationState::Exchanged { rest } => {
            (*rest).into()
        }
        ReservationState::Merged { into } => (*into).into(),
        ReservationState::Swapped { into, rest } => {
            let ids = std::iter::once(into).chain(rest);
            ids.map(ToString::to_string).collect::<Vec<_>>().join(",").into()
        }
        ReservationState::Split { into } => {
            into.iter().map(ToString::to_string).collect::<Vec<_>>().join(",").into()
        }
    }
}

fn read_state(row: &Row, at: usize) -> Result<ReservationState, StoreError> {
    let one = || row.opt_uuid(at + 1).map(|id| id.map(ReservationId));
    match row.text(at)? {
        "active" => Ok(ReservationState::Active),
        "expired" => Ok(ReservationState::Expired),
        "drained" => Ok(ReservationState::Drained),
        "not-renewed" => Ok(ReservationState::NotRenewed),
        "renewed" => row.parsed(at + 1, "an order and a reservation", |text| {
            let (order, into) = text.split_once('/')?;
            let (order, into) = (OrderId::parse(order)?, ReservationId::parse(into)?);
            Some(ReservationState::Renewed { order, into })
        }),
        "billing-failed" => row.parsed(at + 1, "a payment that failed", |text| {
            Some(ReservationState::BillingFailed { failure: PaymentFailure::parse(text)? })
        }),
        "returned" => Ok(ReservationState::Returned { rest: one()? }),
        "exchanged" => Ok(ReservationState::Exchanged { rest: one()? }),
        "swapped" => row.parsed(at + 1, "what it was swapped into", read_swapped),
        "merged" => Ok(ReservationState::Merged { into: ReservationId(row.uuid(at + 1)?) }),
        "split" => {
            let parse = |text: &str| text.split(',').map(ReservationId::parse).collect();
            Ok(ReservationState::Split { into: row.parsed(at + 1, "reservations", parse)? })
        }
        _ => row.parsed(at, "a state", |_| None),
    }
}

fn read_swapped(text: &str) -> Option<ReservationState> {
    let (into, rest) = match text.split_once(',') {
        Some((into, rest)) => (into, Some(ReservationId::parse(rest)?)),
        None => (text, None),
    };
    Some(ReservationState::Swapped { into: ReservationId::parse(into)?, rest })
}

const ACQUIRED: [(AcquiredBy, &str); 7] = [
    (AcquiredBy::Purchase, "purchase"),
    (AcquiredBy::Exchange, "exchange"),
    (AcquiredBy::Renewal, "renewal"),
    (AcquiredBy::Split, "split"),
    (AcquiredBy::Merge, "merge"),
    (AcquiredBy::PartialReturn, "partial-return"),
    (AcquiredBy::Swap, "swap"),
];

fn acquired_word(by: AcquiredBy) -> &'static str {
    match by {
        AcquiredBy::Purchase => "purchase",
        AcquiredBy::Exchange => "exchange",
        AcquiredBy::Renewal => "renewal",
        AcquiredBy::Split => "split",
        AcquiredBy::Merge => "merge",
        AcquiredBy::PartialReturn => "partial-return",
        AcquiredBy::Swap => "swap",
    }
}

pub(crate) fn read_acquired(text: &str) -> Option<AcquiredBy> {
    ACQUIRED.into_iter().find(|(_, word)| *word == text).map(|(by, _)| by)
}
