-- What was read of the journal: every line from `low` to `high`, in this epoch. `whole`: there is
-- nothing before `low`.
CREATE TABLE extent (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    epoch INTEGER NOT NULL,
    low   INTEGER NOT NULL,
    high  INTEGER NOT NULL,
    whole INTEGER NOT NULL
);
CREATE TABLE act (
    seq      INTEGER PRIMARY KEY,
    type     TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    ticket   TEXT    NOT NULL,
    number   TEXT    NOT NULL,
    service  TEXT    NOT NULL,
    priority TEXT    NOT NULL,
    issued   INTEGER NOT NULL,
    counter  TEXT    NOT NULL,
    client   TEXT    NOT NULL,
    staff    TEXT    NOT NULL,
    wait_s   INTEGER,
    serve_s  INTEGER,
    how      TEXT,
    cause    TEXT,
    of       INTEGER,
    score    INTEGER,
    question TEXT    NOT NULL,
    reason   TEXT    NOT NULL
);
-- Where business days begin. `figures`: of a day that is over, null until they are worked out.
CREATE TABLE day (
    first_seq INTEGER PRIMARY KEY,
    date      TEXT    NOT NULL,
    figures   TEXT
);
