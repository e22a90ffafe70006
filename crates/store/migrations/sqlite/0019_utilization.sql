-- How much of a reservation was used: see the other database's file of this name for its twin.

-- Thousandths of an hour of a UTC day, measured elsewhere.
CREATE TABLE utilization_days (
    tenant TEXT NOT NULL,
    order_id TEXT NOT NULL,
    reservation_id TEXT NOT NULL,
    day TEXT NOT NULL,
    reserved INTEGER NOT NULL,
    used INTEGER NOT NULL,
    PRIMARY KEY (tenant, order_id, reservation_id, day)
) STRICT, WITHOUT ROWID;
-- What that comes to over the 1, 7 and 30 days that end with the last day with a figure, in
-- hundredths of a percent; kept with each change of the days.
CREATE TABLE utilization (
    tenant TEXT NOT NULL,
    order_id TEXT NOT NULL,
    reservation_id TEXT NOT NULL,
    last_day TEXT NOT NULL,
    trend TEXT NOT NULL,
    day_share INTEGER,
    week_share INTEGER,
    month_share INTEGER,
    PRIMARY KEY (tenant, order_id, reservation_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX utilization_by_week ON utilization (tenant, week_share);
