-- Ways to an account: set-up, invitations, new passwords, the second factor. Of every secret only
-- the SHA-256 is kept; each is good for one use.

-- Whoever has the token becomes the owner of the tenant.
CREATE TABLE setups (
    hash       BLOB    PRIMARY KEY NOT NULL,
    tenant_key INTEGER NOT NULL REFERENCES tenants (key) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE password_resets (
    hash       BLOB    PRIMARY KEY NOT NULL,
    person_key INTEGER NOT NULL REFERENCES people (key) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

-- An invitation and the roles that it brings.
CREATE TABLE invitations (
    key        INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id         TEXT    NOT NULL UNIQUE,
    hash       BLOB    NOT NULL UNIQUE,
    tenant_key INTEGER NOT NULL REFERENCES tenants (key) ON DELETE CASCADE,
    email      TEXT    NOT NULL,
    name       TEXT,
    invited_by TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    UNIQUE (tenant_key, email)
) STRICT;

CREATE TABLE invited_roles (
    invitation_key INTEGER NOT NULL REFERENCES invitations (key) ON DELETE CASCADE,
    project_key    INTEGER REFERENCES projects (key) ON DELETE CASCADE,
    role           TEXT    NOT NULL
) STRICT;

CREATE INDEX roles_of_an_invitation ON invited_roles (invitation_key);

-- When a person was last seen in a tenant: sessions go, this stays.
CREATE TABLE sightings (
    person_key   INTEGER NOT NULL REFERENCES people (key) ON DELETE CASCADE,
    tenant_key   INTEGER NOT NULL REFERENCES tenants (key) ON DELETE CASCADE,
    last_seen_at INTEGER NOT NULL,
    PRIMARY KEY (person_key, tenant_key)
) STRICT;

-- The environments that people named, beside those that events name.
CREATE TABLE environments (
    project_key INTEGER NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
    name        TEXT    NOT NULL,
    PRIMARY KEY (project_key, name)
) STRICT;
