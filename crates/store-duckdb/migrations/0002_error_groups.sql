-- What failed executions and failed steps are counted under; found while they are taken in, and given
-- anew to history when a project's rules or groups change.

ALTER TABLE executions ADD COLUMN error_group VARCHAR;
ALTER TABLE executions ADD COLUMN error_class VARCHAR;
ALTER TABLE steps ADD COLUMN error_group VARCHAR;
ALTER TABLE steps ADD COLUMN error_class VARCHAR;

-- Sequences of changes to stored events that are no commits of events: answers computed before them
-- are out of date.
CREATE TABLE changes (tenant INTEGER NOT NULL, project INTEGER NOT NULL, sequence BIGINT NOT NULL);
