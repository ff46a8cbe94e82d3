"""What every side of the benchmark is: something that loads chunk files and answers reports."""

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
    """One engine under test. A worker process makes it, uses it and closes it, with nothing else running."""

    def version(self) -> str:
        """Name and version of the engine, as it says itself."""

    def ingest(self, dataset: Dataset, chunks: list[Path]) -> list[Ingest]:
        """Loads everything once for each way of loading that the side has; the last load stays."""

    def memory(self) -> dict[str, float]:
        """Megabytes resident, `peak` among them; empty when there is no fair figure."""

    def disk_bytes(self) -> int:
        """Bytes of the side's data."""

    def close(self) -> None:
        """Stops what was started and removes the data."""


class Reporter(Side, Protocol):
    """A side that answers the reports too."""

    def prepare_reports(self, dataset: Dataset, chunks: list[Path]) -> Ingest:
        """Loads for the reports and brings the storage into its settled state."""

    def variants(self) -> list[str]:
        """The ways in which the side can answer a report, for example from raw rows and from rollups."""

    def ask(self, variant: str, report: Report, window: Window) -> Any:
        """Answers, in the side's own shape; this is what is timed."""

    def normalise(self, report: Report, raw: Any) -> list[Row]:
        """The answer in the common shape; not timed."""


def directory_bytes(directory: Path) -> int:
    """The space the files below a directory take; files that vanish meanwhile count nothing."""
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
