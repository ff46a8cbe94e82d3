"""Generates workflow executions as NDJSON chunk files: equal parameters give equal bytes."""

from __future__ import annotations

import json
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

DAYS = 30
DAY_SECONDS = 86_400
MANIFEST = "dataset.json"

TRIGGERS = (("webhook", 0.45), ("schedule", 0.30), ("api", 0.15), ("manual", 0.07), ("event", 0.03))
STATUSES = (("completed", 0.94), ("failed", 0.05), ("canceled", 0.01))
ENVIRONMENTS = (("production", 0.90), ("staging", 0.10))
REGIONS = ("eu-west-1", "us-east-1", "ap-south-1")
ERRORS = (
    ("timeout", "Upstream did not answer within 30000 ms (attempt 3 of 3)"),
    ("rate_limited", "429 Too Many Requests: retry after 60 seconds"),
    ("auth_expired", "The refresh token of connection crm-main has expired"),
    ("validation", "Field 'amount' must be a positive decimal"),
    ("not_found", "No contact with this external id"),
    ("connection_reset", "Connection reset by peer while reading the response body"),
    ("bad_gateway", "502 Bad Gateway from the billing service"),
    ("script", "TypeError: Cannot read properties of undefined (reading 'lines')"),
)
AREAS = (
    "Order sync",
    "Invoice approval",
    "Lead routing",
    "Contract renewal",
    "Ticket triage",
    "Payroll export",
)


@dataclass(frozen=True)
class Dataset:
    """The parameters of generated data; data sets with equal fields contain equal bytes."""

    rows: int
    end: str  # RFC 3339
    seed: int = 42
    chunk_rows: int = 20_000
    workflows: int = 1_000
    users: int = 500
    zipf: float = 1.1
    span_seconds: int = DAYS * DAY_SECONDS  # the data covers this long before `end`

    @property
    def end_time(self) -> datetime:
        return datetime.fromisoformat(self.end)

    @property
    def start_time(self) -> datetime:
        return self.end_time - timedelta(seconds=self.span_seconds)

    @property
    def chunks(self) -> int:
        return -(-self.rows // self.chunk_rows)


def last_full_hour() -> str:
    """The default end of the data, so that rollups with a retention contain what they would in production."""
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0).isoformat()


def load_manifest(directory: Path) -> Dataset:
    return Dataset(**json.loads((directory / MANIFEST).read_text()))


def chunk_paths(directory: Path) -> list[Path]:
    """The chunk files in time order."""
    return sorted(directory.glob("*.ndjson"))


def generate(dataset: Dataset, directory: Path) -> Path:
    """Writes the chunk files into `directory`, unless an equal data set is already there."""
    manifest = directory / MANIFEST
    if manifest.exists() and load_manifest(directory) == dataset:
        return directory
    directory.mkdir(parents=True, exist_ok=True)
    manifest.unlink(missing_ok=True)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for _ in pool.map(_write_chunk, [(dataset, directory, i) for i in range(dataset.chunks)]):
            pass
    manifest.write_text(json.dumps(asdict(dataset)))
    return directory


def _write_chunk(job: tuple[Dataset, Path, int]) -> None:
    dataset, directory, index = job
    (directory / f"{index:06d}.ndjson").write_bytes("".join(chunk_lines(dataset, index)).encode())


def chunk_lines(dataset: Dataset, index: int) -> list[str]:
    """The lines of one chunk, each with its newline; chunks are independent of each other."""
    first = index * dataset.chunk_rows
    count = min(dataset.chunk_rows, dataset.rows - first)
    rng = np.random.default_rng([dataset.seed, index])
    times = _timestamps(dataset, rng, first, count)
    workflows = rng.choice(dataset.workflows, count, p=_popularity(dataset.workflows, dataset.zipf))
    columns = (
        _uuids(rng, count),
        _uuids(rng, count),
        np.datetime_as_string(times, unit="ms").tolist(),
        workflows.tolist(),
        _versions(dataset, times, workflows).tolist(),
        rng.integers(1, dataset.users + 1, count).tolist(),
        _durations(dataset, rng, workflows).tolist(),
        rng.integers(2, 15, count).tolist(),
        _pick(rng, ENVIRONMENTS, count),
        _pick(rng, TRIGGERS, count),
        _pick(rng, STATUSES, count),
        rng.integers(0, len(ERRORS), count).tolist(),
        rng.integers(0, len(REGIONS), count).tolist(),
    )
    return [_line(*row) for row in zip(*columns, strict=True)]


def _line(
    event_id: str,
    execution_id: str,
    time: str,
    workflow: int,
    version: int,
    user: int,
    duration: int,
    steps: int,
    environment: str,
    trigger: str,
    status: str,
    error: int,
    region: int,
) -> str:
    failure = ""
    if status == "failed":
        kind, message = ERRORS[error]
        failure = f',"errorType":"{kind}","errorMessage":"{message}","errorStep":"step-{steps // 2 + 1}"'
    return (
        f'{{"type":"execution","id":"{event_id}","timestamp":"{time}Z","environment":"{environment}",'
        f'"workflowId":"{workflow_id(workflow)}","workflowName":"{_workflow_name(workflow)}",'
        f'"workflowVersion":"{version}","userId":"user-{user:03d}","executionId":"{execution_id}",'
        f'"status":"{status}","duration":{duration},"triggerType":"{trigger}","stepCount":{steps}{failure},'
        f'"metadata":{{"region":"{REGIONS[region]}"}}}}\n'
    )


def workflow_id(rank: int) -> str:
    """The id of the workflow of a popularity rank, 0 being the busiest."""
    return f"wf-{rank + 1:04d}"


def _workflow_name(rank: int) -> str:
    return f"{AREAS[rank % len(AREAS)]} {rank // len(AREAS) + 1}"


def _timestamps(dataset: Dataset, rng: np.random.Generator, first: int, count: int) -> np.ndarray[Any, Any]:
    """Times with even density over the span, each up to some seconds late, in the order of a real stream."""
    position = (first + np.arange(count) + rng.random(count)) / dataset.rows
    offsets = np.maximum(position * dataset.span_seconds * 1_000 - rng.exponential(2_000.0, count), 0.0)
    start = np.datetime64(dataset.start_time.astimezone(UTC).replace(tzinfo=None), "ms")
    return np.asarray(start + offsets.astype("timedelta64[ms]"))


@cache
def _popularity(workflows: int, exponent: float) -> np.ndarray[Any, Any]:
    weights = 1.0 / np.arange(1, workflows + 1) ** exponent
    return np.asarray(weights / weights.sum())


def _versions(
    dataset: Dataset, times: np.ndarray[Any, Any], workflows: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """The releases: each workflow has two in the span, at its own times."""
    releases = np.random.default_rng([dataset.seed, 1, 1]).random((dataset.workflows, 2))
    start = np.datetime64(dataset.start_time.astimezone(UTC).replace(tzinfo=None), "ms")
    position = (times - start) / np.timedelta64(dataset.span_seconds, "s")
    return np.asarray(1 + (position[:, None] >= releases[workflows]).sum(axis=1))


def _durations(
    dataset: Dataset, rng: np.random.Generator, workflows: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """Milliseconds, log-normal around the workflow's own median, which is between 0.2 s and 20 s."""
    medians = np.random.default_rng([dataset.seed, 2, 2]).uniform(
        np.log(200), np.log(20_000), dataset.workflows
    )
    durations = rng.lognormal(medians[workflows], 0.8)
    return np.asarray(np.clip(durations, 1, 3_600_000).astype(np.int64))


def _pick(rng: np.random.Generator, choices: tuple[tuple[str, float], ...], count: int) -> list[str]:
    names = np.array([name for name, _ in choices])
    picked: list[str] = names[rng.choice(len(choices), count, p=[p for _, p in choices])].tolist()
    return picked


def _uuids(rng: np.random.Generator, count: int) -> list[str]:
    digits = rng.bytes(16 * count).hex()
    starts = range(0, 32 * count, 32)
    return [
        f"{digits[s : s + 8]}-{digits[s + 8 : s + 12]}-4{digits[s + 13 : s + 16]}"
        f"-a{digits[s + 17 : s + 20]}-{digits[s + 20 : s + 32]}"
        for s in starts
    ]
