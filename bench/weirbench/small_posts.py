"""Small posts at a given rate: an open-loop client with 64 connections, in its own process."""

from __future__ import annotations

import random
import select
import socket
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from weirbench.generate import Dataset, chunk_lines
from weirbench.reports import percentile
from weirbench.weir_server import API_KEY, WeirServer

CONNECTIONS = 64
LARGEST_POST = 10
STEPS = ((1_000, 4.0), (2_500, 4.0), (5_000, 10.0))
"""Posts per second, and the duration in seconds."""
DRAIN_SECONDS = 10.0
POLL_SECONDS = 0.001


@dataclass
class Outcome:
    """The results of one rate. Latencies are in milliseconds from the time a post was due, so that a server
    that falls behind does not look faster; those of `service` are from the time it was sent."""

    rate: int
    posts: int = 0
    accepted: int = 0
    refused: int = 0
    failed: int = 0
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    service: list[float] = field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        figures = asdict(self)
        latencies, service = figures.pop("latencies"), figures.pop("service")
        figures["achieved"] = self.posts / self.seconds
        for share in (0.50, 0.95, 0.99):
            figures[f"p{share * 100:.0f}"] = percentile(latencies, share)
            figures[f"service_p{share * 100:.0f}"] = percentile(service, share)
        return figures


@dataclass(slots=True)
class Connection:
    """One keep-alive connection with at most one post in flight."""

    socket: socket.socket
    due: float = 0.0
    sent: float = 0.0
    events: int = 0
    received: bytearray = field(default_factory=bytearray)


class Client:
    """Sends prepared requests when they are due, each on the first free connection."""

    def __init__(self, port: int) -> None:
        self.poll = select.epoll()
        self.by_descriptor: dict[int, Connection] = {}
        for _ in range(CONNECTIONS):
            opened = socket.create_connection(("127.0.0.1", port))
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.by_descriptor[opened.fileno()] = Connection(opened)
            self.poll.register(opened.fileno(), select.EPOLLIN)
        self.free = deque(self.by_descriptor.values())

    def run(self, requests: list[tuple[int, bytes]], rate: int) -> Outcome:
        """Sends all requests at the rate and waits for their responses, up to a limit."""
        outcome = Outcome(rate)
        begin = time.perf_counter()
        last_due = begin + len(requests) / rate
        position = 0
        while position < len(requests) or len(self.free) < CONNECTIONS:
            now = time.perf_counter()
            if now > last_due + DRAIN_SECONDS:
                outcome.failed += len(requests) - position + CONNECTIONS - len(self.free)
                break
            while position < len(requests) and self.free and begin + position / rate <= now:
                self._send(requests[position], begin + position / rate, outcome)
                position += 1
            for descriptor, _ in self.poll.poll(POLL_SECONDS):
                self._receive(self.by_descriptor[descriptor], outcome)
        outcome.seconds = time.perf_counter() - begin
        return outcome

    def close(self) -> None:
        for connection in self.by_descriptor.values():
            connection.socket.close()
        self.poll.close()

    def _send(self, request: tuple[int, bytes], due: float, outcome: Outcome) -> None:
        connection = self.free.popleft()
        connection.due, connection.sent = due, time.perf_counter()
        connection.events = request[0]
        connection.socket.sendall(request[1])

    def _receive(self, connection: Connection, outcome: Outcome) -> None:
        received = connection.socket.recv(65_536)
        if not received:
            raise RuntimeError("Weir closed a connection")
        connection.received += received
        status = _complete(connection.received)
        if status is None:
            return
        now = time.perf_counter()
        connection.received.clear()
        self.free.append(connection)
        if status == 200:
            outcome.posts += 1
            outcome.accepted += connection.events
            outcome.latencies.append((now - connection.due) * 1e3)
            outcome.service.append((now - connection.sent) * 1e3)
        elif status in (429, 503):
            outcome.refused += 1
        else:
            outcome.failed += 1


def _complete(response: bytearray) -> int | None:
    """The status of a complete response, else None."""
    head_end = response.find(b"\r\n\r\n")
    if head_end < 0:
        return None
    head = bytes(response[:head_end]).lower()
    length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
    if len(response) < head_end + 4 + int(length or b"0"):
        return None
    return int(head[9:12])


def prepare(port: int, posts: int, seed: int) -> list[tuple[int, bytes]]:
    """Requests with 1 to 10 events of the last minute, with the number of events in each."""
    end = datetime.now(UTC).isoformat()
    dataset = Dataset(posts * LARGEST_POST, end, seed, chunk_rows=posts * LARGEST_POST, span_seconds=60)
    sizes = random.Random(seed)
    lines = iter(chunk_lines(dataset, 0))
    return [_request(port, list(islice(lines, sizes.randint(1, LARGEST_POST)))) for _ in range(posts)]


def _request(port: int, lines: list[str]) -> tuple[int, bytes]:
    body = "".join(lines).encode()
    head = (
        f"POST /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {API_KEY}\r\n"
        f"Content-Type: application/x-ndjson\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return len(lines), head.encode() + body


def measure(server: WeirServer, seed: int) -> list[dict[str, Any]]:
    """Every step of [`STEPS`], one after the other."""
    summaries = []
    for step, (rate, seconds) in enumerate(STEPS):
        requests = prepare(server.port, int(rate * seconds), seed + step + 1)
        client = Client(server.port)
        try:
            summaries.append(client.run(requests, rate).summary())
        finally:
            client.close()
    return summaries
