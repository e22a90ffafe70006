-- Who is told, and what is on its way: see the other database's file of this name for its twin.

-- `kinds` is empty for all, or a list with a comma before and after each kind. `former_secret`
-- signs beside `secret` until `former_until`.
CREATE TABLE receivers (
    tenant TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    kinds TEXT COLLATE "C" NOT NULL,
    secret TEXT COLLATE "C",
    former_secret TEXT COLLATE "C",
    former_until BIGINT,
    state TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant) REFERENCES tenants (id)
);
-- A notification on its way to a receiver, written in the transaction of its cause.
CREATE TABLE deliveries (
    receiver TEXT COLLATE "C" NOT NULL,
    notification TEXT COLLATE "C" NOT NULL,
    tenant TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    billing_account TEXT COLLATE "C" NOT NULL,
    target TEXT COLLATE "C" NOT NULL,
    doc TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    trouble TEXT COLLATE "C",
    PRIMARY KEY (receiver, notification)
);
CREATE INDEX deliveries_by_time ON deliveries (state, next_at);
