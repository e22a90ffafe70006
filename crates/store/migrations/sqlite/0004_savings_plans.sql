-- Savings plans: see the other database's file of this name for its twin.

CREATE TABLE savings_plan_orders (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    billing_account TEXT NOT NULL,
    billing_profile TEXT,
    customer TEXT,
    billing_subscription TEXT NOT NULL,
    buyer TEXT NOT NULL,
    display_name TEXT NOT NULL,
    sku TEXT NOT NULL,
    kind TEXT NOT NULL,
    term TEXT NOT NULL,
    plan TEXT NOT NULL,
    currency TEXT NOT NULL,
    hourly_thousandths INTEGER NOT NULL,
    whole_term_minor INTEGER NOT NULL,
    payment_minor INTEGER NOT NULL,
    usd_rate TEXT NOT NULL,
    requested_at INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    expires_on TEXT NOT NULL,
    payments_made INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX savings_plan_orders_by_account ON savings_plan_orders (billing_account, tenant, id);
-- The product is repeated from the order, to be filtered and sorted by.
CREATE TABLE savings_plans (
    tenant TEXT NOT NULL,
    order_id TEXT NOT NULL,
    id TEXT NOT NULL,
    display_name TEXT NOT NULL,
    scope_type TEXT NOT NULL,
    scope_id TEXT,
    scope_name TEXT,
    renew INTEGER NOT NULL,
    renewal TEXT,
    state TEXT NOT NULL,
    acquired_by TEXT NOT NULL,
    purchased_at INTEGER NOT NULL,
    effective_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    renew_source TEXT,
    renew_destination TEXT,
    revision INTEGER NOT NULL,
    sku TEXT NOT NULL,
    term TEXT NOT NULL,
    expires_on TEXT NOT NULL,
    PRIMARY KEY (tenant, order_id, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE savings_plan_revisions (
    tenant TEXT NOT NULL,
    order_id TEXT NOT NULL,
    savings_plan_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    operation TEXT NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (tenant, order_id, savings_plan_id, number)
) STRICT;
CREATE TABLE savings_plan_payments (
    order_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    due TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    currency TEXT NOT NULL,
    paid_at INTEGER NOT NULL,
    entry TEXT NOT NULL,
    PRIMARY KEY (order_id, number)
) STRICT, WITHOUT ROWID;
-- Names under which orders are bought: a name is used once, for what `request_hash` says.
CREATE TABLE order_aliases (
    tenant TEXT NOT NULL,
    kind TEXT NOT NULL,
    name_key TEXT NOT NULL,
    name TEXT NOT NULL,
    principal TEXT NOT NULL,
    at INTEGER NOT NULL,
    request_hash TEXT NOT NULL,
    order_id TEXT NOT NULL,
    operation TEXT NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (tenant, kind, name_key)
) STRICT;
CREATE INDEX order_aliases_by_operation ON order_aliases (tenant, operation);

CREATE TRIGGER savings_plan_revisions_stay_update BEFORE UPDATE ON savings_plan_revisions
BEGIN SELECT RAISE(ABORT, 'rows of savings_plan_revisions are never changed or deleted'); END;
CREATE TRIGGER savings_plan_revisions_stay_delete BEFORE DELETE ON savings_plan_revisions
BEGIN SELECT RAISE(ABORT, 'rows of savings_plan_revisions are never changed or deleted'); END;
CREATE TRIGGER order_aliases_stay_update BEFORE UPDATE ON order_aliases
BEGIN SELECT RAISE(ABORT, 'rows of order_aliases are never changed or deleted'); END;
CREATE TRIGGER order_aliases_stay_delete BEFORE DELETE ON order_aliases
BEGIN SELECT RAISE(ABORT, 'rows of order_aliases are never changed or deleted'); END;
