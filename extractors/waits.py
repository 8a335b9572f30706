"""When to ask again: what a host asks for in `Retry-After`, and how often a source proves to be worth asking."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from detente.models import SourceState
from detente.settings import Schedule
from extractors.dates import parse_date

LONGEST_WAIT = timedelta(days=1)
"""No host and no failure keeps us away for longer."""

_MAX_AGE = re.compile(r"(?<![\w-])max-age\s*=\s*\"?(\d{1,9})")
_DOUBLINGS = 10
_BUSY = 429  # too many requests: meant for all that we ask of the host, with or without a Retry-After
_UNAVAILABLE = 503


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return what Retry-After asks for (RFC 9110, 10.2.3), from none to a day; None where it says nothing readable.

    A date is counted from the answer's own Date, so that a wrong clock there does not matter; from `now`, when the
    answer came, where it has none.
    """
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return timedelta(seconds=min(int(value[:9]), LONGEST_WAIT.total_seconds()))
    moment = parse_date(value)
    if moment is None:
        return None
    return max(timedelta(), min(moment - (parse_date(headers.get("date", "")) or now), LONGEST_WAIT))


def fresh_for(headers: Mapping[str, str], now: datetime) -> timedelta:
    """Return how long an answer says that it stays the same (RFC 9111, 4.2): from none to a day.

    That is `max-age` less the answer's `Age`, else `Expires`, counted from the answer's own Date or from `now`.
    """
    control = headers.get("cache-control", "").lower()
    if "no-cache" in control or "no-store" in control:
        return timedelta()
    if lifetime := _MAX_AGE.search(control):
        age = headers.get("age", "").strip()
        spent = int(age[:9]) if age.isascii() and age.isdigit() else 0
        return timedelta(seconds=min(max(int(lifetime[1]) - spent, 0), LONGEST_WAIT.total_seconds()))
    ends = parse_date(headers.get("expires", ""))
    if ends is None:
        return timedelta()
    return max(timedelta(), min(ends - (parse_date(headers.get("date", "")) or now), LONGEST_WAIT))


def pause(status: int, headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return how long an answer asks us to leave its host alone, if it does: 429, or 503 with a Retry-After."""
    if status not in {_BUSY, _UNAVAILABLE}:
        return None
    wait = retry_after(headers, now)
    return timedelta() if wait is None and status == _BUSY else wait


def after_failure(
    state: SourceState, schedule: Schedule, now: datetime, asked_for: timedelta = timedelta()
) -> SourceState:
    """Return a source's state after a failure: asked again after half a tick, doubled each time, up to a day.

    Half a tick, so that the next tick asks again once; from the third failure on, ticks are left out.

    Args:
        state: the state before.
        schedule: how long a tick is.
        now: the tick's time.
        asked_for: what the host's Retry-After asked for, where it did: it is not asked sooner.
    """
    wait = min(_half_a_tick(schedule) * 2 ** min(state.failures, _DOUBLINGS), LONGEST_WAIT)
    return replace(state, due_at=now + max(wait, asked_for), failures=state.failures + 1)


def after_success(
    state: SourceState,
    schedule: Schedule,
    now: datetime,
    *,
    changed: bool,
    backlog: bool,
    fresh: timedelta = timedelta(),
) -> SourceState:
    """Return a source's state after an answer, now due again when its interval is over.

    News cuts the interval to a third, an unchanged answer makes it half as long again. It may fall to half of the
    shortest wait: so the first unchanged answer after news costs nothing, and only a series of them does.

    Args:
        state: the state before.
        schedule: the bounds, and how long a tick is.
        now: the tick's time.
        changed: whether the list named pages that we had not seen.
        backlog: whether pages wait to be fetched, for which the source is asked as soon as may be.
        fresh: how long its answer says that it stays the same: asking sooner would bring the same, so that the wait
            is as long, up to the longest.
    """
    shortest = timedelta(minutes=schedule.shortest_minutes)
    longest = max(timedelta(minutes=schedule.longest_minutes), shortest)
    interval = timedelta(seconds=state.interval)
    interval = min(max(interval / 3 if changed else interval * 1.5, shortest / 2), longest)
    wait = shortest if backlog else max(interval, shortest, min(fresh, longest))
    # Half a tick early, since no tick starts on the second: a source that is due a moment later would miss its turn.
    due_at = now + max(wait - _half_a_tick(schedule), timedelta())
    return replace(state, due_at=due_at, interval=round(interval.total_seconds()))


def _half_a_tick(schedule: Schedule) -> timedelta:
    return timedelta(minutes=schedule.watch_minutes / 2)
