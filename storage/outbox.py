"""Deliveries: what is to be sent, what was, and what never will be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from duckdb import DuckDBPyConnection

from detente.models import Delivery, DeliveryState
from storage.rows import as_row, change, insert, query, replace, restore

_DUE = "SELECT * FROM deliveries WHERE state = 'waiting' AND due_at <= $now ORDER BY created_at, id LIMIT $limit"

_RIPE = """
SELECT * FROM deliveries WHERE state = 'grouped' AND digest IS NULL AND due_at <= $now ORDER BY created_at, id
"""

_GATHER = """
UPDATE deliveries SET digest = $digest WHERE state = 'grouped' AND id IN (SELECT unnest($ids::VARCHAR[]))
"""

_FOLLOW = """
UPDATE deliveries SET
    state = CASE $state WHEN 'waiting' THEN 'grouped' ELSE $state END,
    attempts = $attempts, last_error = $last_error, ended_at = $ended_at
WHERE digest = $id
"""

_LIST = """
SELECT * FROM deliveries
WHERE len($states::VARCHAR[]) = 0 OR state IN (SELECT unnest($states::VARCHAR[]))
ORDER BY created_at, id
"""

_OF_EVENTS = """
SELECT * FROM deliveries WHERE event IN (SELECT unnest($events::VARCHAR[])) ORDER BY created_at, id
"""

_AGAIN = """
SELECT DISTINCT coalesce(digest, id) AS id FROM deliveries
WHERE state = 'dead' AND ($ids IS NULL OR id IN (SELECT unnest($ids::VARCHAR[])))
"""

_RETRY = """
UPDATE deliveries SET
    state = CASE WHEN digest IS NULL THEN 'waiting' ELSE 'grouped' END, attempts = 0, due_at = $now, ended_at = NULL
WHERE state = 'dead' AND coalesce(digest, id) IN (SELECT unnest($ids::VARCHAR[]))
"""


def due(con: DuckDBPyConnection, now: datetime, limit: int = 500) -> tuple[Delivery, ...]:
    """Return the waiting deliveries whose time has come, in the order in which they were made."""
    return tuple(restore(Delivery, row) for row in query(con, _DUE, {"now": now, "limit": limit}))


def ripe(con: DuckDBPyConnection, now: datetime) -> tuple[Delivery, ...]:
    """Return the deliveries whose digest is due and not made yet, in the order in which they were made."""
    return tuple(restore(Delivery, row) for row in query(con, _RIPE, {"now": now}))


def gather(con: DuckDBPyConnection, digest: Delivery, members: Sequence[Delivery]) -> None:
    """Store a digest, and that these deliveries go out with it and in no other: in one transaction, the session's."""
    insert(con, "deliveries", [as_row(digest)])
    query(con, _GATHER, {"digest": digest.id, "ids": [member.id for member in members]})


def record_attempt(con: DuckDBPyConnection, delivery: Delivery) -> None:
    """Store a delivery as an attempt left it; what a digest gathers shares its fate."""
    row = as_row(delivery)
    insert(con, "deliveries", [row], replace([row], "id"))
    if delivery.is_digest:
        query(con, _FOLLOW, {name: row[name] for name in ("id", "state", "attempts", "last_error", "ended_at")})


def list_deliveries(con: DuckDBPyConnection, states: Sequence[DeliveryState] = ()) -> tuple[Delivery, ...]:
    """Return the deliveries in any of these states (none means all), in the order in which they were made."""
    rows = query(con, _LIST, {"states": [state.value for state in states]})
    return tuple(restore(Delivery, row) for row in rows)


def of_event(con: DuckDBPyConnection, event_id: str) -> tuple[Delivery, ...]:
    """Return an event's deliveries, in the order in which they were made."""
    return of_events(con, [event_id])


def of_events(con: DuckDBPyConnection, event_ids: Sequence[str]) -> tuple[Delivery, ...]:
    """Return the deliveries of several events, in the order in which they were made."""
    return tuple(restore(Delivery, row) for row in query(con, _OF_EVENTS, {"events": list(event_ids)}))


def retry(con: DuckDBPyConnection, ids: Sequence[str] | None, now: datetime) -> int:
    """Make dead deliveries due at `now`, with all their attempts again; their last error stays to be read.

    Args:
        con: an open session.
        ids: which ones; None means all. An id that is not dead, or unknown, is passed over; one that went with a digest
            stands for the digest.
        now: when they are due.

    Returns:
        How many messages there were: a digest is one.
    """
    again = [row["id"] for row in query(con, _AGAIN, {"ids": None if ids is None else list(ids)})]
    change(con, _RETRY, {"ids": again, "now": now})
    return len(again)
