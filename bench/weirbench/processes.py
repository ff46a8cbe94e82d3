"""Child processes and ports."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
from typing import Any


def free_port() -> int:
    """A free loopback port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def stop(process: subprocess.Popen[Any], polite: signal.Signals, seconds: float) -> None:
    """Terminates a process, and kills it if it has not ended within the given seconds."""
    if process.poll() is not None:
        return
    process.send_signal(polite)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def stop_group(leader: subprocess.Popen[Any], seconds: float) -> None:
    """Stops a session leader, then what is left of its process group."""
    stop(leader, signal.SIGTERM, seconds)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader.pid, signal.SIGKILL)
