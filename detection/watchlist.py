"""What matters more, or less, to a desk than to others: changes the severity of events, and says why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from detection import growth
from detection.actors import Actor
from detection.outcome import Outcome
from detection.overlay import Place, nearest
from detente import yamlfile
from detente.models import Decision, Event, Severity, Verdict

_REGION = "region"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


_Pair = Annotated[tuple[str, ...], Field(min_length=2, max_length=2)]


class Concern(_Entry):
    """One entry of a watchlist. It fits an event where one of its names does, and one of its classes if it has any."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", description="its name in reasons")
    actors: tuple[str, ...] = Field((), description="ids of actors: one of them in any role")
    dyads: tuple[_Pair, ...] = Field((), description="pairs of ids: both in one event, in any roles")
    regions: tuple[str, ...] = Field((), description="ids of regions: one of them named in the event")
    classes: tuple[str, ...] = Field((), description="only events of these: mediation.requested, escalation.*")
    severity: Literal["raise", "lower", "high", "medium", "low"] = Field(description="one step, or the severity itself")

    @model_validator(mode="after")
    def _names_something(self) -> Concern:
        if not (self.actors or self.dyads or self.regions or self.classes):
            raise ValueError("the entry fits nothing: give it 'actors', 'dyads', 'regions' or 'classes'")
        return self


class WatchlistFile(_Entry):
    """What `watchlist.yaml` holds. The first entry that fits an event decides."""

    watchlist: tuple[Concern, ...] = ()


@dataclass(frozen=True, slots=True)
class Weighed:
    """A severity that the watchlist changed: by which entry, and why in words."""

    severity: Severity
    entry: str
    why: str


def load_watchlist(file: Path, actors: Mapping[str, Actor], classes: Collection[str]) -> tuple[Concern, ...]:
    """Read a watchlist; a missing file means that there is none.

    Args:
        file: the file.
        actors: the actors that there are, by id.
        classes: the classes of events that there are.

    Raises:
        ConfigError: it is wrong, or names what does not exist.
    """
    if not file.exists():
        return ()
    document = yamlfile.load(file)
    entries = yamlfile.validate(WatchlistFile, document).watchlist
    regions = {name for name, actor in actors.items() if actor.kind == _REGION}
    for number, entry in enumerate(entries):
        place = Place(document, ("watchlist", number))
        if any(entry.id == other.id for other in entries[:number]):
            raise place.wrong("id", f"the entry {entry.id!r} exists already", "give it another id")
        _refuse_unknown(place, "actors", "actor", entry.actors, actors)
        _refuse_unknown(place, "dyads", "actor", (name for pair in entry.dyads for name in pair), actors)
        _refuse_unknown(place, "regions", "region", entry.regions, regions)
        for pattern in entry.classes:
            if not any(fnmatchcase(name, pattern) for name in classes):
                raise place.wrong("classes", f"there is no class like {pattern!r}", nearest(pattern, classes))
    return entries


def weigh(
    cls: str, actors: frozenset[str], severity: Severity, watchlist: Sequence[Concern], names: Mapping[str, str]
) -> Weighed | None:
    """Return what the watchlist makes of an event's severity; None where it changes nothing.

    Args:
        cls: the event's class.
        actors: the ids of all who take part in it.
        severity: as its rule or its class has it.
        watchlist: the entries, of which the first that fits decides.
        names: what to call actors in the reason.
    """
    for entry in watchlist:
        fit = _fit(entry, cls, actors, names)
        if fit is None:
            continue
        found = _changed(severity, entry.severity)
        if found is severity:
            return None
        verb = "raised" if found.rank > severity.rank else "lowered"
        return Weighed(found, entry.id, f"severity {verb} from {severity} to {found} by {entry.id!r}: {fit}")
    return None


def weigh_all(outcome: Outcome, watchlist: Sequence[Concern], names: Mapping[str, str], now: datetime) -> Outcome:
    """Return an outcome with its events weighed, and a decision for each whose severity changed.

    What is weighed is the severity that an event's first report gives, with all actors who take part by now: whichever
    tick they are named in, it comes to the same.
    """
    events: list[Event] = []
    decisions: list[Decision] = []
    for event in outcome.events:
        base = growth.severity_of(event.evidence) or (event.severity if event.id in outcome.new else None)
        weighed = weigh(event.cls, event.actors, base, watchlist, names) if base else None
        severity = weighed.severity if weighed else base or event.severity
        events.append(replace(event, severity=severity))
        if severity is not event.severity:
            why = weighed.why if weighed else f"severity {severity}, as its first report has it"
            told = {"entry": weighed.entry if weighed else None, "from": event.severity.value, "to": severity.value}
            url = event.evidence[0].url
            decisions.append(Decision(url, now, Verdict.WEIGHED, why, event.id, event.cls, told))
    return replace(outcome, events=tuple(events), decisions=(*outcome.decisions, *decisions))


def _refuse_unknown(place: Place, key: str, what: str, listed: Iterable[str], known: Collection[str]) -> None:
    for name in listed:
        if name not in known:
            raise place.wrong(key, f"there is no {what} {name!r}", nearest(name, known))


def _fit(entry: Concern, cls: str, actors: frozenset[str], names: Mapping[str, str]) -> str | None:
    """Return in words what of an entry fits an event, or None."""
    if entry.classes and not any(fnmatchcase(cls, pattern) for pattern in entry.classes):
        return None
    if entry.actors or entry.dyads or entry.regions:
        return next(_named(entry, actors, names), None)
    return f"its class is {cls}"


def _named(entry: Concern, actors: frozenset[str], names: Mapping[str, str]) -> Iterator[str]:
    """What of an entry an event names: pairs first, since they say most."""
    for pair in entry.dyads:
        if actors.issuperset(pair):
            yield f"{' and '.join(names.get(name, name) for name in pair)} take part"
    yield from (f"{names.get(name, name)} is named" for name in entry.regions if name in actors)
    yield from (f"{names.get(name, name)} takes part" for name in entry.actors if name in actors)


def _changed(severity: Severity, change: str) -> Severity:
    ladder = list(Severity)
    if change in {"raise", "lower"}:
        step = 1 if change == "raise" else -1
        return ladder[min(max(severity.rank + step, 0), len(ladder) - 1)]
    return Severity(change)
