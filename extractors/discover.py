"""What a site offers to programs: the feeds and news sitemaps that it names, or keeps where most sites keep them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

from lxml import etree  # type: ignore[import-untyped]  # it ships no types
from lxml.html import HTMLParser, document_fromstring  # type: ignore[import-untyped]  # it ships no types

from detente.errors import FetchError, UsageError
from detente.models import Link, Order, Source, SourceKind, SourceState
from detente.settings import Settings
from extractors.charsets import charset_in, decode_html
from extractors.feeds import parse_feed
from extractors.http import Response, Web, http_error
from extractors.lists import ask, read_apart
from extractors.pool import ExtractorPool
from extractors.probe import declared_language, list_language, read_robots
from extractors.robots import Hosts
from extractors.urls import host_of

FEED_PATHS = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml")
"""Where feeds lie on many sites; asked for only where the site's page names none that is of use."""

SITEMAP_PATHS = ("/sitemap_news.xml", "/news-sitemap.xml", "/sitemap.xml")
"""The same for sitemaps, where robots.txt names none that is of use."""

STALE = timedelta(days=30)
"""A list whose newest item is older is not taken."""

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json")
_COMMENTS = re.compile(r"/comments?(/|$|\.)|comments?[-_]?feed", re.IGNORECASE)
_MOST = 8  # lists of one kind that are asked for, whatever a page names
_SAME = 0.8  # share of a list's links that an earlier one has, from which on it is the same list
_PAGE = "text/html, application/xhtml+xml, application/rss+xml;q=0.8, application/atom+xml;q=0.8, */*;q=0.5"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One list that a site offers; `why_not` says why it is not worth taking, and is empty where it is."""

    kind: SourceKind
    url: str
    items: int
    newest: datetime | None
    language: str | None
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """What was found at a site: its own address and name, and its lists, the ones to take first."""

    url: str
    name: str | None
    candidates: tuple[Candidate, ...]

    @property
    def taken(self) -> tuple[Candidate, ...]:
        """The lists that are worth taking."""
        return tuple(item for item in self.candidates if not item.why_not)


def site_address(text: str) -> str:
    """Return the address that a person gave, with https where no scheme stands.

    Raises:
        UsageError: it is no address.
    """
    url = text.strip() if re.match(r"https?://", text.strip(), re.IGNORECASE) else f"https://{text.strip()}"
    host = host_of(url)
    if not host or re.search(r"\s", url) or not re.search(r"[.:\]]", host) or ("://" in text and url != text.strip()):
        raise UsageError(f"{text!r} is no address of a site; write it as https://www.example.org")
    return url


async def discover(url: str, settings: Settings, now: datetime) -> Site:
    """Look at a site's page and robots.txt and ask for each list that they name; else for the common places.

    A feed that the address itself leads to is found too.

    Raises:
        FetchError: neither the page nor any list could be had.
    """
    with ExtractorPool(settings.extraction) as pool:
        async with Web(settings.http) as web:
            search = _Search(web, Hosts(web, settings.http), pool, settings, now)
            return await search.run(url)


class _Search:
    """One site, and the lists seen so far."""

    def __init__(self, web: Web, hosts: Hosts, pool: ExtractorPool, settings: Settings, now: datetime) -> None:
        self._web, self._hosts, self._pool, self._settings, self._now = web, hosts, pool, settings, now
        self._asked: set[str] = set()
        self._found: list[Candidate] = []
        self._links: list[frozenset[str]] = []
        self._language: str | None = None

    async def run(self, url: str) -> Site:
        page: Response | None = None
        own: tuple[Link, ...] | None = None
        name: str | None = None
        named: tuple[str, ...] = ()
        failure: FetchError | None = None
        try:
            page = await self._front(url)
            own = await read_apart(self._pool, _as_feed, page.content, page.url)
            if own is None:
                name, named = await read_apart(self._pool, _read_page, page.content, page.url, page.content_type)
        except FetchError as error:
            failure = error
        home = page.url if page else url
        if page and own is not None:
            self._asked.add(page.url)
            self._note(SourceKind.FEED, page.url, own, declared_language(page.content))
        elif page:
            self._language = declared_language(page.content)
        robots = await read_robots(self._web, self._hosts, home)
        await self._look(SourceKind.FEED, named)
        if not self._has(SourceKind.FEED):
            await self._look(SourceKind.FEED, (urljoin(home, path) for path in FEED_PATHS))
        await self._look(SourceKind.SITEMAP, sorted(robots.sitemaps, key=lambda one: "news" not in one.lower()))
        if not self._has(SourceKind.SITEMAP):
            await self._look(SourceKind.SITEMAP, (urljoin(home, path) for path in SITEMAP_PATHS))
        if failure and not self._found:
            raise failure
        return Site(home, name, tuple(sorted(self._found, key=lambda item: bool(item.why_not))))

    async def _front(self, url: str) -> Response:
        answer = await self._web.get(url, accept=_PAGE, admit=self._hosts.allowed)
        self._hosts.heed(answer)
        if not answer.ok:
            raise http_error(url, answer.status)
        return answer

    def _has(self, kind: SourceKind) -> bool:
        return any(item.kind is kind and not item.why_not for item in self._found)

    async def _look(self, kind: SourceKind, urls: Iterable[str]) -> None:
        """Ask for lists at once, and note those that are there in the order in which they were named."""
        new = [url for url in dict.fromkeys(urls) if url not in self._asked and host_of(url)][:_MOST]
        self._asked.update(new)
        answers = await asyncio.gather(*(self._ask(kind, url) for url in new))
        for answer in answers:
            if answer is not None and answer[0] not in {item.url for item in self._found}:
                self._note(kind, *answer)

    async def _ask(self, kind: SourceKind, url: str) -> tuple[str, tuple[Link, ...], str | None] | None:
        order = Order(Source("", kind, url, "", "", ""), SourceState(""))
        try:
            listed = await ask(order, self._web, self._hosts, self._settings, self._now, self._pool)
        except Exception:  # noqa: BLE001  # it is not there, or no list: one guess must not stop the others
            return None
        return listed.state.moved_to or url, listed.links, declared_language(listed.response.content)

    def _note(self, kind: SourceKind, url: str, links: tuple[Link, ...], declared: str | None) -> None:
        newest = max((link.published_at for link in links if link.published_at), default=None)
        language = list_language(links, declared or self._language)
        item = Candidate(kind, url, len(links), newest, language)
        mine = frozenset(link.url for link in links)
        why_not = self._why_not(item, mine)
        self._found.append(replace(item, why_not=why_not))
        self._links.append(frozenset() if why_not else mine)

    def _why_not(self, item: Candidate, links: frozenset[str]) -> str:
        if not links:
            return "it lists nothing"
        if _COMMENTS.search(urlsplit(item.url).path):
            return "readers' comments"
        if item.kind is SourceKind.SITEMAP and item.newest is None:
            return "no news sitemap: it dates nothing"
        if item.newest and self._now - item.newest > STALE:
            return f"nothing new for {(self._now - item.newest).days} days"
        for other, known in zip(self._found, self._links, strict=True):
            if len(links & known) >= _SAME * len(links):
                return f"the same as {other.url}"
        return ""


def _as_feed(content: bytes, url: str) -> tuple[Link, ...] | None:
    """Return the links of an answer that is a feed itself, else None."""
    if not re.match(rb"\s*(?:\xef\xbb\xbf)?\s*(?:<(?:\?xml|rss|feed|rdf:RDF)|\{)", content[:200]):
        return None
    if re.search(rb"<html\b", content[:1000], re.IGNORECASE):  # XHTML
        return None
    try:
        return parse_feed(content, url)
    except FetchError:
        return None


def _read_page(content: bytes, url: str, content_type: str) -> tuple[str | None, tuple[str, ...]]:
    """Return the site's name and the feeds that its page names, in its order."""
    text = decode_html(content, charset_in(content_type))
    try:
        tree = document_fromstring(text.encode("utf-8", "replace"), HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError):
        return None, ()
    names = (*tree.xpath("//meta[@property='og:site_name']/@content"), *tree.xpath("//head/title//text()"))
    name = next((" ".join(item.split()) for item in names if item.strip()), None)
    return name, tuple(_alternates(tree.iter("link"), url))


def _alternates(links: Iterable[etree._Element], base: str) -> Iterator[str]:
    for link in links:
        relations = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        if "alternate" in relations and kind in _FEED_TYPES and link.get("href"):
            try:
                yield urljoin(base, link.get("href").strip())
            except ValueError:  # a bracket without its pair
                continue
