-- The audit: see the other database's file of this name for its twin.

-- Who a line is about, beside the principal, and from where: an operation is its own line. Rows of
-- before do not say.
ALTER TABLE audit ADD COLUMN caller_kind TEXT;
ALTER TABLE audit ADD COLUMN home TEXT;
ALTER TABLE audit ADD COLUMN client TEXT;
ALTER TABLE audit ADD COLUMN name TEXT;
ALTER TABLE audit ADD COLUMN partner TEXT;
ALTER TABLE audit ADD COLUMN address TEXT;
ALTER TABLE audit ADD COLUMN agent TEXT;
ALTER TABLE audit ADD COLUMN correlation TEXT;
ALTER TABLE audit ADD COLUMN decision TEXT;
ALTER TABLE operations ADD COLUMN caller_kind TEXT;
ALTER TABLE operations ADD COLUMN home TEXT;
ALTER TABLE operations ADD COLUMN client TEXT;
ALTER TABLE operations ADD COLUMN name TEXT;
ALTER TABLE operations ADD COLUMN partner TEXT;
ALTER TABLE operations ADD COLUMN address TEXT;
ALTER TABLE operations ADD COLUMN agent TEXT;
ALTER TABLE operations ADD COLUMN correlation TEXT;
-- Lines are looked for by tenant and time, and what agents did by their partner and time.
DROP INDEX operations_by_time;
CREATE INDEX operations_by_tenant ON operations (tenant, decided_at, id);
CREATE INDEX operations_by_partner ON operations (partner, decided_at, id)
    WHERE partner IS NOT NULL;
CREATE INDEX audit_by_partner ON audit (partner, at, id) WHERE partner IS NOT NULL;

-- What each commit added to the audit and the journal, by its digest, and the chain of seals over
-- those. A batch is open while its `seal` is 0.
CREATE TABLE batches (
    id TEXT NOT NULL,
    seal INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX batches_by_seal ON batches (seal, id);
CREATE TABLE batch_members (
    batch TEXT NOT NULL,
    members TEXT NOT NULL,
    PRIMARY KEY (batch)
) STRICT;
CREATE TABLE seals (
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    batch_count INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    previous TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (number)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER batches_stay_update BEFORE UPDATE ON batches
WHEN OLD.seal <> 0 OR NEW.id <> OLD.id OR NEW.row_count <> OLD.row_count
    OR NEW.digest <> OLD.digest
BEGIN SELECT RAISE(ABORT, 'rows of batches are never changed or deleted'); END;
CREATE TRIGGER batches_stay_delete BEFORE DELETE ON batches
BEGIN SELECT RAISE(ABORT, 'rows of batches are never changed or deleted'); END;
CREATE TRIGGER batch_members_stay_update BEFORE UPDATE ON batch_members
BEGIN SELECT RAISE(ABORT, 'rows of batch_members are never changed or deleted'); END;
CREATE TRIGGER batch_members_stay_delete BEFORE DELETE ON batch_members
BEGIN SELECT RAISE(ABORT, 'rows of batch_members are never changed or deleted'); END;
CREATE TRIGGER seals_stay_update BEFORE UPDATE ON seals
BEGIN SELECT RAISE(ABORT, 'rows of seals are never changed or deleted'); END;
CREATE TRIGGER seals_stay_delete BEFORE DELETE ON seals
BEGIN SELECT RAISE(ABORT, 'rows of seals are never changed or deleted'); END;
