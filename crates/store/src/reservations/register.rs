//! All reservations in brief, and those that changed since: what a list in memory is made of and
//! kept up to date with.

use super::{HELD, HeldRow, read_held};
use crate::orders::limit_value;
use crate::{Row, StoreError, Tx, Value};
use jiff::civil::Date;
use prorata_domain::ids::{OrderId, ReservationId, TenantId};
use prorata_domain::reservation::ReservationState;
use prorata_domain::term::Term;

/// The columns that [`read_brief`] reads, in its order.
macro_rules! brief_columns {
    () => {
        "r.tenant, r.order_id, r.id, o.billing_account, r.display_name, r.sku, r.resource_type, \
         r.location, r.term, r.state, r.scope_type, r.scope_name, r.quantity, r.renew, \
         r.archived, r.no_benefit, r.expires_on, r.revision"
    };
}

const PAGE: &str = concat!(
    "SELECT ",
    brief_columns!(),
    " FROM reservations r JOIN orders o ON o.tenant = r.tenant AND o.id = r.order_id \
     WHERE (r.tenant, r.order_id, r.id) > ($1, $2, $3) \
     ORDER BY r.tenant, r.order_id, r.id LIMIT $4"
);
/// What changed comes first, whatever else a plan would begin with.
const CHANGED: &str = concat!(
    "SELECT ",
    brief_columns!(),
    " FROM revision_places p CROSS JOIN reservations r CROSS JOIN orders o WHERE p.place >= $1 \
     AND r.tenant = p.tenant AND r.order_id = p.order_id AND r.id = p.reservation_id \
     AND o.tenant = p.tenant AND o.id = p.order_id"
);
const HORIZON: &str = "SELECT place FROM revision_horizon";

pub(crate) const STATEMENTS: &[&str] = &[PAGE, CHANGED, HORIZON];

/// By what a reservation is found.
pub type Key = (TenantId, OrderId, ReservationId);

/// What lists choose and sort by, of one reservation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    pub tenant: TenantId,
    pub order: OrderId,
    pub id: ReservationId,
    pub billing_account: String,
    pub display_name: String,
    pub sku: String,
    pub resource_type: String,
    pub location: String,
    pub term: Term,
    /// As [`ReservationState::name`] says it.
    pub state: String,
    pub scope: ScopeKind,
    pub quantity: u32,
    pub renew: bool,
    pub archived: bool,
    /// Whether nothing benefits.
    pub no_benefit: bool,
    pub expires_on: Date,
    /// Counts every change.
    pub revision: i64,
}

/// Kinds of applied scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ScopeKind {
    Shared,
    Subscription,
    ResourceGroup,
    ManagementGroup,
}

impl ScopeKind {
    pub const ALL: [ScopeKind; 4] = [
        ScopeKind::Shared,
        ScopeKind::Subscription,
        ScopeKind::ResourceGroup,
        ScopeKind::ManagementGroup,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            ScopeKind::Shared => "shared",
            ScopeKind::Subscription => "subscription",
            ScopeKind::ResourceGroup => "resource-group",
            ScopeKind::ManagementGroup => "management-group",
        }
    }

    pub fn parse(text: &str) -> Option<ScopeKind> {
        ScopeKind::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// The place from which on [`changed`] will have what this transaction does not see yet.
///
/// # Errors
/// Those of the database, as for all functions here.
pub fn horizon(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    tx.one(HORIZON, &[])?.map_or(Ok(0), |row| row.int(0))
}

/// The next reservations of all tenants, after one of them or from the first.
pub fn briefs(tx: &mut Tx<'_>, after: Option<Key>, limit: usize) -> Result<Vec<Brief>, StoreError> {
    let [tenant, order, id] = match after {
        Some((tenant, order, id)) => [tenant.into(), order.into(), id.into()],
        None => [Value::fixed(""), Value::fixed(""), Value::fixed("")],
    };
    let rows = tx.query(PAGE, &[tenant, order, id, limit_value(limit)])?;
    rows.iter().map(read_brief).collect()
}

/// The reservations that changed from a place on, as they are now; one that changed more than once
/// may be there more than once.
pub fn changed(tx: &mut Tx<'_>, from: i64) -> Result<Vec<Brief>, StoreError> {
    tx.query(CHANGED, &[from.into()])?.iter().map(read_brief).collect()
}

/// Reservations with their orders and payers, of any tenants, in the order in which they were asked
/// for.
pub fn held_of(tx: &mut Tx<'_>, wanted: &[Key]) -> Result<Vec<Option<HeldRow>>, StoreError> {
    let params: Vec<Vec<Value>> = wanted
        .iter()
        .map(|(tenant, order, id)| vec![(*tenant).into(), (*order).into(), (*id).into()])
        .collect();
    let answers = tx.query_each(HELD, &params)?;
    answers.iter().map(|rows| rows.first().map(read_held).transpose()).collect()
}

fn read_brief(row: &Row) -> Result<Brief, StoreError> {
    let scope = match (row.text(10)?, row.is_null(11)) {
        ("Single", true) => ScopeKind::Subscription,
        ("Single", false) => ScopeKind::ResourceGroup,
        ("ManagementGroup", _) => ScopeKind::ManagementGroup,
        _ => ScopeKind::Shared,
    };
    Ok(Brief {
        tenant: TenantId(row.uuid(0)?),
        order: OrderId(row.uuid(1)?),
        id: ReservationId(row.uuid(2)?),
        billing_account: row.string(3)?,
        display_name: row.string(4)?,
        sku: row.string(5)?,
        resource_type: row.string(6)?,
        location: row.string(7)?,
        term: row.parsed(8, "a term", Term::parse)?,
        state: row.string(9)?,
        scope,
        quantity: row.count(12)?,
        renew: row.flag(13)?,
        archived: row.flag(14)?,
        no_benefit: !row.is_null(15),
        expires_on: row.day(16)?,
        revision: row.int(17)?,
    })
}

/// Whether a state of a [`Brief`] is that of one that is held.
pub fn is_active(state: &str) -> bool {
    state == ReservationState::Active.name()
}
