-- The event store that belongs to this control data, and the last commit that it is known to have held: so
-- that a store that is missing, older or another one is not taken for it.
CREATE TABLE event_store (
    id       TEXT    PRIMARY KEY NOT NULL,
    sequence INTEGER NOT NULL
) STRICT;
