"""What an open event gains by one more report, or loses when a report is changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
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


def details_of(event: Event) -> Details:
    """Return the details of all reports of an event; those that deny it, too, say which act they mean."""
    return together(restore(item.details) for item in event.evidence)


def proof(event: str, article: Article, act: Act, placed: Placed, family: str) -> Evidence:
    """Return an article's proof, or denial, of an event. A denial by a changed text is of the time of the change."""
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
        published_at=(article.edited_at if act.is_denial else None) or article.published_at,
        rule=mention.rule,
        why=mention.why,
        day=act.day if mention.day else None,
        strength=mention.strength,
        details=act.details.facts(),
        act={name: getattr(mention, name) for name in _CODES}
        | {ours: list(ids(getattr(mention.roles, theirs))) for ours, theirs in ROLES}
        | {"in_passing": not act.is_fresh, "story": placed.story},
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


def made(event: Event, evidence: Iterable[Evidence], settings: Detection) -> Event:
    """Return the event that this evidence makes, in the order of its publication, whatever came home first.

    The first report says what was done, by whom and how grave it is; the later ones name who it did not, and further
    parties. Its severity may have been weighed since: that stands as long as the first report does.
    """
    found = tuple(sorted(evidence, key=_order))
    return replace(
        _told(event, found),
        evidence=found,
        status=status_of(found, settings.reaffirmed),
        day=_day(found) or event.day,
    )


def _told(event: Event, evidence: Sequence[Evidence]) -> Event:
    """Return an event as its reports tell it, in their order; one that an earlier Détente stored stays as it is."""
    reports = [item for item in evidence if item.status is not Status.DENIED]
    if not reports or not all(item.act for item in reports):
        return event
    first, roles = reports[0], {ours: tuple[str, ...](reports[0].act[ours]) for ours, _ in ROLES}
    for item in reports[1:]:
        for ours, known in list(roles.items()):
            if (not known or ours == "parties") and not set(item.act[ours]) <= set(known):
                added = set(item.act[ours]) - {actor for role in roles.values() for actor in role}
                roles[ours] = tuple(sorted({*known, *added}))
    changes: dict[str, Any] = {"headline": first.title, "story": first.act.get("story", event.story), **roles}
    if is_restarted(event.evidence, evidence):
        changes |= {name: first.act[name] for name in _CODES} | {"severity": Severity(first.act["severity"])}
    return replace(event, **changes)


def severity_of(evidence: Sequence[Evidence]) -> Severity | None:
    """Return the severity that the first report gives; None where there is none, or an earlier Détente stored it."""
    first = _first_report(evidence)
    told = first.act.get("severity") if first else None
    return Severity(told) if told else None


def is_restarted(before: Sequence[Evidence], after: Sequence[Evidence]) -> bool:
    """Whether another report, or one that was changed, is the first now: what it says the event is, it is."""
    was, first = _first_report(before), _first_report(after)
    return first is not None and (was is None or (was.url, _said(was)) != (first.url, _said(first)))


def _said(item: Evidence) -> dict[str, Any]:
    """What a report says was done; where it lies, and where in its text that stands, says nothing of it."""
    return {name: value for name, value in item.act.items() if name not in {"story", "in_passing"}}


def gains(before: Event, after: Event, now: datetime, edited: Collection[str] = ()) -> list[Development]:
    """Return what an event gained, each with the article that brought it.

    Args:
        before: the event as it was.
        after: as it is.
        now: when that was found.
        edited: articles whose text was changed; such a one may no longer say it.
    """
    told = {(item.url, item.status) for item in before.evidence}
    news = [item for item in after.evidence if (item.url, item.status) not in told]
    still = {item.url for item in after.evidence}
    gone = {item.url: item for item in before.evidence if item.url not in still}
    last = (*(item.url for item in after.evidence[:1]), *gone, *(item.url for item in news))[-1]

    def from_whom(found: Iterator[Evidence]) -> str:
        return next((item.url for item in found), last)

    gained = [("withdrawn", item.publisher, url) for url, item in gone.items() if url in edited]
    families = sorted({*after.families} - {*before.families})
    gained += [("family", name, from_whom(item for item in news if item.family == name)) for name in families]
    for actor in sorted(after.actors - before.actors):
        by = (item for item in news if any(actor in item.act.get(ours, ()) for ours, _ in ROLES))
        gained.append(("actor", actor, from_whom(by)))
    dead, more = _dead(before), _dead(after)
    if more > dead and before.evidence:
        by = (item for item in news if item.details.get("killed") == more)
        gained.append(("toll", f"{dead} → {more} dead" if dead else f"{more} dead", from_whom(by)))
    for kind, was, is_now in (("status", before.status, after.status), ("day", before.day, after.day)):
        if was != is_now:
            gained.append((kind, f"{was} → {is_now}", last))
    return [Development(after.id, now, kind, what, url) for kind, what, url in gained]


def _dead(event: Event) -> int:
    return max((int(item.details.get("killed", 0)) for item in event.evidence), default=0)


def _order(item: Evidence) -> tuple[datetime, str]:
    return item.published_at, item.url


def _first_report(evidence: Iterable[Evidence]) -> Evidence | None:
    return min((item for item in evidence if item.status is not Status.DENIED), key=_order, default=None)


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
