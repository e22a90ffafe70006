-- Who may, as resources: see the other database's file of this name for its twin.

-- What is known of an assignment beside who, which role and where. Those that the desk gave by
-- itself, as to a buyer, say nothing of it. `shown_scope` is the scope in the words it was given in.
ALTER TABLE role_assignments ADD COLUMN created_at BIGINT;
ALTER TABLE role_assignments ADD COLUMN created_by TEXT COLLATE "C";
ALTER TABLE role_assignments ADD COLUMN updated_at BIGINT;
ALTER TABLE role_assignments ADD COLUMN updated_by TEXT COLLATE "C";
ALTER TABLE role_assignments ADD COLUMN shown_scope TEXT COLLATE "C";
ALTER TABLE role_assignments ADD COLUMN description TEXT COLLATE "C";
-- Roles that a tenant made for itself. An assignment names a built-in role by its name and one of
-- these by its id. `name_key` is the name in lower case; `doc` holds permissions and scopes.
CREATE TABLE role_definitions (
    tenant TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    doc TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, name_key),
    FOREIGN KEY (tenant) REFERENCES tenants (id)
);
