"""Stored articles, as detection asks for them."""

from __future__ import annotations

from datetime import UTC, datetime

from duckdb import DuckDBPyConnection

from detente.models import Article, PlacedArticle, Sketch
from storage.rows import query, restore, stream

# Both times are asked for: DuckDB then passes over the blocks of either table in which all are older.
_RECENT = """
SELECT url, published_at, family, agency, story, copy_of, terms, weights, prints, runs, digest, gist
FROM sketches JOIN placed USING (url, published_at)
WHERE sketches.published_at >= $since AND placed.published_at >= $since
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
