-- What robots.txt files said, so that not every tick asks again; and what pages call their site.

CREATE TABLE robots (
    host VARCHAR PRIMARY KEY,
    fetched_at TIMESTAMP NOT NULL,
    "text" VARCHAR NOT NULL
);

ALTER TABLE articles ADD COLUMN site_name VARCHAR;
