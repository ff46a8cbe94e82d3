-- Whether a tenant shows users by pseudonyms to whoever may not identify them, and the secret that
-- pseudonyms are made with, sealed by the master key. The secret stays, so that pseudonyms do.
CREATE TABLE privacy (
    tenant_key      INTEGER PRIMARY KEY NOT NULL REFERENCES tenants (key) ON DELETE CASCADE,
    anonymize_users INTEGER NOT NULL CHECK (anonymize_users IN (0, 1)),
    pseudonym_key   BLOB    NOT NULL,
    changed_at      INTEGER NOT NULL
) STRICT;

-- Users who are to be erased. The id is known while that is under way, and forgotten when it is done.
CREATE TABLE erasures (
    key          INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id           TEXT    NOT NULL UNIQUE,
    tenant_key   INTEGER NOT NULL REFERENCES tenants (key) ON DELETE CASCADE,
    project_key  INTEGER NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
    user_id      TEXT,
    actor        TEXT    NOT NULL,
    requested_at INTEGER NOT NULL,
    finished_at  INTEGER,
    rows         INTEGER,
    mentions     INTEGER,
    cube_rows    INTEGER,
    CHECK ((user_id IS NULL) = (finished_at IS NOT NULL))
) STRICT;

CREATE INDEX erasures_of_a_project ON erasures (project_key, key);

-- While a user is being erased, entries of the audit log may lose their id: in what was done, to what.
-- Who did what, when and from where stays as it was written.
DROP TRIGGER audit_log_keeps_what_was_written;

CREATE TRIGGER audit_log_keeps_what_was_written BEFORE UPDATE ON audit_log
WHEN NEW.key IS NOT OLD.key OR NEW.id IS NOT OLD.id OR NEW.tenant_key IS NOT OLD.tenant_key
    OR NEW.project_key IS NOT OLD.project_key OR NEW.kind IS NOT OLD.kind OR NEW.actor IS NOT OLD.actor
    OR NEW.address IS NOT OLD.address OR NEW.user_agent IS NOT OLD.user_agent
    OR NEW.action IS NOT OLD.action OR NEW.at IS NOT OLD.at
    OR NOT EXISTS (
        SELECT 1 FROM erasures WHERE project_key = OLD.project_key AND finished_at IS NULL)
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
