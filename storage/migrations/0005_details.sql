-- What tells an act from others like it, the day that a report names, and its rule's strength.

ALTER TABLE evidence ADD COLUMN day DATE;
ALTER TABLE evidence ADD COLUMN strength INTEGER DEFAULT 3;
ALTER TABLE evidence ADD COLUMN details VARCHAR DEFAULT '{}';
