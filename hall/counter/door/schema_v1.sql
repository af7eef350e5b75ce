-- A code is for one place, and the newer one takes the older one's room; only its hash is kept.
CREATE TABLE IF NOT EXISTS code (
    place TEXT PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    made INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS browser (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    token TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    made INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    clerk TEXT,
    clerk_since INTEGER NOT NULL DEFAULT 0,
    ended INTEGER
) STRICT;

CREATE TABLE IF NOT EXISTS place (
    browser INTEGER NOT NULL REFERENCES browser,
    place TEXT NOT NULL,
    PRIMARY KEY (browser, place)
) STRICT, WITHOUT ROWID;

-- An id is never given to somebody else: who has left keeps theirs, without a hash.
-- first_until: the PIN is the one that was handed over, and good until then for a first sign-in.
CREATE TABLE IF NOT EXISTS clerk (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    is_head INTEGER NOT NULL,
    hash TEXT NOT NULL,
    first_until INTEGER,
    made INTEGER NOT NULL,
    gone INTEGER
) STRICT, WITHOUT ROWID;
