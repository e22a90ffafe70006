-- Who signs people and programs in: the desk's own keys, other issuers, and whose accounts there
-- are principals here.

-- A principal whose account is another tenant's is a guest: `home` is that tenant.
ALTER TABLE principals ADD COLUMN kind TEXT COLLATE "C" NOT NULL DEFAULT 'ServicePrincipal';
ALTER TABLE principals ADD COLUMN home TEXT COLLATE "C";
-- The same account in other tenants is found by its id.
CREATE INDEX principals_by_id ON principals (id, tenant);
-- Of the keys that are not retired the newest signs; the others only verify.
CREATE TABLE signing_keys (
    id TEXT COLLATE "C" NOT NULL,
    pem TEXT COLLATE "C" NOT NULL,
    made_at BIGINT NOT NULL,
    retired_at BIGINT,
    PRIMARY KEY (id)
);
-- `secret` is what the desk shows the issuer; it is apart from `doc`, which may be shown.
CREATE TABLE issuers (
    id TEXT COLLATE "C" NOT NULL,
    url TEXT COLLATE "C" NOT NULL,
    doc TEXT COLLATE "C" NOT NULL,
    secret TEXT COLLATE "C",
    PRIMARY KEY (id),
    UNIQUE (url)
);
-- An account is known by its issuer and its subject there, and by nothing else.
CREATE TABLE identities (
    issuer TEXT COLLATE "C" NOT NULL,
    tenant TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    principal TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (issuer, tenant, subject),
    FOREIGN KEY (tenant, principal) REFERENCES principals (tenant, id)
);
CREATE INDEX identities_by_principal ON identities (tenant, principal);
-- Answers of issuers that were taken; each is taken once.
CREATE TABLE used_states (
    id TEXT COLLATE "C" NOT NULL,
    lapses_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX used_states_by_lapse ON used_states (lapses_at);
