"""Whether a mention is about an open event: what speaks against it, in words.

It is when class, roles, place and day agree: no role names others, both share an actor or a story, their days lie in
the window, and nothing says that this is another act of the kind: an ordinal, a place, a number, or `again` on a
later day. Acts of violence are told as fighting here and as an assault there; within a story they are one event.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from detection.details import Details, are_elsewhere
from detection.merging import actor_ids
from detente.models import Event, Mention
from detente.settings import Detection

PASSING_DAYS = 30
"""A mention in passing (far down, undated) joins an event up to so many days old rather than open a new one."""

MUTUAL = frozenset({"talks.held", "talks.halted", "deescalation.agreement", "deescalation.ceasefire"})
"""Classes in which source and target do the same thing: which of them a text names first means nothing."""

VIOLENCE = frozenset({"escalation.fighting", "escalation.assault", "escalation.mass_violence"})
"""Classes that one and the same attack is told as."""

RECURRING = VIOLENCE | {"talks.held"}
"""Classes whose acts are done again within days by the same actors: each time is news."""

PLACED = VIOLENCE | {"escalation.mobilisation", "deescalation.withdrawal"}
"""Classes whose acts happen at a place: the same one at another place is another act."""


HALTS = {
    "talks.halted": frozenset({"talks.held", "talks.proposed"}),
    "mediation.halted": frozenset({"mediation.conducted", "mediation.accepted", "mediation.offered"}),
}
"""Classes that end what events of other classes began."""

_BROKERED = {"talks.held", "mediation.conducted"}
"""What one report tells as talks of two sides, another tells as their mediator's work."""


@dataclass(frozen=True, slots=True)
class Act:
    """A mention with what matters for telling it from others: its day, details, story and whether it tells news.

    `is_fresh` is false of a mention in passing; `is_denial` true where the act is denied.
    """

    mention: Mention
    day: date
    details: Details
    story: str
    is_fresh: bool
    is_denial: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """An open event with the details of all its reports."""

    event: Event
    details: Details


def objection(known: Known, act: Act, settings: Detection, concerns: Mapping[str, tuple[str, ...]]) -> str | None:
    """Return why a mention is not about an event, or None if it is."""
    event, mention = known.event, act.mention
    if event.cls != mention.cls and (conflict := _classes(event, act)):
        return conflict
    brokered = {event.cls, mention.cls} == _BROKERED  # then roles bear other names
    if conflict := (None if brokered else _roles(event, mention, concerns)) or _ordinals(known.details, act.details):
        return conflict
    days = window(event, settings)
    longest = days if act.is_fresh else PASSING_DAYS
    if not -days <= (act.day - event.day).days <= longest:
        return f"{abs((act.day - event.day).days)} days apart, the window is {longest}"
    shared = wide(actors_of(mention), concerns) & wide(event.actors, concerns)
    if not shared and event.story != act.story:
        return "neither an actor nor the story is the same"
    if act.is_denial or not act.is_fresh:
        return None
    return (_elsewhere(known.details, act.details) if event.cls in PLACED else None) or _repeated(known, act)


def window(event: Event, settings: Detection) -> int:
    """Return the days within which a report can join an event."""
    return settings.repeat_days if event.cls in RECURRING else settings.window_days


def kin(cls: str) -> tuple[str, ...]:
    """Return the classes that a happening of this class may be told as, itself among them."""
    return tuple(sorted(next((group for group in (VIOLENCE, _BROKERED) if cls in group), {cls})))


def actors_of(mention: Mention) -> set[str]:
    """Return the ids of the known actors in any role."""
    roles = mention.roles
    return actor_ids(roles.source + roles.target + roles.mediator + roles.party)


def wide(actors: Iterable[str], concerns: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Return actors, with the states that the regions among them concern."""
    return {found for actor in actors for found in (actor, *concerns.get(actor, ()))}


def _roles(event: Event, mention: Mention, concerns: Mapping[str, tuple[str, ...]]) -> str | None:
    """Return the role in which event and mention name different actors, in words, or None."""
    roles = mention.roles
    source, target = actor_ids(roles.source), actor_ids(roles.target)
    pairs = [("source", set(event.sources), source), ("target", set(event.targets), target)]
    if event.cls in MUTUAL:
        pairs = [("sides", {*event.sources, *event.targets}, source | target)]
    pairs += [
        ("mediator", set(event.mediators), actor_ids(roles.mediator)),
        ("party", set(event.parties), actor_ids(roles.party)),
    ]
    for name, there, here in pairs:
        if there and here and not wide(there, concerns) & wide(here, concerns):
            return f"another {name} ({', '.join(sorted(there))}, not {', '.join(sorted(here))})"
    if event.cls not in MUTUAL and source and target and source <= set(event.targets) and target <= set(event.sources):
        return f"the other direction ({', '.join(sorted(source))} → {', '.join(sorted(target))})"
    return None


def _classes(event: Event, act: Act) -> str | None:
    """Return why two classes tell of two happenings, or None if they may tell of one."""
    if {event.cls, act.mention.cls} == _BROKERED:
        return _brokered(event, act)
    if not {event.cls, act.mention.cls} <= VIOLENCE:
        return f"another class ({event.cls})"
    roles = act.mention.roles
    told = event.day, set(event.sources), set(event.targets)
    same = told == (act.day, actor_ids(roles.source), actor_ids(roles.target)) and event.sources and event.targets
    return None if same or event.story == act.story else f"told as {event.cls} there, and in another story"


def _brokered(event: Event, act: Act) -> str | None:
    """Return why talks are not those that a mediator brought about: they are if his sides met, on that day."""
    roles = act.mention.roles
    here = actor_ids(roles.source) | actor_ids(roles.target), actor_ids(roles.party)
    there = {*event.sources, *event.targets}, set(event.parties)
    (sides, _), (mediators, parties) = (here, there) if act.mention.cls == "talks.held" else (there, here)
    if len(parties) > 1 and parties <= sides <= parties | mediators and act.day == event.day:
        return None
    return f"told as {event.cls} there, of other sides or another day"


def _ordinals(there: Details, here: Details) -> str | None:
    for thing in sorted(there.ordinals.keys() & here.ordinals.keys()):
        if there.ordinals[thing] != here.ordinals[thing]:
            return f"another ordinal ({thing} {there.ordinals[thing]}, not {here.ordinals[thing]})"
    return None


def _elsewhere(there: Details, here: Details) -> str | None:
    """Return that an act is at another place, where neither article names the other's place in its lead."""
    if are_elsewhere(there, here):
        return f"another place ({', '.join(sorted(there.places))}, not {', '.join(sorted(here.places))})"
    return None


def _repeated(known: Known, act: Act) -> str | None:
    """Return what says that this is the next act of its kind: on another day, and with details of its own."""
    there, here, days = known.details, act.details, (act.day - known.event.day).days
    if not days:
        return None
    apart = f"{abs(days)} day{'s' * (abs(days) > 1)} {'later' if days > 0 else 'earlier'}"
    if days > 0 and here.again and not there.again:
        return f"{apart}, and said to be done {here.again!r}"
    if days < 0 and there.again and not here.again:
        return f"{apart}, and the event was said to be done {there.again!r}"
    for thing in sorted(there.counts.keys() & here.counts.keys()):
        if there.counts[thing] != here.counts[thing]:
            return f"{apart}, and another number ({thing} {there.counts[thing]}, not {here.counts[thing]})"
    if known.event.cls in PLACED and there.sites and here.sites and not there.sites & here.sites:
        return f"{apart}, and another site ({', '.join(sorted(there.sites))}, not {', '.join(sorted(here.sites))})"
    return None
