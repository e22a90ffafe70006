-- The tables of the desk: see the other database's file of this name for its twin.

-- Who there is: tenants, what they own, who may do what.
CREATE TABLE tenants (
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE billing_accounts (
    id TEXT COLLATE "C" NOT NULL,
    agreement TEXT COLLATE "C" NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    payment TEXT COLLATE "C" NOT NULL,
    usd_rate TEXT COLLATE "C" NOT NULL,
    profile TEXT COLLATE "C",
    customer TEXT COLLATE "C",
    prepayment_ends TEXT COLLATE "C",
    PRIMARY KEY (id)
);
CREATE TABLE subscriptions (
    id TEXT COLLATE "C" NOT NULL,
    tenant TEXT COLLATE "C" NOT NULL,
    billing_account TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (tenant) REFERENCES tenants (id),
    FOREIGN KEY (billing_account) REFERENCES billing_accounts (id)
);
CREATE INDEX subscriptions_by_tenant ON subscriptions (tenant, id);
CREATE TABLE resource_groups (
    subscription TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    display_name TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (subscription, name),
    FOREIGN KEY (subscription) REFERENCES subscriptions (id)
);
CREATE TABLE management_groups (
    tenant TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant) REFERENCES tenants (id)
);
CREATE TABLE principals (
    tenant TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    client_id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    secret_hash TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant) REFERENCES tenants (id),
    UNIQUE (tenant, client_id)
);
-- `order_id` is the order in which the scope lies; empty where it lies in none.
CREATE TABLE role_assignments (
    tenant TEXT COLLATE "C" NOT NULL,
    principal TEXT COLLATE "C" NOT NULL,
    order_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, principal, order_id, id),
    UNIQUE (id),
    FOREIGN KEY (tenant) REFERENCES tenants (id)
);

-- What is sold and for how much. Key columns are in lower case; `plan` is empty where the price
-- holds for every plan.
CREATE TABLE prices (
    resource_type_key TEXT COLLATE "C" NOT NULL,
    sku_key TEXT COLLATE "C" NOT NULL,
    location TEXT COLLATE "C" NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    term TEXT COLLATE "C" NOT NULL,
    plan TEXT COLLATE "C" NOT NULL,
    since TEXT COLLATE "C" NOT NULL,
    resource_type TEXT COLLATE "C" NOT NULL,
    sku TEXT COLLATE "C" NOT NULL,
    unit_minor BIGINT NOT NULL,
    series TEXT COLLATE "C",
    tier TEXT COLLATE "C",
    size TEXT COLLATE "C",
    flexibility_group TEXT COLLATE "C",
    PRIMARY KEY (resource_type_key, sku_key, location, currency, term, plan, since)
);
CREATE INDEX prices_by_place ON prices (currency, resource_type_key, location, sku_key, since);
CREATE TABLE ratios (
    group_key TEXT COLLATE "C" NOT NULL,
    sku_key TEXT COLLATE "C" NOT NULL,
    since TEXT COLLATE "C" NOT NULL,
    group_name TEXT COLLATE "C" NOT NULL,
    sku TEXT COLLATE "C" NOT NULL,
    ratio TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (group_key, sku_key, since)
);
CREATE INDEX ratios_by_sku ON ratios (sku_key);
CREATE TABLE sizes (
    name_key TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    doc TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (name_key)
);

-- Rows that are changed leave room beside them, so that a change that touches no indexed column
-- stays on its page and in no index.

-- What is held. `version` and `revision` count the changes of a row.
CREATE TABLE orders (
    tenant TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    billing_account TEXT COLLATE "C" NOT NULL,
    billing_profile TEXT COLLATE "C",
    billing_subscription TEXT COLLATE "C" NOT NULL,
    buyer TEXT COLLATE "C" NOT NULL,
    display_name TEXT COLLATE "C" NOT NULL,
    resource_type TEXT COLLATE "C" NOT NULL,
    sku TEXT COLLATE "C" NOT NULL,
    location TEXT COLLATE "C" NOT NULL,
    term TEXT COLLATE "C" NOT NULL,
    plan TEXT COLLATE "C" NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    unit_total_minor BIGINT NOT NULL,
    unit_payment_minor BIGINT NOT NULL,
    usd_rate TEXT COLLATE "C" NOT NULL,
    original_quantity BIGINT NOT NULL,
    requested_at BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    expires_on TEXT COLLATE "C" NOT NULL,
    payments_made BIGINT NOT NULL,
    renew BIGINT NOT NULL,
    review_at BIGINT,
    version BIGINT NOT NULL,
    PRIMARY KEY (tenant, id)
) WITH (fillfactor = 90);
-- The product is repeated from the order, to be filtered and sorted by. Parts of one order lie
-- side by side, so that a partial return touches one page.
CREATE TABLE reservations (
    tenant TEXT COLLATE "C" NOT NULL,
    order_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    display_name TEXT COLLATE "C" NOT NULL,
    quantity BIGINT NOT NULL,
    scope_type TEXT COLLATE "C" NOT NULL,
    scope_id TEXT COLLATE "C",
    scope_name TEXT COLLATE "C",
    instance_flexibility BIGINT NOT NULL,
    renew BIGINT NOT NULL,
    archived BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    state_into TEXT COLLATE "C",
    acquired_by TEXT COLLATE "C" NOT NULL,
    purchased_at BIGINT NOT NULL,
    effective_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    source TEXT COLLATE "C",
    revision BIGINT NOT NULL,
    resource_type TEXT COLLATE "C" NOT NULL,
    sku TEXT COLLATE "C" NOT NULL,
    location TEXT COLLATE "C" NOT NULL,
    term TEXT COLLATE "C" NOT NULL,
    expires_on TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, order_id, id)
) WITH (fillfactor = 75);
CREATE INDEX reservations_by_expiry ON reservations (tenant, expires_on, order_id, id);
-- Wide rows that are rarely read lie in the order in which they came, and only their narrow keys
-- are spread.
CREATE TABLE revisions (
    tenant TEXT COLLATE "C" NOT NULL,
    order_id TEXT COLLATE "C" NOT NULL,
    reservation_id TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    operation TEXT COLLATE "C" NOT NULL,
    doc TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, order_id, reservation_id, number)
);
CREATE TABLE payments (
    order_id TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    due TEXT COLLATE "C" NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    paid_at BIGINT NOT NULL,
    entry TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (order_id, number)
);

-- What was asked and decided.
CREATE TABLE quotes (
    id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    tenant TEXT COLLATE "C" NOT NULL,
    principal TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    lapses_at BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    operation TEXT COLLATE "C",
    request_hash TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (id)
) WITH (fillfactor = 60);
-- Apart from the quote, since a quote is changed when it is taken and this is not.
CREATE TABLE quote_docs (
    id TEXT COLLATE "C" NOT NULL,
    doc TEXT COLLATE "C" NOT NULL,
    findings TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE operations (
    id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    tenant TEXT COLLATE "C" NOT NULL,
    principal TEXT COLLATE "C" NOT NULL,
    decided_at BIGINT NOT NULL,
    verdict TEXT COLLATE "C" NOT NULL,
    code TEXT COLLATE "C",
    billing_account TEXT COLLATE "C" NOT NULL,
    cap_scope TEXT COLLATE "C",
    counted_minor BIGINT NOT NULL,
    doc TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX operations_by_time ON operations (decided_at, id);
CREATE TABLE audit (
    id TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    tenant TEXT COLLATE "C" NOT NULL,
    principal TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    target TEXT COLLATE "C" NOT NULL,
    verdict TEXT COLLATE "C" NOT NULL,
    findings TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, at, id)
);

-- Money: the journal, and what refunds counted toward their caps.
CREATE TABLE entries (
    operation TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    posted_at BIGINT NOT NULL,
    event TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (operation, id)
);
CREATE TABLE postings (
    entry TEXT COLLATE "C" NOT NULL,
    line BIGINT NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    minor BIGINT NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (entry, line)
);
CREATE TABLE cap_days (
    cap_scope TEXT COLLATE "C" NOT NULL,
    day TEXT COLLATE "C" NOT NULL,
    used_minor BIGINT NOT NULL,
    PRIMARY KEY (cap_scope, day)
) WITH (fillfactor = 50);

-- What runs later, and what the program remembers.
CREATE TABLE jobs (
    id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    run_at BIGINT NOT NULL,
    payload TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    parked BIGINT NOT NULL,
    trouble TEXT COLLATE "C",
    PRIMARY KEY (id)
);
CREATE INDEX jobs_by_time ON jobs (parked, run_at, id);
CREATE TABLE meta (
    name TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (name)
);

-- Nothing that was recorded is changed or taken away.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER revisions_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON revisions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER operations_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON operations
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entries_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER postings_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON postings
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
