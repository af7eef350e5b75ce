-- Each hall's days in figures, worked out anew whenever an event of the day comes in.

-- rev: rises with each batch that brings events of the day.
CREATE TABLE stale_day (
    hall text NOT NULL,
    day  date NOT NULL,
    rev  bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (hall, day)
);

CREATE TABLE day_service (
    hall        text NOT NULL,
    day         date NOT NULL,
    service     text NOT NULL,
    issued      bigint NOT NULL,
    called      bigint NOT NULL,
    served      bigint NOT NULL,
    left_open   bigint NOT NULL,
    no_show     bigint NOT NULL,
    cancelled   bigint NOT NULL,
    voided      bigint NOT NULL,
    expired     bigint NOT NULL,
    waits       bigint NOT NULL,
    wait_sum_s  bigint NOT NULL,
    wait_max_s  bigint NOT NULL,
    serves      bigint NOT NULL,
    serve_sum_s bigint NOT NULL,
    PRIMARY KEY (hall, day, service)
);

CREATE TABLE day_rating (
    hall     text NOT NULL,
    day      date NOT NULL,
    question text NOT NULL,
    score    smallint NOT NULL,
    ratings  bigint NOT NULL,
    PRIMARY KEY (hall, day, question, score)
);
