"""What a page says about its article in JSON-LD, the data that search engines read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from lxml.html import HtmlElement  # type: ignore[import-untyped]  # it ships no types

LONGEST_BLOCK = 1_000_000
"""Characters; a longer block is not read. Of 345 blocks on 217 real pages the longest has 840,919."""

_MOST_OBJECTS = 5_000
_DEEPEST = 8  # levels of a block that are kept; the author of an article in a graph stands five levels down
_MOST_AUTHORS = 20
_COMMAS = re.compile(r"\s*[,;|/]\s*")
_AND = re.compile(r"\s+(?:and|und|et|og|och|ja|en|e|y|i|&)\s+")
_SYMBOLS = re.compile("[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]")  # emoji and the like
_SHORT_NAME = re.compile(r"[A-Z]{2,6}|[a-z]{2,6}")  # AFP, dpa
_KINDS = ("article", "posting", "reportage")  # NewsArticle, LiveBlogPosting, ReportageNewsArticle
_TOLD = frozenset({"@context", "@type", "@graph", "liveBlogUpdate", "headline", "author", "publisher", "name",
                   "givenName", "additionalName", "familyName", "legalName", "alternateName",
                   "datePublished", "dateCreated", "dateModified"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Described:
    """One article as JSON-LD describes it; empty strings for what it leaves out, dates as they stand.

    `authors` are people, one name each; `organisations` are authors, too.
    """

    headline: str = ""
    published: str = ""
    image: str = ""
    authors: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()


def described(page: HtmlElement) -> tuple[Described, ...]:
    """Return the articles that the page's JSON-LD describes, in its order; broken blocks are passed over.

    What was read is cut down, in place, to names and dates: later steps search it with regular expressions, which
    took a seventh of a page's time where it repeats the whole article.
    """
    found: list[dict[str, Any]] = []
    named: dict[Any, dict[str, Any]] = {}
    for block in blocks(page):
        try:
            data = json.loads(block.text, strict=False)  # publishers leave line breaks inside strings
            for item in _objects(data):
                found += [item] if _is_article(item) else []
                if isinstance(item.get("@id"), str) and "name" in item:
                    named[item["@id"]] = item
            block.text = json.dumps(_told(data, _DEEPEST), ensure_ascii=False, separators=(",", ":"))
        except (ValueError, RecursionError):  # no JSON, or with characters that a tree cannot hold
            continue
    return tuple(_described(item, named) for item in found)


def blocks(page: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the script elements that hold JSON-LD and are short enough to be read."""
    for script in page.iter("script"):
        if is_block(script) and script.text and len(script.text) <= LONGEST_BLOCK:
            yield script


def is_block(script: HtmlElement) -> bool:
    """Whether a script element holds JSON-LD."""
    return (script.get("type") or "").strip().lower().startswith("application/ld+json")


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    """Yield all objects, outer before inner, in the order in which they stand."""
    waiting, seen = [data], 0
    while waiting and seen < _MOST_OBJECTS:
        item = waiting.pop()
        seen += 1
        if isinstance(item, dict):
            yield item
            waiting.extend(value for value in reversed(item.values()) if isinstance(value, dict | list))
        elif isinstance(item, list):
            waiting.extend(value for value in reversed(item[:_MOST_OBJECTS]) if isinstance(value, dict | list))


def _told(data: Any, levels: int) -> Any:
    if isinstance(data, list):
        return [_told(item, levels - 1) for item in data[:_MOST_OBJECTS]] if levels else []
    if isinstance(data, dict):
        return {name: _told(value, levels - 1) for name, value in data.items() if name in _TOLD} if levels else {}
    return data


def _is_article(item: dict[str, Any]) -> bool:
    kinds = item.get("@type")
    named = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and kind.lower().endswith(_KINDS) for kind in named)


def _described(item: dict[str, Any], named: Mapping[Any, dict[str, Any]]) -> Described:
    authors = item.get("author")
    people: list[str] = []
    organisations: list[str] = []
    for author in authors[:_MOST_AUTHORS] if isinstance(authors, list) else [authors]:
        whole = named.get(author.get("@id"), author) if isinstance(author, dict) else {"name": author}
        is_person = not str(whole.get("@type")).lower().endswith("organization")
        (people if is_person else organisations).extend(_names(whole))
    return Described(
        headline=unescape(_text(item.get("headline"))),  # some publishers escape twice: once for HTML, once for JSON
        published=_text(item.get("datePublished")),
        image=_image(item.get("image")),
        authors=tuple(name for text in people for name in apart(text)),
        organisations=tuple(organisations),
    )


def _names(whole: Mapping[str, Any]) -> list[str]:
    """Return the names of a person or an organisation, which may be a list, or in parts."""
    name = whole.get("name") or " ".join(_text(whole.get(part)) for part in ("givenName", "familyName"))
    names = name if isinstance(name, list) else [name]
    plain = (_SYMBOLS.sub("", unescape(_text(one))) for one in names[:_MOST_AUTHORS])
    return [" ".join(text.split()) for text in plain if text.strip()]


def apart(byline: str) -> list[str]:
    """Return the names in one text: "Ann Bee and Carl Day, dpa" holds three.

    A part must have two words, or look like an agency's short name: "Bee, Ann" is one person, and so is "Juan Ruiz y
    Gil".
    """
    for separator in (_COMMAS, _AND):
        parts = separator.split(byline)
        if len(parts) > 1 and all(" " in part or _SHORT_NAME.fullmatch(part) for part in parts):
            return [name for part in parts for name in apart(part)]
    return [byline]


def _image(value: Any) -> str:
    """Return the address of the first image: an address, an ImageObject, or a list of either."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("url") or value.get("contentUrl")
    return _text(value[0] if isinstance(value, list) and value else value)


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
