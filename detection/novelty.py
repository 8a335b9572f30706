"""Same event or a new one: what each article's mentions mean for the events that are open.

Everything here is decided from what is passed in; each decision comes back with its reason and the facts that it
rested on. When two are the same stands in `detection.sameness`, what an event gains by it in `detection.growth`, and
what late articles change in `detection.rewind`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from detection import growth, rewind
from detection.acts import Reading, Turn, acts_of, facts, turns
from detection.details import Details, restore, together
from detection.outcome import Outcome, compared
from detection.sameness import HALTS, PASSING_DAYS, Act, Known, actors_of, kin, objection, window
from detection.watches import WATCH
from detente.models import (
    RAISING,
    Article,
    Decision,
    Development,
    Event,
    Mention,
    Verdict,
    stable_id,
)
from detente.settings import Detection

__all__ = ["PASSING_DAYS", "Outcome", "Reading", "decide"]


@dataclass(slots=True)
class _Ledger:
    """The events while articles are read into them, one after the other."""

    now: datetime
    settings: Detection
    concerns: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str]  # the ids under which events that are opened were known before
    events: dict[str, Event] = field(default_factory=dict)
    opened: dict[str, Act] = field(default_factory=dict)
    proved: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    developments: list[Development] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    by_class: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    details: dict[str, Details] = field(default_factory=dict)

    def put(self, event: Event) -> None:
        """Take in an event, new or changed."""
        known = self.events.get(event.id)
        if known is None or known.cls != event.cls:
            if known is not None:
                self.by_class[known.cls].remove(event.id)
            self.by_class[event.cls].append(event.id)
        self.events[event.id] = event
        details = self.details.pop(event.id, None)
        if known is not None and details is not None and event.evidence[:-1] == known.evidence:
            self.details[event.id] = together((details, restore(event.evidence[-1].details)))  # one report more

    def known(self, event_id: str) -> Known:
        """Return an event with the details of its reports."""
        if event_id not in self.details:
            self.details[event_id] = growth.details_of(self.events[event_id])
        return Known(self.events[event_id], self.details[event_id])


def decide(
    readings: Iterable[Reading],
    open_events: Sequence[Event],
    settings: Detection,
    now: datetime,
    oldest: datetime,
    concerns: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    known: Sequence[Reading] = (),
) -> Outcome:
    """Return what new articles do to the open events.

    The articles are taken in order of publication, whatever order they come in. An article that proved an open event
    before, and was changed, proves it no longer where no mention of it says so.

    Args:
        readings: the new articles.
        open_events: the events of the last `PASSING_DAYS`, with their evidence.
        settings: how long a window is.
        now: the tick's time.
        oldest: articles published earlier raise nothing.
        concerns: for a region the states that it concerns: Kashmir and India do not contradict each other.
        known: the articles decided about before that were published since the earliest new one
            (`detection.rewind.since`); what the others prove stands.
    """
    read = sorted(readings, key=lambda r: (r.article.published_at, r.article.url))
    silent = [decision for reading in read if (decision := _undecided(reading, now, oldest))]
    fresh = [reading for reading in read if reading.article.published_at >= oldest and not reading.problem]
    again = rewind.concerned(fresh, known, open_events, concerns)
    urls = {reading.article.url for reading in (*fresh, *again)}
    before = rewind.rewound(open_events, urls, settings)
    order = sorted(turns((*fresh, *again)), key=lambda turn: turn.order)

    def decided(names: Mapping[str, str]) -> _Ledger:
        ledger = _Ledger(now, settings, concerns, names)
        for event in before.left:
            ledger.put(event)
        for turn in order:
            _weigh(ledger, turn)
        return ledger

    ledger, changed = decided({}), {reading.article.url for reading in fresh}
    opened = [(ledger.events[event_id], act) for event_id, act in ledger.opened.items()]
    if names := rewind.names(opened, before, changed, settings, concerns):
        ledger = decided(names)  # once more, since reasons name events
    found = compared(open_events, ledger.events, ledger.developments, ledger.decisions, changed, now)
    return replace(found, decisions=(*silent, *found.decisions))


def _undecided(reading: Reading, now: datetime, oldest: datetime) -> Decision | None:
    """Return why an article as a whole decides nothing, or None."""
    article = reading.article
    told: dict[str, object] = {}
    if article.published_at < oldest:
        told = {"published_at": article.published_at.isoformat(), "oldest": oldest.isoformat()}
        why = f"published {article.published_at:%Y-%m-%d %H:%M}, before {oldest:%Y-%m-%d %H:%M}"
        verdict = Verdict.TOO_OLD
    elif reading.problem:
        verdict, why = Verdict.UNREAD, reading.problem
    elif not reading.readable:
        verdict, why = Verdict.LANGUAGE, f"there are no rules for the language {article.language!r}"
        told = {"language": article.language}
    elif not reading.mentions:
        verdict, why = Verdict.NO_RULE, "no rule fired in it"
    else:
        return None
    return Decision(article.url, now, verdict, why, None, None, told)


def _weigh(ledger: _Ledger, turn: Turn) -> None:
    """Weigh an article's reports, or its denials."""
    reading, article = turn.reading, turn.reading.article
    for act in acts_of(reading, denials=turn.denials):
        mention = act.mention
        if act.is_denial:
            _deny(ledger, reading, act)
        elif mention.status not in RAISING:
            _note(ledger, article, mention, Verdict.NOT_RAISING, f"{mention.status}: {mention.why}", facts(act))
        elif not actors_of(mention) and mention.family != WATCH:
            why = f"nobody known does it or suffers it ({mention.why})"
            _note(ledger, article, mention, Verdict.NO_ACTOR, why, facts(act))
        else:
            ledger.proved[article.url].add(_raise(ledger, reading, act))


def _raise(ledger: _Ledger, reading: Reading, act: Act) -> str:
    """Join an open event or open one; return its id."""
    article, mention, told = reading.article, act.mention, facts(act)
    event, objections = _find(ledger, act)
    if event is None:
        event = _open(ledger, reading, act)
        why = "no open event of this class is like it"
        if objections:
            why += f"; nearest {objections[0]}"
            told["not_the_same"] = objections[:3]
        _note(ledger, article, mention, Verdict.NEW_EVENT, why, told, event.id)
        _halt(ledger, reading, act, event)
        return event.id
    told |= {
        "shared": sorted(actors_of(mention) & event.actors),
        "same_story": reading.placed.story == event.story,
        "days_apart": (act.day - event.day).days,
        "new_if": _would_be_new(event, ledger.settings) if act.is_fresh else "a day of its own, or a place in the lead",
    }
    why = f"the same as {event.id} of {event.day.isoformat()} ({event.headline})"
    if event.cls != mention.cls:
        why += f", told as {event.cls} there"
    is_past = not act.is_fresh and act.day - event.day > timedelta(days=window(event, ledger.settings))
    why += "" if act.is_fresh else ", recalled in passing" + ", which proves nothing more" * is_past
    _note(ledger, article, mention, Verdict.SAME_EVENT, why, told, event.id)
    if not is_past:
        _grow(ledger, reading, act, event)
    return event.id


def _deny(ledger: _Ledger, reading: Reading, act: Act) -> None:
    """Let an open event be denied, if there is one and the article does not also report it."""
    article, mention, told = reading.article, act.mention, facts(act)
    event, _ = _find(ledger, act) if actors_of(mention) else (None, [])
    if event is None or event.id in ledger.proved[article.url]:
        why = f"{mention.status}: {mention.why}" + ("; the article also reports it" if event else "")
        _note(ledger, article, mention, Verdict.NOT_RAISING, why, told, event.id if event else None)
        return
    why = f"denies {event.id} of {event.day.isoformat()} ({event.headline}): {mention.why}"
    _note(ledger, article, mention, Verdict.DENIED_EVENT, why, told, event.id)
    _grow(ledger, reading, act, event)


def _grow(ledger: _Ledger, reading: Reading, act: Act, event: Event) -> None:
    """Add an article's proof, or denial, to an event. It proves an event once, by what it says first."""
    if any(item.url == reading.article.url for item in event.evidence):
        return
    evidence = growth.proof(event.id, reading.article, act, reading.placed, reading.family)
    grown = growth.made(event, (*event.evidence, evidence), ledger.settings)
    ledger.put(grown)
    ledger.developments += growth.gains(event, grown, ledger.now)


def _find(ledger: _Ledger, act: Act) -> tuple[Event | None, list[str]]:
    """Return the open event that an act is, or None and what speaks against the nearest ones."""
    matches, objections = [], []
    for cls in kin(act.mention.cls):
        for event_id in ledger.by_class[cls]:
            event = ledger.events[event_id]
            problem = objection(ledger.known(event_id), act, ledger.settings, ledger.concerns)
            if problem is None:
                shared = len(actors_of(act.mention) & event.actors)
                near = -abs((act.day - event.day).days)
                fit = cls == act.mention.cls, event.story == act.story, near, shared, event.day
                matches.append((*fit, _contents(event), event_id))  # no id decides: it tells who came home first
            elif cls == act.mention.cls:
                alike = (event.story == act.story) + len(actors_of(act.mention) & event.actors)
                objections.append((-alike, -event.day.toordinal(), f"{event_id}: {problem}"))
    if not matches:
        return None, [words for _, _, words in sorted(objections)]
    return ledger.events[max(matches)[-1]], []


def _contents(event: Event) -> tuple[object, ...]:
    first = event.evidence[0]
    return first.published_at, first.url, event.cls, event.sources, event.targets, event.mediators, event.parties


def _open(ledger: _Ledger, reading: Reading, act: Act) -> Event:
    roles = [growth.ids(getattr(act.mention.roles, name)) for _, name in growth.ROLES]
    event_id = stable_id("e", act.mention.cls, *roles, reading.article.url, act.mention.start)
    event_id = ledger.names.get(event_id, event_id)
    event = growth.opened(event_id, reading.article, act, reading.placed, ledger.now)
    event = replace(event, evidence=(growth.proof(event.id, reading.article, act, reading.placed, reading.family),))
    ledger.put(event)
    ledger.opened[event.id] = act
    return event


def _halt(ledger: _Ledger, reading: Reading, act: Act, ending: Event) -> None:
    """Note that a new event ends open ones: talks that were held and now broken off."""
    for cls in sorted(HALTS.get(ending.cls, ())):
        for event_id in ledger.by_class[cls]:
            event = ledger.events[event_id]
            days = (act.day - event.day).days
            if 0 <= days <= PASSING_DAYS and len(ending.actors & event.actors) > 1:
                url = reading.article.url
                ledger.developments.append(Development(event.id, ledger.now, "halted", ending.id, url))


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


def _would_be_new(event: Event, settings: Detection) -> str:
    """Return in words what would have made a report of the same kind of act a new event."""
    until = event.day + timedelta(days=window(event, settings))
    return (
        f"another source, target or direction, another ordinal or place, a later day with a number, a site or an "
        f"'again' of its own, or a day after {until.isoformat()}"
    )
