from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from alerts_servers import RawServer, Talk, WebServer, drip, silence


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


@pytest.fixture(params=[silence, drip], ids=lambda talk: talk.__name__)
def stubborn(request: pytest.FixtureRequest, raw: Callable[[Talk], RawServer]) -> RawServer:
    """A server that never gets to its answer."""
    return raw(request.param)
