-- Keys of encrypted event stores, sealed with the master key. The id is the store's name.
CREATE TABLE store_keys (
    id         TEXT    PRIMARY KEY NOT NULL,
    sealed     BLOB    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
