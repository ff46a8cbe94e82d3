"""DuckDB alone: the JSON in one raw table of a durable file, without rollups; reports read the rows."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

import duckdb

from weirbench.generate import Dataset
from weirbench.reports import TOP, Report, Row, Window
from weirbench.side import Ingest, directory_bytes, process_megabytes

LABEL = "DuckDB, raw rows"
COLUMNS = {
    "type": "VARCHAR",
    "id": "UUID",
    "timestamp": "TIMESTAMP",
    "environment": "VARCHAR",
    "workflowId": "VARCHAR",
    "workflowName": "VARCHAR",
    "workflowVersion": "VARCHAR",
    "userId": "VARCHAR",
    "executionId": "UUID",
    "status": "VARCHAR",
    "duration": "BIGINT",
    "triggerType": "VARCHAR",
    "stepCount": "INTEGER",
    "errorType": "VARCHAR",
    "errorMessage": "VARCHAR",
    "errorStep": "VARCHAR",
    "metadata": "JSON",
}
COUNTS = "count(*) FILTER (status = 'completed'), count(*) FILTER (status IN ('failed', 'crashed'))"


class DuckDb:
    """See [`weirbench.side.Reporter`]."""

    def __init__(self, directory: Path, options: dict[str, Any]) -> None:
        self.directory = directory
        directory.mkdir(parents=True)
        self.connection = duckdb.connect(str(directory / "raw.duckdb"))

    def version(self) -> str:
        return f"DuckDB {duckdb.__version__}"

    def ingest(self, dataset: Dataset, chunks: list[Path]) -> list[Ingest]:
        return [self._load(dataset, str(chunks[0].parent / "*.ndjson"))]

    def prepare_reports(self, dataset: Dataset, chunks: list[Path]) -> Ingest:
        return self._load(dataset, str(chunks[0].parent / "*.ndjson"))

    def variants(self) -> list[str]:
        return [LABEL]

    def ask(self, variant: str, report: Report, window: Window) -> Any:
        return self.connection.execute(sql(report, window)).fetchall()

    def normalise(self, report: Report, raw: Any) -> list[Row]:
        if report.kind == "ranking":
            return [list(row) for row in raw]
        return [[int(row[0]), *row[1:4], *row[4]] for row in raw]

    def memory(self) -> dict[str, float]:
        return process_megabytes()

    def disk_bytes(self) -> int:
        return directory_bytes(self.directory)

    def close(self) -> None:
        self.connection.close()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _load(self, dataset: Dataset, source: str) -> Ingest:
        columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
        self.connection.execute(f"CREATE OR REPLACE TABLE executions ({columns})")
        schema = ", ".join(f"{name}: '{kind}'" for name, kind in COLUMNS.items())
        begin = time.perf_counter()
        self.connection.execute(
            f"INSERT INTO executions SELECT * FROM read_json('{source}', "
            f"format = 'newline_delimited', columns = {{{schema}}})"
        )
        seconds = time.perf_counter() - begin
        self.connection.execute("CHECKPOINT")
        counted = self.connection.execute("SELECT count(*) FROM executions").fetchone()
        if counted != (dataset.rows,):
            raise RuntimeError(f"DuckDB stored {counted} of {dataset.rows} rows")
        details = {"disk_bytes": self.disk_bytes()}
        return Ingest("DuckDB, raw only, one INSERT", dataset.rows, seconds, "no rollups", details)


def sql(report: Report, window: Window) -> str:
    """Exact percentiles, which are the reference for the other sides."""
    where = " AND ".join(
        [
            f"timestamp >= TIMESTAMP '{window.start:%Y-%m-%d %H:%M:%S}'",
            f"timestamp < TIMESTAMP '{window.end:%Y-%m-%d %H:%M:%S}'",
            *([f"workflowId = '{report.workflow}'"] if report.workflow else []),
        ]
    )
    if report.kind == "ranking":
        return (
            "SELECT workflowId, count(*), quantile_disc(duration, 0.95) AS p95 FROM executions "
            f"WHERE {where} GROUP BY workflowId ORDER BY p95 DESC LIMIT {TOP}"
        )
    return (
        f"SELECT epoch(date_trunc('hour', timestamp)) AS time, count(*), {COUNTS}, "
        f"quantile_disc(duration, [0.5, 0.95]) FROM executions WHERE {where} GROUP BY time ORDER BY time"
    )
