"""Same event or a new one: what each article's mentions mean for the events that are open.

A mention joins an open event of its class when no role contradicts it, when both share an actor or a story,
and when their days are within the window. Everything here is decided from what is passed in; each decision
comes back with its reason and the facts it rested on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType

from detection.merging import actor_ids
from detente.models import (
    RAISING,
    Article,
    Decision,
    Development,
    Event,
    Evidence,
    Mention,
    Placed,
    Status,
    Verdict,
    stable_id,
)
from detente.settings import Detection

PASSING_DAYS = 30
"""A mention in passing (far down, undated) joins an event up to so many days old rather than open a new one."""

LEAD_SENTENCES = 3
"""The headline and the first sentences, where a report says what is new."""

_MUTUAL = frozenset({"talks.held", "talks.halted", "deescalation.agreement", "deescalation.ceasefire"})
"""Classes in which source and target do the same thing: which of them a text names first means nothing."""


_RECURRING = frozenset({"escalation.fighting", "escalation.assault", "escalation.mass_violence", "talks.held"})
"""Classes whose acts are done again within days by the same actors: each time is news."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One new article with all that is known of it."""

    article: Article
    mentions: tuple[Mention, ...]
    placed: Placed
    family: str  # the independent family that it counts for
    readable: bool = True  # false: there are no rules for its language


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a set of articles does to the events: those new or changed as they now stand, and why."""

    events: tuple[Event, ...]
    new: frozenset[str]
    evidence: tuple[Evidence, ...]
    developments: tuple[Development, ...]
    decisions: tuple[Decision, ...]


@dataclass(slots=True)
class _Ledger:
    """The events while articles are read into them, one after the other."""

    now: datetime
    oldest: datetime
    settings: Detection
    events: dict[str, Event]
    concerns: Mapping[str, tuple[str, ...]]
    new: set[str] = field(default_factory=set)
    evidence: list[Evidence] = field(default_factory=list)
    developments: list[Development] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)


def independent_family(url: str, copies: Mapping[str, str], families: Mapping[str, str]) -> str:
    """Return the family that an article counts for: that of the text it copies, however long the chain.

    Args:
        url: the article.
        copies: what each copy is a copy of.
        families: the family, or the agency named in byline or dateline, of every article that may be meant.
    """
    seen = {url}
    while (original := copies.get(url)) is not None and original in families and original not in seen:
        url = original
        seen.add(url)
    return families[url]


def decide(
    readings: Iterable[Reading],
    open_events: Sequence[Event],
    settings: Detection,
    now: datetime,
    oldest: datetime,
    concerns: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> Outcome:
    """Return what new articles do to the open events.

    The articles are taken in order of publication, whatever order they come in.

    Args:
        readings: the new articles.
        open_events: the events of the last `PASSING_DAYS`, with their evidence.
        settings: how long a window is.
        now: the tick's time.
        oldest: articles published earlier raise nothing.
        concerns: for a region the states that it concerns: Kashmir and India do not contradict each other.
    """
    ledger = _Ledger(now, oldest, settings, {event.id: event for event in open_events}, concerns)
    for reading in sorted(readings, key=lambda r: (r.article.published_at, r.article.url)):
        _read(ledger, reading)
    changed = {item.event for item in ledger.evidence} | ledger.new
    return Outcome(
        events=tuple(event for event in ledger.events.values() if event.id in changed),
        new=frozenset(ledger.new),
        evidence=tuple(ledger.evidence),
        developments=tuple(ledger.developments),
        decisions=tuple(ledger.decisions),
    )


def _read(ledger: _Ledger, reading: Reading) -> None:
    article = reading.article
    if article.published_at < ledger.oldest:
        facts: dict[str, object] = {
            "published_at": article.published_at.isoformat(),
            "oldest": ledger.oldest.isoformat(),
        }
        why = f"published {article.published_at:%Y-%m-%d %H:%M}, before {ledger.oldest:%Y-%m-%d %H:%M}"
        _note(ledger, article, None, Verdict.TOO_OLD, why, facts)
        return
    if not reading.readable:
        why = f"there are no rules for the language {article.language!r}"
        _note(ledger, article, None, Verdict.LANGUAGE, why, {"language": article.language})
    elif not reading.mentions:
        _note(ledger, article, None, Verdict.NO_RULE, "no rule fired in it", {})
    for mention in reading.mentions:
        facts = {"rule": mention.rule, "status": mention.status.value, "said": mention.why, **_role_facts(mention)}
        if mention.status not in RAISING:
            _note(ledger, article, mention, Verdict.NOT_RAISING, f"{mention.status}: {mention.why}", facts)
        elif not _actors(mention):
            why = f"nobody known does it or suffers it ({mention.why})"
            _note(ledger, article, mention, Verdict.NO_ACTOR, why, facts)
        else:
            _raise(ledger, reading, mention, facts)


def _raise(ledger: _Ledger, reading: Reading, mention: Mention, facts: dict[str, object]) -> None:
    article = reading.article
    event, objections = _find(ledger, reading, mention)
    if event is None:
        event = _open(ledger, reading, mention)
        why = "no open event of this class is like it"
        if objections:
            why += f"; nearest {objections[0]}"
            facts = {**facts, "not_the_same": objections[:3]}
        _note(ledger, article, mention, Verdict.NEW_EVENT, why, facts, event.id)
    else:
        facts = {
            **facts,
            "shared": sorted(_actors(mention) & event.actors),
            "same_story": reading.placed.story == event.story,
        }
        why = f"the same as {event.id} of {event.day.isoformat()} ({event.headline})"
        _note(ledger, article, mention, Verdict.SAME_EVENT, why, facts, event.id)
        if all(item.url != article.url for item in event.evidence):
            _grow(ledger, event, reading, mention)


def _find(ledger: _Ledger, reading: Reading, mention: Mention) -> tuple[Event | None, list[str]]:
    """Return the open event that a mention is about, or None and what speaks against the nearest ones."""
    matches, objections = [], []
    for event in ledger.events.values():
        if event.cls != mention.cls:
            continue
        objection = _objection(event, reading, mention, ledger)
        if objection is None:
            shared = len(_actors(mention) & event.actors)
            matches.append((event.story == reading.placed.story, shared, event.day, event.id))
        else:
            objections.append(f"{event.id}: {objection}")
    if not matches:
        return None, objections
    return ledger.events[max(matches)[3]], objections


def _objection(event: Event, reading: Reading, mention: Mention, ledger: _Ledger) -> str | None:
    """Return why a mention is not about an event, or None if it may be."""
    if conflict := _conflict(event, mention, ledger.concerns):
        return conflict
    settings = ledger.settings
    day = _day(mention, reading.article)
    days = settings.repeat_days if event.cls in _RECURRING else settings.window_days
    window = days if _is_fresh(mention, reading.article) else PASSING_DAYS
    if not -days <= (day - event.day).days <= window:
        return f"{abs((day - event.day).days)} days apart, the window is {window}"
    shared = _wide(_actors(mention), ledger.concerns) & _wide(event.actors, ledger.concerns)
    if not shared and event.story != reading.placed.story:
        return "neither an actor nor the story is the same"
    return None


def _conflict(event: Event, mention: Mention, concerns: Mapping[str, tuple[str, ...]]) -> str | None:
    """Return the role in which event and mention name different actors, in words, or None."""
    roles = mention.roles
    source, target = actor_ids(roles.source), actor_ids(roles.target)
    pairs = [("source", set(event.sources), source), ("target", set(event.targets), target)]
    if event.cls in _MUTUAL:
        pairs = [("sides", {*event.sources, *event.targets}, source | target)]
    pairs += [
        ("mediator", set(event.mediators), actor_ids(roles.mediator)),
        ("party", set(event.parties), actor_ids(roles.party)),
    ]
    for name, there, here in pairs:
        if there and here and not _wide(there, concerns) & _wide(here, concerns):
            return f"another {name} ({', '.join(sorted(there))}, not {', '.join(sorted(here))})"
    return None


def _wide(actors: Iterable[str], concerns: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Return actors, with the states that the regions among them concern."""
    return {wide for actor in actors for wide in (actor, *concerns.get(actor, ()))}


def _open(ledger: _Ledger, reading: Reading, mention: Mention) -> Event:
    roles = {name: _ids(getattr(mention.roles, name)) for name in ("source", "target", "mediator", "party")}
    event = Event(
        id=stable_id("e", mention.cls, *roles.values(), reading.article.url, mention.start),
        cls=mention.cls,
        cameo=mention.cameo,
        plover=mention.plover,
        goldstein=mention.goldstein,
        severity=mention.severity,
        status=mention.status,
        day=_day(mention, reading.article),
        sources=roles["source"],
        targets=roles["target"],
        mediators=roles["mediator"],
        parties=roles["party"],
        story=reading.placed.story,
        headline=reading.article.title,
        first_seen=ledger.now,
        last_seen=ledger.now,
    )
    evidence = _evidence(event, reading, mention)
    event = replace(event, evidence=(evidence,))
    ledger.events[event.id] = event
    ledger.new.add(event.id)
    ledger.evidence.append(evidence)
    return event


def _grow(ledger: _Ledger, event: Event, reading: Reading, mention: Mention) -> None:
    """Add an article's proof to an event, and note what the event gains by it."""
    url = reading.article.url
    gained: list[tuple[str, str]] = []
    if reading.family not in event.families:
        gained.append(("family", reading.family))
    changes: dict[str, object] = {"last_seen": ledger.now}
    for ours, theirs in (("sources", "source"), ("targets", "target"), ("mediators", "mediator"), ("parties", "party")):
        known: tuple[str, ...] = getattr(event, ours)
        found = _ids(getattr(mention.roles, theirs))
        if found and (not known or ours == "parties"):
            added = sorted(set(found) - event.actors)
            gained += [("actor", actor) for actor in added]
            changes[ours] = tuple(sorted({*known, *added}))
    if event.status is Status.PLANNED and mention.status is Status.REPORTED:
        changes["status"] = Status.REPORTED
        gained.append(("status", "planned → reported"))
    evidence = _evidence(event, reading, mention)
    ledger.events[event.id] = replace(event, evidence=(*event.evidence, evidence), **changes)  # type: ignore[arg-type]  # each value fits its field
    ledger.evidence.append(evidence)
    ledger.developments += [Development(event.id, ledger.now, kind, what, url) for kind, what in gained]


def _evidence(event: Event, reading: Reading, mention: Mention) -> Evidence:
    article = reading.article
    return Evidence(
        event=event.id,
        url=article.url,
        publisher=article.publisher,
        family=reading.family,
        copy_of=reading.placed.copy_of,
        title=article.title,
        sentence=article.full_text[mention.sentence_start : mention.sentence_end],
        status=mention.status,
        published_at=article.published_at,
        rule=mention.rule,
        why=mention.why,
    )


def _note(
    ledger: _Ledger,
    article: Article,
    mention: Mention | None,
    verdict: Verdict,
    why: str,
    facts: Mapping[str, object],
    event: str | None = None,
) -> None:
    cls = mention.cls if mention else None
    ledger.decisions.append(Decision(article.url, ledger.now, verdict, why, event, cls, dict(facts)))


def _is_fresh(mention: Mention, article: Article) -> bool:
    """Whether a mention tells news: its sentence is dated, or stands at the top of its article."""
    if mention.day is not None:
        return True
    before = article.full_text[: mention.start]
    return before.count(". ") + before.count("\n\n") < LEAD_SENTENCES


def _day(mention: Mention, article: Article) -> date:
    return mention.day or article.published_at.date()


def _actors(mention: Mention) -> set[str]:
    roles = mention.roles
    return actor_ids(roles.source + roles.target + roles.mediator + roles.party)


def _ids(mentions: Sequence[object]) -> tuple[str, ...]:
    return tuple(sorted(actor_ids(mentions)))  # type: ignore[arg-type]  # roles hold actor mentions only


def _role_facts(mention: Mention) -> dict[str, object]:
    return {name: list(_ids(getattr(mention.roles, name))) for name in ("source", "target", "mediator", "party")}
