"""Asking a source what it lists: one conditional request, and the links of the answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from detente.errors import FetchError
from detente.models import FetchOutcome, Link, Order, Source, SourceKind, SourceState
from detente.settings import Settings
from extractors.charsets import charset_in
from extractors.feeds import parse_feed
from extractors.http import Response, Web
from extractors.robots import Hosts
from extractors.sections import parse_section
from extractors.sitemaps import parse_sitemap

MOST_LISTED = 1000
"""Links of one list that are looked at, newest first where it says; a news sitemap holds no more by its rules."""

_MOST_SITEMAPS = 5  # of an index file, newest first
_LONGEST_WAIT = timedelta(days=1)
_DOUBLINGS = 10
_ACCEPT = {
    SourceKind.FEED: "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5",
    SourceKind.SITEMAP: "application/xml, text/xml;q=0.9, */*;q=0.5",
    SourceKind.SECTION: "text/html, application/xhtml+xml, */*;q=0.5",
}
_NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class Listed:
    """What a source answered: its links, or none where nothing changed."""

    outcome: FetchOutcome
    response: Response
    links: tuple[Link, ...]
    state: SourceState


async def ask(order: Order, web: Web, hosts: Hosts, settings: Settings, now: datetime) -> Listed:
    """Ask a source for its list, if that has changed since the last time.

    Feeds and sitemaps are published for programs to ask; section pages obey robots.txt.

    Raises:
        FetchError: the list could not be had or read.
    """
    source, state = order.source, order.state
    headers = {"If-None-Match": state.etag or "", "If-Modified-Since": state.last_modified or ""}
    answer = await web.get(
        source.url,
        accept=_ACCEPT[source.kind],
        headers={name: value for name, value in headers.items() if value},
        admit=hosts.allowed if source.kind is SourceKind.SECTION else hosts.turn,
    )
    asked = replace(state, due_at=None, failures=0, last_success=now)
    if answer.status == _NOT_MODIFIED:
        return Listed(FetchOutcome.NOT_MODIFIED, answer, (), asked)
    links = await _links(source, _had(answer, source.url), web, hosts, settings)
    asked = replace(asked, etag=answer.headers.get("etag"), last_modified=answer.headers.get("last-modified"))
    return Listed(FetchOutcome.OK, answer, links[:MOST_LISTED], asked)


def after_failure(state: SourceState, settings: Settings, now: datetime) -> SourceState:
    """Return a source's state after a failure: asked again after half a tick, doubled each time, up to a day.

    Half a tick, so that the next tick asks again once; from the third failure on, ticks are left out.
    """
    wait = timedelta(minutes=settings.schedule.watch_minutes / 2) * 2 ** min(state.failures, _DOUBLINGS)
    return replace(state, due_at=now + min(wait, _LONGEST_WAIT), failures=state.failures + 1)


async def _links(source: Source, answer: Response, web: Web, hosts: Hosts, settings: Settings) -> tuple[Link, ...]:
    """Parse an answer, in a thread: the slower parsers would hold up every other request."""
    if source.kind is SourceKind.FEED:
        return await asyncio.to_thread(parse_feed, answer.content, answer.url)
    if source.kind is SourceKind.SECTION:
        charset = charset_in(answer.content_type)
        return await asyncio.to_thread(parse_section, answer.content, answer.url, charset, source.links)
    return await _sitemap_links(answer, web, hosts, settings.http.max_bytes)


async def _sitemap_links(answer: Response, web: Web, hosts: Hosts, max_bytes: int) -> tuple[Link, ...]:
    """Return a sitemap's links, or those of the newest sitemaps that an index file names; an index in it is passed by.

    Raises:
        FetchError: the sitemap, or every one that the index names, could not be had or read.
    """
    sitemap = await asyncio.to_thread(parse_sitemap, answer.content, answer.url, max_bytes)
    links, failure = list(sitemap.links), None
    for url in sitemap.sitemaps[:_MOST_SITEMAPS]:
        try:
            inner = _had(await web.get(url, accept=_ACCEPT[SourceKind.SITEMAP], admit=hosts.turn), url)
            links += (await asyncio.to_thread(parse_sitemap, inner.content, inner.url, max_bytes)).links
        except FetchError as error:
            failure = error
    if failure and not links:
        raise failure
    return tuple(links)


def _had(answer: Response, url: str) -> Response:
    if not answer.ok:
        raise FetchError(url, FetchOutcome.HTTP_ERROR, f"HTTP {answer.status}")
    return answer
