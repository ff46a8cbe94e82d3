-- Where people of an organisation log in elsewhere (OpenID Connect). The client secret is sealed. Whoever the
-- provider knows and a domain names joins with the role join_as; without one, nobody joins.
CREATE TABLE identity_providers (
    key           INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id            TEXT    NOT NULL UNIQUE,
    tenant_key    INTEGER NOT NULL UNIQUE REFERENCES tenants (key) ON DELETE CASCADE,
    name          TEXT    NOT NULL,
    issuer        TEXT    NOT NULL,
    client_id     TEXT    NOT NULL,
    client_secret BLOB,
    join_as       TEXT,
    created_at    INTEGER NOT NULL
) STRICT;

-- A domain leads to one provider only.
CREATE TABLE identity_domains (
    domain       TEXT    PRIMARY KEY NOT NULL,
    provider_key INTEGER NOT NULL REFERENCES identity_providers (key) ON DELETE CASCADE
) STRICT;

-- Whom a provider's subject is here.
CREATE TABLE identities (
    provider_key INTEGER NOT NULL REFERENCES identity_providers (key) ON DELETE CASCADE,
    subject      TEXT    NOT NULL,
    person_key   INTEGER NOT NULL REFERENCES people (key) ON DELETE CASCADE,
    created_at   INTEGER NOT NULL,
    PRIMARY KEY (provider_key, subject)
) STRICT;

-- Log-ins under way, each good for one return. Only the SHA-256 of the browser's token is kept.
CREATE TABLE identity_logins (
    hash         BLOB    PRIMARY KEY NOT NULL,
    provider_key INTEGER NOT NULL REFERENCES identity_providers (key) ON DELETE CASCADE,
    expires_at   INTEGER NOT NULL
) STRICT;

-- Set where a provider opened the session: it opens that provider's organisation and no other.
ALTER TABLE sessions ADD COLUMN provider_key INTEGER REFERENCES identity_providers (key) ON DELETE CASCADE;
