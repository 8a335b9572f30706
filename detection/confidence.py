"""How sure it is that an event happened as told, and why: a number for sorting, and its grounds in words."""

from __future__ import annotations

from dataclasses import dataclass

from detection.growth import details_of
from detente.models import Event, Status
from detente.present import count

_FAMILIES = (0.0, 0.5, 0.7, 0.8, 0.85)
"""By the number of independent families; more than four add nothing. Own scale: one voice may err or lie, and each
further one that did not copy it halves, about, what doubt is left."""

_OFFICIAL, _STRENGTH, _DISPUTED = 0.1, 0.03, -0.15
_STATUS = {Status.REPORTED: 0.0, Status.PLANNED: -0.2, Status.DENIED: -0.3}
_USUAL = 3  # the strength of a rule that says nothing about it


@dataclass(frozen=True, slots=True)
class Confidence:
    """From 0 to 1, with what it rests on, each ground with what it adds."""

    value: float
    grounds: tuple[str, ...]


def confidence(event: Event) -> Confidence:
    """Return the confidence in an event: its families, whether a primary source is named, its status, its rules."""
    reports = [item for item in event.evidence if item.status is not Status.DENIED]
    if not reports or event.status is Status.WITHDRAWN:
        return Confidence(0.0, ("no report says it any more",))
    families = len(event.families)
    parts = [(_FAMILIES[min(families, 4)], count(families, "independent family", "independent families"))]
    official = details_of(event).official
    parts.append((_OFFICIAL, f"an office is quoted ({official})") if official else (0.0, "no office is quoted"))
    parts.append((_STATUS.get(event.status, -0.4), f"status {event.status}"))
    if event.status is not Status.DENIED and len(reports) < len(event.evidence):
        parts.append((_DISPUTED, "denied before, and reported since"))
    strongest = max(item.strength for item in reports)
    parts.append((_STRENGTH * (strongest - _USUAL), f"strongest rule {strongest} of 5"))
    value = min(1.0, max(0.0, sum(part for part, _ in parts)))
    return Confidence(round(value, 2), tuple(f"{words} ({part:+.2f})" for part, words in parts))
