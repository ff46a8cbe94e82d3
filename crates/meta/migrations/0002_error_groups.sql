-- How a project groups its errors. A version of the rules is never changed; the newest is in force.
CREATE TABLE error_rules (
    project_key INTEGER NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
    version     INTEGER NOT NULL,
    rules       TEXT    NOT NULL,
    note        TEXT,
    author      TEXT,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (project_key, version)
) STRICT;

-- Groups that were merged or named. The title is null where the newest message gives it.
CREATE TABLE error_groups (
    project_key INTEGER NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
    id          TEXT    NOT NULL,
    title       TEXT,
    author      TEXT,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    PRIMARY KEY (project_key, id)
) STRICT;

-- Examples of the errors in a group. It holds every fingerprint that one of them has under the
-- rules in force: so it stays what it is when the rules change.
CREATE TABLE error_group_examples (
    key         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    project_key INTEGER NOT NULL,
    group_id    TEXT    NOT NULL,
    error_type  TEXT,
    message     TEXT,
    FOREIGN KEY (project_key, group_id) REFERENCES error_groups (project_key, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX error_group_examples_of_a_group ON error_group_examples (project_key, group_id);

-- Whether stored errors have the keys that rules and groups give them: the generation grows with
-- each change, `applied` follows when history has been keyed anew, and `steps` says by which
-- version of the program's own steps.
CREATE TABLE error_keying (
    project_key INTEGER PRIMARY KEY NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
    generation  INTEGER NOT NULL,
    applied     INTEGER NOT NULL,
    steps       INTEGER NOT NULL
) STRICT;
