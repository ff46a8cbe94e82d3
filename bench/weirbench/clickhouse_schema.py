"""The ClickHouse side's SQL: a raw MergeTree, a rollup view for each of Weir's cubes, and the reports."""

from __future__ import annotations

import math
from dataclasses import dataclass

from weirbench.reports import TOP, Report, Window

TEXT = "LowCardinality(String)"
RAW_COLUMNS = (
    ("type", "type", TEXT),
    ("id", "id", "UUID"),
    ("timestamp", "timestamp", "DateTime64(3, 'UTC')"),
    ("environment", "environment", TEXT),
    ("workflowId", "workflow", TEXT),
    ("workflowName", "workflow_name", TEXT),
    ("workflowVersion", "version", TEXT),
    ("userId", "user", TEXT),
    ("executionId", "execution_id", "UUID"),
    ("status", "status", TEXT),
    ("duration", "duration", "UInt64"),
    ("triggerType", "trigger_type", TEXT),
    ("stepCount", "step_count", "UInt32"),
    ("errorType", "error_type", TEXT),
    ("errorMessage", "error_message", "String"),
    ("errorStep", "error_step", TEXT),
    ("metadata", "metadata", "String"),
)
"""Name in the JSON, name of the column, type."""

BUCKETS = {
    "1m": ("toStartOfMinute(timestamp)", 2),
    "5m": ("toStartOfFiveMinutes(timestamp)", 14),
    "1h": ("toStartOfHour(timestamp)", 400),
    "1d": ("toStartOfDay(timestamp)", None),
}
"""Granularity -> start of the bucket, and days until a partial expires (Weir's retention)."""

ACCURACY = 1 / 128
"""Relative error of the log buckets: that of Weir's sketches."""
WIDTH = math.log((1 + ACCURACY) / (1 - ACCURACY))
SKETCH = f"sumMap([toUInt16(ceil(log(greatest(duration, 1)) / {WIDTH}))], [toUInt64(1)])"
"""Log bucket -> count, as two arrays: here, a quarter faster to load than a `Map`."""

INSERT_SETTINGS = (
    "max_insert_threads = 2, max_threads = 2, parallel_view_processing = 1, optimize_on_insert = 0, "
    "date_time_input_format = 'best_effort', input_format_skip_unknown_fields = 1"
)
"""Without `optimize_on_insert`, merging happens in the background; here, that loads twice as fast."""

COUNTS = "countIf(status = 'completed') AS completed, countIf(status IN ('failed', 'crashed')) AS failed"


@dataclass(frozen=True)
class Cube:
    """A family of rollup rows: its dimensions, the rows that feed it, and whether it has durations."""

    name: str
    dimensions: tuple[str, ...]
    where: str = "1"
    durations: bool = False
    finer: str = ""  # the cube whose partials are summed instead of raw rows

    @property
    def key(self) -> str:
        return ", ".join(("tenant", "project", *self.dimensions, "bucket"))

    @property
    def columns(self) -> str:
        dimensions = ", ".join(f"{name} {TEXT}" for name in ("tenant", "project", *self.dimensions))
        columns = f"{dimensions}, bucket DateTime('UTC'), count SimpleAggregateFunction(sum, UInt64)"
        if not self.durations:
            return columns
        return columns + (
            ", duration_count SimpleAggregateFunction(sum, UInt64)"
            ", duration_sum SimpleAggregateFunction(sum, UInt64)"
            ", steps SimpleAggregateFunction(sum, UInt64)"
            ", sketch SimpleAggregateFunction(sumMap, Tuple(Array(UInt16), Array(UInt64)))"
        )

    @property
    def measures(self) -> str:
        if self.finer:
            sums = ("count", "duration_count", "duration_sum", "steps")
            return ", ".join(f"sum({name}) AS {name}" for name in sums) + ", sumMap(sketch) AS sketch"
        if not self.durations:
            return "count() AS count"
        return (
            "count() AS count, count(duration) AS duration_count, sum(duration) AS duration_sum, "
            f"sum(step_count) AS steps, {SKETCH} AS sketch"
        )

    def statements(self, granularity: str) -> list[str]:
        """The table of a granularity, and the view that fills it on every INSERT."""
        start, days = BUCKETS[granularity]
        table = f"bench.{self.name}_{granularity}"
        expiry = f" TTL bucket + INTERVAL {days} DAY" if days else ""
        create = (
            f"CREATE TABLE {table} ({self.columns}) "
            f"ENGINE = AggregatingMergeTree ORDER BY ({self.key}){expiry}"
        )
        if self.finer:
            selected, source = self.key, f"bench.{self.finer}_{granularity}"
        else:
            fresh = f" AND timestamp >= now() - INTERVAL {days} DAY" if days else ""
            selected = self.key.replace("bucket", f"{start} AS bucket")
            source = f"bench.executions_raw WHERE {self.where}{fresh}"
        view = (
            f"CREATE MATERIALIZED VIEW {table}_view TO {table} AS "
            f"SELECT {selected}, {self.measures} FROM {source} GROUP BY {self.key}"
        )
        return [create, view]


CUBES = (
    Cube("executions", ("environment", "workflow", "version", "trigger_type", "status"), durations=True),
    Cube("executions_total", ("status",), durations=True, finer="executions"),
    Cube("executions_environments", ("environment", "status"), durations=True, finer="executions"),
    Cube("executions_workflows", ("workflow", "status"), durations=True, finer="executions"),
    Cube("activity", ("environment", "workflow", "user", "type")),
    Cube(
        "errors",
        ("environment", "workflow", "version", "status", "error_type", "error_step"),
        where="status IN ('failed', 'crashed')",
    ),
    Cube("arrivals", ("environment", "type")),
)
"""The cubes of Weir that an execution event feeds, with their dimensions."""


def rollup_tables() -> list[str]:
    return [f"{cube.name}_{granularity}" for cube in CUBES for granularity in BUCKETS]


def create_statements(*, rollups: bool, durable: bool) -> list[str]:
    """Creates the database and its tables; with `durable`, an INSERT returns only after fsync."""
    columns = ", ".join(f"{name} {kind}" for _, name, kind in RAW_COLUMNS)
    fsync = " SETTINGS fsync_after_insert = 1, fsync_part_directory = 1" if durable else ""
    raw = (
        f"CREATE TABLE bench.executions_raw (tenant {TEXT} DEFAULT 'bench', project {TEXT} DEFAULT 'bench', "
        f"{columns}) ENGINE = MergeTree PARTITION BY toYYYYMM(timestamp) "
        f"ORDER BY (tenant, project, workflow, timestamp){fsync}"
    )
    statements = ["DROP DATABASE IF EXISTS bench SYNC", "CREATE DATABASE bench ENGINE = Atomic", raw]
    if rollups:
        for cube in CUBES:
            for granularity in BUCKETS:
                table, view = cube.statements(granularity)
                statements += [table + fsync, view]
    return statements


def insert_statement(source: str) -> str:
    """Inserts the JSON lines of a file, or of all files that match a pattern."""
    names = ", ".join(name for name, _, _ in RAW_COLUMNS)
    columns = ", ".join(column for _, column, _ in RAW_COLUMNS)
    schema = ", ".join(f"{name} {kind}" for name, _, kind in RAW_COLUMNS).replace("'", "\\'")
    return (
        f"INSERT INTO bench.executions_raw ({columns}) SELECT {names} "
        f"FROM file('{source}', 'JSONEachRow', '{schema}') SETTINGS {INSERT_SETTINGS}"
    )


def raw_sql(report: Report, window: Window) -> str:
    """`quantiles` (reservoir sampling) is ClickHouse's default estimate, and its fastest."""
    where = _where("timestamp", report, window)
    if report.kind == "ranking":
        return (
            "SELECT workflow, count() AS executions, quantile(0.95)(duration) AS p95 "
            f"FROM bench.executions_raw WHERE {where} GROUP BY workflow ORDER BY p95 DESC LIMIT {TOP}"
        )
    return (
        f"SELECT toUnixTimestamp(toStartOfHour(timestamp)) AS time, count() AS executions, {COUNTS}, "
        f"quantiles(0.5, 0.95)(duration) FROM bench.executions_raw WHERE {where} GROUP BY time ORDER BY time"
    )


def rollup_sql(report: Report, window: Window) -> str:
    """Sums partials; percentiles come from the merged log buckets."""
    where = _where("bucket", report, window)
    if report.kind == "ranking":
        return (
            f"SELECT workflow, sum(count), {_quantiles('0.95')}[1] AS p95 FROM bench.executions_workflows_1d "
            f"WHERE {where} GROUP BY workflow ORDER BY p95 DESC LIMIT {TOP}"
        )
    table = "executions_workflows_1h" if report.workflow else "executions_total_1h"
    return (
        "SELECT toUnixTimestamp(bucket) AS time, sum(count), sumIf(count, status = 'completed'), "
        f"sumIf(count, status IN ('failed', 'crashed')), {_quantiles('0.5, 0.95')} "
        f"FROM bench.{table} WHERE {where} GROUP BY time ORDER BY time"
    )


def _quantiles(shares: str) -> str:
    """The middles of the log buckets in which the counts reach the shares.

    Six times faster than `sumMap` and a running sum of its values, with the same answer.
    """
    buckets = f"quantilesExactWeightedArray({shares})(sketch.1, sketch.2)"
    return f"arrayMap(bucket -> exp({WIDTH} * bucket) * {1 - ACCURACY}, {buckets})"


def _where(column: str, report: Report, window: Window) -> str:
    start, end = (int(moment.timestamp()) for moment in (window.start, window.end))
    condition = (
        f"tenant = 'bench' AND project = 'bench' AND {column} >= toDateTime({start}, 'UTC') "
        f"AND {column} < toDateTime({end}, 'UTC')"
    )
    return condition + (f" AND workflow = '{report.workflow}'" if report.workflow else "")
