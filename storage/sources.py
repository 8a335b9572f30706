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


@dataclass(frozen=True, slots=True)
class Last:
    """The last request for a source's list, and what came of it."""

    asked_at: datetime
    outcome: FetchOutcome
    detail: str


@dataclass(frozen=True, slots=True)
class Health:
    """What is remembered about a source; `last` is None where its list was never asked for."""

    state: SourceState
    articles: int
    last: Last | None


def health(con: DuckDBPyConnection) -> dict[str, Health]:
    """Return the health of every source that anything is stored about, by id."""
    states = {row["source"]: restore(SourceState, row) for row in query(con, "SELECT * FROM states")}
    counts = query(con, "SELECT source, count(*) AS articles FROM articles GROUP BY source")
    articles = {row["source"]: int(row["articles"]) for row in counts}
    last = {row["source"]: restore(Last, row) for row in query(con, _LAST)}
    return {
        source: Health(states.get(source, SourceState(source)), articles.get(source, 0), last.get(source))
        for source in sorted({*states, *articles, *last})
    }
