"""Pure decisions: which developments of an event are told to those who were told of the event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from alerts.policy import RouteVerdict, addressed, route_event
from alerts.routes import Route
from detente import settings as knobs
from detente.models import Delivery, Development, Event, Message, Mute, Status, Verdict

_WORDS = {
    "status": "now {what}",
    "actor": "{what} takes part",
    "toll": "{what}",
    "day": "the day: {what}",
    "halted": "ended by {what}",
    "withdrawn": "{what} no longer says it",
}


@dataclass(frozen=True, slots=True)
class UpdateVerdict:
    """Whether one route is told of one event's developments, and why, in words and facts.

    `told` are those that it is told of, `due` when the digest goes out that they wait for, if they do.
    """

    route: str
    reason: Verdict
    why: str
    told: tuple[Development, ...] = ()
    due: datetime | None = None
    facts: dict[str, Any] = field(default_factory=dict, hash=False)


def weigh(
    event: Event,
    developments: Sequence[Development],
    routes: Sequence[Route],
    settings: knobs.Delivery,
    names: Mapping[str, str],
    now: datetime,
    muted: Sequence[Mute] = (),
) -> tuple[UpdateVerdict, ...]:
    """Return one verdict for each route that wanted the event.

    A route is told what its own `updates` name, else what the settings do; of families only that which makes
    `corroborated`. Nobody is told more of an event that was not told at one of the route's addresses, or that is muted.

    Args:
        event: a known event as it now stands.
        developments: what it gained in this tick.
        routes: the desk's routes.
        settings: the delivery section of the settings.
        names: what to call actors, by id.
        now: the tick's time.
        muted: the mutes in force.
    """
    counted, told_at = _counted(event, developments, settings.corroborated), _addresses(event, routes)
    said = ", ".join(sorted({item.kind for item in developments}))
    found = []
    for route, verdict in zip(routes, route_event(event, routes, now, muted), strict=True):
        kinds = settings.updates if route.updates is None else route.updates
        told = tuple(item for item in counted if item.kind in kinds)
        if verdict.reason is Verdict.MUTED:
            found.append(UpdateVerdict(route.id, Verdict.MUTED, f"{said}: {verdict.why}", facts=verdict.facts))
        elif not verdict.wanted:
            continue
        elif all(target.url not in told_at for target in route.targets):
            found.append(UpdateVerdict(route.id, Verdict.NO_UPDATE, f"{said}: the event itself was not told"))
        elif told:
            found.append(_told(verdict, told, in_words(event, told, names)))
        else:
            why = f"{said}: route {route.id} is told of {', '.join(kinds) or 'no developments'}"
            found.append(UpdateVerdict(route.id, Verdict.NO_UPDATE, why))
    return tuple(found)


def late(
    before: Event, event: Event, routes: Sequence[Route], now: datetime, muted: Sequence[Mute] = ()
) -> tuple[RouteVerdict, ...]:
    """Return the verdicts of routes that want a known event as it is now, and did not as it was.

    They are told of it as of a new one, so that it does not matter in which tick it came to be what they want; not
    where one of their addresses was told by another route, nor of what is withdrawn.
    """
    if event.status is Status.WITHDRAWN:
        return ()
    told_at = _addresses(event, routes)
    verdicts = zip(routes, route_event(before, routes, now), route_event(event, routes, now, muted), strict=True)
    return tuple(
        is_now
        for route, was, is_now in verdicts
        if is_now.wanted and not was.wanted and all(target.url not in told_at for target in route.targets)
    )


def in_words(event: Event, developments: Sequence[Development], names: Mapping[str, str]) -> str:
    """Return developments as one line: `now reported → denied; 3 independent families report it`."""
    said = [
        _WORDS[item.kind].format(what=names.get(item.what, item.what))
        for item in developments
        if item.kind != "families"
    ]
    if any(item.kind == "families" for item in developments):
        said.append(f"{len(event.families)} independent families report it")
    return "; ".join(dict.fromkeys(said))


def deliveries(
    event: Event, verdicts: Sequence[UpdateVerdict], routes: Sequence[Route], message: Message, now: datetime
) -> tuple[Delivery, ...]:
    """Return the messages of an update: one for each address that was told of the event.

    Making them again gives the same ids.
    """
    told_at = _addresses(event, routes)
    known = [
        replace(route, targets=tuple(target for target in route.targets if target.url in told_at)) for route in routes
    ]
    told = [verdict for verdict in verdicts if verdict.told]
    marks = {item.route: sorted(f"{one.kind} {one.what} {one.url}" for one in item.told) for item in told}
    return addressed(event, known, {item.route: item.due for item in told}, marks, message, now)


def _told(verdict: RouteVerdict, told: tuple[Development, ...], words: str) -> UpdateVerdict:
    if verdict.due is None:
        return UpdateVerdict(verdict.route, Verdict.UPDATED, words, told)
    why = f"{words}: {verdict.why}"
    return UpdateVerdict(verdict.route, Verdict.GROUPED, why, told, verdict.due, verdict.facts)


def _addresses(event: Event, routes: Sequence[Route]) -> set[str]:
    """Return the addresses that are told of an event."""
    return {target.url for route in routes for target in route.targets if (route.id, target.id) in event.told}


def _counted(event: Event, developments: Sequence[Development], corroborated: int) -> list[Development]:
    """Return developments, those of families only where they reach the number that counts, and then as `families`."""
    others = [item for item in developments if item.kind != "family"]
    families = [item for item in developments if item.kind == "family"]
    if families and len(event.families) - len(families) < corroborated <= len(event.families):
        last = families[-1]
        others.append(Development(event.id, last.at, "families", str(corroborated), last.url))
    return others
