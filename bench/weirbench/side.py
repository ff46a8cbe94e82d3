"""The interface of a side of the benchmark: it loads chunk files and answers reports."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from weirbench.generate import Dataset
from weirbench.reports import Report, Row, Window


@dataclass
class Ingest:
    """One way of loading: `seconds` from the first byte read to the last row durable and rolled up."""

    label: str
    rows: int
    seconds: float
    note: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    def summary(self) -> dict[str, Any]:
        return asdict(self) | {"rows_per_second": self.rows / self.seconds}


class Side(Protocol):
    """One engine under test. A worker process creates, uses and closes it, with nothing else running."""

    def version(self) -> str:
        """The engine's own name and version."""

    def ingest(self, dataset: Dataset, chunks: list[Path]) -> list[Ingest]:
        """Loads everything once for each way of loading that the side has; keeps the last load."""

    def memory(self) -> dict[str, float]:
        """Resident megabytes, including `peak`; empty if there is no fair figure."""

    def disk_bytes(self) -> int:
        """The size of the side's data in bytes."""

    def close(self) -> None:
        """Stops what was started and removes the data."""


class Reporter(Side, Protocol):
    """A side that also answers reports."""

    def prepare_reports(self, dataset: Dataset, chunks: list[Path]) -> Ingest:
        """Loads the data for the reports and waits until the storage has settled."""

    def variants(self) -> list[str]:
        """The ways in which the side can answer a report, such as from raw rows and from rollups."""

    def ask(self, variant: str, report: Report, window: Window) -> Any:
        """The answer in the side's own shape; this is timed."""

    def normalise(self, report: Report, raw: Any) -> list[Row]:
        """The answer in the common shape; not timed."""


def directory_bytes(directory: Path) -> int:
    """The disk space of the files in a directory; files that vanish in the meantime do not count."""
    total = 0
    for path in directory.rglob("*"):
        try:
            if path.is_file() and not path.is_symlink():
                total += path.stat().st_blocks * 512
        except FileNotFoundError:
            continue
    return total


def process_megabytes(pid: int | str = "self") -> dict[str, float]:
    """Resident memory of a process now and at its peak, as the kernel counts it."""
    fields = {}
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name in {"VmHWM", "VmRSS"}:
            fields[name] = int(value.split()[0]) / 1024
    return {"peak": fields.get("VmHWM", 0.0), "now": fields.get("VmRSS", 0.0)}
