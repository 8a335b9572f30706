"""Which sources to ask in a tick, and what each of them needs to know."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from duckdb import DuckDBPyConnection

from detente.models import Link, Order, RobotsFile, Source, SourceState
from storage.rows import query, restore

_LONGEST_WAIT = timedelta(days=1)  # nothing makes a source due later: then it was another tick's clock, set ahead

_REMEMBERED = timedelta(days=60)
"""Older articles are left out of planning, whose cost would grow with the archive; what is listed still, is fetched
again."""

_CHANGING = timedelta(days=7)
"""Articles fetched longer ago are not looked at again."""

_SECOND_LOOK = 4
"""The second look comes after so many times the wait for the first one."""

_KNOWN = """
SELECT source, list(url) AS urls
FROM (SELECT source, url FROM links WHERE done OR attempts >= $max_attempts
      UNION ALL
      SELECT source, url FROM articles WHERE fetched_at >= $since::TIMESTAMP)
WHERE source IN (SELECT unnest($sources::VARCHAR[]))
GROUP BY source
"""

_PENDING = """
SELECT * FROM links
WHERE NOT done AND attempts < $max_attempts AND source IN (SELECT unnest($sources::VARCHAR[]))
ORDER BY attempts, seen_at, url
"""


_REVISITS = """
SELECT DISTINCT articles.source, articles.url, links.title, links.summary, links.published_at,
                coalesce(links.authors, '[]') AS authors
FROM (SELECT *, coalesce(edited_at, fetched_at) AS changed, coalesce(revisited_at, fetched_at) AS looked FROM articles
      WHERE fetched_at > $after::TIMESTAMP AND source IN (SELECT unnest($sources::VARCHAR[]))) AS articles
LEFT JOIN links ON links.url = articles.url AND links.source = articles.source
WHERE (edited_at IS NOT NULL OR articles.url IN (SELECT url FROM evidence))
  AND ((changed + $wait <= $now::TIMESTAMP AND looked < changed + $wait)
       OR (changed + $second <= $now::TIMESTAMP AND looked < changed + $second))
ORDER BY articles.url
"""


def orders(
    con: DuckDBPyConnection,
    sources: Sequence[Source],
    now: datetime,
    max_attempts: int,
    *,
    due_only: bool = True,
    revisit: timedelta | None = None,
) -> tuple[Order, ...]:
    """Return an order for each source that is due, in the order of `sources`.

    Args:
        con: an open session.
        sources: the sources of the desk, or those of them that are wanted.
        now: the tick's clock.
        max_attempts: tries for one page, over all ticks.
        due_only: false asks every source, due or not.
        revisit: after so long, and once more later, an article that proves an event, or was changed, is fetched again.

    Returns:
        Orders whose `known` are the source's articles of the last 60 days, its links that are done, and those that
        have used up their tries; whose `pending` are its other links, untried ones first, and articles to fetch again.
    """
    states = {row["source"]: restore(SourceState, row) for row in query(con, "SELECT * FROM states")}
    asked = [
        (source, state)
        for source in sources
        for state in [states.get(source.id, SourceState(source.id))]
        if not due_only or _is_due(state, now)
    ]
    parameters = {"sources": [source.id for source, _ in asked], "max_attempts": max_attempts}
    known_since = parameters | {"since": now - _REMEMBERED}
    known = {row["source"]: frozenset(row["urls"]) for row in query(con, _KNOWN, known_since)}
    pending: dict[str, list[Link]] = {}
    for row in query(con, _PENDING, parameters):
        if row["url"] not in known.get(row["source"], ()):
            pending.setdefault(row["source"], []).append(restore(Link, row))
    if revisit is not None:
        window = {"after": now - _CHANGING, "now": now, "wait": revisit, "second": revisit * _SECOND_LOOK}
        window["sources"] = parameters["sources"]
        for row in query(con, _REVISITS, window):
            known[row["source"]] = known.get(row["source"], frozenset()) - {row["url"]}
            pending.setdefault(row["source"], []).append(restore(Link, row))
    return tuple(
        Order(source, state, known.get(source.id, frozenset()), tuple(pending.get(source.id, ())))
        for source, state in asked
    )


def robots(con: DuckDBPyConnection) -> tuple[RobotsFile, ...]:
    """Return the robots.txt files that are remembered, by host."""
    return tuple(restore(RobotsFile, row) for row in query(con, "SELECT * FROM robots ORDER BY host"))


def _is_due(state: SourceState, now: datetime) -> bool:
    return state.due_at is None or not now < state.due_at <= now + _LONGEST_WAIT
