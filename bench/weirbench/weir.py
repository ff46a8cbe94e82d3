"""Weir: NDJSON posts over HTTP to the release binary, and reports with `POST /api/v1/query`."""

from __future__ import annotations

import json
import queue
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from weirbench.generate import Dataset
from weirbench.reports import TOP, Report, Row, Window
from weirbench.side import Ingest, directory_bytes
from weirbench.weir_server import WeirServer, query, request

LABEL = "Weir"
SERIES_METRICS = ["executions", "completed", "failed", "duration_p50", "duration_p95"]
FIRST_BACK_OFF_SECONDS = 0.05
IDLE_SECONDS = 3


class Weir:
    """See [`weirbench.side.Reporter`]."""

    def __init__(self, directory: Path, options: dict[str, Any]) -> None:
        self.options = options
        self.server = WeirServer(Path(options["binary"]), directory)
        self.connection = self.server.connect()

    def version(self) -> str:
        commit = self.options.get("commit", "")
        return f"Weir {commit}".strip()

    def ingest(self, dataset: Dataset, chunks: list[Path]) -> list[Ingest]:
        return [self._load(dataset, chunks)]

    def prepare_reports(self, dataset: Dataset, chunks: list[Path]) -> Ingest:
        loaded = self._load(dataset, chunks)
        loaded.details["settled_seconds"] = self.server.wait_until_settled(self.options["settle_seconds"])
        return loaded

    def variants(self) -> list[str]:
        return [LABEL]

    def ask(self, variant: str, report: Report, window: Window) -> Any:
        return query(self.connection, body(report, window))

    def normalise(self, report: Report, raw: Any) -> list[Row]:
        rows = [row for row in json.loads(raw)["rows"] if row["executions"]]
        if report.kind == "ranking":
            return [[row["workflow"], row["executions"], row["duration_p95"]] for row in rows]
        return [[_epoch(row["time"]), *(row[metric] for metric in SERIES_METRICS)] for row in rows]

    def memory(self) -> dict[str, float]:
        return self.server.memory()

    def disk_bytes(self) -> int:
        return directory_bytes(self.server.data)

    def close(self) -> None:
        self.server.stop()

    def _load(self, dataset: Dataset, chunks: list[Path]) -> Ingest:
        time.sleep(IDLE_SECONDS)
        idle = self.memory()["now"]
        begin = time.perf_counter()
        refusals = post_chunks(self.server, chunks, self.options["connections"])
        seconds = time.perf_counter() - begin
        if (stored := self.stored()) != dataset.rows:
            raise RuntimeError(f"Weir stored {stored} of {dataset.rows} executions")
        details = {
            "idle_megabytes": idle,
            "after_megabytes": self.memory()["now"],
            "disk_bytes": self.disk_bytes(),
            "retried_posts": refusals,
        }
        note = f"HTTP, durable, {self.options['connections']} connections"
        return Ingest(f"Weir, posts of {dataset.chunk_rows:,}", dataset.rows, seconds, note, details)

    def stored(self) -> int:
        """The number of stored executions according to a report."""
        answer = json.loads(query(self.connection, {"metrics": ["executions"], "range": {"all": True}}))
        return int(answer["rows"][0]["executions"])


def body(report: Report, window: Window) -> dict[str, Any]:
    """The report as a query."""
    range_ = {"from": window.start.isoformat(), "to": window.end.isoformat()}
    if report.kind == "ranking":
        return {
            "metrics": ["executions", "duration_p95"],
            "dimensions": ["workflow"],
            "range": range_,
            "orderBy": [{"metric": "duration_p95", "direction": "desc"}],
            "limit": TOP,
        }
    query: dict[str, Any] = {"metrics": SERIES_METRICS, "range": range_, "granularity": "hour"}
    if report.workflow:
        query["filters"] = [{"dimension": "workflow", "op": "in", "values": [report.workflow]}]
    return query


def post_chunks(server: WeirServer, chunks: list[Path], connections: int) -> int:
    """Posts every chunk file, in order, over several connections; returns the number of retried posts."""
    waiting: queue.SimpleQueue[Path] = queue.SimpleQueue()
    for chunk in chunks:
        waiting.put(chunk)
    failures: list[BaseException] = []
    refusals: list[int] = []

    def work() -> None:
        connection = server.connect()
        try:
            while not failures:
                refusals.append(_post(connection, waiting.get_nowait().read_bytes()))
        except queue.Empty:
            pass
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return sum(refusals)


def _post(connection: Any, lines: bytes) -> int:
    """Posts until the server accepts; returns how often it had to retry."""
    refused = 0
    while True:
        status, answer, retry_after = request(
            connection, "POST", "/api/v1/events", lines, {"Content-Type": "application/x-ndjson"}
        )
        if status in (429, 503):
            refused += 1
            time.sleep(max(retry_after, FIRST_BACK_OFF_SECONDS))
            continue
        receipt = json.loads(answer) if status == 200 else {}
        if receipt.get("accepted") != lines.count(b"\n"):
            raise RuntimeError(f"POST of events returned {status}: {answer[:500]!r}")
        return refused


def _epoch(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())
