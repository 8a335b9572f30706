"""Pure decisions: who is told of an event, and what follows from an attempt to tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any

from alerts import mutes
from alerts.routes import Route
from detente import settings as knobs
from detente.models import (
    Decision,
    Delivery,
    DeliveryState,
    Event,
    Message,
    Mute,
    SendOutcome,
    SendResult,
    Status,
    Verdict,
    stable_id,
)

JITTER = 0.2
"""The largest share by which a wait is stretched, so that many messages do not come back at one moment."""

LONGEST_RETRY_AFTER = 86_400.0
"""Seconds: a server that asks for more patience than a day is asked again after a day."""

RETRY_HINT = "mend the cause, then run 'detente alerts retry'"


@dataclass(frozen=True, slots=True)
class RouteVerdict:
    """Whether one route wants one event, and why, in words and facts.

    `due` is when the digest goes out that it waits for; None where it is told at once, or not at all.
    """

    route: str
    reason: Verdict
    why: str
    at: datetime
    due: datetime | None = None
    facts: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def wanted(self) -> bool:
        """Whether the event goes to the route's targets."""
        return self.reason in {Verdict.ROUTED, Verdict.GROUPED}


def route_event(
    event: Event, routes: Sequence[Route], now: datetime, muted: Sequence[Mute] = ()
) -> tuple[RouteVerdict, ...]:
    """Return one verdict for each route, in the order of the routes; `muted` are the mutes in force."""
    return tuple(_route(event, route, now, muted) for route in routes)


def deliveries(
    event: Event, verdicts: Sequence[RouteVerdict], routes: Sequence[Route], message: Message, now: datetime
) -> tuple[Delivery, ...]:
    """Return the messages that an event causes: one for each address, however many routes lead to it.

    Making them again gives the same ids, so that storing them again changes nothing.
    """
    due = {verdict.route: verdict.due for verdict in verdicts if verdict.wanted}
    return addressed(event, routes, due, {}, message, now)


def addressed(
    event: Event,
    routes: Sequence[Route],
    due: Mapping[str, datetime | None],
    marks: Mapping[str, Sequence[str]],
    message: Message,
    now: datetime,
) -> tuple[Delivery, ...]:
    """Return a delivery for each address of these routes; of two routes to one address the quicker sends it.

    Args:
        event: the event.
        routes: all routes of the desk.
        due: when each route that tells of it sends its digest; None for at once.
        marks: by route, what tells the ids of updates apart.
        message: what to tell.
        now: the tick's time.
    """
    made: dict[str, Delivery] = {}
    for route in routes:
        for target in route.targets if route.id in due else ():
            name = stable_id("d", event.id, route.id, target.id, *marks.get(route.id, ()))
            at, state = due[route.id] or now, DeliveryState.GROUPED if due[route.id] else DeliveryState.WAITING
            item = Delivery(name, event.id, route.id, target.id, message, now, at, state)
            if target.url not in made or at < made[target.url].due_at:
                made[target.url] = item
    return tuple(made.values())


def silenced(
    waiting: Sequence[Delivery], events: Mapping[str, Event], muted: Sequence[Mute], now: datetime
) -> tuple[tuple[Delivery, Decision], ...]:
    """Return the deliveries whose events were muted while they waited, as that leaves them, each with the decision."""
    found = []
    for item in waiting:
        event = events.get(item.event)
        if event and (mute := mutes.muting(event, item.route, muted, now)):
            why = mutes.in_words(mute)
            url = event.evidence[0].url if event.evidence else ""
            facts = {"route": item.route, **mutes.facts(mute)}
            left = replace(item, state=DeliveryState.MUTED, last_error=f"muted {why}", ended_at=now)
            found.append((left, Decision(url, now, Verdict.MUTED, why, event.id, event.cls, facts)))
    return tuple(found)


def after_attempt(
    delivery: Delivery, result: SendResult, settings: knobs.Delivery, now: datetime, jitter: float
) -> Delivery:
    """Return the delivery as an attempt leaves it: sent, dead, or due again later.

    The wait doubles from `first_wait` to `longest_wait` (seconds), is at least what the server asked for, and is
    stretched by up to a fifth.

    Args:
        delivery: one that waits.
        result: what its channel said.
        settings: the delivery section of the settings.
        now: when the attempt ended.
        jitter: a random number in [0, 1).
    """
    attempts = delivery.attempts + 1
    if result.outcome is SendOutcome.SENT:
        return replace(delivery, state=DeliveryState.SENT, attempts=attempts, last_error="", ended_at=now)
    if result.outcome is SendOutcome.PERMANENT:
        return dead(replace(delivery, attempts=attempts), result.detail, now)
    if attempts >= settings.max_attempts:
        times = "once" if attempts == 1 else f"{attempts} times"
        return dead(replace(delivery, attempts=attempts), f"{result.detail} (tried {times})", now)
    wait = min(settings.first_wait * 2.0 ** (attempts - 1), settings.longest_wait)
    wait = max(wait, min(result.retry_after or 0.0, LONGEST_RETRY_AFTER))
    due = now + timedelta(seconds=wait * (1 + JITTER * jitter))
    return replace(delivery, attempts=attempts, last_error=result.detail, due_at=due)


def dead(delivery: Delivery, why: str, now: datetime) -> Delivery:
    """Return the delivery as given up, with what to do about it."""
    return replace(delivery, state=DeliveryState.DEAD, last_error=f"{why}; {RETRY_HINT}", ended_at=now)


def _route(event: Event, route: Route, now: datetime, muted: Sequence[Mute]) -> RouteVerdict:
    if objection := _objection(event, route):
        return RouteVerdict(route.id, *objection, now)
    if mute := mutes.muting(event, route.id, muted, now):
        return RouteVerdict(route.id, Verdict.MUTED, mutes.in_words(mute), now, facts=mutes.facts(mute))
    if route.digest and (due := route.digest.due(event, now)):
        why = f"grouped into the digest of {due:%Y-%m-%d %H:%M} UTC"
        return RouteVerdict(route.id, Verdict.GROUPED, why, now, due, {"due": due.isoformat()})
    return RouteVerdict(route.id, Verdict.ROUTED, f"every condition of route {route.id} holds", now)


def _objection(event: Event, route: Route) -> tuple[Verdict, str] | None:
    """Return the first condition of a route that an event does not meet."""
    if route.families and event.family not in route.families:
        return Verdict.NOT_ROUTED, f"family {event.family} is none of {_words(route.families)}"
    if route.classes and not any(fnmatchcase(event.cls, pattern) for pattern in route.classes):
        return Verdict.NOT_ROUTED, f"class {event.cls} matches none of {_words(route.classes)}"
    if not route.statuses & _statuses(event):
        return Verdict.NOT_RAISING, f"status {event.status} is none of {_words(route.statuses)}"
    if route.actors and not route.actors & event.actors:
        return Verdict.NOT_ROUTED, f"no actor of it ({_words(event.actors)}) is one of {_words(route.actors)}"
    if event.severity.rank < route.min_severity.rank:
        return Verdict.BELOW_SEVERITY, f"severity {event.severity} is below {route.min_severity}"
    if event.in_passing and event.family not in route.in_passing:
        return Verdict.IN_PASSING, "one source alone tells it so far, undated and below its lead"
    return None


def _statuses(event: Event) -> set[Status]:
    """Return what an event was told as: one that is denied or withdrawn by now was reported before."""
    if event.status is Status.DENIED:
        return {event.status, *(item.status for item in event.evidence)}
    return {Status.REPORTED} if event.status is Status.WITHDRAWN else {event.status}


def _words(items: Sequence[str] | frozenset[str]) -> str:
    return ", ".join(sorted(items)) or "none"
