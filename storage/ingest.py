"""What a collect task brought home, written so that writing it again changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

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


def ingest(con: DuckDBPyConnection, collected: Collected) -> int:
    """Store articles, fetches, links, states and robots.txt files; return how many articles are new.

    An article whose address is stored stays as it is. A link's attempts grow by one with each batch that fetched
    its page; once done, it stays done.
    """
    new = insert(con, "articles", [as_row(article) for article in collected.articles])
    _store_links(con, collected.links)
    _store_fetches(con, collected.fetches)
    states = list({state.source: as_row(state) for state in collected.states}.values())
    insert(con, "states", states, replace(states, "source"))
    robots = list({file.host: as_row(file) for file in collected.robots}.values())
    insert(con, "robots", robots, replace(robots, "host"))
    return int(new[0]["Count"])


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
    new = insert(con, "fetches", [as_row(fetch) for fetch in fetches], returning=["source", "url", "page"])
    pages = [row for row in new if row["page"]]
    if pages:
        query(con, _TRIED, {"sources": [row["source"] for row in pages], "urls": [row["url"] for row in pages]})
