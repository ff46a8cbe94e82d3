-- Which sequences of steps are as they should be, by workflow: JSON, as it was given.
CREATE TABLE process_rules (
    project_key INTEGER NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
    workflow    TEXT    NOT NULL,
    rules       TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    PRIMARY KEY (project_key, workflow)
) STRICT;
