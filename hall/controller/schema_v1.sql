CREATE TABLE event (
    seq   INTEGER PRIMARY KEY,
    epoch INTEGER NOT NULL,
    day   INTEGER NOT NULL,
    kind  TEXT    NOT NULL,
    body  TEXT    NOT NULL,
    chain BLOB    NOT NULL
);
-- The last row that was dropped by the retention rule: the chain goes on from its value.
CREATE TABLE anchor (
    seq   INTEGER PRIMARY KEY,
    chain BLOB    NOT NULL
);
-- Derived from `event`: where the business days begin.
CREATE TABLE day (
    day       INTEGER PRIMARY KEY,
    date      TEXT    NOT NULL,
    first_seq INTEGER NOT NULL
);
-- Derived, a second guard: no number of a service twice in the day that is going on.
CREATE TABLE taken (
    day     INTEGER NOT NULL,
    service TEXT    NOT NULL,
    n       INTEGER NOT NULL,
    PRIMARY KEY (day, service, n)
) WITHOUT ROWID;
-- `seal`: a hash of the other columns, since answers stand in no chain.
CREATE TABLE answer (
    id     TEXT PRIMARY KEY,
    client TEXT    NOT NULL,
    verb   TEXT    NOT NULL,
    digest TEXT    NOT NULL,
    reply  TEXT    NOT NULL,
    at     INTEGER NOT NULL,
    seal   BLOB    NOT NULL
) WITHOUT ROWID;
CREATE INDEX answer_at ON answer (at);
