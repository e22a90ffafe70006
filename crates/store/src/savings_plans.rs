//! Savings plans: their orders, the plans as they are now, a revision for every state a plan was
//! in, and the payments made.

mod payments;

pub use payments::{Payment, insert_payment, payments};

use crate::orders::limit_value;
use crate::reservations::{read_scope, scope_values};
use crate::{Row, StoreError, Tx, Value};
use jiff::Timestamp;
use prorata_domain::ids::{
    OperationId, PrincipalId, SavingsPlanId, SavingsPlanOrderId, SubscriptionId, TenantId,
};
use prorata_domain::policy::PlanKind;
use prorata_domain::savings_plan::{AcquiredBy, Commitment, Order, SavingsPlan, State};
use prorata_domain::term::{BillingPlan, Term};
use prorata_ledger::{Hourly, Money};

/// The columns that [`read_order`] reads, of the table under the name `o`.
macro_rules! order_columns {
    () => {
        "o.tenant, o.id, o.billing_account, o.billing_profile, o.customer, \
         o.billing_subscription, o.buyer, o.display_name, o.sku, o.kind, o.term, o.plan, \
         o.currency, o.hourly_thousandths, o.whole_term_minor, o.payment_minor, o.usd_rate, \
         o.requested_at, o.started_at, o.expires_on, o.payments_made, o.version"
    };
}

/// How many columns [`read_order`] reads.
const ORDER_COLUMNS: usize = 22;

/// The columns that [`read_plan`] reads, of the table under the name `p`.
macro_rules! plan_columns {
    () => {
        "p.tenant, p.order_id, p.id, p.display_name, p.scope_type, p.scope_id, p.scope_name, \
         p.renew, p.renewal, p.state, p.acquired_by, p.purchased_at, p.effective_at, \
         p.updated_at, p.renew_source, p.renew_destination, p.revision"
    };
}

const INSERT_ORDER: &str = "INSERT INTO savings_plan_orders (tenant, id, billing_account, \
    billing_profile, customer, billing_subscription, buyer, display_name, sku, kind, term, plan, \
    currency, hourly_thousandths, whole_term_minor, payment_minor, usd_rate, requested_at, \
    started_at, expires_on, payments_made, version) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
    $19, $20, $21, $22)";
/// What else an order says is fixed when it is placed.
const UPDATE_ORDER: &str = "UPDATE savings_plan_orders SET display_name = $4, payments_made = $5, \
    version = $6 WHERE tenant = $1 AND id = $2 AND version = $3";
const LOAD_ORDER: &str = concat!(
    "SELECT ",
    order_columns!(),
    " FROM savings_plan_orders o WHERE o.tenant = $1 AND o.id = $2"
);
const ALL_ORDERS: &str = concat!(
    "SELECT ",
    order_columns!(),
    " FROM savings_plan_orders o WHERE (o.tenant, o.id) > ($1, $2) \
     ORDER BY o.tenant, o.id LIMIT $3"
);
const INSERT_PLAN: &str = "INSERT INTO savings_plans (tenant, order_id, id, display_name, \
    scope_type, scope_id, scope_name, renew, renewal, state, acquired_by, purchased_at, \
    effective_at, updated_at, renew_source, renew_destination, revision, sku, term, expires_on) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
    $19, $20)";
const UPDATE_PLAN: &str = "UPDATE savings_plans SET display_name = $5, scope_type = $6, \
    scope_id = $7, scope_name = $8, renew = $9, renewal = $10, state = $11, effective_at = $12, \
    updated_at = $13, renew_source = $14, renew_destination = $15, revision = $16 \
    WHERE tenant = $1 AND order_id = $2 AND id = $3 AND revision = $4";
const HELD: &str = concat!(
    "SELECT ",
    order_columns!(),
    ", ",
    plan_columns!(),
    " FROM savings_plans p \
     JOIN savings_plan_orders o ON o.tenant = p.tenant AND o.id = p.order_id \
     WHERE p.tenant = $1 AND p.order_id = $2 ORDER BY p.id"
);
const PAGE: &str = concat!(
    "SELECT ",
    order_columns!(),
    ", ",
    plan_columns!(),
    " FROM savings_plan_orders o \
     JOIN savings_plans p ON p.tenant = o.tenant AND p.order_id = o.id \
     WHERE o.tenant = $1 AND o.id > $2 ORDER BY o.id, p.id LIMIT $3"
);
const PAGE_OF_ACCOUNT: &str = concat!(
    "SELECT ",
    order_columns!(),
    ", ",
    plan_columns!(),
    " FROM savings_plan_orders o \
     JOIN savings_plans p ON p.tenant = o.tenant AND p.order_id = o.id \
     WHERE o.billing_account = $1 AND o.tenant = $2 AND o.id > $3 ORDER BY o.id, p.id LIMIT $4"
);
const INSERT_REVISION: &str = "INSERT INTO savings_plan_revisions \
    (tenant, order_id, savings_plan_id, number, at, operation, doc) \
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const REVISIONS: &str = "SELECT number, at, operation, doc FROM savings_plan_revisions \
    WHERE tenant = $1 AND order_id = $2 AND savings_plan_id = $3 ORDER BY number";
pub(crate) const STATEMENTS: &[&str] = &[
    INSERT_ORDER,
    UPDATE_ORDER,
    LOAD_ORDER,
    ALL_ORDERS,
    INSERT_PLAN,
    UPDATE_PLAN,
    HELD,
    PAGE,
    PAGE_OF_ACCOUNT,
    INSERT_REVISION,
    REVISIONS,
    payments::INSERT,
    payments::OF_ORDER,
];

/// An order with its plan.
pub type HeldRow = (Order, SavingsPlan);

/// What a plan was, from an instant on, and by which operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    pub number: i64,
    pub at: Timestamp,
    pub operation: OperationId,
    pub plan: SavingsPlan,
}

/// Writes a new order with its plan and the plan's first revision.
///
/// # Errors
/// Those of the database, as for all functions here.
pub fn insert(
    tx: &mut Tx<'_>,
    order: &Order,
    plan: &SavingsPlan,
    operation: OperationId,
) -> Result<(), StoreError> {
    let bought = &order.commitment;
    tx.queue(
        INSERT_ORDER,
        vec![
            order.tenant.into(),
            order.id.into(),
            (&order.billing_account).into(),
            order.billing_profile.as_deref().into(),
            order.customer.as_deref().into(),
            order.billing_subscription.into(),
            order.buyer.into(),
            (&order.display_name).into(),
            (&bought.sku).into(),
            Value::fixed(bought.kind.as_str()),
            Value::fixed(bought.term.as_str()),
            Value::fixed(bought.plan.as_str()),
            bought.whole_term.currency().into(),
            bought.hourly.thousandths().into(),
            bought.whole_term.into(),
            bought.payment.into(),
            bought.usd_rate.into(),
            order.requested_at.into(),
            order.started_at.into(),
            order.expires_on.into(),
            order.payments_made.into(),
            order.version.into(),
        ],
    );
    let (scope_type, scope_id, scope_name) = scope_values(&plan.applied_scope);
    tx.queue(
        INSERT_PLAN,
        vec![
            plan.tenant.into(),
            plan.order.into(),
            plan.id.into(),
            (&plan.display_name).into(),
            scope_type,
            scope_id,
            scope_name,
            plan.renew.into(),
            renewal_value(plan)?,
            Value::fixed(plan.state.as_str()),
            Value::fixed(plan.acquired_by.as_str()),
            plan.purchased_at.into(),
            plan.effective_at.into(),
            plan.updated_at.into(),
            pair_value(plan.renew_source),
            pair_value(plan.renew_destination),
            plan.revision.into(),
            (&bought.sku).into(),
            Value::fixed(bought.term.as_str()),
            order.expires_on.into(),
        ],
    );
    revise(tx, plan, operation)
}

/// Writes what may change of an order: its name, payments and version. Answers false, and writes
/// nothing, when the row is no longer at version `was`.
pub fn update_order(tx: &mut Tx<'_>, order: &Order, was: i64) -> Result<bool, StoreError> {
    let params = [
        order.tenant.into(),
        order.id.into(),
        was.into(),
        (&order.display_name).into(),
        order.payments_made.into(),
        order.version.into(),
    ];
    Ok(tx.execute(UPDATE_ORDER, &params)? == 1)
}

/// Writes a plan whose `revision` is one more than `was`, and keeps the revision. Answers false,
/// and writes nothing, when the row is no longer at revision `was`.
pub fn update(
    tx: &mut Tx<'_>,
    plan: &SavingsPlan,
    was: i64,
    operation: OperationId,
) -> Result<bool, StoreError> {
    let (scope_type, scope_id, scope_name) = scope_values(&plan.applied_scope);
    let params = [
        plan.tenant.into(),
        plan.order.into(),
        plan.id.into(),
        was.into(),
        (&plan.display_name).into(),
        scope_type,
        scope_id,
        scope_name,
        plan.renew.into(),
        renewal_value(plan)?,
        Value::fixed(plan.state.as_str()),
        plan.effective_at.into(),
        plan.updated_at.into(),
        pair_value(plan.renew_source),
        pair_value(plan.renew_destination),
        plan.revision.into(),
    ];
    if tx.execute(UPDATE_PLAN, &params)? == 0 {
        return Ok(false);
    }
    revise(tx, plan, operation)?;
    Ok(true)
}

fn revise(tx: &mut Tx<'_>, plan: &SavingsPlan, operation: OperationId) -> Result<(), StoreError> {
    let doc = serde_json::to_string(plan).map_err(unwritable)?;
    tx.queue(
        INSERT_REVISION,
        vec![
            plan.tenant.into(),
            plan.order.into(),
            plan.id.into(),
            plan.revision.into(),
            plan.updated_at.into(),
            operation.into(),
            doc.into(),
        ],
    );
    Ok(())
}

fn unwritable(error: serde_json::Error) -> StoreError {
    StoreError::Statement(error.to_string())
}

fn renewal_value(plan: &SavingsPlan) -> Result<Value, StoreError> {
    match &plan.renewal {
        None => Ok(Value::Null),
        Some(renewal) => Ok(serde_json::to_string(renewal).map_err(unwritable)?.into()),
    }
}

/// Another plan as `order/plan`.
fn pair_value(pair: Option<(SavingsPlanOrderId, SavingsPlanId)>) -> Value {
    pair.map_or(Value::Null, |(order, plan)| format!("{order}/{plan}").into())
}

fn read_pair(text: &str) -> Option<(SavingsPlanOrderId, SavingsPlanId)> {
    let (order, plan) = text.split_once('/')?;
    Some((SavingsPlanOrderId::parse(order)?, SavingsPlanId::parse(plan)?))
}

pub fn load_order(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: SavingsPlanOrderId,
) -> Result<Option<Order>, StoreError> {
    tx.one(LOAD_ORDER, &[tenant.into(), id.into()])?.map(|row| read_order(&row)).transpose()
}

/// An order with its plan.
pub fn held(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    order: SavingsPlanOrderId,
) -> Result<Option<HeldRow>, StoreError> {
    tx.one(HELD, &[tenant.into(), order.into()])?.map(|row| read_held(&row)).transpose()
}

/// The next orders of a tenant by id with their plans, after one of them or from the first.
pub fn page(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    after: Option<SavingsPlanOrderId>,
    limit: usize,
) -> Result<Vec<HeldRow>, StoreError> {
    let from = after.map_or(Value::fixed(""), Value::from);
    tx.query(PAGE, &[tenant.into(), from, limit_value(limit)])?.iter().map(read_held).collect()
}

/// The same for those of a tenant that one billing account pays for.
pub fn page_of_account(
    tx: &mut Tx<'_>,
    account: &str,
    tenant: TenantId,
    after: Option<SavingsPlanOrderId>,
    limit: usize,
) -> Result<Vec<HeldRow>, StoreError> {
    let from = after.map_or(Value::fixed(""), Value::from);
    let params = [account.into(), tenant.into(), from, limit_value(limit)];
    tx.query(PAGE_OF_ACCOUNT, &params)?.iter().map(read_held).collect()
}

/// The next orders of all tenants, for checks over the whole database.
pub fn all(
    tx: &mut Tx<'_>,
    after: Option<(TenantId, SavingsPlanOrderId)>,
    limit: usize,
) -> Result<Vec<Order>, StoreError> {
    let (tenant, id) = match after {
        Some((tenant, id)) => (tenant.into(), id.into()),
        None => (Value::fixed(""), Value::fixed("")),
    };
    tx.query(ALL_ORDERS, &[tenant, id, limit_value(limit)])?.iter().map(read_order).collect()
}

/// Everything that a plan was, from the first revision on.
pub fn revisions(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    order: SavingsPlanOrderId,
    id: SavingsPlanId,
) -> Result<Vec<Revision>, StoreError> {
    let read = |row: &Row| {
        Ok(Revision {
            number: row.int(0)?,
            at: row.instant(1)?,
            operation: OperationId(row.uuid(2)?),
            plan: row.parsed(3, "a savings plan", |text| serde_json::from_str(text).ok())?,
        })
    };
    tx.query(REVISIONS, &[tenant.into(), order.into(), id.into()])?.iter().map(read).collect()
}

fn read_held(row: &Row) -> Result<HeldRow, StoreError> {
    Ok((read_order(row)?, read_plan(row, ORDER_COLUMNS)?))
}

/// Reads an order from the first columns.
fn read_order(row: &Row) -> Result<Order, StoreError> {
    let currency = row.currency(12)?;
    Ok(Order {
        tenant: TenantId(row.uuid(0)?),
        id: SavingsPlanOrderId(row.uuid(1)?),
        billing_account: row.string(2)?,
        billing_profile: row.opt_string(3)?,
        customer: row.opt_string(4)?,
        billing_subscription: SubscriptionId(row.uuid(5)?),
        buyer: PrincipalId(row.uuid(6)?),
        display_name: row.string(7)?,
        commitment: Commitment {
            sku: row.string(8)?,
            kind: row.parsed(9, "a kind of savings plan", PlanKind::parse)?,
            term: row.parsed(10, "a term", Term::parse)?,
            plan: row.parsed(11, "a billing plan", BillingPlan::parse)?,
            hourly: Hourly::new(row.int(13)?, currency),
            whole_term: Money::new(row.int(14)?, currency),
            payment: Money::new(row.int(15)?, currency),
            usd_rate: row.decimal(16)?,
        },
        requested_at: row.instant(17)?,
        started_at: row.instant(18)?,
        expires_on: row.day(19)?,
        payments_made: row.small(20)?,
        version: row.int(21)?,
    })
}

/// Reads a plan from the columns that begin at `at`.
fn read_plan(row: &Row, at: usize) -> Result<SavingsPlan, StoreError> {
    let renewal = match row.opt_text(at + 8)? {
        None => None,
        Some(_) => Some(row.parsed(at + 8, "a purchase", |it| serde_json::from_str(it).ok())?),
    };
    let pair = |column: usize| match row.opt_text(column)? {
        None => Ok(None),
        Some(_) => row.parsed(column, "a savings plan", read_pair).map(Some),
    };
    Ok(SavingsPlan {
        tenant: TenantId(row.uuid(at)?),
        order: SavingsPlanOrderId(row.uuid(at + 1)?),
        id: SavingsPlanId(row.uuid(at + 2)?),
        display_name: row.string(at + 3)?,
        applied_scope: read_scope(row, at + 4)?,
        renew: row.flag(at + 7)?,
        renewal,
        state: row.parsed(at + 9, "a state", State::parse)?,
        acquired_by: row.parsed(at + 10, "how it was acquired", AcquiredBy::parse)?,
        purchased_at: row.instant(at + 11)?,
        effective_at: row.instant(at + 12)?,
        updated_at: row.instant(at + 13)?,
        renew_source: pair(at + 14)?,
        renew_destination: pair(at + 15)?,
        revision: row.int(at + 16)?,
    })
}
