"""The release binary of Weir in its own process: started, used over HTTP, stopped by its process id."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from weirbench.processes import free_port, stop
from weirbench.side import process_megabytes

API_KEY = "weir_bench_0123456789abcdef0123456789abcdef"
START_SECONDS = 60
STOP_SECONDS = 120
REQUEST_SECONDS = 120
SETTLED_SECONDS = 10


class WeirServer:
    """Started by the constructor, stopped by `stop`."""

    def __init__(self, binary: Path, directory: Path) -> None:
        if not binary.exists():
            raise RuntimeError(f"{binary} does not exist: run `make build` first")
        self.directory = directory
        self.port = free_port()
        directory.mkdir(parents=True)
        with (directory / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [str(binary), "serve", "--data-dir", str(self.data), "--listen", f"127.0.0.1:{self.port}"],
                env=_environment(),
                stdout=log,
                stderr=log,
            )
        self._wait()

    @property
    def data(self) -> Path:
        return self.directory / "data"

    def connect(self) -> http.client.HTTPConnection:
        """A keep-alive connection, for one caller at a time."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=REQUEST_SECONDS)

    def memory(self) -> dict[str, float]:
        return process_megabytes(self.process.pid)

    def wait_until_settled(self, seconds: float) -> float:
        """Waits until no rollup table has partials to merge and the log is checkpointed, so that the size
        on disk no longer changes; returns how long that took, in seconds."""
        begin = time.monotonic()
        size, since = b"", begin
        while (now := time.monotonic()) - begin < seconds:
            _, metrics, _ = request(self.connect(), "GET", "/metrics")
            figures = dict(line.rsplit(b" ", 1) for line in metrics.splitlines() if not line.startswith(b"#"))
            if figures[b"weir_store_tables_to_compact"] != b"0" or figures[b"weir_store_size_bytes"] != size:
                size, since = figures[b"weir_store_size_bytes"], now
            if now - since >= SETTLED_SECONDS:
                return since - begin
            time.sleep(0.5)
        raise RuntimeError(f"Weir had not settled {seconds:.0f} seconds after the load")

    def stop(self) -> None:
        """Terminates it, kills it if it does not end, and removes its data."""
        stop(self.process, signal.SIGTERM, STOP_SECONDS)
        shutil.rmtree(self.directory, ignore_errors=True)

    def log_tail(self) -> str:
        return (self.directory / "log").read_text(errors="replace")[-2000:]

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                status, _, _ = request(self.connect(), "GET", "/readyz")
                if status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.05)
        log = self.log_tail()
        self.stop()
        raise RuntimeError(f"Weir did not become ready: {log}")


def request(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, bytes, float]:
    """Sends a request with the benchmark's key: status, body, and the seconds of `Retry-After` (0 if absent).

    Opens the connection again if the server closed it while it was idle."""
    headers = {"Authorization": f"Bearer {API_KEY}", **(headers or {})}
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
    except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
        connection.close()
        connection.request(method, path, body, headers)
        response = connection.getresponse()
    return response.status, response.read(), float(response.getheader("Retry-After") or 0)


def query(connection: http.client.HTTPConnection, body: dict[str, Any]) -> bytes:
    """Sends `POST /api/v1/query`, bypassing the cache."""
    status, answer, _ = request(
        connection,
        "POST",
        "/api/v1/query",
        json.dumps(body).encode(),
        {"Content-Type": "application/json", "Cache-Control": "no-cache"},
    )
    if status != 200:
        raise RuntimeError(f"the query returned {status}: {answer[:500]!r}")
    if b'"cached":true' in answer:
        raise RuntimeError("a cached response was measured")
    return answer


def _environment() -> dict[str, str]:
    """A fixed key without request limits, and quiet logs."""
    return {
        **os.environ,
        "WEIR_BOOTSTRAP_API_KEY": API_KEY,
        "WEIR_LIMITS_KEY_REQUESTS": "0",
        "RUST_LOG": "warn",
    }
