-- When an article was read again, and when its text turned out to have changed.
ALTER TABLE articles ADD COLUMN revisited_at TIMESTAMP;
ALTER TABLE articles ADD COLUMN edited_at TIMESTAMP;
