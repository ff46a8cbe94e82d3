-- The raw source of a cube of declared dimensions: a row of each fact of the family for each of the project's keys
-- that are marked fast.
CREATE MACRO declared_{family}_facts(t, p, f, u) AS TABLE
    SELECT * REPLACE (CASE WHEN declared_value IS NULL OR NOT overflows
            OR EXISTS (SELECT 1 FROM declared_values AS d WHERE d.tenant = t AND d.project = p
                AND d.key = declared_key AND d.value = declared_value)
        THEN declared_value ELSE 'other' END AS declared_value)
    FROM (
        SELECT facts.*, k.key AS declared_key, k.overflows AS overflows,
            coalesce(said(facts.metadata, k.pointer), told.value) AS declared_value
        FROM {family}_facts(t, p, f, u) AS facts
        CROSS JOIN (SELECT key, pointer, overflows FROM declared_keys WHERE tenant = t AND project = p AND fast) AS k
        LEFT JOIN (
            SELECT execution, declared, arg_max(value, place) AS value FROM (
                SELECT e.execution, struct_pack(at := e.timestamp, id := e.id, named := NOT left_out_environment(e.own)) AS place,
                    j.key AS declared, said(said_itself(e.own, '$.metadata', e.metadata), j.pointer) AS value
                FROM executions AS e
                CROSS JOIN (SELECT key, pointer FROM declared_keys WHERE tenant = t AND project = p AND fast) AS j
                WHERE e.tenant = t AND e.project = p
                    AND e.execution IN (SELECT execution FROM {family}_facts(t, p, f, u)))
            GROUP BY execution, declared) AS told
        ON told.execution = facts.execution AND told.declared = k.key);
