"""The reports that each side answers, their time ranges, and their timing."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from weirbench.generate import DAYS, Dataset, workflow_id

WARM_UPS = 3
TOP = 10
ONE_WORKFLOW = workflow_id(9)

Row = list[Any]
"""Series: [bucket start in epoch seconds, executions, completed, failed, p50, p95].

Ranking: [workflow, executions, p95]. Percentiles are milliseconds."""


@dataclass(frozen=True)
class Report:
    """One report: `series` (hourly counts with p50 and p95) or `ranking` (slowest workflows by p95)."""

    name: str
    kind: str
    workflow: str | None = None


REPORTS = (
    Report("hourly series, all workflows", "series"),
    Report("hourly series, one workflow", "series", ONE_WORKFLOW),
    Report("slowest workflows by p95", "ranking"),
)


@dataclass(frozen=True)
class Window:
    """A time range: `start` is inclusive, `end` exclusive."""

    start: datetime
    end: datetime


def windows(dataset: Dataset, report: Report, runs: int) -> list[Window]:
    """A different 30-day range for each run, so that no cache can answer. The first is the data's own.

    Series shift by whole hours. Rankings cover whole days, as on a dashboard.
    """
    end = dataset.end_time
    if report.kind == "series":
        return [shifted(end, timedelta(hours=k)) for k in range(runs)]
    midnight = end.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return [
        Window(midnight - timedelta(days=DAYS + 1 - k % 7), midnight - timedelta(days=k // 7))
        for k in range(runs)
    ]


def shifted(end: datetime, by: timedelta) -> Window:
    return Window(end - by - timedelta(days=DAYS), end - by)


@dataclass
class Timing:
    """Latencies of one report on one side, with the answer to its first range."""

    report: str
    label: str
    millis: list[float]
    answer: list[Row]

    def summary(self) -> dict[str, Any]:
        return {
            "report": self.report,
            "label": self.label,
            "runs": len(self.millis),
            "p50": percentile(self.millis, 0.50),
            "p95": percentile(self.millis, 0.95),
            "answer": self.answer,
        }


def measure(
    label: str,
    report: Report,
    ranges: list[Window],
    ask: Callable[[Report, Window], Any],
    normalise: Callable[[Report, Any], list[Row]],
) -> Timing:
    """Runs the report once for each range, after a short warm-up on other ranges."""
    hour = timedelta(hours=1)
    for k in range(1, WARM_UPS + 1):
        ask(report, Window(ranges[0].start + 24 * k * hour, ranges[0].end + 24 * k * hour))
    millis: list[float] = []
    answer: list[Row] = []
    for position, window in enumerate(ranges):
        begin = time.perf_counter()
        raw = ask(report, window)
        millis.append((time.perf_counter() - begin) * 1e3)
        if position == 0:
            answer = normalise(report, raw)
    return Timing(report.name, label, millis, answer)


def percentile(values: list[float], share: float) -> float:
    """Nearest rank: the smallest value that at least `share` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def difference(answer: list[Row], exact: list[Row], kind: str) -> str | None:
    """How an answer differs from the exact one; None if the counts are equal."""
    if kind == "ranking":
        counts = {row[0]: row[1] for row in exact}
        wrong = [row[0] for row in answer if counts.get(row[0], row[1]) != row[1]]
        return f"wrong counts for {wrong[:3]}" if wrong else _short(answer, min(TOP, len(exact)))
    for mine, theirs in zip(answer, exact, strict=False):
        if mine[:4] != theirs[:4]:
            return f"bucket {mine[:4]} instead of {theirs[:4]}"
    return _short(answer, len(exact))


def _short(answer: list[Row], expected: int) -> str | None:
    return None if len(answer) == expected else f"{len(answer)} rows instead of {expected}"


def worst_percentile_error(answer: list[Row], exact: list[Row], least: int = 100) -> float | None:
    """Largest relative error of p50 and p95 in percent, over buckets with at least `least` executions."""
    errors = [
        abs(mine[i] - theirs[i]) / theirs[i] * 100
        for mine, theirs in zip(answer, exact, strict=False)
        for i in (4, 5)
        if len(theirs) > 5 and theirs[1] >= least
    ]
    return max(errors, default=None)
