"""Events with their evidence, and the one transaction's worth that a detect step writes."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace as changed
from datetime import date, datetime
from typing import Any

from duckdb import DuckDBPyConnection

from detente.errors import UsageError
from detente.models import Coded, Decision, Detected, Development, Event, Evidence, stable_id
from storage.rows import Row, as_row, insert, query, replace, restore, stored

_NAMED = 5  # matches that a message about an ambiguous id names

_MARK = """
UPDATE articles SET coded_at = $at, notes = fresh.notes
FROM (SELECT unnest($urls::VARCHAR[]) AS url, unnest($notes::VARCHAR[]) AS notes) AS fresh
WHERE articles.url = fresh.url AND coded_at IS NULL
"""

_OPEN = "SELECT * FROM events WHERE day >= $since OR last_seen >= $since ORDER BY first_seen, id"

_LIST = """
SELECT * FROM events
WHERE ($since IS NULL OR last_seen >= $since::TIMESTAMP)
  AND (len($families::VARCHAR[]) = 0 OR split_part(cls, '.', 1) IN (SELECT unnest($families::VARCHAR[])))
  AND (len($classes::VARCHAR[]) = 0 OR cls IN (SELECT unnest($classes::VARCHAR[])))
  AND (len($statuses::VARCHAR[]) = 0 OR status IN (SELECT unnest($statuses::VARCHAR[])))
  AND ($first IS NULL OR day >= $first::DATE) AND ($last IS NULL OR day <= $last::DATE)
  AND len(list_filter($actors::VARCHAR[], lambda x: NOT contains(sources || targets || mediators || parties, x))) = 0
ORDER BY first_seen DESC, day DESC, id
LIMIT $limit
"""

_FORGET_MENTIONS = "DELETE FROM mentions WHERE url IN (SELECT unnest($urls::VARCHAR[]))"

_RECOUNT = """
UPDATE evidence SET copy_of = fresh.original, family = fresh.family
FROM (SELECT unnest($urls::VARCHAR[]) AS url, unnest($originals::VARCHAR[]) AS original,
             unnest($families::VARCHAR[]) AS family) AS fresh
WHERE evidence.url = fresh.url
"""

_WITHDRAW = """
DELETE FROM evidence WHERE (event, url) IN (SELECT unnest($events::VARCHAR[]), unnest($urls::VARCHAR[]))
"""

_BY_PREFIX = "SELECT * FROM events WHERE starts_with(id, $prefix) ORDER BY id LIMIT $limit"

_BY_ID = "SELECT * FROM events WHERE id IN (SELECT unnest($ids::VARCHAR[]))"

_BY_EVIDENCE = """
SELECT * FROM events WHERE id IN (SELECT event FROM evidence WHERE url = $url) ORDER BY first_seen, id
"""

_EVIDENCE = """
SELECT * FROM evidence WHERE event IN (SELECT unnest($ids::VARCHAR[])) ORDER BY published_at, url
"""

_TOLD = """
SELECT DISTINCT event, route, target FROM deliveries
WHERE state NOT IN ('dead', 'muted') AND event IN (SELECT unnest($ids::VARCHAR[])) ORDER BY ALL
"""

_DEVELOPMENTS = 'SELECT * FROM developments WHERE event = $event ORDER BY "at", kind, what, url'


def record(con: DuckDBPyConnection, detected: Detected, at: datetime) -> None:
    """Write all that a detect step found, in the session's transaction. Writing it again changes nothing.

    Each of `detected.events` replaces what is stored of it; its evidence comes from `detected.evidence` alone.
    Deliveries and all else that is stored already stand. `at` is when the articles were read.
    """
    _store_placed(con, detected)
    _store_coded(con, detected, at)
    events = list({event.id: as_row(event, without=["evidence", "told"]) for event in detected.events}.values())
    insert(con, "events", events, replace(events, "id"))
    query(con, _WITHDRAW, _pairs(detected.withdrawn))
    insert(con, "evidence", [as_row(evidence) for evidence in detected.evidence])
    insert(con, "developments", [as_row(development) for development in detected.developments])
    insert(con, "deliveries", [as_row(delivery) for delivery in detected.deliveries])
    insert(con, "decisions", [_decision(number, decision) for number, decision in enumerate(detected.decisions)])


def open_events(con: DuckDBPyConnection, since: date) -> tuple[Event, ...]:
    """Return the events of `since` or later, and older ones last seen since, with their evidence; oldest first."""
    return complete(con, query(con, _OPEN, {"since": since}))


def list_events(  # noqa: PLR0913  # each narrows the list, and is given by name
    con: DuckDBPyConnection,
    *,
    since: datetime | None = None,
    families: Sequence[str] = (),
    classes: Sequence[str] = (),
    statuses: Sequence[str] = (),
    actors: Sequence[str] = (),
    days: tuple[date | None, date | None] = (None, None),
    limit: int | None = None,
) -> tuple[Event, ...]:
    """Return events with their evidence, the one found last first.

    Args:
        con: an open session.
        since: events last seen before are left out.
        families: only events of these; none means all.
        classes: only events of these; none means all.
        statuses: only events of these; none means all.
        actors: only events in which each of these ids has some role: two of them are a dyad.
        days: only events of this day and later, and of this day and earlier; None means any.
        limit: at most so many.
    """
    parameters = {
        "since": since,
        "families": list(families),
        "classes": list(classes),
        "statuses": list(statuses),
        "actors": [json.dumps(actor, ensure_ascii=False) for actor in actors],  # as the stored lists hold them
        "first": days[0],
        "last": days[1],
        "limit": limit,
    }
    return complete(con, query(con, _LIST, parameters))


def get_event(con: DuckDBPyConnection, id_or_prefix: str) -> Event | None:
    """Return the event with this id, or the only one whose id begins so.

    Raises:
        UsageError: several ids begin so; names the first of them.
    """
    rows = query(con, _BY_PREFIX, {"prefix": id_or_prefix, "limit": _NAMED + 1})
    if len(rows) > 1 and rows[0]["id"] != id_or_prefix:
        names = ", ".join(row["id"] for row in rows[:_NAMED]) + (", …" if len(rows) > _NAMED else "")
        raise UsageError(f"several events begin with {id_or_prefix!r}: {names}; give more of the id")
    found = complete(con, rows[:1])
    return found[0] if found else None


def by_id(con: DuckDBPyConnection, ids: Collection[str]) -> dict[str, Event]:
    """Return the events with these ids, by id."""
    return {event.id: event for event in complete(con, query(con, _BY_ID, {"ids": sorted(ids)}))}


def developments(con: DuckDBPyConnection, event_id: str) -> tuple[Development, ...]:
    """Return how an event grew, in order of time."""
    return tuple(restore(Development, row) for row in query(con, _DEVELOPMENTS, {"event": event_id}))


def proved_by(con: DuckDBPyConnection, url: str) -> tuple[Event, ...]:
    """Return the events that an article is evidence of, with all their evidence."""
    return complete(con, query(con, _BY_EVIDENCE, {"url": url}))


def complete(con: DuckDBPyConnection, rows: Sequence[Mapping[str, Any]]) -> tuple[Event, ...]:
    """Return rows of events as events, with their evidence in order of publication and who is told of them."""
    ids = {"ids": [row["id"] for row in rows]}
    evidence: dict[str, list[Evidence]] = {}
    for row in query(con, _EVIDENCE, ids):
        evidence.setdefault(row["event"], []).append(restore(Evidence, row))
    told: dict[str, list[tuple[str, str]]] = {}
    for row in query(con, _TOLD, ids):
        told.setdefault(row["event"], []).append((row["route"], row["target"]))
    return tuple(
        changed(restore(Event, row), evidence=tuple(evidence.get(row["id"], ())), told=tuple(told.get(row["id"], ())))
        for row in rows
    )


def _store_coded(con: DuckDBPyConnection, detected: Detected, at: datetime) -> None:
    notes = dict.fromkeys(detected.articles, "[]") | {coded.url: stored(coded.notes) for coded in detected.coded}
    query(con, _MARK, {"at": at, "urls": [stored(url) for url in notes], "notes": list(notes.values())})
    query(con, _FORGET_MENTIONS, {"urls": [stored(coded.url) for coded in detected.coded]})
    insert(con, "mentions", [row for coded in detected.coded for row in _mentions(coded)])


def _store_placed(con: DuckDBPyConnection, detected: Detected) -> None:
    places = [as_row(placed) for placed in detected.placed]
    insert(con, "placed", places, replace(places, "url"))
    rows = [
        as_row(known, without=["story", "copy_of", "follows", "sketch"]) | as_row(known.sketch)
        for known in detected.sketches
    ]
    insert(con, "sketches", rows, replace(rows, "url"))
    if detected.moved:  # else it would still cost a scan
        names = ("urls", "originals", "families")
        query(
            con,
            _RECOUNT,
            {name: list(map(stored, own)) for name, own in zip(names, zip(*detected.moved, strict=True), strict=True)},
        )


def _pairs(withdrawn: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    return {"events": [event for event, _ in withdrawn], "urls": [stored(url) for _, url in withdrawn]}


def _mentions(coded: Coded) -> list[Row]:
    details = coded.details or (None,) * len(coded.mentions)
    same = {"url": stored(coded.url), "published_at": stored(coded.published_at)}
    return [
        {**same, "number": number, "details": stored(told), **as_row(mention)}
        for number, (mention, told) in enumerate(zip(coded.mentions, details, strict=True))
    ]


def _decision(number: int, decision: Decision) -> Row:
    row = as_row(decision)
    return {"id": stable_id("", *row.values()), "number": number, **row}
