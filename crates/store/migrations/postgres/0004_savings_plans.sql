-- Savings plans: see the other database's file of this name for its twin.

CREATE TABLE savings_plan_orders (
    tenant TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    billing_account TEXT COLLATE "C" NOT NULL,
    billing_profile TEXT COLLATE "C",
    customer TEXT COLLATE "C",
    billing_subscription TEXT COLLATE "C" NOT NULL,
    buyer TEXT COLLATE "C" NOT NULL,
    display_name TEXT COLLATE "C" NOT NULL,
    sku TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    term TEXT COLLATE "C" NOT NULL,
    plan TEXT COLLATE "C" NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    hourly_thousandths BIGINT NOT NULL,
    whole_term_minor BIGINT NOT NULL,
    payment_minor BIGINT NOT NULL,
    usd_rate TEXT COLLATE "C" NOT NULL,
    requested_at BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    expires_on TEXT COLLATE "C" NOT NULL,
    payments_made BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX savings_plan_orders_by_account ON savings_plan_orders (billing_account, tenant, id);
-- The product is repeated from the order, to be filtered and sorted by.
CREATE TABLE savings_plans (
    tenant TEXT COLLATE "C" NOT NULL,
    order_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    display_name TEXT COLLATE "C" NOT NULL,
    scope_type TEXT COLLATE "C" NOT NULL,
    scope_id TEXT COLLATE "C",
    scope_name TEXT COLLATE "C",
    renew BIGINT NOT NULL,
    renewal TEXT COLLATE "C",
    state TEXT COLLATE "C" NOT NULL,
    acquired_by TEXT COLLATE "C" NOT NULL,
    purchased_at BIGINT NOT NULL,
    effective_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    renew_source TEXT COLLATE "C",
    renew_destination TEXT COLLATE "C",
    revision BIGINT NOT NULL,
    sku TEXT COLLATE "C" NOT NULL,
    term TEXT COLLATE "C" NOT NULL,
    expires_on TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, order_id, id)
);
CREATE TABLE savings_plan_revisions (
    tenant TEXT COLLATE "C" NOT NULL,
    order_id TEXT COLLATE "C" NOT NULL,
    savings_plan_id TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    operation TEXT COLLATE "C" NOT NULL,
    doc TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, order_id, savings_plan_id, number)
);
CREATE TABLE savings_plan_payments (
    order_id TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    due TEXT COLLATE "C" NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    paid_at BIGINT NOT NULL,
    entry TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (order_id, number)
);
-- Names under which orders are bought: a name is used once, for what `request_hash` says.
CREATE TABLE order_aliases (
    tenant TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    principal TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    request_hash TEXT COLLATE "C" NOT NULL,
    order_id TEXT COLLATE "C" NOT NULL,
    operation TEXT COLLATE "C" NOT NULL,
    doc TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, kind, name_key)
);
CREATE INDEX order_aliases_by_operation ON order_aliases (tenant, operation);

CREATE TRIGGER savings_plan_revisions_stay BEFORE UPDATE OR DELETE OR TRUNCATE
    ON savings_plan_revisions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER order_aliases_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON order_aliases
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
