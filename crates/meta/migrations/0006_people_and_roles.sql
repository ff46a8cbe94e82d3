-- People are known by one e-mail address wherever they belong to, and belong to organisations by
-- roles. Whoever had an account owned their tenant. Sessions begin anew.

CREATE TABLE former AS SELECT key, tenant_key FROM people;

-- Without a hash nobody logs in with a password.
CREATE TABLE people_now (
    key           INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id            TEXT    NOT NULL UNIQUE,
    email         TEXT    NOT NULL UNIQUE,
    name          TEXT    NOT NULL,
    password_hash TEXT,
    created_at    INTEGER NOT NULL
) STRICT;

INSERT INTO people_now (key, id, email, name, password_hash, created_at)
SELECT key, id, email, name, password_hash, created_at FROM people;

DROP TABLE sessions;
DROP TABLE people;
ALTER TABLE people_now RENAME TO people;

-- The role of a person in a tenant; without a project it is of the whole tenant. At most one a level.
CREATE TABLE memberships (
    key         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    tenant_key  INTEGER NOT NULL REFERENCES tenants (key) ON DELETE CASCADE,
    person_key  INTEGER NOT NULL REFERENCES people (key) ON DELETE CASCADE,
    project_key INTEGER REFERENCES projects (key) ON DELETE CASCADE,
    role        TEXT    NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX one_role_a_level ON memberships (person_key, tenant_key, ifnull(project_key, 0));
CREATE INDEX memberships_of_a_tenant ON memberships (tenant_key);

INSERT INTO memberships (tenant_key, person_key, role, created_at)
SELECT former.tenant_key, former.key, 'owner', people.created_at
FROM former JOIN people ON people.key = former.key;

DROP TABLE former;

-- Only the SHA-256 of a session's token is kept. The tenant is the one that the person looks at.
CREATE TABLE sessions (
    hash         BLOB    PRIMARY KEY NOT NULL,
    id           TEXT    NOT NULL UNIQUE,
    person_key   INTEGER NOT NULL REFERENCES people (key) ON DELETE CASCADE,
    tenant_key   INTEGER NOT NULL REFERENCES tenants (key) ON DELETE CASCADE,
    created_at   INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    address      TEXT,
    user_agent   TEXT
) STRICT;

CREATE INDEX sessions_of_a_person ON sessions (person_key);

-- Scopes are words separated by spaces: ingest, read, manage. Bound to an environment, a key sends to
-- it and reads of it alone.
ALTER TABLE api_keys RENAME COLUMN permissions TO scopes;
ALTER TABLE api_keys ADD COLUMN environment TEXT;
ALTER TABLE api_keys ADD COLUMN expires_at INTEGER;
ALTER TABLE api_keys ADD COLUMN replaced_by TEXT;
ALTER TABLE api_keys ADD COLUMN created_by TEXT;
