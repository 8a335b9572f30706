"""A small publisher and a webhook on loopback, for tests of whole ticks."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from xml.sax.saxutils import escape

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} | The Stand</title>
<meta property="article:published_time" content="{date}"></head><body>
<nav><a href="/">Home</a> <a href="/world">World</a></nav><p class="cookies">We use cookies. Accept all.</p>
<article><h1>{title}</h1>{body}</article>
<aside><h2>Recommended Stories</h2><ul><li><a href="/x">Norway offers to mediate between Sudan and Chad</a></li>
<li><a href="/y">Russia fires missiles at Ukraine</a></li></ul></aside>
<footer>All rights reserved.</footer></body></html>"""


@dataclass(slots=True)
class Newsstand:
    """Publishers at `/NAME/feed.xml`; each story is a page at `/NAME/SLUG`. Everything asked for is in `asked`."""

    port: int
    stories: dict[str, dict[str, tuple[str, str, datetime]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def publish(self, publisher: str, slug: str, title: str, text: str, at: datetime) -> str:
        """Add a story and return its address; `text` has paragraphs between empty lines."""
        self.stories.setdefault(publisher, {})[slug] = (title, text, at)
        return f"http://127.0.0.1:{self.port}/{publisher}/{slug}"

    def sources_yaml(self, *names: str) -> str:
        """Return a sources file of these publishers, or of all."""
        publishers = [
            {
                "id": name,
                "name": name.title(),
                "family": name,
                "language": "en",
                "sources": [
                    {"id": f"{name}-feed", "kind": "feed", "url": f"http://127.0.0.1:{self.port}/{name}/feed.xml"}
                ],
            }
            for name in names or self.stories
        ]
        return json.dumps({"publishers": publishers})

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """Return status, content type and body of a path."""
        self.asked.append(path)
        publisher, _, slug = path.strip("/").partition("/")
        stories = self.stories.get(publisher, {})
        if slug == "feed.xml" and publisher in self.stories:
            return 200, "application/rss+xml", self._feed(publisher).encode()
        if slug in stories:
            title, text, at = stories[slug]
            body = "".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n") if part.strip())
            page = PAGE.format(title=escape(title), date=at.isoformat(), body=body)
            return 200, "text/html; charset=utf-8", page.encode()
        return 404, "text/plain", b"not here"

    def _feed(self, publisher: str) -> str:
        items = "".join(
            f"<item><title>{escape(title)}</title><link>http://127.0.0.1:{self.port}/{publisher}/{slug}</link>"
            f"<pubDate>{format_datetime(at)}</pubDate></item>"
            for slug, (title, _, at) in self.stories[publisher].items()
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{publisher}</title>{items}</channel></rss>'


@dataclass(slots=True)
class Hook:
    """A JSON webhook; `received` holds each body that came, `status` is what it answers."""

    url: str = ""
    status: int = 200
    received: list[dict[str, Any]] = field(default_factory=list)
    arrived: threading.Event = field(default_factory=threading.Event)

    def ids(self) -> set[str]:
        """The ids of the messages that came."""
        return {body["id"] for body in self.received}


@contextmanager
def newsstand() -> Iterator[Newsstand]:
    """Serve a newsstand for as long as the block runs."""
    stand: Newsstand | None = None

    def answer(handler: BaseHTTPRequestHandler) -> None:
        assert stand is not None
        status, kind, body = stand.answer(handler.path)
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    with _serving(answer) as port:
        stand = Newsstand(port)
        yield stand


@contextmanager
def hook() -> Iterator[Hook]:
    """Serve a webhook for as long as the block runs."""
    found = Hook()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        if found.status == 200:
            found.received.append(json.loads(body))
            found.arrived.set()
        handler.send_response(found.status)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    with _serving(answer) as port:
        found.url = f"json://127.0.0.1:{port}/hook"
        yield found


@contextmanager
def _serving(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:  # the name that http.server calls
            answer(self)

        do_POST = do_GET  # noqa: N815  # as above

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
