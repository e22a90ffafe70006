-- Who may, as resources: see the other database's file of this name for its twin.

-- What is known of an assignment beside who, which role and where. Those that the desk gave by
-- itself, as to a buyer, say nothing of it. `shown_scope` is the scope in the words it was given in.
ALTER TABLE role_assignments ADD COLUMN created_at INTEGER;
ALTER TABLE role_assignments ADD COLUMN created_by TEXT;
ALTER TABLE role_assignments ADD COLUMN updated_at INTEGER;
ALTER TABLE role_assignments ADD COLUMN updated_by TEXT;
ALTER TABLE role_assignments ADD COLUMN shown_scope TEXT;
ALTER TABLE role_assignments ADD COLUMN description TEXT;
-- Roles that a tenant made for itself. An assignment names a built-in role by its name and one of
-- these by its id. `name_key` is the name in lower case; `doc` holds permissions and scopes.
CREATE TABLE role_definitions (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    name_key TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    doc TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, name_key),
    FOREIGN KEY (tenant) REFERENCES tenants (id)
) STRICT, WITHOUT ROWID;
