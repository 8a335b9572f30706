"""What an open event gains by one more report, or loses when a report is changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from detection.details import Details, restore, together
from detection.merging import actor_ids
from detection.sameness import Act
from detente.models import ActorMention, Article, Development, Event, Evidence, Placed, Severity, Status
from detente.settings import Detection

ROLES = (("sources", "source"), ("targets", "target"), ("mediators", "mediator"), ("parties", "party"))
"""The fields of an event, and the roles of a mention that fill them."""

_CODES = ("cls", "cameo", "plover", "goldstein", "severity")
"""What the first report says of an event, and no later one changes."""

Gain = tuple[str, str]
"""Kind and words of a development."""


def details_of(event: Event) -> Details:
    """Return the details of all reports of an event; those that deny it, too, say which act they mean."""
    return together(restore(item.details) for item in event.evidence)


def proof(event: str, article: Article, act: Act, placed: Placed, family: str) -> Evidence:
    """Return an article's proof, or denial, of an event."""
    mention = act.mention
    return Evidence(
        event=event,
        url=article.url,
        publisher=article.publisher,
        family=family,
        copy_of=placed.copy_of,
        title=article.title,
        sentence=article.full_text[mention.sentence_start : mention.sentence_end],
        status=mention.status,
        published_at=article.published_at,
        rule=mention.rule,
        why=mention.why,
        day=act.day if mention.day else None,
        strength=mention.strength,
        details=act.details.facts(),
        act={name: getattr(mention, name) for name in _CODES}
        | {ours: list(ids(getattr(mention.roles, theirs))) for ours, theirs in ROLES},
    )


def opened(event_id: str, article: Article, act: Act, placed: Placed, now: datetime) -> Event:
    """Return the event that a mention opens, without its evidence."""
    mention = act.mention
    return Event(
        id=event_id,
        cls=mention.cls,
        cameo=mention.cameo,
        plover=mention.plover,
        goldstein=mention.goldstein,
        severity=mention.severity,
        status=mention.status,
        day=act.day,
        sources=ids(mention.roles.source),
        targets=ids(mention.roles.target),
        mediators=ids(mention.roles.mediator),
        parties=ids(mention.roles.party),
        story=placed.story,
        headline=article.title,
        first_seen=now,
        last_seen=now,
    )


def grown(event: Event, evidence: Evidence, settings: Detection, now: datetime) -> tuple[Event, list[Gain]]:
    """Return an event with one more report, and what it gained by it."""
    gained: list[Gain] = []
    if evidence.family not in event.families:
        gained.append(("family", evidence.family))
    changed = _told(replace(event, evidence=(*event.evidence, evidence), last_seen=now))
    gained += [("actor", actor) for actor in sorted(changed.actors - event.actors)]
    before = max((item.details.get("killed", 0) for item in event.evidence), default=0)
    after = evidence.details.get("killed", 0)
    if after > before and event.evidence:
        gained.append(("toll", f"{before} → {after} dead" if before else f"{after} dead"))
    return redated(*_settled(changed, gained, settings))


def denied(event: Event, evidence: Evidence, settings: Detection, now: datetime) -> tuple[Event, list[Gain]]:
    """Return an event that an article denies, and the change of its status if it makes one."""
    return _settled(replace(event, evidence=(*event.evidence, evidence), last_seen=now), [], settings)


def without(event: Event, url: str, settings: Detection, now: datetime) -> tuple[Event, list[Gain]]:
    """Return an event that an article no longer proves since it was changed, and what that does to it."""
    left = tuple(item for item in event.evidence if item.url != url)
    gained: list[Gain] = [("withdrawn", next(item.publisher for item in event.evidence if item.url == url))]
    return redated(*_settled(_told(replace(event, evidence=left, last_seen=now)), gained, settings))


def _told(event: Event) -> Event:
    """Return an event as its reports tell it, in the order of their publication, whatever came home first.

    The first report says what was done, by whom and how grave it is; the later ones name who it did not, and further
    parties. Of reports stored by an earlier Détente this is not known: then the event stays as it is.
    """
    reports = _reports(event)
    if not reports or not all(item.act for item in reports):
        return event
    first, roles = reports[0], {ours: tuple[str, ...](reports[0].act[ours]) for ours, _ in ROLES}
    for item in reports[1:]:
        for ours, known in list(roles.items()):
            if item.act[ours] and (not known or ours == "parties"):
                added = set(item.act[ours]) - {actor for role in roles.values() for actor in role}
                roles[ours] = tuple(sorted({*known, *added}))
    changes: dict[str, Any] = {"headline": first.title, **roles}
    if first.act["cls"] != event.cls or first == event.evidence[-1]:
        changes |= {name: first.act[name] for name in _CODES} | {"severity": Severity(first.act["severity"])}
    return replace(event, **changes)


def is_first(event: Event, report: Evidence) -> bool:
    """Whether no report of an event was published before this one."""
    return _reports(event)[:1] == [report]


def _reports(event: Event) -> list[Evidence]:
    """Return what reports an event, in the order of publication."""
    reports = (item for item in event.evidence if item.status is not Status.DENIED)
    return sorted(reports, key=lambda item: (item.published_at, item.url))


def status_of(evidence: Sequence[Evidence], reaffirmed: int) -> Status:
    """Return what all reports and denials of an event come to, in whatever order they came home.

    One report of a fact makes a plan a fact. A denial stands until so many independent families, the denying ones not
    among them, have published a report after it.
    """
    reports = [item for item in evidence if item.status is not Status.DENIED]
    if not reports:
        return Status.WITHDRAWN
    denials = [item for item in evidence if item.status is Status.DENIED]
    if denials:
        last, deniers = max(item.published_at for item in denials), {item.family for item in denials}
        if len({item.family for item in reports if item.published_at > last} - deniers) < reaffirmed:
            return Status.DENIED
    return Status.REPORTED if any(item.status is Status.REPORTED for item in reports) else Status.PLANNED


def _settled(event: Event, gained: list[Gain], settings: Detection) -> tuple[Event, list[Gain]]:
    """Return an event with the status that its evidence comes to."""
    status = status_of(event.evidence, settings.reaffirmed)
    if status is not event.status:
        gained = [*gained, ("status", f"{event.status} → {status}")]
    return replace(event, status=status), gained


def redated(event: Event, gained: list[Gain]) -> tuple[Event, list[Gain]]:
    """Return an event on the day that most families name; where none names one, on that of the first report."""
    day = _day(event.evidence) or event.day
    if day != event.day:
        gained = [*gained, ("day", f"{event.day} → {day}")]
    return replace(event, day=day), gained


def developments(event: str, gained: Iterable[Gain], now: datetime, url: str) -> list[Development]:
    """Return gains as developments."""
    return [Development(event, now, kind, what, url) for kind, what in gained]


def ids(mentions: Sequence[ActorMention]) -> tuple[str, ...]:
    """Return the known actors among mentions, sorted."""
    return tuple(sorted(actor_ids(mentions)))


def _day(evidence: Sequence[Evidence]) -> date | None:
    reports = [item for item in evidence if item.status is not Status.DENIED]
    named: defaultdict[date, set[str]] = defaultdict(set)
    for item in reports:
        if item.day:
            named[item.day].add(item.family)
    if named:
        return min(named, key=lambda day: (-len(named[day]), day))
    return min((item.published_at.date() for item in reports), default=None)
