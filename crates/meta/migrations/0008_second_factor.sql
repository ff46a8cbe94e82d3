-- Second factors (RFC 6238). The secret is sealed with the master key; it counts from the moment that a
-- first code confirmed it. A code is good once: those of the last step and before are not taken.
CREATE TABLE second_factors (
    person_id    TEXT    PRIMARY KEY NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    secret       BLOB    NOT NULL,
    confirmed_at INTEGER,
    last_step    INTEGER NOT NULL
) STRICT;

-- Only the SHA-256 of a recovery code is kept; a used one is deleted.
CREATE TABLE recovery_codes (
    person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    hash      BLOB NOT NULL,
    PRIMARY KEY (person_id, hash)
) STRICT;
