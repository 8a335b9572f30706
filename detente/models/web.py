"""What comes from the web: sources, links, fetches, articles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SourceKind(StrEnum):
    """How a source lists its pages."""

    FEED = "feed"  # RSS, Atom or JSON Feed
    SITEMAP = "sitemap"  # a (news) sitemap
    SECTION = "section"  # a page of links
    PAGE = "page"  # a single page, which is the article itself


@dataclass(frozen=True, slots=True)
class Source:
    """One list of pages that one publisher keeps.

    `family` is what counts as independent: an agency with those who reprint it, or one owner's titles.
    `language` is ISO 639-1, `country` ISO 3166-1 alpha-3. `links` is a regular expression that the address of
    an article must contain; it serves section pages, where other links abound.
    """

    id: str
    kind: SourceKind
    url: str
    publisher: str
    family: str
    language: str
    country: str | None = None
    links: str | None = None


class FetchOutcome(StrEnum):
    """What became of one request, or of one page."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    ROBOTS = "robots"  # robots.txt forbids it
    UNREACHABLE = "unreachable"  # no connection, no name, broken TLS
    TIMEOUT = "timeout"
    HTTP_ERROR = "http_error"  # 4xx, 5xx
    TOO_LARGE = "too_large"
    NOT_HTML = "not_html"
    UNREADABLE = "unreadable"  # a feed or sitemap that no parser reads
    EMPTY = "empty"  # a page without an article
    EXTRACTION_FAILED = "extraction_failed"  # the worker died or ran out of time


PERMANENT = frozenset({FetchOutcome.OK, FetchOutcome.ROBOTS, FetchOutcome.NOT_HTML, FetchOutcome.EMPTY,
                       FetchOutcome.TOO_LARGE})  # fmt: skip
"""Outcomes after which a page is not asked for again; the others are tried in later ticks, up to a limit."""


@dataclass(frozen=True, slots=True)
class Link:
    """An address that a source listed, with what the list itself said about it.

    `attempts` is how often its page was asked for in earlier ticks.
    """

    url: str
    title: str | None = None
    summary: str | None = None
    published_at: datetime | None = None
    authors: tuple[str, ...] = ()
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Fetch:
    """The record of one request: a list (`page` false) or an article's page (`page` true)."""

    source: str
    url: str
    at: datetime
    page: bool
    outcome: FetchOutcome
    status: int | None = None
    detail: str = ""
    bytes: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Extracted:
    """What extraction made of one page. `problem` is None, or why there is no usable text.

    `image` is the absolute address of the lead image. `extractor` is `trafilatura`, or `resiliparse` where that saw
    next to nothing.
    """

    title: str = ""
    text: str = ""
    published_at: datetime | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    canonical_url: str | None = None
    site_name: str | None = None
    extractor: str = "trafilatura"
    problem: str | None = None
    image: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One cleaned page. `url` is canonical and the article's identity.

    `family` is the source's; `agency` the news agency that byline or dateline names, if any.
    `extractor` is `trafilatura`; `resiliparse` where that saw next to nothing; `feed` where the page gave nothing
    and the feed's own words stand in; or `text` for a plain text. Where nobody names a date, `published_at` is when
    it was fetched. `image` is the absolute address of the lead image, `site_name` what the page calls its site.
    `edited_at` is when its text was last found changed.
    """

    url: str
    source: str
    publisher: str
    family: str
    title: str
    text: str
    language: str | None
    published_at: datetime
    fetched_at: datetime
    authors: tuple[str, ...] = ()
    agency: str | None = None
    extractor: str = "trafilatura"
    image: str | None = None
    site_name: str | None = None
    edited_at: datetime | None = None

    @property
    def is_dated(self) -> bool:
        """Whether feed or page named the day of publication."""
        return self.published_at != self.fetched_at

    @property
    def full_text(self) -> str:
        """Headline and text, as detection reads them and as offsets count."""
        return f"{self.title}\n\n{self.text}"


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is remembered about a source between ticks.

    `interval` is the seconds between two requests that suit it, 0 before the first answer. `moved_to` is where
    permanent redirects led from `moved_from`; it counts as long as that is the source's address.
    """

    source: str
    etag: str | None = None
    last_modified: str | None = None
    due_at: datetime | None = None
    failures: int = 0
    last_success: datetime | None = None
    interval: int = 0
    moved_from: str | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One source to ask in this tick, with what it needs to know.

    `known` are addresses that need no fetch; `pending` are links of earlier ticks still to be fetched.
    """

    source: Source
    state: SourceState
    known: frozenset[str] = frozenset()
    pending: tuple[Link, ...] = ()

    @property
    def address(self) -> str:
        """Where to ask: the source's own address, or where that moved for good."""
        moved = self.state.moved_to if self.state.moved_from == self.source.url else None
        return moved or self.source.url


@dataclass(frozen=True, slots=True)
class RobotsFile:
    """What a host's robots.txt said at `fetched_at`; `text` is empty where there is none and everything is allowed.

    `host` is as politeness counts: the name, with its port where that is unusual.
    """

    host: str
    fetched_at: datetime
    text: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Sources that one collect task asks; neither a host nor a publisher is in two batches.

    `robots` is what is remembered of robots.txt files, of these hosts and others.
    """

    number: int
    orders: tuple[Order, ...]
    robots: tuple[RobotsFile, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkUpdate:
    """What to remember about a link: `done` false means it is asked for again, after `attempts` tries."""

    source: str
    link: Link
    seen_at: datetime
    done: bool


@dataclass(frozen=True, slots=True)
class Collected:
    """What one collect task brings home."""

    batch: int
    articles: tuple[Article, ...] = ()
    fetches: tuple[Fetch, ...] = ()
    links: tuple[LinkUpdate, ...] = ()
    states: tuple[SourceState, ...] = ()
    robots: tuple[RobotsFile, ...] = ()
