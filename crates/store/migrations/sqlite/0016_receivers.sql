-- Who is told, and what is on its way: see the other database's file of this name for its twin.

-- `kinds` is empty for all, or a list with a comma before and after each kind. `former_secret`
-- signs beside `secret` until `former_until`.
CREATE TABLE receivers (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    channel TEXT NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    kinds TEXT NOT NULL,
    secret TEXT,
    former_secret TEXT,
    former_until INTEGER,
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant) REFERENCES tenants (id)
) STRICT, WITHOUT ROWID;
-- A notification on its way to a receiver, written in the transaction of its cause.
CREATE TABLE deliveries (
    receiver TEXT NOT NULL,
    notification TEXT NOT NULL,
    tenant TEXT NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    billing_account TEXT NOT NULL,
    target TEXT NOT NULL,
    doc TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    trouble TEXT,
    PRIMARY KEY (receiver, notification)
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_by_time ON deliveries (state, next_at);
