-- Browsers in which somebody has signed in to an account before: strangers' guesses at it do not
-- keep them out. token: only its hash.

CREATE TABLE account_device (
    token   text PRIMARY KEY,
    account text NOT NULL REFERENCES account ON DELETE CASCADE,
    made    timestamptz NOT NULL
);
