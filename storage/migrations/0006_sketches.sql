-- Why an article lies where it does, which story it nearly belonged to, and what later ones are compared with.
-- terms, weights and prints are packed numbers (detection/sketch.py).

ALTER TABLE placed ADD COLUMN follows VARCHAR;
ALTER TABLE placed ADD COLUMN facts VARCHAR DEFAULT '{}';

CREATE TABLE sketches (
    url VARCHAR PRIMARY KEY,
    published_at TIMESTAMP NOT NULL,
    family VARCHAR NOT NULL,
    agency VARCHAR,
    terms BLOB NOT NULL,
    weights BLOB NOT NULL,
    prints BLOB NOT NULL,
    runs INTEGER NOT NULL,
    digest VARCHAR NOT NULL,
    gist VARCHAR NOT NULL
);
