-- The step of the same execution that contains a step; null at the top.
ALTER TABLE steps ADD COLUMN parent_step VARCHAR;
-- How many milliseconds of its duration a step waited; null for none. Of steps that are stored already, their
-- types tell: see `waits.rs`.
ALTER TABLE steps ADD COLUMN wait_duration BIGINT;
