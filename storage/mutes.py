"""What a desk does not want to be told for a while."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from duckdb import DuckDBPyConnection

from detente.models import Mute
from storage.rows import as_row, change, insert, query, restore

_MUTED = """
SELECT event, max_by(why, "at") AS why FROM decisions
WHERE verdict = 'muted' AND event IN (SELECT unnest($events::VARCHAR[])) GROUP BY event
"""


def add(con: DuckDBPyConnection, mute: Mute) -> None:
    """Store a mute."""
    insert(con, "mutes", [as_row(mute)])


def in_force(con: DuckDBPyConnection, now: datetime) -> tuple[Mute, ...]:
    """Return the mutes that have not ended, the one that ends first leading."""
    rows = query(con, "SELECT * FROM mutes WHERE until > $now ORDER BY until, id", {"now": now})
    return tuple(restore(Mute, row) for row in rows)


def remove(con: DuckDBPyConnection, mute: str) -> int:
    """Forget a mute; return how many there were, 0 or 1."""
    return change(con, "DELETE FROM mutes WHERE id = $id", {"id": mute})


def muted(con: DuckDBPyConnection, events: Collection[str]) -> dict[str, str]:
    """Return for each of these events that was kept silent the latest reason, in words."""
    return {row["event"]: row["why"] for row in query(con, _MUTED, {"events": sorted(events)})}
