"""Asking a source what it lists: one conditional request, and the links of the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from detente.errors import FetchError
from detente.models import FetchOutcome, Link, Order, Source, SourceKind, SourceState
from detente.settings import Settings
from extractors.charsets import charset_in
from extractors.feeds import parse_feed
from extractors.http import Response, Web, http_error
from extractors.pool import ExtractorPool, WorkerStopped
from extractors.robots import HostRefused, Hosts
from extractors.sections import parse_section
from extractors.sitemaps import parse_sitemap
from extractors.urls import clean_url

MOST_LISTED = 1000
"""Links of one list that are looked at, newest first where it says; a news sitemap holds no more by its rules."""

MOST_SITEMAPS = 5
"""Sitemaps of one index file that are read, newest first."""

_ACCEPT = {
    SourceKind.FEED: (
        "application/rss+xml, application/atom+xml, application/feed+json, "
        "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
    ),
    SourceKind.SITEMAP: "application/xml, text/xml;q=0.9, */*;q=0.5",
    SourceKind.SECTION: "text/html, application/xhtml+xml, */*;q=0.5",
    SourceKind.PAGE: "text/html, application/xhtml+xml, */*;q=0.5",
}
_FOR_PROGRAMS = frozenset({SourceKind.FEED, SourceKind.SITEMAP})
_NOT_MODIFIED = 304
_SHORT = 64_000  # bytes of a list
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Listed:
    """What a source answered: its links, or none where nothing changed; `detail` is what else there is to say.

    When to ask next is not yet in `state`, since that depends on what is new in the links.
    """

    outcome: FetchOutcome
    response: Response
    links: tuple[Link, ...]
    state: SourceState
    detail: str = ""


async def ask(
    order: Order, web: Web, hosts: Hosts, settings: Settings, now: datetime, pool: ExtractorPool | None = None
) -> Listed:
    """Ask a source for its list, if that has changed since the last time.

    Feeds and sitemaps are published for programs to ask; other pages obey robots.txt. Where permanent redirects
    led the last time is asked first, and the source's own address where that fails. Long lists are read by the pool's
    workers, if one is given.

    Raises:
        HostRefused: the host asks to be left alone, or its robots.txt failed.
        FetchError: the list could not be had or read.
    """
    if order.address == order.source.url:
        return await _ask(order, web, hosts, settings, now, pool)
    try:
        return await _ask(order, web, hosts, settings, now, pool)
    except FetchError as error:
        failure = error
    note = f"{order.address}, where it had moved, failed ({failure.detail})"
    own = replace(order, state=replace(order.state, etag=None, last_modified=None, moved_from=None, moved_to=None))
    try:
        listed = await _ask(own, web, hosts, settings, now, pool)
    except FetchError as error:
        if isinstance(failure, HostRefused):  # it knows how long to wait
            raise failure from None
        raise FetchError(error.url, error.outcome, f"{error.detail}; {note}", error.status) from None
    return replace(listed, detail="; ".join(filter(None, (note, listed.detail))))


async def _ask(
    order: Order, web: Web, hosts: Hosts, settings: Settings, now: datetime, pool: ExtractorPool | None
) -> Listed:
    source, state = order.source, order.state
    headers = {"If-None-Match": state.etag or "", "If-Modified-Since": state.last_modified or ""}
    answer = await web.get(
        order.address,
        accept=_ACCEPT[source.kind],
        headers={name: value for name, value in headers.items() if value},
        admit=hosts.turn if source.kind in _FOR_PROGRAMS else hosts.allowed,
    )
    hosts.heed(answer)
    moved_to = answer.moved_to or order.address
    moved = moved_to != source.url
    state = replace(
        state,
        due_at=None,
        failures=0,
        last_success=now,
        moved_from=source.url if moved else None,
        moved_to=moved_to if moved else None,
    )
    detail = f"moved for good to {moved_to}" if moved else ""
    if answer.status == _NOT_MODIFIED:
        return Listed(FetchOutcome.NOT_MODIFIED, answer, (), state, detail)
    links, more = await _links(source, _had(answer, order.address), web, hosts, settings, pool)
    state = replace(state, etag=answer.headers.get("etag"), last_modified=answer.headers.get("last-modified"))
    detail = "; ".join(filter(None, (detail, more)))
    return Listed(FetchOutcome.OK, answer, links[:MOST_LISTED], state, detail)


async def _links(
    source: Source, answer: Response, web: Web, hosts: Hosts, settings: Settings, pool: ExtractorPool | None
) -> tuple[tuple[Link, ...], str]:
    """Parse an answer.

    Returns:
        The links, and what was left out, in words.
    """
    if source.kind is SourceKind.FEED:
        return await read_apart(pool, parse_feed, answer.content, answer.url), ""
    if source.kind is SourceKind.PAGE:
        return tuple(Link(url) for url in [clean_url(source.url)] if url), ""
    if source.kind is SourceKind.SECTION:
        charset = charset_in(answer.content_type)
        return await read_apart(pool, parse_section, answer.content, answer.url, charset, source.links), ""
    return await _sitemap_links(answer, web, hosts, settings.http.max_bytes, pool)


async def _sitemap_links(
    answer: Response, web: Web, hosts: Hosts, max_bytes: int, pool: ExtractorPool | None
) -> tuple[tuple[Link, ...], str]:
    """Return a sitemap's links, or those of the newest sitemaps that an index file names, and what was left out.

    An index within an index is passed by.

    Raises:
        FetchError: the sitemap, or every one that the index names, could not be had or read.
    """
    sitemap = await read_apart(pool, parse_sitemap, answer.content, answer.url, max_bytes)
    links, failures = list(sitemap.links), []
    for url in sitemap.sitemaps[:MOST_SITEMAPS]:
        try:
            inner = await web.get(url, accept=_ACCEPT[SourceKind.SITEMAP], admit=hosts.turn)
            hosts.heed(inner)
            links += (await read_apart(pool, parse_sitemap, _had(inner, url).content, inner.url, max_bytes)).links
        except FetchError as error:
            failures.append(error)
    if failures and not links:
        raise failures[-1]
    notes = [f"{error.url} failed ({error.detail})" for error in failures]
    if len(sitemap.sitemaps) > MOST_SITEMAPS:
        notes.insert(0, f"read the newest {MOST_SITEMAPS} of {len(sitemap.sitemaps)} sitemaps")
    return tuple(links), "; ".join(notes)


async def read_apart(pool: ExtractorPool | None, parse: Callable[..., _T], content: bytes, url: str, *more: Any) -> _T:
    """Parse a list or a page: a short one in a thread, for the slower parsers would hold up every other request.

    A long one goes to a worker, which can be stopped: the time that an element with very many attributes takes grows
    with their square, and is half a second for a list of 64 KB.

    Raises:
        FetchError: it cannot be read, or takes too long.
    """
    if pool is None or len(content) < _SHORT:
        return await asyncio.to_thread(parse, content, url, *more)
    try:
        return await pool.run(parse, content, url, *more)
    except WorkerStopped as error:
        raise FetchError(url, FetchOutcome.UNREADABLE, f"the worker that read it {error}") from None


def _had(answer: Response, url: str) -> Response:
    if not answer.ok:
        raise http_error(url, answer.status)
    return answer
