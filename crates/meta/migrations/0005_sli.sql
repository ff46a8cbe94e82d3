-- Service level targets, and what was measured against them. An empty workflow_id stands for the
-- whole project: NULLs would not be unique. "period" is the length that the API calls window: 1d,
-- 7d, 28d, 30d.

CREATE TABLE sli_configs (
    key                INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id                 TEXT    NOT NULL UNIQUE,
    tenant_key         INTEGER NOT NULL REFERENCES tenants (key) ON DELETE CASCADE,
    project_key        INTEGER NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
    workflow_id        TEXT    NOT NULL,
    target_success_pct REAL    NOT NULL,
    target_p95_ms      INTEGER NOT NULL,
    error_budget_pct   REAL    NOT NULL,
    period             TEXT    NOT NULL,
    minimum_runs       INTEGER NOT NULL,
    timezone           TEXT    NOT NULL,
    created_at         INTEGER NOT NULL,
    updated_at         INTEGER NOT NULL,
    UNIQUE (project_key, workflow_id)
) STRICT;

-- The target stands beside the figures: it may have changed since. The watermark is the last commit
-- that the figures know of.
CREATE TABLE sli_windows (
    key                   INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    tenant_key            INTEGER NOT NULL REFERENCES tenants (key) ON DELETE CASCADE,
    project_key           INTEGER NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
    workflow_id           TEXT    NOT NULL,
    period                TEXT    NOT NULL,
    window_start          INTEGER NOT NULL,
    window_end            INTEGER NOT NULL,
    successful_runs       INTEGER NOT NULL,
    failed_runs           INTEGER NOT NULL,
    success_pct           REAL,
    p95_ms                REAL,
    error_budget_burn_pct REAL,
    violates_target       INTEGER NOT NULL,
    verdict               TEXT    NOT NULL,
    target_success_pct    REAL    NOT NULL,
    target_p95_ms         INTEGER NOT NULL,
    error_budget_pct      REAL    NOT NULL,
    watermark             INTEGER NOT NULL,
    created_at            INTEGER NOT NULL,
    updated_at            INTEGER NOT NULL,
    UNIQUE (project_key, workflow_id, period, window_end)
) STRICT;
