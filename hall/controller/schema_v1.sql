CREATE TABLE event (
    seq   INTEGER PRIMARY KEY,
    epoch INTEGER NOT NULL,
    day   INTEGER NOT NULL,
    kind  TEXT    NOT NULL,
    body  TEXT    NOT NULL,
    chain BLOB    NOT NULL
);
CREATE TABLE day (
    day       INTEGER PRIMARY KEY,
    date      TEXT    NOT NULL,
    first_seq INTEGER NOT NULL
);
-- A second guard, derived from `event`: no number of a service twice in one day.
CREATE TABLE taken (
    day     INTEGER NOT NULL,
    service TEXT    NOT NULL,
    n       INTEGER NOT NULL,
    PRIMARY KEY (day, service, n)
) WITHOUT ROWID;
CREATE TABLE answer (
    id     TEXT PRIMARY KEY,
    client TEXT    NOT NULL,
    verb   TEXT    NOT NULL,
    digest TEXT    NOT NULL,
    reply  TEXT    NOT NULL,
    at     INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX answer_at ON answer (at);
