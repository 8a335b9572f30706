"""Stored articles, as detection asks for them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from duckdb import DuckDBPyConnection

from detente.models import Article, Coded, Mention, Placed, PlacedArticle, Sketch
from storage.rows import query, restore, stream

_PLACED = """
SELECT url, published_at, family, agency, story, copy_of, follows, terms, weights, prints, runs, digest, gist, counts
FROM sketches JOIN placed USING (url, published_at)
"""

# Both times are asked for: DuckDB then passes over the blocks of either table in which all are older.
_RECENT = f"{_PLACED} WHERE sketches.published_at >= $since AND placed.published_at >= $since"

_WITH_COPIES = f"""
{_PLACED}
WHERE published_at < $since
  AND (url IN (SELECT unnest($urls::VARCHAR[])) OR copy_of IN (SELECT unnest($urls::VARCHAR[])))
"""

_PLACED_AT = "SELECT published_at FROM sketches WHERE url IN (SELECT unnest($urls::VARCHAR[]))"

_EARLIEST = """
SELECT published_at FROM sketches WHERE published_at >= $since ORDER BY published_at DESC LIMIT 1 OFFSET $many
"""

_DECIDED = """
SELECT * FROM mentions WHERE published_at >= $since AND status IN ('reported', 'planned', 'denied') ORDER BY url, number
"""

_DECIDED_ARTICLES = """
SELECT articles.*, story, copy_of, new, why, follows, facts
FROM articles JOIN placed USING (url)
WHERE articles.published_at >= $since AND placed.published_at >= $since
  AND url IN (SELECT url FROM mentions WHERE published_at >= $since)
ORDER BY url
"""


def uncoded(con: DuckDBPyConnection) -> tuple[Article, ...]:
    """Return the articles that detection has not read yet, in order of publication."""
    rows = query(con, "SELECT * FROM articles WHERE coded_at IS NULL ORDER BY published_at, url")
    return tuple(restore(Article, row) for row in rows)


def get(con: DuckDBPyConnection, url: str) -> Article | None:
    """Return the article with this address, if there is one."""
    rows = query(con, "SELECT * FROM articles WHERE url = $url", {"url": url})
    return restore(Article, rows[0]) if rows else None


def placed_at(con: DuckDBPyConnection, urls: Sequence[str]) -> tuple[datetime, ...]:
    """Return when those of these articles that have a place were published, as it was known when they were placed."""
    rows = query(con, _PLACED_AT, {"urls": list(urls)}) if urls else []
    return tuple(row["published_at"].replace(tzinfo=UTC) for row in rows)


def bounded(con: DuckDBPyConnection, since: datetime, most: int) -> datetime:
    """Return `since`, or a later time, since which no more than so many of the placed articles were published."""
    rows = query(con, _EARLIEST, {"since": since, "many": most})
    return rows[0]["published_at"].replace(tzinfo=UTC) if rows else since


def recent(con: DuckDBPyConnection, since: datetime) -> tuple[PlacedArticle, ...]:
    """Return the articles published at `since` or later that have a story, in no order.

    Where one of them copies an older one, that and all its copies are among them.
    """
    found = list(_placed(con, _RECENT, {"since": since}))
    known = {item.url for item in found}
    if older := {item.copy_of for item in found if item.copy_of and item.copy_of not in known}:
        found += _placed(con, _WITH_COPIES, {"since": since, "urls": sorted(older)})
    return tuple(found)


def _placed(con: DuckDBPyConnection, sql: str, parameters: Mapping[str, Any]) -> Iterator[PlacedArticle]:
    for row in stream(con, sql, parameters):  # by hand, since there may be a hundred thousand of them
        url, at, family, agency, story, copy_of, follows, *sketch = row
        yield PlacedArticle(url, at.replace(tzinfo=UTC), family, agency, story, copy_of, Sketch(*sketch), follows)


def decided(con: DuckDBPyConnection, since: datetime) -> tuple[tuple[Article, Coded, Placed], ...]:
    """Return the articles published at `since` or later that were decided about, with the acts that mattered."""
    asked = {"since": since}
    acts: dict[str, list[tuple[Mention, dict[str, Any]]]] = {}
    for row in query(con, _DECIDED, asked):
        acts.setdefault(row["url"], []).append((restore(Mention, row), json.loads(row["details"])))
    found = []
    for row in query(con, _DECIDED_ARTICLES, asked) if acts else ():
        if told := acts.get(row["url"]):
            article = restore(Article, row)
            mentions, details = zip(*told, strict=True)
            coded = Coded(article.url, mentions, (), details, article.published_at)
            found.append((article, coded, restore(Placed, row)))
    return tuple(found)
