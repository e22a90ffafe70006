-- What rearranging reservations keeps: see the other database's file of this name for its twin.

-- What a reservation was merged from (ids with commas in between), what was changed of it since
-- the purchase, and why nothing benefits from it.
ALTER TABLE reservations ADD COLUMN merged_from TEXT COLLATE "C";
ALTER TABLE reservations ADD COLUMN review_at BIGINT;
ALTER TABLE reservations ADD COLUMN renew_as TEXT COLLATE "C";
ALTER TABLE reservations ADD COLUMN no_benefit TEXT COLLATE "C";
-- Which reservations have a scope of their own; shared ones, the most, are not in it.
CREATE INDEX reservations_by_scope ON reservations (scope_id, tenant, order_id, id)
    WHERE scope_id IS NOT NULL;

-- The group right above a group, and the group that a subscription is in; none is the tenant's root.
ALTER TABLE management_groups ADD COLUMN parent TEXT COLLATE "C";
ALTER TABLE subscriptions ADD COLUMN management_group TEXT COLLATE "C";

-- Orders that went to another tenant, each time they did: jobs and links of before name the old one.
CREATE TABLE directory_changes (
    order_id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    tenant_from TEXT COLLATE "C" NOT NULL,
    tenant_to TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    operation TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (order_id, version)
);
