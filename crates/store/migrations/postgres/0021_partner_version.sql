-- Counts the changes of what a partner's customers are, so that a list of them can be kept in memory
-- for as long as this stays the same.
ALTER TABLE partners ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
