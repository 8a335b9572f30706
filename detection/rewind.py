"""What comes home late: which known articles are decided anew with it, and under which ids.

Events are made by taking articles in the order of their publication. Where one comes home after others that were
published after it, the events are taken back to where they stood at its time of publication, and what came after is
decided anew: whichever tick an article comes home in, the events are the same. Only acts that the new ones can bear
on are looked at: of a like class, and with an actor or the story in common, be it through others. What an event
turns out to be keeps the id under which it was told.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from types import MappingProxyType

from detection import growth
from detection.accounts import Account
from detection.acts import Reading, may_decide
from detection.sameness import HALTS, Act, Known, actors_of, kin, objection, wide
from detente.models import Article, Event, stable_id
from detente.settings import Detection

_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Rewound:
    """The events as they stood: those left, and those of which nothing is left, as they are stored."""

    left: tuple[Event, ...]
    emptied: tuple[Event, ...]


def since(
    fresh: Sequence[Article],
    accounts: Sequence[Account],
    events: Iterable[Event],
    oldest: datetime,
    changed: Mapping[str, datetime] = MappingProxyType({}),
) -> datetime | None:
    """Return from when on known articles may have to be decided anew; None where none have.

    Args:
        fresh: the new articles, and those whose text was changed.
        accounts: what each of them says, in the same order.
        events: the open events, with their evidence.
        oldest: articles published earlier decide nothing.
        changed: known articles that lie in another story, or count for another family, than before.
    """
    found, urls = list(changed.values()), set()
    for article, account in zip(fresh, accounts, strict=True):
        if article.published_at >= oldest and not account.problem:
            urls.add(article.url)
            if any(map(may_decide, account.coded.mentions)):
                found.append(article.published_at)
    found += [item.published_at for event in events for item in event.evidence if item.url in urls]
    return min(found, default=None)


def concerned(
    fresh: Sequence[Reading],
    known: Sequence[Reading],
    events: Iterable[Event],
    concerns: Mapping[str, tuple[str, ...]],
) -> tuple[Reading, ...]:
    """Return the known articles on whose acts the new ones, or those moved, can bear, directly or through others."""
    new = {reading.article.url for reading in fresh}
    sources = [*fresh, *(item for item in known if item.moved)]
    urls = {reading.article.url for reading in sources}
    groups: list[tuple[set[_Key], Reading | None]] = [(_keys(item, concerns), item) for item in known]
    groups += [(_keys_of(event, concerns), None) for event in events]
    holders: defaultdict[_Key, list[int]] = defaultdict(list)
    for number, (keys, _) in enumerate(groups):
        for key in keys:
            holders[key].append(number)
    waiting = list(chain.from_iterable(_keys(reading, concerns) for reading in sources))
    waiting += [
        key for event in events if any(item.url in urls for item in event.evidence) for key in _keys_of(event, concerns)
    ]
    reached, seen = set[int](), set[_Key]()
    while waiting:
        if (key := waiting.pop()) not in seen:
            seen.add(key)
            for number in holders[key]:
                if number not in reached:
                    reached.add(number)
                    waiting += groups[number][0]
    return tuple(item for number in sorted(reached) if (item := groups[number][1]) and item.article.url not in new)


def rewound(events: Iterable[Event], urls: Collection[str], settings: Detection) -> Rewound:
    """Return events without what these articles say of them."""
    left, emptied = [], []
    for event in events:
        evidence = tuple(item for item in event.evidence if item.url not in urls)
        if len(evidence) == len(event.evidence) > 0:
            left.append(event)
        elif evidence:
            left.append(growth.made(event, evidence, settings))
        else:
            emptied.append(event)
    return Rewound(tuple(left), tuple(emptied))


def names(
    opened: Sequence[tuple[Event, Act]],
    rewound: Rewound,
    edited: Collection[str],
    settings: Detection,
    concerns: Mapping[str, tuple[str, ...]],
) -> dict[str, str]:
    """Return by which ids newly opened events were known before, and new ids for those whose own is another's.

    An event is the one with which it shares most reports; else the one that was withdrawn, and that its first report
    is about.

    Args:
        opened: the events that were opened, with the acts that did so.
        rewound: the events before.
        edited: articles whose text was changed: they may tell of something else now.
        settings: the detection section of the settings.
        concerns: as in `sameness.objection`.
    """
    ranked = sorted(_ranked(opened, rewound.emptied, edited, settings, concerns))
    found, taken = dict[int, str](), set[str]()
    for _, _, place, number in ranked:
        name = rewound.emptied[place].id
        if number not in found and name not in taken:
            found[number] = name
            taken.add(name)
    others = {event.id for event in (*rewound.left, *rewound.emptied)}
    return {
        event.id: name
        for number, (event, _) in enumerate(opened)
        if (name := found.get(number) or (_another(event.id, others) if event.id in others else event.id)) != event.id
    }


def _ranked(
    opened: Sequence[tuple[Event, Act]],
    emptied: Sequence[Event],
    edited: Collection[str],
    settings: Detection,
    concerns: Mapping[str, tuple[str, ...]],
) -> Iterator[tuple[int, bool, int, int]]:
    """Yield which of the emptied events, by its place, an opened one may be; what fits best sorts first."""
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for number, (event, _) in enumerate(opened):
        for item in event.evidence:
            holders[item.url].append(number)
    for place, before in enumerate(emptied):
        shared = Counter(number for item in before.evidence for number in holders[item.url] if item.url not in edited)
        first = before.evidence[0].url if before.evidence else ""
        for number, many in shared.items():
            if kin(opened[number][0].cls) == kin(before.cls):
                yield -many, number not in holders[first], place, number
        if all(item.url in edited for item in before.evidence):
            details = Known(before, growth.details_of(before))
            for number, (event, act) in enumerate(opened):
                is_another = before.same_as and event.id != before.id
                if not is_another and objection(details, act, settings, concerns) is None:
                    yield 0, number not in holders[first], place, number


def _another(name: str, taken: Collection[str]) -> str:
    while name in taken:
        name = stable_id("e", name)
    return name


def _keys(reading: Reading, concerns: Mapping[str, tuple[str, ...]]) -> set[_Key]:
    acts = (mention for mention in reading.mentions if may_decide(mention))
    return {
        key for mention in acts for key in _named(mention.cls, wide(actors_of(mention), concerns), reading.placed.story)
    }


def _keys_of(event: Event, concerns: Mapping[str, tuple[str, ...]]) -> set[_Key]:
    return set(_named(event.cls, wide(event.actors, concerns), event.story))


def _named(cls: str, actors: Collection[str], story: str) -> Iterator[_Key]:
    """Yield what two acts must have one of in common to be one event, or the end of one another.

    Acts without actors bear on all others without.
    """
    kind = next((min(group) for group in _GROUPS if cls in group), cls)
    yield from ((kind, name) for name in (*(actors or ("",)), story))


def _grouped() -> list[set[str]]:
    """Return the classes that bear on one another: those of one happening, and those that end others."""
    found: list[set[str]] = []
    for ending, ended in HALTS.items():
        group = {other for cls in (ending, *ended) for other in kin(cls)}
        near = [item for item in found if item & group]
        found = [item for item in found if item not in near] + [group.union(*near)]
    return found


_GROUPS = [*_grouped(), set(kin("escalation.fighting"))]
