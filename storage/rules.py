"""What rules have done: how often each fired in a desk's articles, and which events it proves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from duckdb import DuckDBPyConnection

from storage.rows import query, restore

_COUNTS = """
WITH fired AS (
    SELECT rule, count(*) AS mentions, count(*) FILTER (status IN ('reported', 'planned')) AS raising,
           max(articles.published_at) AS last
    FROM mentions JOIN articles USING (url)
    WHERE $since IS NULL OR articles.published_at >= $since::TIMESTAMP
    GROUP BY rule
), proved AS (
    SELECT rule, count(DISTINCT event) AS events
    FROM evidence
    WHERE $since IS NULL OR published_at >= $since::TIMESTAMP
    GROUP BY rule
)
SELECT rule, mentions, raising, coalesce(events, 0) AS events, last FROM fired LEFT JOIN proved USING (rule)
"""


@dataclass(frozen=True, slots=True)
class Fired:
    """How often a rule was an article's best evidence of an act: all told, as fact or plan, and for how many events.

    `last` is when the newest of these articles was published.
    """

    rule: str
    mentions: int
    raising: int
    events: int
    last: datetime


def fired(con: DuckDBPyConnection, since: datetime | None = None) -> Mapping[str, Fired]:
    """Return what each rule did in articles published since then, or ever; rules that never fired are not in it."""
    return {row["rule"]: restore(Fired, row) for row in query(con, _COUNTS, {"since": since})}
