-- Keys of `metadata` that projects made dimensions: how many of their values are named at most, up to which
-- commit values were looked for, and whether there are more than are named. `labels` is the commit at which it
-- last changed which values are named. Of keys that are marked fast, the cubes of declared dimensions hold
-- what was committed up to `cube` of the time before `until`; null where they do not hold it.
CREATE TABLE declared_keys (
    tenant INTEGER NOT NULL, project INTEGER NOT NULL, key VARCHAR NOT NULL, pointer VARCHAR NOT NULL,
    fast BOOLEAN NOT NULL, most BIGINT NOT NULL, sequence BIGINT NOT NULL, overflows BOOLEAN NOT NULL,
    labels BIGINT NOT NULL, cube BIGINT, until BIGINT
);

-- The values that are named: those that were told first, with the moment of the first event that told each.
CREATE TABLE declared_values (
    tenant INTEGER NOT NULL, project INTEGER NOT NULL, key VARCHAR NOT NULL,
    value VARCHAR NOT NULL, first BIGINT NOT NULL
);
