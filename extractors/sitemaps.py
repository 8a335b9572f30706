"""Sitemaps and news sitemaps (sitemaps.org 0.9, Google's news extension), read as they stream by."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

from lxml import etree  # type: ignore[import-untyped]  # it ships no types

from detente.errors import FetchError, one_line
from detente.models import FetchOutcome, Link
from extractors.bodies import Gzip
from extractors.dates import parse_date
from extractors.urls import clean_url

_GZIP = b"\x1f\x8b"
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:[-_/.]?(0[1-9]|1[0-2]))?(?!\d{5})")
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What one file lists, newest first where it gives dates: pages, or (an index file) further sitemaps."""

    links: tuple[Link, ...] = ()
    sitemaps: tuple[str, ...] = ()


def parse_sitemap(content: bytes, url: str, max_bytes: int) -> Sitemap:
    """Read a sitemap or an index file, packed with gzip or not. No entity is resolved and nothing is loaded.

    `published_at` is the news extension's date only: a `lastmod` orders the pages, and says nothing of their birth.

    Args:
        content: the file.
        url: its address; relative ones are resolved against it.
        max_bytes: the most bytes to unpack.

    Raises:
        FetchError: it is no sitemap, or longer than allowed.
    """
    if content.startswith(_GZIP):
        content = _unpacked(content, url, max_bytes)
    pages: list[tuple[datetime, Link]] = []
    indexed: list[tuple[datetime, str]] = []
    root: str | None = None
    try:
        for _, element in etree.iterparse(
            BytesIO(content), events=("end",), resolve_entities=False, no_network=True, recover=True
        ):
            # No etree.QName: it refuses the prefixes that a broken file leaves in its names.
            root = re.split("[:}]", element.tag)[-1] if isinstance(element.tag, str) else root
            if root in {"url", "sitemap"}:
                _note(element, root, url, pages, indexed)
                element.clear()
    except etree.XMLSyntaxError as error:
        raise FetchError(url, FetchOutcome.UNREADABLE, f"no XML: {one_line(error)}") from None
    if root not in {"urlset", "sitemapindex"}:
        raise FetchError(url, FetchOutcome.UNREADABLE, "no sitemap")
    pages.sort(key=lambda page: page[0], reverse=True)
    indexed.sort(key=lambda entry: entry[0], reverse=True)
    links: dict[str, Link] = {}
    for _, link in pages:
        links.setdefault(link.url, link)
    return Sitemap(tuple(links.values()), tuple(dict.fromkeys(address for _, address in indexed)))


def _note(
    element: Any, kind: str, base: str, pages: list[tuple[datetime, Link]], indexed: list[tuple[datetime, str]]
) -> None:
    address = _text(element, "{*}loc")
    page = clean_url(address, base) if address else None
    if page is None:
        return
    published_at = parse_date(_text(element, "{*}news/{*}publication_date"))
    order = published_at or parse_date(_text(element, "{*}lastmod"))
    if kind == "sitemap":
        indexed.append((order or _month_in(address), urljoin(base, address)))
    else:
        pages.append(
            (order or _NEVER, Link(page, _text(element, "{*}news/{*}title") or None, published_at=published_at))
        )


def _month_in(address: str) -> datetime:
    """Return the month or year that a sitemap's address names: the best guess at its age where the index has none."""
    found = _MONTH.search(address)
    return datetime(int(found[1]), int(found[2] or 1), 1, tzinfo=UTC) if found else _NEVER


def _text(element: Any, path: str) -> str:
    return " ".join((element.findtext(path) or "").split())


def _unpacked(content: bytes, url: str, max_bytes: int) -> bytes:
    try:
        unpacked = Gzip().decode(content, max_bytes + 1)
    except zlib.error as error:
        raise FetchError(url, FetchOutcome.UNREADABLE, f"broken gzip: {error}") from None
    if len(unpacked) > max_bytes:
        raise FetchError(url, FetchOutcome.TOO_LARGE, f"longer than {max_bytes:,} bytes (http.max_bytes)")
    return unpacked
