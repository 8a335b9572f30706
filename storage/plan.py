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

_CHANGING = timedelta(days=2)
"""An article that was not fetched again within this time after it was due is left as it is."""

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
FROM articles JOIN evidence USING (url)
LEFT JOIN links ON links.url = articles.url AND links.source = articles.source
WHERE articles.fetched_at > $after::TIMESTAMP AND articles.fetched_at <= $before::TIMESTAMP
  AND articles.revisited_at IS NULL AND articles.source IN (SELECT unnest($sources::VARCHAR[]))
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
        revisit: after so long an article that proves an event is fetched once more, since texts are changed.

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
        window = {"after": now - revisit - _CHANGING, "before": now - revisit, "sources": parameters["sources"]}
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
