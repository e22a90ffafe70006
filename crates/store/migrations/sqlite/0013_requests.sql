-- Requests that others approve: see the other database's file of this name for its twin.

-- What is asked for, as it stands. `doc` holds the request, its figures and its state; `findings`
-- what was looked at when it was priced last.
CREATE TABLE requests (
    id TEXT NOT NULL,
    tenant TEXT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    principal TEXT NOT NULL,
    billing_account TEXT NOT NULL,
    target TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    operation TEXT,
    doc TEXT NOT NULL,
    findings TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX requests_by_time ON requests (tenant, created_at, id);
CREATE INDEX requests_by_status ON requests (tenant, status, created_at, id);
-- What a request would give up.
CREATE TABLE request_orders (
    order_id TEXT NOT NULL,
    request TEXT NOT NULL,
    PRIMARY KEY (order_id, request)
) STRICT, WITHOUT ROWID;
-- Each step of a request: who did what when, and what they said.
CREATE TABLE request_events (
    request TEXT NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    event TEXT NOT NULL,
    status TEXT NOT NULL,
    principal TEXT,
    name TEXT NOT NULL,
    comment TEXT NOT NULL,
    PRIMARY KEY (request, number)
) STRICT, WITHOUT ROWID;
-- Each yes. Neither a principal nor the account behind it says it twice.
CREATE TABLE request_approvals (
    request TEXT NOT NULL,
    principal TEXT NOT NULL,
    account TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (request, principal)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX request_approvals_by_account ON request_approvals (request, account);
-- Who has to approve what, by whose deeds it is about.
CREATE TABLE approval_policies (
    scope_kind TEXT NOT NULL,
    scope TEXT NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (scope_kind, scope, name)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER request_events_stay_update BEFORE UPDATE ON request_events
BEGIN SELECT RAISE(ABORT, 'rows of request_events are never changed or deleted'); END;
CREATE TRIGGER request_events_stay_delete BEFORE DELETE ON request_events
BEGIN SELECT RAISE(ABORT, 'rows of request_events are never changed or deleted'); END;
CREATE TRIGGER request_approvals_stay_update BEFORE UPDATE ON request_approvals
BEGIN SELECT RAISE(ABORT, 'rows of request_approvals are never changed or deleted'); END;
CREATE TRIGGER request_approvals_stay_delete BEFORE DELETE ON request_approvals
BEGIN SELECT RAISE(ABORT, 'rows of request_approvals are never changed or deleted'); END;
