-- What tells an act from others, and when it was published, where its article was decided about: it may be decided anew.
-- An event that turned out to be another one names it.
ALTER TABLE mentions ADD COLUMN details VARCHAR;
ALTER TABLE mentions ADD COLUMN published_at TIMESTAMP;
ALTER TABLE events ADD COLUMN same_as VARCHAR;
