-- Support requests: see the other database's file of this name for its twin.

-- Tickets of a subscription, or of a tenant as a whole where the subscription is empty. Names are
-- compared in lower case.
CREATE TABLE support_tickets (
    tenant TEXT COLLATE "C" NOT NULL,
    subscription TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    principal TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    order_id TEXT COLLATE "C",
    reservation_id TEXT COLLATE "C",
    request_hash TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    doc TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, subscription, name_key)
);
CREATE UNIQUE INDEX support_tickets_by_id ON support_tickets (id);
CREATE INDEX support_tickets_by_time
    ON support_tickets (tenant, subscription, created_at, id);
CREATE INDEX support_tickets_of_all ON support_tickets (created_at, id);
-- What was said about a ticket, by those who asked and by the desk.
CREATE TABLE support_communications (
    ticket TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    principal TEXT COLLATE "C" NOT NULL,
    direction TEXT COLLATE "C" NOT NULL,
    sender TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    request_hash TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (ticket, name_key)
);
CREATE INDEX support_communications_by_time ON support_communications (ticket, at, id);
CREATE UNIQUE INDEX support_communications_by_id ON support_communications (id);
CREATE TRIGGER support_communications_stay
    BEFORE UPDATE OR DELETE OR TRUNCATE ON support_communications
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- Files, by workspace; their bytes in chunks, in base64.
CREATE TABLE support_workspaces (
    tenant TEXT COLLATE "C" NOT NULL,
    subscription TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    principal TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, subscription, name_key)
);
CREATE TABLE support_files (
    workspace TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    chunk_size BIGINT NOT NULL,
    file_size BIGINT NOT NULL,
    chunks BIGINT NOT NULL,
    PRIMARY KEY (workspace, name_key)
);
CREATE TABLE support_chunks (
    file TEXT COLLATE "C" NOT NULL,
    chunk_index BIGINT NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (file, chunk_index)
);
-- Exceptions that tickets granted; each is used by one operation, once.
CREATE TABLE waivers (
    id TEXT COLLATE "C" NOT NULL,
    tenant TEXT COLLATE "C" NOT NULL,
    order_id TEXT COLLATE "C" NOT NULL,
    reservation_id TEXT COLLATE "C" NOT NULL,
    ticket TEXT COLLATE "C" NOT NULL,
    ticket_name TEXT COLLATE "C" NOT NULL,
    clauses TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    granted_by TEXT COLLATE "C" NOT NULL,
    granted_at BIGINT NOT NULL,
    lapses_on TEXT COLLATE "C" NOT NULL,
    operation TEXT COLLATE "C",
    used_at BIGINT,
    PRIMARY KEY (id)
);
CREATE INDEX waivers_by_reservation ON waivers (reservation_id, granted_at, id);
CREATE INDEX waivers_by_ticket ON waivers (ticket, granted_at, id);
-- Who works at the desk: answers the tickets of every tenant.
CREATE TABLE desk_members (
    tenant TEXT COLLATE "C" NOT NULL,
    principal TEXT COLLATE "C" NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (tenant, principal)
);
