-- What is not told for a while; and which digest a delivery goes out with.

CREATE TABLE mutes (
    id VARCHAR PRIMARY KEY,
    created_at TIMESTAMP NOT NULL,
    until TIMESTAMP NOT NULL,
    reason VARCHAR NOT NULL,
    route VARCHAR,
    event VARCHAR,
    actors VARCHAR NOT NULL,
    classes VARCHAR NOT NULL
);

ALTER TABLE deliveries ADD COLUMN digest VARCHAR;
