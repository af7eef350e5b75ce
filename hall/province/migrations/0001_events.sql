-- Units and their halls, where each hall's events stand, and the events themselves.

CREATE TABLE unit (
    id   text PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE hall (
    id   text PRIMARY KEY,
    unit text NOT NULL REFERENCES unit,
    name text NOT NULL
);

-- The password as mosquitto keeps it, never as it is.
CREATE TABLE credential (
    hall      text PRIMARY KEY REFERENCES hall ON DELETE CASCADE,
    hash      text NOT NULL,
    issued_at timestamptz NOT NULL
);

-- (epoch, seq): all up to there is committed. source: the machine that these came from.
-- skew_s: by how much the hall's clock is behind ours. refused: since when another source, or what
-- cannot be read, is turned away, and who that is.
CREATE TABLE place (
    hall           text PRIMARY KEY REFERENCES hall ON DELETE CASCADE,
    epoch          bigint NOT NULL DEFAULT 0,
    seq            bigint NOT NULL DEFAULT 0,
    source         text,
    host           text NOT NULL DEFAULT '',
    heard_at       timestamptz,
    skew_s         double precision,
    refused        text,
    refused_source text,
    refused_host   text,
    refused_at     timestamptz
);

-- Who sends and is not registered.
CREATE TABLE stranger (
    hall     text PRIMARY KEY,
    host     text NOT NULL,
    first_at timestamptz NOT NULL,
    last_at  timestamptz NOT NULL,
    batches  bigint NOT NULL
);

-- day: of the ticket, or of the hall's own calendar.
CREATE TABLE event (
    hall      text NOT NULL,
    epoch     bigint NOT NULL,
    seq       bigint NOT NULL,
    day       date NOT NULL,
    type      text NOT NULL,
    at        timestamptz NOT NULL,
    client    text NOT NULL,
    ticket    text,
    number    text,
    service   text,
    channel   text,
    preferred boolean NOT NULL,
    counter   text,
    wait_s    bigint,
    serve_s   bigint,
    cause     text,
    how       text,
    of_seq    bigint,
    score     smallint,
    question  text,
    reason    text,
    PRIMARY KEY (hall, epoch, seq, day)
) PARTITION BY RANGE (day);

-- What a clock that is wrong dates outside the months that are kept.
CREATE TABLE event_stray PARTITION OF event DEFAULT;

CREATE INDEX event_of_day ON event (hall, day);
