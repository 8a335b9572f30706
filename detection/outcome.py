"""What a set of articles did to the events: those decided against those stored, and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from detection import growth
from detection.sameness import kin
from detente.models import Decision, Development, Event, Evidence, Status, Verdict


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a set of articles does to the events: those new or changed as they now stand, and why.

    `evidence` is what they gained, or what changed of it; `withdrawn` are the events, and the articles whose evidence
    of them is gone or changed.
    """

    events: tuple[Event, ...]
    new: frozenset[str]
    evidence: tuple[Evidence, ...]
    developments: tuple[Development, ...]
    decisions: tuple[Decision, ...]
    withdrawn: tuple[tuple[str, str], ...] = ()


class _Holders:
    """Which events an article proves now."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._by_url: defaultdict[str, list[Event]] = defaultdict(list)
        for event in events:
            for item in event.evidence:
                self._by_url[item.url].append(event)

    def of(self, before: Event, url: str) -> list[str]:
        """Return those of a like class with an event that it proved before."""
        return [event.id for event in self._by_url.get(url, ()) if kin(event.cls) == kin(before.cls)]

    def of_most(self, before: Event) -> str | None:
        """Return the one that holds most of what proved an event, if any does."""
        held = Counter(name for item in before.evidence for name in self.of(before, item.url))
        return max(held, key=lambda name: (held[name], name), default=None)


def compared(
    stored: Sequence[Event],
    decided: Mapping[str, Event],
    steps: Iterable[Development],
    decisions: Iterable[Decision],
    fresh: Collection[str],
    now: datetime,
) -> Outcome:
    """Return what is to be written, and told.

    Of a known event what it gained is the difference between before and now, so that nothing is told again that was
    decided anew and came out the same.

    Args:
        stored: the open events as they were.
        decided: the events as they were decided, by id.
        steps: what they gained by one article after the other.
        decisions: what was decided about each article.
        fresh: the articles that are new, or whose text was changed; the others were decided about before.
        now: the tick's time.
    """
    known = {event.id: event for event in stored}
    new = frozenset(decided.keys() - known.keys())
    developments = [item for item in steps if item.event in new or (item.kind == "halted" and item.what in new)]
    grown = {item.event for item in developments}
    evidence = [item for event_id, event in decided.items() if event_id in new for item in event.evidence]
    events, withdrawn, lost = [event for event_id, event in decided.items() if event_id in new], [], []
    holders = _Holders(decided.values())
    for before in stored:
        after = _now(before, decided, holders)
        if after == before and before.id not in grown:
            continue
        events.append(replace(after, last_seen=now))
        developments += _gained(before, after, decided, now, fresh)
        was, is_now = ({item.url: item for item in event.evidence} for event in (before, after))
        evidence += [item for url, item in is_now.items() if was.get(url) != item]
        withdrawn += [(before.id, url) for url, item in was.items() if is_now.get(url) != item]
        lost += [_lost(before, url, holders, fresh, now) for url in was if url not in is_now]
    gained = {(item.event, item.url) for item in evidence}
    return Outcome(
        events=tuple(events),
        new=new,
        evidence=tuple(evidence),
        developments=tuple(developments),
        decisions=(*(item for item in decisions if item.url in fresh or (item.event, item.url) in gained), *lost),
        withdrawn=tuple(withdrawn),
    )


def _now(before: Event, decided: Mapping[str, Event], holders: _Holders) -> Event:
    """Return a known event as it was decided, with what no article says of it."""
    after = decided.get(before.id)
    if after is None:
        same_as = holders.of_most(before) if before.evidence else before.same_as
        return replace(before, evidence=(), status=Status.WITHDRAWN, same_as=same_as)
    is_restarted = growth.is_restarted(before.evidence, after.evidence)
    return replace(
        after,
        severity=after.severity if is_restarted else before.severity,
        first_seen=before.first_seen,
        last_seen=before.last_seen,
        told=before.told,
    )


def _gained(
    before: Event, after: Event, decided: Mapping[str, Event], now: datetime, fresh: Collection[str]
) -> list[Development]:
    gained = growth.gains(before, after, now, fresh)
    if not after.same_as:
        return gained
    same = f"the same as {after.same_as} ({decided[after.same_as].headline})"
    return [replace(item, what=f"{item.what}, {same}") if item.kind == "status" else item for item in gained]


def _lost(before: Event, url: str, holders: _Holders, fresh: Collection[str], now: datetime) -> Decision:
    """Return why an article no longer proves an event."""
    told = {"class": before.cls}
    if url in fresh:
        why = f"the text was changed, and no longer says what it said about {before.id} ({before.headline})"
        return Decision(url, now, Verdict.WITHDRAWN, why, before.id, None, told)
    proves = " and ".join(sorted(holders.of(before, url))) or "nothing"
    why = f"decided anew with what came home later: it proves {proves}"
    return Decision(url, now, Verdict.MOVED, f"{why}, not {before.id} ({before.headline})", before.id, None, told)
