"""Stored articles, as detection asks for them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from duckdb import DuckDBPyConnection

from detente.models import Article, Coded, Mention, Placed, PlacedArticle, Sketch
from storage.rows import query, restore, stream

# Both times are asked for: DuckDB then passes over the blocks of either table in which all are older.
_RECENT = """
SELECT url, published_at, family, agency, story, copy_of, terms, weights, prints, runs, digest, gist
FROM sketches JOIN placed USING (url, published_at)
WHERE sketches.published_at >= $since AND placed.published_at >= $since
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


def recent(con: DuckDBPyConnection, since: datetime) -> tuple[PlacedArticle, ...]:
    """Return the articles published at `since` or later that have a story, in no order."""
    return tuple(  # by hand, since there may be a hundred thousand of them
        PlacedArticle(url, at.replace(tzinfo=UTC), family, agency, story, copy_of, Sketch(*sketch))
        for url, at, family, agency, story, copy_of, *sketch in stream(con, _RECENT, {"since": since})
    )


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
