"""What the servers of these tests are, and what they say: the fixtures in conftest.py start them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

Talk = Callable[[socket.socket, threading.Event], None]


@dataclass
class RawServer:
    """A TCP server that says what a test wants; `hung_up` is set when the other side has closed a connection."""

    port: int
    hung_up: threading.Event = field(default_factory=threading.Event)


@dataclass
class WebServer:
    """An HTTP server with one answer for all; `requests` are those that came: method, path, headers, body."""

    port: int
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    requests: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)


def drip(connection: socket.socket, over: threading.Event) -> None:
    """One byte of an endless answer every 20 ms."""
    connection.sendall(b"220-")
    while not over.wait(0.02):
        connection.sendall(b"x")


def silence(connection: socket.socket, over: threading.Event) -> None:
    """Accept, and never answer."""
