from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller

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


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def smtp() -> Iterator[Callable[..., int]]:
    """Start SMTP servers: `smtp(handler, **options of aiosmtpd)` returns the port."""
    with contextlib.ExitStack() as stack:

        def start(handler: object, **options: Any) -> int:
            controller = Controller(handler, hostname="127.0.0.1", port=free_port(), **options)
            controller.start()
            stack.callback(controller.stop)
            return int(controller.port)

        yield start


@pytest.fixture
def raw() -> Iterator[Callable[[Talk], RawServer]]:
    """Start TCP servers: `raw(talk)` runs `talk(connection, over)` for each connection; `over` is set at the end."""
    over = threading.Event()
    with contextlib.ExitStack() as stack:

        def start(talk: Talk) -> RawServer:
            class Handler(socketserver.BaseRequestHandler):
                def handle(self) -> None:
                    with contextlib.suppress(OSError):
                        talk(self.request, over)
                        while self.request.recv(4096):
                            pass
                    found.hung_up.set()

            server = stack.enter_context(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler))
            found = RawServer(server.server_address[1])
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
            stack.callback(server.shutdown)
            return found

        yield start
        over.set()


@pytest.fixture
def web() -> Iterator[WebServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.requests.append((self.command, self.path, dict(self.headers), body))
            self.send_response(found.status)
            for name, value in found.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST  # noqa: N815  # the name that http.server calls

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found = WebServer(server.server_address[1])
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield found
        server.shutdown()


def drip(connection: socket.socket, over: threading.Event) -> None:
    """One byte of an endless answer every 20 ms."""
    connection.sendall(b"220-")
    while not over.wait(0.02):
        connection.sendall(b"x")


def silence(connection: socket.socket, over: threading.Event) -> None:
    """Accept, and never answer."""


@pytest.fixture(params=[silence, drip], ids=lambda talk: talk.__name__)
def stubborn(request: pytest.FixtureRequest, raw: Callable[[Talk], RawServer]) -> RawServer:
    """A server that never gets to its answer."""
    return raw(request.param)
