"""A source, tried out: what it answers, what it lists, what robots.txt says, and how a few of its pages read."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from protego import Protego

from detente.errors import FetchError, one_line
from detente.models import FetchOutcome, Link, Order, Source, SourceState
from detente.settings import Settings
from extractors.articles import Reader
from extractors.http import AGENT, Web
from extractors.language import language_of
from extractors.lists import ask
from extractors.pool import ExtractorPool
from extractors.robots import Hosts

_AT_ONCE = 20  # sources; bounds open connections
_DECLARED = re.compile(
    rb"<(?:\w+:)?language>\s*([a-zA-Z]{2}[\w-]*)|<(?:feed|html)\b[^>]*?\blang=[\"']([a-zA-Z]{2}[\w-]*)"
)
_HEAD = 4096  # bytes of a list in which it declares its language
_MOST_WORDS = 50  # entries whose words are looked at


@dataclass(frozen=True, slots=True)
class Robots:
    """What a host's robots.txt says to programs. `problem` is why it could not be had, and then nothing is allowed."""

    rules: Protego | None = None
    problem: str = ""

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The addresses of its Sitemap lines."""
        return tuple(self.rules.sitemaps) if self.rules else ()

    def says(self, url: str) -> str:
        """Return in words what it says about an address."""
        if self.problem:
            return f"cannot be had ({self.problem}): no page of the host is read"
        if self.rules is None:
            return "there is none: everything is allowed"
        if not self.rules.can_fetch(url, AGENT):
            return "forbids it"
        delay = self.rules.crawl_delay(AGENT)
        return f"allows it, {float(delay):g} s apart" if delay else "allows it"


@dataclass(frozen=True, slots=True)
class PageTrial:
    """One page: its title, `characters` of text and what found them (see `Article`), or the problem in words."""

    url: str
    title: str | None
    characters: int
    language: str | None
    problem: str
    extractor: str | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """A source's answer. `newest` and `oldest` are the dates that the list gives; `detail` says what failed.

    `languages` are those of the list's words and of the pages read; `seconds` is what the list's request took.
    """

    source: str
    url: str
    outcome: FetchOutcome
    status: int | None
    detail: str
    seconds: float
    items: int
    newest: datetime | None
    oldest: datetime | None
    languages: tuple[str, ...]
    robots: str
    pages: tuple[PageTrial, ...]

    @property
    def ok(self) -> bool:
        """Whether the list could be read."""
        return self.outcome is FetchOutcome.OK


async def read_robots(web: Web, hosts: Hosts, url: str) -> Robots:
    """Fetch the robots.txt of an address's host; 4xx means that there is none (RFC 9309, 2.3.1.3)."""
    parts = urlsplit(url)
    address = f"{parts.scheme}://{parts.netloc}/robots.txt"
    try:
        answer = await web.get(address, accept="text/plain, */*;q=0.5", admit=hosts.turn)
    except FetchError as error:
        return Robots(problem=error.detail)
    if answer.ok:
        return Robots(Protego.parse(answer.content.decode("utf-8-sig", errors="replace")))
    return Robots(problem=f"HTTP {answer.status}") if answer.status >= 500 else Robots()


async def try_sources(
    sources: Sequence[Source], settings: Settings, pool: ExtractorPool, now: datetime, pages: int
) -> tuple[Trial, ...]:
    """Try sources as a tick would ask them, but as if for the first time; nothing is remembered.

    Args:
        sources: whom to ask.
        settings: the desk's settings.
        pool: the workers that clean pages.
        now: the present.
        pages: how many pages of each to read, from the top of its list.

    Returns:
        A trial for each source, in their order.
    """
    async with Web(settings.http) as web:
        hosts = Hosts(web, settings.http)
        reader = Reader(web, hosts, pool, settings, now)
        slots = asyncio.Semaphore(_AT_ONCE)

        async def run(source: Source) -> Trial:
            async with slots:
                return await _try(source, web, hosts, reader, settings, now, pages)

        return tuple(await asyncio.gather(*(run(source) for source in sources)))


def declared_language(content: bytes) -> str | None:
    """Return the language code that a feed or page declares in its head, as it stands there."""
    match = _DECLARED.search(content[:_HEAD])
    return (match[1] or match[2]).decode("ascii") if match else None


def list_language(links: Sequence[Link], declared: str | None) -> str | None:
    """Return the language of a list: English where its words are, else what it declares."""
    words = " ".join(f"{link.title or ''} {link.summary or ''}" for link in links[:_MOST_WORDS])
    return language_of(words, declared)


async def _try(
    source: Source, web: Web, hosts: Hosts, reader: Reader, settings: Settings, now: datetime, pages: int
) -> Trial:
    robots = (await read_robots(web, hosts, source.url)).says(source.url)
    try:
        listed = await ask(Order(source, SourceState(source.id)), web, hosts, settings, now, reader.pool)
    except Exception as error:  # noqa: BLE001  # one source must not stop the others
        outcome, detail = _failure(error)
        status = error.status if isinstance(error, FetchError) else None
        return Trial(source.id, source.url, outcome, status, detail, 0.0, 0, None, None, (), robots, ())
    read = tuple([await _read(link, source, reader) for link in listed.links[:pages]])
    dates = sorted(link.published_at for link in listed.links if link.published_at)
    own = list_language(listed.links, declared_language(listed.response.content))
    languages = dict.fromkeys(code for code in (own, *(page.language for page in read)) if code)
    return Trial(
        source.id,
        source.url,
        listed.outcome,
        listed.response.status,
        "; ".join(filter(None, (listed.detail, "" if listed.links else "it lists nothing"))),
        listed.response.seconds,
        len(listed.links),
        dates[-1] if dates else None,
        dates[0] if dates else None,
        tuple(languages),
        robots,
        read,
    )


async def _read(link: Link, source: Source, reader: Reader) -> PageTrial:
    try:
        found = await reader.read(link, source)
    except Exception as error:  # noqa: BLE001  # one page must not stop the others
        return PageTrial(link.url, link.title, 0, None, _failure(error)[1])
    if found.article is None:
        return PageTrial(link.url, link.title, 0, None, found.detail)
    article = found.article
    return PageTrial(link.url, article.title, len(article.text), article.language, found.detail, article.extractor)


def _failure(error: Exception) -> tuple[FetchOutcome, str]:
    """Return outcome and words; a failure that is no FetchError is a defect of ours and says so."""
    if isinstance(error, FetchError):
        return FetchOutcome(error.outcome), error.detail
    return FetchOutcome.UNREADABLE, f"unexpected {type(error).__name__}: {one_line(error)}"
