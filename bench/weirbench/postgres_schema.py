"""A conventional metrics schema for PostgreSQL: a table of events, a table of rollups, and the rollup job."""

from __future__ import annotations

TENANT = "00000000-0000-4000-8000-000000000001"
PROJECT = "00000000-0000-4000-8000-000000000002"

RESET = """
DROP TABLE IF EXISTS metrics_events, metrics_rollups;
DROP TYPE IF EXISTS metrics_event_type, rollup_bucket;
"""

SCHEMA = """
CREATE TYPE metrics_event_type AS ENUM (
  'run_started', 'run_succeeded', 'run_failed', 'pdf_succeeded', 'pdf_failed',
  'docx_succeeded', 'docx_failed', 'queue_enqueued', 'queue_dequeued'
);
CREATE TYPE rollup_bucket AS ENUM ('1m', '5m', '1h', '1d');
CREATE TABLE metrics_events (
  id UUID PRIMARY KEY,
  tenant_id UUID NOT NULL,
  project_id UUID NOT NULL,
  workflow_id UUID,
  run_id UUID,
  type metrics_event_type NOT NULL,
  ts TIMESTAMPTZ NOT NULL DEFAULT now(),
  duration_ms INTEGER,
  payload JSONB DEFAULT '{}'::jsonb,
  created_at TIMESTAMPTZ DEFAULT now()
);
CREATE INDEX metrics_events_project_ts_idx ON metrics_events (project_id, ts);
CREATE TABLE metrics_rollups (
  id UUID PRIMARY KEY,
  tenant_id UUID NOT NULL,
  project_id UUID NOT NULL,
  workflow_id UUID,
  bucket_start TIMESTAMPTZ NOT NULL,
  bucket rollup_bucket NOT NULL,
  runs_count INTEGER DEFAULT 0,
  runs_success INTEGER DEFAULT 0,
  runs_error INTEGER DEFAULT 0,
  dur_p50 INTEGER,
  dur_p95 INTEGER,
  pdf_success INTEGER DEFAULT 0,
  pdf_error INTEGER DEFAULT 0,
  docx_success INTEGER DEFAULT 0,
  docx_error INTEGER DEFAULT 0,
  queue_enqueued INTEGER DEFAULT 0,
  queue_dequeued INTEGER DEFAULT 0,
  created_at TIMESTAMPTZ DEFAULT now(),
  updated_at TIMESTAMPTZ DEFAULT now()
);
CREATE UNIQUE INDEX metrics_rollups_unique_idx ON metrics_rollups (
  project_id, COALESCE(workflow_id, '00000000-0000-0000-0000-000000000000'::uuid), bucket_start, bucket
);
"""

_FROM_JSON = f"""
SELECT (e->>'id')::uuid, '{TENANT}'::uuid, '{PROJECT}'::uuid, md5(e->>'workflowId')::uuid,
  (e->>'executionId')::uuid,
  (CASE e->>'status' WHEN 'completed' THEN 'run_succeeded' ELSE 'run_failed' END)::metrics_event_type,
  (e->>'timestamp')::timestamptz, (e->>'duration')::integer,
  e - '{{id,timestamp,executionId,duration}}'::text[]
"""
_COLUMNS = "id, tenant_id, project_id, workflow_id, run_id, type, ts, duration_ms, payload"

INSERT_LINES = f"""
INSERT INTO metrics_events ({_COLUMNS})
{_FROM_JSON} FROM (SELECT line::jsonb AS e FROM string_to_table(%s, E'\\n') AS line OFFSET 0) AS events
ON CONFLICT (id) DO NOTHING
"""
"""Inserts JSON lines, sent as one text; ids that are already stored are dropped, as in Weir.

`OFFSET 0` keeps the planner from parsing the JSON again for every column.
"""

STAGE = "CREATE TEMPORARY TABLE IF NOT EXISTS staged (e jsonb)"
COPY_LINES = r"COPY staged FROM STDIN (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')"
INSERT_STAGED = f"""
INSERT INTO metrics_events ({_COLUMNS}) {_FROM_JSON} FROM staged ON CONFLICT (id) DO NOTHING
"""

BUCKETS = {"1m": ("1 minute", 2), "5m": ("5 minutes", 14), "1h": ("1 hour", 400), "1d": ("1 day", 400)}
"""Bucket -> its width, and the number of past days that are rolled up."""


def rollup(bucket: str) -> str:
    """The rollup job for one bucket size: aggregate and upsert."""
    width, days = BUCKETS[bucket]
    return f"""
INSERT INTO metrics_rollups (
  id, tenant_id, project_id, workflow_id, bucket_start, bucket, runs_count, runs_success, runs_error,
  dur_p50, dur_p95, pdf_success, pdf_error, docx_success, docx_error, queue_enqueued, queue_dequeued
)
SELECT gen_random_uuid(), tenant_id, project_id, workflow_id,
  date_bin('{width}', ts, '2000-01-01Z') AS bucket_start, '{bucket}'::rollup_bucket,
  count(*) FILTER (WHERE type IN ('run_succeeded', 'run_failed')),
  count(*) FILTER (WHERE type = 'run_succeeded'),
  count(*) FILTER (WHERE type = 'run_failed'),
  percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_ms),
  percentile_cont(0.95) WITHIN GROUP (ORDER BY duration_ms),
  count(*) FILTER (WHERE type = 'pdf_succeeded'), count(*) FILTER (WHERE type = 'pdf_failed'),
  count(*) FILTER (WHERE type = 'docx_succeeded'), count(*) FILTER (WHERE type = 'docx_failed'),
  count(*) FILTER (WHERE type = 'queue_enqueued'), count(*) FILTER (WHERE type = 'queue_dequeued')
FROM metrics_events
WHERE ts >= now() - INTERVAL '{days} days'
GROUP BY tenant_id, project_id, workflow_id, bucket_start
ON CONFLICT (
  project_id, COALESCE(workflow_id, '00000000-0000-0000-0000-000000000000'::uuid), bucket_start, bucket
) DO UPDATE SET
  runs_count = EXCLUDED.runs_count, runs_success = EXCLUDED.runs_success, runs_error = EXCLUDED.runs_error,
  dur_p50 = EXCLUDED.dur_p50, dur_p95 = EXCLUDED.dur_p95, updated_at = now()
"""
