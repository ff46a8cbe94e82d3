-- The raw source of each family: one row per fact, with the columns that weir_model::cube declares; `metadata` is
-- what the event's row tells beside them, and `execution` the execution whose metadata the fact has, too.
-- These are code, not data: they are created anew whenever the store is opened, in a database in memory.

-- A sum of 128 bits in 64: beyond their bounds it is held at them, as sums of partials are (weir_store::partials).
CREATE MACRO held(total) AS
    CASE WHEN total > 9223372036854775807 THEN 9223372036854775807
        WHEN total < -9223372036854775807 THEN -9223372036854775807 - 1
        ELSE CAST(total AS BIGINT) END;

-- What an event of an execution said itself. Its row may tell what others said, and keep that when it counts no longer.
CREATE MACRO said_itself(own, path, told) AS
    CASE WHEN own IS NOT NULL AND json_exists(own, path) THEN json_extract_string(own, path) ELSE told END;

-- Whether an event of an execution left out its environment, which its row has from another.
CREATE MACRO left_out_environment(own) AS own IS NOT NULL AND json_exists(own, '$.environment');

-- Whether an event of an execution comes after another of it (weir_store::fold::order).
CREATE MACRO comes_after(moment, id, own, other_moment, other_id, other_own) AS
    moment > other_moment OR (moment = other_moment AND (id > other_id
        OR (id = other_id AND left_out_environment(other_own) AND NOT left_out_environment(own))));

-- The events that count executions: the last end of each run, and of a run that has not ended its newest event.
-- {skew}: how far clocks may differ; a start that lies so much after an end is no new run (weir_store::fold).
-- `state` is what the event said, also where `status` is stale.
CREATE MACRO counted_executions(t, p, f, u) AS TABLE
    SELECT *, status AS state FROM executions
    WHERE tenant = t AND project = p AND timestamp >= f AND timestamp < u
        AND status NOT IN ('started', 'waiting') AND superseded IS NOT TRUE
    UNION ALL
    SELECT * REPLACE (CASE WHEN stale THEN 'stale' ELSE status END AS status,
        NULL AS duration, NULL AS step_count), status AS state
    FROM executions AS n
    WHERE tenant = t AND project = p AND timestamp >= f AND timestamp < u AND status IN ('started', 'waiting')
        AND NOT EXISTS (
            SELECT 1 FROM executions AS e
            WHERE e.tenant = t AND e.project = p AND e.timestamp >= greatest(f, -4611686018427387904) - {skew}
                AND e.execution = n.execution AND e.execution_id = n.execution_id
                AND (comes_after(e.timestamp, e.id, e.own, n.timestamp, n.id, n.own)
                    OR (e.status NOT IN ('started', 'waiting') AND e.timestamp >= n.timestamp - {skew})));

CREATE MACRO executions_facts(t, p, f, u) AS TABLE
    SELECT timestamp, environment, workflow, version, trigger_type,
        CASE WHEN parent IS NULL THEN 'root' ELSE 'child' END AS called,
        status, error_type, error_step, "user", source,
        1::BIGINT AS count, (duration IS NOT NULL)::BIGINT AS duration_count, coalesce(duration, 0) AS duration_sum,
        coalesce(step_count, 0) AS step_count, duration AS value, metadata, NULL::UBIGINT AS execution
    FROM counted_executions(t, p, f, u);

-- Retries that leave out the environment and name an execution of which there is none without one: the only
-- execution of the workflow by that name, if there is just one.
CREATE MACRO loose_retries(t, p) AS TABLE
    SELECT l.execution, min(o.execution) AS retried
    FROM (SELECT DISTINCT execution, workflow, retry_of FROM executions AS r
            WHERE tenant = t AND project = p AND retry_of IS NOT NULL AND environment IS NULL
                AND NOT EXISTS (SELECT 1 FROM executions AS x
                    WHERE x.tenant = t AND x.project = p AND x.execution = r.retried)) AS l
        JOIN executions AS o ON o.tenant = t AND o.project = p AND o.workflow = l.workflow AND o.execution_id = l.retry_of
    GROUP BY l.execution
    HAVING min(o.execution) = max(o.execution) AND min(o.execution) <> l.execution;

CREATE MACRO work_facts(t, p, f, u) AS TABLE
    SELECT timestamp, environment, workflow, version, trigger_type,
        CASE WHEN parent IS NULL THEN 'root' ELSE 'child' END AS called,
        status, error_type, error_step, "user", source, 1::BIGINT AS count, NULL::BIGINT AS value,
        metadata, NULL::UBIGINT AS execution
    FROM executions AS n
    WHERE tenant = t AND project = p AND timestamp >= f AND timestamp < u
        AND status NOT IN ('started', 'waiting') AND superseded IS NOT TRUE
        AND NOT EXISTS (
            SELECT 1 FROM executions AS r
            WHERE r.tenant = t AND r.project = p AND r.retried = n.execution AND r.execution <> n.execution)
        AND execution NOT IN (SELECT retried FROM loose_retries(t, p));

CREATE MACRO errors_facts(t, p, f, u) AS TABLE
    SELECT timestamp, environment, workflow, version, trigger_type,
        CASE WHEN parent IS NULL THEN 'root' ELSE 'child' END AS called,
        status, error_type, error_group, error_class, error_step, "user", source,
        1::BIGINT AS count, NULL::BIGINT AS value, metadata, NULL::UBIGINT AS execution
    FROM executions
    WHERE tenant = t AND project = p AND timestamp >= f AND timestamp < u AND status IN ('failed', 'crashed')
        AND superseded IS NOT TRUE;

CREATE MACRO steps_facts(t, p, f, u) AS TABLE
    SELECT timestamp, environment, workflow, version, step, step_type, status, error_type, error_group, error_class, "user", source,
        1::BIGINT AS count, (duration IS NOT NULL)::BIGINT AS duration_count, coalesce(duration, 0) AS duration_sum,
        coalesce(wait_duration, 0) AS wait_sum, (coalesce(attempt, 1) > 1)::BIGINT AS retries, coalesce(items_in, 0) AS items_in,
        coalesce(items_out, 0) AS items_out, coalesce(input_size, 0) AS input_size,
        coalesce(output_size, 0) AS output_size, coalesce(credits, 0) AS credits,
        (cache_hit IS NOT NULL)::BIGINT AS cache_lookups, coalesce(cache_hit, false)::BIGINT AS cache_hits,
        duration AS value, metadata, execution
    FROM steps WHERE tenant = t AND project = p AND timestamp >= f AND timestamp < u AND copied IS NOT TRUE;

-- What a cost counts beyond its parts.
-- Refunds beyond the lower bound count as that much, so that the difference fits into 64 bits (weir_store::amounts).
CREATE MACRO beyond_parts(own, covered) AS
    CASE WHEN covered IS NULL THEN coalesce(own, 0)
        ELSE greatest(own - greatest(covered, -4611686018427387904), 0) END;

CREATE MACRO costs_facts(t, p, f, u) AS TABLE
    SELECT timestamp, environment, workflow, version, step, "user", action_type, provider, model, unit, source,
        1::BIGINT AS count, beyond_parts(amount, covered_amount) AS amount,
        beyond_parts(credits, covered_credits) AS credits,
        beyond_parts(api_calls, covered_api_calls) AS api_calls,
        beyond_parts(input_tokens, covered_input_tokens) AS input_tokens,
        beyond_parts(output_tokens, covered_output_tokens) AS output_tokens,
        beyond_parts(cache_read_tokens, covered_cache_read_tokens) AS cache_read_tokens,
        beyond_parts(cache_write_tokens, covered_cache_write_tokens) AS cache_write_tokens,
        beyond_parts(reasoning_tokens, covered_reasoning_tokens) AS reasoning_tokens,
        beyond_parts(units, covered_units) AS units,
        (amount IS NULL AND (foreign_amount IS NOT NULL
            OR CASE WHEN covered_amount IS NULL
                THEN input_tokens IS NOT NULL OR output_tokens IS NOT NULL OR units IS NOT NULL
                ELSE greatest(input_tokens - covered_input_tokens, output_tokens - covered_output_tokens,
                    units - covered_units, 0) > 0 END))::BIGINT AS unpriced,
        NULL::BIGINT AS value, metadata, execution
    FROM costs WHERE tenant = t AND project = p AND timestamp >= f AND timestamp < u;

CREATE MACRO activity_facts(t, p, f, u) AS TABLE
    SELECT timestamp, environment, workflow, "user", 'activity' AS event_type, action, resource, source,
        1::BIGINT AS count, coalesce(duration, 0) AS duration_sum, NULL::BIGINT AS value,
        metadata, NULL::UBIGINT AS execution
    FROM activities WHERE tenant = t AND project = p AND timestamp >= f AND timestamp < u
    UNION ALL
    SELECT timestamp, environment, workflow, "user", event_type, NULL, NULL, source, 1::BIGINT, 0::BIGINT, NULL::BIGINT,
        metadata, execution
    FROM (
        -- What an execution's row tells of a user may have been told by another event.
        SELECT tenant, project, timestamp, environment, workflow,
            said_itself(own, '$.user', "user") AS "user",
            'execution' AS event_type, source, said_itself(own, '$.metadata', metadata) AS metadata, execution FROM executions
        UNION ALL
        SELECT tenant, project, timestamp, environment, workflow, "user", 'step', source, metadata, execution FROM steps
            WHERE copied IS NOT TRUE
        UNION ALL
        SELECT tenant, project, timestamp, environment, workflow, "user", 'cost', source, metadata, execution FROM costs
        UNION ALL
        SELECT tenant, project, timestamp, environment, workflow, "user", 'document', source, metadata, execution FROM documents
        UNION ALL
        SELECT tenant, project, timestamp, environment, workflow, "user", 'queue', source, metadata, execution FROM queue_events
        UNION ALL
        SELECT tenant, project, timestamp, environment, workflow, "user", 'goal', source, metadata, execution FROM goals
    ) WHERE tenant = t AND project = p AND timestamp >= f AND timestamp < u AND "user" IS NOT NULL;

CREATE MACRO documents_facts(t, p, f, u) AS TABLE
    SELECT timestamp, environment, workflow, document_kind, status, "user", source,
        1::BIGINT AS count, (duration IS NOT NULL)::BIGINT AS duration_count, coalesce(duration, 0) AS duration_sum,
        coalesce(file_size, 0) AS file_size, duration AS value, metadata, execution
    FROM documents WHERE tenant = t AND project = p AND timestamp >= f AND timestamp < u;

CREATE MACRO queues_facts(t, p, f, u) AS TABLE
    SELECT timestamp, environment, workflow, queue, queue_action, source,
        1::BIGINT AS count, (wait_ms IS NOT NULL)::BIGINT AS duration_count, coalesce(wait_ms, 0) AS duration_sum,
        wait_ms AS value, metadata, execution
    FROM queue_events WHERE tenant = t AND project = p AND timestamp >= f AND timestamp < u;

CREATE MACRO goals_facts(t, p, f, u) AS TABLE
    SELECT timestamp, environment, workflow, goal, "user", source,
        1::BIGINT AS count, coalesce(value, 0) AS goal_value, NULL::BIGINT AS value, metadata, execution
    FROM goals WHERE tenant = t AND project = p AND timestamp >= f AND timestamp < u;

CREATE MACRO arrivals_facts(t, p, f, u) AS TABLE
    SELECT timestamp, environment, source, event_type, 1::BIGINT AS count, NULL::BIGINT AS value, metadata, execution
    FROM (
        SELECT tenant, project, timestamp, environment, 'execution' AS event_type, source,
            said_itself(own, '$.metadata', metadata) AS metadata, execution FROM executions
        UNION ALL
        SELECT tenant, project, timestamp, environment, 'step', source, metadata, execution FROM steps
        UNION ALL
        SELECT tenant, project, timestamp, environment, 'cost', source, metadata, execution FROM costs
        UNION ALL
        SELECT tenant, project, timestamp, environment, 'activity', source, metadata, NULL::UBIGINT FROM activities
        UNION ALL
        SELECT tenant, project, timestamp, environment, 'document', source, metadata, execution FROM documents
        UNION ALL
        SELECT tenant, project, timestamp, environment, 'queue', source, metadata, execution FROM queue_events
        UNION ALL
        SELECT tenant, project, timestamp, environment, 'goal', source, metadata, execution FROM goals
    ) WHERE tenant = t AND project = p AND timestamp >= f AND timestamp < u;

-- What metadata says under a key, a JSON pointer, as a value of a declared dimension: text, a number or a truth.
-- Lists, objects, null and the empty text say nothing.
CREATE MACRO said(m, pointer) AS
    CASE WHEN TRY(json_type(m, pointer)) IN ('VARCHAR', 'BIGINT', 'UBIGINT', 'DOUBLE', 'BOOLEAN')
        THEN nullif(left(TRY(json_extract_string(m, pointer)), 200), '') END;

-- What the events of executions told under a key, with their place among the execution's events.
CREATE MACRO told(t, p, pointer) AS TABLE
    SELECT execution, struct_pack(at := timestamp, id := id, named := NOT left_out_environment(own)) AS place, said(said_itself(own, '$.metadata', metadata), pointer) AS value
    FROM executions WHERE tenant = t AND project = p;

-- A value of a declared dimension, if it is one of those that are named.
CREATE MACRO named(t, p, k, v) AS
    CASE WHEN v IS NULL OR v IN (SELECT value FROM declared_values WHERE tenant = t AND project = p AND key = k)
        THEN v ELSE 'other' END;
