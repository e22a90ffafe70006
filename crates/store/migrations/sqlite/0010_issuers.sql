-- Who signs people and programs in: the desk's own keys, other issuers, and whose accounts there
-- are principals here.

-- A principal whose account is another tenant's is a guest: `home` is that tenant.
ALTER TABLE principals ADD COLUMN kind TEXT NOT NULL DEFAULT 'ServicePrincipal';
ALTER TABLE principals ADD COLUMN home TEXT;
-- The same account in other tenants is found by its id.
CREATE INDEX principals_by_id ON principals (id, tenant);
-- Of the keys that are not retired the newest signs; the others only verify.
CREATE TABLE signing_keys (
    id TEXT NOT NULL,
    pem TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    retired_at INTEGER,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;
-- `secret` is what the desk shows the issuer; it is apart from `doc`, which may be shown.
CREATE TABLE issuers (
    id TEXT NOT NULL,
    url TEXT NOT NULL,
    doc TEXT NOT NULL,
    secret TEXT,
    PRIMARY KEY (id),
    UNIQUE (url)
) STRICT, WITHOUT ROWID;
-- An account is known by its issuer and its subject there, and by nothing else.
CREATE TABLE identities (
    issuer TEXT NOT NULL,
    tenant TEXT NOT NULL,
    subject TEXT NOT NULL,
    principal TEXT NOT NULL,
    PRIMARY KEY (issuer, tenant, subject),
    FOREIGN KEY (tenant, principal) REFERENCES principals (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX identities_by_principal ON identities (tenant, principal);
-- Answers of issuers that were taken; each is taken once.
CREATE TABLE used_states (
    id TEXT NOT NULL,
    lapses_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX used_states_by_lapse ON used_states (lapses_at);
