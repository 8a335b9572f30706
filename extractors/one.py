"""One page, for a person who wants to know what Détente makes of it: from the web, or from a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from detente.errors import FetchError, UsageError
from detente.models import Article, Link, Source, SourceKind
from detente.settings import Settings
from extractors.agencies import find_agency, load_agencies
from extractors.articles import Reader, publication_time
from extractors.http import Web
from extractors.language import language_of
from extractors.pool import ExtractorPool
from extractors.robots import Hosts
from extractors.urls import clean_url, host_of

_HTML = frozenset({".html", ".htm", ".xhtml"})
_MOST_BYTES = 10_000_000
_NO_SOURCE = ""  # the article comes from no source of the desk


async def fetch_article(url: str, settings: Settings, pool: ExtractorPool, now: datetime) -> Article:
    """Fetch one page, under the same rules as any tick, and return its article.

    Publisher and family are the host's name.

    Raises:
        UsageError: `url` is no address.
        FetchError: the page could not be had, or holds no article.
    """
    address = clean_url(url)
    if address is None:
        raise UsageError(f"{url}: no address of a web page; give one that starts with http:// or https://")
    host = host_of(address)
    source = Source(_NO_SOURCE, SourceKind.SECTION, address, host, host, language="en")
    async with Web(settings.http) as web:
        reader = Reader(web, Hosts(web, settings.http), pool, settings, now, load_agencies())
        read = await reader.read(Link(address), source)
    if read.article is None:
        raise FetchError(address, read.outcome, read.detail)
    return read.article


def read_article(path: Path, pool: ExtractorPool, now: datetime) -> Article:
    """Return the article in a file: a saved page (`.html`, `.htm`, `.xhtml`), or plain text in UTF-8.

    A page is read by a worker of the pool, under the limits that hold for the web's. The first line of a plain text is
    its headline. Without a date of its own it counts as published now.

    Raises:
        UsageError: the file cannot be read, is empty, is no text, or holds no article.
    """
    content = _content(path)
    return _from_page(path, content, pool, now) if path.suffix.lower() in _HTML else _from_text(path, content, now)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}; name a page's address or a file") from None
    if len(content) > _MOST_BYTES:
        raise UsageError(f"{path}: longer than {_MOST_BYTES:,} bytes; give one article")
    if not content.strip():
        raise UsageError(f"{path}: the file is empty; give an article")
    return content


def _from_page(path: Path, html: bytes, pool: ExtractorPool, now: datetime) -> Article:
    found = pool.extract_now(html, "", None)
    if found.problem:
        raise UsageError(f"{path}: {found.problem}; save the article's own page, or its text as a .txt file")
    article = _article(
        found.canonical_url or path.resolve().as_uri(),
        found.title or path.stem,
        found.text,
        language=found.language,
        published_at=found.published_at,
        authors=found.authors,
        now=now,
    )
    return replace(article, extractor=found.extractor, image=found.image, site_name=found.site_name)


def _from_text(path: Path, content: bytes, now: datetime) -> Article:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: byte {error.start} is no UTF-8; give a text in UTF-8 or a .html file") from None
    if "\0" in text:
        raise UsageError(f"{path}: no text; give a text in UTF-8 or a .html file")
    title, _, body = text.strip().partition("\n")
    article = _article(
        path.resolve().as_uri(),
        title.strip(),
        body.strip(),
        language=language_of(text, None),
        published_at=None,
        authors=(),
        now=now,
    )
    return replace(article, extractor="text")


def _article(
    url: str,
    title: str,
    text: str,
    *,
    language: str | None,
    published_at: datetime | None,
    authors: tuple[str, ...],
    now: datetime,
) -> Article:
    host = host_of(url) or "file"
    return Article(
        url=url,
        source=_NO_SOURCE,
        publisher=host,
        family=host,
        title=title,
        text=text,
        language=language,
        published_at=publication_time(published_at, now),
        fetched_at=now,
        authors=authors,
        agency=find_agency(load_agencies(), authors, text),
    )
