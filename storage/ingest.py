"""What a collect task brought home, written so that writing it again changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from duckdb import DuckDBPyConnection

from detente.models import Collected, Fetch, LinkUpdate
from storage.rows import Row, as_row, change, insert, query, replace

_LATER_LINK = """
ON CONFLICT (source, url) DO UPDATE SET
    title = excluded.title,
    summary = excluded.summary,
    published_at = excluded.published_at,
    authors = excluded.authors,
    seen_at = greatest(links.seen_at, excluded.seen_at),
    done = links.done OR excluded.done
"""

_TRIED = """
UPDATE links SET attempts = attempts + 1
WHERE (source, url) IN (SELECT unnest($sources::VARCHAR[]), unnest($urls::VARCHAR[]))
"""


_EDITED = ("url", "title", "text", "language", "published_at", "fetched_at", "authors", "agency")
_EDIT = """
UPDATE articles SET
    title = fresh.title, "text" = fresh.words, "language" = fresh.tongue, authors = fresh.names, agency = fresh.agent,
    published_at = fresh.published, coded_at = NULL, edited_at = fresh.fetched
FROM (SELECT unnest($url::VARCHAR[]) AS url, unnest($title::VARCHAR[]) AS title, unnest($text::VARCHAR[]) AS words,
             unnest($language::VARCHAR[]) AS tongue, unnest($authors::VARCHAR[]) AS names,
             unnest($agency::VARCHAR[]) AS agent, unnest($published_at::TIMESTAMP[]) AS published,
             unnest($fetched_at::TIMESTAMP[]) AS fetched) AS fresh
WHERE articles.url = fresh.url AND fresh.fetched > coalesce(articles.edited_at, articles.fetched_at)
  AND fresh.published <> fresh.fetched
  AND (fresh.title <> articles.title OR fresh.words <> articles."text"
       OR fresh.published::DATE <> articles.published_at::DATE)
"""

_REVISITED = """
UPDATE articles SET revisited_at = fresh.moment
FROM (SELECT unnest($urls::VARCHAR[]) AS url, unnest($times::TIMESTAMP[]) AS moment) AS fresh
WHERE articles.url = fresh.url AND articles.fetched_at < fresh.moment AND articles.fetched_at >= $since::TIMESTAMP
"""

_REVISITABLE = timedelta(days=7)
"""No older article is planned to be fetched again; DuckDB then passes over the blocks of the table that hold these."""


def ingest(con: DuckDBPyConnection, collected: Collected) -> frozenset[str]:
    """Store articles, fetches, links, states and robots.txt files; return the addresses of the new articles.

    An article whose address is stored stays as it is, unless it was fetched again later and its words or its named
    day differ: then it is to be read again (`coded_at` is empty), and what it says now counts. A link's attempts grow
    by one with each batch that fetched its page; once done, it stays done.
    """
    rows = list({article.url: as_row(article) for article in reversed(collected.articles)}.values())
    new = frozenset(row["url"] for row in insert(con, "articles", rows, returning=["url"]))
    if old := [row for row in rows if row["url"] not in new]:  # to look for these costs a scan of all addresses
        query(con, _EDIT, {name: [row[name] for row in old] for name in _EDITED})
    _store_links(con, collected.links)
    _store_fetches(con, collected.fetches)
    states = list({state.source: as_row(state) for state in collected.states}.values())
    insert(con, "states", states, replace(states, "source"))
    robots = list({file.host: as_row(file) for file in collected.robots}.values())
    insert(con, "robots", robots, replace(robots, "host"))
    return new


def forget_links(con: DuckDBPyConnection, before: datetime) -> int:
    """Forget links that no source has listed since `before`, and requests for lists and robots.txt made before it.

    Returns:
        How many links were forgotten.
    """
    change(con, 'DELETE FROM fetches WHERE NOT page AND "at" < $before', {"before": before})
    change(con, "DELETE FROM robots WHERE fetched_at < $before", {"before": before})
    return change(con, "DELETE FROM links WHERE seen_at < $before", {"before": before})


def _store_links(con: DuckDBPyConnection, updates: Sequence[LinkUpdate]) -> None:
    rows: dict[tuple[str, str], Row] = {}
    for update in sorted(updates, key=lambda update: update.done):  # of two for one link, the one that is done wins
        row = as_row(update, without=["link"]) | as_row(update.link)
        rows[row["source"], row["url"]] = row
    insert(con, "links", list(rows.values()), _LATER_LINK)


def _store_fetches(con: DuckDBPyConnection, fetches: Sequence[Fetch]) -> None:
    new = insert(con, "fetches", [as_row(fetch) for fetch in fetches], returning=["source", "url", "page", '"at"'])
    pages = [row for row in new if row["page"]]
    if pages:
        urls = [row["url"] for row in pages]
        query(con, _TRIED, {"sources": [row["source"] for row in pages], "urls": urls})
        times = [row["at"] for row in pages]
        query(con, _REVISITED, {"urls": urls, "times": times, "since": min(times) - _REVISITABLE})
