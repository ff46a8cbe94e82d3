"""The results as Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from weirbench.reports import REPORTS, Row, difference, worst_percentile_error

BEGIN = "<!-- measured: begin -->"
END = "<!-- measured: end -->"
Cells = list[str]


def render(results: dict[str, Any]) -> str:
    """All measured parts, with the machine at the top."""
    parts = [_machine(results)]
    measured = {part for part in results if part != "machine" and results[part]["sides"]}
    if "ingest" in measured:
        parts += [_ingest(results["ingest"]), _memory(results["ingest"])]
    if "reports" in measured:
        parts.append(_reports(results["reports"]))
    if "small" in measured:
        parts.append(_small(results["small"]))
    return "\n\n".join(parts)


def write_between_markers(page: Path, table: str) -> None:
    """Replaces the table between the markers of a page."""
    before, _, rest = page.read_text().partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise RuntimeError(f"{page} has no markers for the table")
    page.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{after}")


def _machine(results: dict[str, Any]) -> str:
    about = results["machine"]
    versions = {
        side["version"]: None
        for part in ("ingest", "reports", "small")
        for side in results.get(part, {}).get("sides", {}).values()
    }
    return (
        f"Measured {about['measured']} on {about['cores']} cores ({about['processor']}), "
        f"{about['memory_gb']} GB, {about['system']}. {', '.join(versions)}; "
        f"client Python {about['python']}. "
        f"Load average before: {about['load_before']}."
    )


def _ingest(part: dict[str, Any]) -> str:
    loads = [load for side in part["sides"].values() for load in side["loads"]]
    weir = _weir_rate(part)
    rows = [
        [
            load["label"],
            f"{load['rows']:,}",
            f"{load['seconds']:.1f} s",
            f"{load['rows_per_second']:,.0f}",
            _times(weir / load["rows_per_second"]) if weir else "",
            _megabytes(load["details"]["disk_bytes"]),
            load["note"],
        ]
        for load in loads
    ]
    head = ["", "executions", "time", "executions/s", "Weir / this", "on disk", ""]
    size = part["bytes"] / part["rows"]
    return f"### Ingest: {part['rows']:,} executions of {size:.0f} bytes\n\n{_table(head, rows)}"


def _weir_rate(part: dict[str, Any]) -> float | None:
    weir = part["sides"].get("weir")
    return float(weir["loads"][0]["rows_per_second"]) if weir else None


def _memory(part: dict[str, Any]) -> str:
    rows = []
    for side in part["sides"].values():
        if side["memory"]:
            idle = side["loads"][0]["details"].get("idle_megabytes")
            rows.append(
                [side["version"], f"{idle:.0f} MB" if idle else "", f"{side['memory']['peak']:.0f} MB"]
            )
    table = _table(["", "idle", "peak while loading"], rows)
    return f"Resident memory (in-process engines include Python):\n\n{table}"


def _reports(part: dict[str, Any]) -> str:
    timings = [timing for side in part["sides"].values() for timing in side["timings"]]
    rows = [row for report in REPORTS for row in _report_rows(report.name, report.kind, timings)]
    head = ["report", "side", "p50", "p95", "this / Weir, p50", "p95", "counts", "percentile error"]
    runs = max(timing["runs"] for timing in timings)
    title = f"### Reports: 30 days over {part['rows']:,} executions, each run {runs} times, uncached"
    weir = part["sides"].get("weir")
    memory = (
        f"\n\nWeir with this data: {weir['memory']['now']:.0f} MB resident, "
        f"{weir['memory']['peak']:.0f} MB at peak, {_megabytes(weir['disk_bytes'])} on disk. "
        f"It settled {weir['load']['details']['settled_seconds']:.0f} s after the load."
        if weir
        else ""
    )
    loaded = ", ".join(
        f"{side['load']['label']} {side['load']['rows_per_second']:,.0f}/s" for side in part["sides"].values()
    )
    return f"{title}\n\n{_table(head, rows)}{memory}\n\nLoad rates: {loaded}."


def _report_rows(name: str, kind: str, timings: list[dict[str, Any]]) -> Iterable[Cells]:
    of_report = [timing for timing in timings if timing["report"] == name]
    weir = next((timing for timing in of_report if timing["label"] == "Weir"), None)
    exact = next((timing["answer"] for timing in of_report if timing["label"].startswith("DuckDB")), None)
    for timing in sorted(of_report, key=lambda timing: timing is not weir):
        compared = weir is not None and timing is not weir
        yield [
            name,
            timing["label"],
            _millis(timing["p50"]),
            _millis(timing["p95"]),
            _times(timing["p50"] / weir["p50"]) if compared and weir else "",
            _times(timing["p95"] / weir["p95"]) if compared and weir else "",
            *_agreement(timing["answer"], exact, kind),
        ]


def _agreement(answer: list[Row], exact: list[Row] | None, kind: str) -> Cells:
    if exact is None:
        return ["", ""]
    if answer is exact:
        return ["reference", "reference"]
    wrong = difference(answer, exact, kind)
    error = None if kind == "ranking" else worst_percentile_error(answer, exact)
    return [wrong or "equal", "" if error is None else f"{error:.1f} %"]


def _small(part: dict[str, Any]) -> str:
    rows = [
        [
            f"{step['rate']:,}/s",
            f"{step['achieved']:,.0f}/s",
            f"{step['accepted'] / step['seconds']:,.0f}/s",
            *(_millis(step[name]) for name in ("p50", "p95", "p99", "service_p99")),
            f"{step['refused']} / {step['failed']}",
        ]
        for step in part["sides"]["weir"]["steps"]
    ]
    head = ["target rate", "posts", "events", "p50", "p95", "p99", "p99 from sending", "refused / failed"]
    return "### Small posts: 1 to 10 events each, 64 connections, durable when acknowledged\n\n" + _table(
        head, rows
    )


def _table(head: Cells, rows: list[Cells]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _times(ratio: float) -> str:
    return f"{ratio:.2f} x" if ratio < 10 else f"{ratio:.0f} x"


def _millis(value: float) -> str:
    return f"{value:.1f} ms"


def _megabytes(size: float) -> str:
    return f"{size / 1e6:,.0f} MB"
