-- The tables of the desk: see the other database's file of this name for its twin.

-- Who there is: tenants, what they own, who may do what.
CREATE TABLE tenants (
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;
CREATE TABLE billing_accounts (
    id TEXT NOT NULL,
    agreement TEXT NOT NULL,
    currency TEXT NOT NULL,
    payment TEXT NOT NULL,
    usd_rate TEXT NOT NULL,
    profile TEXT,
    customer TEXT,
    prepayment_ends TEXT,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;
CREATE TABLE subscriptions (
    id TEXT NOT NULL,
    tenant TEXT NOT NULL,
    billing_account TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (tenant) REFERENCES tenants (id),
    FOREIGN KEY (billing_account) REFERENCES billing_accounts (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX subscriptions_by_tenant ON subscriptions (tenant, id);
CREATE TABLE resource_groups (
    subscription TEXT NOT NULL,
    name TEXT NOT NULL,
    display_name TEXT NOT NULL,
    PRIMARY KEY (subscription, name),
    FOREIGN KEY (subscription) REFERENCES subscriptions (id)
) STRICT, WITHOUT ROWID;
CREATE TABLE management_groups (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant) REFERENCES tenants (id)
) STRICT, WITHOUT ROWID;
CREATE TABLE principals (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    client_id TEXT NOT NULL,
    name TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant) REFERENCES tenants (id),
    UNIQUE (tenant, client_id)
) STRICT, WITHOUT ROWID;
-- `order_id` is the order in which the scope lies; empty where it lies in none.
CREATE TABLE role_assignments (
    tenant TEXT NOT NULL,
    principal TEXT NOT NULL,
    order_id TEXT NOT NULL,
    id TEXT NOT NULL,
    role TEXT NOT NULL,
    scope TEXT NOT NULL,
    PRIMARY KEY (tenant, principal, order_id, id),
    UNIQUE (id),
    FOREIGN KEY (tenant) REFERENCES tenants (id)
) STRICT, WITHOUT ROWID;

-- What is sold and for how much. Key columns are in lower case; `plan` is empty where the price
-- holds for every plan.
CREATE TABLE prices (
    resource_type_key TEXT NOT NULL,
    sku_key TEXT NOT NULL,
    location TEXT NOT NULL,
    currency TEXT NOT NULL,
    term TEXT NOT NULL,
    plan TEXT NOT NULL,
    since TEXT NOT NULL,
    resource_type TEXT NOT NULL,
    sku TEXT NOT NULL,
    unit_minor INTEGER NOT NULL,
    series TEXT,
    tier TEXT,
    size TEXT,
    flexibility_group TEXT,
    PRIMARY KEY (resource_type_key, sku_key, location, currency, term, plan, since)
) STRICT, WITHOUT ROWID;
CREATE INDEX prices_by_place ON prices (currency, resource_type_key, location, sku_key, since);
CREATE TABLE ratios (
    group_key TEXT NOT NULL,
    sku_key TEXT NOT NULL,
    since TEXT NOT NULL,
    group_name TEXT NOT NULL,
    sku TEXT NOT NULL,
    ratio TEXT NOT NULL,
    PRIMARY KEY (group_key, sku_key, since)
) STRICT, WITHOUT ROWID;
CREATE INDEX ratios_by_sku ON ratios (sku_key);
CREATE TABLE sizes (
    name_key TEXT NOT NULL,
    name TEXT NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (name_key)
) STRICT, WITHOUT ROWID;

-- What is held. `version` and `revision` count the changes of a row.
CREATE TABLE orders (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    billing_account TEXT NOT NULL,
    billing_profile TEXT,
    billing_subscription TEXT NOT NULL,
    buyer TEXT NOT NULL,
    display_name TEXT NOT NULL,
    resource_type TEXT NOT NULL,
    sku TEXT NOT NULL,
    location TEXT NOT NULL,
    term TEXT NOT NULL,
    plan TEXT NOT NULL,
    currency TEXT NOT NULL,
    unit_total_minor INTEGER NOT NULL,
    unit_payment_minor INTEGER NOT NULL,
    usd_rate TEXT NOT NULL,
    original_quantity INTEGER NOT NULL,
    requested_at INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    expires_on TEXT NOT NULL,
    payments_made INTEGER NOT NULL,
    renew INTEGER NOT NULL,
    review_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
-- The product is repeated from the order, to be filtered and sorted by. Parts of one order lie
-- side by side, so that a partial return touches one page.
CREATE TABLE reservations (
    tenant TEXT NOT NULL,
    order_id TEXT NOT NULL,
    id TEXT NOT NULL,
    display_name TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    scope_type TEXT NOT NULL,
    scope_id TEXT,
    scope_name TEXT,
    instance_flexibility INTEGER NOT NULL,
    renew INTEGER NOT NULL,
    archived INTEGER NOT NULL,
    state TEXT NOT NULL,
    state_into TEXT,
    acquired_by TEXT NOT NULL,
    purchased_at INTEGER NOT NULL,
    effective_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    source TEXT,
    revision INTEGER NOT NULL,
    resource_type TEXT NOT NULL,
    sku TEXT NOT NULL,
    location TEXT NOT NULL,
    term TEXT NOT NULL,
    expires_on TEXT NOT NULL,
    PRIMARY KEY (tenant, order_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX reservations_by_expiry ON reservations (tenant, expires_on, order_id, id);
-- Wide rows that are rarely read lie in the order in which they came, and only their narrow keys
-- are spread.
CREATE TABLE revisions (
    tenant TEXT NOT NULL,
    order_id TEXT NOT NULL,
    reservation_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    operation TEXT NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (tenant, order_id, reservation_id, number)
) STRICT;
CREATE TABLE payments (
    order_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    due TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    currency TEXT NOT NULL,
    paid_at INTEGER NOT NULL,
    entry TEXT NOT NULL,
    PRIMARY KEY (order_id, number)
) STRICT, WITHOUT ROWID;

-- What was asked and decided.
CREATE TABLE quotes (
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    tenant TEXT NOT NULL,
    principal TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    lapses_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    operation TEXT,
    request_hash TEXT NOT NULL,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;
-- Apart from the quote, since a quote is changed when it is taken and this is not.
CREATE TABLE quote_docs (
    id TEXT NOT NULL,
    doc TEXT NOT NULL,
    findings TEXT NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE TABLE operations (
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    tenant TEXT NOT NULL,
    principal TEXT NOT NULL,
    decided_at INTEGER NOT NULL,
    verdict TEXT NOT NULL,
    code TEXT,
    billing_account TEXT NOT NULL,
    cap_scope TEXT,
    counted_minor INTEGER NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX operations_by_time ON operations (decided_at, id);
CREATE TABLE audit (
    id TEXT NOT NULL,
    at INTEGER NOT NULL,
    tenant TEXT NOT NULL,
    principal TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    verdict TEXT NOT NULL,
    findings TEXT NOT NULL,
    PRIMARY KEY (tenant, at, id)
) STRICT;

-- Money: the journal, and what refunds counted toward their caps.
CREATE TABLE entries (
    operation TEXT NOT NULL,
    id TEXT NOT NULL,
    posted_at INTEGER NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (operation, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE postings (
    entry TEXT NOT NULL,
    line INTEGER NOT NULL,
    account TEXT NOT NULL,
    minor INTEGER NOT NULL,
    currency TEXT NOT NULL,
    PRIMARY KEY (entry, line)
) STRICT, WITHOUT ROWID;
CREATE TABLE cap_days (
    cap_scope TEXT NOT NULL,
    day TEXT NOT NULL,
    used_minor INTEGER NOT NULL,
    PRIMARY KEY (cap_scope, day)
) STRICT, WITHOUT ROWID;

-- What runs later, and what the program remembers.
CREATE TABLE jobs (
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    run_at INTEGER NOT NULL,
    payload TEXT NOT NULL,
    version INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    parked INTEGER NOT NULL,
    trouble TEXT,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX jobs_by_time ON jobs (parked, run_at, id);
CREATE TABLE meta (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (name)
) STRICT, WITHOUT ROWID;

-- Nothing that was recorded is changed or taken away.
CREATE TRIGGER revisions_stay_update BEFORE UPDATE ON revisions
BEGIN SELECT RAISE(ABORT, 'rows of revisions are never changed or deleted'); END;
CREATE TRIGGER revisions_stay_delete BEFORE DELETE ON revisions
BEGIN SELECT RAISE(ABORT, 'rows of revisions are never changed or deleted'); END;
CREATE TRIGGER operations_stay_update BEFORE UPDATE ON operations
BEGIN SELECT RAISE(ABORT, 'rows of operations are never changed or deleted'); END;
CREATE TRIGGER operations_stay_delete BEFORE DELETE ON operations
BEGIN SELECT RAISE(ABORT, 'rows of operations are never changed or deleted'); END;
CREATE TRIGGER audit_stay_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'rows of audit are never changed or deleted'); END;
CREATE TRIGGER audit_stay_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'rows of audit are never changed or deleted'); END;
CREATE TRIGGER entries_stay_update BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'rows of entries are never changed or deleted'); END;
CREATE TRIGGER entries_stay_delete BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'rows of entries are never changed or deleted'); END;
CREATE TRIGGER postings_stay_update BEFORE UPDATE ON postings
BEGIN SELECT RAISE(ABORT, 'rows of postings are never changed or deleted'); END;
CREATE TRIGGER postings_stay_delete BEFORE DELETE ON postings
BEGIN SELECT RAISE(ABORT, 'rows of postings are never changed or deleted'); END;
