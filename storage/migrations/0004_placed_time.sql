-- When a placed article was published: what was placed of late is found without reading all that ever was.
ALTER TABLE placed ADD COLUMN published_at TIMESTAMP;
UPDATE placed SET published_at = articles.published_at FROM articles WHERE articles.url = placed.url;
