-- Raw events, one table per type. Times are epoch milliseconds in UTC; money and credits are in
-- billionths. Cube tables are not made here: they are derived data, made from their declarations.

CREATE TABLE executions (
    tenant INTEGER NOT NULL, project INTEGER NOT NULL, sequence BIGINT NOT NULL, received BIGINT NOT NULL,
    id_hash UBIGINT NOT NULL, id VARCHAR NOT NULL, timestamp BIGINT NOT NULL, source VARCHAR NOT NULL,
    environment VARCHAR, workflow VARCHAR, version VARCHAR, "user" VARCHAR, metadata VARCHAR,
    execution_id VARCHAR NOT NULL, status VARCHAR NOT NULL, duration BIGINT, duration_given BOOLEAN NOT NULL,
    trigger_id VARCHAR, trigger_type VARCHAR, step_count BIGINT,
    error_type VARCHAR, error_message VARCHAR, error_step VARCHAR,
    retry_of VARCHAR, parent_execution_id VARCHAR, subject_id VARCHAR
);

CREATE TABLE steps (
    tenant INTEGER NOT NULL, project INTEGER NOT NULL, sequence BIGINT NOT NULL, received BIGINT NOT NULL,
    id_hash UBIGINT NOT NULL, id VARCHAR NOT NULL, timestamp BIGINT NOT NULL, source VARCHAR NOT NULL,
    environment VARCHAR, workflow VARCHAR, version VARCHAR, "user" VARCHAR, metadata VARCHAR,
    execution_id VARCHAR NOT NULL, step VARCHAR NOT NULL, step_type VARCHAR, status VARCHAR NOT NULL,
    start_time BIGINT, end_time BIGINT, duration BIGINT, attempt BIGINT,
    input_size BIGINT, output_size BIGINT, items_in BIGINT, items_out BIGINT,
    credits BIGINT, cache_hit BOOLEAN, error_type VARCHAR, error_message VARCHAR
);

CREATE TABLE costs (
    tenant INTEGER NOT NULL, project INTEGER NOT NULL, sequence BIGINT NOT NULL, received BIGINT NOT NULL,
    id_hash UBIGINT NOT NULL, id VARCHAR NOT NULL, timestamp BIGINT NOT NULL, source VARCHAR NOT NULL,
    environment VARCHAR, workflow VARCHAR, version VARCHAR, "user" VARCHAR, metadata VARCHAR,
    execution_id VARCHAR, action_type VARCHAR, provider VARCHAR, model VARCHAR,
    api_calls BIGINT, input_tokens BIGINT, output_tokens BIGINT, credits BIGINT, amount BIGINT
);

CREATE TABLE activities (
    tenant INTEGER NOT NULL, project INTEGER NOT NULL, sequence BIGINT NOT NULL, received BIGINT NOT NULL,
    id_hash UBIGINT NOT NULL, id VARCHAR NOT NULL, timestamp BIGINT NOT NULL, source VARCHAR NOT NULL,
    environment VARCHAR, workflow VARCHAR, version VARCHAR, "user" VARCHAR, metadata VARCHAR,
    session_id VARCHAR, action VARCHAR NOT NULL, resource VARCHAR, resource_id VARCHAR, duration BIGINT
);

CREATE TABLE documents (
    tenant INTEGER NOT NULL, project INTEGER NOT NULL, sequence BIGINT NOT NULL, received BIGINT NOT NULL,
    id_hash UBIGINT NOT NULL, id VARCHAR NOT NULL, timestamp BIGINT NOT NULL, source VARCHAR NOT NULL,
    environment VARCHAR, workflow VARCHAR, version VARCHAR, "user" VARCHAR, metadata VARCHAR,
    execution_id VARCHAR, document_kind VARCHAR NOT NULL, status VARCHAR NOT NULL, duration BIGINT, file_size BIGINT
);

CREATE TABLE queue_events (
    tenant INTEGER NOT NULL, project INTEGER NOT NULL, sequence BIGINT NOT NULL, received BIGINT NOT NULL,
    id_hash UBIGINT NOT NULL, id VARCHAR NOT NULL, timestamp BIGINT NOT NULL, source VARCHAR NOT NULL,
    environment VARCHAR, workflow VARCHAR, version VARCHAR, "user" VARCHAR, metadata VARCHAR,
    queue VARCHAR NOT NULL, queue_action VARCHAR NOT NULL, execution_id VARCHAR, wait_ms BIGINT
);

CREATE TABLE goals (
    tenant INTEGER NOT NULL, project INTEGER NOT NULL, sequence BIGINT NOT NULL, received BIGINT NOT NULL,
    id_hash UBIGINT NOT NULL, id VARCHAR NOT NULL, timestamp BIGINT NOT NULL, source VARCHAR NOT NULL,
    environment VARCHAR, workflow VARCHAR, version VARCHAR, "user" VARCHAR, metadata VARCHAR,
    execution_id VARCHAR, subject_id VARCHAR, goal VARCHAR NOT NULL, value BIGINT
);

-- Names that events gave to ids; the row with the newest timestamp holds.
CREATE TABLE names (
    tenant INTEGER NOT NULL, project INTEGER NOT NULL, dimension VARCHAR NOT NULL,
    id VARCHAR NOT NULL, name VARCHAR NOT NULL, timestamp BIGINT NOT NULL
);

-- The last commit whose rollup partials are in the cubes. Partials of later commits were still in memory.
CREATE TABLE rollup_state (flushed_sequence BIGINT NOT NULL);
INSERT INTO rollup_state VALUES (0);

-- The columns that each cube table was made with; a change of declaration makes it anew.
CREATE TABLE cube_tables (name VARCHAR PRIMARY KEY, columns VARCHAR NOT NULL);
