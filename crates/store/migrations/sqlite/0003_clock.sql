-- What the clock keeps: see the other database's file of this name for its twin.

-- How an account's means of payment fails, and the first day on which it works again; none while
-- it works.
ALTER TABLE billing_accounts ADD COLUMN payment_failure TEXT;
ALTER TABLE billing_accounts ADD COLUMN payment_failure_until TEXT;
-- Orders with payments that were refused and not made since. `next_on` is when they are tried
-- again; none when that is with the next payment.
CREATE TABLE overdue (
    order_id TEXT NOT NULL,
    tenant TEXT NOT NULL,
    billing_account TEXT NOT NULL,
    since TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    failed_at INTEGER NOT NULL,
    failure TEXT NOT NULL,
    next_on TEXT,
    PRIMARY KEY (order_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX overdue_by_account ON overdue (billing_account, order_id);
-- Renewals: the price they were locked at, and what they became.
CREATE TABLE renewals (
    order_id TEXT NOT NULL,
    reservation_id TEXT NOT NULL,
    lock_doc TEXT,
    into_order TEXT,
    into_reservation TEXT,
    PRIMARY KEY (order_id, reservation_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX renewals_by_destination ON renewals (into_order, into_reservation)
    WHERE into_order IS NOT NULL;
-- What somebody is to be told.
CREATE TABLE notifications (
    tenant TEXT NOT NULL,
    at INTEGER NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    billing_account TEXT NOT NULL,
    target TEXT NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (tenant, at, id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER notifications_stay_update BEFORE UPDATE ON notifications
BEGIN SELECT RAISE(ABORT, 'rows of notifications are never changed or deleted'); END;
CREATE TRIGGER notifications_stay_delete BEFORE DELETE ON notifications
BEGIN SELECT RAISE(ABORT, 'rows of notifications are never changed or deleted'); END;
