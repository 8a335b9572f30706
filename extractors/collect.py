"""One batch of a tick: ask its sources, fetch and clean what is new. Plain data in, plain data out.

Whatever goes wrong with a source or a page becomes a record of it and stops nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from detente.clock import utc_now
from detente.errors import FetchError, one_line
from detente.models import (
    PERMANENT,
    Article,
    Batch,
    Collected,
    Fetch,
    FetchOutcome,
    Link,
    LinkUpdate,
    Order,
    Source,
    SourceState,
)
from detente.settings import Settings
from extractors.agencies import Agency
from extractors.articles import Reader
from extractors.http import Web
from extractors.lists import ask
from extractors.pool import ExtractorPool
from extractors.robots import HostRefused, Hosts
from extractors.twins import leave_out_twins
from extractors.urls import host_of
from extractors.waits import after_failure, after_success, fresh_for

_SOURCES_AT_ONCE = 20  # of one batch; bounds open connections and pages held in memory


async def collect(
    batch: Batch, settings: Settings, pool: ExtractorPool, now: datetime, agencies: tuple[Agency, ...] = ()
) -> Collected:
    """Ask the sources of a batch and read their new pages.

    Args:
        batch: the sources, each with what it needs to know.
        settings: the desk's settings.
        pool: the workers that clean pages.
        now: the tick's time, real or simulated; it stamps all records.
        agencies: news agencies to look for in bylines and datelines.

    Returns:
        Articles (each address once), a record of every request for a list or page, what to remember about each
        link, each source's new state, and the robots.txt files that were fetched.
    """
    async with Web(settings.http) as web:
        hosts = Hosts(web, settings.http, batch.robots, now)
        reader = Reader(web, hosts, pool, settings, now, agencies)
        slots = asyncio.Semaphore(_SOURCES_AT_ONCE)

        async def run(order: Order) -> _Visit:
            visit = _Visit(order, settings, now)
            async with slots:
                await visit.ask(web, hosts, pool)
                await visit.read_pages(reader)
            return visit

        visits = await asyncio.gather(*(run(order) for order in batch.orders))
    articles = {article.url: article for visit in reversed(visits) for article in reversed(visit.articles)}
    return Collected(
        batch=batch.number,
        articles=tuple(reversed(articles.values())),
        fetches=tuple(fetch for visit in visits for fetch in visit.fetches),
        links=tuple(update for visit in visits for update in visit.links),
        states=tuple(visit.state for visit in visits),
        robots=tuple(hosts.learned),
    )


@dataclass(slots=True)
class _Visit:
    """One source in one tick, and what it yields."""

    order: Order
    settings: Settings
    now: datetime
    articles: list[Article] = field(default_factory=list)
    fetches: list[Fetch] = field(default_factory=list)
    links: list[LinkUpdate] = field(default_factory=list)
    listed: tuple[Link, ...] = ()
    answered: bool = False
    waiting: set[str] = field(default_factory=set)  # pages whose host is left alone
    fresh: timedelta = timedelta()  # for which the list says that it stays the same
    pause: timedelta = timedelta()  # what the source's own host asked for while its pages were read
    state: SourceState = field(init=False)

    def __post_init__(self) -> None:
        self.state = self.order.state

    @property
    def source(self) -> Source:
        return self.order.source

    async def ask(self, web: Web, hosts: Hosts, pool: ExtractorPool) -> None:
        """Ask for the list; afterwards `listed` and `state` say what came of it."""
        try:
            answer = await ask(self.order, web, hosts, self.settings, self.now, pool)
        except Exception as error:  # noqa: BLE001  # one source must not stop the others
            self._record(self.source.url, error, page=False)
            asked_for = error.wait if isinstance(error, HostRefused) else timedelta()
            self.state = after_failure(self.state, self.settings.schedule, self.now, asked_for)
            return
        self.listed, self.state, self.answered = answer.links, answer.state, True
        self.fresh = fresh_for(answer.response.headers, utc_now())
        self.fetches.append(
            Fetch(
                self.source.id,
                self.source.url,
                self.now,
                page=False,
                outcome=answer.outcome,
                status=answer.response.status,
                detail=answer.detail,
                bytes=len(answer.response.content),
                seconds=answer.response.seconds,
            )
        )

    async def read_pages(self, reader: Reader) -> None:
        """Read the new pages, as many as a tick allows; what is left over is remembered for later ticks."""
        fresh, twins = leave_out_twins(new_links(self.order, self.listed), self.order.known)
        self._forget(twins)
        most = self.settings.http.max_links
        slots = asyncio.Semaphore(self.settings.http.per_host)

        async def run(link: Link) -> None:
            async with slots:
                await self._read_page(reader, link)

        await asyncio.gather(*(run(link) for link in fresh[:most]))
        listed = {link.url for link in self.listed}
        self.links += [self._update(link, done=False) for link in fresh[most:] if link.url in listed]
        left = {update.link.url for update in self.links if not update.done}
        self._set_due(backlog=len(fresh) > most or not left <= self.waiting)

    def _forget(self, twins: Sequence[Link]) -> None:
        """Settle AMP and mobile forms, and say so where their list is recorded."""
        self.links += [self._update(link, done=True) for link in twins]
        if twins and self.answered:
            note = f"AMP or mobile forms of known pages left out: {len(twins)}"
            self.fetches[0] = replace(self.fetches[0], detail="; ".join(filter(None, (self.fetches[0].detail, note))))

    def _set_due(self, *, backlog: bool) -> None:
        """Settle when the source is asked next, now that all is known that bears on it."""
        if self.answered:
            seen = self.order.known | {link.url for link in self.order.pending}
            changed = any(link.url not in seen for link in self.listed)
            self.state = after_success(
                self.state, self.settings.schedule, self.now, changed=changed, backlog=backlog, fresh=self.fresh
            )
        if self.pause:
            self.state = replace(self.state, due_at=max(self.state.due_at or self.now, self.now + self.pause))

    async def _read_page(self, reader: Reader, link: Link) -> None:
        try:
            read = await reader.read(link, self.source)
        except HostRefused as error:
            self._leave_host_alone(link, error)
        except Exception as error:  # noqa: BLE001  # one page must not stop the others
            outcome = self._record(link.url, error, page=True)
            self.links.append(self._update(link, done=outcome in PERMANENT))
        else:
            answer = read.response
            self.fetches.append(
                Fetch(
                    self.source.id,
                    link.url,
                    self.now,
                    page=True,
                    outcome=read.outcome,
                    status=answer.status if answer else None,
                    detail=read.detail,
                    bytes=len(answer.content) if answer else 0,
                    seconds=answer.seconds if answer else 0.0,
                )
            )
            self.links.append(self._update(link, done=read.outcome in PERMANENT))
            if read.article:
                self.articles.append(read.article)

    def _leave_host_alone(self, link: Link, error: HostRefused) -> None:
        """Ask for a page in a later tick. That is no try at it, unless it led to the host: that may never change."""
        if error.url not in {fetch.url for fetch in self.fetches}:
            self._record(error.url, error, page=False)
        if host_of(error.url) == host_of(self.order.address):
            self.pause = max(self.pause, error.wait)
        if host_of(error.url) != host_of(link.url):
            self._record(link.url, FetchError(link.url, error.outcome, f"it leads to {error}"), page=True)
        self.waiting.add(link.url)
        self.links.append(self._update(link, done=False))

    def _record(self, url: str, error: Exception, *, page: bool) -> FetchOutcome:
        """Record a failure; one that is no FetchError is a defect of ours and says so."""
        if isinstance(error, FetchError):
            outcome, detail, status = FetchOutcome(error.outcome), error.detail, error.status
        else:
            outcome = FetchOutcome.EXTRACTION_FAILED if page else FetchOutcome.UNREADABLE
            detail, status = f"unexpected {type(error).__name__}: {one_line(error)}", None
        self.fetches.append(Fetch(self.source.id, url, self.now, page, outcome, status, detail))
        return outcome

    def _update(self, link: Link, *, done: bool) -> LinkUpdate:
        return LinkUpdate(self.source.id, link, self.now, done)


def new_links(order: Order, listed: Sequence[Link]) -> tuple[Link, ...]:
    """Return the links to fetch, each address once: what the list names first, then those of earlier ticks."""
    tries = {link.url: link.attempts for link in order.pending}
    links = {link.url: link for link in order.pending}
    links |= {link.url: replace(link, attempts=tries.get(link.url, 0)) for link in listed}
    first = dict.fromkeys((*(link.url for link in listed), *links))
    return tuple(links[url] for url in first if url not in order.known)
