"""How the sources are doing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from duckdb import DuckDBPyConnection

from detente.models import FetchOutcome, Source, SourceState
from storage.rows import query, restore

# A host that is left alone is recorded beside the list, under the address that refused.
_LAST = """
SELECT source, arg_max(outcome, "at") AS outcome, arg_max(detail, "at") AS detail, max("at") AS asked_at
FROM fetches JOIN (SELECT unnest($sources::VARCHAR[]) AS source, unnest($urls::VARCHAR[]) AS url) USING (source, url)
WHERE NOT page GROUP BY source
"""

_PAGES = """
SELECT
    source, count(*) AS asked, count(*) FILTER (outcome <> 'ok') AS unread,
    coalesce(mode(detail) FILTER (detail <> ''), '') AS reason
FROM fetches WHERE page AND "at" > $now::TIMESTAMP - INTERVAL 7 DAY AND "at" <= $now::TIMESTAMP GROUP BY source
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
class Pages:
    """The pages of a source asked for in the last 7 days: how many, how many gave no article, and the commonest reason.

    `reason` is also told where the feed's own words stood in; it is empty where every page was read.
    """

    asked: int = 0
    unread: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """What is remembered about a source; `last` is None where its list was never asked for at its present address.

    `a_day` is articles a day over the last 7 days, `usual` the same over the last 28, both by the time at which
    they were fetched.
    """

    state: SourceState
    articles: int
    last: Last | None
    a_day: float = 0.0
    usual: float = 0.0
    pages: Pages = Pages()


def health(con: DuckDBPyConnection, sources: Sequence[Source], now: datetime) -> dict[str, Health]:
    """Return the health of each source by id, as of `now`."""
    lists = {"sources": [source.id for source in sources], "urls": [source.url for source in sources]}
    states = {row["source"]: restore(SourceState, row) for row in query(con, "SELECT * FROM states")}
    counts = {row["source"]: row for row in query(con, _ARTICLES, {"now": now})}
    last = {row["source"]: restore(Last, row) for row in query(con, _LAST, lists)}
    pages = {row["source"]: restore(Pages, row) for row in query(con, _PAGES, {"now": now})}
    none = {"articles": 0, "a_day": 0.0, "usual": 0.0}
    return {
        source.id: Health(
            states.get(source.id, SourceState(source.id)),
            int(counts.get(source.id, none)["articles"]),
            last.get(source.id),
            float(counts.get(source.id, none)["a_day"]),
            float(counts.get(source.id, none)["usual"]),
            pages.get(source.id, Pages()),
        )
        for source in sources
    }
