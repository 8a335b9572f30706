"""One page in, one cleaned article out. Slow and fallible on bad pages: `extractors.pool` guards it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from lxml import etree  # type: ignore[import-untyped]  # it ships no types
from lxml.html import HtmlElement, HTMLParser, document_fromstring  # type: ignore[import-untyped]  # no types
from trafilatura import bare_extraction

from detente.models import Extracted
from extractors.boilerplate import prune
from extractors.charsets import decode_html
from extractors.dates import parse_date
from extractors.language import language_of
from extractors.urls import clean_url, same_site

MAX_BYTES = 10_000_000
"""A longer page is not read: no article is, and trees take a hundred times the memory of their page."""

NO_PAGE = "the page is empty"
NO_ARTICLE = "no article found"

_LITTLE = 1000  # characters: an article as short as this may have lost text with its asides
_MOST_AUTHORS = 20
_LONGEST_NAME = 100  # characters; more is a sentence
_MOST_DATES = 50
_META_DATES = re.compile(
    r"(?:article|og):published_time|(?:pub|publish)?date|datepublished|dc\.date(?:\.issued)?|dcterms\.created"
    r"|parsely-pub-date|sailthru\.date",
    re.IGNORECASE,
)
_META_AUTHOR = re.compile(r"author|article:author|byl", re.IGNORECASE)
_JSON_NAME = re.compile(r'"name"\s*:\s*"([^"]{2,100})"')
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')

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
    page = _parse(decode_html(html, charset))
    if page is None:
        return Extracted(problem=NO_PAGE)
    found = _article(page, url)
    if found is None or not (found.text or "").strip():
        return Extracted(title=_words(found.title if found else page.findtext(".//title")), problem=NO_ARTICLE)
    title = _words(found.title)
    text = _body(found.text, title)
    return Extracted(
        title=title,
        text=text,
        published_at=_published(page, found.date),
        authors=_authors(found.author, page),
        language=language_of(text, page.get("lang") or found.language),
        canonical_url=_canonical(page, url),
        site_name=_words(found.sitename) or None,
    )


def _parse(text: str) -> HtmlElement | None:
    # huge_tree: libxml2 gives up 256 levels down, and some pages nest deeper.
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, huge_tree=True)
    try:
        return document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):  # nothing in it, or no room for it
        if any(entry.type_name == "ERR_NO_MEMORY" for entry in parser.error_log):
            raise MemoryError from None
        return None


def _article(page: HtmlElement, url: str) -> Any:
    """Extract without the asides; again with them where little is left, and then the much longer one counts."""
    pruned = deepcopy(page)
    has_asides = prune(pruned)
    found = _extract(pruned, url)
    length = len(found.text or "") if found else 0
    if has_asides and length < _LITTLE:
        whole = _extract(page, url)
        if whole and len(whole.text or "") > 2 * length:
            return whole
    return found


def _extract(page: HtmlElement, url: str) -> Any:
    return bare_extraction(
        page,
        url=url or None,
        with_metadata=True,
        include_comments=False,
        favor_precision=True,
        date_extraction_params={"original_date": True, "extensive_search": True},
    )


def _words(text: str | None) -> str:
    return " ".join((text or "").split())


def _body(text: str, title: str) -> str:
    """Return the text without the headline that some pages repeat above it."""
    first, _, rest = text.strip().partition("\n")
    return rest.strip() if rest.strip() and _words(first) == title else text.strip()


def _published(page: HtmlElement, day: str | None) -> datetime | None:
    """Return the moment of the day that the extractor found: the first one on that day that the page names."""
    if not day:
        return None
    for count, text in enumerate(_dates(page)):
        moment = parse_date(text)
        if moment and day in {moment.date().isoformat(), moment.astimezone(UTC).date().isoformat()}:
            return moment
        if count > _MOST_DATES:
            break
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def _dates(page: HtmlElement) -> Iterator[str]:
    for meta in page.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if _META_DATES.fullmatch(name):
            yield meta.get("content") or ""
    for script in page.iter("script"):
        if script.get("type") == "application/ld+json" and script.text:
            yield from _JSON_DATE.findall(script.text)
    for time in page.iter("time"):
        yield time.get("datetime") or ""


def _authors(found: str | None, page: HtmlElement) -> tuple[str, ...]:
    """Return the authors as the page spells them: the extractor makes `Dpa` of `dpa`, and agencies go by spelling.

    Where it found none, the byline stands in as it is, since it may name an agency.
    """
    bylines = _bylines(page)
    spelled = {name.casefold(): name for name in bylines}
    names = [_words(name) for name in (found or "").split(";")]
    if not any(names):
        names = bylines[:1]
    known = (spelled.get(name.casefold()) or _spelled(name, bylines) for name in names)
    return tuple(dict.fromkeys(name for name in known if 0 < len(name) <= _LONGEST_NAME))[:_MOST_AUTHORS]


def _spelled(name: str, bylines: list[str]) -> str:
    """Return a name as the first byline that holds it spells it: `dpa` in "By dpa, Berlin"."""
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
    return next((match[0] for match in map(word.search, bylines) if match), name)


def _bylines(page: HtmlElement) -> list[str]:
    """Return every text of the page that looks like an author's name or a byline, the likeliest first."""
    names = ["".join(element.itertext()) for name in ("byline", "author") for element in page.find_class(name)]
    names += [
        meta.get("content") or ""
        for meta in page.iter("meta")
        if _META_AUTHOR.fullmatch(meta.get("name") or meta.get("property") or "")
    ]
    for script in page.iter("script"):
        if script.get("type") == "application/ld+json" and script.text:
            names += _JSON_NAME.findall(script.text)
    return [_words(name) for name in names if name.strip()]


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
