-- The audit: see the other database's file of this name for its twin.

-- Who a line is about, beside the principal, and from where: an operation is its own line. Rows of
-- before do not say.
ALTER TABLE audit ADD COLUMN caller_kind TEXT COLLATE "C";
ALTER TABLE audit ADD COLUMN home TEXT COLLATE "C";
ALTER TABLE audit ADD COLUMN client TEXT COLLATE "C";
ALTER TABLE audit ADD COLUMN name TEXT COLLATE "C";
ALTER TABLE audit ADD COLUMN partner TEXT COLLATE "C";
ALTER TABLE audit ADD COLUMN address TEXT COLLATE "C";
ALTER TABLE audit ADD COLUMN agent TEXT COLLATE "C";
ALTER TABLE audit ADD COLUMN correlation TEXT COLLATE "C";
ALTER TABLE audit ADD COLUMN decision TEXT COLLATE "C";
ALTER TABLE operations ADD COLUMN caller_kind TEXT COLLATE "C";
ALTER TABLE operations ADD COLUMN home TEXT COLLATE "C";
ALTER TABLE operations ADD COLUMN client TEXT COLLATE "C";
ALTER TABLE operations ADD COLUMN name TEXT COLLATE "C";
ALTER TABLE operations ADD COLUMN partner TEXT COLLATE "C";
ALTER TABLE operations ADD COLUMN address TEXT COLLATE "C";
ALTER TABLE operations ADD COLUMN agent TEXT COLLATE "C";
ALTER TABLE operations ADD COLUMN correlation TEXT COLLATE "C";
-- Lines are looked for by tenant and time, and what agents did by their partner and time.
DROP INDEX operations_by_time;
CREATE INDEX operations_by_tenant ON operations (tenant, decided_at, id);
CREATE INDEX operations_by_partner ON operations (partner, decided_at, id)
    WHERE partner IS NOT NULL;
CREATE INDEX audit_by_partner ON audit (partner, at, id) WHERE partner IS NOT NULL;

-- What each commit added to the audit and the journal, by its digest, and the chain of seals over
-- those. A batch is open while its `seal` is 0.
CREATE TABLE batches (
    id TEXT COLLATE "C" NOT NULL,
    seal BIGINT NOT NULL,
    row_count BIGINT NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX batches_by_seal ON batches (seal, id);
CREATE TABLE batch_members (
    batch TEXT COLLATE "C" NOT NULL,
    members TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (batch)
);
CREATE TABLE seals (
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    batch_count BIGINT NOT NULL,
    row_count BIGINT NOT NULL,
    previous TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (number)
);

-- Long lists are packed before they come here, so the server need not try again.
ALTER TABLE batch_members ALTER COLUMN members SET STORAGE EXTERNAL;

CREATE TRIGGER batches_stay_update BEFORE UPDATE ON batches FOR EACH ROW
    WHEN (OLD.seal <> 0 OR NEW.id <> OLD.id OR NEW.row_count <> OLD.row_count
        OR NEW.digest <> OLD.digest)
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER batches_stay_delete BEFORE DELETE OR TRUNCATE ON batches
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER batch_members_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON batch_members
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER seals_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON seals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
