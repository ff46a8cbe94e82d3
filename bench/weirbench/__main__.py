"""The command: generates the data, runs each side alone, prints the table and writes it into the README."""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from weirbench import machine
from weirbench.generate import Dataset, generate, last_full_hour
from weirbench.processes import stop_group
from weirbench.table import render, write_between_markers

BENCH = Path(__file__).resolve().parent.parent
REPOSITORY = BENCH.parent
PARTS = {
    "ingest": ("duckdb", "clickhouse", "postgres", "weir"),
    "reports": ("duckdb", "clickhouse", "weir"),
    "small": ("weir",),
}
"""The sides of each part, in the order in which they run."""
SIDES = PARTS["ingest"]
STOP_SECONDS = 150
BUSY = 0.5


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/run", description=__doc__)
    parser.add_argument(
        "--rows", type=int, default=1_000_000, help="executions to ingest (default %(default)s)"
    )
    parser.add_argument("--report-rows", type=int, default=10_000_000, help="executions for the reports")
    parser.add_argument("--runs", type=int, default=30, help="runs of each report")
    parser.add_argument("--only", type=_names(PARTS), default=list(PARTS), help="parts: ingest,reports,small")
    parser.add_argument(
        "--skip", type=_names(SIDES), default=[], help="sides to skip, for example postgres"
    )
    parser.add_argument("--workflows", type=int, default=1_000)
    parser.add_argument("--zipf", type=float, default=1.1, help="exponent of the workflows' popularity")
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument(
        "--end", default=last_full_hour(), help="RFC 3339 end of the 30 days (default: the current hour)"
    )
    parser.add_argument("--connections", type=int, default=3, help="Weir's ingest connections")
    parser.add_argument(
        "--settle", type=float, default=600.0, help="seconds to wait for Weir's compaction before reports"
    )
    parser.add_argument("--binary", type=Path, default=REPOSITORY / "bin" / "weir")
    parser.add_argument("--timeout", type=float, default=1_800.0, help="seconds for one side in one part")
    parser.add_argument("--work-dir", type=Path, help="directory for data; kept for the next run")
    parser.add_argument(
        "--readme", action=argparse.BooleanOptionalAction, help="update bench/README.md (default: full runs)"
    )
    return parser.parse_args()


def _names(known: Any) -> Any:
    def parse(text: str) -> list[str]:
        names = text.split(",")
        for name in names:
            if name not in known:
                raise argparse.ArgumentTypeError(f"{name} is not one of {', '.join(known)}")
        return names

    return parse


class Runner:
    """Runs workers one after the other, and never leaves one running."""

    def __init__(self, options: argparse.Namespace, work: Path) -> None:
        self.options = options
        self.work = work
        self.failed = False

    def run(self, part: str, side: str, dataset: Path) -> dict[str, Any] | None:
        """The side's measurements; None, with a message on stderr, if it failed."""
        directory = self.work / "side"
        shutil.rmtree(directory, ignore_errors=True)
        result = self.work / "worker.json"
        result.unlink(missing_ok=True)
        job = {
            "side": side,
            "task": part,
            "dataset": str(dataset),
            "directory": str(directory),
            "result": str(result),
            "runs": self.options.runs,
            "options": {
                "binary": str(self.options.binary.resolve()),
                "connections": self.options.connections,
                "settle_seconds": self.options.settle,
                "commit": machine.commit(REPOSITORY),
            },
        }
        _say(f"{part}: {side}")
        failure = self._worker(json.dumps(job))
        shutil.rmtree(directory, ignore_errors=True)
        if failure or not result.exists():
            _say(f"{part}: {side} failed{failure}")
            self.failed = True
            return None
        measured: dict[str, Any] = json.loads(result.read_text())
        return measured

    def _worker(self, job: str) -> str:
        """Runs one job; returns why it failed, or an empty string."""
        command = [sys.executable, "-m", "weirbench.worker"]
        worker = subprocess.Popen(command, stdin=subprocess.PIPE, text=True, start_new_session=True)
        try:
            worker.communicate(job, timeout=self.options.timeout)
        except subprocess.TimeoutExpired:
            return f": not finished within {self.options.timeout:.0f} s"
        finally:
            stop_group(worker, STOP_SECONDS)
        return f" with exit code {worker.returncode}" if worker.returncode else ""


def measure(options: argparse.Namespace, runner: Runner, work: Path) -> dict[str, Any]:
    """Runs the requested parts: {"machine": ..., part: {"rows", "bytes", "sides": {side: result}}}."""
    results: dict[str, Any] = {"machine": machine.describe(REPOSITORY)}
    if results["machine"]["load_before"] > BUSY:
        _say("the machine is busy; the figures will be unreliable")
    base = Dataset(options.rows, options.end, options.seed, workflows=options.workflows, zipf=options.zipf)
    for part in options.only:
        dataset = replace(base, rows=options.report_rows if part == "reports" else options.rows)
        directory = work / f"executions-{dataset.rows}"
        _say(f"{part}: generating {dataset.rows:,} executions")
        generate(dataset, directory)
        sides = [side for side in PARTS[part] if side not in options.skip]
        results[part] = {"rows": dataset.rows, "bytes": sum(p.stat().st_size for p in directory.iterdir())}
        measured = {side: runner.run(part, side, directory) for side in sides}
        results[part]["sides"] = {side: result for side, result in measured.items() if result}
        (work / "results.json").write_text(json.dumps(results))
    return results


def _say(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


def main() -> None:
    for ending in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(ending, lambda *_: sys.exit(143))
    options = arguments()
    if "weir" not in options.skip and not options.binary.exists():
        raise SystemExit(f"bench: {options.binary} does not exist; run `make build`, or use --skip weir")
    work = options.work_dir or Path(tempfile.mkdtemp(prefix="weir-bench-"))
    work.mkdir(parents=True, exist_ok=True)
    work.chmod(0o755)  # PostgreSQL runs as another user
    runner = Runner(options, work)
    try:
        results = measure(options, runner, work)
    finally:
        if options.work_dir is None:
            for leftover in [*work.glob("executions-*"), work / "side"]:
                shutil.rmtree(leftover, ignore_errors=True)
    table = render(results)
    print(table)
    complete = options.only == list(PARTS) and not options.skip and not runner.failed
    if complete if options.readme is None else options.readme:
        write_between_markers(BENCH / "README.md", table)
    _say(f"all results are in {work / 'results.json'}")
    if runner.failed:
        sys.exit(1)


if __name__ == "__main__":
    main()
