"""A web site on loopback whose every answer a test decides, and the pages and lists to put on it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape

LONGEST = 20.0  # seconds that an answer is held back
HTML = "text/html; charset=utf-8"
PARAGRAPHS = tuple(
    f"Envoys of both governments met in Geneva on {day} and agreed to go on with the talks that Norway mediates."
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
)


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. With an `ETag` among its headers it is 304 to whoever holds that one."""

    body: bytes = b""
    kind: str = HTML
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Site:
    """Answers by path; anything else is 404. A path among `gates` is answered once its gate is open.

    `asked` holds each path asked for, `times` when, in seconds, and `headers` what came with it last.
    """

    port: int
    replies: dict[str, Reply] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    gates: dict[str, threading.Event] = field(default_factory=dict)

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def put(
        self, path: str, body: str | bytes, kind: str = HTML, status: int = 200, headers: dict[str, str] | None = None
    ) -> str:
        """Serve `body` at `path` and return its address."""
        content = body.encode() if isinstance(body, str) else body
        self.replies[path] = Reply(content, kind, status, headers or {})
        return self.url(path)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        sent = {name.lower(): value for name, value in handler.headers.items()}
        self.times.append(time.monotonic())
        self.asked.append(handler.path)
        self.headers[handler.path] = sent
        if gate := self.gates.get(handler.path):
            gate.wait(LONGEST)
        reply = self.replies.get(handler.path, Reply(b"not here", "text/plain", 404))
        etag = reply.headers.get("ETag")
        if etag and sent.get("if-none-match") == etag:
            reply = Reply(b"", reply.kind, 304, reply.headers)
        handler.send_response(reply.status)
        if reply.kind:
            handler.send_header("Content-Type", reply.kind)
        handler.send_header("Content-Length", str(len(reply.body)))
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(reply.body)


@contextmanager
def serving() -> Iterator[Site]:
    """Serve a site for as long as the block runs."""
    site: Site | None = None

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:  # the name that http.server calls
            assert site is not None
            try:
                site.answer(self)
            except ConnectionError:  # the client had enough, as some tests want it to
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    site = Site(server.server_address[1])
    thread.start()
    try:
        yield site
    finally:
        for gate in site.gates.values():
            gate.set()
        server.shutdown()
        server.server_close()
        thread.join()


def page(title: str = "Talks go on", *, head: str = "", body: str | None = None, lang: str = "en") -> str:
    """Return a page with one article; `body` stands in for its five paragraphs."""
    text = "".join(f"<p>{escape(part)}</p>" for part in PARAGRAPHS) if body is None else body
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title} | The Paper</title>{head}'
        f'</head><body><nav><a href="/">Home</a></nav><article><h1>{title}</h1>{text}</article>'
        "<footer>All rights reserved.</footer></body></html>"
    )


def rss(*items: str, encoding: str = "utf-8") -> str:
    """Return a feed of items, each made by `item`."""
    return (
        f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><title>The Paper</title>'
        f"{''.join(items)}</channel></rss>"
    )


def item(
    link: str, title: str = "Talks go on", date: str = "Mon, 05 May 2025 10:00:00 GMT", description: str = ""
) -> str:
    """Return one entry of a feed."""
    return (
        f"<item><title>{escape(title)}</title><link>{escape(link)}</link><pubDate>{date}</pubDate>"
        f"<description>{escape(description)}</description></item>"
    )
