"""How the sources are doing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from duckdb import DuckDBPyConnection

from detente.models import FetchOutcome, SourceState
from storage.rows import query, restore

_LAST = """
SELECT source, arg_max(outcome, "at") AS outcome, arg_max(detail, "at") AS detail, max("at") AS asked_at
FROM fetches WHERE NOT page GROUP BY source
"""

# A source known for less than the whole span is measured by the days for which it is known, at least one.
_ARTICLES = """
SELECT
    source, articles,
    in_week / greatest(1.0, least(7.0, days)) AS a_day,
    in_month / greatest(1.0, least(28.0, days)) AS usual
FROM (
    SELECT
        source, count(*) AS articles,
        count(*) FILTER (fetched_at > $now::TIMESTAMP - INTERVAL 7 DAY AND fetched_at <= $now::TIMESTAMP) AS in_week,
        count(*) FILTER (fetched_at > $now::TIMESTAMP - INTERVAL 28 DAY AND fetched_at <= $now::TIMESTAMP) AS in_month,
        date_diff('second', min(fetched_at), $now::TIMESTAMP) / 86400.0 AS days
    FROM articles GROUP BY source
)
"""


@dataclass(frozen=True, slots=True)
class Last:
    """The last request for a source's list, and what came of it."""

    asked_at: datetime
    outcome: FetchOutcome
    detail: str


@dataclass(frozen=True, slots=True)
class Health:
    """What is remembered about a source; `last` is None where its list was never asked for.

    `a_day` is articles a day over the last 7 days, `usual` the same over the last 28, both by the time at which
    they were fetched.
    """

    state: SourceState
    articles: int
    last: Last | None
    a_day: float = 0.0
    usual: float = 0.0


def health(con: DuckDBPyConnection, now: datetime) -> dict[str, Health]:
    """Return the health of every source that anything is stored about, by id, as of `now`."""
    states = {row["source"]: restore(SourceState, row) for row in query(con, "SELECT * FROM states")}
    counts = {row["source"]: row for row in query(con, _ARTICLES, {"now": now})}
    last = {row["source"]: restore(Last, row) for row in query(con, _LAST)}
    return {
        source: Health(
            states.get(source, SourceState(source)),
            int(counts[source]["articles"]) if source in counts else 0,
            last.get(source),
            float(counts[source]["a_day"]) if source in counts else 0.0,
            float(counts[source]["usual"]) if source in counts else 0.0,
        )
        for source in sorted({*states, *counts, *last})
    }
