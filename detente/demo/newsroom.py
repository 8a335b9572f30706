"""The demo's newsroom: each publisher's web server, on this machine, with the awkward ways of real ones."""

from __future__ import annotations

import gzip
import hashlib
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import yaml

from detente.demo.articles import ListKind, Publisher
from detente.demo.pages import Page, Press, robots
from detente.models import SourceKind

_LOCALHOST = "127.0.0.1"
_POLL = 0.05  # seconds that a server may take to notice that it is to stop
_IDLE = 5.0  # seconds that a client may take to say what it wants
_NOT_FOUND = Page(b"<!doctype html><title>Not found</title><h1>Not found</h1>", "text/html; charset=utf-8")
_KINDS = {
    ListKind.RSS: SourceKind.FEED,
    ListKind.ATOM: SourceKind.FEED,
    ListKind.SITEMAP: SourceKind.SITEMAP,
    ListKind.SECTION: SourceKind.SECTION,
}


class Newsroom:
    """The publishers of a folder, each on an address and a free port of its own while the `with` block lasts.

    A page is there once `clock` has reached its time of publication, and lists name what is there. A publisher
    that is down has a port at which nothing listens.

    Args:
        folder: it holds publishers.yaml, clutter.yaml, articles/ and layouts/.
        clock: returns the newsroom's time, with a zone; it is asked at each request.

    Raises:
        ConfigError: a file does not fit its schema.
    """

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        self.press = Press(folder)
        self._clock = clock
        self._homes: dict[str, str] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            for publisher in self.press.publishers:
                host, port = opened.enter_context(_reserved(publisher) if publisher.down else self._served(publisher))
                self._homes[publisher.id] = f"http://{host}:{port}"
            self._stack = opened.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def allow_private(self) -> set[str]:
        """The addresses of the servers, for the setting http.allow_private."""
        return {urlsplit(home).hostname or "" for home in self._homes.values()}

    def home(self, publisher: str) -> str:
        """Return the address of a publisher's server, without a slash at its end."""
        return self._homes[publisher]

    def sources_yaml(self) -> str:
        """Return a sources file that names every publisher's list."""
        publishers = [self._entry(publisher) for publisher in self.press.publishers]
        agencies = [agency.model_dump(mode="json") for agency in self.press.agencies]
        return yaml.safe_dump(
            {"publishers": publishers, "agencies": agencies}, sort_keys=False, allow_unicode=True, width=120
        )

    def _entry(self, publisher: Publisher) -> dict[str, Any]:
        source = {
            "id": f"{publisher.id}-{publisher.list.kind}",
            "kind": str(_KINDS[publisher.list.kind]),
            "url": self._homes[publisher.id] + publisher.list.path,
        }
        if publisher.list.links:
            source["links"] = publisher.list.links
        return {
            "id": publisher.id,
            "name": publisher.name,
            "family": publisher.family,
            "country": publisher.country,
            "language": publisher.language,
            "sources": [source],
        }

    @contextmanager
    def _served(self, publisher: Publisher) -> Iterator[tuple[str, int]]:
        site = _Site(publisher, self.press, self._clock, threading.Event())
        try:
            server = _Server((_address(publisher), 0), _handler(site))
        except OSError:  # macOS has no loopback address but the first, unless one is added
            server = _Server((_LOCALHOST, 0), _handler(site))
        thread = threading.Thread(target=server.serve_forever, args=(_POLL,), name=f"newsroom-{publisher.id}")
        thread.start()
        try:
            yield server.server_name, server.server_port
        finally:
            site.closing.set()
            server.shutdown()
            thread.join()
            server.server_close()


@contextmanager
def _reserved(publisher: Publisher) -> Iterator[tuple[str, int]]:
    """Hold a port without listening: who connects is refused, and no other program is given it."""
    with socket.socket() as held:
        try:
            held.bind((_address(publisher), 0))
        except OSError:
            held.bind((_LOCALHOST, 0))
        host, port = held.getsockname()
        yield host, port


def _address(publisher: Publisher) -> str:
    return f"127.0.0.{publisher.host}"


class _Server(ThreadingHTTPServer):
    """A server whose closing waits for the answers under way."""

    daemon_threads = False
    request_queue_size = 64

    def server_bind(self) -> None:
        """Bind without asking the name service who 127.0.0.5 is, which can take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.socket.getsockname()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep silent about clients that hang up."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


@dataclass(frozen=True, slots=True)
class _Site:
    """One publisher's server: what to answer. `closing` ends the waits of a slow one."""

    publisher: Publisher
    press: Press
    clock: Callable[[], datetime]
    closing: threading.Event

    def find(self, path: str, home: str) -> Page | None:
        """Return what is at a path now, if anything."""
        now = self.clock()
        if path == "/robots.txt":
            return robots(self.publisher)
        if path == self.publisher.list.path:
            return self.press.list(self.publisher, home, now)
        story = self.press.find(self.publisher, path, now)
        return self.press.page(self.publisher, story, home) if story else None


def _handler(site: _Site) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        pass

    Handler.site = site
    return Handler


class _Handler(BaseHTTPRequestHandler):
    """Answers GET for one site, and closes: an idle connection would hold up the end."""

    site: _Site
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "newsroom", ""
    timeout = _IDLE

    def do_GET(self) -> None:  # the name that http.server calls
        """Answer one request."""
        self.site.closing.wait(self.site.publisher.slow)
        host, port = self.connection.getsockname()
        path = urlsplit(self.path).path
        page = self.site.find(path, f"http://{host}:{port}")
        headers = {"Connection": "close"}
        if page is None:
            self._send(HTTPStatus.NOT_FOUND, _NOT_FOUND, headers)
            return
        if path == self.site.publisher.list.path:
            headers |= _validators(page)
            if self._is_known(page, headers["ETag"]):
                self._send(HTTPStatus.NOT_MODIFIED, None, headers)
                return
        self._send(HTTPStatus.OK, page, headers)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name is http.server's
        """Write no access log."""

    def _is_known(self, page: Page, etag: str) -> bool:
        """Say whether the client has this already; the tag counts alone where it is given (RFC 9110, 13.2.2)."""
        if tags := self.headers.get("If-None-Match"):
            return etag in {tag.strip() for tag in tags.split(",")} or tags.strip() == "*"
        try:
            since = parsedate_to_datetime(self.headers.get("If-Modified-Since", ""))
        except ValueError:
            return False
        since = since if since.tzinfo else since.replace(tzinfo=UTC)
        return page.modified is not None and page.modified.replace(microsecond=0) <= since

    def _send(self, status: HTTPStatus, page: Page | None, headers: dict[str, str]) -> None:
        content = page.content if page else b""
        if page:
            headers["Content-Type"] = page.content_type
        if self.site.publisher.gzip:
            headers["Vary"] = "Accept-Encoding"
            if page and _takes_gzip(self.headers.get("Accept-Encoding", "")):
                content = gzip.compress(content, mtime=0)
                headers["Content-Encoding"] = "gzip"
        if page:
            headers["Content-Length"] = str(len(content))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


def _validators(page: Page) -> dict[str, str]:
    """Return ETag, a weak one since the same list goes out packed and plain, and Last-Modified where it is known."""
    found = {"ETag": f'W/"{hashlib.sha256(page.content).hexdigest()[:16]}"'}
    if page.modified:
        found["Last-Modified"] = format_datetime(page.modified.astimezone(UTC), usegmt=True)
    return found


def _takes_gzip(accepted: str) -> bool:
    for item in accepted.lower().split(","):
        name, _, quality = item.partition(";")
        if name.strip() in {"gzip", "*"}:
            return quality.replace(" ", "") not in {"q=0", "q=0.0"}
    return False
