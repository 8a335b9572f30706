-- The address of an article's lead image.
ALTER TABLE articles ADD COLUMN image VARCHAR;
