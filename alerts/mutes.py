"""Pure decisions: which mute keeps an event silent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fnmatch import fnmatchcase

from detente.models import Event, Mute


def muting(event: Event, route: str, mutes: Sequence[Mute], now: datetime) -> Mute | None:
    """Return the first mute that keeps an event from a route at this moment, or None."""
    return next((mute for mute in mutes if now < mute.until and _fits(mute, event, route)), None)


def in_words(mute: Mute) -> str:
    """Return by what an event is muted, until when and why: `by m1abc until 2025-05-05 12:00 UTC: a truce holds`."""
    return f"by {mute.id} until {mute.until:%Y-%m-%d %H:%M} UTC: {mute.reason}"


def facts(mute: Mute) -> dict[str, str]:
    """Return what a decision keeps of a mute."""
    return {"mute": mute.id, "until": mute.until.isoformat()}


def _fits(mute: Mute, event: Event, route: str) -> bool:
    return (
        mute.route in {None, route}
        and mute.event in {None, event.id}
        and event.actors.issuperset(mute.actors)
        and (not mute.classes or any(fnmatchcase(event.cls, pattern) for pattern in mute.classes))
    )
