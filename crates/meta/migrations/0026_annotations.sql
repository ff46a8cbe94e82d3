-- What people and pipelines say happened: releases, incidents and notes. Times are epoch milliseconds; without an
-- end, a release or note is a moment and an incident is still open.
CREATE TABLE annotations (
    key         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id          TEXT    NOT NULL UNIQUE,
    project_key INTEGER NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
    kind        TEXT    NOT NULL,
    title       TEXT    NOT NULL,
    description TEXT,
    url         TEXT,
    workflow    TEXT,
    environment TEXT,
    version     TEXT,
    starts_at   INTEGER NOT NULL,
    ends_at     INTEGER,
    author      TEXT    NOT NULL,
    revision    INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX annotations_by_start ON annotations (project_key, starts_at DESC, id);
