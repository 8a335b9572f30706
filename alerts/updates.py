"""Pure decisions: which developments of an event are told to those who were told of the event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts.policy import route_event
from alerts.routes import Route
from detente import settings as knobs
from detente.models import Delivery, Development, Event, Message, Verdict, stable_id

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
    """Whether one route is told of one event's developments, and why, in words. `told` are those it is told of."""

    route: str
    reason: Verdict
    why: str
    told: tuple[Development, ...] = ()


def weigh(
    event: Event,
    developments: Sequence[Development],
    routes: Sequence[Route],
    settings: knobs.Delivery,
    names: Mapping[str, str],
    now: datetime,
) -> tuple[UpdateVerdict, ...]:
    """Return one verdict for each route that wanted the event.

    A route is told what its own `updates` name, else what the settings do; of families only that which makes
    `corroborated`. Nobody is told more of an event that nobody was told of.

    Args:
        event: a known event as it now stands.
        developments: what it gained in this tick.
        routes: the desk's routes.
        settings: the delivery section of the settings.
        names: what to call actors, by id.
        now: the tick's time.
    """
    found = []
    wanted = {verdict.route for verdict in route_event(event, routes, now) if verdict.wanted}
    for route in routes:
        if route.id not in wanted:
            continue
        kinds = settings.updates if route.updates is None else route.updates
        told = tuple(item for item in _counted(event, developments, settings.corroborated) if item.kind in kinds)
        said = ", ".join(sorted({item.kind for item in developments}))
        if not event.alerted:
            found.append(UpdateVerdict(route.id, Verdict.NO_UPDATE, f"{said}: the event itself was not told"))
        elif told:
            found.append(UpdateVerdict(route.id, Verdict.UPDATED, in_words(event, told, names), told))
        else:
            why = f"{said}: route {route.id} is told of {', '.join(kinds) or 'no developments'}"
            found.append(UpdateVerdict(route.id, Verdict.NO_UPDATE, why))
    return tuple(found)


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
    """Return the messages of an update: one for each address. Making them again gives the same ids."""
    told = {verdict.route: verdict.told for verdict in verdicts if verdict.told}
    made: dict[str, Delivery] = {}
    for route in routes:
        for target in route.targets if route.id in told else ():
            marks = sorted(f"{item.kind} {item.what} {item.url}" for item in told[route.id])
            name = stable_id("d", event.id, route.id, target.id, *marks)
            made.setdefault(target.url, Delivery(name, event.id, route.id, target.id, message, now, now))
    return tuple(made.values())


def _counted(event: Event, developments: Sequence[Development], corroborated: int) -> list[Development]:
    """Return developments, those of families only where they reach the number that counts, and then as `families`."""
    others = [item for item in developments if item.kind != "family"]
    families = [item for item in developments if item.kind == "family"]
    if families and len(event.families) - len(families) < corroborated <= len(event.families):
        last = families[-1]
        others.append(Development(event.id, last.at, "families", str(corroborated), last.url))
    return others
