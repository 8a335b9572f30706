"""One page in, one cleaned article out. Slow and fallible on bad pages: `extractors.pool` guards it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from lxml import etree  # type: ignore[import-untyped]  # it ships no types
from lxml.html import HtmlElement, HTMLParser, document_fromstring  # type: ignore[import-untyped]  # no types
from trafilatura import bare_extraction

from detente.models import Extracted
from extractors.about import About
from extractors.boilerplate import prune, size, strip
from extractors.charsets import decode_html
from extractors.guards import tame
from extractors.headlines import LONGEST, headline_of
from extractors.jsonld import Described, described
from extractors.language import language_of
from extractors.published import published
from extractors.rescue import reread
from extractors.urls import clean_url, same_site

MAX_BYTES = 10_000_000
"""A longer page is not read: no article is, and trees take a hundred times the memory of their page."""

NO_PAGE = "the page is empty"
NO_ARTICLE = "no article found"

_LITTLE = 1000  # characters: an article as short as this may have lost text with its asides
_NEXT_TO_NOTHING = 200  # characters: one teaser or one notice
_META_IMAGE = frozenset({"og:image", "og:image:url", "og:image:secure_url"})
_LONGEST_ADDRESS = 2000  # characters
# Elements without lxml's own classes for forms and inputs: to choose among them is a call into Python for each element
# that anybody touches, an eighth of a page's time.
_ELEMENTS = etree.ElementDefaultClassLookup(element=HtmlElement)

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what goes wrong with a page is told by `problem`
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


def extract_page(html: bytes, url: str, charset: str | None) -> Extracted:
    """Return the article of a page.

    Args:
        html: the page, unpacked.
        url: its address; empty if unknown.
        charset: what the Content-Type header said, if anything.

    Returns:
        The article; where there is none, `problem` says why and `text` is empty. `published_at` is midnight UTC
        where the page gives only a day.
    """
    if len(html) > MAX_BYTES:
        return Extracted(problem=f"the page is longer than {MAX_BYTES:,} bytes")
    decoded = decode_html(html, charset)
    page = _parse(decoded)
    if page is None:
        return Extracted(problem=NO_PAGE)
    if problem := tame(page):
        return Extracted(title=_words(page.findtext(".//title"))[:LONGEST], problem=problem)
    articles = described(page)
    about = About(page, url)
    title = headline_of(page, articles[0].headline if articles else "", about.title, about.site)
    # Related stories may be described, too: the one with this headline first.
    articles = tuple(sorted(articles, key=lambda article: _words(article.headline) != title))
    found = Extracted(
        title=title,
        published_at=published(page, [article.published for article in articles], about.day),
        canonical_url=_canonical(page, url),
        site_name=about.site or None,
        image=_image(page, [article.image for article in articles]),
    )
    language = page.get("lang")
    strip(page)
    found = replace(found, authors=about.authors(page, articles[0] if articles else Described()))
    text, extractor = _article(page, lambda: _tamed(decoded), url)
    if not text:
        return Extracted(title=title, problem=NO_ARTICLE)
    text = _body(text, title)
    return replace(found, text=text, language=language_of(text, language), extractor=extractor)


def _parse(text: str) -> HtmlElement | None:
    # huge_tree: libxml2 gives up 256 levels down, and some pages nest deeper.
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, huge_tree=True)
    parser.set_element_class_lookup(_ELEMENTS)
    try:
        return document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):  # nothing in it, or no room for it
        if any(entry.type_name == "ERR_NO_MEMORY" for entry in parser.error_log):
            raise MemoryError from None
        return None


def _tamed(text: str) -> HtmlElement:
    """Return a page that was read before, as it was before its extraction."""
    page = _parse(text)
    if page is None:
        raise ValueError("a page that was read before cannot be read again")
    tame(page)
    return page


def _article(page: HtmlElement, whole: Callable[[], HtmlElement], url: str) -> tuple[str, str]:
    """Return a page's text, and which extractor found it.

    Extract without the asides; again with them where little is left, and then the much longer text counts. Where
    that is next to nothing, another extractor reads the page, and its text counts if it is much longer.

    Args:
        page: the parsed page, stripped; it is used up.
        whole: parses it anew.
        url: its address; empty if unknown.
    """
    lost = prune(page)
    text = _extract(page, url, fast=True)
    if not _is_enough(text, page):
        page = whole()
        prune(page)
        text = _extract(page, url)
    if len(text) < min(lost, _LITTLE):
        other = _extract(whole(), url)
        if len(other) > 2 * len(text):
            text = other
    if len(text) < _NEXT_TO_NOTHING:
        other = reread(page)
        if len(other) > 2 * len(text):
            return other, "resiliparse"
    return text, "trafilatura"


def _is_enough(text: str, page: HtmlElement) -> bool:
    """Whether no other method can find much more than the first one, which takes half of the time of all.

    They replace its text where theirs is more than twice as long. That cannot be where it holds more than half of what
    is no link; where it is long, what stands in paragraphs decides.
    """
    parts = page.iter("p") if len(text) >= _LITTLE else [page]
    links = [] if len(text) >= _LITTLE else page.iter("a")
    return 2 * len(text) > sum(map(size, parts)) - sum(map(size, links))


def _extract(page: HtmlElement, url: str, *, fast: bool = False) -> str:
    found: Any = bare_extraction(
        page, url=url or None, with_metadata=False, include_comments=False, favor_precision=True, fast=fast
    )
    return (found.text or "").strip() if found else ""


def _words(text: str | None) -> str:
    return " ".join((text or "").split())


def _body(text: str, title: str) -> str:
    """Return the text without the headline that some pages repeat above it."""
    first, _, rest = text.strip().partition("\n")
    return rest.strip() if rest.strip() and _words(first) == title else text.strip()


def _canonical(page: HtmlElement, url: str) -> str | None:
    """Return the address that the page gives itself, if it is on its own site and no front page."""
    for link in page.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            address = clean_url(link.get("href") or "", url or None)
            if address and (not url or (same_site(address, url) and _is_inner(address, url))):
                return address
    return None


def _is_inner(address: str, url: str) -> bool:
    return urlsplit(address).path.strip("/") != "" or urlsplit(url).path.strip("/") == ""


def _image(page: HtmlElement, described: Iterable[str]) -> str | None:
    """Return the address of the lead image: what social networks are given, else what JSON-LD names."""
    shown = [meta.get("content") or "" for meta in page.iter("meta") if meta.get("property") in _META_IMAGE]
    for address in map(str.strip, (*shown, *described)):
        try:
            parts = urlsplit(address)
        except ValueError:
            continue
        if parts.scheme in {"http", "https"} and parts.netloc and len(address) <= _LONGEST_ADDRESS:
            return address
    return None
