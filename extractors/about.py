"""What a page says about itself: site and authors, and headline and day where the likelier places name none.

The head is read first, for it is short. The rest of the page is searched only for what the head does not name: that
takes ten times as long.
"""

from __future__ import annotations

import re
from copy import copy

from htmldate import find_date
from lxml import etree  # type: ignore[import-untyped]  # it ships no types
from lxml.html import Element, HtmlElement  # type: ignore[import-untyped]  # it ships no types
from trafilatura import extract_metadata
from trafilatura.metadata import extract_author, extract_title

from extractors.jsonld import Described, apart, blocks

_MOST_AUTHORS = 20
_LONGEST_NAME = 100  # characters; more is a sentence
_META_AUTHOR = re.compile(r"author|article:author|byl", re.IGNORECASE)
_NAMED = etree.XPath(".//*[contains(@class, 'byline') or contains(@class, 'author')]")
_WORD = re.compile(r"[^\W_]+")
_JSON_NAME = re.compile(r'"name"\s*:\s*"([^"]{2,100})"')


class About:
    """What the extractor finds about a page.

    Args:
        page: the parsed page, whole, as it must still be when title and day are asked for.
        url: its address; empty if unknown.
    """

    def __init__(self, page: HtmlElement, url: str) -> None:
        self._page, self._head = page, _head(page)
        self._named = extract_metadata(self._head, url or None, {"extensive_search": False})
        self.site = _words(self._named.sitename)

    def title(self) -> str:
        """Return what the extractor takes for the headline; empty for none."""
        return _words(extract_title(self._page))

    def day(self) -> str | None:
        """Return the day of publication, in ISO 8601, wherever the page names it."""
        return find_date(self._page, original_date=True, url=self._named.url or None)

    def authors(self, stripped: HtmlElement, told: Described) -> tuple[str, ...]:
        """Return the authors: the people whom JSON-LD names, those found on the page, and organisations.

        They stand as the page spells them: the extractor makes `Dpa` of `dpa`, and agencies go by spelling. It also
        takes "Bee, Ann" for two people; whose every word is part of a name before it, is left out. Where nobody is
        named, the byline stands in as it is, since it may name an agency.

        Args:
            stripped: the page without what holds no article, where it is searched if the head names nobody.
            told: the article as JSON-LD describes it.
        """
        bylines = _bylines(self._head, stripped)
        spelled = {name.casefold(): name for name in bylines}
        found = [_words(name) for name in (self._named.author or extract_author(stripped) or "").split(";")]
        found = [spelled.get(name.casefold()) or _spelled(name, bylines) for name in found if name]
        found = [part for name in found for part in apart(name)]
        names: list[str] = []
        for name in (*told.authors, *found, *told.organisations):
            if 0 < len(name) <= _LONGEST_NAME and not any(_holds(known, name) for known in names):
                names.append(name)
        return tuple((names or bylines[:1])[:_MOST_AUTHORS])


def _holds(known: str, name: str) -> bool:
    """Say whether every word of a name is one of a name that is known."""
    return set(_WORD.findall(name.casefold())) <= set(_WORD.findall(known.casefold()))


def _head(page: HtmlElement) -> HtmlElement:
    """Return a page of the head's elements and all JSON-LD, without a body."""
    alone = Element("html")  # of a document of its own, unlike what page.makeelement makes
    head = Element("head")
    alone.append(head)
    for element in page.iterfind("head/*"):
        if element.tag in {"meta", "title", "link"}:
            head.append(copy(element))
    for block in blocks(page):
        head.append(copy(block))
    return alone


def _spelled(name: str, bylines: list[str]) -> str:
    """Return a name as the first byline that holds it spells it: `dpa` in "By dpa, Berlin"."""
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
    return next((match[0] for match in map(word.search, bylines) if match), name)


def _bylines(head: HtmlElement, stripped: HtmlElement) -> list[str]:
    """Return every text of the page that looks like an author's name or a byline, the likeliest first."""
    named = [(element.get("class").split(), element) for element in _NAMED(stripped)]
    names = [
        "".join(element.itertext()) for name in ("byline", "author") for classes, element in named if name in classes
    ]
    names += [
        meta.get("content") or ""
        for meta in head.iter("meta")
        if _META_AUTHOR.fullmatch(meta.get("name") or meta.get("property") or "")
    ]
    for block in blocks(head):
        names += _JSON_NAME.findall(block.text)
    return [_words(name) for name in names if name.strip()]


def _words(text: str | None) -> str:
    return " ".join((text or "").split())
