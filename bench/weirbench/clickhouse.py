"""ClickHouse in this process (chdb): the same JSON in a MergeTree, with rollup views like Weir's cubes."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

from chdb.session import Session

from weirbench.clickhouse_schema import (
    create_statements,
    insert_statement,
    raw_sql,
    rollup_sql,
    rollup_tables,
)
from weirbench.generate import Dataset
from weirbench.reports import Report, Row, Window
from weirbench.side import Ingest, directory_bytes, process_megabytes

RAW = "ClickHouse, raw rows"
ROLLUP = "ClickHouse, rollup views"
BULK = "ClickHouse, one INSERT"


class ClickHouse:
    """See [`weirbench.side.Reporter`]."""

    def __init__(self, directory: Path, options: dict[str, Any]) -> None:
        self.directory = directory
        self.session = Session(str(directory))

    def version(self) -> str:
        return f"ClickHouse {self._rows('SELECT version()')[0][0]} (chdb)"

    def ingest(self, dataset: Dataset, chunks: list[Path]) -> list[Ingest]:
        """The load without rollups comes first and warms up the engine for the others."""
        everything = [_pattern(chunks)]
        return [
            self._load(dataset, "ClickHouse, raw only, one INSERT", everything, "no rollups", rollups=False),
            self._load(dataset, BULK, everything, "no fsync"),
            self._load(
                dataset,
                f"ClickHouse, INSERTs of {dataset.chunk_rows:,}",
                [str(path) for path in chunks],
                "fsync of every part, as durable as Weir",
                durable=True,
            ),
        ]

    def prepare_reports(self, dataset: Dataset, chunks: list[Path]) -> Ingest:
        loaded = self._load(dataset, BULK, [_pattern(chunks)], "no fsync")
        for table in ["executions_raw", *rollup_tables()]:
            self.session.query(f"OPTIMIZE TABLE bench.{table} FINAL")
        return loaded

    def variants(self) -> list[str]:
        return [RAW, ROLLUP]

    def ask(self, variant: str, report: Report, window: Window) -> Any:
        sql = raw_sql(report, window) if variant == RAW else rollup_sql(report, window)
        return self.session.query(sql, "JSONCompactEachRow").bytes()

    def normalise(self, report: Report, raw: Any) -> list[Row]:
        rows = [json.loads(line) for line in raw.splitlines()]
        if report.kind == "ranking":
            return [[workflow, int(count), float(p95)] for workflow, count, p95 in rows]
        return [[*(int(v) for v in row[:4]), *(float(p) for p in row[4])] for row in rows]

    def memory(self) -> dict[str, float]:
        return process_megabytes()

    def disk_bytes(self) -> int:
        return directory_bytes(self.directory)

    def close(self) -> None:
        self.session.close()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _load(
        self,
        dataset: Dataset,
        label: str,
        sources: list[str],
        note: str,
        *,
        rollups: bool = True,
        durable: bool = False,
    ) -> Ingest:
        for statement in create_statements(rollups=rollups, durable=durable):
            self.session.query(statement)
        begin = time.perf_counter()
        for source in sources:
            self.session.query(insert_statement(source))
        seconds = time.perf_counter() - begin
        stored = self._rows("SELECT count() FROM bench.executions_raw")[0][0]
        if int(stored) != dataset.rows:
            raise RuntimeError(f"{label}: stored {stored} of {dataset.rows} rows")
        return Ingest(label, dataset.rows, seconds, note, {"disk_bytes": self.disk_bytes()})

    def _rows(self, sql: str) -> list[list[Any]]:
        text = self.session.query(sql, "JSONCompactEachRow").bytes().decode()
        return [json.loads(line) for line in text.splitlines()]


def _pattern(chunks: list[Path]) -> str:
    return str(chunks[0].parent / "*.ndjson")
