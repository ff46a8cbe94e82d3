-- Control data: who may do what. Times are epoch milliseconds, public ids are UUIDv7 as text,
-- keys are the numbers that the event store knows tenants and projects by.

CREATE TABLE tenants (
    key        INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id         TEXT    NOT NULL UNIQUE,
    name       TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE projects (
    key        INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id         TEXT    NOT NULL UNIQUE,
    tenant_key INTEGER NOT NULL REFERENCES tenants (key) ON DELETE CASCADE,
    name       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (tenant_key, name)
) STRICT;

-- The e-mail is in lower case. The hash is a PHC string (argon2id).
CREATE TABLE people (
    key           INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id            TEXT    NOT NULL UNIQUE,
    tenant_key    INTEGER NOT NULL REFERENCES tenants (key) ON DELETE CASCADE,
    email         TEXT    NOT NULL UNIQUE,
    name          TEXT    NOT NULL,
    password_hash TEXT    NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;

-- Only the SHA-256 of a key is kept; the prefix lets people tell keys apart. Permissions are words
-- separated by spaces: ingest, read, manage.
CREATE TABLE api_keys (
    key          INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id           TEXT    NOT NULL UNIQUE,
    project_key  INTEGER NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
    name         TEXT    NOT NULL,
    prefix       TEXT    NOT NULL,
    hash         BLOB    NOT NULL UNIQUE,
    permissions  TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER,
    revoked_at   INTEGER
) STRICT;

CREATE INDEX api_keys_of_a_project ON api_keys (project_key);

-- Only the SHA-256 of a session's token is kept.
CREATE TABLE sessions (
    hash       BLOB    PRIMARY KEY NOT NULL,
    person_key INTEGER NOT NULL REFERENCES people (key) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX sessions_of_a_person ON sessions (person_key);
