"""Section pages: the articles that a page of links leads to."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from lxml import etree  # type: ignore[import-untyped]  # it ships no types
from lxml.html import HTMLParser, document_fromstring  # type: ignore[import-untyped]  # it ships no types

from detente.errors import FetchError
from detente.models import FetchOutcome, Link
from extractors.charsets import decode_html
from extractors.urls import clean_url, same_site

HEADLINE = 20
"""Characters: where no pattern tells articles from other pages, a link with a shorter text is taken for navigation."""


def parse_section(html: bytes, url: str, charset: str | None, pattern: str | None) -> tuple[Link, ...]:
    """Return the links to articles of the same site, in the page's order, each once; the link's text is the title.

    Args:
        html: the page, unpacked.
        url: its address.
        charset: what the Content-Type header said, if anything.
        pattern: a regular expression that an article's address must contain; without one, the link's text
            must be as long as a headline.

    Raises:
        FetchError: the page is empty.
    """
    try:
        page = document_fromstring(decode_html(html, charset).encode("utf-8", "replace"), HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError):
        raise FetchError(url, FetchOutcome.UNREADABLE, "the page is empty") from None
    base = page.find(".//base[@href]")
    home = url if base is None else _joined(url, base.get("href"))
    titles: dict[str, str] = {}
    for anchor in page.iter("a"):
        address = clean_url(anchor.get("href") or "", home) if anchor.get("href") else None
        if address is None or address == clean_url(url) or not same_site(address, url):
            continue
        text = " ".join("".join(anchor.itertext()).split())
        wanted = re.search(pattern, address) is not None if pattern else len(text) >= HEADLINE
        if wanted:
            titles[address] = max(titles.get(address, ""), text, key=len)  # picture and headline often link alike
    return tuple(Link(address, title=title or None) for address, title in titles.items())


def _joined(url: str, base: str) -> str:
    try:
        return urljoin(url, base)
    except ValueError:
        return url
