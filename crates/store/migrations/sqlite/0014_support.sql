-- Support requests: see the other database's file of this name for its twin.

-- Tickets of a subscription, or of a tenant as a whole where the subscription is empty. Names are
-- compared in lower case.
CREATE TABLE support_tickets (
    tenant TEXT NOT NULL,
    subscription TEXT NOT NULL,
    name_key TEXT NOT NULL,
    name TEXT NOT NULL,
    id TEXT NOT NULL,
    number TEXT NOT NULL,
    principal TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    status TEXT NOT NULL,
    order_id TEXT,
    reservation_id TEXT,
    request_hash TEXT NOT NULL,
    revision INTEGER NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (tenant, subscription, name_key)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX support_tickets_by_id ON support_tickets (id);
CREATE INDEX support_tickets_by_time
    ON support_tickets (tenant, subscription, created_at, id);
CREATE INDEX support_tickets_of_all ON support_tickets (created_at, id);
-- What was said about a ticket, by those who asked and by the desk.
CREATE TABLE support_communications (
    ticket TEXT NOT NULL,
    name_key TEXT NOT NULL,
    name TEXT NOT NULL,
    id TEXT NOT NULL,
    at INTEGER NOT NULL,
    principal TEXT NOT NULL,
    direction TEXT NOT NULL,
    sender TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    PRIMARY KEY (ticket, name_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX support_communications_by_time ON support_communications (ticket, at, id);
CREATE UNIQUE INDEX support_communications_by_id ON support_communications (id);
CREATE TRIGGER support_communications_stay_as_written BEFORE UPDATE ON support_communications
BEGIN
    SELECT RAISE(ABORT, 'rows of support_communications are never changed or deleted');
END;
CREATE TRIGGER support_communications_stay BEFORE DELETE ON support_communications
BEGIN
    SELECT RAISE(ABORT, 'rows of support_communications are never changed or deleted');
END;
-- Files, by workspace; their bytes in chunks, in base64.
CREATE TABLE support_workspaces (
    tenant TEXT NOT NULL,
    subscription TEXT NOT NULL,
    name_key TEXT NOT NULL,
    name TEXT NOT NULL,
    id TEXT NOT NULL,
    principal TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, subscription, name_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE support_files (
    workspace TEXT NOT NULL,
    name_key TEXT NOT NULL,
    name TEXT NOT NULL,
    id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    chunk_size INTEGER NOT NULL,
    file_size INTEGER NOT NULL,
    chunks INTEGER NOT NULL,
    PRIMARY KEY (workspace, name_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE support_chunks (
    file TEXT NOT NULL,
    chunk_index INTEGER NOT NULL,
    digest TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (file, chunk_index)
) STRICT, WITHOUT ROWID;
-- Exceptions that tickets granted; each is used by one operation, once.
CREATE TABLE waivers (
    id TEXT NOT NULL,
    tenant TEXT NOT NULL,
    order_id TEXT NOT NULL,
    reservation_id TEXT NOT NULL,
    ticket TEXT NOT NULL,
    ticket_name TEXT NOT NULL,
    clauses TEXT NOT NULL,
    reason TEXT NOT NULL,
    granted_by TEXT NOT NULL,
    granted_at INTEGER NOT NULL,
    lapses_on TEXT NOT NULL,
    operation TEXT,
    used_at INTEGER,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX waivers_by_reservation ON waivers (reservation_id, granted_at, id);
CREATE INDEX waivers_by_ticket ON waivers (ticket, granted_at, id);
-- Who works at the desk: answers the tickets of every tenant.
CREATE TABLE desk_members (
    tenant TEXT NOT NULL,
    principal TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (tenant, principal)
) STRICT, WITHOUT ROWID;
