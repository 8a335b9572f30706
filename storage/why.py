"""Everything that is stored about one address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from duckdb import DuckDBPyConnection

from detente.models import Article, Decision, Delivery, Event, Fetch, Mention, Placed
from storage import events, outbox
from storage.rows import query, restore

_LINKS = "SELECT * FROM links WHERE url = $url ORDER BY source"
_FETCHES = 'SELECT * FROM fetches WHERE url = $url ORDER BY "at", source'
_ARTICLE = "SELECT *, coalesce(notes, '[]') AS notes FROM articles WHERE url = $url"
_PLACED = "SELECT * FROM placed WHERE url = $url"
_MENTIONS = "SELECT * FROM mentions WHERE url = $url ORDER BY number"
_DECISIONS = 'SELECT * FROM decisions WHERE url = $url ORDER BY "at", number, id'

_ABOUT = 'SELECT * FROM decisions WHERE event = $event ORDER BY "at", number, id'


@dataclass(frozen=True, slots=True)
class Listed:
    """That a source listed the address: when last, how often its page was tried, whether it is done with."""

    source: str
    seen_at: datetime
    attempts: int
    done: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """That detection read the article, and its near misses in words."""

    coded_at: datetime
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class History:
    """What is stored about an address; `reading` is None until detection has read the article.

    `events` are those that the article is evidence of, `deliveries` what these caused.
    """

    url: str
    links: tuple[Listed, ...]
    fetches: tuple[Fetch, ...]
    article: Article | None
    reading: Reading | None
    placed: Placed | None
    mentions: tuple[Mention, ...]
    decisions: tuple[Decision, ...]
    events: tuple[Event, ...]
    deliveries: tuple[Delivery, ...]


def history(con: DuckDBPyConnection, url: str) -> History | None:
    """Return what is stored about an address, or None if nothing at all is."""
    asked = {"url": url}
    article = query(con, _ARTICLE, asked)
    placed = query(con, _PLACED, asked)
    found = events.proved_by(con, url)
    result = History(
        url=url,
        links=tuple(restore(Listed, row) for row in query(con, _LINKS, asked)),
        fetches=tuple(restore(Fetch, row) for row in query(con, _FETCHES, asked)),
        article=restore(Article, article[0]) if article else None,
        reading=restore(Reading, article[0]) if article and article[0]["coded_at"] else None,
        placed=restore(Placed, placed[0]) if placed else None,
        mentions=tuple(restore(Mention, row) for row in query(con, _MENTIONS, asked)),
        decisions=tuple(restore(Decision, row) for row in query(con, _DECISIONS, asked)),
        events=found,
        deliveries=outbox.of_events(con, [event.id for event in found]),
    )
    known = (result.links, result.fetches, result.article, result.placed, result.decisions, result.events)
    return result if any(known) else None


def about_event(con: DuckDBPyConnection, event: str) -> tuple[Decision, ...]:
    """Return every decision about an event: what opened it, joined it, weighed it and routed it, in this order."""
    return tuple(restore(Decision, row) for row in query(con, _ABOUT, {"event": event}))
