-- Whose event it is. `execution` is the hash of the identity (weir_model::ExecutionHash): project,
-- environment, workflow and executionId; its upper half is that of project and executionId alone, and a lower
-- half of zero names no execution. A row that counts tells what all events of its run tell; `own` is a JSON
-- object of what its event itself said in columns where that differs, and null nearly everywhere.

ALTER TABLE executions ADD COLUMN execution UBIGINT;
ALTER TABLE executions ADD COLUMN own VARCHAR;
-- An end that a later end of its run corrects.
ALTER TABLE executions ADD COLUMN superseded BOOLEAN;
-- An open execution that is open for too long.
ALTER TABLE executions ADD COLUMN stale BOOLEAN;
-- The hashes of the execution that it retries, and of the one that called it.
ALTER TABLE executions ADD COLUMN retried UBIGINT;
ALTER TABLE executions ADD COLUMN parent UBIGINT;
ALTER TABLE executions ADD COLUMN parent_workflow VARCHAR;

ALTER TABLE steps ADD COLUMN execution UBIGINT;
ALTER TABLE steps ADD COLUMN own VARCHAR;
ALTER TABLE costs ADD COLUMN execution UBIGINT;
ALTER TABLE costs ADD COLUMN own VARCHAR;
ALTER TABLE documents ADD COLUMN execution UBIGINT;
ALTER TABLE documents ADD COLUMN own VARCHAR;
ALTER TABLE queue_events ADD COLUMN execution UBIGINT;
ALTER TABLE queue_events ADD COLUMN own VARCHAR;
ALTER TABLE goals ADD COLUMN execution UBIGINT;
ALTER TABLE goals ADD COLUMN own VARCHAR;

-- The environments that executions of a workflow named; null for none.
CREATE TABLE workflow_environments (
    tenant INTEGER NOT NULL, project INTEGER NOT NULL, workflow VARCHAR NOT NULL, environment VARCHAR
);

-- By which rules stored events are placed: nothing, or other rules, mean that they are to be placed anew.
CREATE TABLE placed_by (rules VARCHAR NOT NULL);
