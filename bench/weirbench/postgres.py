"""PostgreSQL 15 with a conventional metrics schema, loaded in three ways, each followed by its rollup job."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, LiteralString

import psycopg

from weirbench.generate import Dataset
from weirbench.postgres_schema import (
    BUCKETS,
    COPY_LINES,
    INSERT_LINES,
    INSERT_STAGED,
    RESET,
    SCHEMA,
    STAGE,
    rollup,
)
from weirbench.postgres_server import PostgresServer
from weirbench.side import Ingest

Batch = list[str]
Connection = psycopg.Connection[Any]
Sender = Callable[[Connection, Batch], None]


class Postgres:
    """See [`weirbench.side.Side`]. The client only sends lines; PostgreSQL parses the JSON."""

    def __init__(self, directory: Path, options: dict[str, Any]) -> None:
        self.server = PostgresServer(directory)

    def version(self) -> str:
        with self._connect() as connection:
            return f"PostgreSQL {_value(connection, 'SHOW server_version').split()[0]}"

    def ingest(self, dataset: Dataset, chunks: list[Path]) -> list[Ingest]:
        lines = [line for chunk in chunks for line in chunk.read_text().splitlines()]
        return [
            self._load(
                "PostgreSQL, one INSERT per event", lines[:20_000], 1, 16, _insert, "as a simple service"
            ),
            self._load("PostgreSQL, INSERTs of 1,000", lines[:200_000], 1_000, 2, _insert, ""),
            self._load("PostgreSQL, COPY of 20,000", lines, 20_000, 2, _copy, "through a temporary table"),
        ]

    def memory(self) -> dict[str, float]:
        """No figure: most of it is shared memory, which every PostgreSQL process would count again."""
        return {}

    def disk_bytes(self) -> int:
        with self._connect() as connection:
            return int(
                _value(
                    connection,
                    "SELECT pg_total_relation_size('metrics_events') + "
                    "pg_total_relation_size('metrics_rollups')",
                )
            )

    def close(self) -> None:
        self.server.stop()

    def _load(
        self, label: str, lines: list[str], batch: int, connections: int, send: Sender, note: str
    ) -> Ingest:
        with self._connect() as connection:
            connection.execute(RESET)
            connection.execute(SCHEMA)
        batches = [lines[start : start + batch] for start in range(0, len(lines), batch)]
        begin = time.perf_counter()
        self._send_all(batches, connections, send)
        loaded = time.perf_counter()
        with self._connect() as connection:
            connection.execute("ANALYZE metrics_events")
            for bucket in BUCKETS:
                connection.execute(rollup(bucket))
            seconds = time.perf_counter() - begin
            stored = _value(connection, "SELECT count(*) FROM metrics_events")
        if stored != len(lines):
            raise RuntimeError(f"{label}: stored {stored} of {len(lines)} rows")
        details = {"load_seconds": loaded - begin, "rollup_seconds": begin + seconds - loaded}
        return Ingest(label, len(lines), seconds, note, details | {"disk_bytes": self.disk_bytes()})

    def _send_all(self, batches: list[Batch], connections: int, send: Sender) -> None:
        failures: list[BaseException] = []

        def work(share: list[Batch]) -> None:
            try:
                with self._connect() as connection:
                    for batch in share:
                        send(connection, batch)
            except BaseException as failure:
                failures.append(failure)

        threads = [threading.Thread(target=work, args=(batches[i::connections],)) for i in range(connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]

    def _connect(self) -> Connection:
        return psycopg.connect(self.server.conninfo, autocommit=True)


def _value(connection: Connection, sql: LiteralString) -> Any:
    row = connection.execute(sql).fetchone()
    return row[0] if row else None


def _insert(connection: Connection, batch: Batch) -> None:
    connection.execute(INSERT_LINES, ("\n".join(batch),), prepare=True)


def _copy(connection: Connection, batch: Batch) -> None:
    with connection.transaction():
        connection.execute(STAGE)
        with connection.cursor() as cursor, cursor.copy(COPY_LINES) as copy:
            copy.write("\n".join(batch))
        connection.execute(INSERT_STAGED)
        connection.execute("TRUNCATE staged")
