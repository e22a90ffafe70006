//! Lists of reservations: filtered, sorted, paged by key, counted.

mod mark;

use super::{read_reservation, reservation_columns};
use crate::orders::{ORDER_COLUMNS, order_columns, read_order};
use crate::prices::containing;
use crate::{Row, StoreError, Tx, Value};
use jiff::Timestamp;
use mark::{mark, read_count, read_mark};
use prorata_domain::ids::{OrderId, PrincipalId, TenantId};
use prorata_domain::policy::Expiring;
use prorata_domain::reservation::{Order, Reservation};
use prorata_domain::term::utc_day;
use std::fmt::Write as _;

/// What a list can be filtered and sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    Sku,
    ResourceType,
    Location,
    DisplayName,
    /// `Shared`, `Single`, `ManagementGroup`.
    AppliedScopeType,
    /// `P1Y` and so on.
    Term,
    /// As [`prorata_domain::reservation::ReservationState::name`] says it.
    State,
    Quantity,
    Archived,
    Renew,
    /// A day.
    ExpiresOn,
    /// An instant.
    EffectiveAt,
    /// An instant.
    PurchasedAt,
    /// Why nothing benefits, as [`prorata_domain::reservation::NoBenefit::as_str`] says it; empty
    /// where something does.
    NoBenefit,
    /// The account that pays for the order.
    BillingAccount,
    /// That account's billing profile; empty where it has none.
    BillingProfile,
}

impl Field {
    fn column(self) -> &'static str {
        match self {
            Field::Sku => "r.sku",
            Field::ResourceType => "r.resource_type",
            Field::Location => "r.location",
            Field::DisplayName => "r.display_name",
            Field::AppliedScopeType => "r.scope_type",
            Field::Term => "r.term",
            Field::State => "r.state",
            Field::Quantity => "r.quantity",
            Field::Archived => "r.archived",
            Field::Renew => "r.renew",
            Field::ExpiresOn => "r.expires_on",
            Field::EffectiveAt => "r.effective_at",
            Field::PurchasedAt => "r.purchased_at",
            Field::NoBenefit => "COALESCE(r.no_benefit, '')",
            Field::BillingAccount => {
                "(SELECT paid.billing_account FROM orders paid \
                 WHERE paid.tenant = r.tenant AND paid.id = r.order_id)"
            }
            Field::BillingProfile => {
                "(SELECT COALESCE(paid.billing_profile, '') FROM orders paid \
                 WHERE paid.tenant = r.tenant AND paid.id = r.order_id)"
            }
        }
    }

    /// Whether the column holds a number; else it is a text, and compares without case.
    fn is_number(self) -> bool {
        match self {
            Field::Quantity
            | Field::Archived
            | Field::Renew
            | Field::EffectiveAt
            | Field::PurchasedAt => true,
            Field::Sku
            | Field::ResourceType
            | Field::Location
            | Field::DisplayName
            | Field::AppliedScopeType
            | Field::Term
            | Field::State
            | Field::ExpiresOn
            | Field::NoBenefit
            | Field::BillingAccount
            | Field::BillingProfile => false,
        }
    }
}

/// A condition that reservations have to meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    And(Vec<Filter>),
    Or(Vec<Filter>),
    /// The field is this; texts compare without case.
    Eq(Field, Value),
    /// The field is less than this, or earlier.
    Before(Field, Value),
    /// The field is at least this, or not earlier.
    From(Field, Value),
    /// The text field has this in it, in any letter case; a number has no text in it.
    Contains(Field, String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderBy {
    pub field: Field,
    pub descending: bool,
}

impl Default for OrderBy {
    /// What ends soonest comes first.
    fn default() -> OrderBy {
        OrderBy { field: Field::ExpiresOn, descending: false }
    }
}

/// Which orders a caller sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visible {
    /// Every one of the tenant.
    All,
    Orders(Vec<OrderId>),
    /// Those on which (or on a part of which) the principal has one of these roles. For somebody
    /// who may have a role on each of very many orders.
    Assigned {
        principal: PrincipalId,
        roles: Vec<String>,
    },
}

#[derive(Debug, Clone, Copy)]
pub struct ListQuery<'q> {
    pub tenant: TenantId,
    pub visible: &'q Visible,
    pub filter: Option<&'q Filter>,
    /// Without one, what ends soonest comes first.
    pub order_by: Option<OrderBy>,
    /// The mark that the page before gave; it is good for the same sorting only. Or a number of
    /// rows to leave out, for callers that count pages themselves.
    pub after: Option<&'q str>,
    pub limit: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub rows: Vec<(Order, Reservation)>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// How many reservations there are in a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateCount {
    /// As [`prorata_domain::reservation::ReservationState::name`] says it.
    pub state: String,
    /// Active ones that end within thirty days are counted apart.
    pub expiring: bool,
    /// Active ones from which nothing benefits are counted apart.
    pub no_benefit: bool,
    pub count: i64,
}

/// Orders that can be named each in one statement.
const NAMED_ORDERS_MAX: usize = 10_000;
/// Orders that are looked for by name. With more, it is quicker to look at each reservation and
/// ask whether its order is one of them.
const LOOKED_UP_MAX: i64 = 200;

const ASSIGNED_ORDERS: &str = "SELECT role, order_id FROM role_assignments \
    WHERE tenant = $1 AND principal = $2 AND order_id > '' ORDER BY order_id LIMIT $3";

pub(crate) const STATEMENTS: &[&str] = &[ASSIGNED_ORDERS];

/// A page of the reservations of a tenant with their orders.
///
/// # Errors
/// [`StoreError::Mark`] when `after` is not the mark of a page so sorted.
pub fn list_all(tx: &mut Tx<'_>, query: &ListQuery<'_>) -> Result<Page, StoreError> {
    let order_by = query.order_by.unwrap_or_default();
    let column = order_by.field.column();
    let mut sql = Sql::new(query.tenant);
    // The page is found among keys alone; only its rows are read whole.
    sql.text.push_str(concat!(
        "SELECT ",
        order_columns!(),
        ", ",
        reservation_columns!(),
        " FROM (SELECT r.tenant, r.order_id, r.id FROM reservations r WHERE r.tenant = $1"
    ));
    let visible = named(tx, query.tenant, query.visible)?;
    if !sql.visible(&visible)? {
        return Ok(Page { rows: Vec::new(), next: None });
    }
    if let Some(filter) = query.filter {
        sql.text.push_str(" AND ");
        sql.filter(filter);
    }
    let left_out = query.after.and_then(read_count);
    if let (Some(mark), None) = (query.after, left_out) {
        let key = read_mark(mark, order_by)?;
        let _ = write!(sql.text, " AND ({column}, r.order_id, r.id) ");
        sql.text.push_str(if order_by.descending { "< (" } else { "> (" });
        sql.list(key.into_iter());
    }
    let direction = if order_by.descending { " DESC" } else { "" };
    let sorting = format!(" ORDER BY {column}{direction}, r.order_id{direction}, r.id{direction}");
    // The limit is written out, since a plan for fifty rows differs from one for all.
    let _ = write!(
        sql.text,
        "{sorting} LIMIT {}{}) AS page \
         JOIN reservations r ON r.tenant = page.tenant AND r.order_id = page.order_id \
         AND r.id = page.id \
         JOIN orders o ON o.tenant = page.tenant AND o.id = page.order_id{sorting}",
        query.limit.saturating_add(1),
        left_out.map(|rows| format!(" OFFSET {rows}")).unwrap_or_default()
    );

    let found = tx.query_dyn(&sql.text, &sql.params)?;
    let mut rows = found.iter().map(read_listed).collect::<Result<Vec<_>, _>>()?;
    let more = rows.len() > query.limit;
    rows.truncate(query.limit);
    let next = if more { rows.last().map(|last| mark(last, order_by)) } else { None };
    Ok(Page { rows, next })
}

/// Counts what a caller sees, by state; with a filter, what meets it.
///
/// # Errors
/// Those of the database.
pub fn summary(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    visible: &Visible,
    filter: Option<&Filter>,
    now: Timestamp,
) -> Result<Vec<StateCount>, StoreError> {
    let mut sql = Sql::new(tenant);
    let soon = Expiring::shown(utc_day(now)).until(utc_day(now));
    sql.text.push_str("SELECT r.state, CASE WHEN r.state = 'active' AND r.expires_on <= ");
    sql.param(soon.into());
    sql.text.push_str(
        " THEN 1 ELSE 0 END AS expiring, \
         CASE WHEN r.state = 'active' AND r.no_benefit IS NOT NULL THEN 1 ELSE 0 END \
         AS no_benefit, COUNT(*) FROM reservations r WHERE r.tenant = $1",
    );
    let visible = named(tx, tenant, visible)?;
    if !sql.visible(&visible)? {
        return Ok(Vec::new());
    }
    if let Some(filter) = filter {
        sql.text.push_str(" AND ");
        sql.filter(filter);
    }
    sql.text.push_str(" GROUP BY 1, 2, 3 ORDER BY 1, 2, 3");
    let read = |row: &Row| {
        Ok(StateCount {
            state: row.string(0)?,
            expiring: row.flag(1)?,
            no_benefit: row.flag(2)?,
            count: row.int(3)?,
        })
    };
    tx.query_dyn(&sql.text, &sql.params)?.iter().map(read).collect()
}

/// Names the orders that a principal has a role on, where they are few.
pub(crate) fn named(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    visible: &Visible,
) -> Result<Visible, StoreError> {
    let Visible::Assigned { principal, roles } = visible else { return Ok(visible.clone()) };
    let params = [tenant.into(), (*principal).into(), Value::Int(LOOKED_UP_MAX + 1)];
    let rows = tx.query(ASSIGNED_ORDERS, &params)?;
    if rows.len() as i64 > LOOKED_UP_MAX {
        return Ok(visible.clone());
    }
    let mut orders = Vec::with_capacity(rows.len());
    for row in rows {
        let role = row.text(0)?;
        if roles.iter().any(|wanted| wanted == role) {
            orders.push(OrderId(row.uuid(1)?));
        }
    }
    orders.dedup();
    Ok(Visible::Orders(orders))
}

fn read_listed(row: &Row) -> Result<(Order, Reservation), StoreError> {
    Ok((read_order(row, 0)?, read_reservation(row, ORDER_COLUMNS)?))
}

/// A statement that is put together from pieces of this file; values are only ever parameters.
struct Sql {
    text: String,
    params: Vec<Value>,
}

impl Sql {
    fn new(tenant: TenantId) -> Sql {
        Sql { text: String::with_capacity(1024), params: vec![tenant.into()] }
    }

    fn param(&mut self, value: Value) {
        self.params.push(value);
        let _ = write!(self.text, "${}", self.params.len());
    }

    /// Adds the condition that rows are visible; false when none can be.
    fn visible(&mut self, visible: &Visible) -> Result<bool, StoreError> {
        match visible {
            Visible::All => {}
            Visible::Orders(orders) => {
                if orders.is_empty() {
                    return Ok(false);
                }
                if orders.len() > NAMED_ORDERS_MAX {
                    let reason = format!("{} orders cannot be named at once", orders.len());
                    return Err(StoreError::Statement(reason));
                }
                self.text.push_str(" AND r.order_id IN (");
                self.list(orders.iter().map(|order| (*order).into()));
            }
            Visible::Assigned { principal, roles } => {
                if roles.is_empty() {
                    return Ok(false);
                }
                self.text.push_str(
                    " AND EXISTS (SELECT 1 FROM role_assignments a WHERE a.tenant = r.tenant \
                     AND a.order_id = r.order_id AND a.principal = ",
                );
                self.param((*principal).into());
                self.text.push_str(" AND a.role IN (");
                self.list(roles.iter().map(Value::from));
                self.text.push(')');
            }
        }
        Ok(true)
    }

    /// Adds values with commas, and a closing parenthesis.
    fn list(&mut self, values: impl Iterator<Item = Value>) {
        for (position, value) in values.enumerate() {
            if position > 0 {
                self.text.push_str(", ");
            }
            self.param(value);
        }
        self.text.push(')');
    }

    fn filter(&mut self, filter: &Filter) {
        match filter {
            Filter::And(parts) => self.join(parts, " AND ", "1 = 1"),
            Filter::Or(parts) => self.join(parts, " OR ", "1 = 0"),
            Filter::Eq(field, value) => self.compare(*field, " = ", value),
            Filter::Before(field, value) => self.compare(*field, " < ", value),
            Filter::From(field, value) => self.compare(*field, " >= ", value),
            Filter::Contains(field, _) if field.is_number() => self.text.push_str("1 = 0"),
            Filter::Contains(field, text) => {
                let _ = write!(self.text, "LOWER({}) LIKE ", field.column());
                self.param(containing(text).into());
                self.text.push_str(" ESCAPE '!'");
            }
        }
    }

    fn join(&mut self, parts: &[Filter], word: &str, none: &str) {
        if parts.is_empty() {
            self.text.push_str(none);
            return;
        }
        for (position, part) in parts.iter().enumerate() {
            self.text.push_str(if position == 0 { "(" } else { word });
            self.filter(part);
        }
        self.text.push(')');
    }

    fn compare(&mut self, field: Field, sign: &str, value: &Value) {
        let column = field.column();
        match value {
            Value::Int(_) if field.is_number() => {
                let _ = write!(self.text, "{column}{sign}");
                self.param(value.clone());
            }
            // Days and states are in one casing anyway, and stay comparable in an index.
            Value::Text(_) if matches!(field, Field::ExpiresOn | Field::State) => {
                let _ = write!(self.text, "{column}{sign}");
                self.param(value.clone());
            }
            Value::Text(text) if !field.is_number() => {
                let _ = write!(self.text, "LOWER({column}){sign}");
                self.param(text.to_ascii_lowercase().into());
            }
            // A text is never equal to a number.
            Value::Null | Value::Int(_) | Value::Text(_) | Value::Id(_) => {
                self.text.push_str("1 = 0");
            }
        }
    }
}
