-- What right an exchange carried over, and what pre-purchase plans hold: see the other database's
-- file of this name for its twin.

-- When the units before were bought that a right is left of, and how many last exchanges they had;
-- nothing and none for units whose own purchase says what right they have.
ALTER TABLE reservations ADD COLUMN right_bought_at INTEGER;
ALTER TABLE reservations ADD COLUMN right_used INTEGER NOT NULL DEFAULT 0;

-- Millionths of a commit unit that one unit of a pre-purchase plan holds; nothing for what is none.
ALTER TABLE prices ADD COLUMN commit_units INTEGER;
ALTER TABLE orders ADD COLUMN commit_units INTEGER;

-- Usage that was paid from a plan, each once: how much of it the plan covered, and how much was
-- beyond what was left. All in millionths of a commit unit.
CREATE TABLE drains (
    order_id TEXT NOT NULL,
    reservation_id TEXT NOT NULL,
    usage_id TEXT NOT NULL,
    used_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    units INTEGER NOT NULL,
    covered INTEGER NOT NULL,
    overage INTEGER NOT NULL,
    operation TEXT NOT NULL,
    PRIMARY KEY (order_id, reservation_id, usage_id)
) STRICT, WITHOUT ROWID;
-- What the drains of a plan covered together.
CREATE TABLE drained (
    order_id TEXT NOT NULL,
    reservation_id TEXT NOT NULL,
    units INTEGER NOT NULL,
    PRIMARY KEY (order_id, reservation_id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER drains_stay_update BEFORE UPDATE ON drains
BEGIN SELECT RAISE(ABORT, 'rows of drains are never changed or deleted'); END;
CREATE TRIGGER drains_stay_delete BEFORE DELETE ON drains
BEGIN SELECT RAISE(ABORT, 'rows of drains are never changed or deleted'); END;
