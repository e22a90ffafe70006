-- Finding what changed of reservations since it was looked at last, and views of the list that
-- somebody keeps: see the other database's file of this name for its twin.

-- Transactions commit in another order than they begin. Those that a snapshot does not see yet
-- have numbers from its lowest running one on, so the next look begins there and misses none.
ALTER TABLE revisions ADD COLUMN xact BIGINT NOT NULL DEFAULT 0;
ALTER TABLE revisions ALTER COLUMN xact
    SET DEFAULT CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT);
-- The numbers rise with the place in the table, so a summary of its parts finds the last ones.
CREATE INDEX revisions_by_xact ON revisions USING brin (xact) WITH (pages_per_range = 16);
CREATE VIEW revision_places (place, tenant, order_id, reservation_id) AS
    SELECT xact, tenant, order_id, reservation_id FROM revisions;
CREATE VIEW revision_horizon (place) AS
    SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT);

-- A filter of the list under a name, of the account of a principal: `tenant` is its home.
CREATE TABLE saved_views (
    tenant TEXT COLLATE "C" NOT NULL,
    principal TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    query TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, principal, id)
);
