"""Same event or a new one: what each article's mentions mean for the events that are open.

Everything here is decided from what is passed in; each decision comes back with its reason and the facts that it
rested on. When two are the same stands in `detection.sameness`, what an event gains by it in `detection.growth`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType

from detection import growth
from detection.details import LEAD_SENTENCES, Details, restore, together
from detection.sameness import PASSING_DAYS, Act, Known, actors_of, kin, objection, window
from detection.watches import WATCH
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

__all__ = ["PASSING_DAYS", "Outcome", "Reading", "decide"]

_HALTS = {
    "talks.halted": frozenset({"talks.held", "talks.proposed"}),
    "mediation.halted": frozenset({"mediation.conducted", "mediation.accepted", "mediation.offered"}),
}
"""Classes that end what events of other classes began."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One new article with all that is known of it. `details` are those of its mentions, in their order."""

    article: Article
    mentions: tuple[Mention, ...]
    placed: Placed
    family: str  # the independent family that it counts for
    readable: bool = True  # false: there are no rules for its language
    details: tuple[Details, ...] = ()
    problem: str | None = None  # why it could not be read


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a set of articles does to the events: those new or changed as they now stand, and why.

    `withdrawn` are the events, and the articles that no longer prove them; `restarted` the known events of which a
    report came home that was published before all others: what it says they are, they are.
    """

    events: tuple[Event, ...]
    new: frozenset[str]
    evidence: tuple[Evidence, ...]
    developments: tuple[Development, ...]
    decisions: tuple[Decision, ...]
    withdrawn: tuple[tuple[str, str], ...] = ()
    restarted: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Ledger:
    """The events while articles are read into them, one after the other."""

    now: datetime
    oldest: datetime
    settings: Detection
    events: dict[str, Event]
    concerns: Mapping[str, tuple[str, ...]]
    new: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    evidence: list[Evidence] = field(default_factory=list)
    developments: list[Development] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    withdrawn: list[tuple[str, str]] = field(default_factory=list)
    replaced: set[tuple[str, str]] = field(default_factory=set)
    restarted: set[str] = field(default_factory=set)
    by_class: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    by_url: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
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
        self.changed.add(event.id)

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
    """
    ledger = _Ledger(now, oldest, settings, {}, concerns)
    for event in open_events:
        ledger.put(event)
        for item in event.evidence:
            ledger.by_url[item.url].append(event.id)
    ledger.changed.clear()
    for reading in sorted(readings, key=lambda r: (r.article.published_at, r.article.url)):
        _read(ledger, reading)
    return Outcome(
        events=tuple(event for event in ledger.events.values() if event.id in ledger.changed),
        new=frozenset(ledger.new),
        restarted=frozenset(ledger.restarted),
        evidence=tuple(ledger.evidence),
        developments=tuple(ledger.developments),
        decisions=tuple(ledger.decisions),
        withdrawn=tuple(ledger.withdrawn),
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
    if reading.problem:
        _note(ledger, article, None, Verdict.UNREAD, reading.problem, {})
        return
    if not reading.readable:
        why = f"there are no rules for the language {article.language!r}"
        _note(ledger, article, None, Verdict.LANGUAGE, why, {"language": article.language})
    elif not reading.mentions:
        _note(ledger, article, None, Verdict.NO_RULE, "no rule fired in it", {})
    proved = _weigh(ledger, reading)
    for event_id in ledger.by_url.get(article.url, ()):
        if event_id not in proved:
            _withdraw(ledger, reading, ledger.events[event_id])


def _weigh(ledger: _Ledger, reading: Reading) -> set[str]:
    """Weigh an article's mentions, denials last; return the events that it proves or denies."""
    article, proved = reading.article, set[str]()
    denials = []
    for number, mention in enumerate(reading.mentions):
        is_watch = mention.family == WATCH  # words tell no act from another: the story alone does
        act = _act(reading, mention, reading.details[number] if reading.details and not is_watch else Details())
        if act.is_denial:
            denials.append(act)  # last: an article that also reports the act does not undo it
        elif mention.status not in RAISING:
            _note(ledger, article, mention, Verdict.NOT_RAISING, f"{mention.status}: {mention.why}", _facts(act))
        elif not actors_of(mention) and not is_watch:
            why = f"nobody known does it or suffers it ({mention.why})"
            _note(ledger, article, mention, Verdict.NO_ACTOR, why, _facts(act))
        else:
            proved.add(_raise(ledger, reading, act))
    for act in denials:
        proved |= _deny(ledger, reading, act, proved)
    return proved


def _raise(ledger: _Ledger, reading: Reading, act: Act) -> str:
    """Join an open event or open one; return its id."""
    article, mention, facts = reading.article, act.mention, _facts(act)
    event, objections = _find(ledger, reading, act)
    if event is None:
        event = _open(ledger, reading, act)
        why = "no open event of this class is like it"
        if objections:
            why += f"; nearest {objections[0]}"
            facts["not_the_same"] = objections[:3]
        _note(ledger, article, mention, Verdict.NEW_EVENT, why, facts, event.id)
        _halt(ledger, reading, act, event)
        return event.id
    facts |= {
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
    _note(ledger, article, mention, Verdict.SAME_EVENT, why, facts, event.id)
    if is_past:
        return event.id
    evidence = growth.proof(event.id, article, act, reading.placed, reading.family)
    if (before := _before(ledger, event, evidence)) is not None:
        _change(ledger, *growth.grown(before, evidence, ledger.settings, ledger.now), article.url)
        if growth.is_first(ledger.events[event.id], evidence):
            ledger.restarted.add(event.id)
    return event.id


def _deny(ledger: _Ledger, reading: Reading, act: Act, proved: set[str]) -> set[str]:
    """Let an open event be denied; return its id, if there is one and the article does not also report it."""
    article, mention, facts = reading.article, act.mention, _facts(act)
    event, _ = _find(ledger, reading, act) if actors_of(mention) else (None, [])
    if event is None or event.id in proved:
        why = f"{mention.status}: {mention.why}" + ("; the article also reports it" if event else "")
        _note(ledger, article, mention, Verdict.NOT_RAISING, why, facts, event.id if event else None)
        return set()
    why = f"denies {event.id} of {event.day.isoformat()} ({event.headline}): {mention.why}"
    _note(ledger, article, mention, Verdict.DENIED_EVENT, why, facts, event.id)
    evidence = growth.proof(event.id, article, act, reading.placed, reading.family)
    if (before := _before(ledger, event, evidence)) is not None:
        _change(ledger, *growth.denied(before, evidence, ledger.settings, ledger.now), article.url)
    return {event.id}


def _before(ledger: _Ledger, event: Event, evidence: Evidence) -> Event | None:
    """Return the event that an article's evidence is news to, and keep that evidence; None if it is news to none.

    An article proves an event once, by what it says first. Where it was changed from a report to a denial, or the other
    way round, what it says now takes the place of what it said.
    """
    told = next((item for item in event.evidence if item.url == evidence.url), None)
    if told is not None:
        is_edit = event.id in ledger.by_url.get(evidence.url, ()) and (event.id, evidence.url) not in ledger.replaced
        if told.status is evidence.status or not is_edit:
            return None
        ledger.withdrawn.append((event.id, evidence.url))
        event = replace(event, evidence=tuple(item for item in event.evidence if item is not told))
    ledger.replaced.add((event.id, evidence.url))
    ledger.evidence.append(evidence)
    return event


def _withdraw(ledger: _Ledger, reading: Reading, event: Event) -> None:
    article = reading.article
    why = f"the text was changed, and no longer says what it said about {event.id} ({event.headline})"
    _note(ledger, article, None, Verdict.WITHDRAWN, why, {"class": event.cls}, event.id)
    ledger.withdrawn.append((event.id, article.url))
    _change(ledger, *growth.without(event, article.url, ledger.settings, ledger.now), article.url)


def _find(ledger: _Ledger, reading: Reading, act: Act) -> tuple[Event | None, list[str]]:
    """Return the open event that an act is, or None and what speaks against the nearest ones."""
    matches, objections = [], []
    mine = set(ledger.by_url.get(reading.article.url, ()))
    for cls in kin(act.mention.cls):
        for event_id in ledger.by_class[cls]:
            event = ledger.events[event_id]
            problem = objection(ledger.known(event_id), act, ledger.settings, ledger.concerns)
            if problem is None:
                shared = len(actors_of(act.mention) & event.actors)
                near = -abs((act.day - event.day).days)
                is_own, same_class = event_id in mine, cls == act.mention.cls
                matches.append((is_own, same_class, event.story == act.story, near, shared, event.day, event_id))
            elif cls == act.mention.cls:
                alike = (event.story == act.story) + len(actors_of(act.mention) & event.actors)
                objections.append((-alike, -event.day.toordinal(), f"{event_id}: {problem}"))
    if not matches:
        return None, [words for _, _, words in sorted(objections)]
    return ledger.events[max(matches)[-1]], []


def _open(ledger: _Ledger, reading: Reading, act: Act) -> Event:
    roles = [growth.ids(getattr(act.mention.roles, name)) for _, name in growth.ROLES]
    event_id = stable_id("e", act.mention.cls, *roles, reading.article.url, act.mention.start)
    event = growth.opened(event_id, reading.article, act, reading.placed, ledger.now)
    evidence = growth.proof(event.id, reading.article, act, reading.placed, reading.family)
    event = replace(event, evidence=(evidence,))
    ledger.put(event)
    ledger.new.add(event.id)
    ledger.evidence.append(evidence)
    return event


def _halt(ledger: _Ledger, reading: Reading, act: Act, ending: Event) -> None:
    """Note that a new event ends open ones: talks that were held and now broken off."""
    for cls in sorted(_HALTS.get(ending.cls, ())):
        for event_id in ledger.by_class[cls]:
            event = ledger.events[event_id]
            days = (act.day - event.day).days
            if 0 <= days <= PASSING_DAYS and len(ending.actors & event.actors) > 1:
                _change(ledger, replace(event, last_seen=ledger.now), [("halted", ending.id)], reading.article.url)


def _change(ledger: _Ledger, event: Event, gained: Iterable[growth.Gain], url: str) -> None:
    ledger.put(event)
    ledger.developments += growth.developments(event.id, gained, ledger.now, url)


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


def _act(reading: Reading, mention: Mention, details: Details) -> Act:
    article = reading.article
    return Act(
        mention=mention,
        day=_day(mention, article),
        details=details,
        story=reading.placed.story,
        is_fresh=_is_fresh(mention, article),
        is_denial=mention.status is Status.DENIED,
    )


def _is_fresh(mention: Mention, article: Article) -> bool:
    """Whether a mention tells news: its sentence is dated, or stands at the top of its article."""
    if mention.day is not None:
        return True
    before = article.full_text[: mention.start]
    return before.count(". ") + before.count("\n\n") < LEAD_SENTENCES


def _day(mention: Mention, article: Article) -> date:
    """Return the day of an act. A weekday of what is planned is the next one of that name, not the last."""
    published = article.published_at.date()
    day = mention.day or published
    if mention.status is Status.PLANNED and timedelta() < published - day < timedelta(days=7):
        return day + timedelta(days=7)
    return day


def _facts(act: Act) -> dict[str, object]:
    mention = act.mention
    roles = {name: list(growth.ids(getattr(mention.roles, name))) for _, name in growth.ROLES}
    details = {name: value for name, value in act.details.facts().items() if name != "near"}
    said = {"rule": mention.rule, "status": mention.status.value, "said": mention.why, "day": act.day.isoformat()}
    return {**said, **roles, "details": details}
