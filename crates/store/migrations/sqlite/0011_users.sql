-- People who sign in here, their sessions, and the secrets of programs: see the other database's
-- file of this name for its twin. Instants here are the system's, also in a sandbox.

-- What a person signs in with; the name and the kind are the principal's. `user_name` is in lower
-- case and one in the whole desk. Without a password only an invitation lets in.
CREATE TABLE users (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    user_name TEXT NOT NULL,
    mail TEXT,
    password_hash TEXT,
    password_at INTEGER,
    invitation_hash TEXT,
    invitation_ends INTEGER,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (user_name),
    FOREIGN KEY (tenant, id) REFERENCES principals (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX users_by_invitation ON users (invitation_hash);
-- The generator of one-time codes of a person: its seed is sealed, and none of its steps is taken
-- twice. It counts once it was confirmed.
CREATE TABLE second_factors (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    seed TEXT NOT NULL,
    confirmed_at INTEGER,
    last_step INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, id) REFERENCES users (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE recovery_codes (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    hash TEXT NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (tenant, id, hash),
    FOREIGN KEY (tenant, id) REFERENCES users (tenant, id)
) STRICT, WITHOUT ROWID;
-- What a tenant asks of its people beside the password; nothing where it has no row.
CREATE TABLE sign_in_rules (
    tenant TEXT NOT NULL,
    second_factor TEXT NOT NULL,
    PRIMARY KEY (tenant),
    FOREIGN KEY (tenant) REFERENCES tenants (id)
) STRICT, WITHOUT ROWID;
-- Sessions by the hash of what the browser holds; `id` is what they are shown by. `tenant` is that
-- of the account, `caller` as whom they act.
CREATE TABLE sessions (
    hash TEXT NOT NULL,
    id TEXT NOT NULL,
    tenant TEXT NOT NULL,
    principal TEXT NOT NULL,
    stage TEXT NOT NULL,
    proof TEXT NOT NULL,
    caller TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    address TEXT,
    agent TEXT,
    PRIMARY KEY (hash),
    UNIQUE (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_principal ON sessions (tenant, principal, began_at, id);
CREATE INDEX sessions_by_end ON sessions (ends_at);
-- Further secrets of programs, beside the one of the world document; `hint` is how each begins.
CREATE TABLE secrets (
    tenant TEXT NOT NULL,
    principal TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    hint TEXT NOT NULL,
    hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (tenant, principal, id),
    UNIQUE (tenant, principal, hint),
    FOREIGN KEY (tenant, principal) REFERENCES principals (tenant, id)
) STRICT, WITHOUT ROWID;
-- Tokens that were ended before their time: those of a principal, of a secret or of a session that
-- were issued before a second; where it is closed, all of them and whatever comes.
CREATE TABLE revocations (
    tenant TEXT NOT NULL,
    subject TEXT NOT NULL,
    tokens_from INTEGER NOT NULL,
    closed INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX revocations_by_change ON revocations (changed_at);
