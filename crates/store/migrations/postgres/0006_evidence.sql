-- An operation is its own audit line: what it was done to, and everything that was looked at.
ALTER TABLE operations ADD COLUMN target TEXT COLLATE "C";
ALTER TABLE operations ADD COLUMN findings TEXT COLLATE "C";
-- Long documents are packed before they come here, so the server need not try again.
ALTER TABLE operations ALTER COLUMN doc SET STORAGE EXTERNAL;
ALTER TABLE operations ALTER COLUMN findings SET STORAGE EXTERNAL;
ALTER TABLE audit ALTER COLUMN findings SET STORAGE EXTERNAL;
ALTER TABLE quote_docs ALTER COLUMN doc SET STORAGE EXTERNAL;
ALTER TABLE quote_docs ALTER COLUMN findings SET STORAGE EXTERNAL;
ALTER TABLE revisions ALTER COLUMN doc SET STORAGE EXTERNAL;
