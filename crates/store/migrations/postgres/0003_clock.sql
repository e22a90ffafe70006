-- What the clock keeps: see the other database's file of this name for its twin.

-- How an account's means of payment fails, and the first day on which it works again; none while
-- it works.
ALTER TABLE billing_accounts ADD COLUMN payment_failure TEXT COLLATE "C";
ALTER TABLE billing_accounts ADD COLUMN payment_failure_until TEXT COLLATE "C";
-- Orders with payments that were refused and not made since. `next_on` is when they are tried
-- again; none when that is with the next payment.
CREATE TABLE overdue (
    order_id TEXT COLLATE "C" NOT NULL,
    tenant TEXT COLLATE "C" NOT NULL,
    billing_account TEXT COLLATE "C" NOT NULL,
    since TEXT COLLATE "C" NOT NULL,
    attempts BIGINT NOT NULL,
    failed_at BIGINT NOT NULL,
    failure TEXT COLLATE "C" NOT NULL,
    next_on TEXT COLLATE "C",
    PRIMARY KEY (order_id)
);
CREATE INDEX overdue_by_account ON overdue (billing_account, order_id);
-- Renewals: the price they were locked at, and what they became.
CREATE TABLE renewals (
    order_id TEXT COLLATE "C" NOT NULL,
    reservation_id TEXT COLLATE "C" NOT NULL,
    lock_doc TEXT COLLATE "C",
    into_order TEXT COLLATE "C",
    into_reservation TEXT COLLATE "C",
    PRIMARY KEY (order_id, reservation_id)
);
CREATE INDEX renewals_by_destination ON renewals (into_order, into_reservation)
    WHERE into_order IS NOT NULL;
-- What somebody is to be told.
CREATE TABLE notifications (
    tenant TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    billing_account TEXT COLLATE "C" NOT NULL,
    target TEXT COLLATE "C" NOT NULL,
    doc TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, at, id)
);
CREATE TRIGGER notifications_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON notifications
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
