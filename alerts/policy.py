"""Pure decisions: who is told of an event, and what follows from an attempt to tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

from alerts.routes import Route
from detente import settings as knobs
from detente.models import (
    Delivery,
    DeliveryState,
    Event,
    Message,
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
    """Whether one route wants one event, and why, in words."""

    route: str
    wanted: bool
    reason: Verdict
    why: str
    at: datetime


def route_event(event: Event, routes: Sequence[Route], now: datetime) -> tuple[RouteVerdict, ...]:
    """Return one verdict for each route, in the order of the routes."""
    found = []
    for route in routes:
        objection = _objection(event, route)
        reason, why = objection or (Verdict.ROUTED, f"every condition of route {route.id} holds")
        found.append(RouteVerdict(route.id, objection is None, reason, why, now))
    return tuple(found)


def deliveries(event: Event, routes: Sequence[Route], message: Message, now: datetime) -> tuple[Delivery, ...]:
    """Return the messages that an event causes: one for each address, however many routes lead to it.

    Making them again gives the same ids, so that storing them again changes nothing.
    """
    wanted = {verdict.route for verdict in route_event(event, routes, now) if verdict.wanted}
    made: dict[str, Delivery] = {}
    for route in routes:
        for target in route.targets if route.id in wanted else ():
            name = stable_id("d", event.id, route.id, target.id)
            made.setdefault(target.url, Delivery(name, event.id, route.id, target.id, message, now, now))
    return tuple(made.values())


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
    return None


def _statuses(event: Event) -> set[Status]:
    """Return what an event was told as: one that is denied or withdrawn by now was reported before."""
    if event.status is Status.DENIED:
        return {event.status, *(item.status for item in event.evidence)}
    return {Status.REPORTED} if event.status is Status.WITHDRAWN else {event.status}


def _words(items: Sequence[str] | frozenset[str]) -> str:
    return ", ".join(sorted(items)) or "none"
