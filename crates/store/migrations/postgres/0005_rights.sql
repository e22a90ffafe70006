-- What right an exchange carried over, and what pre-purchase plans hold: see the other database's
-- file of this name for its twin.

-- When the units before were bought that a right is left of, and how many last exchanges they had;
-- nothing and none for units whose own purchase says what right they have.
ALTER TABLE reservations ADD COLUMN right_bought_at BIGINT;
ALTER TABLE reservations ADD COLUMN right_used BIGINT NOT NULL DEFAULT 0;

-- Millionths of a commit unit that one unit of a pre-purchase plan holds; nothing for what is none.
ALTER TABLE prices ADD COLUMN commit_units BIGINT;
ALTER TABLE orders ADD COLUMN commit_units BIGINT;

-- Usage that was paid from a plan, each once: how much of it the plan covered, and how much was
-- beyond what was left. All in millionths of a commit unit.
CREATE TABLE drains (
    order_id TEXT COLLATE "C" NOT NULL,
    reservation_id TEXT COLLATE "C" NOT NULL,
    usage_id TEXT COLLATE "C" NOT NULL,
    used_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    units BIGINT NOT NULL,
    covered BIGINT NOT NULL,
    overage BIGINT NOT NULL,
    operation TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (order_id, reservation_id, usage_id)
);
-- What the drains of a plan covered together.
CREATE TABLE drained (
    order_id TEXT COLLATE "C" NOT NULL,
    reservation_id TEXT COLLATE "C" NOT NULL,
    units BIGINT NOT NULL,
    PRIMARY KEY (order_id, reservation_id)
);
CREATE TRIGGER drains_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON drains
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
