-- What a successful run of a workflow and the reaching of a goal are worth, from days on: JSON, as it was given.
CREATE TABLE worths (
    project_key INTEGER NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
    kind        TEXT    NOT NULL CHECK (kind IN ('workflow', 'goal')),
    subject     TEXT    NOT NULL,
    periods     TEXT    NOT NULL,
    updated_at  INTEGER NOT NULL,
    PRIMARY KEY (project_key, kind, subject)
) STRICT, WITHOUT ROWID;
