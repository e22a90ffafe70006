-- What rearranging reservations keeps: see the other database's file of this name for its twin.

-- What a reservation was merged from (ids with commas in between), what was changed of it since
-- the purchase, and why nothing benefits from it.
ALTER TABLE reservations ADD COLUMN merged_from TEXT;
ALTER TABLE reservations ADD COLUMN review_at INTEGER;
ALTER TABLE reservations ADD COLUMN renew_as TEXT;
ALTER TABLE reservations ADD COLUMN no_benefit TEXT;
-- Which reservations have a scope of their own; shared ones, the most, are not in it.
CREATE INDEX reservations_by_scope ON reservations (scope_id, tenant, order_id, id)
    WHERE scope_id IS NOT NULL;

-- The group right above a group, and the group that a subscription is in; none is the tenant's root.
ALTER TABLE management_groups ADD COLUMN parent TEXT;
ALTER TABLE subscriptions ADD COLUMN management_group TEXT;

-- Orders that went to another tenant, each time they did: jobs and links of before name the old one.
CREATE TABLE directory_changes (
    order_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    tenant_from TEXT NOT NULL,
    tenant_to TEXT NOT NULL,
    at INTEGER NOT NULL,
    operation TEXT NOT NULL,
    PRIMARY KEY (order_id, version)
) STRICT, WITHOUT ROWID;
