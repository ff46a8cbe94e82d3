"""A private PostgreSQL 15 with its own data directory and port, stopped by its process id."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg

from weirbench.processes import free_port, stop

BINARIES = Path("/usr/lib/postgresql/15/bin")
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "2GB",
    "work_mem": "256MB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "16GB",
    "checkpoint_timeout": "30min",
    "wal_compression": "lz4",
    "jit": "off",
    "timezone": "UTC",
}
"""Durable, with more memory and rarer checkpoints than the slower defaults."""
START_SECONDS = 30
STOP_SECONDS = 60


class PostgresServer:
    """Started by the constructor, stopped by `stop`."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.port = free_port()
        directory.mkdir(parents=True)
        self._as_owner: list[str] = []
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root; the Debian package creates this user.
            shutil.chown(directory, "postgres", "postgres")
            self._as_owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        self._run(
            "initdb", "-D", str(directory / "data"), "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C"
        )
        self.process = self._start()
        self._wait()

    @property
    def conninfo(self) -> str:
        return f"host=127.0.0.1 port={self.port} user=bench dbname=postgres"

    def stop(self) -> None:
        """Fast shutdown, or a kill if it does not end in time. Removes the data directory."""
        stop(self.process, signal.SIGINT, STOP_SECONDS)
        shutil.rmtree(self.directory, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [*self._as_owner, str(BINARIES / program), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self.directory,
        )

    def _start(self) -> subprocess.Popen[bytes]:
        settings = {**SETTINGS, "port": str(self.port), "unix_socket_directories": str(self.directory)}
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.directory / "log").open("wb") as log:
            return subprocess.Popen(
                [*self._as_owner, str(BINARIES / "postgres"), "-D", str(self.directory / "data"), *flags],
                stdout=log,
                stderr=log,
                cwd=self.directory,
            )

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self.conninfo).close()
                return
            except psycopg.OperationalError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    log = (self.directory / "log").read_text()[-2000:]
                    self.stop()
                    raise RuntimeError(f"PostgreSQL did not start: {log}") from None
                time.sleep(0.1)
