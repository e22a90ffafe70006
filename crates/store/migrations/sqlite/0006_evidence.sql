-- An operation is its own audit line: what it was done to, and everything that was looked at.
ALTER TABLE operations ADD COLUMN target TEXT;
ALTER TABLE operations ADD COLUMN findings TEXT;
