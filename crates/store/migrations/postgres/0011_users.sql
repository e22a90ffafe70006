-- People who sign in here, their sessions, and the secrets of programs: see the other database's
-- file of this name for its twin. Instants here are the system's, also in a sandbox.

-- What a person signs in with; the name and the kind are the principal's. `user_name` is in lower
-- case and one in the whole desk. Without a password only an invitation lets in.
CREATE TABLE users (
    tenant TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    user_name TEXT COLLATE "C" NOT NULL,
    mail TEXT COLLATE "C",
    password_hash TEXT COLLATE "C",
    password_at BIGINT,
    invitation_hash TEXT COLLATE "C",
    invitation_ends BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (user_name),
    FOREIGN KEY (tenant, id) REFERENCES principals (tenant, id)
);
CREATE UNIQUE INDEX users_by_invitation ON users (invitation_hash);
-- The generator of one-time codes of a person: its seed is sealed, and none of its steps is taken
-- twice. It counts once it was confirmed.
CREATE TABLE second_factors (
    tenant TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    seed TEXT COLLATE "C" NOT NULL,
    confirmed_at BIGINT,
    last_step BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, id) REFERENCES users (tenant, id)
);
CREATE TABLE recovery_codes (
    tenant TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (tenant, id, hash),
    FOREIGN KEY (tenant, id) REFERENCES users (tenant, id)
);
-- What a tenant asks of its people beside the password; nothing where it has no row.
CREATE TABLE sign_in_rules (
    tenant TEXT COLLATE "C" NOT NULL,
    second_factor TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant),
    FOREIGN KEY (tenant) REFERENCES tenants (id)
);
-- Sessions by the hash of what the browser holds; `id` is what they are shown by. `tenant` is that
-- of the account, `caller` as whom they act.
CREATE TABLE sessions (
    hash TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    tenant TEXT COLLATE "C" NOT NULL,
    principal TEXT COLLATE "C" NOT NULL,
    stage TEXT COLLATE "C" NOT NULL,
    proof TEXT COLLATE "C" NOT NULL,
    caller TEXT COLLATE "C" NOT NULL,
    began_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    address TEXT COLLATE "C",
    agent TEXT COLLATE "C",
    PRIMARY KEY (hash),
    UNIQUE (id)
);
CREATE INDEX sessions_by_principal ON sessions (tenant, principal, began_at, id);
CREATE INDEX sessions_by_end ON sessions (ends_at);
-- Further secrets of programs, beside the one of the world document; `hint` is how each begins.
CREATE TABLE secrets (
    tenant TEXT COLLATE "C" NOT NULL,
    principal TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    hint TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (tenant, principal, id),
    UNIQUE (tenant, principal, hint),
    FOREIGN KEY (tenant, principal) REFERENCES principals (tenant, id)
);
-- Tokens that were ended before their time: those of a principal, of a secret or of a session that
-- were issued before a second; where it is closed, all of them and whatever comes.
CREATE TABLE revocations (
    tenant TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    tokens_from BIGINT NOT NULL,
    closed BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, subject)
);
CREATE INDEX revocations_by_change ON revocations (changed_at);
