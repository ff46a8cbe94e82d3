-- Which keys of metadata a project has made dimensions, as JSON. A version is never changed; the newest is in
-- force.
CREATE TABLE dimensions (
    project_key INTEGER NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
    version     INTEGER NOT NULL,
    declared    TEXT    NOT NULL,
    actor       TEXT    NOT NULL,
    changed_at  INTEGER NOT NULL,
    PRIMARY KEY (project_key, version)
) STRICT;
