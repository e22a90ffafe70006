-- How much of a reservation was used: see the other database's file of this name for its twin.

-- Thousandths of an hour of a UTC day, measured elsewhere.
CREATE TABLE utilization_days (
    tenant TEXT COLLATE "C" NOT NULL,
    order_id TEXT COLLATE "C" NOT NULL,
    reservation_id TEXT COLLATE "C" NOT NULL,
    day TEXT COLLATE "C" NOT NULL,
    reserved BIGINT NOT NULL,
    used BIGINT NOT NULL,
    PRIMARY KEY (tenant, order_id, reservation_id, day)
);
-- What that comes to over the 1, 7 and 30 days that end with the last day with a figure, in
-- hundredths of a percent; kept with each change of the days.
CREATE TABLE utilization (
    tenant TEXT COLLATE "C" NOT NULL,
    order_id TEXT COLLATE "C" NOT NULL,
    reservation_id TEXT COLLATE "C" NOT NULL,
    last_day TEXT COLLATE "C" NOT NULL,
    trend TEXT COLLATE "C" NOT NULL,
    day_share BIGINT,
    week_share BIGINT,
    month_share BIGINT,
    PRIMARY KEY (tenant, order_id, reservation_id)
);
CREATE INDEX utilization_by_week ON utilization (tenant, week_share);
