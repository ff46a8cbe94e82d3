-- What a project takes out of its events beside what the server does: keys and named expressions as
-- JSON. A version is never changed; the newest is in force.
CREATE TABLE redaction_rules (
    project_key INTEGER NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
    version     INTEGER NOT NULL,
    rules       TEXT    NOT NULL,
    actor       TEXT    NOT NULL,
    changed_at  INTEGER NOT NULL,
    PRIMARY KEY (project_key, version)
) STRICT;
