-- Who reads the province's page, and what others may read of its figures.

CREATE TABLE account (
    id   text PRIMARY KEY,
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('leader', 'operator')),
    hash text NOT NULL,
    made timestamptz NOT NULL
);

-- token: only its hash.
CREATE TABLE account_session (
    token   text PRIMARY KEY,
    account text NOT NULL REFERENCES account ON DELETE CASCADE,
    made    timestamptz NOT NULL
);

-- Screens on a wall, which nobody signs in at.
CREATE TABLE wall (
    name  text PRIMARY KEY,
    token text NOT NULL UNIQUE,
    made  timestamptz NOT NULL
);

-- For programs of others, by a role that reads these views and nothing else. No view has a ticket,
-- a client, a machine or an account.
CREATE SCHEMA report;

CREATE VIEW report.hall AS
SELECT hall.id AS hall, hall.name, unit.id AS unit, unit.name AS unit_name, place.heard_at,
    place.skew_s, place.refused IS NOT NULL AS refused
FROM hall JOIN unit ON unit.id = hall.unit LEFT JOIN place ON place.hall = hall.id;

CREATE VIEW report.day_service AS
SELECT hall.name AS hall_name, unit.id AS unit, unit.name AS unit_name, day_service.*
FROM day_service JOIN hall ON hall.id = day_service.hall JOIN unit ON unit.id = hall.unit;

CREATE VIEW report.day_hall AS
SELECT hall, hall_name, unit, unit_name, day,
    sum(issued)::bigint AS issued, sum(called)::bigint AS called, sum(served)::bigint AS served,
    sum(left_open)::bigint AS left_open, sum(no_show)::bigint AS no_show,
    sum(cancelled)::bigint AS cancelled, sum(voided)::bigint AS voided,
    sum(expired)::bigint AS expired, sum(waits)::bigint AS waits,
    sum(wait_sum_s)::bigint AS wait_sum_s, max(wait_max_s) AS wait_max_s,
    sum(serves)::bigint AS serves, sum(serve_sum_s)::bigint AS serve_sum_s
FROM report.day_service GROUP BY hall, hall_name, unit, unit_name, day;

CREATE VIEW report.day_rating AS
SELECT hall.name AS hall_name, unit.id AS unit, unit.name AS unit_name, day_rating.*
FROM day_rating JOIN hall ON hall.id = day_rating.hall JOIN unit ON unit.id = hall.unit;

CREATE VIEW report.unfinished_day AS
SELECT hall, day FROM stale_day;
