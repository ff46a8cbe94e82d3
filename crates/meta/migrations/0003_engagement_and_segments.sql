-- What a project takes engagement to be: weights and targets as JSON; without a row the defaults hold.
CREATE TABLE engagement_rules (
    project_key INTEGER PRIMARY KEY NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
    rule        TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT;

-- Segments of users or workflows. The definition is JSON: conditions in the words of the API.
CREATE TABLE segments (
    key         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id          TEXT    NOT NULL UNIQUE,
    project_key INTEGER NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
    name        TEXT    NOT NULL,
    definition  TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    UNIQUE (project_key, name)
) STRICT;
