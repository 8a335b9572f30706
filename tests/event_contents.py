"""What events say, for tests that compare two ways to them."""

from __future__ import annotations

from collections.abc import Iterable

from detente.models import Event


def contents(events: Iterable[Event]) -> list[tuple[object, ...]]:
    """Return what events that have evidence say, but for their ids and when they were found."""
    return sorted(
        (
            event.cls,
            *(event.sources, event.targets, event.mediators, event.parties),
            event.day,
            event.status,
            event.families,
            event.severity,
            event.headline,
            tuple((item.url, item.status) for item in event.evidence),
        )
        for event in events
        if event.evidence
    )
