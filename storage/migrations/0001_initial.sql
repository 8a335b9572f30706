-- The first layout. Times are UTC without a zone; lists, roles, messages and facts are JSON in VARCHAR.
-- Primary keys only: foreign keys break ordinary updates, and secondary indexes have open bugs.
-- A column bears the name of the model's field that it holds.

CREATE TABLE states (
    source VARCHAR PRIMARY KEY,
    etag VARCHAR,
    last_modified VARCHAR,
    due_at TIMESTAMP,
    failures INTEGER NOT NULL,
    last_success TIMESTAMP
);

CREATE TABLE links (
    source VARCHAR,
    url VARCHAR,
    title VARCHAR,
    summary VARCHAR,
    published_at TIMESTAMP,
    authors VARCHAR NOT NULL,
    seen_at TIMESTAMP NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    done BOOLEAN NOT NULL,
    PRIMARY KEY (source, url)
);

CREATE TABLE fetches (
    source VARCHAR,
    url VARCHAR,
    "at" TIMESTAMP,
    page BOOLEAN,
    outcome VARCHAR,
    status INTEGER,
    detail VARCHAR NOT NULL,
    bytes BIGINT NOT NULL,
    seconds DOUBLE NOT NULL,
    PRIMARY KEY (source, url, "at", page, outcome)
);

-- coded_at is null until detection has read the article; notes are its near misses.
CREATE TABLE articles (
    url VARCHAR PRIMARY KEY,
    source VARCHAR NOT NULL,
    publisher VARCHAR NOT NULL,
    family VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    "text" VARCHAR NOT NULL,
    language VARCHAR,
    published_at TIMESTAMP NOT NULL,
    fetched_at TIMESTAMP NOT NULL,
    authors VARCHAR NOT NULL,
    agency VARCHAR,
    extractor VARCHAR NOT NULL,
    coded_at TIMESTAMP,
    notes VARCHAR
);

CREATE TABLE placed (
    url VARCHAR PRIMARY KEY,
    story VARCHAR NOT NULL,
    new BOOLEAN NOT NULL,
    copy_of VARCHAR,
    why VARCHAR NOT NULL
);

-- number counts an article's mentions from 0, in the order that detection gave them.
CREATE TABLE mentions (
    url VARCHAR,
    number INTEGER,
    cls VARCHAR NOT NULL,
    cameo VARCHAR NOT NULL,
    plover VARCHAR NOT NULL,
    goldstein DOUBLE NOT NULL,
    severity VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    roles VARCHAR NOT NULL,
    rule VARCHAR NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    sentence_start INTEGER NOT NULL,
    sentence_end INTEGER NOT NULL,
    why VARCHAR NOT NULL,
    day DATE,
    strength INTEGER NOT NULL,
    PRIMARY KEY (url, number)
);

CREATE TABLE events (
    id VARCHAR PRIMARY KEY,
    cls VARCHAR NOT NULL,
    cameo VARCHAR NOT NULL,
    plover VARCHAR NOT NULL,
    goldstein DOUBLE NOT NULL,
    severity VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    day DATE NOT NULL,
    sources VARCHAR NOT NULL,
    targets VARCHAR NOT NULL,
    mediators VARCHAR NOT NULL,
    parties VARCHAR NOT NULL,
    story VARCHAR NOT NULL,
    headline VARCHAR NOT NULL,
    first_seen TIMESTAMP NOT NULL,
    last_seen TIMESTAMP NOT NULL
);

CREATE TABLE evidence (
    event VARCHAR,
    url VARCHAR,
    publisher VARCHAR NOT NULL,
    family VARCHAR NOT NULL,
    copy_of VARCHAR,
    title VARCHAR NOT NULL,
    sentence VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    published_at TIMESTAMP NOT NULL,
    rule VARCHAR NOT NULL,
    why VARCHAR NOT NULL,
    PRIMARY KEY (event, url)
);

CREATE TABLE developments (
    event VARCHAR,
    "at" TIMESTAMP NOT NULL,
    kind VARCHAR,
    what VARCHAR,
    url VARCHAR,
    PRIMARY KEY (event, kind, what, url)
);

CREATE TABLE deliveries (
    id VARCHAR PRIMARY KEY,
    event VARCHAR NOT NULL,
    route VARCHAR NOT NULL,
    target VARCHAR NOT NULL,
    message VARCHAR NOT NULL,
    created_at TIMESTAMP NOT NULL,
    due_at TIMESTAMP NOT NULL,
    state VARCHAR NOT NULL,
    attempts INTEGER NOT NULL,
    last_error VARCHAR NOT NULL,
    ended_at TIMESTAMP
);

-- id is made from everything that the decision says; number counts the decisions of one record from 0.
CREATE TABLE decisions (
    id VARCHAR PRIMARY KEY,
    number INTEGER NOT NULL,
    url VARCHAR NOT NULL,
    "at" TIMESTAMP NOT NULL,
    verdict VARCHAR NOT NULL,
    why VARCHAR NOT NULL,
    event VARCHAR,
    cls VARCHAR,
    facts VARCHAR NOT NULL
);

CREATE TABLE ticks (
    id VARCHAR PRIMARY KEY,
    started_at TIMESTAMP NOT NULL,
    seconds DOUBLE NOT NULL,
    sources INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    pages INTEGER NOT NULL,
    articles INTEGER NOT NULL,
    copies INTEGER NOT NULL,
    events INTEGER NOT NULL,
    developments INTEGER NOT NULL,
    alerts INTEGER NOT NULL,
    sent INTEGER NOT NULL,
    dry_run BOOLEAN NOT NULL,
    failures VARCHAR NOT NULL
);
