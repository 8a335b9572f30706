"""One page in, one cleaned article out. Slow and fallible on bad pages: `extractors.pool` guards it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from copy import deepcopy
from typing import Any
from urllib.parse import urlsplit

from lxml import etree  # type: ignore[import-untyped]  # it ships no types
from lxml.html import HtmlElement, HTMLParser, document_fromstring  # type: ignore[import-untyped]  # no types
from trafilatura import bare_extraction, extract_metadata

from detente.models import Extracted
from extractors.boilerplate import prune
from extractors.charsets import decode_html
from extractors.guards import tame
from extractors.headlines import LONGEST, headline_of
from extractors.jsonld import blocks, described
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
_MOST_AUTHORS = 20
_LONGEST_NAME = 100  # characters; more is a sentence
_META_IMAGE = frozenset({"og:image", "og:image:url", "og:image:secure_url"})
_LONGEST_ADDRESS = 2000  # characters
_META_AUTHOR = re.compile(r"author|article:author|byl", re.IGNORECASE)
_JSON_NAME = re.compile(r'"name"\s*:\s*"([^"]{2,100})"')
_DATES = {"original_date": True, "extensive_search": True}

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
    if problem := tame(page):
        return Extracted(title=_words(page.findtext(".//title"))[:LONGEST], problem=problem)
    articles = described(page)
    about, text, extractor = _article(page, url)
    site = _words(about.sitename)
    title = headline_of(page, articles[0].headline if articles else "", about.title or "", site)
    if not text:
        return Extracted(title=title, problem=NO_ARTICLE)
    text = _body(text, title)
    # Related stories may be described, too: the one with this headline first.
    articles = tuple(sorted(articles, key=lambda article: _words(article.headline) != title))
    return Extracted(
        title=title,
        text=text,
        published_at=published(page, [article.published for article in articles], about.date),
        authors=_authors(about.author, page),
        language=language_of(text, page.get("lang") or about.language),
        canonical_url=_canonical(page, url),
        site_name=site or None,
        extractor=extractor,
        image=_image(page, [article.image for article in articles]),
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


def _article(page: HtmlElement, url: str) -> tuple[Any, str, str]:
    """Return what the page says about itself, its text, and which extractor found that.

    Extract without the asides; again with them where little is left, and then the much longer text counts. Where
    that is next to nothing, another extractor reads the page, and its text counts if it is much longer.
    """
    pruned = deepcopy(page)
    has_asides = prune(pruned)
    about = _extract(pruned, url, about=True)
    text = _text(about)
    if has_asides and len(text) < _LITTLE:
        whole = _extract(page, url, about=about is None)  # what the page says of itself is the same
        about = about or whole
        if len(_text(whole)) > 2 * len(text):
            text = _text(whole)
    if len(text) < _NEXT_TO_NOTHING:
        other = reread(pruned)
        if len(other) > 2 * len(text):
            return about or extract_metadata(page, url or None), other, "resiliparse"
    return about or extract_metadata(page, url or None), text, "trafilatura"


def _extract(page: HtmlElement, url: str, *, about: bool) -> Any:
    return bare_extraction(
        page,
        url=url or None,
        with_metadata=about,
        include_comments=False,
        favor_precision=True,
        date_extraction_params=dict(_DATES),
    )


def _text(found: Any) -> str:
    return (found.text or "").strip() if found else ""


def _words(text: str | None) -> str:
    return " ".join((text or "").split())


def _body(text: str, title: str) -> str:
    """Return the text without the headline that some pages repeat above it."""
    first, _, rest = text.strip().partition("\n")
    return rest.strip() if rest.strip() and _words(first) == title else text.strip()


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
    for block in blocks(page):
        names += _JSON_NAME.findall(block.text)
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
