-- How the server itself fared, by hour (epoch milliseconds of its start). The time in which it did not run is in no
-- row: that is how its availability is known.
CREATE TABLE server_hours (
    hour          INTEGER PRIMARY KEY NOT NULL,
    up_ms         INTEGER NOT NULL,
    events        INTEGER NOT NULL,
    posts         INTEGER NOT NULL,
    posts_failed  INTEGER NOT NULL,
    posts_slow    INTEGER NOT NULL,
    reads         INTEGER NOT NULL,
    reads_failed  INTEGER NOT NULL,
    reads_slow    INTEGER NOT NULL,
    read_ms       INTEGER NOT NULL,
    store_bytes   INTEGER NOT NULL,
    control_bytes INTEGER NOT NULL,
    free_bytes    INTEGER
) STRICT;
