"""RSS, Atom and JSON Feed: what a feed lists.

fastfeedparser reads a hundred times as many feeds a second as feedparser, and fails on some wrong encodings;
feedparser is asked where it does.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import unescape
from typing import Any

import fastfeedparser  # type: ignore[import-untyped]  # it ships no types
import feedparser  # type: ignore[import-untyped]  # it ships no types
from lxml import etree  # type: ignore[import-untyped]  # it ships no types
from lxml.html import document_fromstring  # type: ignore[import-untyped]  # it ships no types

from detente.errors import FetchError
from detente.models import FetchOutcome, Link
from extractors.dates import parse_date, sensible
from extractors.jsonfeeds import is_json, json_entries
from extractors.urls import clean_url

_UNREAD = "\N{REPLACEMENT CHARACTER}"
_MOST_MARKUP = 50_000  # characters of one entry that are looked at
_MOST_SUMMARY = 10_000  # characters of one entry's text that are kept
_BLOCKS = ("p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "blockquote")
_MOST_AUTHORS = 10
_MOST_LINKS = 2000  # of one feed; a tick takes far fewer


def parse_feed(content: bytes, url: str) -> tuple[Link, ...]:
    """Return the links of a feed in its order, each address once; entries without an address are left out.

    `summary` is the longest text that the entry gives, without markup.

    Args:
        content: the feed, unpacked.
        url: its address; relative links are resolved against it.

    Raises:
        FetchError: no parser takes it for a feed.
    """
    if is_json(content):
        return _links(json_entries(content, url), url)
    try:
        entries = fastfeedparser.parse(content).entries
    except Exception:  # noqa: BLE001  # it raises many kinds; the other parser decides what this is
        entries = None
    links = _links(entries or (), url)
    if links and not any(_UNREAD in (link.title or "") + (link.summary or "") for link in links):
        return links
    slowly = feedparser.parse(content)
    if found := _links([dict(entry) for entry in slowly.entries], url):  # its own dicts warn when asked for `updated`
        return found
    if entries is None and not slowly.get("version"):  # it has none where nothing was sent
        raise FetchError(url, FetchOutcome.UNREADABLE, "no parser takes it for a feed")
    return links


def plain_text(markup: str) -> str:
    """Return the text of a piece of HTML, a line for each block."""
    markup = markup[:_MOST_MARKUP]
    if "<" not in markup:
        return " ".join(unescape(markup).split())
    try:
        piece = document_fromstring(f"<div>{markup}</div>")
    except (etree.ParserError, ValueError):  # nothing in it, or characters that XML forbids
        return ""
    for hidden in list(piece.iter("script", "style")):
        hidden.drop_tree()
    for block in piece.iter(*_BLOCKS):
        block.tail = "\n" + (block.tail or "")
    lines = (" ".join(line.split()) for line in piece.text_content().split("\n"))
    return "\n".join(line for line in lines if line)


def _links(entries: Sequence[Mapping[str, Any]], base: str) -> tuple[Link, ...]:
    links: dict[str, Link] = {}
    for entry in entries:
        if len(links) == _MOST_LINKS:
            break
        address = _address(entry)
        url = clean_url(address, base) if isinstance(address, str) and address.strip() else None
        if url and url not in links:
            links[url] = Link(url, _title(entry), _summary(entry), _published(entry), _authors(entry))
    return tuple(links.values())


def _address(entry: Mapping[str, Any]) -> Any:
    """Return the page's address. An Atom link without `rel` is the page's (RFC 4287, 4.2.7.2).

    fastfeedparser takes the first link, whatever it is, where none says `alternate`.
    """
    links = [link for link in entry.get("links") or () if isinstance(link, Mapping) and link.get("href")]
    if not any(link.get("rel") == "alternate" for link in links):
        for link in links:
            if link.get("rel") is None:
                return link["href"]
    return entry.get("link")


def _title(entry: Mapping[str, Any]) -> str | None:
    return " ".join(plain_text(str(entry.get("title") or "")).split()) or None


def _summary(entry: Mapping[str, Any]) -> str | None:
    texts = [entry.get("description"), entry.get("summary")]
    texts += [item.get("value") for item in entry.get("content") or () if isinstance(item, Mapping)]
    plain = (plain_text(text) for text in texts if isinstance(text, str))
    return max(plain, key=len, default="")[:_MOST_SUMMARY] or None


def _published(entry: Mapping[str, Any]) -> datetime | None:
    for name in ("published", "updated"):
        if moment := _moment(entry.get(f"{name}_parsed")) or parse_date(str(entry.get(name) or "")):
            return moment
    return None


def _moment(parsed: Any) -> datetime | None:
    try:
        return sensible(datetime.fromtimestamp(calendar.timegm(parsed), UTC)) if parsed else None
    except (ValueError, OverflowError, OSError):  # a year that no calendar has
        return None


def _authors(entry: Mapping[str, Any]) -> tuple[str, ...]:
    names = [item.get("name") for item in entry.get("authors") or () if isinstance(item, Mapping)]
    names = names or [entry.get("author")]
    return tuple(" ".join(unescape(name).split()) for name in names if isinstance(name, str) and name.strip())[
        :_MOST_AUTHORS
    ]
