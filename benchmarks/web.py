"""Many small news sites on loopback, in a process of their own: one port for each, all pages made beforehand.

`python -m benchmarks.web PAGES HOSTS [FOLDER]` prints the ports as JSON and serves until its standard input ends.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from benchmarks.pages import ROOT, Sample, Samples

FEEDS = ("/feed.xml", "/more.xml")
"""The feeds of each site; only the first one lists pages."""

ETAG = '"one"'
NOW = datetime(2025, 5, 4, 12, tzinfo=UTC)
_NO_PAGES = b'<?xml version="1.0"?><rss version="2.0"><channel><title>More</title></channel></rss>'


def page_path(number: int) -> str:
    """Return the path of a page."""
    return f"/world/story-{number}"


def paths_of(number: int, pages: int, hosts: int) -> range:
    """Return the numbers of the pages that a site holds."""
    each = pages // hosts
    return range(number * each, (number + 1) * each)


@contextmanager
def serving(samples: Samples, hosts: int) -> Iterator[list[int]]:
    """Serve the sites for as long as the block runs; give their ports."""
    command = [sys.executable, "-m", "benchmarks.web", str(samples.count), str(hosts)]
    command += [str(samples.folder.resolve())] if samples.folder else []
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None  # noqa: S101  # for the reader: it is a pipe
        assert process.stdout is not None  # noqa: S101  # the same
        ports = json.loads(process.stdout.readline())
        try:
            yield ports
        finally:
            process.stdin.close()


def _answers(samples: dict[str, Sample]) -> dict[bytes, bytes]:
    """Return what one site says to each path."""
    items = "".join(
        f"<item><title>Story {path}</title><link>{path}</link>"
        f"<pubDate>{format_datetime(NOW - timedelta(hours=1))}</pubDate></item>"
        for path in samples
    )
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{items}</channel></rss>'
    found = {path.encode(): _answer(200, sample.content_type, sample.html) for path, sample in samples.items()}
    found[FEEDS[0].encode()] = _answer(200, "application/rss+xml", feed.encode())
    found[FEEDS[1].encode()] = _answer(200, "application/rss+xml", _NO_PAGES)
    found[b"/robots.txt"] = _answer(200, "text/plain", b"User-agent: *\nDisallow: /admin/\n")
    return found


def _answer(status: int, content_type: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status} -\r\nContent-Type: {content_type}\r\nETag: {ETAG}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


_MISSING = _answer(404, "text/plain", b"not here")
_SAME = f"HTTP/1.1 304 -\r\nETag: {ETAG}\r\n\r\n".encode()


async def _serve(pages: int, hosts: int, folder: Path | None) -> None:
    samples = list(Samples(pages, folder))
    servers = []
    for number in range(hosts):
        answers = _answers({page_path(index): samples[index] for index in paths_of(number, pages, hosts)})
        servers.append(await asyncio.start_server(_handler(answers), "127.0.0.1", 0))
    print(json.dumps([server.sockets[0].getsockname()[1] for server in servers]), flush=True)
    await asyncio.to_thread(sys.stdin.read)


def _handler(answers: dict[bytes, bytes]):  # noqa: ANN202  # asyncio's own callback
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                same = b"\r\nif-none-match:" in request.lower()
                writer.write(_SAME if same else answers.get(request.split(b" ", 2)[1], _MISSING))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):  # the client has all it wants
            pass
        finally:
            writer.close()

    return handle


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]) if sys.argv[3:] else None))
