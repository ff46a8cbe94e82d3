"""Runs one task of one side, alone in a process: reads a job from stdin, writes the result as JSON."""

from __future__ import annotations

import importlib
import json
import signal
import sys
from pathlib import Path
from typing import Any

from weirbench import reports
from weirbench.generate import chunk_paths, load_manifest
from weirbench.side import Reporter, Side

SIDES = {
    "duckdb": ("weirbench.duckdb_raw", "DuckDb"),
    "clickhouse": ("weirbench.clickhouse", "ClickHouse"),
    "postgres": ("weirbench.postgres", "Postgres"),
    "weir": ("weirbench.weir", "Weir"),
}
"""Imported when needed: the memory of a side must not include other engines."""
PRELOADED_CHUNKS = 10


def ingest(side: Side, job: dict[str, Any]) -> dict[str, Any]:
    directory = Path(job["dataset"])
    loads = side.ingest(load_manifest(directory), chunk_paths(directory))
    return {"loads": [load.summary() for load in loads]}


def report(side: Reporter, job: dict[str, Any]) -> dict[str, Any]:
    directory = Path(job["dataset"])
    dataset = load_manifest(directory)
    load = side.prepare_reports(dataset, chunk_paths(directory))
    timings = []
    for variant in side.variants():
        for chosen in reports.REPORTS:
            ranges = reports.windows(dataset, chosen, job["runs"])

            def ask(chosen: reports.Report, window: reports.Window, variant: str = variant) -> Any:
                return side.ask(variant, chosen, window)

            timings.append(reports.measure(variant, chosen, ranges, ask, side.normalise).summary())
    return {"load": load.summary(), "timings": timings}


def small(side: Any, job: dict[str, Any]) -> dict[str, Any]:
    """Small posts to a store that already contains data; all acknowledged events must be stored."""
    from weirbench import small_posts, weir  # noqa: PLC0415

    directory = Path(job["dataset"])
    weir.post_chunks(side.server, chunk_paths(directory)[:PRELOADED_CHUNKS], job["options"]["connections"])
    before = side.stored()
    steps = small_posts.measure(side.server, load_manifest(directory).seed)
    taken = sum(step["accepted"] for step in steps)
    # Posts in flight when the load ended may be stored without an acknowledgement.
    if side.stored() < before + taken:
        raise RuntimeError(f"Weir has {side.stored() - before} new executions; it acknowledged {taken}")
    return {"steps": steps}


TASKS = {"ingest": ingest, "reports": report, "small": small}


def main() -> None:
    # A termination signal must still run the `finally` that stops servers.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    job = json.load(sys.stdin)
    module, name = SIDES[job["side"]]
    side = getattr(importlib.import_module(module), name)(Path(job["directory"]), job["options"])
    try:
        result = TASKS[job["task"]](side, job)
        result |= {"version": side.version(), "memory": side.memory(), "disk_bytes": side.disk_bytes()}
    finally:
        side.close()
    Path(job["result"]).write_text(json.dumps(result))


if __name__ == "__main__":
    main()
