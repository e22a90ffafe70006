-- Finding what changed of reservations since it was looked at last, and views of the list that
-- somebody keeps: see the other database's file of this name for its twin.

-- Revisions are only ever added, and each gets a row id above all before it.
CREATE VIEW revision_places (place, tenant, order_id, reservation_id) AS
    SELECT rowid, tenant, order_id, reservation_id FROM revisions;
-- The place from which on the next look begins.
CREATE VIEW revision_horizon (place) AS
    SELECT COALESCE(MAX(rowid), 0) + 1 FROM revisions;

-- A filter of the list under a name, of the account of a principal: `tenant` is its home.
CREATE TABLE saved_views (
    tenant TEXT NOT NULL,
    principal TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    PRIMARY KEY (tenant, principal, id)
) STRICT, WITHOUT ROWID;
