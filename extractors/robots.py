"""Politeness: what robots.txt allows, how many requests a host gets at once, and how far apart they start."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from detente.clock import utc_now
from detente.errors import FetchError
from detente.models import FetchOutcome, RobotsFile
from detente.settings import Http
from extractors.http import AGENT, Response, Web
from extractors.urls import host_of
from extractors.waits import pause

FRESH = timedelta(days=1)
"""A robots.txt is asked for again after so long (RFC 9309, 2.4)."""

STALE = timedelta(days=30)
"""Where it cannot be had, what it said before counts for so long (RFC 9309, 2.3.1.4)."""

LONGEST = 512_000
"""Bytes of a robots.txt that are read (RFC 9309, 2.5)."""

_LONG = 20_000
"""Characters above which a file is parsed in a thread: half a megabyte of rules takes two seconds."""

_FAILED = range(500, 600)
_OK = range(200, 300)


class HostRefused(FetchError):
    """A whole host is left alone for this tick: its robots.txt failed (RFC 9309, 2.3.1.4), or it asked for that.

    `url` is the address whose answer said so, `wait` how long the host asked for; nothing where it named no time.
    """

    def __init__(self, url: str, outcome: str, detail: str, wait: timedelta = timedelta()) -> None:
        super().__init__(url, outcome, detail)
        self.wait = wait


@dataclass(slots=True)
class _Host:
    """One host of a batch: its queue, and its rules once they are read (None: everything is allowed).

    `refused` keeps us from its pages, `paused` from everything.
    """

    slots: asyncio.Semaphore
    delay: float
    next_start: float = 0.0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    asked: bool = False
    rules: Protego | None = None
    refused: HostRefused | None = None
    paused: HostRefused | None = None


class Hosts:
    """The hosts of one batch. Feeds and sitemaps are published for programs to ask; pages obey robots.txt.

    Args:
        web: the client that fetches the robots.txt files, each once.
        settings: requests at once, seconds between their starts, and the longest crawl-delay.
        known: what is remembered of robots.txt files.
        now: the tick's time, by which they are fresh or stale.
    """

    def __init__(self, web: Web, settings: Http, known: Iterable[RobotsFile] = (), now: datetime | None = None) -> None:
        self._web = web
        self._settings = settings
        self._now = now or utc_now()
        self._known = {file.host: file for file in known}
        self._hosts: dict[str, _Host] = {}
        self.learned: list[RobotsFile] = []
        """The robots.txt files that were fetched, to be remembered."""

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[None]:
        """Wait for a turn at the host of `url`, and hold it.

        Raises:
            HostRefused: on entering: the host has asked to be left alone.
        """
        host = self._host(url)
        async with host.slots:
            start = max(time.monotonic(), host.next_start)
            host.next_start = start + host.delay
            await asyncio.sleep(start - time.monotonic())
            if host.paused:  # known only now to those who waited while it was said
                raise host.paused
            yield

    @asynccontextmanager
    async def allowed(self, url: str) -> AsyncIterator[None]:
        """Do as `turn` does, for a page.

        Raises:
            HostRefused: on entering: the host's robots.txt failed, or it has asked to be left alone.
            FetchError: on entering: robots.txt forbids the page.
        """
        host = self._host(url)
        async with host.lock:
            if not host.asked:
                await self._read_rules(host, url)
                host.asked = True
        if host.refused:
            raise host.refused
        if host.rules and not host.rules.can_fetch(url, AGENT):
            raise FetchError(url, FetchOutcome.ROBOTS, "robots.txt forbids it")
        async with self.turn(url):
            yield

    def heed(self, answer: Response) -> None:
        """Look whether an answer asks for a pause: 429, or 503 with a Retry-After. It holds for the whole batch.

        Raises:
            HostRefused: it does.
        """
        wait = pause(answer.status, answer.headers, utc_now())
        if wait is not None:
            asked = f", Retry-After {wait.total_seconds():.0f} s" if "retry-after" in answer.headers else ""
            refusal = _refusal(answer.url, FetchOutcome.HTTP_ERROR, f"HTTP {answer.status}{asked}", wait)
            self._host(answer.url).paused = refusal
            raise refusal

    def _host(self, url: str) -> _Host:
        key = host_of(url)
        if key not in self._hosts:
            self._hosts[key] = _Host(asyncio.Semaphore(self._settings.per_host), self._settings.delay)
        return self._hosts[key]

    async def _read_rules(self, host: _Host, url: str) -> None:
        """Read the rules: 4xx allows everything, 5xx or no answer forbids everything (RFC 9309, 2.3.1).

        429 is no word about the rules but a request to be left alone. What is remembered counts for a day, and for
        longer where the file cannot be had.
        """
        known = self._known.get(host_of(url))
        age = abs(self._now - known.fetched_at) if known else STALE
        if known is None or age >= FRESH:
            try:
                known = RobotsFile(host_of(url), self._now, await self._fetch_rules(url))
                self.learned.append(known)
            except HostRefused as error:
                if known is None or age >= STALE or error is host.paused:
                    host.refused = error
                    return
        if len(known.text) > _LONG:
            host.rules = await asyncio.to_thread(Protego.parse, known.text)
        else:
            host.rules = Protego.parse(known.text) if known.text else None
        wished = float((host.rules.crawl_delay(AGENT) if host.rules else 0.0) or 0.0)
        host.delay = max(host.delay, min(wished, self._settings.max_crawl_delay))

    async def _fetch_rules(self, url: str) -> str:
        """Return the text of a host's robots.txt; empty where there is none.

        Raises:
            HostRefused: it cannot be had, or the host asks to be left alone.
        """
        parts = urlsplit(url)
        address = f"{parts.scheme}://{parts.netloc}/robots.txt"
        try:
            answer = await self._web.get(address, accept="text/plain, */*;q=0.5", admit=self.turn)
            self.heed(answer)
        except HostRefused:
            raise
        except FetchError as error:
            raise _refusal(address, FetchOutcome(error.outcome), error.detail) from None
        if answer.status in _FAILED:
            raise _refusal(address, FetchOutcome.HTTP_ERROR, f"HTTP {answer.status}")
        return answer.content[:LONGEST].decode("utf-8-sig", errors="replace") if answer.status in _OK else ""


def _refusal(address: str, outcome: FetchOutcome, what: str, wait: timedelta = timedelta()) -> HostRefused:
    return HostRefused(address, outcome, f"{what}: the host is left alone in this tick", wait)
