"""The reports of past ticks."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from detente.models import Report
from storage.rows import as_row, insert, query, replace, restore


def record(con: DuckDBPyConnection, report: Report) -> None:
    """Store a tick's report; a later one of the same tick takes its place."""
    row = as_row(report)
    insert(con, "ticks", [row], replace([row], "id"))


def latest(con: DuckDBPyConnection, limit: int) -> tuple[Report, ...]:
    """Return the last reports, at most `limit`, newest first."""
    rows = query(con, "SELECT * FROM ticks ORDER BY started_at DESC, id LIMIT $limit", {"limit": limit})
    return tuple(restore(Report, row) for row in rows)
