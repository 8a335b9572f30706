"""When a route's digest is due, what waits for it, and which deliveries one digest gathers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from detente.models import Delivery, DeliveryState, Event, Message, Severity, stable_id

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EVERY = re.compile(r"every ([1-9]\d{0,2}) hours?")
_DAILY = re.compile(r"daily at ([01]?\d|2[0-3]):([0-5]\d)")
_LONGEST_HOURS = 168
_FORM = "write 'hourly', 'daily at 07:30' (UTC) or 'every 6 hours' (up to 168)"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A digest goes out every `step` since midnight UTC of a distant day, `offset` later."""

    step: timedelta
    offset: timedelta = timedelta()

    def due(self, now: datetime) -> datetime:
        """Return the first moment after `now` at which the digest is due."""
        return now + self.step - (now - _EPOCH - self.offset) % self.step


def rhythm(text: str) -> Rhythm:
    """Read `hourly`, `daily at HH:MM` or `every N hours`.

    Raises:
        ValueError: it is none of these.
    """
    said = " ".join(text.split())
    if said == "hourly":
        return Rhythm(timedelta(hours=1))
    if (found := _EVERY.fullmatch(said)) and int(found[1]) <= _LONGEST_HOURS:
        return Rhythm(timedelta(hours=int(found[1])))
    if found := _DAILY.fullmatch(said):
        return Rhythm(timedelta(days=1), timedelta(hours=int(found[1]), minutes=int(found[2])))
    raise ValueError(f"{text!r} is no rhythm of a digest, {_FORM}")


@dataclass(frozen=True, slots=True)
class Grouping:
    """How a route groups: events of `at_once` and above do not wait for the digest; None means that all do."""

    rhythm: Rhythm
    at_once: Severity | None = None

    def due(self, event: Event, now: datetime) -> datetime | None:
        """Return when the digest is due that an event waits for, or None if it is told at once."""
        if self.at_once and event.severity.rank >= self.at_once.rank:
            return None
        return self.rhythm.due(now)


def gathered(waiting: Sequence[Delivery], addresses: Mapping[tuple[str, str], str]) -> tuple[tuple[Delivery, ...], ...]:
    """Return the deliveries that go out together: those to one address.

    Args:
        waiting: deliveries whose digest is due.
        addresses: the address of each route's targets, by the ids of both; one that has none stays by itself.
    """
    groups: dict[object, list[Delivery]] = {}
    for item in waiting:
        target = (item.route, item.target)
        groups.setdefault(addresses.get(target, target), []).append(item)
    return tuple(tuple(group) for group in groups.values())


def contents(members: Sequence[Delivery], events: Mapping[str, Event]) -> list[tuple[Event, str]]:
    """Return the events of a digest, the most severe first, each once, with what is new about those told before."""
    found: dict[str, list[str]] = {}
    for member in members:
        found.setdefault(member.event, []).append(str(member.message.event.get("update", "")))
    ranked = sorted(
        (events[name] for name in found), key=lambda event: (-event.severity.rank, -event.day.toordinal(), event.id)
    )
    return [(event, "; ".join(found[event.id]) if all(found[event.id]) else "") for event in ranked]


def digest(members: Sequence[Delivery], message: Message, now: datetime) -> Delivery:
    """Return the delivery that gathers others. Made of the same ones it has the same id."""
    first = members[0]
    name = stable_id("d", "digest", *sorted(member.id for member in members))
    return Delivery(name, "", first.route, first.target, message, now, now, DeliveryState.WAITING)
