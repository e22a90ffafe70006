-- Requests that others approve: see the other database's file of this name for its twin.

-- What is asked for, as it stands. `doc` holds the request, its figures and its state; `findings`
-- what was looked at when it was priced last.
CREATE TABLE requests (
    id TEXT COLLATE "C" NOT NULL,
    tenant TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    principal TEXT COLLATE "C" NOT NULL,
    billing_account TEXT COLLATE "C" NOT NULL,
    target TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    operation TEXT COLLATE "C",
    doc TEXT COLLATE "C" NOT NULL,
    findings TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX requests_by_time ON requests (tenant, created_at, id);
CREATE INDEX requests_by_status ON requests (tenant, status, created_at, id);
-- What a request would give up.
CREATE TABLE request_orders (
    order_id TEXT COLLATE "C" NOT NULL,
    request TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (order_id, request)
);
-- Each step of a request: who did what when, and what they said.
CREATE TABLE request_events (
    request TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    event TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    principal TEXT COLLATE "C",
    name TEXT COLLATE "C" NOT NULL,
    comment TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (request, number)
);
-- Each yes. Neither a principal nor the account behind it says it twice.
CREATE TABLE request_approvals (
    request TEXT COLLATE "C" NOT NULL,
    principal TEXT COLLATE "C" NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (request, principal)
);
CREATE UNIQUE INDEX request_approvals_by_account ON request_approvals (request, account);
-- Who has to approve what, by whose deeds it is about.
CREATE TABLE approval_policies (
    scope_kind TEXT COLLATE "C" NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    doc TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (scope_kind, scope, name)
);
CREATE TRIGGER request_events_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON request_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER request_approvals_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON request_approvals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
