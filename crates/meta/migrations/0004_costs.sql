-- Prices, budgets, and who changed what. Money is in billionths of US dollars (budgets: or credits),
-- times are epoch milliseconds.

-- What providers take for tokens and calls, from a moment on. A null model is every model without a
-- price of its own.
CREATE TABLE prices (
    key                INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id                 TEXT    NOT NULL UNIQUE,
    project_key        INTEGER NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
    provider           TEXT    NOT NULL,
    model              TEXT,
    effective_from     INTEGER NOT NULL,
    input_per_million  INTEGER,
    output_per_million INTEGER,
    per_call           INTEGER,
    created_at         INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX one_price_at_a_time ON prices (project_key, provider, ifnull(model, ''), effective_from);

-- A change of prices, and whether stored costs follow it by now. The newest is the book's version.
CREATE TABLE price_changes (
    key           INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id            TEXT    NOT NULL UNIQUE,
    project_key   INTEGER NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
    version       INTEGER NOT NULL,
    actor         TEXT    NOT NULL,
    changed_at    INTEGER NOT NULL,
    restated_at   INTEGER,
    records       INTEGER,
    amount_before INTEGER,
    amount_after  INTEGER,
    UNIQUE (project_key, version)
) STRICT;

-- A budget is of a tenant (no project), or of a project, a workflow or a user in it.
CREATE TABLE budgets (
    key         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id          TEXT    NOT NULL UNIQUE,
    tenant_key  INTEGER NOT NULL REFERENCES tenants (key) ON DELETE CASCADE,
    project_key INTEGER REFERENCES projects (key) ON DELETE CASCADE,
    name        TEXT    NOT NULL,
    level       TEXT    NOT NULL CHECK (level IN ('tenant', 'project', 'workflow', 'user')),
    subject     TEXT,
    metric      TEXT    NOT NULL,
    amount      INTEGER NOT NULL,
    period      TEXT    NOT NULL,
    timezone    TEXT    NOT NULL,
    changed_at  INTEGER NOT NULL,
    CHECK ((level = 'tenant') = (project_key IS NULL)),
    CHECK ((level IN ('workflow', 'user')) = (subject IS NOT NULL))
) STRICT;

CREATE INDEX budgets_of_a_tenant ON budgets (tenant_key, project_key);

CREATE TABLE budget_thresholds (
    budget_key INTEGER NOT NULL REFERENCES budgets (key) ON DELETE CASCADE,
    basis      TEXT    NOT NULL,
    percent    REAL    NOT NULL,
    PRIMARY KEY (budget_key, basis, percent)
) STRICT;

-- A threshold that was reached: once in a period, however often it is looked at.
CREATE TABLE budget_alerts (
    key          INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id           TEXT    NOT NULL UNIQUE,
    budget_key   INTEGER NOT NULL REFERENCES budgets (key) ON DELETE CASCADE,
    basis        TEXT    NOT NULL,
    percent      REAL    NOT NULL,
    period_from  INTEGER NOT NULL,
    period_to    INTEGER NOT NULL,
    value        INTEGER NOT NULL,
    amount       INTEGER NOT NULL,
    fired_at     INTEGER NOT NULL,
    UNIQUE (budget_key, basis, percent, period_from)
) STRICT;

-- Who changed what. The detail is JSON.
CREATE TABLE audit_log (
    key         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id          TEXT    NOT NULL UNIQUE,
    tenant_key  INTEGER NOT NULL REFERENCES tenants (key) ON DELETE CASCADE,
    project_key INTEGER REFERENCES projects (key) ON DELETE CASCADE,
    actor       TEXT    NOT NULL,
    action      TEXT    NOT NULL,
    subject     TEXT    NOT NULL,
    detail      TEXT    NOT NULL,
    at          INTEGER NOT NULL
) STRICT;

CREATE INDEX audit_of_a_project ON audit_log (tenant_key, project_key, key);
