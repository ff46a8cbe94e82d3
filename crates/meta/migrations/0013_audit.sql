-- Who read or changed what, when, and from where. The log is append-only; two ways lead past that, and
-- both leave a trace: retention deletes what is older than the horizon, which only moves forward, and
-- the erasure of a user puts a pseudonym in place of their id (see 0015).
ALTER TABLE audit_log ADD COLUMN kind TEXT NOT NULL DEFAULT 'change' CHECK (kind IN ('change', 'access'));
ALTER TABLE audit_log ADD COLUMN address TEXT;
ALTER TABLE audit_log ADD COLUMN user_agent TEXT;

CREATE INDEX audit_by_time ON audit_log (at);

-- One row: entries from this moment on are kept.
CREATE TABLE audit_horizon (
    only INTEGER PRIMARY KEY NOT NULL CHECK (only = 1),
    at   INTEGER NOT NULL
) STRICT;

INSERT INTO audit_horizon (only, at) VALUES (1, 0);

CREATE TRIGGER audit_horizon_moves_forward BEFORE UPDATE ON audit_horizon WHEN NEW.at < OLD.at
BEGIN
    SELECT RAISE(ABORT, 'the horizon of the audit log only moves forward');
END;

CREATE TRIGGER audit_horizon_stays BEFORE DELETE ON audit_horizon
BEGIN
    SELECT RAISE(ABORT, 'the audit log has one horizon');
END;

CREATE TRIGGER audit_log_keeps_entries BEFORE DELETE ON audit_log
WHEN OLD.at >= (SELECT at FROM audit_horizon)
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER audit_log_keeps_what_was_written BEFORE UPDATE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

-- REPLACE deletes without asking the triggers of deletes.
CREATE TRIGGER audit_log_replaces_nothing BEFORE INSERT ON audit_log
WHEN EXISTS (SELECT 1 FROM audit_log WHERE key = NEW.key OR id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
