-- What people decided about error groups. A resolved group comes back if an error occurs after `resolved_at` (epoch
-- milliseconds). The assignee is the id of an account; one that has left the organisation counts as none.
CREATE TABLE error_triage (
    project_key INTEGER NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
    group_id    TEXT    NOT NULL,
    state       TEXT    NOT NULL,
    resolved_at INTEGER,
    assignee    TEXT    REFERENCES people (id) ON DELETE SET NULL,
    note        TEXT,
    author      TEXT    NOT NULL,
    revision    INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    PRIMARY KEY (project_key, group_id)
) STRICT;
